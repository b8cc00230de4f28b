"""The hall's waits: what the latest forecast says, kept in memory, and what it needs to know, read from the database.

A look reads the floor as it stands and the turns that ended since the last look: a few rows, however many years the
database holds. Asking for a wait looks into the outlook and costs next to nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from datetime import datetime, timedelta
from random import Random
from typing import TYPE_CHECKING, Any

from hub.clock import instant, micros
from hub.journal import RunSql
from hub.queue import sql
from hub.queue.arrivals import Came, streams
from hub.queue.calling_order import CounterView, Lane, Policy, Waiting
from hub.queue.estimate import Expected, Outlook, outlook, steadied, wait_range
from hub.queue.forecast import SECOND, CounterPlan, Floor, Pace, play
from hub.queue.turns import Turn, Turns
from hub.wire import WaitRange

if TYPE_CHECKING:
    from hub.queue.hall import HallFacts

#: Plays of one forecast: enough for the fifth and the eightieth percentile to stand still.
PLAYS = 40
#: A new memory begins with this much of every service's past.
EARLIER = timedelta(days=28)
EARLIER_MOST = 400
#: A visit that is open longer than this is not waited for: when it ends, its length says nothing of the next one.
LONGEST_VISIT = timedelta(hours=3)
#: Another process may commit a call a little after one that was made later.
LATE_COMMIT = timedelta(seconds=5)
#: A place behind everybody's: after a clock was put back, places lie ahead of it.
BEHIND_ALL = (2**62, 0)
CAME_OVER = timedelta(hours=1)


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
        day, hour = hall.day(now), hall.local(now).hour
        configured = {code: s.estimate_minutes for code, s in hall.services.items() if code not in hall.headings}
        floor = floor_now(run, hall, now, returning=self._turns.counters(day))
        return floor, self._turns.pace(day, hour, configured)

    def foresee(self, floor: Floor, pace: Pace) -> None:
        """All plays at once; a running hub makes them one by one, between its other work."""
        self.outlook = outlook(floor, [play(floor, pace, Random(number)) for number in range(PLAYS)])

    def _remember(self, run: RunSql, hall: HallFacts, now: datetime) -> None:
        """Turns that ended since the last look, oldest first; at the first look some of every service's past."""
        rows: list[Any] = []
        if self._since is None:
            since = micros(now - EARLIER)
            for service in hall.services:
                rows += run(sql.EARLIER_TURNS, service=service, since=since, most=EARLIER_MOST)
            self._known = set()
            self._since = micros(now - LONGEST_VISIT)
            rows = [row for row in rows if row[4] < self._since]
        recent = run(sql.TURNS_SINCE, since=self._since)
        ended = [row for row in recent if row[5] is not None]
        rows += [row for row in ended if row[0] not in self._known]
        for row in sorted(rows, key=lambda row: row[5]):
            self._turns.add(_turn(hall, row))
        still_open = [row[4] for row in recent if row[5] is None]
        longest = micros(now - LONGEST_VISIT)
        self._since = max(longest, min([*still_open, micros(now)]) - LATE_COMMIT // timedelta(microseconds=1))
        self._known = {row[0] for row in ended if row[4] >= self._since}


def _turn(hall: HallFacts, row: Any) -> Turn:
    _, service, counter, issued_at, called_at, finished_at = row
    called = hall.local(instant(called_at))
    return Turn(service, counter, called.date().isoformat(), called.hour, issued_at, called_at, finished_at)


def floor_now(run: RunSql, hall: HallFacts, now: datetime, *, returning: Collection[str] = ()) -> Floor:
    """Who waits, who serves, who is away until when, who is likely to come in between.

    `returning` are closed counters that are expected to open again when the hall does.
    """
    closes, reopens = _break(hall, now)
    policy = Policy(hall.rules.policy, hall.rules.ordinary_per_priority)
    served = _served(run)
    expected = returning if reopens is not None and closes is None else ()
    plans = [
        CounterPlan(
            view=CounterView(code, clerk, *served.get(code, (frozenset(), frozenset())), second_after, ordinary_run),
            line=f"s:{service}" if service else "",
            busy_since=busy_since,
            back_at=reopens if status == "closed" else back_at,
        )
        for code, status, clerk, second_after, ordinary_run, back_at, service, busy_since in run(sql.COUNTERS_NOW)
        if status == "open" or (status == "away" and back_at) or busy_since or code in expected
    ]
    leaves = [code for code in hall.services if code not in hall.headings]
    waiting = run(sql.WAITING_NOW, day=hall.day(now))
    return Floor(
        at=micros(now),
        waiting=[Waiting(*row[:6]) for row in waiting],
        services=dict(Counter(row[6] for row in waiting)),
        counters=plans,
        lines=[f"s:{service}" for service in leaves],
        policy=policy,
        streams=streams(_came(run, hall, now), leaves, hall.head_starts, [plan.view for plan in plans], policy),
        pause=(closes, reopens) if closes is not None and reopens is not None else None,
    )


def _break(hall: HallFacts, now: datetime) -> tuple[int | None, int | None]:
    """When the hall's next break of this day begins (None: it has) and ends (None: there is none)."""
    state = hall.opening(now)
    begins = state.closes_at if state.state == "open" else None
    ends = hall.opening(begins).next_opening if begins else state.next_opening
    if ends is None or hall.day(ends) != hall.day(now) or (state.state == "open" and begins is None):
        return None, None
    return micros(begins) if begins else None, micros(ends)


def _served(run: RunSql) -> dict[str, tuple[frozenset[str], frozenset[str]]]:
    """The services of first and of second choice by counter."""
    choices: dict[str, tuple[set[str], set[str]]] = {}
    for counter, service, choice in run(sql.SERVED_NOW):
        choices.setdefault(counter, (set(), set()))[choice - 1].add(service)
    return {counter: (frozenset(first), frozenset(second)) for counter, (first, second) in choices.items()}


def _came(run: RunSql, hall: HallFacts, now: datetime) -> Came:
    """Ids are ordered by time, so that the last hour is one piece of the primary key."""
    since = micros(now - CAME_OVER)
    rows = run(sql.CAME, since_id=f"{since // 1000:011x}", since=since, day=hall.day(now))
    first = min((row[3] for row in rows), default=micros(now))
    minutes = (micros(now) - first) / SECOND / 60
    return Came(minutes, {(service, priority): count for service, priority, count, _ in rows})
