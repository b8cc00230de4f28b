"""The key box twin: letters on a line, as `key_tables/letters.toml` has them; written from its table, not with it.

The box asks when it hears `?`, for a while; a citizen's press inside it is `V1` … `V5` and a line end. `.` is the
host's answer, `!` a beep.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from devices.twins.twin import Action, Cable, CabledTwin

WINDOW_S = 10.0
KEYS = "0123456789NREGHBPTC"


class KeyBoxTwin(CabledTwin):
    kind = "box"
    more_faults = ("bounce",)
    """`bounce`: a worn contact sends every key twice."""
    options: ClassVar[Mapping[str, Callable[[str], Any]]] = {"window_s": float}
    actions = (
        Action("呼叫", "Next", {"keys": "N"}),
        Action("重呼", "Recall", {"keys": "R"}),
        Action("评价", "Evaluate", {"keys": "E"}),
        Action("弃号", "No-show", {"keys": "G"}),
        Action("挂起", "Hold", {"keys": "H"}),
        Action("回呼", "Resume", {"keys": "B"}),
        Action("暂停", "Pause", {"keys": "P"}),
        Action("按键", "Keys", {}, {"keys": "02T"}),
        *(Action(f"评价 {at}", f"Level {at}", {"value": at - 1}) for at in range(1, 6)),
    )

    def __init__(self, name: str = "", *, window_s: float = WINDOW_S, **rest: Any) -> None:
        super().__init__(name, **rest)
        self.asking = False
        self.pressed = 0
        """First presses inside an open invitation."""
        self.refused = 0
        self.invitations = 0
        self.answered = 0
        self.beeps = 0
        self.pressed_by_value: dict[int, int] = {}
        self._window_s = window_s

    def hear(self, cable: Cable, data: bytes) -> None:
        for byte in data if "mute" not in self.faults else b"":
            if byte == ord("?"):
                self._ask()
            elif byte == ord("."):
                self.answered += 1
            elif byte == ord("!"):
                self.beeps += 1
        self.watch.touch()

    def _ask(self) -> None:
        self.asking = True
        self.invitations += 1
        asked = self.invitations
        self.later(self._window_s, lambda: self._window_over(asked))

    def _window_over(self, asked: int) -> None:
        if self.invitations == asked and self.asking:
            self.asking = False
            self.watch.touch()

    def act(self, body: dict[str, Any]) -> dict[str, Any]:
        """`{"keys": "02T"}` or `{"value": 0}`. Raises ValueError."""
        if "value" in body:
            return {"accepted": self.evaluate(body["value"])}
        keys = body.get("keys")
        if not isinstance(keys, str) or not keys or set(keys) - set(KEYS):
            raise ValueError(f'"keys" are some of {KEYS}, or "value" is 0 to 4')
        for key in keys:
            self._key(key)
        return {"accepted": True}

    def evaluate(self, value: object) -> bool:
        """A citizen presses; False when the box is not asking."""
        if value not in range(5) or not isinstance(value, int):
            raise ValueError(f"the box has the levels 0 to 4, not {value!r}")
        if not self.asking:
            self.refused += 1
            self.watch.touch()
            return False
        self.asking = False
        self.pressed += 1
        self.pressed_by_value[value] = self.pressed_by_value.get(value, 0) + 1
        self._key(f"V{value + 1}")
        return True

    def _key(self, key: str) -> None:
        for _ in range(2 if "bounce" in self.faults else 1):
            self.say(f"{key}\r\n".encode(), sum_at=None, wrong=b"W\r\n")
        self.watch.touch()

    def shown(self) -> dict[str, Any]:
        names = ("asking", "pressed", "refused", "invitations", "answered", "beeps", "pressed_by_value")
        return {name: getattr(self, name) for name in names}
