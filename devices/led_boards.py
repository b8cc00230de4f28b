"""Small boards and pixel walls that are only written to: line boards F0 01 D0, Xunpeng numbers, DDP.

None of them says what it shows, so everything is said again every few seconds: a board that was switched off in between
comes back by itself.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from devices import led_ddp_frames as ddp
from devices import led_f0d0_frames as f0d0
from devices import led_xunpeng_frames as xunpeng
from devices.errors import DeviceSilent
from devices.led_bx_areas import width_of
from devices.led_pixels import Colour, wall
from devices.led_texts import Sign
from devices.ports import Port

CELL = 16


class F0d0Board:
    """Three lines; a text wider than the board runs to the left. Every frame is answered by eight bytes of unknown
    meaning: that some come is all that is known of the board's health."""

    check_s = 10.0
    answers = True

    def __init__(self, port: Port, *, width: int, colour: f0d0.Colour, reply_timeout_s: float = 0.8) -> None:
        self._port = port
        self._width = width
        self._colour = colour
        self._reply_timeout_s = reply_timeout_s
        self._heard = asyncio.Event()
        self._standing: dict[int, str] = {}

    async def run(self) -> None:
        while True:
            await self._port.read()
            self._heard.set()

    async def show(self, sign: Sign) -> None:
        """Raises DeviceSilent."""
        for number, text in enumerate((*sign.texts, "", "", "")[: f0d0.LINES], 1):
            if self._standing.get(number) != text:
                await self._line(number, text)

    async def check(self, sign: Sign) -> None:
        self._standing.clear()
        await self.show(sign)

    async def _line(self, number: int, text: str) -> None:
        mode = f0d0.STATIC if width_of(text, CELL) <= self._width else f0d0.LEFT
        self._standing.pop(number, None)
        self._heard.clear()
        await self._port.write(f0d0.encode(f0d0.LineText(number, f0d0.encoded(text), mode, colour=self._colour)))
        try:
            async with asyncio.timeout(self._reply_timeout_s):
                await self._heard.wait()
        except TimeoutError:
            raise DeviceSilent(url=self._port.url, frames=self._port.last_frames) from None
        self._standing[number] = text


class NumberBoard:
    """Digits only: the counter's number, 0 when it has none. It never answers."""

    check_s = 5.0
    answers = False

    def __init__(self, port: Port, frame_of: Callable[[int], bytes]) -> None:
        self._port = port
        self._frame_of = frame_of
        self._standing: int | None = None

    async def run(self) -> None:
        while True:
            await self._port.read()

    async def show(self, sign: Sign) -> None:
        number = xunpeng.digits_of(sign.number)
        if number != self._standing:
            self._standing = None
            await self._port.write(self._frame_of(number))
            self._standing = number

    async def check(self, sign: Sign) -> None:
        self._standing = None
        await self.show(sign)


class PixelWall:
    """A picture by DDP. Controllers such as WLED go back to their own pattern when nothing comes for 2.5 s."""

    check_s = 1.0
    answers = False

    def __init__(self, port: Port, *, width: int, height: int, font: int, colour: Colour) -> None:
        self._port = port
        self._size = (width, height)
        self._font = font
        self._colour = colour
        self._sequence = 1
        self._drawn: tuple[Sign, bytes] | None = None

    async def run(self) -> None:
        while True:
            await self._port.read()

    async def show(self, sign: Sign) -> None:
        if self._drawn is None or self._drawn[0] != sign:
            width, height = self._size
            picture = wall(sign.texts, columns=sign.columns, size=(width, height), font=self._font, colour=self._colour)
            self._drawn = (sign, picture.tobytes())
        packets = ddp.packets(self._drawn[1], sequence=self._sequence)
        self._sequence = (self._sequence + len(packets) - 1) % 15 + 1
        for packet in packets:
            await self._port.write(packet)

    async def check(self, sign: Sign) -> None:
        await self.show(sign)
