"""Keeps the hall's waits fresh: looks, plays the forecast in pieces beside the hub's other work, tells the board."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from random import Random
from time import perf_counter
from typing import TYPE_CHECKING, Any

from hub import journal
from hub.clock import micros
from hub.queue.estimate import outlook
from hub.queue.forecast import SECOND, Floor, Pace, Play, play
from hub.queue.hall import HallFacts
from hub.queue.waits import PLAYS
from hub.store import Reader

if TYPE_CHECKING:
    from hub.edges import Hub

#: Even when nothing happens the hall is looked at this often, in hall seconds: absences end, breaks begin.
STALE_S = 20.0
#: After each play the hub has this many times as long for everything else: a forecast never takes more than 5 %.
REST = 19


@dataclass
class Foresight:
    """One step: a fresh forecast when something was journaled since the last one, or when that has become stale."""

    hub: Hub
    seen: int = -1

    async def at_once(self) -> None:
        """The first forecast, before anybody asks."""
        await self.hub.store.read(_foresee, self.hub.hall)

    async def __call__(self) -> None:
        hub, waits = self.hub, self.hub.hall.waits
        seq = await hub.store.read(_last_entry)
        fresh = waits.outlook is not None and micros(hub.store.now()) - waits.outlook.at < STALE_S * SECOND
        if seq == self.seen and fresh:
            return
        floor, pace = await hub.store.read(_look, hub.hall)
        waits.outlook = outlook(floor, await plays_between(floor, pace))
        self.seen = seq
        self._tell()

    def _tell(self) -> None:
        """New ranges for the services on the board; nothing is read for it."""
        now = self.hub.store.now()
        services: dict[str, dict[str, Any]] = self.hub.board.document.get("services", {})
        changes = {}
        for code, shown in services.items():
            wait = self.hub.hall.waits.of_newcomer(code, waiting=shown["waiting"], now=now)
            changes[code] = {key: value for key, value in shown.items() if key != "wait_minutes"}
            if wait:
                changes[code]["wait_minutes"] = wait.wire()
        self.hub.board.update({"services": changes})


async def plays_between(floor: Floor, pace: Pace) -> list[Play]:
    """All plays of a forecast, each followed by a rest in which others have the processor."""
    plays = []
    for number in range(PLAYS):
        began = perf_counter()
        plays.append(play(floor, pace, Random(number)))
        await asyncio.sleep(REST * (perf_counter() - began))
    return plays


def _last_entry(reader: Reader) -> int:
    return journal.last_seq(reader.rows)


def _look(reader: Reader, hall: HallFacts) -> tuple[Floor, Pace]:
    return hall.waits.look(reader.rows, hall, reader.now)


def _foresee(reader: Reader, hall: HallFacts) -> None:
    hall.waits.foresee(*_look(reader, hall))
