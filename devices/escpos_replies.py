"""A printer's bytes as facts: which answer is which, and what it says of paper, cover and cutter. Pure.

Sources: Epson TM-U220 p54 and p83, TM-T88III p304 (DLE EOT, ASB, GS r), Citizen iDP-3221 p60 (DLE EOT 3), Better
BT-532C p49 (GS r 1).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Literal

StatusKind = Literal[1, 2, 3, 4]
STATUS_KINDS: tuple[StatusKind, ...] = (1, 2, 3, 4)


@dataclass(frozen=True)
class RealTime:
    """The answer to one DLE EOT; which one is known only by the order of the questions."""

    byte: int


@dataclass(frozen=True)
class AutoStatus:
    """Four bytes sent by the printer itself (ASB, GS a)."""

    data: bytes


@dataclass(frozen=True)
class Fence:
    """The answer to GS r: everything sent before it was worked off."""

    byte: int


@dataclass(frozen=True)
class Processed:
    """The answer to GS ( H fn48."""

    tag: bytes


@dataclass(frozen=True)
class Info:
    """The answer to GS I, without its 5F header and closing 00."""

    data: bytes


@dataclass(frozen=True)
class Noise:
    """Bytes that are none of the known answers."""

    data: bytes


Reply = RealTime | AutoStatus | Fence | Processed | Info | Noise

BLOCK_MOST_BYTES = 80  # GS I texts are 80 bytes at most on every model read
BLOCK_HEADERS = (0x37, 0x5F)  # both have (b & 93h) == 13h, so neither is a status byte


def is_real_time(byte: int) -> bool:
    return byte & 0x93 == 0x12


class StatusParser:
    """Tells a printer's answers apart by their fixed bits; owns nothing but the bytes of an unfinished answer.

    DLE EOT (b & 93) == 12 · ASB first byte (b & 93) == 10, then three with (b & 90) == 00 · GS r (b & 90) == 00 ·
    blocks 37 … 00 (GS ( H) and 5F … 00 (GS I). A DLE EOT answer may come between the bytes of an ASB message.
    """

    def __init__(self) -> None:
        self._auto = b""
        self._block = b""

    def feed(self, data: bytes) -> list[Reply]:
        replies: list[Reply] = []
        for byte in data:
            replies += self._byte(byte)
        return replies

    def forget(self) -> list[Reply]:
        """Drops an answer that never ended; call it when the line was quiet."""
        rest = self._auto + self._block
        self._auto = self._block = b""
        return [Noise(rest)] if rest else []

    def _byte(self, byte: int) -> list[Reply]:
        if self._block:
            return self._in_block(byte)
        if is_real_time(byte):
            return [RealTime(byte)]
        if self._auto:
            return self._in_auto(byte)
        return self._first(byte)

    def _first(self, byte: int) -> list[Reply]:
        if byte in BLOCK_HEADERS:
            self._block = bytes((byte,))
            return []
        if byte & 0x93 == 0x10:
            self._auto = bytes((byte,))
            return []
        return [Fence(byte)] if byte & 0x90 == 0 else [Noise(bytes((byte,)))]

    def _in_auto(self, byte: int) -> list[Reply]:
        if byte & 0x90:
            broken, self._auto = self._auto, b""
            return [Noise(broken), *self._first(byte)]
        self._auto += bytes((byte,))
        if len(self._auto) < 4:
            return []
        whole, self._auto = self._auto, b""
        return [AutoStatus(whole)]

    def _in_block(self, byte: int) -> list[Reply]:
        self._block += bytes((byte,))
        if byte and len(self._block) < BLOCK_MOST_BYTES:
            return []
        whole, self._block = self._block, b""
        return [_block(whole)]


def _block(whole: bytes) -> Reply:
    if whole[-1] == 0 and whole[0] == 0x5F:
        return Info(whole[1:-1])
    if whole[-1] == 0 and whole[1] == 0x22 and len(whole) == 7:
        return Processed(whole[2:6])
    return Noise(whole)


# ---- what it means ----


@dataclass(frozen=True)
class PrinterStatus:
    """None everywhere means unknown: the printer did not say. Unknown is neither fine nor empty."""

    online: bool | None = None
    paper: Literal["ok", "near_end", "out"] | None = None
    cover_open: bool | None = None
    cutter_jam: bool | None = None
    error: bool | None = None

    @property
    def known(self) -> bool:
        return self != PrinterStatus()


def status_from(answers: Mapping[StatusKind, int]) -> PrinterStatus:
    """From the DLE EOT answers by their n; one that is missing leaves its facts unknown."""
    bit = partial(_bit, answers)
    return PrinterStatus(
        online=_not(bit(1, 0x08)),
        paper=_paper(answers),
        cover_open=bit(2, 0x04),
        cutter_jam=bit(3, 0x08),
        error=_either(bit(2, 0x40), bit(3, 0x6C)),
    )


def _bit(answers: Mapping[StatusKind, int], kind: StatusKind, mask: int) -> bool | None:
    return bool(answers[kind] & mask) if kind in answers else None


def _not(value: bool | None) -> bool | None:
    return None if value is None else not value


def _either(one: bool | None, other: bool | None) -> bool | None:
    """True wins; False only if both are known to be False."""
    if one or other:
        return True
    return None if None in (one, other) else False


def _paper(answers: Mapping[StatusKind, int]) -> Literal["ok", "near_end", "out"] | None:
    """n=4 bits 60 out, 0C near end; n=2 bit 20 also tells that printing stopped for want of paper."""
    if _bit(answers, 4, 0x60) or _bit(answers, 2, 0x20):
        return "out"
    if 4 not in answers:
        return None
    return "near_end" if answers[4] & 0x0C else "ok"


def status_from_auto(data: bytes) -> PrinterStatus:
    """From the four bytes of an ASB message; it always tells everything. Raises ValueError for other lengths."""
    if len(data) != 4:
        raise ValueError(f"an automatic status is 4 bytes, not {len(data)}")
    first, fault, paper, _ = data
    return PrinterStatus(
        online=not first & 0x08,
        paper="out" if paper & 0x0C else "near_end" if paper & 0x03 else "ok",
        cover_open=bool(first & 0x20),
        cutter_jam=bool(fault & 0x08),
        error=bool(fault & 0x6C),
    )
