"""What can be done with tickets; each function is one verb, run in one transaction."""

from hub.calendar.verbs import admit
from hub.clock import instant, micros
from hub.problems import Invalid, NotAllowed, Unknown
from hub.queue import sql
from hub.queue.hall import HallFacts
from hub.queue.rules import after, number_label, rank
from hub.queue.seed import ORDINARY
from hub.queue.views import ticket_by_id
from hub.store import Tx
from hub.wire import IssueTicket, PrintFailed, Ticket


def issue(tx: Tx, hall: HallFacts, command: IssueTicket) -> Ticket:
    """Give the next number of a service.

    Raises Unknown (service, priority), Invalid for a heading, ServiceClosed, QuotaReached.
    """
    service = hall.services.get(command.service)
    if service is None:
        raise Unknown("service", command.service, field="service")
    if service.code in hall.headings:
        children = "、".join(s.code for s in hall.services.values() if s.parent == service.code)
        raise Invalid("service", f"{service.code} → {children}")
    priority = command.priority or ORDINARY
    if priority not in hall.head_starts:
        raise Unknown("priority", priority, field="priority")
    admit(tx, hall.plan, service.code, tx.now)
    day = hall.day(tx.now)
    serial, place_at = tx.rows(sql.ISSUE_NUMBER, day=day, prefix=service.prefix, now=micros(tx.now))[0]
    number = number_label(service.prefix, serial)
    ticket = tx.new_id()
    tx.rows(
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
        rank_at=micros(rank(instant(place_at), hall.head_starts[priority])),
        issued_at=micros(tx.now),
        issued_by=tx.who.name,
        status_token=tx.new_secret(),
    )
    tx.record("ticket_issued", ticket=ticket, service=service.code, number=number, priority=priority)
    return ticket_by_id(tx.rows, hall, ticket, tx.now)


def cancel(tx: Tx, hall: HallFacts, ticket: str) -> Ticket:
    """A waiting ticket leaves the queue. Raises Unknown, NotAllowed."""
    known = ticket_by_id(tx.rows, hall, ticket, tx.now)
    after(known.state, known.number, "cancel")
    tx.rows(sql.CANCEL_TICKET, id=ticket, now=micros(tx.now))
    tx.record("ticket_cancelled", ticket=ticket, service=known.service)
    return ticket_by_id(tx.rows, hall, ticket, tx.now)


def expire_past(tx: Tx, hall: HallFacts) -> int:
    """End of day: who still waits with a number of an earlier day waits no more. How many there were.

    Visits that are open at midnight survive it. Running it again changes nothing.
    """
    expired = tx.rows(sql.EXPIRE_PAST, day=hall.day(tx.now), now=micros(tx.now))
    for ticket, service, number in expired:
        tx.record("ticket_expired", ticket=ticket, service=service, number=number)
    return len(expired)


def printed(tx: Tx, hall: HallFacts, ticket: str) -> Ticket:
    """The printer confirmed the slip. Raises Unknown."""
    known = ticket_by_id(tx.rows, hall, ticket, tx.now)
    tx.rows(sql.SET_PAPER, id=ticket, paper="printed")
    tx.record("ticket_printed", ticket=ticket, service=known.service)
    return known


def print_failed(tx: Tx, hall: HallFacts, ticket: str, command: PrintFailed) -> Ticket:
    """The slip did not come out, or nobody can tell; the ticket stays as it is. Raises Unknown."""
    known = ticket_by_id(tx.rows, hall, ticket, tx.now)
    tx.rows(sql.SET_PAPER, id=ticket, paper=command.outcome)
    tx.record(
        "ticket_print_failed", ticket=ticket, service=known.service, outcome=command.outcome, reason=command.reason
    )
    return known


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
