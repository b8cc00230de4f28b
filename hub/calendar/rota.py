"""The weekly rota of the comprehensive window 综合窗口轮值: which departments a counter serves in an ISO week. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

_WEEK = re.compile(r"(\d{4})-W(\d{2})")


@dataclass(frozen=True)
class Rota:
    """Lists of departments that take turns by week from Monday `first` on; `overrides` name single weeks."""

    first: date
    weeks: tuple[tuple[str, ...], ...]
    overrides: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def monday(week: str) -> date:
    """The Monday of an ISO week `2026-W01`. Raises ValueError for what is none."""
    found = _WEEK.fullmatch(week)
    if not found:
        raise ValueError(f"{week!r} is no ISO week; write for example '2026-W01'")
    return date.fromisocalendar(int(found[1]), int(found[2]), 1)


def week_of(day: date) -> str:
    """The ISO week of a day; the first days of January may be in the last week of the year before."""
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02d}"


def departments(rota: Rota, day: date) -> tuple[str, ...] | None:
    """Whose turn it is in the week of the day; None before the rota begins."""
    named = rota.overrides.get(week_of(day))
    if named is not None:
        return named
    weeks = (day - rota.first).days // 7
    return rota.weeks[weeks % len(rota.weeks)] if weeks >= 0 else None
