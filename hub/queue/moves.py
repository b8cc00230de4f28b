"""Citizens who wait again: held, sent on, back after a no-show. Each function is one verb, one transaction."""

import json
from datetime import timedelta

from hub.clock import instant, micros
from hub.problems import Invalid, NotAllowed, Unknown
from hub.queue import sql
from hub.queue.hall import HallFacts
from hub.queue.rules import after, directed_line, rank, return_rank
from hub.queue.seats import OpenVisit, seat, visit_for
from hub.queue.views import KnownTicket, locked_ticket, public_ticket, ticket_by_id
from hub.queue.visits import answer, close_visit, must_be_of_today, record
from hub.store import Tx
from hub.wire import CallAnswer, Hold, PublicTicket, Ticket, Transfer


def hold(tx: Tx, hall: HallFacts, counter: str, command: Hold) -> CallAnswer:
    """挂起: the citizen fetches something; the counter is free meanwhile. Raises Unknown, NotAllowed."""
    visit = visit_for(tx, counter, "hold")
    must_be_of_today(tx, hall, visit.day, visit.number)
    until = tx.now + timedelta(minutes=command.minutes or hall.rules.hold_minutes)
    close_visit(tx, hall, visit, "held", started_at=visit.started_at)
    tx.rows(sql.HOLD_TICKET, ticket=visit.ticket, until=micros(until))
    record(tx, "ticket_held", counter, visit, until=until.isoformat(), reason=command.reason)
    return answer(tx, hall, visit.ticket)


def transfer(tx: Tx, hall: HallFacts, counter: str, command: Transfer) -> CallAnswer:
    """转移: send the citizen on to another service, counter or person, who waits there.

    Raises Invalid (no target, or two), Unknown (service, counter, clerk), NotAllowed (state, target not there).
    """
    visit = visit_for(tx, counter, "transfer")
    must_be_of_today(tx, hall, visit.day, visit.number)
    service = _service(hall, command, visit)
    line = _target_line(tx, hall, counter, command, service)
    rank_at = visit.rank_at if command.keep_place else _head_start(tx, hall)
    close_visit(tx, hall, visit, "transferred", started_at=visit.started_at)
    _wait_again(tx, visit.ticket, service, line, rank_at, left=visit.services_left)
    record(
        tx,
        "ticket_transferred",
        counter,
        visit,
        to_service=service,
        to_counter=command.counter,
        to_clerk=command.clerk,
        keep_place=command.keep_place,
        reason=command.reason,
    )
    return answer(tx, hall, visit.ticket)


def _service(hall: HallFacts, command: Transfer, visit: OpenVisit) -> str:
    if command.counter and command.clerk:
        raise Invalid("counter", "窗口和人员只能选一个 / name a counter or a clerk, not both")
    if not (command.service or command.counter or command.clerk):
        raise Invalid("service", "请指明转移到的业务、窗口或人员 / name the service, counter or clerk to go to")
    service = command.service or visit.service
    if service not in hall.services or service in hall.headings:
        raise Unknown("service", service, field="service")
    return service


def _target_line(tx: Tx, hall: HallFacts, counter: str, command: Transfer, service: str) -> str:
    if command.clerk:
        _must_sit_somewhere(tx, command.clerk)
        return directed_line(clerk=command.clerk)
    if command.counter:
        _must_take(tx, hall, counter, command.counter, service)
        return directed_line(counter=command.counter)
    return directed_line(service=service)


def _must_sit_somewhere(tx: Tx, clerk: str) -> None:
    if clerk == tx.who.name:
        raise Invalid("clerk", "不能转移给自己 / that is you")
    if not tx.rows(sql.SEAT_OF_CLERK, clerk=clerk):
        raise NotAllowed(
            state="closed",
            zh=f"{clerk} 现在不在任何窗口，不能转移给其本人。",
            en=f"{clerk} sits at no counter now; send the citizen to a service or counter.",
        )


def _must_take(tx: Tx, hall: HallFacts, here: str, target: str, service: str) -> None:
    if target not in hall.counters:
        raise Unknown("counter", target, field="counter")
    if target == here:
        raise Invalid("counter", "不能转移到本窗口 / that is this counter")
    if service not in hall.counters[target].services:
        raise NotAllowed(
            state="open",
            zh=f"{target} 号窗口不办理业务 {service}，请同时指明业务。",
            en=f"counter {target} does not serve {service}; name a service that it serves.",
        )
    if seat(tx, target).status == "closed":
        raise NotAllowed(
            state="closed", zh=f"{target} 号窗口未开放，不能转移到该窗口。", en=f"counter {target} is closed."
        )


def _head_start(tx: Tx, hall: HallFacts) -> int:
    return micros(rank(tx.now, hall.rules.transfer_head_start_minutes))


def requeue(tx: Tx, hall: HallFacts, ticket: str) -> Ticket:
    """Back into the queue: after a no-show by the hall's rule, after a hold with the old place.

    Raises Unknown; NotAllowed for other states, an earlier day, or one that came back too often.
    """
    known = locked_ticket(tx, ticket)
    after(known.state, known.number, "requeue")
    must_be_of_today(tx, hall, known.day, known.number)
    missed = known.state == "no_show"
    if missed and known.returns >= hall.rules.return_most:
        raise NotAllowed(
            state="no_show",
            zh=f"{known.number} 号已过号 {known.returns + 1} 次，请重新取号。",
            en=f"{known.number} did not come {known.returns + 1} times; a new ticket is needed.",
        )
    line = directed_line(service=known.service)
    rank_at = _return_rank(tx, hall, known, line) if missed else known.rank_at
    _wait_again(tx, ticket, known.service, line, rank_at, left=known.services_left, returned=missed)
    tx.record(
        "ticket_requeued", ticket=ticket, service=known.service, number=known.number, was=known.state, rank_at=rank_at
    )
    return ticket_by_id(tx.rows, hall, ticket, tx.now)


def requeue_by_token(tx: Tx, hall: HallFacts, token: str) -> PublicTicket:
    """The citizen joins the queue again on the phone, after a no-show only: who is held is expected by the clerk.

    Raises Unknown, NotAllowed.
    """
    rows = tx.rows(sql.TICKET_BY_TOKEN, token=token)
    if not rows:
        raise Unknown("ticket", token)
    known = locked_ticket(tx, rows[0][0])
    if known.state == "held":
        raise NotAllowed(
            state="held",
            zh=f"{known.number} 号已挂起，请直接回到 {known.counter} 号窗口。",
            en=f"{known.number} is held; go back to counter {known.counter}.",
        )
    requeue(tx, hall, known.id)
    return public_ticket(tx.rows, hall, token, tx.now)


def _return_rank(tx: Tx, hall: HallFacts, known: KnownTicket, line: str) -> int:
    """Never behind somebody who takes a ticket now, never before the place it had."""
    places = hall.rules.return_places if hall.rules.return_by == "places" else 1
    others = [row[0] for row in tx.rows(sql.FIRST_RANKS, day=known.day, line=line, most=max(places, 1))]
    newcomer = micros(tx.now)
    if hall.rules.return_by == "places":
        return max(known.rank_at, return_rank(others, places=places, newcomer=newcomer))
    if not others:
        return max(known.rank_at, newcomer)
    later = micros(instant(others[0]) + timedelta(minutes=hall.rules.return_minutes))
    return max(known.rank_at, min(later, newcomer))


def _wait_again(
    tx: Tx, ticket: str, service: str, line: str, rank_at: int, *, left: list[str], returned: bool = False
) -> None:
    tx.rows(
        sql.WAIT_AGAIN,
        ticket=ticket,
        service=service,
        line=line,
        rank_at=rank_at,
        returned=int(returned),
        services_left=json.dumps(left),
    )
