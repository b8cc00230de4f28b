"""One Onbon BX font card on an open port. The bytes are in `led_bx_frames` and `led_bx_areas`."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from devices.errors import BadFrame, DeviceBusy, DeviceError, DeviceRefused, DeviceSilent
from devices.led_bx_areas import SIZES, Area, Areas, changed, command, fitting
from devices.led_bx_frames import (
    ACK,
    BUSY,
    CARD,
    CLEAR,
    ERRORS,
    FORMAT,
    PING,
    POWER_OFF,
    POWER_ON,
    STATUS,
    WRONG_CHECK,
    Frame,
    Parser,
    Reply,
    Request,
    Status,
    reply_of,
    request,
    status_of,
)
from devices.led_texts import Sign
from devices.ports import Port

REPLY_TIMEOUT_S = 0.8
ATTEMPTS = 3
BUSY_PAUSE_S = 0.2


class BxCard:
    """Asks one thing at a time. `run` must be running: it reads what the card answers.

    Every command is sent up to three times: when no answer comes, when the card is busy, and when it found the check
    wrong. Repeating is harmless, a command says what shall be and not what shall change.
    """

    def __init__(
        self,
        port: Port,
        *,
        card: int = CARD,
        on_bad_frame: Callable[[BadFrame], None] = lambda fault: None,
        reply_timeout_s: float = REPLY_TIMEOUT_S,
    ) -> None:
        self._port = port
        self._card = card
        self._on_bad_frame = on_bad_frame
        self._reply_timeout_s = reply_timeout_s
        self._replies: asyncio.Queue[Reply] = asyncio.Queue()
        self._turn = asyncio.Lock()
        self._damaged: BadFrame | None = None

    async def run(self) -> None:
        """Reads for ever. Raises PortLost."""
        parser = Parser()
        while True:
            for found in parser.feed(await self._port.read()):
                if isinstance(found, Frame):
                    self._take(found)
                else:
                    self._bad(found)

    async def ping(self) -> None:
        """This and all below raise DeviceSilent, BadFrame, DeviceBusy, DeviceRefused, PortLost."""
        await self._ask(PING)

    async def status(self) -> Status:
        return status_of(await self._ask(STATUS))

    async def clear(self) -> None:
        await self._ask(CLEAR)

    async def power(self, on: bool) -> None:
        await self._ask(POWER_ON if on else POWER_OFF)

    async def format(self) -> None:
        """Deletes every program stored on the card."""
        await self._ask(FORMAT)

    async def show(self, areas: Sequence[Area], *, delete: Sequence[int] = ()) -> None:
        """All in one frame, so that a summary screen changes at once."""
        await self._ask(command(Areas(tuple(areas), tuple(delete))))

    # ---- question and answer ----

    async def _ask(self, asked: Request) -> Reply:
        async with self._turn:
            fault: DeviceError = DeviceSilent(url=self._port.url)
            for _ in range(ATTEMPTS):
                self._forget_late_answers()
                self._damaged = None
                await self._port.write(request(asked, card=self._card))
                reply = await self._answer(asked)
                if reply is None:
                    fault = self._damaged or DeviceSilent(url=self._port.url, frames=self._port.last_frames)
                elif reply.error == 0:
                    return reply
                else:
                    fault = self._fault(reply)
                    if reply.error not in (BUSY, WRONG_CHECK):
                        break
                    await asyncio.sleep(BUSY_PAUSE_S)
            raise fault

    async def _answer(self, asked: Request) -> Reply | None:
        """The first reply that can be the answer to this; the protocol numbers nothing."""
        own = (asked.group, asked.command)
        try:
            async with asyncio.timeout(self._reply_timeout_s):
                while True:
                    reply = await self._replies.get()
                    if (reply.group, reply.command) == own or (asked != STATUS and reply.acknowledges):
                        return reply
                    if reply.error and reply.group == ACK[0]:
                        return reply
                    self._bad(BadFrame("an answer to another question", data=reply.data))
        except TimeoutError:
            return None

    def _fault(self, reply: Reply) -> DeviceError:
        zh, en = ERRORS.get(reply.error, ("未知错误", "unknown error"))
        kind = DeviceBusy if reply.error == BUSY else DeviceRefused
        text = f"error {reply.error:02X}: {en} / {zh}"
        return kind(text, url=self._port.url, frames=self._port.last_frames)

    def _forget_late_answers(self) -> None:
        while not self._replies.empty():
            self._replies.get_nowait()

    def _take(self, frame: Frame) -> None:
        try:
            self._replies.put_nowait(reply_of(frame))
        except BadFrame as fault:
            self._bad(fault)

    def _bad(self, fault: BadFrame) -> None:
        self._port.explain(fault)
        self._damaged = fault
        self._on_bad_frame(fault)


@dataclass(frozen=True)
class Layout:
    """The screen in pixels and its rows of text."""

    width: int
    height: int
    rows: int = 1

    @property
    def font(self) -> int:
        """The tallest font of the card that fits a row. Raises ValueError when none does."""
        fitting_sizes = [size for size in SIZES if size <= self.height // self.rows]
        if not fitting_sizes:
            raise ValueError(f"{self.rows} rows need {16 * self.rows} pixels, the screen has {self.height}")
        return max(fitting_sizes)


def areas_for(sign: Sign, layout: Layout) -> tuple[Area, ...]:
    """A dynamic area for every text, numbered row by row."""
    width = layout.width // sign.columns
    if layout.width % 8 == 0 and width >= 8:
        width -= width % 8
    height = layout.height // layout.rows
    made = []
    for number, text in enumerate(sign.texts):
        row, column = divmod(number, sign.columns)
        place = Area(number, column * width, row * height, width, height, b"", by_bytes=width % 8 == 0)
        made.append(fitting(place, text, size=layout.font))
    return tuple(made)


class BxStrip:
    """Brings a screen to a sign; only areas that do not stand there yet are sent."""

    check_s = 10.0
    answers = True

    def __init__(self, card: BxCard, layout: Layout) -> None:
        self._card = card
        self._layout = layout
        self._standing: tuple[Area, ...] | None = None
        """What the card has acknowledged; None = not known."""

    async def run(self) -> None:
        await self._card.run()

    async def show(self, sign: Sign) -> None:
        wanted = areas_for(sign, self._layout)
        if self._standing is None:
            standing: tuple[Area, ...] = ()
            there = await self._there() or set()
        else:
            standing = self._standing
            there = {area.number for area in standing}
        self._standing = None
        gone = sorted(there - {area.number for area in wanted})
        news = changed(standing, wanted)
        if news or gone:
            await self._card.show(news, delete=gone)
        self._standing = wanted

    async def check(self, sign: Sign) -> None:
        """A card that was switched off and on has lost its areas without a word: then all is sent again."""
        standing, self._standing = self._standing or (), None
        there = await self._there()
        if there is not None and not {area.number for area in standing} <= there:
            await self.show(sign)
        else:
            self._standing = standing

    async def _there(self) -> set[int] | None:
        """The areas that the card says it has; None from one that does not tell."""
        try:
            return set((await self._card.status()).areas)
        except DeviceRefused:
            await self._card.ping()
            return None
