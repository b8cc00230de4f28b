"""The plan as the database holds it."""

import json
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from hub.calendar.dates import Calendar, NamedDay, a_calendar
from hub.calendar.plan import Band, Plan, Season, ServicePlan, SpecialDay, Timetable, spans
from hub.calendar.rota import Rota, monday
from hub.calendar.wall_clock import minutes
from hub.journal import RunSql
from hub.opening_hours import CalendarSettings

_ACTIVE = "SELECT number, years, made_at, made_by, source FROM calendar_version WHERE active"


def load_calendar(run: RunSql) -> Calendar:
    """The active version; one without years before the first."""
    for number, years, *_ in run(_ACTIVE):
        rows = run("SELECT day, kind, name FROM calendar_date WHERE version = :version ORDER BY day", version=number)
        days = (NamedDay(date.fromisoformat(day), kind, name) for day, kind, name in rows)
        return a_calendar(number, json.loads(years), days)
    return Calendar()


def load_origin(run: RunSql) -> tuple[int, str, str]:
    """When (stored microseconds), by whom and from what the active version was made."""
    for _, _, made_at, made_by, source in run(_ACTIVE):
        return made_at, made_by, source
    return 0, "", ""


def load_plan(run: RunSql, rules: CalendarSettings) -> Plan:
    """Everything that decides when tickets are given. The hall must be there already."""
    time_zone, hours = run("SELECT time_zone, hours FROM hall")[0]
    return Plan(
        zone=ZoneInfo(time_zone),
        calendar=load_calendar(run),
        seasons=tuple(_season(one) for one in json.loads(hours)),
        special_days=_special_days(run),
        services=_services(run),
        make_up_hours_of=rules.make_up_hours_of,
        tickets_from_minutes_before=rules.tickets_from_minutes_before,
        cut_off_before_lunch=rules.cut_off_before_lunch,
        rotas=_rotas(run),
        departments=_departments(run),
        may_serve=_may_serve(run),
    )


def _timetable(open_: dict[str, list[str]]) -> Timetable:
    return {key: spans(clocks) for key, clocks in open_.items()}


def _season(stored: dict[str, Any]) -> Season:
    return Season(stored["season"], stored["from"], stored["to"], _timetable(stored["open"]))


def _special_days(run: RunSql) -> tuple[SpecialDay, ...]:
    rows = run("SELECT first, last, names, hours, services FROM special_day ORDER BY position")
    return tuple(
        SpecialDay(
            date.fromisoformat(first),
            date.fromisoformat(last),
            spans(json.loads(hours)),
            json.loads(names),
            frozenset(json.loads(services)),
        )
        for first, last, names, hours, services in rows
    )


def _services(run: RunSql) -> dict[str, ServicePlan]:
    rows = run("SELECT service, hours, cut_off_minutes, quota FROM service_opening ORDER BY service")
    return {
        service: ServicePlan(_timetable(json.loads(hours)) or None, cut_off, _bands(json.loads(quota)))
        for service, hours, cut_off, quota in rows
    }


def _bands(stored: list[dict[str, Any]]) -> tuple[Band, ...]:
    return tuple(sorted(Band(minutes(band["from"]), minutes(band["to"]), band["most"]) for band in stored))


def _rotas(run: RunSql) -> dict[str, Rota]:
    rows = run("SELECT counter, first_week, weeks, overrides FROM rota ORDER BY counter")
    return {
        counter: Rota(
            monday(first),
            tuple(tuple(turn) for turn in json.loads(weeks)),
            {week: tuple(turn) for week, turn in json.loads(overrides).items()},
        )
        for counter, first, weeks, overrides in rows
    }


def _departments(run: RunSql) -> dict[str, str]:
    """A service without a department of its own belongs to that of its heading."""
    rows = run("SELECT s.code, s.department, p.department FROM service s LEFT JOIN service p ON p.code = s.parent")
    return {code: own or inherited or "" for code, own, inherited in rows}


def _may_serve(run: RunSql) -> dict[str, tuple[str, ...]]:
    served: dict[str, tuple[str, ...]] = {}
    for counter, service in run("SELECT counter, service FROM counter_service ORDER BY counter, position"):
        served[counter] = (*served.get(counter, ()), service)
    return served
