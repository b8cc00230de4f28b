"""Whether a hall's tables agree with each other and with its journal; for every test that has shaken one.

The journal is replayed by its own rules, written here a second time on purpose: what a verb did by halves shows as a
contradiction.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

Run = Callable[..., list[Any]]

AFTER = {
    "ticket_issued": "waiting",
    "ticket_called": "called",
    "ticket_chosen": "called",
    "visit_started": "serving",
    "ticket_no_show": "no_show",
    "visit_finished": "finished",
    "ticket_cancelled": "cancelled",
    "ticket_expired": "expired",
    "ticket_requeued": "waiting",
    "ticket_held": "held",
    "ticket_resumed": "serving",
    "ticket_transferred": "waiting",
    "ticket_next_service": "waiting",
}
OPENS = frozenset({"ticket_called", "ticket_chosen", "ticket_resumed"})
ENDS = {
    "ticket_no_show": "no_show",
    "visit_finished": "served",
    "ticket_held": "held",
    "ticket_transferred": "transferred",
}
STATUS = {"counter_opened": "open", "counter_back": "open", "counter_away": "away", "counter_closed": "closed"}


@dataclass
class Replay:
    """What the journal says that the tables must hold."""

    tickets: dict[str, str] = field(default_factory=dict)
    visits: dict[str, tuple[str, str, str | None]] = field(default_factory=dict)
    counters: dict[str, str] = field(default_factory=dict)
    invited: set[str] = field(default_factory=set)
    evaluated: set[str] = field(default_factory=set)
    wrong: list[str] = field(default_factory=list)
    _goes_on: set[str] = field(default_factory=set)
    _at: dict[str, str] = field(default_factory=dict)

    def feed(self, seq: int, kind: str, ticket: str | None, visit: str | None, counter: str | None) -> None:
        if ticket and kind in AFTER:
            self._ticket(seq, kind, ticket)
        if visit and ticket and counter and kind in OPENS:
            self._open(seq, ticket, visit, counter)
        if visit and kind in ENDS:
            self._end(seq, kind, visit)
        if counter and kind in STATUS:
            self.counters[counter] = STATUS[kind]
        if visit and kind == "evaluation_invited":
            self.invited.add(visit)
        if visit and kind == "evaluation_given":
            self.evaluated.add(visit)

    def _ticket(self, seq: int, kind: str, ticket: str) -> None:
        if (kind == "ticket_issued") == (ticket in self.tickets):
            self.wrong.append(f"entry {seq}: {kind} of ticket {ticket}, which was {self.tickets.get(ticket)}")
        if kind == "ticket_next_service":
            # recorded before the end of the visit that it follows
            self._goes_on.add(ticket)
        if kind == "visit_finished" and ticket in self._goes_on:
            self._goes_on.discard(ticket)
            return
        self.tickets[ticket] = AFTER[kind]

    def _open(self, seq: int, ticket: str, visit: str, counter: str) -> None:
        if counter in self._at:
            self.wrong.append(f"entry {seq}: {visit} begins at counter {counter}, where {self._at[counter]} is")
        self._at[counter] = visit
        self.visits[visit] = (ticket, counter, None)

    def _end(self, seq: int, kind: str, visit: str) -> None:
        if self.visits.get(visit, ("", "", "never began"))[2] is not None:
            self.wrong.append(f"entry {seq}: {kind} of visit {visit}, which is not open")
        else:
            ticket, counter, _ = self.visits[visit]
            self.visits[visit] = (ticket, counter, ENDS[kind])
            self._at.pop(counter, None)


def consistent(run: Run) -> None:
    """Fails with every contradiction in this database."""
    found = [*_replayed(run), *_numbers(run), *_places(run), *_calls(run)]
    assert not found, "\n".join(found[:30])


def _replayed(run: Run) -> Iterator[str]:
    replay = Replay()
    rows = run("SELECT seq, kind, ticket, visit, counter FROM journal ORDER BY seq")
    for row in rows:
        replay.feed(*row)
    yield from replay.wrong
    head = run("SELECT seq FROM journal_head WHERE id = 1")[0][0]
    if [row[0] for row in rows] != list(range(1, head + 1)):
        yield f"the journal's numbers are not 1 to {head}"
    yield from _compared("ticket", replay.tickets, dict(run("SELECT id, state FROM ticket")))
    visits = {row[0]: tuple(row[1:]) for row in run("SELECT id, ticket, counter, outcome FROM visit")}
    yield from _compared("visit", replay.visits, visits)
    counters = dict(run("SELECT code, status FROM counter"))
    yield from _compared("counter", {**dict.fromkeys(counters, "closed"), **replay.counters}, counters)
    for name, told, table in (
        ("invitation", replay.invited, "invitation"),
        ("evaluation", replay.evaluated, "evaluation"),
    ):
        stored = {row[0] for row in run(f"SELECT visit FROM {table}")}
        yield from (f"{name} of visit {visit}: in one of journal and table only" for visit in sorted(told ^ stored))


def _compared(what: str, told: dict[str, Any], stored: dict[str, Any]) -> Iterator[str]:
    for key in sorted(told.keys() | stored.keys()):
        if told.get(key) != stored.get(key):
            yield f"{what} {key}: journal {told.get(key)}, table {stored.get(key)}"


def _numbers(run: Run) -> Iterator[str]:
    """Each series gave every number from 1 to its last one, once."""
    given: dict[tuple[str, str], list[int]] = {}
    for day, prefix, serial in run("SELECT day, prefix, serial FROM ticket ORDER BY day, prefix, serial"):
        given.setdefault((day, prefix), []).append(serial)
    lasts = {(row[0], row[1]): row[2] for row in run("SELECT day, prefix, last FROM series")}
    for series, serials in given.items():
        if serials != list(range(1, lasts.get(series, 0) + 1)):
            yield f"series {series}: last {lasts.get(series)}, but {len(serials)} tickets up to {serials[-1]}"
    labels = Counter((row[0], row[1]) for row in run("SELECT day, number FROM ticket"))
    yield from (f"number {label} was given {count} times" for label, count in labels.items() if count > 1)


def _places(run: Run) -> Iterator[str]:
    """Who is called or served is in exactly one open visit, and nobody else is in any."""
    open_visits: dict[str, list[tuple[str, str]]] = {}
    for visit, ticket, counter in run("SELECT id, ticket, counter FROM visit WHERE outcome IS NULL"):
        open_visits.setdefault(ticket, []).append((visit, counter))
    statuses = dict(run("SELECT code, status FROM counter"))
    for ticket, state, visit, counter in run("SELECT id, state, visit, counter FROM ticket"):
        expected = [(visit, counter)] if state in ("called", "serving") else []
        if open_visits.get(ticket, []) != expected:
            yield f"ticket {ticket} is {state} at {counter} in {visit}, its open visits: {open_visits.get(ticket)}"
        if expected and statuses.get(counter) != "open":
            yield f"ticket {ticket} is at counter {counter}, which is {statuses.get(counter)}"


def _calls(run: Run) -> Iterator[str]:
    """Every announcement that a visit counts was made."""
    made = Counter(row[0] for row in run("SELECT visit FROM call"))
    for visit, announced in run("SELECT id, announced FROM visit"):
        if made[visit] != announced:
            yield f"visit {visit}: announced {announced} times, {made[visit]} announcements"


def journaled(run: Run) -> set[tuple[str, str]]:
    """Kind and subject (visit, else ticket) of every entry."""
    return {(kind, visit or ticket or "") for kind, visit, ticket in run("SELECT kind, visit, ticket FROM journal")}
