"""Rates and percentiles. Pure: rates with both numbers beside them, no rate over zero, nearest-rank percentiles."""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from math import ceil

CENT = Decimal("0.01")


def rate(part: int, whole: int) -> Decimal | None:
    """`part` of `whole` in percent, two decimals, half-up; None when there is nothing to divide by."""
    if whole == 0:
        return None
    return (Decimal(part) * 100 / Decimal(whole)).quantize(CENT, ROUND_HALF_UP)


def percentile(ordered: Sequence[int], percent: int) -> int | None:
    """Nearest rank over whole seconds, ascending: the smallest value that at least `percent` % do not exceed."""
    if not ordered:
        return None
    return ordered[ceil(percent * len(ordered) / 100) - 1]


def mean(values: Sequence[int]) -> Decimal | None:
    """The mean, two decimals, half-up; None of nothing."""
    if not values:
        return None
    return (Decimal(sum(values)) / len(values)).quantize(CENT, ROUND_HALF_UP)
