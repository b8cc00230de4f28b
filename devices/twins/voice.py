"""The twins of the voice chips SYN6288 and XFS5152CE: what they are told, what they would say, how long it takes them.

Written from the drawings of the two manuals. They share the head FD and the answers, nothing else: length and closing
byte differ, and so do the marks. A mark that a chip does not know, or that stands in the wrong place, is read aloud.
"""

from __future__ import annotations

import re
from abc import abstractmethod
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from devices.twins.twin import Action, Cable, CabledTwin, Later, on_this_loop

STARTED, ACCEPTED, REJECTED, BUSY, IDLE = b"\x4a", b"\x41", b"\x45", b"\x4e", b"\x4f"
SECONDS_A_CHARACTER = 0.22
HALF_FRAME_S = 0.3
"""A frame that is not whole after this long is forgotten; the real chips wait 8 ms."""
KEPT = 50

DIGITS = "零一二三四五六七八九"


@dataclass
class Spoken:
    """One text: as it was written, as it sounds, and how."""

    text: str
    sounds: str
    volume: int
    speed: int
    whole: bool = False
    """False while it is spoken, and for one that was cut off."""


class _Voice(CabledTwin):
    """The body of both chips. `cut` takes frames out of the waiting bytes: command and data, None for a bad one."""

    more_faults = ("stuck", "no-end")
    options: ClassVar[Mapping[str, Callable[[str], Any]]] = {"seconds_a_character": float}
    actions = (Action("断电重启", "power off and on", {"do": "power"}),)
    encodings: tuple[str, ...] = ()
    text_most = 0
    marks: ClassVar[Mapping[str, int]] = {}
    """Letter → the highest number it takes."""
    at_the_beginning = ""
    """Letters of marks that are understood before the first character only."""
    loudness, pace = "v", "t"

    def __init__(
        self,
        name: str = "",
        *,
        seconds_a_character: float = SECONDS_A_CHARACTER,
        faults: Iterable[str] = (),
        later: Later = on_this_loop,
    ) -> None:
        super().__init__(name, faults=faults, later=later)
        self.spoken: deque[Spoken] = deque(maxlen=KEPT)
        self.said = 0
        self.interrupted = 0
        """Texts that were cut off by the next one, which no hall wants to hear."""
        self.rejected = 0
        self._seconds_a_character = seconds_a_character
        self._now: Spoken | None = None
        self._turn = 0

    @abstractmethod
    def cut(self, waiting: bytearray) -> list[tuple[int, bytes] | None]:
        """Takes whole frames out of what came: command and text each, None for one with a wrong sum."""

    @property
    def speaking(self) -> bool:
        return self._now is not None

    def hear(self, cable: Cable, data: bytes) -> None:
        cable.waiting += data
        for frame in self.cut(cable.waiting):
            self._obey(cable, frame)
        if cable.waiting:
            self._forget_later(cable, bytes(cable.waiting))

    def _forget_later(self, cable: Cable, half: bytes) -> None:
        def forget() -> None:
            if bytes(cable.waiting) == half:
                cable.waiting.clear()

        self.later(HALF_FRAME_S, forget)

    def _obey(self, cable: Cable, frame: tuple[int, bytes] | None) -> None:
        command, data = frame or (None, b"")
        if command == 0x01 and data and self._begin(data):
            self._answer(cable, ACCEPTED)
        elif command == 0x21 and not data:
            self._answer(cable, BUSY if self.speaking else IDLE)
        elif command in (0x02, 0x03, 0x04, 0x88, 0xFF) and not data:
            if command == 0x02:
                self._stop()
            self._answer(cable, ACCEPTED)
        elif command == 0x31 and self.kind == "syn6288" and data in (b"\x00", b"\x01", b"\x02"):
            self._answer(cable, ACCEPTED)
        else:
            self.rejected += 1
            self._answer(cable, REJECTED)
        self.watch.touch()

    def _answer(self, cable: Cable, answer: bytes) -> None:
        self.say(answer, to=cable, sum_at=None, wrong=REJECTED)

    # ---- speaking ----

    def _begin(self, data: bytes) -> bool:
        """False for a text that the chip cannot take."""
        encoding = data[0] & 7
        if encoding >= len(self.encodings) or not 1 <= len(data) - 1 <= self.text_most:
            return False
        try:
            text = data[1:].decode(self.encodings[encoding])
        except UnicodeDecodeError:
            return False
        if self._now is not None:
            self.interrupted += 1
        self._now = self._read(text)
        if not self._now.sounds:  # marks alone: set, nothing to say
            self._now = None
            return True
        self.said += 1
        self.spoken.append(self._now)
        self._turn += 1
        turn = self._turn
        self.later(self._seconds_a_character * len(self._now.sounds), lambda: self._end(turn))
        return True

    def _end(self, turn: int) -> None:
        if turn != self._turn or self._now is None:
            return
        if "stuck" in self.faults:
            self.later(0.2, lambda: self._end(turn))
            return
        self._now.whole, self._now = True, None
        if "no-end" not in self.faults:
            self.say(IDLE, sum_at=None)
        self.watch.touch()

    def _stop(self) -> None:
        self._turn += 1
        self._now = None

    def _read(self, text: str) -> Spoken:
        """The text with its marks obeyed."""
        told = {self.loudness: 10, self.pace: 4, "n": 0, "y": 0}
        sounds = ""
        for mark, number, run in re.findall(r"\[([a-z])(\d+)\]|((?:(?!\[[a-z]\d+\]).)+)", text, re.DOTALL):
            known = mark in self.marks and int(number) <= self.marks[mark]
            if run:
                sounds += _figures(run, told["n"], yao=told["y"] == 0)
            elif known and not (mark in self.at_the_beginning and sounds):
                told[mark] = int(number)
            else:
                sounds += f"[{mark}{number}]"
        return Spoken(text, sounds, told[self.loudness], told[self.pace])

    # ---- people ----

    def act(self, body: dict[str, Any]) -> dict[str, Any]:
        """`{"do": "power"}`: the plug is kicked; the chip says 4A when it is up again."""
        if body.get("do") != "power":
            raise ValueError('a voice chip has nothing to press: {"do": "power"} takes its plug out and puts it in')
        self._stop()
        self.say(STARTED, sum_at=None)
        self.watch.touch()
        return self.state()

    def shown(self) -> dict[str, Any]:
        return {
            "speaking": self._now.sounds if self._now else "",
            "said": self.said,
            "interrupted": self.interrupted,
            "rejected": self.rejected,
            "spoken": [f"{one.sounds}{'' if one.whole or one is self._now else ' ✂'}" for one in self.spoken][-12:],
        }


def _figures(text: str, reading: int, *, yao: bool) -> str:
    """[n1] figures one by one, [n2] as numbers, [n0] as they come."""
    if reading == 0:
        return text
    return re.sub(r"\d+", lambda found: _one_by_one(found[0], yao=yao) if reading == 1 else _number(found[0]), text)


def _one_by_one(digits: str, *, yao: bool) -> str:
    spoken = "".join(DIGITS[int(digit)] for digit in digits)
    return spoken.replace("一", "幺") if yao else spoken


def _number(digits: str) -> str:
    value = int(digits)
    if value >= 100:
        return "".join(DIGITS[int(digit)] for digit in digits)
    tens, ones = divmod(value, 10)
    head = {0: "", 1: "十"}.get(tens, DIGITS[tens] + "十")
    return head + (DIGITS[ones] if ones or not tens else "")


class Syn6288Twin(_Voice):
    """FD, two bytes of length which count the rest with its closing XOR, command, text of at most 200 bytes."""

    kind = "syn6288"
    encodings = ("gb2312", "gbk", "big5", "utf-16-be")
    text_most = 200
    marks: ClassVar[Mapping[str, int]] = {"v": 16, "m": 16, "t": 5, "n": 2, "y": 1, "x": 1, "b": 1, "o": 1}
    at_the_beginning = "vm"

    def cut(self, waiting: bytearray) -> list[tuple[int, bytes] | None]:
        found: list[tuple[int, bytes] | None] = []
        while waiting:
            size = 3 + int.from_bytes(waiting[1:3], "big")
            if waiting[0] != 0xFD or (len(waiting) >= 3 and not 5 <= size <= 206):
                del waiting[0]
            elif len(waiting) < 3 or len(waiting) < size:
                break
            else:
                total = 0
                for byte in waiting[:size]:
                    total ^= byte
                sound = total == 0  # a byte with itself is nothing: the XOR of all, the closing one too, is 0
                found.append((waiting[3], bytes(waiting[4 : size - 1])) if sound else None)
                del waiting[:size]
        return found


class Xfs5152Twin(_Voice):
    """FD, two bytes of length which count the rest, command, text; no sum. [s] is the speed, [t] the pitch."""

    kind = "xfs5152ce"
    encodings = ("gb2312", "gbk", "big5", "utf-16-le")
    text_most = 4093
    marks: ClassVar[Mapping[str, int]] = {
        "v": 10, "s": 10, "t": 10, "m": 55, "n": 2, "y": 1, "f": 1, "g": 2, "h": 2, "i": 1, "o": 1, "r": 1, "x": 1,
        "z": 1,
    }  # fmt: skip
    pace = "s"

    def cut(self, waiting: bytearray) -> list[tuple[int, bytes] | None]:
        found: list[tuple[int, bytes] | None] = []
        while waiting:
            size = 3 + int.from_bytes(waiting[1:3], "big")
            if waiting[0] != 0xFD or (len(waiting) >= 3 and not 4 <= size <= 4098):
                del waiting[0]
            elif len(waiting) < 3 or len(waiting) < size:
                break
            else:
                found.append((waiting[3], bytes(waiting[4:size])))
                del waiting[:size]
        return found
