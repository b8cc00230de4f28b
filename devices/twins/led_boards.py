"""Small LED boards written from their sources' drawings: three lines of text, and two kinds of number boards."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Iterable, Mapping
from typing import Any, ClassVar

from PIL import Image

from devices.led_pixels import dots_of
from devices.twins.led_drawing import COLOURS, lamps, seven_segments
from devices.twins.twin import Cable, CabledTwin, Later, on_this_loop

_KEPT_BYTES = 600


class F0d0Twin(CabledTwin):
    """F0 01 D0, line, mode, speed, count, colour, text, sum. The source says that eight bytes come back, not which:
    here they are the frame's first seven and their sum."""

    kind = "led-f0d0"
    options: ClassVar[Mapping[str, Callable[[str], Any]]] = {"width": int}

    def __init__(
        self, name: str = "", *, width: int = 128, faults: Iterable[str] = (), later: Later = on_this_loop
    ) -> None:
        super().__init__(name, faults=faults, later=later)
        self.width = width
        self.lines: dict[int, tuple[str, str, bool]] = {}
        self.refused = 0

    def hear(self, cable: Cable, data: bytes) -> None:
        waiting = cable.waiting
        waiting += data
        while (start := waiting.find(b"\xf0\x01\xd0")) >= 0:
            del waiting[:start]
            if len(waiting) < 8 or len(waiting) < 8 + waiting[6]:
                break
            size = 8 + waiting[6]
            if self._frame(cable, bytes(waiting[:size])):
                del waiting[:size]
            else:
                self.refused += 1
                del waiting[0]
        del waiting[: len(waiting) - _KEPT_BYTES]
        self.watch.touch()

    def _frame(self, cable: Cable, frame: bytes) -> bool:
        line, mode, _, count, colour = frame[3:8]
        if sum(frame[:-1]) % 256 != frame[-1] or line not in (1, 2, 3) or mode not in (1, 2) or colour > 2 or not count:
            return False
        text = frame[8:-1].decode("gb2312", "replace")
        self.lines[line] = (text, ("red", "green", "blue")[colour], mode == 2)
        answer = frame[:7]
        self.say(answer + bytes((sum(answer) % 256,)), to=cable, wrong=bytes(8))
        return True

    @property
    def texts(self) -> list[str]:
        return [self.lines[line][0] if line in self.lines else "" for line in (1, 2, 3)]

    def shown(self) -> dict[str, Any]:
        return {
            "texts": self.texts,
            "moving": [line for line in self.lines if self.lines[line][2]],
            "refused": self.refused,
        }

    def picture(self) -> Image.Image:
        dots = Image.new("RGB", (self.width, 48))
        for line, (text, colour, _) in self.lines.items():
            dots.paste(COLOURS[colour], (0, (line - 1) * 16), dots_of(text, 16))
        return lamps(dots)


class _NumberTwin(CabledTwin):
    """Four digits behind a red or green glass; it never answers."""

    def __init__(
        self, name: str = "", *, address: int = 1, faults: Iterable[str] = (), later: Later = on_this_loop
    ) -> None:
        super().__init__(name, faults=faults, later=later)
        self.address = address
        self.number: int | None = None
        self.colour = "red"

    def hear(self, cable: Cable, data: bytes) -> None:
        waiting = cable.waiting
        waiting += data
        while len(waiting) >= self.frame_bytes:
            if self.take(bytes(waiting[: self.frame_bytes])):
                del waiting[: self.frame_bytes]
            else:
                del waiting[0]
        self.watch.touch()

    frame_bytes = 4

    @abstractmethod
    def take(self, frame: bytes) -> bool:
        """Whether this was a sound frame."""

    def shown(self) -> dict[str, Any]:
        return {} if self.number is None else {"number": self.number}

    def picture(self) -> Image.Image:
        return seven_segments("" if self.number is None else str(self.number), COLOURS[self.colour])


class XunpengTwin(_NumberTwin):
    """id, high, low, sum of the three."""

    kind = "led-xunpeng"
    options: ClassVar[Mapping[str, Callable[[str], Any]]] = {"address": int}

    def take(self, frame: bytes) -> bool:
        number = frame[1] * 256 + frame[2]
        if frame[0] != self.address or sum(frame[:3]) % 256 != frame[3] or number > 9999:
            return False
        self.number = number
        return True


class XunpengColourTwin(_NumberTwin):
    """3A, colour, low, high, info, sum, 0A. Which colour is which is not documented beyond 0 = green."""

    kind = "led-xunpeng-colour"
    frame_bytes = 7

    def take(self, frame: bytes) -> bool:
        number = frame[3] * 256 + frame[2]
        if frame[0] != 0x3A or frame[6] != 0x0A or sum(frame[:5]) % 256 != frame[5] or number > 9999:
            return False
        self.number = number
        self.colour = "green" if frame[1] == 0 else "red"
        return True
