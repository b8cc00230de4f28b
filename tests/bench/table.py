"""The table that the bench prints: milliseconds and ratios to the floor of the same run."""

import sys
from collections.abc import Sequence


def median(times_s: Sequence[float]) -> float:
    return sorted(times_s)[len(times_s) // 2]


def p99(times_s: Sequence[float]) -> float:
    return sorted(times_s)[min(len(times_s) - 1, int(len(times_s) * 0.99))]


def head() -> None:
    print(f"{'milliseconds':66} {'p50':>8} {'p99':>8} {'× floor':>8}")


def row(name: str, times_s: Sequence[float], times_floor: float | None = None) -> None:
    ratio = f"{times_floor:8.2f}" if times_floor else ""
    print(f"{name:66} {median(times_s) * 1000:8.2f} {p99(times_s) * 1000:8.2f} {ratio}".rstrip())
    sys.stdout.flush()


def fact(name: str, text: str) -> None:
    """One figure that is no time."""
    print(f"{name:66} {text}")
    sys.stdout.flush()


def title(text: str) -> None:
    print(f"\n{text}")
