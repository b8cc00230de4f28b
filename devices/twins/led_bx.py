"""A BX font card with its screen, written from the drawing of the protocol (Form1.cs, BX4K.h and the captures).

How a card says no was never seen on a wire: here it is the acknowledgement with the error in its error byte.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any, ClassVar

from PIL import Image

from devices.led_pixels import dots_of
from devices.twins.led_drawing import COLOURS, lamps
from devices.twins.twin import Action, Cable, CabledTwin, Later, on_this_loop

_FRAME = re.compile(rb"\xa5{8,}([^\xa5\x5a]+)\x5a")
_ESCAPED = re.compile(rb"[\xa6\x5b].?", re.DOTALL)
_PLAIN = {b"\xa6\x01": b"\xa6", b"\xa6\x02": b"\xa5", b"\x5b\x01": b"\x5b", b"\x5b\x02": b"\x5a"}
_KEPT_BYTES = 200_000
_OK, _NO_GROUP, _NO_COMMAND, _BUSY, _MEMORY, _CRC, _NO_FONT = 0, 1, 2, 3, 4, 5, 0x0C
_SIZES = {"0": 16, "1": 24, "2": 32}


@dataclass
class ShownArea:
    """A dynamic area as the card keeps it, in pixels."""

    number: int
    x: int
    y: int
    width: int
    height: int
    text: str
    size: int
    align: int
    moves: bool


class BxTwin(CabledTwin):
    kind = "led-bx"
    more_faults = ("busy", "no-font", "no-status")
    options: ClassVar[Mapping[str, Callable[[str], Any]]] = {"width": int, "height": int, "address": int, "colour": str}
    actions = (Action("断电重启", "power off and on", {"do": "power-cycle"}),)

    def __init__(
        self,
        name: str = "",
        *,
        width: int = 192,
        height: int = 32,
        address: int = 1,
        colour: str = "red",
        faults: Iterable[str] = (),
        later: Later = on_this_loop,
    ) -> None:
        super().__init__(name, faults=faults, later=later)
        if colour not in COLOURS or not (16 <= width <= 1024 and 16 <= height <= 512):
            raise ValueError(f"{width} × {height} {colour}: 16 to 1024 × 16 to 512 in {', '.join(COLOURS)}")
        self.width, self.height, self.address = width, height, address
        self.colour = colour
        self.on = True
        self.areas: dict[int, ShownArea] = {}
        self.commands = 0
        self.refused = 0

    # ---- frames ----

    def hear(self, cable: Cable, data: bytes) -> None:
        cable.waiting += data
        end = 0
        for found in _FRAME.finditer(bytes(cable.waiting)):
            end = found.end()
            self._frame(cable, _ESCAPED.sub(lambda pair: _PLAIN.get(pair[0], b"\0\0\0\0"), found[1]))
        del cable.waiting[: max(end, len(cable.waiting) - _KEPT_BYTES)]

    def _frame(self, cable: Cable, plain: bytes) -> None:
        target = int.from_bytes(plain[:2], "little")
        if len(plain) < 21 or target not in (self.address, 0x8000, 0xFFFE, 0xFFFF):
            return
        if _crc(plain[:-2]) != int.from_bytes(plain[-2:], "little"):
            self.refused += 1
            self.watch.touch()
            self._reply(cable, 0xA0, 0x00, _CRC)
            return
        barcode = 16 if plain[7] & 1 else 0
        data = plain[14 + barcode : -2]
        if len(data) != int.from_bytes(plain[12:14], "little") or len(data) < 5:
            return
        self.commands += 1
        group, command, error, payload = *data[:2], *self._carry_out(data)
        self.watch.touch()
        if target != 0xFFFF and data[2] == 1:
            if error or not payload:
                group, command = 0xA0, 0x00
            self._reply(cable, group, command, error, payload)

    def _reply(self, cable: Cable, group: int, command: int, error: int, payload: bytes = b"") -> None:
        frame = _framed(bytes((group, command, error, 0, 0)) + payload)
        self.say(frame, to=cable, sum_at=-2, wrong=_framed(bytes((0xA2, 0x7F, 0, 0, 0))))

    # ---- commands ----

    def _carry_out(self, data: bytes) -> tuple[int, bytes]:
        """The error byte and what else is answered."""
        group, command, payload = data[0], data[1], data[5:]
        if "busy" in self.faults and (group, command) != (0xA2, 0x00):
            return _BUSY, b""
        match group, command:
            case 0xA2, 0x00:
                return _OK, b""
            case (0xA2, 0x01) | (0xA3, 0x10) | (0xA1, 0x00):
                self.areas.clear()
                return _OK, b""
            case 0xA1, 0x02 if "no-status" not in self.faults:
                return _OK, self._status()
            case 0xA3, 0x00 if payload in (b"\x01", b"\x02"):
                self.on = payload == b"\x01"
                return _OK, b""
            case 0xA3, 0x06:
                return self._change(payload), b""
        return (_NO_COMMAND if group in (0xA1, 0xA2, 0xA3) else _NO_GROUP), b""

    def _status(self) -> bytes:
        head = bytes((1 if self.on else 2, 15)) + bytes.fromhex("20 26 11 22 20 15 00 07") + b"\0" + b"P000"
        return head + bytes((0, 0, len(self.areas), *sorted(self.areas))) + b"TWIN".ljust(16, b"\0") + bytes(12)

    def _change(self, payload: bytes) -> int:
        if "no-font" in self.faults:
            return _NO_FONT
        try:
            gone, coming = _areas(payload)
        except (IndexError, ValueError):
            return _MEMORY
        if any(area.x + area.width > self.width or area.y + area.height > self.height for area in coming):
            return _MEMORY
        for number in list(self.areas) if gone is None else gone:
            self.areas.pop(number, None)
        self.areas.update({area.number: area for area in coming})
        return _OK

    # ---- people ----

    def act(self, body: dict[str, Any]) -> dict[str, Any]:
        if body.get("do") != "power-cycle":
            raise ValueError("a card can only be switched off and on")
        self.areas.clear()
        self.on = True
        self.watch.touch()
        return {"areas": 0}

    @property
    def texts(self) -> list[str]:
        return [self.areas[number].text for number in sorted(self.areas)]

    def shown(self) -> dict[str, Any]:
        areas = [asdict(self.areas[number]) for number in sorted(self.areas)]
        return {"on": self.on, "texts": self.texts, "commands": self.commands, "refused": self.refused, "areas": areas}

    def picture(self) -> Image.Image:
        dots = Image.new("RGB", (self.width, self.height))
        for area in self.areas.values() if self.on else ():
            self._draw(dots, area)
        return lamps(dots)

    def _draw(self, dots: Image.Image, area: ShownArea) -> None:
        text = dots_of(area.text, area.size).crop((0, 0, area.width, area.height))
        text_width = min(area.width, dots_of(area.text, area.size).width)
        left = {0: 0, 1: area.width - text_width, 2: (area.width - text_width) // 2}[area.align & 3]
        part = Image.new("L", (area.width, area.height))
        part.paste(text, (left, 0))
        dots.paste(COLOURS[self.colour], (area.x, area.y), part)


def _crc(data: bytes) -> int:
    """CRC-16 of x¹⁶+x¹⁵+x²+1, lowest bit first."""
    register = 0
    for byte in data:
        register ^= byte
        for _ in range(8):
            lowest, register = register & 1, register >> 1
            register ^= 0xA001 * lowest
    return register


def _framed(data: bytes) -> bytes:
    body = bytes.fromhex("00 80 fe ff 00 00 00 00 00 00 fe 02") + len(data).to_bytes(2, "little") + data
    body += _crc(body).to_bytes(2, "little")
    for plain, pair in ((b"\xa6", b"\xa6\x01"), (b"\xa5", b"\xa6\x02"), (b"\x5b", b"\x5b\x01"), (b"\x5a", b"\x5b\x02")):
        body = body.replace(plain, pair)
    return b"\xa5" * 8 + body + b"\x5a"


def _areas(payload: bytes) -> tuple[list[int] | None, list[ShownArea]]:
    """What goes (None = everything) and what comes. Raises IndexError or ValueError for what is no list of areas."""
    at = 1
    gone: list[int] | None = None
    if payload[0] != 0xFF:
        at += payload[0]
        gone = list(payload[1:at])
    coming = list(_each(payload[at + 1 :]))
    if len(coming) != payload[at]:
        raise ValueError("the number of areas is wrong")
    return gone, coming


def _each(rest: bytes) -> Iterator[ShownArea]:
    while rest:
        size = rest[0] | rest[1] << 8
        if len(rest) < 2 + size:
            raise ValueError("an area is cut off")
        yield _area(rest[2 : 2 + size])
        rest = rest[2 + size :]


def _area(body: bytes) -> ShownArea:
    x, y, width, height = (int.from_bytes(body[at : at + 2], "little") for at in (1, 3, 5, 7))
    at = 15
    if body[14]:
        at += 3
        if body[14] == 2:
            at += 4 + int.from_bytes(body[at : at + 4], "little")
    at += 1 + body[at]
    align, display_mode = body[at], body[at + 3]
    length = int.from_bytes(body[at + 7 : at + 11], "little")
    data = body[at + 11 :]
    if len(data) != length:
        raise ValueError("the text is cut off")
    text, size = _text(data)
    return ShownArea(body[9], _pixels(x), y, _pixels(width), height, text, size, align & 3, display_mode > 2)


def _pixels(columns: int) -> int:
    return columns & 0x7FFF if columns & 0x8000 else columns * 8


def _text(data: bytes) -> tuple[str, int]:
    """The text behind its font mark, and the height of the font."""
    mark = re.match(rb"\\F[OEK]([012])[0-4]([012])", data)
    if mark is None:
        return data.decode("gb18030", "replace"), 16
    coding = {b"0": "gb2312", b"1": "gbk", b"2": "utf-16-le"}[mark[1]]
    return data[mark.end() :].decode(coding, "replace"), _SIZES[mark[2].decode()]
