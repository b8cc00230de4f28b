"""Small GB2312 text board of three lines 小条屏, frames F0 01 D0. Pure.

Layout: a public Python program (app_tools_zxw); the vendor is unknown, and it was never seen on metal. 9600 8N1.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from devices.errors import BadFrame

BAUD = 9600
HEAD = bytes((0xF0, 0x01, 0xD0))
LINES = 3
STATIC, LEFT = 1, 2
Colour = Literal["red", "green", "blue"]
_COLOURS: tuple[Colour, ...] = ("red", "green", "blue")
_FIXED = len(HEAD) + 5
"""Bytes before the text."""
TEXT_MOST_BYTES = 0xFE
NOISE_MOST_BYTES = 64


@dataclass(frozen=True)
class LineText:
    """One line of the board; speed 0 to 250."""

    line: int
    text: bytes
    mode: int = STATIC
    speed: int = 5
    colour: Colour = "red"


def encode(shown: LineText) -> bytes:
    """Raises ValueError for a line that the board has not, or more text than it takes."""
    if not 1 <= shown.line <= LINES or len(shown.text) > TEXT_MOST_BYTES:
        raise ValueError(f"line {shown.line} of {LINES}, {len(shown.text)} bytes of {TEXT_MOST_BYTES}")
    told = (shown.line, shown.mode, shown.speed, len(shown.text) + 1, _COLOURS.index(shown.colour))
    frame = HEAD + bytes(told) + shown.text
    return frame + bytes((sum(frame) & 0xFF,))


def encoded(text: str) -> bytes:
    """GB2312, cut at whole characters to what a line takes; what it lacks becomes □."""
    data = b""
    for character in " ".join(text.split()):
        try:
            one = character.encode("gb2312")
        except UnicodeEncodeError:
            one = "□".encode("gb2312")
        if len(data) + len(one) > TEXT_MOST_BYTES:
            break
        data += one
    return data


class Parser:
    """Finds sound frames; after any fault the search goes on at the next byte, so no whole frame is lost."""

    def __init__(self) -> None:
        self._waiting = bytearray()
        self._noise = bytearray()

    def feed(self, data: bytes) -> list[LineText | BadFrame]:
        found: list[LineText | BadFrame] = []
        for byte in data:
            self._waiting.append(byte)
            found += self._search()
        return found

    def expire(self) -> list[LineText | BadFrame]:
        """A pause: half a frame is given up, and what stood inside it is looked through."""
        found: list[LineText | BadFrame] = []
        while self._waiting:
            found += self._drop()
            found += self._search()
        return [*found, *self._end_noise()]

    def _search(self) -> Iterator[LineText | BadFrame]:
        while self._waiting:
            size = self._size()
            if size is None:
                yield from self._drop()
            elif len(self._waiting) < size:
                return
            elif sum(self._waiting[: size - 1]) & 0xFF != self._waiting[size - 1]:
                yield from self._drop()
            else:
                yield from self._end_noise()
                yield _line_of(bytes(self._waiting[:size]))
                del self._waiting[:size]

    def _size(self) -> int | None:
        """How long the frame gets; None: this is none."""
        start = self._waiting[:_FIXED]
        if not start.startswith(HEAD[: len(start)]):
            return None
        sound = (range(1, LINES + 1), (STATIC, LEFT), range(251), range(1, 256), range(len(_COLOURS)))
        if any(byte not in allowed for byte, allowed in zip(start[len(HEAD) :], sound, strict=False)):
            return None
        return _FIXED + start[6] if len(start) > 6 else _FIXED + 1

    def _drop(self) -> list[BadFrame]:
        self._noise.append(self._waiting.pop(0))
        return self._end_noise() if len(self._noise) >= NOISE_MOST_BYTES else []

    def _end_noise(self) -> list[BadFrame]:
        if not self._noise:
            return []
        report = BadFrame(f"noise or a wrong sum: {len(self._noise)} bytes", data=bytes(self._noise))
        self._noise.clear()
        return [report]


def _line_of(frame: bytes) -> LineText:
    return LineText(frame[3], frame[_FIXED:-1], frame[4], frame[5], _COLOURS[frame[7]])
