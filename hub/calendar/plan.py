"""What a hall has decided about its hours, quotas and rota: the plan, and the hours it gives to a day. Pure.

Which hours a day has, first that fits: a special day 特殊安排 that names the service (or the whole hall); a day off of
the calendar (the timetable's `holiday` hours, else closed, with the holiday's name); a make-up workday 调休上班 (the
timetable's `make_up` hours, else those of the weekday `make_up_hours_of`); the weekday. A service's own timetable
stands in for the hall's seasons. A year that the calendar does not know has weekdays only.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, NamedTuple
from zoneinfo import ZoneInfo

from hub.calendar.dates import FREE, Calendar
from hub.calendar.rota import Rota, departments
from hub.calendar.wall_clock import MINUTES_A_DAY, minutes
from hub.wire import ClosedReason, Names

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
DayKey = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun", "holiday", "make_up"]


class Span(NamedTuple):
    """Minutes after midnight, from inclusive, until exclusive."""

    start: int
    end: int


WHOLE_DAY = (Span(0, MINUTES_A_DAY),)
Timetable = Mapping[str, tuple[Span, ...]]


class Band(NamedTuple):
    """At most `most` numbers between two minutes of a day."""

    start: int
    end: int
    most: int

    @property
    def key(self) -> str:
        return f"{self.start // 60:02d}:{self.start % 60:02d}-{self.end // 60:02d}:{self.end % 60:02d}"


@dataclass(frozen=True)
class Season:
    """A timetable from month-day to month-day inclusive (`MM-DD`, may run over New Year)."""

    name: str
    first: str
    last: str
    hours: Timetable

    def covers(self, day: date) -> bool:
        month_day = f"{day.month:02d}-{day.day:02d}"
        if self.first <= self.last:
            return self.first <= month_day <= self.last
        return month_day >= self.first or month_day <= self.last


@dataclass(frozen=True)
class SpecialDay:
    """Own hours from day to day inclusive; none = closed. Without services it is the whole hall's."""

    first: date
    last: date
    hours: tuple[Span, ...]
    names: Names = field(default_factory=dict)
    services: frozenset[str] = frozenset()

    def concerns(self, service: str | None, day: date) -> bool:
        return self.first <= day <= self.last and (not self.services or service in self.services)


@dataclass(frozen=True)
class ServicePlan:
    """A service's own rules. Without `hours` it has the hall's; `bands` do not overlap, between them nothing limits."""

    hours: Timetable | None = None
    cut_off_minutes: int = 0
    bands: tuple[Band, ...] = ()


@dataclass(frozen=True, eq=False)
class Plan:
    """Everything that decides when tickets are given; compared by identity, so that days can be remembered."""

    zone: ZoneInfo
    calendar: Calendar = field(default_factory=Calendar)
    seasons: tuple[Season, ...] = ()
    special_days: tuple[SpecialDay, ...] = ()
    services: Mapping[str, ServicePlan] = field(default_factory=dict)
    make_up_hours_of: str = "mon"
    tickets_from_minutes_before: int = 0
    cut_off_before_lunch: bool = False
    rotas: Mapping[str, Rota] = field(default_factory=dict)
    departments: Mapping[str, str] = field(default_factory=dict)
    may_serve: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def of(self, service: str | None) -> ServicePlan:
        return self.services.get(service, ServicePlan()) if service else ServicePlan()


@dataclass(frozen=True)
class DayHours:
    """A day's spans, earliest first. `reason` and `names` say why there are none; `always`: no hours were ever set."""

    spans: tuple[Span, ...]
    reason: ClosedReason = "closed_day"
    names: Names = field(default_factory=dict)
    always: bool = False


def spans(clocks: tuple[str, ...] | list[str]) -> tuple[Span, ...]:
    """`HH:MM-HH:MM` texts, earliest first."""
    return tuple(sorted(Span(minutes(text[:5]), minutes(text[6:])) for text in clocks))


def hours_on(plan: Plan, service: str | None, day: date) -> DayHours:
    """The hours of a service, or of the hall itself (None), on a day."""
    special = next((one for one in plan.special_days if one.concerns(service, day)), None)
    if special is not None:
        return DayHours(special.hours, names=special.names)
    own = plan.of(service).hours
    if own is None and not plan.seasons:
        return DayHours(WHOLE_DAY, always=True)
    timetable = _season_hours(plan, day) if own is None else own
    named = plan.calendar.named(day)
    if named is None:
        return DayHours(timetable.get(WEEKDAYS[day.weekday()], ()))
    if named.kind in FREE:
        return DayHours(timetable.get("holiday", ()), "holiday", named.names)
    return DayHours(timetable.get("make_up", timetable.get(plan.make_up_hours_of, ())))


def _season_hours(plan: Plan, day: date) -> Timetable:
    return next((season.hours for season in plan.seasons if season.covers(day)), {})


def services_this_week(plan: Plan, counter: str, day: date) -> tuple[str, ...]:
    """The services a counter serves in the week of the day, of those that it may serve, in its own order."""
    may = plan.may_serve.get(counter, ())
    rota = plan.rotas.get(counter)
    turn = departments(rota, day) if rota else None
    return may if turn is None else tuple(service for service in may if plan.departments.get(service) in turn)
