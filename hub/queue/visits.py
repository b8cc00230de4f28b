"""What clerks do with citizens: call, choose, recall, start, finish. Each function is one verb, one transaction."""

import json
from datetime import timedelta
from typing import Literal

from hub.clock import micros
from hub.journal import EntryKind
from hub.problems import Forbidden, NotAllowed
from hub.queue import sql
from hub.queue.calling_order import Lane
from hub.queue.claims import claim
from hub.queue.hall import HallFacts
from hub.queue.rules import CALL_SHOWN, after, directed_line
from hub.queue.seats import OpenVisit, Seat, clerk_at, must_be_free, open_visit, visit_for, working_seat
from hub.queue.views import locked_ticket, ticket_by_id
from hub.store import Rank, Tx, in_turn
from hub.wire import CallAnswer, CallChosen, CallNext, Finish, Resume

How = Literal["next", "second_choice", "proportional", "chosen", "resumed"]


@in_turn(Rank.CLAIM)
def call_next(tx: Tx, hall: HallFacts, counter: str, command: CallNext) -> CallAnswer:
    """Call whoever is first among what the counter serves; `ticket` is None when nobody waits.

    Raises Unknown; NotAllowed for a counter that is not open or still has a citizen (without `finish_current`).
    """
    found = working_seat(tx, counter)
    if command.finish_current:
        visit = open_visit(tx, counter)
        if visit:
            _finish(tx, hall, counter, visit, Finish())
    else:
        must_be_free(tx, counter)
    called = tx.new_id()
    turn = _turn(hall, found)
    taken = claim(
        tx,
        preferred=turn,
        counter=counter,
        visit=called,
        day=hall.day(tx.now),
        now=micros(tx.now),
        second_since=_second_since(tx, found),
    )
    if taken is None:
        return CallAnswer(ticket=None)
    ticket, number, service, line, lane = taken
    if turn:
        tx.rows(sql.COUNT_RUN, counter=counter, run=0 if lane == "priority" else found.ordinary_run + 1)
    second = line == directed_line(service=service) and service in hall.counters[counter].second_services
    how: How = "second_choice" if second else "proportional" if turn else "next"
    _open(tx, called, ticket, number, service, counter, clerk_at(tx, found), how=how)
    tx.record("ticket_called", ticket=ticket, visit=called, counter=counter, service=service, number=number, how=how)
    return answer(tx, hall, ticket)


def _turn(hall: HallFacts, found: Seat) -> Lane | None:
    """Whose turn it is under proportional calling."""
    if hall.rules.policy != "proportional":
        return None
    return "priority" if found.ordinary_run >= hall.rules.ordinary_per_priority else "ordinary"


def _second_since(tx: Tx, found: Seat) -> int:
    """Second choices issued until then compete with first ones; -1: none does."""
    if found.second_after_minutes is None:
        return -1
    return micros(tx.now - timedelta(minutes=found.second_after_minutes))


def call_chosen(tx: Tx, hall: HallFacts, counter: str, command: CallChosen) -> CallAnswer:
    """Call this ticket out of turn: one that waits, is held, or did not come. The reason goes into the journal.

    Raises Forbidden for a role the hall does not allow it to, Unknown (counter, ticket), NotAllowed.
    """
    if tx.who.role not in hall.rules.chosen_call_roles:
        raise Forbidden(role=tx.who.role)
    found = working_seat(tx, counter)
    must_be_free(tx, counter)
    known = locked_ticket(tx, command.ticket)
    after(known.state, known.number, "choose")
    must_be_of_today(tx, hall, known.day, known.number)
    called = tx.new_id()
    tx.rows(sql.CHOOSE_TICKET, ticket=known.id, counter=counter, visit=called, now=micros(tx.now))
    _open(
        tx,
        called,
        known.id,
        known.number,
        known.service,
        counter,
        clerk_at(tx, found),
        how="chosen",
        reason=command.reason,
    )
    tx.record(
        "ticket_chosen",
        ticket=known.id,
        visit=called,
        counter=counter,
        service=known.service,
        number=known.number,
        reason=command.reason,
        was=known.state,
    )
    return answer(tx, hall, known.id)


def resume(tx: Tx, hall: HallFacts, counter: str, command: Resume) -> CallAnswer:
    """A held citizen is back and served on: a new visit without a call.

    Raises Unknown, NotAllowed (counter, state; another counter where the hall resumes at the same one only).
    """
    found = working_seat(tx, counter)
    must_be_free(tx, counter)
    known = locked_ticket(tx, command.ticket)
    after(known.state, known.number, "resume")
    must_be_of_today(tx, hall, known.day, known.number)
    if hall.rules.resume_at == "same_counter" and known.counter != counter:
        raise NotAllowed(
            state="held",
            zh=f"{known.number} 号在 {known.counter} 号窗口挂起，只能在该窗口恢复。",
            en=f"{known.number} was held at counter {known.counter} and resumes only there.",
        )
    visit = tx.new_id()
    tx.rows(sql.RESUME_TICKET, ticket=known.id, counter=counter, visit=visit, now=micros(tx.now))
    _open(tx, visit, known.id, known.number, known.service, counter, clerk_at(tx, found), how="resumed")
    tx.record(
        "ticket_resumed", ticket=known.id, visit=visit, counter=counter, service=known.service, number=known.number
    )
    return answer(tx, hall, known.id)


def _open(
    tx: Tx,
    visit: str,
    ticket: str,
    number: str,
    service: str,
    counter: str,
    clerk: str,
    *,
    how: How,
    reason: str | None = None,
) -> None:
    """A new visit, announced unless it resumes."""
    now = micros(tx.now)
    called = how != "resumed"
    tx.rows(
        sql.INSERT_VISIT,
        id=visit,
        ticket=ticket,
        counter=counter,
        service=service,
        clerk=clerk,
        now=now,
        announced=int(called),
        announced_at=now if called else None,
        started_at=None if called else now,
        how=how,
        reason=reason,
    )
    if called:
        _announce(tx, visit, number, counter, times=1)


def recall(tx: Tx, hall: HallFacts, counter: str) -> CallAnswer:
    """Announce the number at the counter again. Raises Unknown; NotAllowed, also too often or too soon."""
    visit = visit_for(tx, counter, "recall")
    _may_recall(tx, hall, visit)
    times = int(tx.rows(sql.RECALL, visit=visit.id, now=micros(tx.now))[0][0])
    _announce(tx, visit.id, visit.number, counter, times=times)
    record(tx, "ticket_recalled", counter, visit)
    return answer(tx, hall, visit.ticket)


def _may_recall(tx: Tx, hall: HallFacts, visit: OpenVisit) -> None:
    if visit.announced > hall.rules.recall_most:
        raise NotAllowed(
            state=visit.state,
            zh=f"{visit.number} 号已重呼 {hall.rules.recall_most} 次，请办理或按过号。",
            en=f"{visit.number} was recalled {hall.rules.recall_most} times; serve it or mark a no-show.",
        )
    since_s = (micros(tx.now) - (visit.announced_at or 0)) / 1_000_000
    left_s = hall.rules.recall_interval_seconds - since_s
    if left_s > 0:
        raise NotAllowed(
            state=visit.state,
            zh=f"刚刚呼叫过 {visit.number} 号，请 {left_s:.0f} 秒后再呼。",
            en=f"{visit.number} was called just now; recall it in {left_s:.0f} s.",
        )


def start(tx: Tx, hall: HallFacts, counter: str) -> CallAnswer:
    """The citizen is there. Raises Unknown, NotAllowed."""
    visit = visit_for(tx, counter, "start")
    tx.rows(sql.START_VISIT, visit=visit.id, now=micros(tx.now))
    tx.rows(sql.START_TICKET, ticket=visit.ticket, now=micros(tx.now))
    record(tx, "visit_started", counter, visit)
    return answer(tx, hall, visit.ticket)


def no_show(tx: Tx, hall: HallFacts, counter: str) -> CallAnswer:
    """过号: called, did not come. Raises Unknown, NotAllowed."""
    visit = visit_for(tx, counter, "no_show")
    close_visit(tx, hall, visit, "no_show", started_at=None)
    _end(tx, visit, "no_show", started_at=None)
    record(tx, "ticket_no_show", counter, visit)
    return answer(tx, hall, visit.ticket)


def finish(tx: Tx, hall: HallFacts, counter: str, command: Finish) -> CallAnswer:
    """End the visit; from `called` it counts as started when it was called. Raises Unknown, NotAllowed.

    A ticket with further services waits for the next of them with the place it has; not one whose day is over.
    """
    visit = visit_for(tx, counter, "finish")
    _finish(tx, hall, counter, visit, command)
    return answer(tx, hall, visit.ticket)


def _finish(tx: Tx, hall: HallFacts, counter: str, visit: OpenVisit, command: Finish) -> None:
    started = visit.called_at if visit.started_at is None else visit.started_at
    close_visit(tx, hall, visit, "served", started_at=started, done=command)
    if visit.services_left and visit.day == hall.day(tx.now):
        _next_service(tx, counter, visit)
    else:
        _end(tx, visit, "finished", started_at=started)
    record(tx, "visit_finished", counter, visit)


def _next_service(tx: Tx, counter: str, visit: OpenVisit) -> None:
    service, *left = visit.services_left
    tx.rows(
        sql.WAIT_AGAIN,
        ticket=visit.ticket,
        service=service,
        line=directed_line(service=service),
        rank_at=visit.rank_at,
        returned=0,
        services_left=json.dumps(left),
    )
    tx.record(
        "ticket_next_service",
        ticket=visit.ticket,
        counter=counter,
        service=service,
        number=visit.number,
        left=left,
        after=visit.service,
    )


def close_visit(
    tx: Tx, hall: HallFacts, visit: OpenVisit, outcome: str, *, started_at: int | None, done: Finish | None = None
) -> None:
    """End the stay at the counter; what becomes of the ticket is the verb's own matter."""
    tx.rows(
        sql.CLOSE_VISIT,
        visit=visit.id,
        outcome=outcome,
        started_at=started_at,
        now=micros(tx.now),
        day=hall.day(tx.now),
        result=done.outcome if done else None,
        case_no=done.case if done else None,
    )


def _end(tx: Tx, visit: OpenVisit, state: str, *, started_at: int | None) -> None:
    tx.rows(sql.CLOSE_TICKET, ticket=visit.ticket, state=state, started_at=started_at, now=micros(tx.now))


def must_be_of_today(tx: Tx, hall: HallFacts, day: str, number: str) -> None:
    """Numbers begin anew each day. Raises NotAllowed for one of an earlier day."""
    if day != hall.day(tx.now):
        raise NotAllowed(
            state="expired",
            zh=f"{number} 号是 {day} 的号票，已作废，请重新取号。",
            en=f"{number} is of {day} and has expired; a new ticket is needed.",
        )


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


def record(tx: Tx, kind: EntryKind, counter: str, visit: OpenVisit, **data: object) -> None:
    """Journal what happened to the visit."""
    tx.record(
        kind,
        ticket=visit.ticket,
        visit=visit.id,
        counter=counter,
        service=visit.service,
        number=visit.number,
        **{key: value for key, value in data.items() if value not in (None, "")},
    )


def answer(tx: Tx, hall: HallFacts, ticket: str) -> CallAnswer:
    return CallAnswer(ticket=ticket_by_id(tx.rows, hall, ticket, tx.now))
