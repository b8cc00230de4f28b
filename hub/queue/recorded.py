"""The queue as the journal tells it, entry by entry: who waited, which counters were open, whose turn had ended.

Places follow from what is journaled: the issue and the head start, the rank of a return, a transfer's rule.
The hall's configuration is taken as it is now.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from hub.clock import instant, micros
from hub.journal import Entry
from hub.queue.arrivals import Came
from hub.queue.calling_order import Waiting, place
from hub.queue.floors import CAME_OVER_US, CounterSeen, Seen
from hub.queue.forecast import SECOND
from hub.queue.hall import HallFacts
from hub.queue.rules import directed_line, rank
from hub.queue.seed import ORDINARY
from hub.queue.turns import Turn


@dataclass(frozen=True)
class Known:
    """A ticket: its place, if it waits, and the service it waits for."""

    place: Waiting
    service: str
    priority: str


@dataclass(frozen=True)
class Visit:
    """An open visit; instants in stored microseconds."""

    ticket: str
    service: str
    called_at: int
    started_at: int | None = None


class Recorded:
    """The queue of one hall day. `ended` is told of every turn, with the minutes of service (None: a no-show).

    `second_after` gives each counter's minutes after which second choices compete.
    """

    def __init__(
        self,
        hall: HallFacts,
        second_after: Mapping[str, float | None],
        ended: Callable[[Turn, float | None], None],
    ) -> None:
        self.waiting: dict[str, Known] = {}
        self.counters = {code: CounterSeen(code, "closed", None, second_after.get(code)) for code in hall.counters}
        self._hall = hall
        self._ended = ended
        self._known: dict[str, Known] = {}
        self._open = {code: frozenset(counter.services) for code, counter in hall.counters.items()}
        self._visits: dict[str, Visit] = {}
        self._came: deque[tuple[int, str, str]] = deque()

    def take(self, entry: Entry) -> None:
        """What the entry changed; kinds that say nothing of the queue change nothing."""
        if entry.kind in COUNTERS and entry.counter in self.counters:
            COUNTERS[entry.kind](self, entry)
        elif entry.kind in TICKETS and (entry.kind == "ticket_issued" or entry.ticket in self._known):
            TICKETS[entry.kind](self, entry)

    def seen(self, at: datetime) -> Seen:
        """What the hub could have seen at that moment."""
        now = micros(at)
        while self._came and self._came[0][0] <= now - CAME_OVER_US:
            self._came.popleft()
        minutes = (now - self._came[0][0]) / SECOND / 60 if self._came else 0.0
        came = Came(minutes, Counter((service, priority) for _, service, priority in self._came))
        return Seen(
            waiting=[(known.place, known.service) for known in self.waiting.values()],
            counters=[self._counter(code) for code in self.counters],
            served={code: self._served(code) for code in self.counters},
            came=came,
        )

    def ahead(self, ticket: str) -> int:
        """How many stand before it in its line."""
        own = self.waiting[ticket].place
        return sum(known.place.line == own.line and place(known.place) < place(own) for known in self.waiting.values())

    def open_for(self, service: str) -> int:
        """How many open counters serve it."""
        return sum(c.status == "open" and service in self._open[code] for code, c in self.counters.items())

    def _counter(self, code: str) -> CounterSeen:
        visit = self._visits.get(code)
        if visit is None:
            return self.counters[code]
        return replace(self.counters[code], service=visit.service, busy_since=visit.called_at)

    def _served(self, code: str) -> tuple[frozenset[str], frozenset[str]]:
        second = self._open[code] & frozenset(self._hall.counters[code].second_services)
        return self._open[code] - second, second

    # -- tickets

    def issued(self, entry: Entry) -> None:
        assert entry.ticket
        assert entry.service
        priority = str(entry.data.get("priority", ORDINARY))
        by_head_start = self._hall.rules.policy == "head_start"
        head_start = self._hall.head_starts.get(priority, 0.0) if by_head_start else 0.0
        at = micros(entry.at)
        self._came.append((at, entry.service, priority))
        spot = Waiting(
            entry.ticket,
            directed_line(service=entry.service),
            "ordinary" if priority == ORDINARY else "priority",
            micros(rank(entry.at, head_start)),
            entry.seq,
            at,
        )
        self._wait(Known(spot, entry.service, priority))

    def called(self, entry: Entry) -> None:
        assert entry.ticket
        assert entry.counter
        known = self._known[entry.ticket]
        self.waiting.pop(entry.ticket, None)
        counter = self.counters[entry.counter]
        if entry.kind == "ticket_called":
            run = 0 if known.place.lane == "priority" else counter.ordinary_run + 1
            counter = replace(counter, status="open", ordinary_run=run)
        self.counters[entry.counter] = counter
        self._visits[entry.counter] = Visit(entry.ticket, entry.service or known.service, micros(entry.at))

    def started(self, entry: Entry) -> None:
        visit = self._visits.get(entry.counter or "")
        if visit and entry.counter:
            self._visits[entry.counter] = replace(visit, started_at=micros(entry.at))

    def ended(self, entry: Entry) -> None:
        """The stay at the counter is over, whatever becomes of the ticket."""
        visit = self._visits.pop(entry.counter or "", None)
        if visit is None or entry.counter is None:
            return
        at, called = micros(entry.at), self._hall.local(instant(visit.called_at))
        issued_at = self._known[visit.ticket].place.issued_at
        day, hour = called.date().isoformat(), called.hour
        turn = Turn(visit.service, entry.counter, day, hour, issued_at, visit.called_at, at)
        served = entry.kind == "visit_finished"
        self._ended(turn, (at - (visit.started_at or visit.called_at)) / SECOND / 60 if served else None)

    def left(self, entry: Entry) -> None:
        assert entry.ticket
        self.waiting.pop(entry.ticket, None)

    def requeued(self, entry: Entry) -> None:
        assert entry.ticket
        known = self._known[entry.ticket]
        rank_at = int(entry.data.get("rank_at", micros(entry.at)))
        self._wait(_moved(known, directed_line(service=known.service), known.service, rank_at))

    def transferred(self, entry: Entry) -> None:
        assert entry.ticket
        self.ended(entry)
        known = self._known[entry.ticket]
        service = str(entry.data.get("to_service", known.service))
        line = directed_line(counter=entry.data.get("to_counter"), clerk=entry.data.get("to_clerk"), service=service)
        fresh = micros(rank(entry.at, self._hall.rules.transfer_head_start_minutes))
        self._wait(_moved(known, line, service, known.place.rank_at if entry.data.get("keep_place") else fresh))

    def next_service(self, entry: Entry) -> None:
        assert entry.ticket
        known = self._known[entry.ticket]
        service = entry.service or known.service
        self._wait(_moved(known, directed_line(service=service), service, known.place.rank_at))

    def released(self, entry: Entry) -> None:
        assert entry.ticket
        known = self._known[entry.ticket]
        if entry.ticket in self.waiting:
            self._wait(_moved(known, directed_line(service=known.service), known.service, known.place.rank_at))

    def _wait(self, known: Known) -> None:
        self._known[known.place.id] = self.waiting[known.place.id] = known

    # -- counters

    def opened(self, entry: Entry) -> None:
        assert entry.counter
        self._open[entry.counter] = frozenset(entry.data.get("services", self._hall.counters[entry.counter].services))
        self._stands(entry, "open")

    def back(self, entry: Entry) -> None:
        self._stands(entry, "open")

    def closed(self, entry: Entry) -> None:
        self._stands(entry, "closed")

    def away(self, entry: Entry) -> None:
        self._stands(entry, "away", back_at=micros(datetime.fromisoformat(entry.data["back_at"])))

    def _stands(self, entry: Entry, status: str, *, back_at: int | None = None) -> None:
        assert entry.counter
        clerk = entry.data.get("clerk") if status != "closed" else None
        known = self.counters[entry.counter]
        self.counters[entry.counter] = replace(known, status=status, clerk=clerk, back_at=back_at)


Take = dict[str, Callable[[Recorded, Entry], None]]

TICKETS: Take = {
    "ticket_issued": Recorded.issued,
    "ticket_called": Recorded.called,
    "ticket_chosen": Recorded.called,
    "ticket_resumed": Recorded.called,
    "visit_started": Recorded.started,
    "visit_finished": Recorded.ended,
    "ticket_no_show": Recorded.ended,
    "ticket_held": Recorded.ended,
    "ticket_transferred": Recorded.transferred,
    "ticket_requeued": Recorded.requeued,
    "ticket_next_service": Recorded.next_service,
    "ticket_released": Recorded.released,
    "ticket_cancelled": Recorded.left,
    "ticket_expired": Recorded.left,
}
COUNTERS: Take = {
    "counter_opened": Recorded.opened,
    "counter_closed": Recorded.closed,
    "counter_away": Recorded.away,
    "counter_back": Recorded.back,
}


def _moved(known: Known, line: str, service: str, rank_at: int) -> Known:
    return replace(known, place=replace(known.place, line=line, rank_at=rank_at), service=service)
