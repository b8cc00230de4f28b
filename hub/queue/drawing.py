"""The queue's part of the board. `draw` gives fresh values for what the entries touched; the board finds the patch."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from hub.calendar.telling import hall_opening, service_opening
from hub.clock import instant, micros
from hub.journal import Entry, RunSql
from hub.queue import sql
from hub.queue.hall import HallFacts, waiting_by_service
from hub.queue.rules import BOARD_LIST_MOST, RECENT_SHOWN, counter_state
from hub.queue.views import active_services, away_until
from hub.wire import (
    BoardCall,
    BoardCounter,
    BoardHall,
    BoardMissed,
    BoardRecent,
    BoardService,
)

CALLING = frozenset({"ticket_called", "ticket_chosen", "ticket_recalled"})
OPENING = frozenset({"counter_opened", "counter_closed", "counter_away", "counter_back", "hall_seeded", "rota_changed"})
#: Who was missed leaves the list of missed numbers when called again or back in the queue.
MISSING = frozenset({"ticket_no_show", "ticket_requeued", "ticket_chosen"})


def draw(run: RunSql, hall: HallFacts, entries: Iterable[Entry], now: datetime) -> dict[str, Any]:
    """Sections and members that these entries may have changed."""
    entries = list(entries)
    kinds = {entry.kind for entry in entries}
    touched = {entry.counter for entry in entries if entry.counter}
    services = {entry.service for entry in entries if entry.service}
    # a transfer or a ticket with several services leaves one line and joins another
    services.update(entry.data[key] for entry in entries for key in ("to_service", "after") if key in entry.data)
    for entry in entries:
        if entry.kind in OPENING and entry.counter:
            services.update(hall.counters[entry.counter].services)
    changes: dict[str, Any] = {
        "counters": _counters(run, hall, touched) if touched else {},
        "services": _services(run, hall, services, now) if services else {},
    }
    if kinds & CALLING:
        changes["calls"] = calls(run, hall, now)
        changes["recent"] = _recent(run, hall, now)
    if kinds & MISSING:
        changes["missed"] = _missed(run, hall, now)
    return changes


def draw_all(run: RunSql, hall: HallFacts, now: datetime) -> dict[str, Any]:
    """Every section whole."""
    return {
        "hall": hall_section(hall, now),
        "counters": _counters(run, hall, set(hall.counters)),
        "services": _services(run, hall, set(hall.services) - hall.headings, now),
        "calls": calls(run, hall, now),
        "recent": _recent(run, hall, now),
        "missed": _missed(run, hall, now),
    }


def hall_section(hall: HallFacts, now: datetime) -> dict[str, Any]:
    return BoardHall(
        name=hall.name,
        names=hall.names,
        time_zone=hall.zone_info.key,
        opening=hall_opening(hall.plan, now),
    ).wire()


def calls(run: RunSql, hall: HallFacts, now: datetime, *, most: int = BOARD_LIST_MOST) -> list[dict[str, Any]]:
    """The announcements that have not expired, newest first."""
    return [_call(hall.zone_info, *row) for row in run(sql.CALLS, now=micros(now), most=most)]


# The lists are drawn anew at each call, and all but one of their entries are known: nobody changes what they get here.
@lru_cache(maxsize=256)
def _call(zone: ZoneInfo, call: str, number: str, counter: str, at: int, times: int, expires: int) -> dict[str, Any]:
    at_, expires_at = instant(at).astimezone(zone), instant(expires).astimezone(zone)
    return BoardCall(id=call, number=number, counter=counter, at=at_, times=times, expires_at=expires_at).wire()


@lru_cache(maxsize=256)
def _recent_call(zone: ZoneInfo, number: str, counter: str, at: int) -> dict[str, Any]:
    return BoardRecent(number=number, counter=counter, at=instant(at).astimezone(zone)).wire()


def _counters(run: RunSql, hall: HallFacts, codes: set[str]) -> dict[str, Any]:
    only = next(iter(codes)) if len(codes) == 1 else None
    services = active_services(run)
    rows = run(sql.COUNTERS, only=only or "", every=only is None)
    return {row[0]: _counter(hall, services.get(row[0], []), *row) for row in rows if row[0] in codes}


def _counter(
    hall: HallFacts,
    services: list[str],
    _code: str,
    label: str,
    zone: str | None,
    status: str,
    _visit: str | None,
    number: str | None,
    visit_state: str | None,
    back_at: int | None,
) -> dict[str, Any]:
    return BoardCounter(
        label=label,
        state=counter_state(status, visit_state),
        zone=zone,
        number=number,
        services=services,
        away=away_until(hall, status, back_at),
    ).wire()


def _services(run: RunSql, hall: HallFacts, codes: set[str], now: datetime) -> dict[str, Any]:
    waiting = waiting_by_service(run, hall.day(now))
    return {code: _service(run, hall, code, waiting.get(code, 0), now) for code in hall.services if code in codes}


def reopened(run: RunSql, hall: HallFacts, shown: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    """Services that time alone has opened, closed or given a fresh quota since `shown` was drawn."""
    known = {code: service for code, service in shown.items() if code in hall.services}
    turned = {code for code, service in known.items() if _turned(run, hall, code, service, now)}
    return _services(run, hall, turned, now) if turned else {}


def _turned(run: RunSql, hall: HallFacts, code: str, shown: Mapping[str, Any], now: datetime) -> bool:
    opening, quota_left = service_opening(run, hall.plan, code, now)
    return (shown.get("opening"), shown.get("quota_left")) != (opening.wire(), quota_left)


def _service(run: RunSql, hall: HallFacts, code: str, waiting: int, now: datetime) -> dict[str, Any]:
    last = run(sql.LAST_CALLED, service=code, since=hall.day_began(now))
    opening, quota_left = service_opening(run, hall.plan, code, now)
    return BoardService(
        names=hall.services[code].names,
        opening=opening,
        quota_left=quota_left,
        waiting=waiting,
        wait_minutes=hall.waits.of_newcomer(code, waiting=waiting, now=now),
        last_called=last[0][0] if last else None,
    ).wire()


def _recent(run: RunSql, hall: HallFacts, now: datetime) -> list[dict[str, Any]]:
    return [_recent_call(hall.zone_info, *row) for row in run(sql.RECENT, since=hall.day_began(now), most=RECENT_SHOWN)]


def _missed(run: RunSql, hall: HallFacts, now: datetime) -> list[dict[str, Any]]:
    rows = run(sql.MISSED, since=hall.day_began(now), most=BOARD_LIST_MOST)
    return [BoardMissed(number=r[0], counter=r[1], at=hall.local(instant(r[2]))).wire() for r in rows]
