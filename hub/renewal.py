"""Who may come in, read again whenever it changed, here or in another process; sessions that are over end."""

import asyncio
import logging
from contextlib import suppress
from dataclasses import dataclass

from hub.access import TOKEN_KINDS
from hub.edges import Hub
from hub.journal import EntryKind
from hub.pairing.admission import renew
from hub.people.entrance import CHANGES
from hub.problems import StoreUnavailable

log = logging.getLogger("hall.people")

#: How often sessions are looked after when nobody comes or goes.
LOOK_AFTER_S = 10.0
#: Entries after which somebody may come in who could not, or the other way round.
RIGHTS: frozenset[EntryKind] = CHANGES | TOKEN_KINDS


@dataclass
class Renewal:
    """One step: wait for a change, or a while."""

    hub: Hub

    async def __call__(self) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(LOOK_AFTER_S):
                await self.hub.rights_changed.wait()
        if self.hub.rights_changed.is_set():
            await read_rights(self.hub)
        await self.hub.entrance.look_after()


async def read_rights(hub: Hub) -> None:
    """Tokens and sessions as the database holds them; sockets of whoever lost theirs are closed."""
    hub.rights_changed.clear()
    try:
        await hub.entrance.reload()
        await renew(hub.store, hub.access, hub.admitted)
    except StoreUnavailable:
        hub.rights_changed.set()
        raise


async def tell_how_to_begin(hub: Hub) -> None:
    """There is no account and no password that comes with the house."""
    if await hub.entrance.is_empty():
        log.warning(
            "nobody has an account yet; make the first one: hall user add NAME --role administrator"
            " / 还没有账号，请先新增：hall user add 登录名 --role administrator"
        )
