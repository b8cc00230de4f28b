"""Opening and closing counters, going away and coming back. Each function is one verb, one transaction."""

from hub.clock import micros
from hub.problems import Invalid, NotAllowed, Unknown
from hub.queue import sql
from hub.queue.hall import HallFacts
from hub.queue.rules import directed_line
from hub.queue.seats import PEOPLE, must_be_free, own_seat, seat
from hub.queue.views import counter_by_code
from hub.store import Tx
from hub.wire import Away, Counter, OpenCounter


def open_counter(tx: Tx, hall: HallFacts, counter: str, command: OpenCounter) -> Counter:
    """Open it for all its services, or for those named; a person sits down there.

    A person may sit down at a counter that a keypad has opened. Raises Unknown (counter, service), NotAllowed when
    it is open already, somebody else sits there, or the asker sits elsewhere.
    """
    found = own_seat(tx, counter)
    clerk = tx.who.name if tx.who.role in PEOPLE else found.clerk
    if found.status != "closed" and clerk == found.clerk:
        raise NotAllowed(state=found.status, zh=f"{counter} 号窗口已经开放。", en=f"counter {counter} is open already.")
    if clerk is not None:
        _sits_nowhere_else(tx, counter, clerk)
    can_serve, this_week = hall.counters[counter].services, hall.serves_this_week(counter, tx.now)
    chosen = command.services if command.services is not None else list(this_week)
    for service in chosen:
        if service not in can_serve:
            raise Unknown("service", service, field="services")
        if service not in this_week:
            raise Invalid(
                "services", f"{service}：本周不在 {counter} 号窗口办理 / not served at this counter this week"
            )
    for service in can_serve:
        tx.rows(sql.SET_ACTIVE, counter=counter, service=service, active=service in chosen)
    _set(tx, counter, "open", clerk)
    tx.record("counter_opened", counter=counter, services=chosen, clerk=clerk)
    return counter_by_code(tx.rows, hall, counter, tx.now)


def _sits_nowhere_else(tx: Tx, counter: str, clerk: str) -> None:
    for (other,) in tx.rows(sql.SEAT_OF_CLERK, clerk=clerk):
        if other != counter:
            raise NotAllowed(
                state="open",
                zh=f"您还在 {other} 号窗口，请先关闭 {other} 号窗口。",
                en=f"you sit at counter {other}; close that one first.",
            )


def close_counter(tx: Tx, hall: HallFacts, counter: str) -> Counter:
    """Close it. Raises Unknown; NotAllowed while it has a citizen or is closed already.

    A duty leader or manager may close it for the clerk who sits there; what was directed to it goes back into its
    services' lines.
    """
    found = seat(tx, counter) if tx.who.role in ("duty_leader", "manager") else own_seat(tx, counter)
    must_be_free(tx, counter)
    if found.status == "closed":
        raise NotAllowed(state="closed", zh=f"{counter} 号窗口已经关闭。", en=f"counter {counter} is closed already.")
    shut(tx, hall, counter, found.clerk)
    return counter_by_code(tx.rows, hall, counter, tx.now)


def shut(tx: Tx, hall: HallFacts, counter: str, clerk: str | None, *, why: str = "") -> None:
    """Close a counter that has no citizen."""
    _set(tx, counter, "closed", None)
    for line in [directed_line(counter=counter), *([directed_line(clerk=clerk)] if clerk else [])]:
        for ticket, number, service in tx.rows(sql.RELEASE, day=hall.day(tx.now), line=line):
            tx.record("ticket_released", ticket=ticket, counter=counter, service=service, number=number)
    tx.record("counter_closed", counter=counter, clerk=clerk, **({"reason": why} if why else {}))


def go_away(tx: Tx, hall: HallFacts, counter: str, command: Away) -> Counter:
    """暂停服务 until `back_at`. Raises Unknown, NotAllowed (not open, a citizen is there), Invalid (in the past)."""
    found = own_seat(tx, counter)
    must_be_free(tx, counter)
    if found.status == "closed":
        raise NotAllowed(state="closed", zh=f"{counter} 号窗口已关闭，无需暂停。", en=f"counter {counter} is closed.")
    if command.back_at <= tx.now:
        raise Invalid("back_at", "须晚于现在 / must be later than now")
    _set(tx, counter, "away", found.clerk, command)
    tx.record(
        "counter_away",
        counter=counter,
        reason=command.reason,
        back_at=command.back_at.isoformat(),
        stand_in=command.stand_in,
        clerk=found.clerk,
    )
    return counter_by_code(tx.rows, hall, counter, tx.now)


def come_back(tx: Tx, hall: HallFacts, counter: str) -> Counter:
    """The counter goes on. Raises Unknown, NotAllowed when it was not away."""
    found = own_seat(tx, counter)
    if found.status != "away":
        raise NotAllowed(
            state=found.status,
            zh=f"{counter} 号窗口没有暂停。",
            en=f"counter {counter} is {found.status}, not away.",
        )
    _set(tx, counter, "open", found.clerk)
    tx.record("counter_back", counter=counter, clerk=found.clerk)
    return counter_by_code(tx.rows, hall, counter, tx.now)


def _set(tx: Tx, counter: str, status: str, clerk: str | None, away: Away | None = None) -> None:
    tx.rows(
        sql.SET_COUNTER,
        counter=counter,
        status=status,
        clerk=clerk,
        reason=away.reason if away else None,
        back_at=micros(away.back_at) if away else None,
        stand_in=away.stand_in if away else None,
    )
