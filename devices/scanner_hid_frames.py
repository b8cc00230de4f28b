"""Scanners that pose as a keyboard (USB HID): Linux evdev events as codes. Pure.

Each event is a `struct input_event`: two longs of time, then type, code (16 bit) and value (32 bit), in the machine's
own byte order. Key numbers: linux/input-event-codes.h. The layout is the US one, in which scanners type unless set up
otherwise; a code with characters that no US key has (Chinese) needs a scanner on a serial line.
"""

from __future__ import annotations

import struct

from devices.errors import BadFrame
from devices.scanner_frames import GAP_TIMEOUT_S, LONGEST, Code

LONG_BYTES = struct.calcsize("l")
EV_KEY = 1
UP, DOWN = 0, 1
ENTER, KP_ENTER, TAB, LEFT_SHIFT, RIGHT_SHIFT, CAPS_LOCK = 28, 96, 15, 42, 54, 58
SHIFTS = frozenset((LEFT_SHIFT, RIGHT_SHIFT))
ENDS = frozenset((ENTER, KP_ENTER, TAB))

#: First key number of a row → the row without and with shift.
_ROWS: dict[int, tuple[str, str]] = {
    2: ("1234567890-=", "!@#$%^&*()_+"),
    16: ("qwertyuiop[]", "QWERTYUIOP{}"),
    30: ("asdfghjkl;'`", 'ASDFGHJKL:"~'),
    43: ("\\zxcvbnm,./", "|ZXCVBNM<>?"),
    55: ("*", "*"),
    57: (" ", " "),
    71: ("789-456+1230.", "789-456+1230."),
    98: ("/", "/"),
}
KEYS: dict[int, tuple[str, str]] = {
    first + at: pair for first, row in _ROWS.items() for at, pair in enumerate(zip(*row, strict=True))
}


class HidParser:
    """Key events → codes; owns a bytearray and a text.

    A key that no US layout has spoils the code it stands in; so does a code without Enter before a pause.
    """

    def __init__(self, *, long_bytes: int = LONG_BYTES, gap_timeout_s: float = GAP_TIMEOUT_S) -> None:
        self._event = struct.Struct(f"={2 * long_bytes}xHHi")
        self.gap_timeout_s = gap_timeout_s
        self._begin_anew()
        self._waiting = bytearray()
        self._shifts: set[int] = set()
        self._capitals = False
        self._last_at = float("-inf")

    def feed(self, data: bytes, at: float) -> list[Code | BadFrame]:
        """The codes that `data`, read at `at` (monotonic seconds), completes."""
        found = self.expire(at)
        self._last_at = at
        self._waiting += data
        whole = len(self._waiting) // self._event.size * self._event.size
        events, self._waiting = bytes(self._waiting[:whole]), self._waiting[whole:]
        for kind, key, value in self._event.iter_unpack(events):
            if kind == EV_KEY:
                found += self._key(key, value, at)
        return found

    def expire(self, at: float) -> list[Code | BadFrame]:
        """What a pause ended: half a code."""
        if at - self._last_at < self.gap_timeout_s or not self.unfinished:
            return []
        count = len(self._text)
        self._begin_anew()
        return [BadFrame(f"no Enter came after {count} keys")]

    @property
    def unfinished(self) -> bool:
        return bool(self._text or self._spoilt)

    def _key(self, key: int, value: int, at: float) -> list[Code | BadFrame]:
        if key in SHIFTS:
            (self._shifts.discard if value == UP else self._shifts.add)(key)
        elif value != DOWN:  # a key's end, or its repeat: scanners do not hold keys
            return []
        elif key == CAPS_LOCK:
            self._capitals = not self._capitals
        elif key in ENDS:
            return self._end(at)
        else:
            self._type(key)
        return []

    def _type(self, key: int) -> None:
        if key not in KEYS or len(self._text) == LONGEST:
            self._spoilt = True
            return
        plain, shifted = KEYS[key]
        upper = bool(self._shifts) != (self._capitals and plain.isalpha())
        self._text += shifted if upper else plain

    def _end(self, at: float) -> list[Code | BadFrame]:
        text, spoilt = self._text.strip(), self._spoilt
        self._begin_anew()
        if spoilt:
            return [BadFrame(f"a code of {len(text)} keys had one that no US keyboard has")]
        return [Code(text, at)] if text else []

    def _begin_anew(self) -> None:
        self._text, self._spoilt = "", False
