"""USB number pads as Linux gives them: `struct input_event` of /dev/input/event*. Pure.

    seconds, microseconds (a C long each), type u16, code u16, value s32        24 bytes, or 16 on a 32-bit kernel

Codes: linux/input-event-codes.h. The events carry no sum and no mark: a kernel always gives whole ones, and over any
other wire a wrong byte is found by values that cannot be.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping
from typing import Literal

from devices.errors import BadFrame
from devices.keypad_typing import UNKNOWN, Meaning

EV_SYN, EV_KEY, EV_MAX = 0x00, 0x01, 0x1F
SYN_DROPPED = 3
KEY_MAX = 0x2FF
PRESSED = 1
"""0 is the release, 2 the repeat of a key that is held down: one press is one press."""
GAP_TIMEOUT_S = 0.2
NOISE_MOST_BYTES = 64

Bits = Literal[32, 64]
EVENT: dict[Bits, struct.Struct] = {64: struct.Struct("<qqHHi"), 32: struct.Struct("<IIHHi")}

_DIGIT_KEYS = {
    2: 1, 3: 2, 4: 3, 5: 4, 6: 5, 7: 6, 8: 7, 9: 8, 10: 9, 11: 0,
    79: 1, 80: 2, 81: 3, 75: 4, 76: 5, 77: 6, 71: 7, 72: 8, 73: 9, 82: 0,
}  # fmt: skip
"""KEY_1 … KEY_0, then KEY_KP1 … KEY_KP0."""
_NUM_LOCK = 69

CALLER_KEYS: dict[int, Meaning] = {
    **{code: Meaning("digit", digit) for code, digit in _DIGIT_KEYS.items()},
    28: Meaning("enter"),  # KEY_ENTER
    96: Meaning("enter"),  # KEY_KPENTER
    78: Meaning("key", name="recall"),  # KEY_KPPLUS
    74: Meaning("key", name="evaluate"),  # KEY_KPMINUS
    55: Meaning("key", name="pause"),  # KEY_KPASTERISK
    98: Meaning("key", name="transfer"),  # KEY_KPSLASH
    83: Meaning("clear"),  # KEY_KPDOT
    14: Meaning("clear"),  # KEY_BACKSPACE
    _NUM_LOCK: Meaning("nothing"),
}
"""A clerk's pad: Enter calls the next; 6, 0, 3 and Enter give up, hang, call back; + recalls; - asks to evaluate."""

EVALUATOR_KEYS: dict[int, Meaning] = {
    code: Meaning("evaluation", digit - 1) for code, digit in _DIGIT_KEYS.items() if 1 <= digit <= 5
} | {_NUM_LOCK: Meaning("nothing")}
"""A citizen's pad: 1 to 5 are the evaluator's values 0 to 4."""


class Parser:
    """Presses out of events. Whatever cannot be an event is dropped byte by byte, and told as `BadFrame`."""

    def __init__(self, keys: Mapping[int, Meaning], *, bits: Bits = 64, gap_timeout_s: float = GAP_TIMEOUT_S) -> None:
        self._keys = keys
        self._event = EVENT[bits]
        self._gap_timeout_s = gap_timeout_s
        self._waiting = bytearray()
        self._noise = bytearray()
        self._last_at = float("-inf")

    def feed(self, data: bytes, at: float) -> list[Meaning | BadFrame]:
        found = self.expire(at)
        self._last_at = at
        self._waiting += data
        while len(self._waiting) >= self._event.size:
            found += self._take()
        return found

    def expire(self, at: float) -> list[Meaning | BadFrame]:
        """Half an event before a pause is no event: what comes next begins anew."""
        if at - self._last_at < self._gap_timeout_s:
            return []
        self._noise += self._waiting
        self._waiting.clear()
        return self._end_noise()

    @property
    def unfinished(self) -> bool:
        return bool(self._waiting or self._noise)

    def _take(self) -> list[Meaning | BadFrame]:
        _, micros, kind, code, value = self._event.unpack_from(self._waiting)
        if not _can_be(micros, kind, code, value):
            self._noise.append(self._waiting.pop(0))
            return self._end_noise() if len(self._noise) >= NOISE_MOST_BYTES else []
        ended = self._end_noise()
        whole = bytes(self._waiting[: self._event.size])
        del self._waiting[: self._event.size]
        if (kind, code) == (EV_SYN, SYN_DROPPED):
            return [*ended, BadFrame("the system dropped key events: its buffer was full", data=whole)]
        if (kind, value) != (EV_KEY, PRESSED):
            return ended
        return [*ended, self._keys.get(code, UNKNOWN)]

    def _end_noise(self) -> list[Meaning | BadFrame]:
        if not self._noise:
            return []
        report = BadFrame(f"no key event: {len(self._noise)} bytes", data=bytes(self._noise))
        self._noise.clear()
        return [report]


def _can_be(micros: int, kind: int, code: int, value: int) -> bool:
    """Whether these are values that the kernel gives."""
    if not 0 <= micros < 1_000_000 or kind > EV_MAX or code > KEY_MAX:
        return False
    return kind != EV_KEY or value in (0, 1, 2)
