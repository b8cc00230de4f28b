"""Past days for the demo's figures: made up by the same behaviour as the living demo, and journaled as such."""

from datetime import datetime, timedelta
from random import Random

from hub.clock import micros
from hub.demo.behaviour import Citizen, call, citizens
from hub.figures.rollup import mark
from hub.queue import sql
from hub.queue.hall import HallFacts
from hub.queue.rules import number_label
from hub.store import Tx
from hub.wire import LEVELS

MORNING_MINUTES = 180.0


def plant(tx: Tx, hall: HallFacts, days: int) -> None:
    """Fill the weekdays before today, `days` calendar days back."""
    today = hall.local(tx.now).replace(hour=9, minute=0, second=0, microsecond=0)
    past = [today - timedelta(days=back) for back in range(days, 0, -1)]
    mornings = [morning for morning in past if morning.weekday() < 5]
    for morning in mornings:
        _morning(tx, hall, morning, Random(morning.toordinal()))
    mark(tx, [morning.date().isoformat() for morning in mornings])


def _morning(tx: Tx, hall: HallFacts, opens: datetime, chance: Random) -> None:
    free_at = dict.fromkeys(hall.counters, 0.0)
    serials: dict[str, int] = {}
    for citizen in citizens(chance, MORNING_MINUTES):
        prefix = hall.services[citizen.service].prefix
        serials[prefix] = serials.get(prefix, 0) + 1
        counter = min(hall.counters_of(citizen.service), key=lambda code: free_at[code])
        free_at[counter] = _visit(tx, hall, opens, citizen, counter, serials[prefix], free_at[counter], chance)
    for prefix, last in serials.items():
        tx.rows(
            "INSERT INTO series (hall, day, prefix, last, last_at) VALUES (1, :day, :prefix, :last, :at)",
            day=opens.date().isoformat(),
            prefix=prefix,
            last=last,
            at=micros(opens),
        )


def _visit(
    tx: Tx,
    hall: HallFacts,
    opens: datetime,
    citizen: Citizen,
    counter: str,
    serial: int,
    free_at: float,
    chance: Random,
) -> float:
    """One citizen from ticket to evaluation; answers when the counter is free again, in seconds after opening."""
    fate = call(chance)
    called_s = max(citizen.arrives_s + 5, free_at)
    absent = fate.comes == "never"
    finished_s = called_s + (90 if absent else fate.walk_s + fate.service_s)
    day = opens.date().isoformat()

    def at(seconds: float) -> int:
        return micros(opens + timedelta(seconds=seconds))

    ticket = _ticket(tx, hall, citizen, day, serial, at(citizen.arrives_s))
    visit = _called(tx, ticket, citizen.service, counter, at(called_s))
    started = None if absent else at(called_s + fate.walk_s)
    tx.rows(
        sql.CLOSE_VISIT,
        visit=visit,
        outcome="no_show" if absent else "served",
        started_at=started,
        now=at(finished_s),
        day=day,
        result=None,
        case_no=None,
    )
    state = "no_show" if absent else "finished"
    tx.rows(sql.CLOSE_TICKET, ticket=ticket, state=state, started_at=started, now=at(finished_s))
    if not absent and fate.presses is not None:
        _evaluation(tx, visit, counter, fate.presses, at(finished_s + 10))
    return finished_s


def _ticket(tx: Tx, hall: HallFacts, citizen: Citizen, day: str, serial: int, issued_at: int) -> str:
    prefix = hall.services[citizen.service].prefix
    ticket = tx.new_id()
    tx.rows(
        sql.INSERT_TICKET,
        id=ticket,
        day=day,
        prefix=prefix,
        serial=serial,
        number=number_label(prefix, serial),
        service=citizen.service,
        priority="ordinary",
        channel="kiosk",
        language="zh",
        rank_at=issued_at,
        issued_at=issued_at,
        issued_by="demo-history",
        status_token=tx.new_secret(),
        line=f"s:{citizen.service}",
        lane="ordinary",
        services_left="[]",
    )
    return ticket


def _called(tx: Tx, ticket: str, service: str, counter: str, called_at: int) -> str:
    visit = tx.new_id()
    clerk = f"demo-counter-{counter}"
    tx.rows(
        sql.INSERT_VISIT,
        id=visit,
        ticket=ticket,
        counter=counter,
        service=service,
        clerk=clerk,
        now=called_at,
        announced=1,
        announced_at=called_at,
        started_at=None,
        how="next",
        reason=None,
    )
    tx.rows(
        "UPDATE ticket SET counter = :counter, visit = :visit, called_at = :called WHERE id = :ticket",
        counter=counter,
        visit=visit,
        called=called_at,
        ticket=ticket,
    )
    return visit


def _evaluation(tx: Tx, visit: str, counter: str, pressed: int, at: int) -> None:
    tx.rows(
        "INSERT INTO evaluation (id, visit, level, reasons, comment, channel, source, pressed_at, at, taken_by,"
        " request_id) VALUES (:id, :visit, :level, '[]', '', 'keypad', 'citizen', :at, :at, :by, :request)",
        id=tx.new_id(),
        visit=visit,
        level=LEVELS[pressed],
        at=at,
        by=f"demo-counter-{counter}",
        request=tx.new_secret(),
    )
