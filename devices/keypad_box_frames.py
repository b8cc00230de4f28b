"""Simple key boxes 按键盒: a table of bytes → keys, as a maker's leaflet or a capture gives it. Pure.

A table is TOML:

    end = "\\r\\n"                    # optional: what follows a key and means nothing
    answer = "hex 06"               # optional: sent back for every key
    ask = "hex 1B 41"               # optional: sent to ask the citizen
    beep = "hex 07"                 # optional
    [keys]
    "1" = "evaluation 0"            # text as the box sends it
    "hex 02 31 03" = "call_next"    # or bytes

There is no public protocol of such boxes beyond "one key, some bytes": the layout of this table is ours.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from devices.errors import BadFrame
from devices.keypad_typing import NOTHING, Meaning, meaning_of

GAP_TIMEOUT_S = 0.2
"""The bytes of one key come without a pause; a longer one ends a half key."""
NOISE_MOST_BYTES = 64
CODE_MOST_BYTES = 32
_WORDS = frozenset({"end", "answer", "ask", "beep", "keys", "name"})


@dataclass(frozen=True)
class KeyTable:
    """`codes`: bytes → key. `answer` goes back for every key, `ask` and `beep` on our own account; empty = never."""

    codes: Mapping[bytes, Meaning]
    answer: bytes = b""
    ask: bytes = b""
    beep: bytes = b""


def key_table(document: Mapping[str, Any]) -> KeyTable:
    """From parsed TOML. Raises ValueError with a sentence that names the line."""
    strange = sorted(set(document) - _WORDS)
    if strange:
        raise ValueError(f"a key table has no {strange[0]!r}; it has end, answer, ask, beep and [keys]")
    keys = document.get("keys")
    if not isinstance(keys, Mapping) or not keys:
        raise ValueError('a key table needs [keys], for example "1" = "evaluation 0"')
    codes: dict[bytes, Meaning] = {}
    for told, word in keys.items():
        code = bytes_of(told)
        if not 1 <= len(code) <= CODE_MOST_BYTES:
            raise ValueError(f"[keys] {told!r}: a key is 1 to {CODE_MOST_BYTES} bytes")
        if code in codes:
            raise ValueError(f"[keys] {told!r}: these bytes stand twice")
        codes[code] = meaning_of(str(word))
    end = bytes_of(str(document.get("end", "")))
    if end and any(code.startswith(end[:1]) for code in codes):
        raise ValueError("a key begins like the end of keys: nobody could tell them apart")
    if end:
        codes[end] = NOTHING
    return KeyTable(codes, *(bytes_of(str(document.get(name, ""))) for name in ("answer", "ask", "beep")))


def bytes_of(told: str) -> bytes:
    """`hex 02 31` as bytes, anything else as the text it is. Raises ValueError."""
    if not told.startswith("hex "):
        return told.encode()
    try:
        return bytes.fromhex(told.removeprefix("hex "))
    except ValueError:
        raise ValueError(f"{told!r}: after hex come pairs of hexadecimal digits, as in hex 02 31 03") from None


class Parser:
    """Finds the table's keys in what the line brings; the longest that fits counts.

    A key that begins like a longer one waits for the next byte or a pause. Bytes of no key come out as `BadFrame`.
    How the bytes were cut into reads does not matter.
    """

    def __init__(self, codes: Mapping[bytes, Meaning], *, gap_timeout_s: float = GAP_TIMEOUT_S) -> None:
        self._codes = codes
        self._beginnings = {code[:length] for code in codes for length in range(1, len(code))}
        self._gap_timeout_s = gap_timeout_s
        self._waiting = bytearray()
        self._noise = bytearray()
        self._last_at = float("-inf")

    def feed(self, data: bytes, at: float) -> list[Meaning | BadFrame]:
        """What `data`, read at `at` (monotonic seconds), completes. `nothing` is told too: the box lives."""
        found = self.expire(at)
        self._last_at = at
        for byte in data:
            self._waiting.append(byte)
            found += self._search(more_may_come=True)
        return found

    def expire(self, at: float) -> list[Meaning | BadFrame]:
        """What a pause ended."""
        if at - self._last_at < self._gap_timeout_s or not self.unfinished:
            return []
        return [*self._search(more_may_come=False), *self._end_noise()]

    @property
    def unfinished(self) -> bool:
        return bool(self._waiting or self._noise)

    def _search(self, *, more_may_come: bool) -> Iterator[Meaning | BadFrame]:
        while self._waiting:
            if more_may_come and bytes(self._waiting) in self._beginnings:
                return
            size = self._longest()
            if size:
                yield from self._end_noise()
                yield self._codes[bytes(self._waiting[:size])]
                del self._waiting[:size]
            else:
                self._noise.append(self._waiting.pop(0))
                if len(self._noise) >= NOISE_MOST_BYTES:
                    yield from self._end_noise()

    def _longest(self) -> int:
        fitting = (size for size in range(len(self._waiting), 0, -1) if bytes(self._waiting[:size]) in self._codes)
        return next(fitting, 0)

    def _end_noise(self) -> list[BadFrame]:
        if not self._noise:
            return []
        report = BadFrame(f"bytes of no key: {len(self._noise)}", data=bytes(self._noise))
        self._noise.clear()
        return [report]
