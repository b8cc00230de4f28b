"""The figures of the contract: rows of visits in, one line a group out."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal, get_args
from zoneinfo import ZoneInfo

from hub.clock import instant
from hub.figures.rules import mean, percentile, rate
from hub.journal import RunSql
from hub.problems import Invalid
from hub.wire import LEVELS, Level

Kind = Literal["satisfaction", "waits"]
By = Literal["counter", "service", "department", "clerk", "day", "week", "month", "hour"]
KINDS: tuple[Kind, ...] = get_args(Kind)
GROUPINGS: tuple[By, ...] = get_args(By)

Value = str | int | Decimal | None

#: `satisfied` and `dissatisfied` are the sums, so the two levels of the same name carry a suffix.
LEVEL_COLUMNS: dict[Level, str] = {
    "very_satisfied": "very_satisfied",
    "satisfied": "satisfied_level",
    "basically_satisfied": "basically_satisfied",
    "dissatisfied": "dissatisfied_level",
    "very_dissatisfied": "very_dissatisfied",
}

SATISFACTION_COLUMNS = (
    "finished",
    "evaluated",
    "satisfied",
    "dissatisfied",
    *LEVEL_COLUMNS.values(),
    "defaulted",
    "typed",
    "satisfaction_rate",
    "evaluation_rate",
)
WAITS_COLUMNS = (
    "n",
    "no_shows",
    "mean_s",
    "p50_s",
    "p80_s",
    "p90_s",
    "p95_s",
    "max_s",
    "service_mean_s",
    "service_p50_s",
    "service_p90_s",
)
COLUMNS: dict[Kind, tuple[str, ...]] = {"satisfaction": SATISFACTION_COLUMNS, "waits": WAITS_COLUMNS}


@dataclass(frozen=True)
class Figures:
    """A table of figures; `rows` have one value for every name in `columns`."""

    kind: Kind
    first: date
    last: date
    by: tuple[By, ...]
    columns: tuple[str, ...]
    rows: list[dict[str, Value]]


@dataclass
class _Evaluations:
    finished: int = 0
    defaulted: int = 0
    typed: int = 0
    levels: dict[Level, int] = field(default_factory=lambda: dict.fromkeys(LEVELS, 0))

    def line(self) -> dict[str, Value]:
        evaluated = sum(self.levels.values())
        satisfied = sum(self.levels[level] for level in LEVELS[:3])
        return {
            "finished": self.finished,
            "evaluated": evaluated,
            "satisfied": satisfied,
            "dissatisfied": evaluated - satisfied,
            **{LEVEL_COLUMNS[level]: count for level, count in self.levels.items()},
            "defaulted": self.defaulted,
            "typed": self.typed,
            "satisfaction_rate": rate(satisfied, evaluated),
            "evaluation_rate": rate(evaluated, self.finished),
        }


@dataclass
class _Waits:
    no_shows: int = 0
    waits_s: list[int] = field(default_factory=list)
    service_s: list[int] = field(default_factory=list)

    def line(self) -> dict[str, Value]:
        waits, served = sorted(self.waits_s), sorted(self.service_s)
        return {
            "n": len(waits),
            "no_shows": self.no_shows,
            "mean_s": mean(waits),
            **{f"p{percent}_s": percentile(waits, percent) for percent in (50, 80, 90, 95)},
            "max_s": waits[-1] if waits else None,
            "service_mean_s": mean(served),
            "service_p50_s": percentile(served, 50),
            "service_p90_s": percentile(served, 90),
        }


_FINISHED = """
SELECT v.counter, v.service, s.department, v.clerk, v.finished_at, e.level, e.source
FROM visit v JOIN service s ON s.code = v.service LEFT JOIN evaluation e ON e.visit = v.id
WHERE v.outcome = 'served' AND v.finished_day BETWEEN :first AND :last
"""

_CALLED = """
SELECT v.counter, v.service, s.department, v.clerk, t.issued_at,
       t.called_at - t.issued_at,
       CASE WHEN v.outcome = 'no_show' AND t.state <> 'no_show' THEN '' ELSE v.outcome END,
       v.finished_at - v.started_at
FROM ticket t JOIN visit v ON v.id = t.visit JOIN service s ON s.code = t.service
WHERE t.day BETWEEN :first AND :last
"""


def parse_by(text: str) -> tuple[By, ...]:
    """`counter,day` as a tuple; empty for one line over everything. Raises Invalid."""
    names = [name.strip() for name in text.split(",") if name.strip()]
    for name in names:
        if name not in GROUPINGS:
            raise Invalid("by", f"{name}; {', '.join(GROUPINGS)}")
    return tuple(name for name in GROUPINGS if name in names)


def satisfaction(run: RunSql, zone: ZoneInfo, first: date, last: date, by: tuple[By, ...]) -> Figures:
    """Satisfaction of the visits finished in these hall days; only citizens' own answers count as evaluated."""
    groups: dict[tuple[str, ...], _Evaluations] = {}
    for counter, service, department, clerk, finished_at, level, source in _rows(run, _FINISHED, first, last):
        key = _key(by, counter, service, department, clerk, finished_at, zone)
        group = groups.setdefault(key, _Evaluations())
        group.finished += 1
        if source == "citizen":
            group.levels[level] += 1
        elif source == "default":
            group.defaulted += 1
        elif source == "typed":
            group.typed += 1
    return _figures("satisfaction", first, last, by, groups, _Evaluations)


def waits(run: RunSql, zone: ZoneInfo, first: date, last: date, by: tuple[By, ...]) -> Figures:
    """Waits of the tickets issued in these hall days and called: from issue to the last call, whole seconds.

    Who came back after a missed call is no no-show any more.
    """
    groups: dict[tuple[str, ...], _Waits] = {}
    for counter, service, department, clerk, issued_at, wait, outcome, served in _rows(run, _CALLED, first, last):
        key = _key(by, counter, service, department, clerk, issued_at, zone)
        group = groups.setdefault(key, _Waits())
        group.waits_s.append(_seconds(wait))
        group.no_shows += outcome == "no_show"
        if outcome == "served":
            group.service_s.append(_seconds(served))
    return _figures("waits", first, last, by, groups, _Waits)


def _rows(run: RunSql, statement: str, first: date, last: date) -> list[Any]:
    return run(statement, first=first.isoformat(), last=last.isoformat())


def _seconds(micros: int) -> int:
    return micros // 1_000_000


def _key(
    by: tuple[By, ...], counter: str, service: str, department: str, clerk: str, at: int, zone: ZoneInfo
) -> tuple[str, ...]:
    local = instant(at).astimezone(zone)
    return tuple(_GROUP[name](counter, service, department, clerk, local) for name in by)


_GROUP: dict[By, Callable[[str, str, str, str, datetime], str]] = {
    "counter": lambda counter, service, department, clerk, at: counter,
    "service": lambda counter, service, department, clerk, at: service,
    "department": lambda counter, service, department, clerk, at: department,
    "clerk": lambda counter, service, department, clerk, at: clerk,
    "day": lambda counter, service, department, clerk, at: at.date().isoformat(),
    "week": lambda counter, service, department, clerk, at: f"{at:%G-W%V}",
    "month": lambda counter, service, department, clerk, at: f"{at:%Y-%m}",
    "hour": lambda counter, service, department, clerk, at: f"{at:%H}",
}


def _figures(
    kind: Kind,
    first: date,
    last: date,
    by: tuple[By, ...],
    groups: Mapping[tuple[str, ...], _Evaluations | _Waits],
    empty: type[_Evaluations | _Waits],
) -> Figures:
    """One row a group; a table over everything has its one row even when nothing happened."""
    lines = {key: groups[key].line() for key in sorted(groups, key=_in_order)}
    if not by and not groups:
        lines[()] = empty().line()
    rows = [{**dict(zip(by, key, strict=True)), **line} for key, line in lines.items()]
    return Figures(kind, first, last, by, (*by, *COLUMNS[kind]), rows)


def _in_order(key: Sequence[str]) -> tuple[tuple[int, str], ...]:
    """Counter 2 before counter 10."""
    return tuple((int(part) if part.isdigit() else -1, part) for part in key)
