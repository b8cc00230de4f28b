"""The step that keeps finished days as sums, a little at a time beside the running hall."""

from dataclasses import dataclass

from hub.clock import micros
from hub.edges import Hub
from hub.figures.rollup import keep, look_through, next_to_build
from hub.figures.rows import Floor
from hub.store import SYSTEM

EVERY_S = 30.0


@dataclass
class Keeping:
    """Looks through what happened since the last time, then sums up what waits for it; one short transaction each."""

    hub: Hub

    async def __call__(self) -> None:
        store, hall = self.hub.store, self.hub.hall
        floor = Floor(hall.zone_info, micros(store.now()))
        while await store.write(look_through, SYSTEM, None, floor):
            pass
        while built := await store.read(next_to_build, floor, hall.day(store.now())):
            await store.write(keep, SYSTEM, None, floor, built)
