"""The scanner's twin: types what is held before it, on a serial line or as a keyboard's events."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

from devices.twins.twin import Action, Cable, CabledTwin

ENDS = {"crlf": "\r\n", "cr": "\r", "lf": "\n", "tab": "\t"}
#: Keys of a US keyboard by number (linux/input-event-codes.h): a character, or the one above it with shift (42).
PLAIN = {
    "1": 2, "2": 3, "3": 4, "4": 5, "5": 6, "6": 7, "7": 8, "8": 9, "9": 10, "0": 11, "-": 12, "=": 13,
    "q": 16, "w": 17, "e": 18, "r": 19, "t": 20, "y": 21, "u": 22, "i": 23, "o": 24, "p": 25, "[": 26, "]": 27,
    "a": 30, "s": 31, "d": 32, "f": 33, "g": 34, "h": 35, "j": 36, "k": 37, "l": 38, ";": 39, "'": 40, "`": 41,
    "\\": 43, "z": 44, "x": 45, "c": 46, "v": 47, "b": 48, "n": 49, "m": 50, ",": 51, ".": 52, "/": 53, " ": 57,
}  # fmt: skip
ABOVE = dict(zip('!@#$%^&*()_+{}:"~|<>?', "1234567890-=[];'`\\,./", strict=True))


def events_of(text: str) -> bytes:
    """Press and release of every key, each with the synchronisation event that follows it; Enter ends."""
    return b"".join(_event(1, key, value) + _event(0, 0, 0) for key, value in _presses(text))


def _presses(text: str) -> Iterator[tuple[int, int]]:
    for char in text:
        shifted = char in ABOVE or char.isupper()
        key = PLAIN[ABOVE.get(char, char.lower())]
        yield from [(42, 1), (key, 1), (key, 0), (42, 0)] if shifted else [(key, 1), (key, 0)]
    yield from [(28, 1), (28, 0)]


def _event(kind: int, code: int, value: int) -> bytes:
    """As a 64-bit Linux writes it: 16 bytes of time, type, code, value, low byte first."""
    return bytes(16) + kind.to_bytes(2, "little") + code.to_bytes(2, "little") + value.to_bytes(4, "little")


class ScannerTwin(CabledTwin):
    """`ending` and `prefix` as set up by its manual's codes; `as=hid` makes it a keyboard."""

    kind = "scanner"
    actions = (Action("扫码", "Scan a code", {}, ask={"code": "/t/"}),)
    options: ClassVar[dict[str, Any]] = {"ending": str, "prefix": str, "encoding": str, "hid": lambda text: text == "1"}

    def __init__(
        self,
        name: str = "",
        *,
        ending: str = "crlf",
        prefix: str = "",
        encoding: str = "utf-8",
        hid: bool = False,
        **options: Any,
    ) -> None:
        super().__init__(name, **options)
        self.scanned = 0
        self._end = ENDS[ending]
        self._prefix = prefix
        self._encoding = encoding
        self._hid = hid

    def hear(self, cable: Cable, data: bytes) -> None:
        """A scanner does not listen."""

    def act(self, body: dict[str, Any]) -> dict[str, Any]:
        """`{"code": "http://…/t/…"}` is held before the glass once."""
        code = body.get("code")
        if not isinstance(code, str) or not code:
            raise ValueError("code must be the text of a code")
        self.say(self._bytes(code), sum_at=None)
        self.scanned += 1
        self.watch.touch()
        return self.shown()

    def shown(self) -> dict[str, Any]:
        return {"scanned": self.scanned}

    def _bytes(self, code: str) -> bytes:
        if not self._hid:
            return f"{self._prefix}{code}{self._end}".encode(self._encoding)
        try:
            return events_of(self._prefix + code)
        except KeyError as fault:
            raise ValueError(f"a keyboard scanner cannot type {fault.args[0]!r}") from fault
