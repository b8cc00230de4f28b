"""How good the estimates were: what was foretold at the issue beside what came, and the naive estimate. Pure.

A range is good when the truth falls inside as often as it says (three
times in five for P20 to P80), a middle when it is near.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from math import ceil, floor, sqrt
from statistics import fmean, median
from typing import Any

from hub.queue.estimate import Expected
from hub.queue.forecast import SECOND
from hub.wire import WaitRange

#: The naive estimate takes the mean of this many last visits, and the configured minutes until there are some.
NAIVE_LAST, NAIVE_LEAST = 20, 5
#: The range that is usually put around it: visits scatter by this share of their mean.
NAIVE_VARIATION = 0.6


@dataclass(frozen=True)
class Naive:
    """People ahead times the mean service time, shared by the open counters; minutes."""

    middle: float
    low: int
    high: int


@dataclass(frozen=True)
class Foretold:
    """A ticket at its issue (stored microseconds) and the wait that it then had, in minutes."""

    issued_at: int
    waited: float
    expected: Expected | None
    told: WaitRange | None
    naive: Naive | None


@dataclass(frozen=True)
class Score:
    """Shares are between 0 and 1, errors and waits in minutes; `naive_` stands for the same tickets."""

    tickets: int
    without: int
    waited: float
    inside: float
    too_long: float
    too_short: float
    inside_told: float
    error: float
    error_median: float
    naive_inside: float
    naive_error: float
    naive_error_median: float

    def rounded(self) -> dict[str, Any]:
        return {name: round(value, 3) for name, value in asdict(self).items()}


def naive(ahead: int, open_counters: int, last_minutes: Sequence[float], configured_minutes: float) -> Naive | None:
    """None when no counter is open. `last_minutes` are the service's last visits."""
    if open_counters == 0:
        return None
    recent = last_minutes[-NAIVE_LAST:]
    mean = fmean(recent) if len(recent) >= NAIVE_LEAST else configured_minutes
    turns = ahead / open_counters
    middle = turns * mean
    spread = NAIVE_VARIATION * mean * sqrt(turns + 0.5 if ahead else 0.25) / sqrt(open_counters)
    return Naive(middle, max(0, floor(middle - spread)), max(1, ceil(middle + spread)))


def score(foretold: Sequence[Foretold]) -> Score | None:
    """Over the tickets for which both estimates told something; None when there are none."""
    both = [(one, one.expected, one.told, one.naive) for one in foretold]
    known = [(one, expected, told, plain) for one, expected, told, plain in both if expected and told and plain]
    if not known:
        return None
    errors = [abs(_minutes(expected.middle, one) - one.waited) for one, expected, _, _ in known]
    naive_errors = [abs(plain.middle - one.waited) for one, _, _, plain in known]
    too_long = fmean(one.waited < _minutes(expected.low, one) for one, expected, _, _ in known)
    too_short = fmean(one.waited > _minutes(expected.high, one) for one, expected, _, _ in known)
    return Score(
        tickets=len(foretold),
        without=len(foretold) - len(known),
        waited=fmean(one.waited for one, _, _, _ in known),
        inside=1 - too_long - too_short,
        too_long=too_long,
        too_short=too_short,
        inside_told=fmean(told.low <= one.waited <= told.high for one, _, told, _ in known),
        error=fmean(errors),
        error_median=median(errors),
        naive_inside=fmean(plain.low <= one.waited <= plain.high for one, _, _, plain in known),
        naive_error=fmean(naive_errors),
        naive_error_median=median(naive_errors),
    )


def _minutes(instant: int, one: Foretold) -> float:
    return max(0.0, (instant - one.issued_at) / SECOND / 60)


#: Columns of the table that people read: heading in Chinese and English, field, share or minutes.
COLUMNS = (
    ("票数", "tickets", "tickets", "{:.0f}"),
    ("未估", "without", "without", "{:.0f}"),
    ("实际等候", "waited", "waited", "{:.1f}"),
    ("落入区间", "inside", "inside", "{:.0%}"),
    ("落入所示", "as told", "inside_told", "{:.0%}"),
    ("误差", "error", "error", "{:.1f}"),
    ("误差中位", "median", "error_median", "{:.1f}"),
    ("简单法落入", "naive inside", "naive_inside", "{:.0%}"),
    ("简单法误差", "naive error", "naive_error", "{:.1f}"),
    ("简单法中位", "naive median", "naive_error_median", "{:.1f}"),
)


def table(rows: Sequence[tuple[str, Score]], *, chinese: bool, first: str) -> list[str]:
    """Lines of text, columns flush right; a Chinese character is two columns wide."""
    headings = [first, *(zh if chinese else en for zh, en, _, _ in COLUMNS)]
    body = [[name, *(form.format(getattr(found, field)) for _, _, field, form in COLUMNS)] for name, found in rows]
    widths = [max(_width(line[n]) for line in [headings, *body]) for n in range(len(headings))]
    return [
        "  ".join(
            cell + " " * (width - _width(cell)) if n == 0 else " " * (width - _width(cell)) + cell
            for n, (cell, width) in enumerate(zip(line, widths, strict=True))
        )
        for line in [headings, *body]
    ]


def _width(text: str) -> int:
    return sum(1 if character.isascii() else 2 for character in text)
