"""Who sits at a counter and which visit it has: what every verb at a counter looks at first."""

import json
from dataclasses import dataclass

from hub.problems import NotAllowed, Unknown
from hub.queue import sql
from hub.queue.rules import Verb, after, no_visit
from hub.store import Tx
from hub.wire import Role, TicketState

#: People, as against programs: a person acts only where nobody else sits.
PEOPLE: frozenset[Role] = frozenset({"clerk", "duty_leader", "manager", "administrator", "auditor", "citizen"})


@dataclass(frozen=True)
class Seat:
    """A counter as its people left it. `clerk` is None while only a program has opened it."""

    status: str
    clerk: str | None
    ordinary_run: int
    second_after_minutes: float | None


@dataclass(frozen=True)
class OpenVisit:
    """The visit that a counter has now."""

    id: str
    ticket: str
    service: str
    called_at: int
    started_at: int | None
    announced: int
    announced_at: int | None
    number: str
    state: TicketState
    services_left_json: str
    rank_at: int
    day: str

    @property
    def services_left(self) -> list[str]:
        """Codes of the services still to come with this ticket."""
        left: list[str] = json.loads(self.services_left_json)
        return left


def seat(tx: Tx, counter: str) -> Seat:
    """The counter, held for this transaction. Raises Unknown."""
    rows = tx.rows(sql.SEAT, counter=counter)
    if not rows:
        raise Unknown("counter", counter)
    return Seat(*rows[0])


def own_seat(tx: Tx, counter: str) -> Seat:
    """The counter, if nobody else sits there. Raises Unknown, NotAllowed."""
    found = seat(tx, counter)
    if tx.who.role in PEOPLE and found.clerk is not None and found.clerk != tx.who.name:
        raise NotAllowed(
            state=found.status,
            zh=f"{counter} 号窗口由 {found.clerk} 使用中，请先由其关闭窗口。",
            en=f"{found.clerk} sits at counter {counter}; it must be closed there first.",
        )
    return found


def working_seat(tx: Tx, counter: str) -> Seat:
    """The asker's own counter, open. Raises Unknown, NotAllowed."""
    found = own_seat(tx, counter)
    if found.status != "open":
        raise NotAllowed(
            state=found.status,
            zh=f"{counter} 号窗口未开放，请先开放窗口。",
            en=f"counter {counter} is {found.status}; open it first.",
        )
    return found


def clerk_at(tx: Tx, found: Seat) -> str:
    """Whom a visit counts for: the clerk who sits there, even when the key came from a keypad."""
    return found.clerk or tx.who.name


def open_visit(tx: Tx, counter: str) -> OpenVisit | None:
    """The visit at the counter now."""
    rows = tx.rows(sql.OPEN_VISIT, counter=counter)
    return OpenVisit(*rows[0]) if rows else None


def visit_for(tx: Tx, counter: str, verb: Verb) -> OpenVisit:
    """The visit at the asker's own counter, if the verb is possible in its state. Raises Unknown, NotAllowed."""
    own_seat(tx, counter)
    visit = open_visit(tx, counter)
    if visit is None:
        raise no_visit(counter, verb)
    after(visit.state, visit.number, verb)
    return visit


def must_be_free(tx: Tx, counter: str) -> None:
    """Raises NotAllowed while a citizen is at the counter."""
    visit = open_visit(tx, counter)
    if visit:
        raise NotAllowed(
            state=visit.state,
            zh=f"{visit.number} 号还在 {counter} 号窗口，请先办结、挂起、转移或过号。",
            en=f"{visit.number} is still at counter {counter}; finish the visit first (or hold, transfer, no-show).",
        )
