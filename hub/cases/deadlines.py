"""When a case is due 办理期限, and why, line by line. Pure; refuses beyond the calendar's data (CalendarUnknown).

Sources, by the short names of the halls' regulations and the law:
- working days, the day itself not counted: 限时办结制 第七条, 民法典 第二百零一条;
- the close of business of the last day: 民法典 第二百零三条;
- material to be corrected is told once, within five working days, or the case counts as accepted on receipt; after the
  correction the count begins anew: 行政许可法 第三十二条, 限时办结制 第七条;
- hearings, inspections, expert reviews and the like do not count: 行政许可法 第四十五条, 限时办结制 第十条;
- a longer time only when the applicant is told before the end: 限时办结制 第九条;
- an applicant who misses the appointed time: the office counts as in time, 限时办结制 第九条.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Literal
from zoneinfo import ZoneInfo

from hub.calendar.dates import Calendar
from hub.calendar.wall_clock import MINUTES_A_DAY, hall_day, moment
from hub.calendar.working_days import add_working_days, days_from, working_day
from hub.cases import explaining
from hub.problems import CalendarUnknown
from hub.wire import Names

Mark = Literal["free", "stopped", "counted"]


@dataclass(frozen=True)
class Stop:
    """Days that do not count, `first` to `last` inclusive; without `last` it lasts still."""

    first: date
    last: date | None = None
    reason: str = "other"

    def covers(self, day: date) -> bool:
        return self.first <= day and (self.last is None or day <= self.last)


@dataclass(frozen=True)
class Course:
    """What happened to a case that moves its deadline. Instants are aware.

    `suspended_days` is the number where nobody wrote down the dates; of dates and number the longer one holds.
    """

    received_at: datetime
    days: int
    correction_notice_at: datetime | None = None
    corrected_at: datetime | None = None
    stops: tuple[Stop, ...] = ()
    suspended_days: int = 0
    extension_days: int = 0
    extension_told_at: datetime | None = None
    appointed_at: datetime | None = None
    citizen_missed: bool = False


@dataclass(frozen=True, eq=False)
class DayRules:
    """The hall's days. `closes` gives the minute of a day at which business ends, None for a day without hours.

    `restart_same_day`: the day of the correction counts (便民服务大厅制度: 从补齐之日起), else the one after it.
    """

    calendar: Calendar
    zone: ZoneInfo
    closes: Callable[[date], int | None]
    correction_days: int = 5
    restart_same_day: bool = False

    def end_of(self, day: date) -> datetime:
        """The close of business, in UTC."""
        minute = self.closes(day)
        return moment(self.zone, day, MINUTES_A_DAY if minute is None else minute)


@dataclass(frozen=True)
class Deadline:
    """`at` (UTC) is empty while nothing runs: material is awaited, or the case is suspended without an end.

    `deemed_on_time`: whenever it is closed, the office counts as in time.
    """

    day: date | None
    at: datetime | None
    version: int
    lines: tuple[Names, ...] = field(default=())
    deemed_on_time: bool = False


def deadline(course: Course, rules: DayRules) -> Deadline:
    """Raises CalendarUnknown when a year without data would be needed, ValueError for negative days."""
    if min(course.days, course.suspended_days, course.extension_days) < 0:
        raise ValueError(f"{course}: days cannot be negative")
    lines: list[Names] = []
    first = _first_day(course, rules, lines)
    day = None if first is None else _counted(course, rules, first, course.days, course.suspended_days, lines)
    if day is not None and course.extension_days:
        day = _extended(course, rules, day, lines)
    if day is None:
        return Deadline(None, None, rules.calendar.version, (*lines, explaining.version(rules.calendar)))
    at = rules.end_of(day)
    deemed = _missed_in_time(course, at)
    lines.append(explaining.close_of_business(day, rules.closes(day)))
    lines += explaining.missed(course.appointed_at, rules.zone, deemed) if course.citizen_missed else []
    return Deadline(day, at, rules.calendar.version, (*lines, explaining.version(rules.calendar)), deemed)


def overdue(due_at: datetime | None, deemed_on_time: bool, closed_at: datetime | None, now: datetime) -> bool:
    """Whether a case is or was closed too late; exactly at the moment is in time."""
    return due_at is not None and not deemed_on_time and due_at < (closed_at or now)


def accepted_by_silence(received_at: datetime, rules: DayRules, now: datetime) -> bool:
    """Whether the days for a notice of correction have passed: then a case counts as accepted on receipt.

    In a year without data nobody can tell, and nothing is presumed: a case can still be closed.
    """
    try:
        limit = add_working_days(rules.calendar, hall_day(rules.zone, received_at), rules.correction_days)
    except CalendarUnknown:
        return False
    return now > rules.end_of(limit)


def _first_day(course: Course, rules: DayRules, lines: list[Names]) -> date | None:
    """The first day that may count; None while corrected material is awaited."""
    received = hall_day(rules.zone, course.received_at)
    if course.correction_notice_at is None or not _told_in_time(course, rules, lines):
        return _after_receipt(course, rules, received, lines)
    if course.corrected_at is None:
        lines.append(explaining.awaited(hall_day(rules.zone, course.correction_notice_at)))
        return None
    corrected = hall_day(rules.zone, course.corrected_at)
    if course.days and not rules.restart_same_day:
        lines.append(explaining.restarted(corrected, same_day=False))
        return corrected + timedelta(days=1)
    lines.append(explaining.restarted(corrected, same_day=True))
    return _while_open(rules, course.corrected_at, lines)


def _told_in_time(course: Course, rules: DayRules, lines: list[Names]) -> bool:
    """Whether the notice came within the working days that the law gives for it."""
    assert course.correction_notice_at is not None
    received = hall_day(rules.zone, course.received_at)
    limit = add_working_days(rules.calendar, received, rules.correction_days)
    in_time = course.correction_notice_at <= rules.end_of(limit)
    notice = hall_day(rules.zone, course.correction_notice_at)
    lines.append(explaining.notice(notice, rules.correction_days, limit, in_time))
    return in_time


def _after_receipt(course: Course, rules: DayRules, received: date, lines: list[Names]) -> date:
    if course.days:
        lines.append(explaining.received(received))
        return received + timedelta(days=1)
    lines.append(explaining.same_day(received))
    return _while_open(rules, course.received_at, lines)


def _while_open(rules: DayRules, at: datetime, lines: list[Names]) -> date:
    """The day of what is done at once; the next one for what comes after the close of business."""
    day = hall_day(rules.zone, at)
    if at <= rules.end_of(day):
        return day
    lines.append(explaining.after_hours(day))
    return day + timedelta(days=1)


def _counted(
    course: Course, rules: DayRules, first: date, days: int, unwritten: int, lines: list[Names]
) -> date | None:
    """The day on which enough working days have counted; None within a suspension that has no end yet."""
    found, said = _count(rules, course.stops, first, days, unwritten)
    lines += said
    return found


@lru_cache(maxsize=8192)
def _count(
    rules: DayRules, stops: tuple[Stop, ...], first: date, days: int, unwritten: int
) -> tuple[date | None, tuple[Names, ...]]:
    """Remembered: a year of cases has few different ones, and an import asks for each of them twice."""
    passed: list[tuple[date, Mark, str]] = []
    marks: Counter[Mark] = Counter()
    enough, found = max(days, 1), None
    for day, mark, reason in _marked(rules.calendar, stops, first):
        passed.append((day, mark, reason))
        marks[mark] += 1
        worked = marks["counted"] + marks["stopped"]
        if mark == "counted" and marks["counted"] >= enough and worked >= enough + unwritten:
            found = day
            break
    lines = list(explaining.passed(rules.calendar, passed))
    if unwritten:
        lines.append(explaining.unwritten(unwritten))
    lines.append(explaining.stands_still(_open_since(stops)) if found is None else explaining.found(found, days))
    return found, tuple(lines)


def _marked(calendar: Calendar, stops: tuple[Stop, ...], first: date) -> Iterator[tuple[date, Mark, str]]:
    """Every day from `first` on with what it counts as; ends where a suspension without an end begins."""
    for day in days_from(first):
        covering = [stop for stop in stops if stop.covers(day)]
        if any(stop.last is None for stop in covering):
            return
        if not working_day(calendar, day):
            yield day, "free", ""
        elif covering:
            yield day, "stopped", covering[0].reason
        else:
            yield day, "counted", ""


def _open_since(stops: tuple[Stop, ...]) -> date:
    return min(stop.first for stop in stops if stop.last is None)


def _extended(course: Course, rules: DayRules, day: date, lines: list[Names]) -> date | None:
    """The later day, when the applicant was told of it before the end."""
    end, told_at = rules.end_of(day), course.extension_told_at
    lines.append(explaining.end_before_extension(day))
    if told_at is None or told_at > end:
        lines.append(explaining.not_extended(None if told_at is None else hall_day(rules.zone, told_at)))
        return day
    lines.append(explaining.extended(hall_day(rules.zone, told_at), course.extension_days))
    return _counted(course, rules, day + timedelta(days=1), course.extension_days, 0, lines)


def _missed_in_time(course: Course, at: datetime) -> bool:
    """The applicant stayed away at a time that would have been in time; without an appointed time nothing shows it."""
    return course.citizen_missed and course.appointed_at is not None and course.appointed_at <= at
