"""Recorded days once more: what would have been foretold at every issue, beside what came.

The forecast sees what the hub could have seen at that moment and nothing later. The truth is the ticket's first call:
a later one, after a no-show or a transfer, is not what the citizen was told of at the issue.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from hub import journal
from hub.clock import day_span, instant, micros
from hub.journal import Entry, RunSql
from hub.queue.backtest import NAIVE_LAST, Foretold, Naive, naive
from hub.queue.estimate import Expected, Outlook, outlook, wait_range
from hub.queue.floors import floor_of
from hub.queue.forecast import SECOND, play
from hub.queue.hall import HallFacts
from hub.queue.recorded import Recorded
from hub.queue.turns import Turn, Turns
from hub.queue.waits import PLAYS, earlier_turns

#: A forecast serves the tickets of this many seconds before it is made anew.
FRESH_S = 20.0
READ_AT_ONCE = 5000


def replay(run: RunSql, hall: HallFacts, first: date, last: date) -> Iterator[tuple[str, list[Foretold]]]:
    """Day by day what was foretold; days without tickets are left out."""
    began, _ = day_span(first, first, hall.zone_info)
    turns = Turns()
    for turn in earlier_turns(run, hall, began):
        turns.add(turn)
    second_after = dict(run("SELECT code, second_after_minutes FROM counter"))
    for number in range((last - first).days + 1):
        day = first + timedelta(days=number)
        since, until = day_span(day, day, hall.zone_info)
        found = _Day(hall, second_after, turns)
        for entry in entries_of(run, since, until):
            found.take(entry)
        if found.foretold:
            yield day.isoformat(), found.foretold


@dataclass(frozen=True)
class RecordedDay:
    """What one day's replay needs, read at once, so that the playing holds no transaction open."""

    turns: Sequence[Turn]
    second_after: dict[str, float | None]
    entries: Sequence[Entry]


def read_day(run: RunSql, hall: HallFacts, day: date) -> RecordedDay:
    """A day's entries and the turns before it."""
    since, until = day_span(day, day, hall.zone_info)
    second_after = dict(run("SELECT code, second_after_minutes FROM counter"))
    return RecordedDay(earlier_turns(run, hall, since), second_after, list(entries_of(run, since, until)))


def replay_day(hall: HallFacts, recorded: RecordedDay, fresh_s: float = FRESH_S) -> list[Foretold]:
    """What was foretold on the day. `fresh_s`: hall seconds until a forecast is made anew."""
    turns = Turns()
    for turn in recorded.turns:
        turns.add(turn)
    found = _Day(hall, recorded.second_after, turns, fresh_s)
    for entry in recorded.entries:
        found.take(entry)
    return found.foretold


class _Day:
    """One day's replay."""

    def __init__(
        self, hall: HallFacts, second_after: dict[str, float | None], turns: Turns, fresh_s: float = FRESH_S
    ) -> None:
        self.foretold: list[Foretold] = []
        self._hall = hall
        self._turns = turns
        self._fresh_s = fresh_s
        self._queue = Recorded(hall, second_after, self._ended)
        self._outlook: Outlook | None = None
        self._asked: dict[str, tuple[int, Expected | None, Naive | None]] = {}
        self._last: dict[str, deque[float]] = defaultdict(lambda: deque(maxlen=NAIVE_LAST))

    def take(self, entry: Entry) -> None:
        if entry.kind == "ticket_issued":
            self._foresee(entry)
        self._queue.take(entry)
        if entry.kind == "ticket_issued" and entry.ticket and entry.service:
            self._ask(entry, entry.ticket, entry.service)
        if entry.kind in ("ticket_called", "ticket_chosen") and entry.ticket in self._asked:
            self._compare(entry, *self._asked.pop(entry.ticket))

    def _foresee(self, entry: Entry) -> None:
        """As the running hub: from what stood there just before the ticket."""
        if self._outlook and micros(entry.at) - self._outlook.at < self._fresh_s * SECOND:
            return
        hall, at = self._hall, entry.at
        floor = floor_of(hall, at, self._queue.seen(at))
        pace = self._turns.pace(hall.day(at), hall.local(at).hour, hall.estimate_minutes)
        self._outlook = outlook(floor, [play(floor, pace, Random(number)) for number in range(PLAYS)])

    def _ask(self, entry: Entry, ticket: str, service: str) -> None:
        assert self._outlook
        place, ahead = self._queue.waiting[ticket].place, self._queue.ahead(ticket)
        joined = ahead - self._outlook.before(place.line, place.rank_at, place.serial)
        expected = self._outlook.of_place(place.line, place.lane, place.rank_at, place.serial, joined=joined)
        configured = self._hall.estimate_minutes.get(service, 0.0)
        plain = naive(ahead, self._queue.open_for(service), list(self._last[service]), configured)
        self._asked[ticket] = micros(entry.at), expected, plain

    def _compare(self, entry: Entry, issued_at: int, expected: Expected | None, plain: Naive | None) -> None:
        waited = (micros(entry.at) - issued_at) / SECOND / 60
        self.foretold.append(Foretold(issued_at, waited, expected, wait_range(expected, issued_at), plain))

    def _ended(self, turn: Turn, served_minutes: float | None) -> None:
        self._turns.add(turn)
        if served_minutes is not None:
            self._last[turn.service].append(served_minutes)


def entries_of(run: RunSql, since: int, until: int) -> Iterator[Entry]:
    """The journal from one stored instant to another, read in pieces."""
    seq = _before(run, since)
    while found := journal.since(run, seq, most=READ_AT_ONCE):
        for entry in found:
            if entry.at >= instant(until):
                return
            yield entry
        seq = found[-1].seq


def _before(run: RunSql, since: int) -> int:
    """The number of the last entry before an instant: found by halving, for the journal has no index on time."""
    low, high = 0, journal.last_seq(run)
    while low < high:
        middle = (low + high + 1) // 2
        rows = run("SELECT at FROM journal WHERE seq >= :seq ORDER BY seq LIMIT 1", seq=middle)
        if rows and rows[0][0] < since:
            low = middle
        else:
            high = middle - 1
    return low
