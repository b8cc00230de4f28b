"""One LED strip on its port, whatever its kind: told what to show, it keeps showing that.

The latest sign wins: a slow strip is never behind by a queue of old texts. After a replug everything is sent anew.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Protocol

from devices import led_bx_frames as bx
from devices import led_f0d0_frames as f0d0
from devices import led_xunpeng_frames as xunpeng
from devices.errors import BadFrame, DeviceBusy, DeviceError, DeviceRefused, DeviceSilent, PortMissing
from devices.health import Condition, Health, code_of
from devices.led_boards import F0d0Board, NumberBoard, PixelWall
from devices.led_bx import REPLY_TIMEOUT_S, BxCard, BxStrip, Layout
from devices.led_texts import Sign, Size
from devices.ports import Port, tend

log = logging.getLogger("devices.led")

AGAIN_S = 1.0
"""Pause after a strip was silent or refused; also the longest between two attempts to open its port."""
NOT_HEARD = {
    "zh": "已发送显示内容；此屏不应答或尚未应答，状态未知",
    "en": "Texts were sent; this strip never answers, or has not answered yet: its state is unknown",
}
"""What `silent`, `not_heard` means of a strip."""
COLOURS = {"red": (255, 40, 20), "green": (30, 255, 60), "blue": (60, 120, 255)}


class Driver(Protocol):
    """A kind of strip on an open port."""

    check_s: float
    answers: bool
    """Whether a strip of this kind ever says anything."""

    async def run(self) -> None:
        """Reads for ever."""

    async def show(self, sign: Sign) -> None:
        """Brings it there; returns when it says so, or was told if it never answers."""

    async def check(self, sign: Sign) -> None:
        """After `check_s` without news: does it still stand there?"""


@dataclass(frozen=True)
class StripPlan:
    """What hangs where; `width` and `height` in lamps, `address` of the card on its line."""

    url: str
    kind: str = "led-bx"
    width: int = 192
    height: int = 16
    rows: int = 1
    address: int = 1
    colour: str = "red"

    @property
    def size(self) -> Size:
        """Rows and half cells of text. Raises ValueError when the rows do not fit."""
        if self.kind in ("led-xunpeng", "led-xunpeng-colour"):
            return Size(1, 4)
        if self.kind == "led-f0d0":
            return Size(f0d0.LINES, self.width // 8)
        font = Layout(self.width, self.height, self.rows).font
        return Size(self.rows, self.width * 2 // font)


class Strip:
    """`await strip.run()` for ever, beside `strip.show(sign)`; `on_change` hears how it is."""

    def __init__(self, plan: StripPlan, *, holder: str = "", on_change: Callable[[Condition], None]) -> None:
        """Raises ValueError for a kind or colour that does not exist, or rows that do not fit."""
        if plan.kind not in KINDS or plan.colour not in COLOURS:
            there = f"{', '.join(KINDS)}; {', '.join(COLOURS)}"
            raise ValueError(f"there is no {plan.colour} LED {plan.kind!r}; there are {there}")
        self.plan = plan
        self.size = plan.size
        self.health = Health(on_change)
        self.stands = asyncio.Event()
        """A sign has been acknowledged, or sent to a strip that never answers."""
        self._holder = holder
        self._sign: Sign | None = None
        self._damaged = False
        self._news = asyncio.Event()

    def show(self, sign: Sign) -> None:
        if sign != self._sign:
            self._sign = sign
            self._news.set()

    async def run(self) -> None:
        """Until cancelled; a URL that names no port is a fault of this strip, which no other one suffers from."""
        baud = _BAUDS.get(self.plan.kind, bx.BAUD)
        try:
            await tend(
                self.plan.url,
                self._session,
                on_state=self._port_is,
                baud=baud,
                holder=self._holder,
                longest_wait_s=AGAIN_S,
            )
        except ValueError as fault:
            self.health.faulty(PortMissing(str(fault), url=self.plan.url))

    def _port_is(self, state: Any, fault: DeviceError | None) -> None:
        """An open port ends no trouble: only the strip itself does, or a write that went through."""
        if fault:
            self.health.port(state, fault)

    async def _session(self, port: Port) -> None:
        driver = KINDS[self.plan.kind](port, self.plan, self._bad_frame)
        tasks = [asyncio.create_task(driver.run()), asyncio.create_task(self._keep_showing(driver))]
        try:
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for ended in done:
                ended.result()
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _keep_showing(self, driver: Driver) -> None:
        step: Callable[[Sign], Awaitable[None]] = driver.show
        while True:
            if self._sign is None:
                await self._news.wait()
                continue
            self._news.clear()
            self._damaged = False
            try:
                await step(self._sign)
            except (DeviceSilent, DeviceRefused, DeviceBusy, BadFrame) as fault:
                self._trouble(fault)
                step = driver.show
                await asyncio.sleep(AGAIN_S)
            else:
                self._well(driver)
                step = await self._next(driver)

    async def _next(self, driver: Driver) -> Callable[[Sign], Awaitable[None]]:
        """Showing what is new, or looking after what stands there."""
        try:
            async with asyncio.timeout(driver.check_s):
                await self._news.wait()
        except TimeoutError:
            return driver.check
        return driver.show

    def _well(self, driver: Driver) -> None:
        self.stands.set()
        if not driver.answers:
            self.health.port("fine", None)
        elif not self._damaged:
            self.health.heard()

    def _bad_frame(self, fault: BadFrame) -> None:
        """A noisy line is told once, not with every frame."""
        self._damaged = True
        if self.health.now.code != code_of(fault):
            self.health.degraded(code_of(fault), fault.without_frames())

    def _trouble(self, fault: DeviceError) -> None:
        if code_of(fault) != self.health.now.code:
            log.warning("strip: %s", fault)
        if isinstance(fault, DeviceSilent):
            self.health.silent(fault)
        elif isinstance(fault, BadFrame):
            self._bad_frame(fault)
        elif isinstance(fault, DeviceBusy):
            self.health.degraded(code_of(fault), fault.without_frames())
        else:
            self.health.faulty(fault)


# ---- the kinds ----

OnBadFrame = Callable[[BadFrame], None]


def _bx(port: Port, plan: StripPlan, on_bad_frame: OnBadFrame) -> Driver:
    card = BxCard(port, card=plan.address, on_bad_frame=on_bad_frame, reply_timeout_s=REPLY_TIMEOUT_S)
    return BxStrip(card, Layout(plan.width, plan.height, plan.rows))


def _f0d0(port: Port, plan: StripPlan, on_bad_frame: OnBadFrame) -> Driver:
    colour: f0d0.Colour = "green" if plan.colour == "green" else "blue" if plan.colour == "blue" else "red"
    return F0d0Board(port, width=plan.width, colour=colour)


def _xunpeng(port: Port, plan: StripPlan, on_bad_frame: OnBadFrame) -> Driver:
    return NumberBoard(port, lambda number: xunpeng.plain(xunpeng.Plain(plan.address, number)))


def _xunpeng_colour(port: Port, plan: StripPlan, on_bad_frame: OnBadFrame) -> Driver:
    return NumberBoard(port, lambda number: xunpeng.coloured(xunpeng.Coloured(number)))


def _ddp(port: Port, plan: StripPlan, on_bad_frame: OnBadFrame) -> Driver:
    font = Layout(plan.width, plan.height, plan.rows).font
    return PixelWall(port, width=plan.width, height=plan.height, font=font, colour=COLOURS[plan.colour])


KINDS: dict[str, Callable[[Port, StripPlan, OnBadFrame], Driver]] = {
    "led-bx": _bx,
    "led-f0d0": _f0d0,
    "led-xunpeng": _xunpeng,
    "led-xunpeng-colour": _xunpeng_colour,
    "led-ddp": _ddp,
}
_BAUDS = {"led-f0d0": f0d0.BAUD, "led-xunpeng": xunpeng.BAUD, "led-xunpeng-colour": xunpeng.BAUD}
