"""Switches that make a twin misbehave as devices and cables do, and what they do to a frame on its way out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

COMMON = ("mute", "slow", "garbage", "half-frame", "wrong-sum", "wrong-answer", "unplugged")
"""What every twin can do. `wrong-answer`: a sound frame that is not the one the host waits for."""
SLOW_S = 1.5
"""slow: an answer takes this long; longer than any driver should wait in silence."""
GARBAGE = bytes.fromhex("00 ff fd 68 aa 1b 07 3c")
"""garbage: line noise with the first bytes of several protocols in it, before every frame."""


class Faults:
    """The faults a twin knows, and which of them are switched on; reads like a set of names."""

    def __init__(self, names_allowed: Iterable[str] = COMMON, on: Iterable[str] = ()) -> None:
        """Raises ValueError for a name in `on` that is not allowed."""
        self.allowed = tuple(names_allowed)
        self._on: frozenset[str] = frozenset()
        self.set(on)

    def set(self, on: Iterable[str] = (), off: Iterable[str] = ()) -> None:
        """Raises ValueError naming a fault that does not exist; then nothing is changed."""
        coming, going = self._known(on), self._known(off)
        self._on = (self._on | coming) - going

    def __contains__(self, name: object) -> bool:
        return name in self._on

    def __iter__(self) -> Iterator[str]:
        return iter(sorted(self._on))

    def mangle(self, frame: bytes, *, sum_at: int | None = -1, wrong: bytes | None = None) -> list[tuple[float, bytes]]:
        """What leaves instead of `frame`: pieces, each with the seconds it waits; empty = nothing leaves.

        `sum_at` is where the frame has (a byte of) its sum, None = it has none. `wrong` is what `wrong-answer` sends.
        """
        if self._on & {"mute", "unplugged"}:
            return []
        if "wrong-answer" in self._on and wrong is not None:
            frame = wrong
        if "wrong-sum" in self._on and sum_at is not None:
            frame = _off_by_one(frame, sum_at)
        if "half-frame" in self._on:
            frame = frame[: len(frame) // 2]
        if "garbage" in self._on:
            frame = GARBAGE + frame
        return [(SLOW_S if "slow" in self._on else 0.0, frame)]

    def _known(self, names: Iterable[str]) -> frozenset[str]:
        names = frozenset(names)
        for name in sorted(names):
            if name not in self.allowed:
                raise ValueError(f"no fault {name!r}; there are {', '.join(self.allowed)}")
        return names


def _off_by_one(frame: bytes, at: int) -> bytes:
    damaged = bytearray(frame)
    damaged[at] = (damaged[at] + 1) % 256
    return bytes(damaged)
