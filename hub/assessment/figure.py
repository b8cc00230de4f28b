"""What a metric answers, and what it is asked with. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from hub.assessment.periods import Period
from hub.assessment.readings import Readings
from hub.assessment.scheme import Item

Input = int | str | None
#: What a score can be traced to: `{"case": "2026-0117"}`, `{"ticket": "A012"}`, `{"clerk": …, "day": …}`.
Trace = Mapping[str, str]


@dataclass(frozen=True)
class Asked:
    """The item that asks, for a period, under the hall's readings."""

    item: Item
    period: Period
    readings: Readings = field(default_factory=dict)


@dataclass(frozen=True)
class Event:
    """Something that happened. Two events with the same `key` are the same happening."""

    key: str
    trace: Trace


@dataclass(frozen=True)
class Figure:
    """`inputs` are the numbers that a reader can check by hand; of a rate always both.

    `rate` is None where there is nothing to divide by; `amount` are points that the metric itself computes.
    `incomplete`: something that should be recorded is not, so the score is provisional.
    """

    inputs: Mapping[str, Input] = field(default_factory=dict)
    rate: Fraction | None = None
    events: tuple[Event, ...] = ()
    amount: Fraction = Fraction(0)
    behind: tuple[Trace, ...] = ()
    incomplete: bool = False


def rate_of(part: int, whole: int) -> Fraction | None:
    """Exact; None over zero."""
    return Fraction(part, whole) if whole else None


def steps_above(rate: Fraction | None, least: Fraction, way: str) -> Fraction:
    """Percentage points above `least` %: whole ones only, or exactly; never below 0."""
    above = max(Fraction(0), (rate or Fraction(0)) * 100 - least)
    return Fraction(int(above)) if way == "whole" else above
