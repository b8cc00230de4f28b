"""Assessment periods: `2026-03`, `2026Q1`, `2026`. Pure.

A year runs from January to December, or, where the scheme says so, from December to November
(泸州办法 第六条: 年度考核为上年12月起至本年11月止).
"""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from typing import Literal, get_args

from hub.problems import Invalid

PeriodKind = Literal["month", "quarter", "year"]
Quarters = Literal["calendar", "december"]
PERIOD_KINDS: tuple[PeriodKind, ...] = get_args(PeriodKind)

_SHAPES: dict[PeriodKind, re.Pattern[str]] = {
    "month": re.compile(r"(?P<year>20\d\d|21\d\d)-(?P<part>0[1-9]|1[0-2])"),
    "quarter": re.compile(r"(?P<year>20\d\d|21\d\d)Q(?P<part>[1-4])"),
    "year": re.compile(r"(?P<year>20\d\d|21\d\d)(?P<part>)"),
}


@dataclass(frozen=True)
class Period:
    """Whole months; `first` and `last` are hall days, both inside."""

    key: str
    kind: PeriodKind
    year: int
    first: date
    last: date

    def holds(self, day: date | None) -> bool:
        return day is not None and self.first <= day <= self.last


def parse_period(text: str, quarters: Quarters) -> Period:
    """Raises Invalid for anything but a month, quarter or year."""
    for kind, shape in _SHAPES.items():
        found = shape.fullmatch(text.strip().upper())
        if found:
            return _period(kind, int(found["year"]), int(found["part"] or 1), quarters)
    raise Invalid("period", f"{text}: 2026-03 | 2026Q1 | 2026")


def parts(whole: Period, kind: PeriodKind, quarters: Quarters) -> tuple[Period, ...]:
    """The months or quarters of a longer period, in order."""
    months = [_months_after(whole.first, n) for n in range(_length(whole))]
    if kind == "month":
        return tuple(_period("month", day.year, day.month, quarters) for day in months)
    return tuple(period_of(day, "quarter", quarters) for day in months[::3])


def period_of(day: date, kind: PeriodKind, quarters: Quarters) -> Period:
    """The period of this kind that the day falls into."""
    if kind == "month":
        return _period("month", day.year, day.month, quarters)
    moved = day.month % 12 if quarters == "december" else day.month - 1
    year = day.year + (quarters == "december" and day.month == 12)
    return _period(kind, year, moved // 3 + 1 if kind == "quarter" else 1, quarters)


def _period(kind: PeriodKind, year: int, part: int, quarters: Quarters) -> Period:
    if kind == "month":
        first, length, key = date(year, part, 1), 1, f"{year}-{part:02}"
    else:
        begin = date(year - 1, 12, 1) if quarters == "december" else date(year, 1, 1)
        first = _months_after(begin, 3 * (part - 1))
        length, key = (3, f"{year}Q{part}") if kind == "quarter" else (12, f"{year}")
    end = _months_after(first, length - 1)
    return Period(key, kind, year, first, end.replace(day=monthrange(end.year, end.month)[1]))


def _months_after(first: date, n: int) -> date:
    months = first.year * 12 + first.month - 1 + n
    return date(months // 12, months % 12 + 1, 1)


def _length(period: Period) -> int:
    return {"month": 1, "quarter": 3, "year": 12}[period.kind]
