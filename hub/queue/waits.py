"""The hall's waits: what the latest forecast says, kept in memory, and what it needs to know, read from the database.

A look reads the floor as it stands and the turns that ended since the last look: a few rows, however many years the
database holds. Asking for a wait looks into the outlook and costs next to nothing.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random
from typing import TYPE_CHECKING, Any

from hub.clock import instant, micros
from hub.journal import RunSql
from hub.queue import sql
from hub.queue.calling_order import Lane
from hub.queue.estimate import Expected, Outlook, outlook, steadied, wait_range
from hub.queue.floors import floor_now
from hub.queue.forecast import SECOND, Floor, Pace, play
from hub.queue.turns import Turn, Turns
from hub.wire import WaitRange

if TYPE_CHECKING:
    from hub.queue.hall import HallFacts

#: Plays of one forecast: enough for the fifth and the eightieth percentile to stand still.
PLAYS = 40
#: A new memory begins with this much of every service's past.
EARLIER_US = 28 * 24 * 3600 * SECOND
EARLIER_MOST = 400
#: A visit that is open longer than this is not waited for: when it ends, its length says nothing of the next one.
LONGEST_VISIT = timedelta(hours=3)
#: Another process may commit a call a little after one that was made later.
LATE_COMMIT_US = 5 * SECOND
#: A place behind everybody's: after a clock was put back, places lie ahead of it.
BEHIND_ALL = (2**62, 0)


class Waits:
    """One process's memory of turns, and the outlook of its latest forecast (None before the first)."""

    def __init__(self) -> None:
        self.outlook: Outlook | None = None
        self._turns = Turns()
        self._since: int | None = None
        self._known: set[str] = set()
        self._told: dict[str, WaitRange | None] = {}

    @property
    def reads_since(self) -> datetime | None:
        """Calls from then on are read at the next look; None before the first one."""
        return None if self._since is None else instant(self._since)

    # -- asking

    def of_ticket(
        self, line: str, lane: Lane, rank_at: int, serial: int, *, ahead: int, now: datetime
    ) -> WaitRange | None:
        """The wait of a ticket that waits now, with `ahead` people before it in its line."""
        return wait_range(self.expected(line, lane, rank_at, serial, ahead=ahead), micros(now))

    def expected(self, line: str, lane: Lane, rank_at: int, serial: int, *, ahead: int) -> Expected | None:
        """When the outlook sees such a ticket called; None when nobody calls it."""
        if self.outlook is None:
            return None
        joined = ahead - self.outlook.before(line, rank_at, serial)
        return self.outlook.of_place(line, lane, rank_at, serial, joined=joined)

    def of_newcomer(self, service: str, *, waiting: int, now: datetime) -> WaitRange | None:
        """The wait of somebody who takes a ticket now, when so many wait for the service.

        It does not flicker between one forecast and the next.
        """
        at = micros(now)
        expected = None
        if self.outlook:
            joined = waiting - self.outlook.waiting.get(service, 0)
            expected = self.outlook.of_place(f"s:{service}", "ordinary", *BEHIND_ALL, joined=joined)
        found = steadied(self._told.get(service), expected, at)
        self._told[service] = found
        return found

    # -- looking

    def look(self, run: RunSql, hall: HallFacts, now: datetime) -> tuple[Floor, Pace]:
        """The floor as it stands, and the pace of its counters."""
        self._remember(run, hall, now)
        floor = floor_now(run, hall, now, returning=self._turns.counters(hall.day(now)))
        return floor, self._turns.pace(hall.day(now), hall.local(now).hour, hall.estimate_minutes)

    def foresee(self, floor: Floor, pace: Pace) -> None:
        """All plays at once; a running hub makes them one by one, between its other work."""
        self.outlook = outlook(floor, [play(floor, pace, Random(number)) for number in range(PLAYS)])

    def _remember(self, run: RunSql, hall: HallFacts, now: datetime) -> None:
        """Turns that ended since the last look, oldest first; at the first look some of every service's past."""
        longest = micros(now - LONGEST_VISIT)
        if self._since is None:
            self._since = longest
            for turn in earlier_turns(run, hall, longest):
                self._turns.add(turn)
        rows = run(sql.TURNS_SINCE, since=self._since)
        ended = [row for row in rows if row[5] is not None]
        for row in sorted(ended, key=lambda row: row[5]):
            if row[0] not in self._known:
                self._turns.add(_turn(hall, row))
        still_open = [row[4] for row in rows if row[5] is None]
        self._since = max(longest, min([*still_open, micros(now)]) - LATE_COMMIT_US)
        self._known = {row[0] for row in ended if row[4] >= self._since}


def earlier_turns(run: RunSql, hall: HallFacts, until: int) -> list[Turn]:
    """Some of every service's turns that were called before `until` (stored microseconds), oldest first."""
    since = until - EARLIER_US
    rows = []
    for service in hall.services:
        rows += run(sql.EARLIER_TURNS, service=service, since=since, until=until, most=EARLIER_MOST)
    return [_turn(hall, row) for row in sorted(rows, key=lambda row: row[5])]


def _turn(hall: HallFacts, row: Any) -> Turn:
    _, service, counter, issued_at, called_at, finished_at = row
    called = hall.local(instant(called_at))
    return Turn(service, counter, called.date().isoformat(), called.hour, issued_at, called_at, finished_at)
