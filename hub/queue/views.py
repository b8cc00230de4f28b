"""What is told of tickets, counters and the hall: rows in, wire messages out."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from hub.calendar.telling import hall_opening, pause, service_opening
from hub.clock import instant
from hub.journal import RunSql
from hub.problems import Unknown
from hub.queue import sql
from hub.queue.calling_order import Lane
from hub.queue.hall import HallFacts, ServiceFacts, waiting_by_service
from hub.queue.rules import counter_state
from hub.store import Tx
from hub.wire import (
    Counter,
    CounterAway,
    HallAnswer,
    PrintOutcome,
    Priority,
    PublicTicket,
    Service,
    Ticket,
    TicketState,
    WaitRange,
    Zone,
)


@dataclass(frozen=True)
class KnownTicket:
    """A ticket's row, in the order of `sql.TICKET_COLUMNS`; instants in stored microseconds."""

    id: str
    number: str
    service: str
    state: TicketState
    priority: str
    counter: str | None
    visit: str | None
    issued_at: int
    called_at: int | None
    started_at: int | None
    finished_at: int | None
    status_token: str
    day: str
    rank_at: int
    serial: int
    line: str
    services_left_json: str
    held_until: int | None
    returns: int
    lane: Lane
    paper: PrintOutcome | Literal[""]

    @property
    def services_left(self) -> list[str]:
        left: list[str] = json.loads(self.services_left_json)
        return left


def locked_ticket(tx: Tx, ticket: str) -> KnownTicket:
    """The ticket, held for this transaction. Raises Unknown."""
    rows = tx.rows(sql.LOCK_TICKET, id=ticket)
    if not rows:
        raise Unknown("ticket", ticket)
    return KnownTicket(*rows[0])


def ticket_by_id(run: RunSql, hall: HallFacts, ticket: str, now: datetime) -> Ticket:
    """Raises Unknown."""
    rows = run(sql.TICKET_BY_ID, id=ticket)
    if not rows:
        raise Unknown("ticket", ticket)
    return told(run, hall, KnownTicket(*rows[0]), now)


def told(run: RunSql, hall: HallFacts, known: KnownTicket, now: datetime) -> Ticket:
    """What is said of a ticket whose row is known already."""
    kind, _, target = known.line.partition(":")
    counters = [target] if kind == "c" and known.state == "waiting" else hall.counters_of(known.service, now)
    ahead, wait = _place(run, hall, known, now)
    at = known.counter if known.state != "waiting" else None
    zone = hall.counters[at or counters[0]].zone if at or counters else None
    directed = known.state == "waiting"
    return Ticket(
        id=known.id,
        number=known.number,
        service=known.service,
        state=known.state,
        priority=known.priority,
        ahead=ahead,
        wait_minutes=wait,
        zone=zone,
        counters=counters,
        counter=known.counter,
        visit=known.visit,
        issued_at=hall.local(instant(known.issued_at)),
        called_at=_local(hall, known.called_at),
        started_at=_local(hall, known.started_at),
        finished_at=_local(hall, known.finished_at),
        services_left=known.services_left or None,
        held_until=_local(hall, known.held_until),
        returns=known.returns or None,
        only_counter=target if directed and kind == "c" else None,
        only_clerk=target if directed and kind == "p" else None,
        paper=known.paper or None,
        status_url=f"{hall.public_url}/t/{known.status_token}",
    )


def public_ticket(run: RunSql, hall: HallFacts, token: str, now: datetime) -> PublicTicket:
    """Raises Unknown."""
    rows = run(sql.TICKET_BY_TOKEN, token=token)
    if not rows:
        raise Unknown("ticket", token)
    ticket = told(run, hall, KnownTicket(*rows[0]), now)
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
        held_until=ticket.held_until,
        services_left=[hall.services[code].names for code in ticket.services_left or ()] or None,
        may_return=(ticket.state == "no_show" and (ticket.returns or 0) < hall.rules.return_most) or None,
        pause=pause(hall.plan, ticket.service, now) if ticket.state == "waiting" else None,
    )


def _place(run: RunSql, hall: HallFacts, known: KnownTicket, now: datetime) -> tuple[int | None, WaitRange | None]:
    if known.state != "waiting":
        return None, None
    place = {"line": known.line, "rank_at": known.rank_at, "serial": known.serial, "id": known.id}
    ahead = int(run(sql.AHEAD, day=known.day, **place)[0][0])
    wait = hall.waits.of_ticket(known.line, known.lane, known.rank_at, known.serial, ahead=ahead, now=now)
    return ahead, wait


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
    active = active_services(run)
    return [
        Counter(
            code=row[0],
            label=row[1],
            zone=row[2],
            state=counter_state(row[3], row[6]),
            services=active.get(row[0], []),
            number=row[5],
            visit=row[4],
            second_services=[s for s in hall.counters[row[0]].second_services if s in active.get(row[0], [])] or None,
            waiting=int(run(sql.WAITING_OF_COUNTER, counter=row[0], day=day)[0][0]),
            away=away_until(hall, row[3], row[7]),
            evaluator_levels=list(hall.counters[row[0]].evaluator_levels),
        )
        for row in run(sql.COUNTERS, only=only or "", every=only is None)
    ]


def active_services(run: RunSql) -> dict[str, list[str]]:
    """Which services each counter takes now."""
    active: dict[str, list[str]] = {}
    for counter, service in run(sql.ACTIVE_SERVICES):
        active.setdefault(counter, []).append(service)
    return active


def away_until(hall: HallFacts, status: str, back_at: int | None) -> CounterAway | None:
    return CounterAway(back_at=hall.local(instant(back_at))) if status == "away" and back_at else None


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
        priorities=[
            Priority(name=name, names=p.names, head_start_minutes=p.head_start_minutes, at_kiosk=p.at_kiosk)
            for name, p in hall.priorities.items()
        ],
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
        wait_minutes=hall.waits.of_newcomer(service.code, waiting=waiting, now=now),
        documents=service.documents,
        counters=hall.counters_of(service.code, now),
    )
