"""Xunpeng 讯鹏 number boards 数码管屏 on RS-485, 9600 8N1, in their two forms. Pure.

(a) four digits: id, high, low, sum of the three (vendor's page, mirrored as musicexecdevelopment.com/8238227).
(b) coloured: 3A, colour, low, high, info, sum, 0A (zhiliandun.com proview-133-10). The page gives one example (888
green: colour 0, info 1) and no table of colours; its printed reply contradicts itself, so answers are not read.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from devices.errors import BadFrame

BAUD = 9600
MOST = 9999
"""Four digits."""
HEAD, END = 0x3A, 0x0A
GREEN = 0
PLAIN_BYTES, COLOURED_BYTES = 4, 7


@dataclass(frozen=True)
class Plain:
    """Form (a): board `board` shows `number`."""

    board: int
    number: int


@dataclass(frozen=True)
class Coloured:
    """Form (b). `info` is 1 in the only example."""

    number: int
    colour: int = GREEN
    info: int = 1


def plain(shown: Plain) -> bytes:
    """Raises ValueError for a number that has no room."""
    body = bytes((shown.board,)) + _checked(shown.number).to_bytes(2, "big")
    return body + bytes((sum(body) & 0xFF,))


def coloured(shown: Coloured) -> bytes:
    """Raises ValueError for a number that has no room."""
    body = bytes((HEAD, shown.colour)) + _checked(shown.number).to_bytes(2, "little") + bytes((shown.info,))
    return body + bytes((sum(body) & 0xFF, END))


def _checked(number: int) -> int:
    if not 0 <= number <= MOST:
        raise ValueError(f"{number} does not fit into four digits")
    return number


def plain_of(frame: bytes) -> Plain:
    """Raises BadFrame. Form (a) has no head: a reader takes four bytes after a pause on the line."""
    if len(frame) != PLAIN_BYTES or sum(frame[:3]) & 0xFF != frame[3]:
        raise BadFrame("no number for a board", data=frame)
    return Plain(frame[0], int.from_bytes(frame[1:3], "big"))


def digits_of(number: str) -> int:
    """What a board of digits shows of a ticket's number: the last four digits, 0 when there are none (A017 → 17)."""
    return int("".join(sign for sign in number if sign in "0123456789")[-4:] or "0")


class Parser:
    """Form (b): finds sound frames; after a fault the search goes on at the next byte."""

    def __init__(self) -> None:
        self._waiting = bytearray()

    def feed(self, data: bytes) -> list[Coloured | BadFrame]:
        found: list[Coloured | BadFrame] = []
        for byte in data:
            self._waiting.append(byte)
            found += self._search()
        return found

    def _search(self) -> Iterator[Coloured | BadFrame]:
        while self._waiting:
            if self._waiting[0] != HEAD:
                yield BadFrame("noise", data=bytes(self._waiting[:1]))
            elif len(self._waiting) < COLOURED_BYTES:
                return
            elif self._waiting[6] == END and sum(self._waiting[:5]) & 0xFF == self._waiting[5]:
                _, colour, low, high, info, *_ = self._waiting
                del self._waiting[:COLOURED_BYTES]
                yield Coloured(low | high << 8, colour, info)
                continue
            else:
                yield BadFrame("a wrong sum or end", data=bytes(self._waiting[:COLOURED_BYTES]))
            del self._waiting[0]
