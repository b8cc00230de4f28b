"""A small coverage-guided fuzzer for where atheris is not installed: inputs that reach a new line are kept and bred."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from random import Random
from types import FrameType
from typing import Any

from tests.fuzz.targets import Target

LONGEST = 512
TOKENS = (b"\x00", b"\xff", b"\x7f", b"\x80", b"\r\n", b"\x00\x00\x00\x01", b"\xff\xff")


class Broke(AssertionError):
    """`data` breaks the target; the cause says how."""

    def __init__(self, name: str, data: bytes) -> None:
        super().__init__(f"{name}: {data.hex(' ')}")
        self.data = data


def fuzz(name: str, target: Target, *, runs: int, chance: Random, seconds: float = float("inf")) -> tuple[int, int]:
    """How many inputs were run, and how many lines of ours they reached. Raises Broke."""
    reached: set[Any] = set()
    pool = [*target.seeds] or [b"\x00"]
    end = time.monotonic() + seconds
    for at in range(runs):
        data = pool[at] if at < len(target.seeds) else mutated(chance, pool)
        new = lines_of(name, target.run, data) - reached
        if new:
            reached |= new
            pool.append(data)
        if time.monotonic() > end:
            return at + 1, len(reached)
    return runs, len(reached)


def lines_of(name: str, run: Callable[[bytes], None], data: bytes) -> set[Any]:
    """Pairs of lines of `devices`, one reached from the other."""
    reached: set[Any] = set()
    last = [0]

    def trace(frame: FrameType, event: str, arg: Any) -> Any:
        if "devices" not in frame.f_code.co_filename:
            return None
        if event == "line":
            here = hash((frame.f_code.co_filename, frame.f_lineno))
            reached.add((last[0], here))
            last[0] = here
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        run(data)
    except Exception as fault:  # whatever it is, it is what we look for
        raise Broke(name, data) from fault
    finally:
        sys.settrace(before)
    return reached


def mutated(chance: Random, pool: list[bytes]) -> bytes:
    data = bytearray(chance.choice(pool))
    for _ in range(chance.randint(1, 4)):
        chance.choice(CHANGES)(chance, data, pool)
    return bytes(data[:LONGEST])


def _flip(chance: Random, data: bytearray, pool: list[bytes]) -> None:
    if data:
        data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)


def _set(chance: Random, data: bytearray, pool: list[bytes]) -> None:
    if data:
        data[chance.randrange(len(data))] = chance.randrange(256)


def _insert(chance: Random, data: bytearray, pool: list[bytes]) -> None:
    at = chance.randint(0, len(data))
    data[at:at] = chance.choice((*TOKENS, bytes((chance.randrange(256),))))


def _drop(chance: Random, data: bytearray, pool: list[bytes]) -> None:
    at = chance.randint(0, len(data))
    del data[at : at + chance.randint(1, 8)]


def _repeat(chance: Random, data: bytearray, pool: list[bytes]) -> None:
    at = chance.randint(0, len(data))
    piece = data[at : at + chance.randint(1, 16)]
    data[at:at] = piece * chance.randint(1, 4)


def _cross(chance: Random, data: bytearray, pool: list[bytes]) -> None:
    other = chance.choice(pool)
    at, there = chance.randint(0, len(data)), chance.randint(0, len(other))
    data[at:] = other[there:]


CHANGES: tuple[Callable[[Random, bytearray, list[bytes]], None], ...] = (_flip, _set, _insert, _drop, _repeat, _cross)
