"""Whose a record is: the unit of a scheme that a department and counter belong to, and the days that are asked for."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from hub.assessment.scheme import Unit
from hub.clock import day_span, instant
from hub.journal import RunSql
from hub.problems import Invalid

F = TypeVar("F")

_COUNTERS = """
SELECT code, department, (1 = 0) FROM counter
UNION ALL SELECT code, department, (1 = 1) FROM historic WHERE kind = 'counter' ORDER BY code
"""
_DEPARTMENTS = "SELECT code, name, historical FROM department ORDER BY code"


@dataclass(frozen=True)
class Window:
    """Inclusive hall days, and their moments as stored."""

    first: date
    last: date
    zone: ZoneInfo
    now: datetime

    @property
    def span(self) -> dict[str, int]:
        since, until = day_span(self.first, self.last, self.zone)
        return {"since": since, "until": until}

    @property
    def days(self) -> dict[str, str]:
        return {"first": self.first.isoformat(), "last": self.last.isoformat()}

    def local(self, stored: int) -> datetime:
        return instant(stored).astimezone(self.zone)

    def local_or_none(self, stored: int | None) -> datetime | None:
        return None if stored is None else self.local(stored)


@dataclass(frozen=True)
class Belongs:
    """Who is assessed. Units that only history knows appear when something is known of them."""

    living: tuple[str, ...]
    by_counter: bool
    departments: Mapping[str, str]
    """Code by code and by name."""
    of_counter: Mapping[str, str]
    """The department of a counter."""

    def units(self, found: Iterable[str]) -> list[str]:
        return sorted({*self.living, *found})

    def of(self, department: str | None, counter: str | None) -> tuple[str, ...]:
        """Without a counter a record is the matter of all counters of its department."""
        if self.by_counter:
            return (counter,) if counter else self._counters(self._department(department))
        known = self._department(department) or self.of_counter.get(counter or "", "")
        return (known,) if known else ()

    def group(
        self, rows: Iterable[Any], make: Callable[[Any], F], at: Callable[[Any], tuple[str | None, str | None]]
    ) -> dict[str, list[F]]:
        """The facts of every unit; `at` gives department and counter of a row."""
        grouped: dict[str, list[F]] = defaultdict(list)
        for row in rows:
            fact = make(row)
            for unit in self.of(*at(row)):
                grouped[unit].append(fact)
        return grouped

    def _department(self, department: str | None) -> str:
        return self.departments.get(department or "", department or "")

    def _counters(self, department: str) -> tuple[str, ...]:
        if not department:
            return ()
        return tuple(counter for counter, of in self.of_counter.items() if of == department)


def to_unit(run: RunSql, unit: Unit) -> Belongs:
    """Raises Invalid for a scheme of persons, which is not assessed from the registers."""
    if unit == "person":
        raise Invalid("unit", "person: 暂不支持按人计分 · a scheme of persons cannot be computed")
    departments = run(_DEPARTMENTS)
    codes = {name: code for code, name, _ in departments} | {code: code for code, _, _ in departments}
    counters = run(_COUNTERS)
    by_counter = unit == "counter"
    living = [row[0] for row in (counters if by_counter else departments) if not row[2]]
    return Belongs(tuple(living), by_counter, codes, {code: codes.get(of, of) for code, of, _ in counters})
