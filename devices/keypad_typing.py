"""Keys typed one by one on a key box or a number pad, put together into presses as an FF68 keypad sends them. Pure.

Words of a key table: `digit 7`, `evaluation 0`, `clear`, `enter`, `nothing`, and the names of the FF68 keys
(`call_next`, `recall`, `give_up` …). `ok` with a digit before it is what it is on FF68 (6 give up, 0 hang, 3 call
back); `enter` is the same for pads without a calling key: every other number before it, and none, calls.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

from devices.keypad_ff68_frames import KEYS, OK_KEYS, Key, KeyName

DIGITS_MOST = 3
"""More digits than a number has: the first ones are forgotten."""
FORGOTTEN_AFTER_S = 10.0
"""Digits without a function key after them were typed by somebody who went away."""

Kind = Literal["digit", "evaluation", "key", "enter", "clear", "nothing"]

_CODES: dict[KeyName, int] = {name: code for code, name in KEYS.items()} | dict.fromkeys(OK_KEYS.values(), 0x0F)


@dataclass(frozen=True)
class Meaning:
    """What one key of a pad is for. `value` is a digit or an evaluator's value, `name` a function key."""

    kind: Kind
    value: int = 0
    name: KeyName = "unknown"


@dataclass(frozen=True)
class Evaluated:
    """A citizen pressed; which level the value means is a setting."""

    value: int


NOTHING = Meaning("nothing")
UNKNOWN = Meaning("key")


def meaning_of(word: str) -> Meaning:
    """Raises ValueError with a sentence."""
    kind, _, number = word.strip().partition(" ")
    if kind in ("digit", "evaluation"):
        if not (number.isascii() and number.isdecimal() and int(number) <= 9):
            raise ValueError(f"{word!r}: write {kind} and a number from 0 to 9")
        return Meaning("digit" if kind == "digit" else "evaluation", int(number))
    if word in ("enter", "clear", "nothing"):
        return Meaning("enter" if word == "enter" else "clear" if word == "clear" else "nothing")
    name = next((one for one in get_args(KeyName) if one == word), None)
    if name is None:
        words = ", ".join(("digit 0…9", "evaluation 0…9", "enter", "clear", "nothing", *get_args(KeyName)))
        raise ValueError(f"{word!r} is no key; there are {words}")
    return Meaning("key", name=name)


class Typing:
    """Owns the digits that wait for their function key."""

    def __init__(self, address: int = 1) -> None:
        self._address = address
        self._digits: tuple[int, ...] = ()
        self._last_at = 0.0

    def feed(self, pressed: Meaning, at: float) -> Key | Evaluated | None:
        """What `pressed` at `at` (monotonic seconds) completes; None while it only adds to what is typed."""
        if at - self._last_at >= FORGOTTEN_AFTER_S:
            self._digits = ()
        self._last_at = at
        match pressed.kind:
            case "digit":
                self._digits = (*self._digits, pressed.value)[-DIGITS_MOST:]
            case "evaluation":
                return Evaluated(pressed.value)
            case "clear":
                self._digits = ()
            case "key" | "enter":
                return self._function(pressed)
        return None

    def _function(self, pressed: Meaning) -> Key:
        digits, self._digits = self._digits, ()
        name = pressed.name
        if pressed.kind == "enter":
            name = OK_KEYS.get(digits, "call_next")
        elif name == "ok":
            name = OK_KEYS.get(digits, "ok")
        return Key(self._address, name, _CODES.get(name, 0), digits)
