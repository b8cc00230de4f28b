"""Plans for tests of the calendar room: the years that the package knows, and the hours of a small hall."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from hub.calendar import package
from hub.calendar.dates import Calendar, NamedDay, a_calendar
from hub.calendar.plan import Plan, Season, ServicePlan, spans

CHINA = ZoneInfo("Asia/Shanghai")
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri")
DAY = ("09:00-12:00", "13:30-17:00")


@cache
def known() -> Calendar:
    """2004 to 2026 as the package knows them; a package of a later year must not change a test."""
    years = range(2004, 2027)
    return a_calendar(1, years, [day for year in years for day in package.named_days(year)])


def hours(**days: Sequence[str]) -> dict[str, Any]:
    return {day: spans(tuple(clocks)) for day, clocks in days.items()}


def week(*clocks: str, **days: Sequence[str]) -> dict[str, Any]:
    """The same hours from Monday to Friday, and others for days named."""
    return hours(**{**dict.fromkeys(WEEKDAYS, clocks or DAY), **days})


def a_plan(*, open_: dict[str, Any] | None = None, zone: ZoneInfo = CHINA, **rest: Any) -> Plan:
    """A hall open from Monday to Friday with a lunch break."""
    season = Season("", "01-01", "12-31", week() if open_ is None else open_)
    return Plan(zone=zone, **{"calendar": known(), "seasons": (season,), **rest})


def with_service(service: str = "A", *, plan: dict[str, Any] | None = None, **rules: Any) -> Plan:
    return a_plan(services={service: ServicePlan(**rules)}, **(plan or {}))


def local(text: str, zone: ZoneInfo = CHINA) -> datetime:
    """`2026-10-01 09:00` on the hall's wall, as an instant."""
    return datetime.fromisoformat(text).replace(tzinfo=zone).astimezone(UTC)


def told(at: datetime | None, zone: ZoneInfo = CHINA) -> str:
    return f"{at.astimezone(zone):%Y-%m-%d %H:%M}" if at else ""


def a_day(text: str, kind: Any = "local_holiday", name: str = "州庆") -> NamedDay:
    return NamedDay(date.fromisoformat(text), kind, name)
