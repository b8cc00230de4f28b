"""Bar- and QR-code scanners 扫码器 on a serial line: bytes as codes. Pure.

A scanner is a typewriter: the code's characters and an end (CR, LF, CR LF or Tab, as its manual's setup codes choose).
Some put a prefix (AIM symbology `]Q1`, STX) before each code. Chinese scanners send GB18030 or UTF-8.

What is scanned may be personal (a health code, a licence): nothing here shows a code in a `repr` or an error.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from devices.errors import BadFrame

BAUD = 9600
LONGEST = 4096
"""Bytes: the largest QR code holds 2953; more without an end is a wrong setting."""
GAP_TIMEOUT_S = 0.5
"""A code comes in one go; half a code followed by silence is thrown away, never glued to the next one."""
DEBOUNCE_S = 2.0
"""The same code again within this time is the same code still before the glass."""

Ending = Literal["crlf", "cr", "lf", "tab"]
ENDINGS: dict[Ending, bytes] = {"crlf": b"\r\n", "cr": b"\r", "lf": b"\n", "tab": b"\t"}
Encoding = Literal["auto", "utf-8", "gb18030"]


@dataclass(frozen=True)
class Code:
    """What was scanned, at `at` (monotonic seconds)."""

    text: str = field(repr=False)
    at: float


class Parser:
    """Bytes → codes; owns a bytearray and nothing else.

    With the ending `crlf` a lone CR or LF also ends a code (setups differ, and neither stands inside a code of ours).
    What stands before a prefix is noise. Codes without the prefix, without valid text or longer than a QR code can be
    come out as `BadFrame` values that tell how many bytes they had.
    """

    def __init__(
        self,
        *,
        ending: Ending = "crlf",
        prefix: bytes = b"",
        encoding: Encoding = "auto",
        gap_timeout_s: float = GAP_TIMEOUT_S,
    ) -> None:
        self._ends = ENDINGS[ending]
        self._prefix = prefix
        self._encodings = ("utf-8", "gb18030") if encoding == "auto" else (encoding,)
        self.gap_timeout_s = gap_timeout_s
        self._waiting = bytearray()
        self._dropped = 0
        self._last_at = float("-inf")

    def feed(self, data: bytes, at: float) -> list[Code | BadFrame]:
        """The codes that `data`, read at `at` (monotonic seconds), completes."""
        found = self.expire(at)
        self._last_at = at
        for byte in data:
            if byte in self._ends:
                found += self._end(at)
            elif self._dropped or len(self._waiting) == LONGEST:
                self._dropped += 1
            else:
                self._waiting.append(byte)
        return found

    def expire(self, at: float) -> list[Code | BadFrame]:
        """What a pause ended: half a code."""
        if at - self._last_at < self.gap_timeout_s or not self.unfinished:
            return []
        return [self._throw_away("no end came after")]

    @property
    def unfinished(self) -> bool:
        return bool(self._waiting)

    def _end(self, at: float) -> list[Code | BadFrame]:
        """Two ends in a row enclose nothing."""
        if self._dropped:
            return [self._throw_away("no code is as long as")]
        whole = bytes(self._waiting)
        self._waiting.clear()
        if not whole:
            return []
        if self._prefix not in whole:
            return [BadFrame(f"a code of {len(whole)} bytes came without the prefix that is set")]
        text = self._text(whole.rpartition(self._prefix)[2] if self._prefix else whole)
        return [Code(text, at) if text else BadFrame(f"{len(whole)} bytes are no text")]

    def _throw_away(self, why: str) -> BadFrame:
        count = len(self._waiting) + self._dropped
        self._waiting.clear()
        self._dropped = 0
        return BadFrame(f"{why} {count} bytes")

    def _text(self, data: bytes) -> str:
        """Empty when it is none: undecodable, or with control characters in it."""
        for encoding in self._encodings:
            try:
                text = data.decode(encoding).strip()
            except UnicodeDecodeError:
                continue
            return text if text.isprintable() else ""
        return ""


class Debounce:
    """Lets a code through once while it stays before the scanner."""

    def __init__(self, within_s: float = DEBOUNCE_S) -> None:
        self._within_s = within_s
        self._last: Code | None = None

    def fresh(self, code: Code) -> bool:
        """Every repeat begins the time anew: a slip left lying under the scanner is one code."""
        last, self._last = self._last, code
        return last is None or last.text != code.text or code.at - last.at > self._within_s
