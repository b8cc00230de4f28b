"""What can be done with tickets; each function is one verb, run in one transaction."""

import json
from typing import Any

from hub.calendar.verbs import admit
from hub.clock import instant, micros
from hub.problems import Invalid, NotAllowed, Unknown
from hub.queue import sql
from hub.queue.counters import shut
from hub.queue.hall import HallFacts, ServiceFacts
from hub.queue.rules import after, directed_line, number_label, rank
from hub.queue.seed import ORDINARY
from hub.queue.views import KnownTicket, locked_ticket, public_ticket, ticket_by_id, told
from hub.store import Rank, Tx, in_turn
from hub.wire import IssueTicket, PrintFailed, PublicTicket, Ticket


def series_of(hall: HallFacts, command: IssueTicket) -> str:
    """What an issue locks: the row that gives its numbers."""
    service = hall.services.get(command.service)
    return service.prefix if service else ""


@in_turn(Rank.NUMBER, series_of)
def issue(tx: Tx, hall: HallFacts, command: IssueTicket) -> Ticket:
    """Give the next number of a service; further `services` are visited in turn with the same ticket.

    Raises Unknown (service, priority), Invalid for a heading or a service named twice, ServiceClosed, QuotaReached.
    """
    service = _leaf(hall, command.service, "service")
    for code in command.services:
        _leaf(hall, code, "services")
    if len({command.service, *command.services}) <= len(command.services):
        raise Invalid("services", "业务重复 / a service stands twice")
    priority = command.priority or ORDINARY
    if priority not in hall.head_starts:
        raise Unknown("priority", priority, field="priority")
    day = hall.day(tx.now)
    serial, place_at = tx.rows(sql.ISSUE_NUMBER, day=day, prefix=service.prefix, now=micros(tx.now))[0]
    for code in sorted((service.code, *command.services)):
        admit(tx, hall.plan, code, tx.now)
    number = number_label(service.prefix, serial)
    ticket = tx.new_id()
    [row] = tx.rows(
        sql.INSERT_TICKET,
        id=ticket,
        day=day,
        prefix=service.prefix,
        serial=serial,
        number=number,
        service=service.code,
        priority=priority,
        channel=command.channel,
        language=command.language,
        rank_at=micros(rank(instant(place_at), _head_start(hall, priority))),
        issued_at=micros(tx.now),
        issued_by=tx.who.name,
        status_token=tx.new_secret(),
        line=directed_line(service=service.code),
        lane="ordinary" if priority == ORDINARY else "priority",
        services_left=json.dumps(command.services),
    )
    further: dict[str, Any] = {"further": command.services} if command.services else {}
    tx.record("ticket_issued", ticket=ticket, service=service.code, number=number, priority=priority, **further)
    return told(tx.rows, hall, KnownTicket(*row), tx.now)


def _leaf(hall: HallFacts, code: str, field: str) -> ServiceFacts:
    """A service that gives tickets. Raises Unknown, Invalid for a heading."""
    service = hall.services.get(code)
    if service is None:
        raise Unknown("service", code, field=field)
    if code in hall.headings:
        children = "、".join(s.code for s in hall.services.values() if s.parent == code)
        raise Invalid(field, f"{code} → {children}")
    return service


def _head_start(hall: HallFacts, priority: str) -> float:
    """Under proportional calling everybody keeps the moment they came; turns do the rest."""
    return hall.head_starts[priority] if hall.rules.policy == "head_start" else 0.0


def cancel(tx: Tx, hall: HallFacts, ticket: str) -> Ticket:
    """A waiting or held ticket leaves the queue. Raises Unknown, NotAllowed."""
    known = locked_ticket(tx, ticket)
    after(known.state, known.number, "cancel")
    tx.rows(sql.CANCEL_TICKET, id=ticket, now=micros(tx.now))
    tx.record("ticket_cancelled", ticket=ticket, service=known.service)
    return ticket_by_id(tx.rows, hall, ticket, tx.now)


def cancel_by_token(tx: Tx, hall: HallFacts, token: str) -> PublicTicket:
    """The citizen gives the place up on the phone page. Raises Unknown, NotAllowed."""
    rows = tx.rows(sql.TICKET_BY_TOKEN, token=token)
    if not rows:
        raise Unknown("ticket", token)
    cancel(tx, hall, rows[0][0])
    return public_ticket(tx.rows, hall, token, tx.now)


@in_turn(Rank.SLOW)
def end_day(tx: Tx, hall: HallFacts) -> int:
    """End of day: who still waits or is held with a number of an earlier day waits no more. How many there were.

    Visits that are open at midnight survive it. A counter left open is closed when the hall itself is closed.
    Running it again changes nothing.
    """
    tx.alone("end of day")
    day, now = hall.day(tx.now), micros(tx.now)
    expired = [*tx.rows(sql.EXPIRE_PAST, day=day, now=now), *tx.rows(sql.EXPIRE_HELD, day=day, now=now)]
    for ticket, service, number in expired:
        tx.record("ticket_expired", ticket=ticket, service=service, number=number)
    if hall.opening(tx.now).state == "closed":
        for counter, clerk in tx.rows(sql.IDLE_COUNTERS):
            shut(tx, hall, counter, clerk, why="end_of_day")
    return len(expired)


def printed(tx: Tx, hall: HallFacts, ticket: str) -> Ticket:
    """The printer confirmed the slip, at once or late (it held it: `was` says what was thought). Raises Unknown."""
    known = ticket_by_id(tx.rows, hall, ticket, tx.now)
    tx.rows(sql.SET_PAPER, id=ticket, paper="printed")
    tx.record("ticket_printed", ticket=ticket, service=known.service, **({"was": known.paper} if known.paper else {}))
    return known.model_copy(update={"paper": "printed"})


def print_failed(tx: Tx, hall: HallFacts, ticket: str, command: PrintFailed) -> Ticket:
    """The slip did not come out, is held, or nobody can tell; the ticket stays as it is. Raises Unknown."""
    known = ticket_by_id(tx.rows, hall, ticket, tx.now)
    tx.rows(sql.SET_PAPER, id=ticket, paper=command.outcome)
    tx.record(
        "ticket_print_failed", ticket=ticket, service=known.service, outcome=command.outcome, reason=command.reason
    )
    return known.model_copy(update={"paper": command.outcome})


def reprint(tx: Tx, hall: HallFacts, ticket: str) -> Ticket:
    """A further slip of a ticket that still has a use; who asks for it prints it. Raises Unknown, NotAllowed."""
    known = ticket_by_id(tx.rows, hall, ticket, tx.now)
    if known.state not in ("waiting", "called", "held"):
        raise NotAllowed(
            state=known.state,
            zh=f"{known.number} 号已结束，不能补打。",
            en=f"{known.number} is {known.state}; its slip is of no use any more.",
        )
    tx.record("ticket_reprinted", ticket=ticket, service=known.service)
    return known
