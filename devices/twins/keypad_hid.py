"""The number pad twin: key events as a 64-bit kernel gives them. `bits=32` for the others.

Over TCP or a pseudo-terminal, in place of /dev/input: what cannot be tried here is the kernel's own part.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from devices.twins.twin import Action, Cable, CabledTwin

CODES = {
    "1": 79, "2": 80, "3": 81, "4": 75, "5": 76, "6": 77, "7": 71, "8": 72, "9": 73, "0": 82,
    "\n": 96, "+": 78, "-": 74, "*": 55, "/": 98, ".": 83,
}  # fmt: skip
"""linux/input-event-codes.h: the keypad's block; a line feed is Enter."""
HELD_EVENTS = 3
"""held: so many repeats (value 2) come before the release."""


class NumberPadTwin(CabledTwin):
    kind = "hid"
    more_faults = ("held",)
    options: ClassVar[Mapping[str, Callable[[str], Any]]] = {"bits": int}
    actions = (
        Action("回车（呼叫）", "Enter (next)", {"keys": "\n"}),
        Action("+ 重呼", "+ recall", {"keys": "+"}),
        Action("- 评价", "- evaluate", {"keys": "-"}),
        Action("* 暂停", "* pause", {"keys": "*"}),
        Action("6 回车（弃号）", "6 Enter (no-show)", {"keys": "6\n"}),
        Action("0 回车（挂起）", "0 Enter (hold)", {"keys": "0\n"}),
        Action("3 回车（回呼）", "3 Enter (resume)", {"keys": "3\n"}),
        *(Action(str(at), str(at), {"keys": str(at)}) for at in range(1, 6)),
    )

    def __init__(self, name: str = "", *, bits: int = 64, **rest: Any) -> None:
        super().__init__(name, **rest)
        self.typed = ""
        self._word = 8 if bits == 64 else 4
        self._at_us = 0

    def hear(self, cable: Cable, data: bytes) -> None:
        """Nothing can be said to a number pad."""

    def act(self, body: dict[str, Any]) -> dict[str, Any]:
        """`{"keys": "17\\n"}`. Raises ValueError."""
        keys = body.get("keys")
        if not isinstance(keys, str) or not keys or set(keys) - set(CODES):
            raise ValueError('"keys" are digits, + - * / . and a line feed for Enter')
        for key in keys:
            values = (1, *[2] * (HELD_EVENTS if "held" in self.faults else 0), 0)
            events = b"".join(self._event(1, CODES[key], value) + self._event(0, 0, 0) for value in values)
            self.say(events, sum_at=None, wrong=self._event(1, 300, 1))
        self.typed = (self.typed + keys)[-40:]
        self.watch.touch()
        return {"accepted": True}

    def _event(self, kind: int, code: int, value: int) -> bytes:
        self._at_us += 1000
        seconds, micros = divmod(self._at_us, 1_000_000)
        numbers = ((seconds, self._word), (micros, self._word), (kind, 2), (code, 2), (value, 4))
        return b"".join(number.to_bytes(size, "little") for number, size in numbers)

    def shown(self) -> dict[str, Any]:
        return {"typed": self.typed.replace("\n", "⏎")}
