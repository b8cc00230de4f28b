"""A clerk's command sent to the hub: at most twice, and carried out once."""

import asyncio
from collections.abc import Callable
from typing import Any

from hub.link import HubAway, Link
from hub.wire import Message

#: A command gets this long, its one retry included; then the pad beeps and the clerk decides.
COMMAND_S = 3.0
RETRY_PAUSE_S = 0.2


async def post_twice(
    link: Link, path: str, body: Message | None, key: str, clock: Callable[[], float]
) -> dict[str, Any]:
    """The same key both times, so that it is carried out once. `clock` is monotonic. Raises HubAway, Refused."""
    ends_at = clock() + COMMAND_S
    try:
        return await link.post(path, body, key=key, timeout_s=COMMAND_S / 2)
    except HubAway:
        await asyncio.sleep(RETRY_PAUSE_S)
    return await link.post(path, body, key=key, timeout_s=max(ends_at - clock(), RETRY_PAUSE_S))
