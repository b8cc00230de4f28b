"""Working days 工作日 (行政许可法 第八十二条: statutory holidays do not count) in a calendar. Pure; never guesses.

Everything raises CalendarUnknown for a day in a year without data.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby, takewhile

from hub.calendar.dates import FREE, Calendar
from hub.problems import CalendarUnknown
from hub.wire import Names

SATURDAY = 5
WEEKDAY_NAMES = (
    ("周一", "Monday"), ("周二", "Tuesday"), ("周三", "Wednesday"), ("周四", "Thursday"), ("周五", "Friday"),
    ("周六", "Saturday"), ("周日", "Sunday"),
)  # fmt: skip
WEEKEND: Names = {"zh": "周末", "en": "weekend"}


@dataclass(frozen=True)
class Counted:
    """A day found by counting, the calendar version it was found in, and how, line by line."""

    date: date
    version: int
    lines: tuple[Names, ...]


def working_day(calendar: Calendar, day: date) -> bool:
    """Whether people work on it: neither weekend nor day off, or a make-up workday (调休上班)."""
    if not calendar.knows(day):
        raise CalendarUnknown(day.year)
    named = calendar.named(day)
    return day.weekday() < SATURDAY if named is None else named.kind not in FREE


def working_days_of(calendar: Calendar, year: int) -> int:
    """How many working days the year has."""
    days = takewhile(lambda day: day.year == year, days_from(date(year, 1, 1)))
    return sum(working_day(calendar, day) for day in days)


def add_working_days(calendar: Calendar, day: date, n: int) -> date:
    """The `n`-th working day after `day`, which itself does not count (民法典 第二百零一条).

    With `n` 0 the day itself, or the working day that it moves to (第二百零三条). Raises ValueError below 0.
    """
    if n < 0:
        raise ValueError(f"{n} working days: only forward")
    if n == 0:
        return next(later for later in days_from(day) if working_day(calendar, later))
    for later in days_from(day + timedelta(days=1)):
        n -= working_day(calendar, later)
        if n == 0:
            return later
    raise AssertionError("days never end")


def after(calendar: Calendar, day: date, n: int) -> Counted:
    """`add_working_days` with the version used and an explanation for people."""
    found = add_working_days(calendar, day, n)
    return Counted(found, calendar.version, tuple(_lines(calendar, day, n, found)))


def days_from(day: date) -> Iterator[date]:
    """The day and all after it."""
    while True:
        yield day
        day += timedelta(days=1)


def _lines(calendar: Calendar, day: date, n: int, found: date) -> Iterator[Names]:
    if n:
        yield line(day, "当日不计入（民法典第二百零一条）", "itself does not count (Civil Code, article 201)")
    passed = [day + timedelta(days=offset) for offset in range(1 if n else 0, (found - day).days + 1)]
    for reason, run in groupby(passed, key=lambda one: why_free(calendar, one)):
        days = list(run)
        if reason:
            yield free_line(days, reason)
        else:
            yield from (worked_line(calendar, one) for one in days if one.weekday() >= SATURDAY)
    yield line(found, f"第 {n} 个工作日" if n else "工作日", f"working day {n}" if n else "a working day")
    yield {"zh": f"日历第 {calendar.version} 版", "en": f"calendar version {calendar.version}"}


def why_free(calendar: Calendar, day: date) -> tuple[tuple[str, str], ...]:
    """The names of a day off, as something that can be compared; empty for a working day."""
    if working_day(calendar, day):
        return ()
    named = calendar.named(day)
    return tuple((named.names if named else WEEKEND).items())


def free_line(days: list[date], reason: tuple[tuple[str, str], ...]) -> Names:
    names = dict(reason)
    return span_line(days, f"{names['zh']}，不计入", f"{names['en']}, not counted")


def span_line(days: list[date], zh: str, en: str) -> Names:
    """Of days that follow each other."""
    if len(days) == 1:
        return line(days[0], zh, en)
    return {"zh": f"{told(days[0])}至{told(days[-1])}：{zh}", "en": f"{days[0]} to {days[-1]}: {en}"}


def worked_line(calendar: Calendar, day: date) -> Names:
    weekday = WEEKDAY_NAMES[day.weekday()]
    return line(day, f"{weekday[0]}调休上班，计入", f"a {weekday[1]} that is worked, counted")


def line(day: date, zh: str, en: str) -> Names:
    return {"zh": f"{told(day)}：{zh}", "en": f"{day.isoformat()}: {en}"}


def told(day: date) -> str:
    """The day as Chinese papers write it."""
    return f"{day.year}年{day.month}月{day.day}日"
