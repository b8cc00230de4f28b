"""A pixel wall that takes DDP over UDP, written from the drawing of the header; it shows what it has at every push."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, ClassVar

from PIL import Image

from devices.twins.led_drawing import lamps
from devices.twins.twin import Cable, CabledTwin, Later, on_this_loop

_RGB = (0x0B, 0x0D, 0x01)


class DdpTwin(CabledTwin):
    kind = "led-ddp"
    options: ClassVar[Mapping[str, Callable[[str], Any]]] = {"width": int, "height": int}

    def __init__(
        self,
        name: str = "",
        *,
        width: int = 192,
        height: int = 64,
        faults: Iterable[str] = (),
        later: Later = on_this_loop,
    ) -> None:
        super().__init__(name, faults=faults, later=later)
        self.width, self.height = width, height
        self.coming = bytearray(width * height * 3)
        self.standing = bytes(self.coming)
        self.pushes = 0
        self.refused = 0
        self.lost = 0
        self._sequence = 0

    def hear(self, cable: Cable, data: bytes) -> None:
        """One datagram."""
        start = 14 if data[:1] and data[0] & 0x10 else 10
        if len(data) < start or data[0] >> 6 != 1 or data[0] & 0x06 or data[2] not in _RGB or data[3] != 1:
            self.refused += 1
            return
        offset, length = int.from_bytes(data[4:8], "big"), int.from_bytes(data[8:10], "big")
        pixels = data[start:]
        if len(pixels) != length or length > 1440 or offset + length > len(self.coming):
            self.refused += 1
            return
        self.coming[offset : offset + length] = pixels
        self._count(data[1] & 0x0F)
        if data[0] & 0x01:
            self._push()

    def _count(self, sequence: int) -> None:
        """Numbers go round from 1 to 15; 0 = the sender does not count."""
        if sequence and self._sequence and sequence != self._sequence % 15 + 1:
            self.lost += 1
        self._sequence = sequence

    def _push(self) -> None:
        self.pushes += 1
        if self.standing != self.coming:
            self.standing = bytes(self.coming)
            self.watch.touch()

    def shown(self) -> dict[str, Any]:
        lit = sum(1 for at in range(0, len(self.standing), 3) if any(self.standing[at : at + 3]))
        counts = {"lit": lit, "pushes": self.pushes, "refused": self.refused, "lost": self.lost}
        return {"width": self.width, "height": self.height, **counts}

    def picture(self) -> Image.Image:
        return lamps(Image.frombytes("RGB", (self.width, self.height), self.standing))
