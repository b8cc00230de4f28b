"""The hub's step that writes down how devices are, and tells those who must know when one fails."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from hub.clock import micros
from hub.devices import alerts, spells
from hub.devices.rules import Judged, Key, Seen, Spell, Standing, away, judge, seen
from hub.edges import Hub
from hub.store import SYSTEM, Reader, is_postgresql

#: A station that is gone for so long does not just change its place.
AWAY_S = 5.0
#: After a start the stations get this long to come back before their devices count as silent.
START_GRACE_S = 15.0


@dataclass
class DeviceWatch:
    """Every second; in every process, each for the stations that are connected to it."""

    hub: Hub
    monotonic: Callable[[], float] = time.monotonic
    known: dict[Key, Seen] = field(default_factory=dict)
    missed: dict[str, float] = field(default_factory=dict)
    since: dict[tuple[str, str, str], int] = field(default_factory=dict)
    lives_at: float = 0.0
    lived: bool = False

    def __post_init__(self) -> None:
        self.lives_at = self.monotonic() + START_GRACE_S

    async def __call__(self) -> None:
        await self._note()
        await self._live()
        await self._judge()
        self.hub.devices.look(self.known.values(), self.monotonic())

    async def _note(self) -> None:
        """What stations told since the last time."""
        told = self._told()
        changed = [one for key, one in told.items() if self.known.get(key) != one]
        if changed:
            await self.hub.store.write(spells.note, SYSTEM, None, changed, self.hub.board.epoch)
            self.known.update((one.key, one) for one in changed)
        reporting = {station for station, _ in told}
        taken_off = [key for key in self.known if key[0] in reporting and key not in told]
        if taken_off:
            await self.hub.store.write(spells.gone, SYSTEM, None, taken_off)
            for key in taken_off:
                del self.known[key]
        await self._leave()

    def _told(self) -> dict[Key, Seen]:
        reports = [
            seen(station.name, station.who.role, device)
            for station in self.hub.stations.all()
            for device in station.devices
        ]
        return {one.key: one for one in reports}

    async def _leave(self) -> None:
        """Stations that went away and did not come back at once."""
        present = {station.name for station in self.hub.stations.all()}
        for station in present:
            self.missed.pop(station, None)
        absent = {station for station, _ in self.known} - present
        for station in absent:
            self.missed.setdefault(station, self.monotonic())
        over = [station for station in absent if self.monotonic() - self.missed[station] >= AWAY_S]
        leaving = [station for station in over if any(one != away(one) for one in self._of(station))]
        if leaving:
            silent = await self.hub.store.write(spells.left, SYSTEM, None, leaving, self.hub.board.epoch)
            for one in [one for station in leaving for one in self._of(station)]:
                del self.known[one.key]
                if one.station in silent:
                    self.known[one.key] = away(one)

    def _of(self, station: str) -> list[Seen]:
        return [one for one in self.known.values() if one.station == station]

    async def _live(self) -> None:
        """Says that this process watches, and finds devices that nobody watches any more."""
        if self.monotonic() < self.lives_at:
            return
        alone = not is_postgresql(self.hub.settings.hub.database_url)
        if not (alone and self.lived):
            await self.hub.store.write(spells.hub_lives, SYSTEM, None, self.hub.board.epoch, alone=alone)
        self.lived = True
        self.lives_at = self.monotonic() + spells.HUB_SEEN_EVERY.total_seconds()

    async def _judge(self) -> None:
        now_of, standing, letters = await self.hub.store.read(_situation)
        rules = self.hub.settings.alert_rules
        judged: Judged = judge(now_of, standing, rules, self.since, micros(self.hub.store.now()))
        self.since = dict(judged.since)
        self.hub.devices.standing, self.hub.devices.letters = len(standing), letters
        if judged.fresh or judged.over:
            webhook = bool(self.hub.settings.alerts.webhook_url)
            await self.hub.store.write(
                alerts.settle, SYSTEM, None, judged.fresh, judged.over, self.hub.hall.name, webhook=webhook
            )
            for rule, _, _ in judged.fresh:
                self.hub.devices.raised[rule.name] += 1


def _situation(reader: Reader) -> tuple[list[Spell], list[Standing], int]:
    return spells.now_of(reader), alerts.standing(reader), alerts.letters_waiting(reader)
