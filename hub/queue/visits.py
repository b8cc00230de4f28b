"""What clerks do at a counter: open it, call, start, finish. Each function is one verb, one transaction."""

from dataclasses import dataclass

from hub.clock import micros
from hub.journal import EntryKind
from hub.problems import NotAllowed, Unknown
from hub.queue import sql
from hub.queue.hall import HallFacts
from hub.queue.rules import CALL_SHOWN, Verb, after, no_visit
from hub.queue.views import counter_by_code, ticket_by_id
from hub.store import Tx
from hub.wire import CallAnswer, CallNext, Counter, Finish, OpenCounter, TicketState


@dataclass(frozen=True)
class OpenVisit:
    """The visit that a counter has now."""

    id: str
    ticket: str
    service: str
    called_at: int
    started_at: int | None
    announced: int
    number: str
    state: TicketState


def open_counter(tx: Tx, hall: HallFacts, counter: str, command: OpenCounter) -> Counter:
    """Open it for all its services, or for those named. Raises Unknown (counter, service), NotAllowed."""
    status = _status(tx, counter)
    if status == "open":
        raise NotAllowed(state=status, zh=f"{counter} 号窗口已经开放。", en=f"counter {counter} is open already.")
    can_serve = hall.counters[counter].services
    chosen = command.services if command.services is not None else list(can_serve)
    for service in chosen:
        if service not in can_serve:
            raise Unknown("service", service, field="services")
    for service in can_serve:
        tx.rows(sql.SET_ACTIVE, counter=counter, service=service, active=service in chosen)
    tx.rows(sql.SET_COUNTER, counter=counter, status="open")
    tx.record("counter_opened", counter=counter, services=chosen)
    return counter_by_code(tx.rows, hall, counter, tx.now)


def close_counter(tx: Tx, hall: HallFacts, counter: str) -> Counter:
    """Close it. Raises Unknown; NotAllowed while it has a citizen or is closed already."""
    status = _status(tx, counter)
    visit = _open_visit(tx, counter)
    if visit:
        raise NotAllowed(
            state=visit.state,
            zh=f"{visit.number} 号还在 {counter} 号窗口，请先办结或过号。",
            en=f"{visit.number} is still at counter {counter}; finish the visit or mark a no-show first.",
        )
    if status == "closed":
        raise NotAllowed(state=status, zh=f"{counter} 号窗口已经关闭。", en=f"counter {counter} is closed already.")
    tx.rows(sql.SET_COUNTER, counter=counter, status="closed")
    tx.record("counter_closed", counter=counter)
    return counter_by_code(tx.rows, hall, counter, tx.now)


def call_next(tx: Tx, hall: HallFacts, counter: str, command: CallNext) -> CallAnswer:
    """Call whoever is first among what the counter serves; `ticket` is None when nobody waits.

    Raises Unknown; NotAllowed for a counter that is not open or still has a citizen (without `finish_current`).
    """
    status = _status(tx, counter)
    if status != "open":
        raise NotAllowed(
            state=status,
            zh=f"{counter} 号窗口未开放，请先开放窗口。",
            en=f"counter {counter} is {status}; open it first.",
        )
    visit = _open_visit(tx, counter)
    if visit and not command.finish_current:
        raise NotAllowed(
            state=visit.state,
            zh=f"{visit.number} 号还在 {counter} 号窗口，请先办结。",
            en=f"{visit.number} is still at counter {counter}; finish the visit first.",
        )
    if visit:
        _finish(tx, hall, counter, visit, Finish())
    called = tx.new_id()
    rows = tx.rows(sql.CLAIM_NEXT, counter=counter, visit=called, day=hall.day(tx.now), now=micros(tx.now))
    if not rows:
        return CallAnswer(ticket=None)
    ticket, number, service = rows[0]
    tx.rows(
        sql.INSERT_VISIT,
        id=called,
        ticket=ticket,
        counter=counter,
        service=service,
        clerk=tx.who.name,
        now=micros(tx.now),
    )
    _announce(tx, called, number, counter, times=1)
    tx.record("ticket_called", ticket=ticket, visit=called, counter=counter, service=service, number=number)
    return _answer(tx, hall, ticket)


def recall(tx: Tx, hall: HallFacts, counter: str) -> CallAnswer:
    """Announce the number at the counter again. Raises Unknown, NotAllowed."""
    visit = _visit_for(tx, counter, "recall")
    times = int(tx.rows(sql.RECALL, visit=visit.id)[0][0])
    _announce(tx, visit.id, visit.number, counter, times=times)
    _record(tx, "ticket_recalled", counter, visit)
    return _answer(tx, hall, visit.ticket)


def start(tx: Tx, hall: HallFacts, counter: str) -> CallAnswer:
    """The citizen is there. Raises Unknown, NotAllowed."""
    visit = _visit_for(tx, counter, "start")
    tx.rows(sql.START_VISIT, visit=visit.id, now=micros(tx.now))
    tx.rows(sql.START_TICKET, ticket=visit.ticket, now=micros(tx.now))
    _record(tx, "visit_started", counter, visit)
    return _answer(tx, hall, visit.ticket)


def no_show(tx: Tx, hall: HallFacts, counter: str) -> CallAnswer:
    """过号: called, did not come. Raises Unknown, NotAllowed."""
    visit = _visit_for(tx, counter, "no_show")
    _close(tx, hall, visit, outcome="no_show", state="no_show", started_at=None, done=Finish())
    _record(tx, "ticket_no_show", counter, visit)
    return _answer(tx, hall, visit.ticket)


def finish(tx: Tx, hall: HallFacts, counter: str, command: Finish) -> CallAnswer:
    """End the visit; from `called` it counts as started when it was called. Raises Unknown, NotAllowed."""
    visit = _visit_for(tx, counter, "finish")
    _finish(tx, hall, counter, visit, command)
    return _answer(tx, hall, visit.ticket)


def _finish(tx: Tx, hall: HallFacts, counter: str, visit: OpenVisit, command: Finish) -> None:
    started = visit.called_at if visit.started_at is None else visit.started_at
    _close(tx, hall, visit, outcome="served", state="finished", started_at=started, done=command)
    _record(tx, "visit_finished", counter, visit)


def _close(
    tx: Tx, hall: HallFacts, visit: OpenVisit, *, outcome: str, state: str, started_at: int | None, done: Finish
) -> None:
    tx.rows(
        sql.CLOSE_VISIT,
        visit=visit.id,
        outcome=outcome,
        started_at=started_at,
        now=micros(tx.now),
        day=hall.day(tx.now),
        result=done.outcome,
        case_no=done.case,
    )
    tx.rows(sql.CLOSE_TICKET, ticket=visit.ticket, state=state, started_at=started_at, now=micros(tx.now))


def _announce(tx: Tx, visit: str, number: str, counter: str, *, times: int) -> None:
    tx.rows(
        sql.INSERT_CALL,
        id=tx.new_id(),
        visit=visit,
        number=number,
        counter=counter,
        now=micros(tx.now),
        times=times,
        expires_at=micros(tx.now + CALL_SHOWN),
    )


def _record(tx: Tx, kind: EntryKind, counter: str, visit: OpenVisit) -> None:
    tx.record(kind, ticket=visit.ticket, visit=visit.id, counter=counter, service=visit.service, number=visit.number)


def _answer(tx: Tx, hall: HallFacts, ticket: str) -> CallAnswer:
    return CallAnswer(ticket=ticket_by_id(tx.rows, hall, ticket, tx.now))


def _status(tx: Tx, counter: str) -> str:
    rows = tx.rows(sql.COUNTER_STATUS, counter=counter)
    if not rows:
        raise Unknown("counter", counter)
    return str(rows[0][0])


def _open_visit(tx: Tx, counter: str) -> OpenVisit | None:
    rows = tx.rows(sql.OPEN_VISIT, counter=counter)
    return OpenVisit(*rows[0]) if rows else None


def _visit_for(tx: Tx, counter: str, verb: Verb) -> OpenVisit:
    """The counter's visit, if the verb is possible in its state."""
    _status(tx, counter)
    visit = _open_visit(tx, counter)
    if visit is None:
        raise no_visit(counter, verb)
    after(visit.state, visit.number, verb)
    return visit
