"""The step that keeps finished days as sums, a little at a time beside the running hall."""

from dataclasses import dataclass

from hub.clock import micros
from hub.edges import Hub
from hub.figures.rollup import build_next, look_through
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
        while await store.write(build_next, SYSTEM, None, floor, hall.day(store.now())):
            pass
