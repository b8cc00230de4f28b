"""Sums of visits that can be added up: what one day's rows and a year's rollup have in common. Pure."""

import json
from array import array
from bisect import bisect_right
from collections import Counter
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from typing import Any, Literal, Self

from hub.figures.rules import mean, percentile, rate
from hub.figures.seconds import pack, seconds, unpack
from hub.wire import LEVELS, Level

Value = str | int | Decimal | None
Source = Literal["citizen", "default", "typed"]

#: `satisfied` and `dissatisfied` are the sums, so the two levels of the same name carry a suffix.
LEVEL_COLUMNS: dict[Level, str] = {
    "very_satisfied": "very_satisfied",
    "satisfied": "satisfied_level",
    "basically_satisfied": "basically_satisfied",
    "dissatisfied": "dissatisfied_level",
    "very_dissatisfied": "very_dissatisfied",
}
_GOOD = LEVELS[:3]


@dataclass
class Answers:
    """What citizens said of finished visits. `other` counts defaults 默认 and typed-in forms 代录 by level."""

    finished: int = 0
    levels: Counter[str] = field(default_factory=Counter)
    other: Counter[str] = field(default_factory=Counter)
    defaulted: int = 0
    typed: int = 0
    answer_s: "array[int]" = field(default_factory=seconds)
    """From the end of the visit to the press, of citizens' own answers."""
    reasons: Counter[str] = field(default_factory=Counter)

    def take(self, level: str | None, source: str | None, reasons: str | None, answer_s: int | None) -> None:
        """One finished visit; `level` and the rest are None when nobody rated it. `reasons` is a JSON list."""
        self.finished += 1
        if level is None:
            return
        if source != "citizen":
            self.other[level] += 1
            self.defaulted += source == "default"
            self.typed += source == "typed"
            return
        self.levels[level] += 1
        if answer_s is not None:
            self.answer_s.append(max(answer_s, 0))
        if reasons and reasons != "[]":
            self.reasons.update(json.loads(reasons))

    def add(self, other: Self) -> None:
        self.finished += other.finished
        self.levels.update(other.levels)
        self.defaulted += other.defaulted
        self.typed += other.typed
        self.answer_s.extend(other.answer_s)
        if other.other:
            self.other.update(other.other)
        if other.reasons:
            self.reasons.update(other.reasons)

    def line(self) -> dict[str, Value]:
        """Rates in percent. 主动评价好评率 is `satisfaction_rate`; 好评率 `good_rate` counts defaults and forms too."""
        evaluated = self.levels.total()
        satisfied = sum(self.levels[level] for level in _GOOD)
        good = satisfied + sum(self.other[level] for level in _GOOD)
        answers = sorted(self.answer_s)
        return {
            "finished": self.finished,
            "evaluated": evaluated,
            "satisfied": satisfied,
            "dissatisfied": evaluated - satisfied,
            **{column: self.levels[level] for level, column in LEVEL_COLUMNS.items()},
            "defaulted": self.defaulted,
            "typed": self.typed,
            "good": good,
            "answers": evaluated + self.other.total(),
            "satisfaction_rate": rate(satisfied, evaluated),
            "evaluation_rate": rate(evaluated, self.finished),
            "good_rate": rate(good, evaluated + self.other.total()),
            "bad_rate": rate(evaluated - satisfied, evaluated),
            "answer_mean_s": mean(answers),
            "answer_p50_s": percentile(answers, 50),
        }

    def stored(self) -> dict[str, Any]:
        return {
            "finished": self.finished,
            "defaulted": self.defaulted,
            "typed": self.typed,
            "levels": json.dumps([self.levels[level] for level in LEVELS]),
            "other": json.dumps([self.other[level] for level in LEVELS]),
            "answer_s": pack(self.answer_s),
            "reasons": json.dumps(dict(sorted(self.reasons.items())), ensure_ascii=False),
        }

    @classmethod
    def of(
        cls, finished: int, defaulted: int, typed: int, levels: str, other: str, answer_s: Any, reasons: str
    ) -> Self:
        """From the columns of `stored`, in its order; to be added to others, for its counts are shared."""
        return cls(
            finished=finished,
            levels=_counted(levels),
            other=_counted(other),
            defaulted=defaulted,
            typed=typed,
            answer_s=unpack(answer_s),
            reasons=Counter(json.loads(reasons)) if reasons != "{}" else Counter(),
        )


@lru_cache(maxsize=20_000)
def _counted(levels: str) -> Counter[str]:
    """Most rows of a year say the same few things; what nobody said is left out."""
    return Counter({level: times for level, times in zip(LEVELS, json.loads(levels), strict=True) if times})


@dataclass
class Waits:
    """Waits of called tickets, and how long their last visit took."""

    no_shows: int = 0
    wait_s: "array[int]" = field(default_factory=seconds)
    walk_s: "array[int]" = field(default_factory=seconds)
    """From the call to the start."""
    service_s: "array[int]" = field(default_factory=seconds)

    def take(self, wait_s: int, outcome: str | None, walk_s: int | None, service_s: int | None) -> None:
        """One called ticket. Who came back after a missed call is no no-show any more: `outcome` is then empty."""
        self.wait_s.append(max(wait_s, 0))
        self.no_shows += outcome == "no_show"
        if outcome == "served" and walk_s is not None and service_s is not None:
            self.walk_s.append(max(walk_s, 0))
            self.service_s.append(max(service_s, 0))

    def add(self, other: Self) -> None:
        self.no_shows += other.no_shows
        self.wait_s.extend(other.wait_s)
        self.walk_s.extend(other.walk_s)
        self.service_s.extend(other.service_s)

    def line(self, limit_s: int) -> dict[str, Value]:
        """`over_limit` are waits longer than the hall's own limit."""
        waits, walks, served = sorted(self.wait_s), sorted(self.walk_s), sorted(self.service_s)
        over = len(waits) - bisect_right(waits, limit_s)
        return {
            "n": len(waits),
            "no_shows": self.no_shows,
            "mean_s": mean(waits),
            **{f"p{percent}_s": percentile(waits, percent) for percent in (50, 80, 90, 95)},
            "max_s": waits[-1] if waits else None,
            "service_mean_s": mean(served),
            "service_p50_s": percentile(served, 50),
            "service_p90_s": percentile(served, 90),
            "walk_mean_s": mean(walks),
            "walk_p50_s": percentile(walks, 50),
            "over_limit": over,
            "over_limit_rate": rate(over, len(waits)),
        }

    def stored(self) -> dict[str, Any]:
        return {
            "no_shows": self.no_shows,
            "wait_s": pack(self.wait_s),
            "walk_s": pack(self.walk_s),
            "service_s": pack(self.service_s),
        }

    @classmethod
    def of(cls, no_shows: int, wait_s: Any, walk_s: Any, service_s: Any) -> Self:
        """From the columns of `stored`, in its order."""
        return cls(no_shows, unpack(wait_s), unpack(walk_s), unpack(service_s))


@dataclass
class Arrivals:
    """Tickets by what became of them."""

    issued: int = 0
    called: int = 0
    cancelled: int = 0
    expired: int = 0

    def take(self, state: str, called: bool) -> None:
        self.issued += 1
        self.called += called
        self.cancelled += state == "cancelled"
        self.expired += state == "expired"

    def add(self, other: Self) -> None:
        self.issued += other.issued
        self.called += other.called
        self.cancelled += other.cancelled
        self.expired += other.expired

    def line(self) -> dict[str, Value]:
        return self.stored()

    def stored(self) -> dict[str, Any]:
        return {"issued": self.issued, "called": self.called, "cancelled": self.cancelled, "expired": self.expired}


@dataclass
class Desk:
    """Seconds of a counter: open, paused (暂离) within that, occupied by visits from call to finish."""

    open_s: int = 0
    away_s: int = 0
    pauses: int = 0
    visits: int = 0
    busy_s: int = 0

    def take(self, open_s: int, away_s: int, pauses: int, visits: int, busy_s: int) -> None:
        self.open_s += open_s
        self.away_s += away_s
        self.pauses += pauses
        self.visits += visits
        self.busy_s += busy_s

    def add(self, other: Self) -> None:
        self.take(other.open_s, other.away_s, other.pauses, other.visits, other.busy_s)

    def line(self) -> dict[str, Value]:
        """Idle 空闲 is what is left of the open time; a visit that outlasted the closing cannot make it negative.

        Imported visits bring no opening times: a counter busier than it was open has no rate.
        """
        idle = max(0, self.open_s - self.away_s - self.busy_s)
        return {
            "visits": self.visits,
            "open_s": self.open_s,
            "busy_s": self.busy_s,
            "away_s": self.away_s,
            "idle_s": idle,
            "pauses": self.pauses,
            "busy_rate": rate(self.busy_s, self.open_s) if self.busy_s <= self.open_s else None,
            "away_rate": rate(self.away_s, self.open_s),
        }

    def stored(self) -> dict[str, Any]:
        return {
            "open_s": self.open_s,
            "away_s": self.away_s,
            "pauses": self.pauses,
            "visits": self.visits,
            "busy_s": self.busy_s,
        }
