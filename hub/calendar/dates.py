"""The calendar: which days are free although they are weekdays, and which weekends are worked. Pure.

Days off are announced for one year at a time (全国年节及纪念日放假办法, 国务院办公厅 notice of each autumn), so a year
without data is unknown: nothing here ever computes a holiday.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from hub.wire import DateKind, Names

#: English of the names that the national arrangement uses; other names stand as they are.
ENGLISH = {
    "元旦": "New Year's Day",
    "春节": "Spring Festival",
    "清明节": "Tomb-Sweeping Day",
    "劳动节": "Labour Day",
    "端午节": "Dragon Boat Festival",
    "中秋节": "Mid-Autumn Festival",
    "国庆节": "National Day",
    "抗战胜利纪念日": "Victory Day",
}

#: Days that are off in every year (全国年节及纪念日放假办法 第二条): a year without them is not a whole one.
FIXED = ((1, 1), (5, 1), (10, 1), (10, 2), (10, 3))
FREE: frozenset[DateKind] = frozenset({"statutory", "make_up_rest", "local_holiday"})
NATIONAL: frozenset[DateKind] = frozenset({"statutory", "make_up_rest", "make_up_work"})


@dataclass(frozen=True)
class NamedDay:
    """A day that is not what its weekday says."""

    date: date
    kind: DateKind
    name: str

    @property
    def names(self) -> Names:
        return {"zh": self.name, "en": ENGLISH.get(self.name, self.name)}


@dataclass(frozen=True)
class Calendar:
    """One version of the table. Whatever is computed from it tells `version`."""

    version: int = 0
    years: frozenset[int] = frozenset()
    days: Mapping[date, NamedDay] = field(default_factory=dict)

    def knows(self, day: date) -> bool:
        return day.year in self.years

    def named(self, day: date) -> NamedDay | None:
        return self.days.get(day)

    def of_year(self, year: int) -> list[NamedDay]:
        return sorted((day for day in self.days.values() if day.date.year == year), key=lambda day: day.date)


def a_calendar(version: int, years: Iterable[int], days: Iterable[NamedDay]) -> Calendar:
    return Calendar(version, frozenset(years), {day.date: day for day in days})


def with_days(old: Calendar, version: int, new: Iterable[NamedDay]) -> Calendar:
    """The next version: what `new` says of a year replaces what was there.

    National days (放假安排) and local holidays (地方假) replace each other apart, so that a list of local holidays
    leaves the national arrangement as it is and the other way round.
    """
    new = list(new)
    replaced = {(day.date.year, day.kind in NATIONAL) for day in new}
    taken = {day.date for day in new}
    kept = [
        day
        for day in old.days.values()
        if (day.date.year, day.kind in NATIONAL) not in replaced and day.date not in taken
    ]
    return a_calendar(version, old.years | {day.date.year for day in new}, [*kept, *new])


def missing_fixed(days: Iterable[NamedDay], year: int) -> list[date]:
    """The days off of every year that a year's national arrangement leaves out; empty for a whole one."""
    off = {day.date for day in days if day.kind in ("statutory", "make_up_rest")}
    return [date(year, month, day) for month, day in FIXED if date(year, month, day) not in off]
