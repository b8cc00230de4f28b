"""What is told of tickets, counters and the hall: rows in, wire messages out."""

from datetime import datetime
from typing import Any

from hub.calendar.telling import hall_opening, service_opening
from hub.clock import instant
from hub.journal import RunSql
from hub.problems import Unknown
from hub.queue import sql
from hub.queue.hall import HallFacts, ServiceFacts, wait_for, waiting_by_service
from hub.queue.rules import counter_state
from hub.wire import Counter, HallAnswer, PublicTicket, Service, Ticket, WaitRange, Zone


def ticket_by_id(run: RunSql, hall: HallFacts, ticket: str, now: datetime) -> Ticket:
    """Raises Unknown."""
    rows = run(sql.TICKET_BY_ID, id=ticket)
    if not rows:
        raise Unknown("ticket", ticket)
    return _ticket(run, hall, rows[0], now)


def _ticket(run: RunSql, hall: HallFacts, row: Any, now: datetime) -> Ticket:
    counters = hall.counters_of(row[2])
    ahead, wait = _place(run, hall, row, now)
    zone = hall.counters[row[5] or counters[0]].zone if row[5] or counters else None
    return Ticket(
        id=row[0],
        number=row[1],
        service=row[2],
        state=row[3],
        priority=row[4],
        ahead=ahead,
        wait_minutes=wait,
        zone=zone,
        counters=counters,
        counter=row[5],
        visit=row[6],
        issued_at=hall.local(instant(row[7])),
        called_at=_local(hall, row[8]),
        started_at=_local(hall, row[9]),
        finished_at=_local(hall, row[10]),
        status_url=f"{hall.public_url}/t/{row[11]}",
    )


def public_ticket(run: RunSql, hall: HallFacts, token: str, now: datetime) -> PublicTicket:
    """Raises Unknown."""
    rows = run(sql.TICKET_BY_TOKEN, token=token)
    if not rows:
        raise Unknown("ticket", token)
    ticket = _ticket(run, hall, rows[0], now)
    return PublicTicket(
        number=ticket.number,
        state=ticket.state,
        service_names=hall.services[ticket.service].names,
        hall_names=hall.names,
        ahead=ticket.ahead,
        wait_minutes=ticket.wait_minutes,
        counters=ticket.counters,
        counter=ticket.counter,
        issued_at=ticket.issued_at,
        called_at=ticket.called_at,
        finished_at=ticket.finished_at,
    )


def _place(run: RunSql, hall: HallFacts, row: Any, now: datetime) -> tuple[int | None, WaitRange | None]:
    if row[3] != "waiting":
        return None, None
    ahead = int(run(sql.AHEAD, day=row[12], service=row[2], rank_at=row[13], serial=row[14])[0][0])
    return ahead, wait_for(run, hall, row[2], ahead, now)


def _local(hall: HallFacts, at: int | None) -> datetime | None:
    return None if at is None else hall.local(instant(at))


def counter_by_code(run: RunSql, hall: HallFacts, code: str, now: datetime) -> Counter:
    """Raises Unknown."""
    found = counters(run, hall, now, only=code)
    if not found:
        raise Unknown("counter", code)
    return found[0]


def counters(run: RunSql, hall: HallFacts, now: datetime, *, only: str | None = None) -> list[Counter]:
    """All counters, or the one asked for."""
    day = hall.day(now)
    active: dict[str, list[str]] = {}
    for counter, service in run(sql.ACTIVE_SERVICES):
        active.setdefault(counter, []).append(service)
    return [
        Counter(
            code=row[0],
            label=row[1],
            zone=row[2],
            state=counter_state(row[3], row[6]),
            services=active.get(row[0], []),
            number=row[5],
            visit=row[4],
            waiting=int(run(sql.WAITING_OF_COUNTER, counter=row[0], day=day)[0][0]),
            evaluator_levels=list(hall.counters[row[0]].evaluator_levels),
        )
        for row in run(sql.COUNTERS, only=only)
    ]


def hall_answer(run: RunSql, hall: HallFacts, now: datetime, speed: float) -> HallAnswer:
    """`GET /hall`."""
    waiting = waiting_by_service(run, hall.day(now))
    return HallAnswer(
        name=hall.name,
        names=hall.names,
        time_zone=hall.zone_info.key,
        language=hall.language,
        time=hall.local(now),
        speed=speed,
        opening=hall_opening(hall.plan, now),
        zones=[Zone(code=code, names=names) for code, names in hall.zones.items()],
        services=[_service(run, hall, one, waiting.get(one.code, 0), now) for one in hall.services.values()],
        counters=counters(run, hall, now),
    )


def _service(run: RunSql, hall: HallFacts, service: ServiceFacts, waiting: int, now: datetime) -> Service:
    opening, quota_left = service_opening(run, hall.plan, service.code, now)
    return Service(
        code=service.code,
        names=service.names,
        prefix=service.prefix,
        parent=service.parent,
        open=opening.state == "open",
        opening=opening,
        quota_left=quota_left,
        waiting=waiting,
        wait_minutes=wait_for(run, hall, service.code, waiting, now),
        documents=service.documents,
        counters=hall.counters_of(service.code),
    )
