"""Twenty days of different shape: who comes when, how long a visit really takes, what the counters do.

The truth is drawn from other distributions than the estimate assumes, and the hall's configured minutes are wrong by
purpose. Times are minutes after the doors opened.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from math import exp, pi, sin
from random import Random
from typing import Literal


@dataclass(frozen=True)
class Work:
    """How long visits of a service truly take, walking and no-shows apart."""

    minutes: float
    kind: Literal["gamma", "steady", "heavy", "two_kinds"] = "gamma"
    configured: float = 8.0
    weight: float = 1.0

    def draw(self, chance: Random) -> float:
        if self.kind == "steady":
            return chance.uniform(0.7, 1.3) * self.minutes
        if self.kind == "heavy":  # Pareto with a finite mean and hardly a variance
            return min(20 * self.minutes, self.minutes * 0.5 * chance.paretovariate(2.0))
        if self.kind == "two_kinds":  # most ask, some bring the whole file
            return self.minutes * (
                chance.gammavariate(4, 0.1) if chance.random() < 0.7 else chance.gammavariate(6, 0.4)
            )
        return chance.gammavariate(2.2, self.minutes / 2.2)


@dataclass(frozen=True)
class Post:
    """A counter's day. `away` are absences with a told return, `pace` how slow its clerk is."""

    services: str
    second: str = ""
    second_after: float | None = None
    opens: float = 0.0
    closes: float = 240.0
    away: tuple[tuple[float, float], ...] = ()
    pace: float = 1.0


def flat(per_minute: float) -> Callable[[float], float]:
    return lambda _: per_minute


def hump(base: float, peak: float, at: float, width: float) -> Callable[[float], float]:
    """A calm stream with one peak."""
    return lambda minute: base + peak * exp(-(((minute - at) / width) ** 2))


def steady(_: float) -> float:
    return 1.0


@dataclass(frozen=True)
class Shape:
    """A day's plan: four hours in which citizens come, and counters that work on until nobody waits."""

    name: str
    works: dict[str, Work]
    posts: tuple[Post, ...]
    per_minute: Callable[[float], float]
    crowd: int = 0
    minutes: float = 240.0
    priorities: float = 0.06
    head_start: float = 20.0
    no_shows: float = 0.07
    gives_up: float = 0.02
    policy: Literal["head_start", "proportional"] = "head_start"
    #: Visits take this much longer at a minute of the day.
    drift: Callable[[float], float] = steady
    pause_share: float = 0.04
    usual: "Shape | None" = field(default=None, repr=False)


MIXED = {
    "A": Work(9, configured=6, weight=3),
    "B": Work(5, configured=4, weight=4),
    "C": Work(14, "two_kinds", configured=10, weight=2),
    "D": Work(3, "steady", configured=5, weight=3),
}
FOUR = (Post("AD"), Post("AB", pace=0.85), Post("BC", pace=1.2), Post("CDA"))
SIX = (*FOUR, Post("BD", pace=0.9), Post("AC", pace=1.1))
ALL = "ABCD"

#: Six mixed counters manage about 0.83 citizens a minute, four about 0.55.
USUAL = Shape("usual", MIXED, SIX, flat(0.72), crowd=4)
USUAL_FOUR = Shape("usual", MIXED, FOUR, flat(0.46), crowd=3)


def lunch(minute: float) -> tuple[tuple[float, float], ...]:
    return ((minute, minute + 50),)


SHAPES = (
    Shape("a quiet day", MIXED, SIX, flat(0.45), usual=USUAL),
    Shape("a plain busy day", MIXED, SIX, flat(0.8), crowd=4, usual=USUAL),
    Shape("a rush at the opening", MIXED, SIX, hump(0.35, 0.9, 5, 35), crowd=30, usual=USUAL),
    Shape("two peaks", MIXED, SIX, lambda m: 0.6 + 0.55 * sin(pi * m / 60) ** 2 * (m < 180), usual=USUAL),
    Shape(
        "half the counters at lunch, told when they leave",
        MIXED,
        tuple(Post(p.services, pace=p.pace, away=lunch(120) if n % 2 else ()) for n, p in enumerate(SIX)),
        flat(0.62),
        crowd=3,
        usual=USUAL,
    ),
    Shape(
        "counters that open late",
        MIXED,
        tuple(Post(p.services, pace=p.pace, opens=12.0 * n) for n, p in enumerate(SIX)),
        flat(0.7),
        crowd=12,
        usual=USUAL,
    ),
    Shape(
        "counters that close early",
        MIXED,
        tuple(Post(p.services, pace=p.pace, closes=150 if n > 3 else 240) for n, p in enumerate(SIX)),
        flat(0.68),
        crowd=6,
        usual=USUAL,
    ),
    Shape("one slow service", MIXED | {"C": Work(26, weight=2, configured=10)}, SIX, flat(0.6), crowd=5, usual=USUAL),
    Shape(
        "one fast service", MIXED | {"B": Work(2, "steady", configured=4, weight=6)}, FOUR, flat(0.7), usual=USUAL_FOUR
    ),
    Shape("many priorities", MIXED, SIX, flat(0.74), crowd=4, priorities=0.35, head_start=25, usual=USUAL),
    Shape("many no-shows", MIXED, SIX, flat(1.0), crowd=10, no_shows=0.28, usual=USUAL),
    Shape("one counter for everything", {"A": Work(4, configured=8)}, (Post("A"),), flat(0.21), crowd=4),
    Shape(
        "all counters serve all",
        MIXED,
        tuple(Post(ALL, pace=0.8 + 0.1 * n) for n in range(5)),
        flat(0.7),
        crowd=8,
    ),
    Shape(
        "second choices when nothing else waits",
        MIXED,
        tuple(Post(p.services, second="".join(s for s in ALL if s not in p.services)) for p in FOUR),
        flat(0.52),
        crowd=5,
        usual=USUAL_FOUR,
    ),
    Shape(
        "second choices after fifteen minutes",
        MIXED,
        tuple(Post(p.services, "".join(s for s in ALL if s not in p.services), 15) for p in FOUR),
        hump(0.42, 0.5, 80, 40),
        crowd=5,
        usual=USUAL_FOUR,
    ),
    Shape("two ordinary, one priority", MIXED, SIX, flat(0.76), crowd=6, priorities=0.2, policy="proportional"),
    Shape(
        "heavy-tailed visits",
        {code: Work(work.minutes, "heavy", work.configured, work.weight) for code, work in MIXED.items()},
        SIX,
        flat(0.84),
        crowd=6,
    ),
    Shape(
        "visits that get longer through the day", MIXED, SIX, flat(0.66), drift=lambda m: 0.75 + m / 300, usual=USUAL
    ),
    Shape(
        "a system that stalls for half an hour",
        MIXED,
        SIX,
        flat(0.72),
        crowd=4,
        drift=lambda m: 2.5 if 90 < m < 125 else 1.0,
    ),
    Shape(
        "a large hall",
        MIXED | {"E": Work(7, weight=3), "F": Work(11, "two_kinds", weight=2), "G": Work(4, "heavy", weight=3)},
        (*SIX, *SIX, Post("EF"), Post("FG"), Post("EG"), Post("EFG"), Post("EFG"), Post("G")),
        hump(2.1, 0.9, 100, 50),
        crowd=25,
    ),
)
