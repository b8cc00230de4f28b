"""From exact fractions to the two decimals that stand on paper, half-up. Pure."""

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

CENT = Decimal("0.01")
_ZERO = Decimal("0.00")


def rounded(exact: Fraction) -> Decimal:
    """Two decimals, half away from zero: exactly, without a binary float on the way."""
    if not exact:
        return _ZERO
    sign = -1 if exact < 0 else 1
    cents, rest = divmod(abs(exact.numerator) * 100, exact.denominator)
    cents += 2 * rest >= exact.denominator
    return (Decimal(sign * cents) / 100).quantize(CENT, ROUND_HALF_UP)


def percent(rate: Fraction | None) -> str | None:
    """A rate as people write it; None stays None."""
    return None if rate is None else f"{rounded(rate * 100)}"


def mean(scores: list[Decimal]) -> Fraction | None:
    """Exact; None of nothing."""
    return sum((Fraction(score) for score in scores), Fraction(0)) / len(scores) if scores else None
