"""Cuts a stream of ESC/POS bytes into commands and text.

Written from the command tables of printer manuals, not from our encoder, and it knows more than our encoder sends:
whatever python-escpos or receiptline emit must pass. A command it does not know is reported and skipped.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

Length = Callable[[bytes], int | None]
"""Given the bytes after the name: how many belong to the command, or None while too few are there to tell."""


@dataclass(frozen=True)
class Text:
    """Printable bytes, not decoded: what they mean depends on the mode when they are printed."""

    data: bytes


@dataclass(frozen=True)
class Command:
    name: bytes
    args: bytes = b""


@dataclass(frozen=True)
class Unknown:
    data: bytes


Token = Text | Command | Unknown

CONTROLS = frozenset((0x09, 0x0A, 0x0C, 0x0D, 0x18))
PREFIXES = frozenset((0x10, 0x1B, 0x1C, 0x1D))

FIXED: dict[bytes, int] = {
    # ESC
    b"\x1b@": 0, b"\x1ba": 1, b"\x1b!": 1, b"\x1bE": 1, b"\x1bG": 1, b"\x1b-": 1, b"\x1bd": 1, b"\x1be": 1,
    b"\x1bJ": 1, b"\x1bK": 1, b"\x1b2": 0, b"\x1b3": 1, b"\x1bt": 1, b"\x1bM": 1, b"\x1bR": 1, b"\x1bV": 1,
    b"\x1b{": 1, b"\x1b ": 1, b"\x1b$": 2, b"\x1b\\": 2, b"\x1bB": 2, b"\x1bC": 3, b"\x1bp": 3, b"\x1bi": 0,
    b"\x1bm": 0, b"\x1b=": 1, b"\x1bc": 2, b"\x1br": 1, b"\x1bS": 0, b"\x1bL": 0, b"\x1bT": 1, b"\x1bW": 8,
    b"\x1b%": 1, b"\x1b?": 1, b"\x1b\x0c": 0, b"\x1bU": 1, b"\x1bu": 1, b"\x1bv": 0,
    # GS
    b"\x1d!": 1, b"\x1dB": 1, b"\x1dh": 1, b"\x1dw": 1, b"\x1dH": 1, b"\x1df": 1, b"\x1dr": 1, b"\x1da": 1,
    b"\x1dI": 1, b"\x1dL": 2, b"\x1dW": 2, b"\x1dP": 2, b"\x1d$": 2, b"\x1d\\": 2, b"\x1d:": 0, b"\x1d^": 3,
    b"\x1db": 1, b"\x1dT": 1, b"\x1d/": 1, b"\x1d\x0c": 0,
    # FS
    b"\x1c&": 0, b"\x1c.": 0, b"\x1c!": 1, b"\x1cW": 1, b"\x1cS": 2, b"\x1c-": 1, b"\x1cC": 1, b"\x1cp": 2,
    b"\x1c2": 74,
    # DLE, in real time
    b"\x10\x04": 1, b"\x10\x05": 1,
}  # fmt: skip


def _little(data: bytes) -> int:
    return int.from_bytes(data, "little")


def _sized(header: int) -> Length:
    """`pL pH` (or four bytes) somewhere at the start say how many bytes follow the header."""
    start = header - 2

    def length(rest: bytes) -> int | None:
        return header + _little(rest[start:header]) if len(rest) >= header else None

    return length


def _gs_8_l(rest: bytes) -> int | None:
    return 5 + _little(rest[1:5]) if len(rest) >= 5 else None


def _bit_image(rest: bytes) -> int | None:
    """ESC * m nL nH: one byte a column for m 0 and 1, three for 32 and 33."""
    return 3 + _little(rest[1:3]) * (3 if rest[0] in (32, 33) else 1) if len(rest) >= 3 else None


def _cut(rest: bytes) -> int | None:
    """GS V m, with n behind it for the feeding cuts."""
    return (2 if rest[0] in (65, 66, 97, 98, 103, 104) else 1) if rest else None


def _raster(rest: bytes) -> int | None:
    """GS v 0 m xL xH yL yH: x bytes times y rows."""
    return 6 + _little(rest[2:4]) * _little(rest[4:6]) if len(rest) >= 6 else None


def _barcode(rest: bytes) -> int | None:
    """GS k: m 0..6 ends with NUL, m 65.. has a length byte."""
    if len(rest) < 2:
        return None
    if rest[0] >= 65:
        return 2 + rest[1]
    end = rest.find(0, 1)
    return end + 1 if end > 0 else None


def _until_nul(rest: bytes) -> int | None:
    """ESC D: tab stops, ended by NUL."""
    end = rest.find(0)
    return end + 1 if end >= 0 else None


def _pulse_or_clear(rest: bytes) -> int | None:
    """DLE DC4 fn: two more bytes, but seven for fn 8 (clear buffers)."""
    return (8 if rest[0] == 8 else 3) if rest else None


def _downloaded_image(rest: bytes) -> int | None:
    """GS * x y: x times y times 8 bytes."""
    return 2 + rest[0] * rest[1] * 8 if len(rest) >= 2 else None


def _own_glyphs(rest: bytes) -> int | None:
    """ESC & y c1 c2, then for each glyph its width x and x*y bytes."""
    if len(rest) < 3:
        return None
    used = 3
    for _ in range(max(0, rest[2] - rest[1] + 1)):
        if len(rest) <= used:
            return None
        used += 1 + rest[used] * rest[0]
    return used


VARIABLE: dict[bytes, Length] = {
    b"\x1b*": _bit_image,
    b"\x1bD": _until_nul,
    b"\x1b&": _own_glyphs,
    b"\x1b(": _sized(3),
    b"\x1c(": _sized(3),
    b"\x1d(": _sized(3),
    b"\x1d8": _gs_8_l,
    b"\x1d*": _downloaded_image,
    b"\x1dV": _cut,
    b"\x1dv": _raster,
    b"\x1dk": _barcode,
    b"\x10\x14": _pulse_or_clear,
}

MOST_BYTES = 4_000_000
"""A command that claims to be longer than any picture is treated as unknown."""


class Lexer:
    """Owns the bytes of the command or text that is not complete yet."""

    def __init__(self) -> None:
        self._bytes = bytearray()

    def feed(self, data: bytes) -> Iterator[Token]:
        self._bytes += data
        while self._bytes:
            token, size = self._next()
            if token is None:
                return
            del self._bytes[:size]
            yield token

    def _next(self) -> tuple[Token | None, int]:
        first = self._bytes[0]
        if first in PREFIXES:
            return self._command()
        if first in CONTROLS:
            return Command(bytes((first,))), 1
        if first < 0x20:
            return Unknown(bytes((first,))), 1
        return self._text()

    def _text(self) -> tuple[Token, int]:
        size = next((at for at, byte in enumerate(self._bytes) if byte < 0x20), len(self._bytes))
        return Text(bytes(self._bytes[:size])), size

    def _command(self) -> tuple[Token | None, int]:
        if len(self._bytes) < 2:
            return None, 0
        name = bytes(self._bytes[:2])
        length = self._length(name)
        if length is None:
            return None, 0
        if length < 0 or length > MOST_BYTES:
            return Unknown(name), 2
        size = 2 + length
        return (Command(name, bytes(self._bytes[2:size])), size) if len(self._bytes) >= size else (None, 0)

    def _length(self, name: bytes) -> int | None:
        """-1 for a command that is not in the tables."""
        if name in FIXED:
            return FIXED[name]
        return VARIABLE[name](bytes(self._bytes[2:])) if name in VARIABLE else -1
