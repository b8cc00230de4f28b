"""Whole seconds of many visits, kept so that percentiles of days can be put together exactly. Pure.

A percentile of percentiles is wrong; a rollup therefore keeps every second, as unsigned 32-bit little-endian integers
in ascending order. Months merge sorted runs, which is what Python's sort is fastest at.
"""

import sys
from array import array
from collections.abc import Iterable

Seconds = array  # of typecode "I": four bytes each on every platform Python runs on

_SWAPPED = sys.byteorder == "big"
MOST = 2**32 - 1


def seconds(values: Iterable[int] = ()) -> "array[int]":
    """An empty or filled list of seconds; below zero (a clock that was set back) counts as zero."""
    return array("I", (min(max(value, 0), MOST) for value in values))


def of_micros(micros: int) -> int:
    """Whole seconds that have passed."""
    return max(micros, 0) // 1_000_000


def pack(values: "array[int]") -> bytes:
    """Sorted, as stored."""
    ordered = array("I", sorted(values))
    if _SWAPPED:
        ordered.byteswap()
    return ordered.tobytes()


def unpack(data: bytes | memoryview) -> "array[int]":
    """What `pack` made. Raises ValueError when the length is no multiple of four."""
    values = array("I")
    values.frombytes(bytes(data))
    if _SWAPPED:
        values.byteswap()
    return values
