"""A station asks to be let in: a key of its own, a code on its screen, and patience."""

import asyncio
import hashlib
from collections.abc import Callable
from urllib.parse import quote, urlsplit

from hub.link.events import CodeShown
from hub.link.way import Way, request
from hub.wire import AskPairing, PairingAsked, PairingState, StationRole

GROUP = 4


async def ask_to_be_let_in(
    way: Way, key: str, role: StationRole, station: str, counter: str, show: Callable[[CodeShown], None]
) -> PairingState:
    """Show the code until somebody decided about it or its time is over. Raises HubAway, Refused."""
    asking = AskPairing(
        role=role,
        station=station,
        counter=counter or None,
        key_hash=hashlib.sha256(key.encode()).hexdigest(),
    )
    asked = PairingAsked.model_validate_json((await request(way, "POST", "/pairing", asking.wire())).content)
    show(code_shown(way, asked))
    while True:
        await asyncio.sleep(asked.poll_seconds)
        answer = await request(way, "GET", f"/pairing/requests/{quote(asked.request, safe='')}")
        state = PairingState.model_validate_json(answer.content)
        if state.state != "open":
            return state


def code_shown(way: Way, asked: PairingAsked) -> CodeShown:
    code = "-".join(asked.code[at : at + GROUP] for at in range(0, len(asked.code), GROUP))
    return CodeShown(code, urlsplit(way.url).netloc, way.trust.shown, max(1, asked.expires_in_seconds // 60))
