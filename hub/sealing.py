"""The hub's step that seals finished days and tells the seals outside the database."""

import asyncio
from dataclasses import dataclass

from hub.edges import Hub
from hub.seals import Seal, seal_next, seals_path, stored_seals, tell_outside
from hub.store import SYSTEM, Reader
from hub.troubles import Trouble

SEALS_FILE = "seals_file"


@dataclass
class Sealing:
    """Once a day, and at a start after downtime; tried again until the file has every seal."""

    hub: Hub
    day: str = ""

    async def __call__(self) -> None:
        hub = self.hub
        today = hub.hall.day(hub.store.now())
        if today == self.day:
            return
        while await hub.store.write(seal_next, SYSTEM, None, hub.hall.zone_info, hub.keys.seal):
            pass
        if await self._told(await hub.store.read(_stored)):
            self.day = today

    async def _told(self, seals: list[Seal]) -> bool:
        path = seals_path(self.hub.settings)
        try:
            await asyncio.to_thread(tell_outside, path, seals, self.hub.keys.seal)
        except OSError as error:
            why = error.strerror or str(error)
            self.hub.troubles.tell(
                Trouble(
                    SEALS_FILE,
                    zh=f"封存文件 {path} 无法写入（{why}），请检查磁盘和权限，或更换 [hub] seals_file。",
                    en=f"The seals file {path} cannot be written ({why}); check disk and permissions, or choose another"
                    " [hub] seals_file.",
                    since=self.hub.store.now(),
                )
            )
            return False
        self.hub.troubles.clear(SEALS_FILE)
        return True


def _stored(reader: Reader) -> list[Seal]:
    return stored_seals(reader.rows)
