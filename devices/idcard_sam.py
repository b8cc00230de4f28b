"""An ID-card reader 二代身份证阅读器: find, select, read, over and over. The bytes are in `idcard_sam_frames`.

What was read goes to `on_card` and nowhere else: no log, no error and no `repr` has any of it. Open the port as
private, so that its last frames are kept without their bytes.
"""

from __future__ import annotations

import asyncio
import hashlib
import secrets
from collections.abc import Awaitable, Callable
from functools import partial

from devices.errors import BadFrame, CardUnreadable, DeviceError, DeviceSilent, ReaderFault
from devices.health import Health
from devices.idcard_sam_frames import (
    FIND,
    NO_CARD,
    OK,
    READ,
    RESET,
    SELECT,
    Command,
    IdCard,
    Parser,
    Reply,
    answers,
    card_of,
    encode,
    reply_of,
    word_of,
)
from devices.ports import Port

POLL_S = 0.3
"""Between two questions whether a card is there: a citizen does not notice it, and the reader stays cool."""
REPLY_TIMEOUT_S = 2.0
"""Find and select answer within some 50 ms; reading takes up to a second with slow cards."""
ATTEMPTS = 3
"""A card that was laid down crooked is often read at the second or third time."""


class IdCardReader:
    """`await tend(url, reader.session, …)`: tells every card once, until it is lifted.

    A card that lies there while the plug is pulled and put back is not told again; one whose reading was cut off is
    read again, or `on_trouble` hears CardUnreadable: the citizen should lift it and lay it down once more.
    """

    def __init__(
        self,
        *,
        on_card: Callable[[IdCard], None],
        on_trouble: Callable[[CardUnreadable], None],
        health: Health,
        clock: Callable[[], float],
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        fresh_secret: Callable[[], bytes] = partial(secrets.token_bytes, 32),
        poll_s: float = POLL_S,
        reply_timeout_s: float = REPLY_TIMEOUT_S,
    ) -> None:
        self._on_card = on_card
        self._on_trouble = on_trouble
        self._health = health
        self._clock = clock
        self._sleep = sleep
        self._poll_s = poll_s
        self._reply_timeout_s = reply_timeout_s
        self._parser = Parser()
        self._damaged: BadFrame | None = None
        self._secret = fresh_secret()
        self._last = b""
        """The last card, as a keyed digest."""
        self._lying = False
        self._unfinished: DeviceError | None = None
        self._attempts = 0
        self._just_plugged = True

    async def session(self, port: Port) -> None:
        """Until cancelled. Raises PortLost."""
        self._just_plugged, self._lying = True, False
        while True:
            self._damaged = None
            try:
                await self._look(port)
            except DeviceSilent as fault:
                port.explain(fault)
                self._health.silent(fault)
            except BadFrame as fault:
                self._health.degraded("bad_frame", fault.without_frames())
            except ReaderFault as fault:
                port.explain(fault)
                self._health.faulty(fault)
            await self._sleep(self._poll_s)

    async def _look(self, port: Port) -> None:
        if self._unfinished:
            await self._begin_anew(port)
        found = await self._ask(port, FIND)
        if found.sw3 == NO_CARD:
            self._gone()
        elif not self._lying:
            await self._read(port)

    async def _begin_anew(self, port: Port) -> None:
        """A card that was selected is not found again until it is lifted, or the reader is reset."""
        await self._ask(port, RESET)

    def _gone(self) -> None:
        self._just_plugged = self._lying = False
        if self._unfinished:
            self._give_up(self._unfinished)
        self._attempts = 0

    async def _read(self, port: Port) -> None:
        self._attempts += 1
        self._unfinished = CardUnreadable(url=port.url)
        try:
            for command in (SELECT, READ):
                reply = await self._ask(port, command)
                if reply.sw3 != OK:
                    raise CardUnreadable(word_of(reply.sw3).en, url=port.url)
            self._read_whole(card_of(reply))
        except CardUnreadable as fault:
            self._unfinished = fault
            if self._attempts >= ATTEMPTS:
                self._lying = True
                self._give_up(fault)

    def _read_whole(self, card: IdCard) -> None:
        self._lying, self._unfinished, self._attempts = True, None, 0
        digest = hashlib.blake2b(card.number.encode(), key=self._secret).digest()
        told_before = self._just_plugged and digest == self._last
        self._last, self._just_plugged = digest, False
        if not told_before:
            self._on_card(card)

    def _give_up(self, fault: DeviceError) -> None:
        self._unfinished, self._attempts = None, 0
        self._on_trouble(fault if isinstance(fault, CardUnreadable) else CardUnreadable(url=fault.url))

    # ---- one question, one answer ----

    async def _ask(self, port: Port, command: Command) -> Reply:
        """Raises DeviceSilent, BadFrame, ReaderFault, PortLost."""
        await self._forget_late_answers(port)
        await port.write(encode(command))
        try:
            async with asyncio.timeout(self._reply_timeout_s):
                reply = await self._reply(port, command)
        except TimeoutError:
            raise DeviceSilent(url=port.url) from None
        word = word_of(reply.sw3)
        if word.standing == "line":
            raise BadFrame(word.en, url=port.url)
        if word.standing == "reader":
            raise ReaderFault(f"{word.en} ({reply.sw3:02X})", url=port.url)
        self._well()
        return reply

    def _well(self) -> None:
        if self._damaged:
            self._health.degraded("bad_frame", self._damaged.without_frames())
        else:
            self._health.heard()

    async def _reply(self, port: Port, command: Command) -> Reply:
        """Raises BadFrame when only damaged bytes came."""
        while True:
            found = await self._heard(port)
            replies = [reply_of(body) for body in found if isinstance(body, bytes)]
            self._damaged = next((one for one in found if isinstance(one, BadFrame)), self._damaged)
            mine = next((reply for reply in replies if answers(command, reply)), None)
            if mine:
                return mine
            if self._damaged:
                port.explain(self._damaged)
                raise self._damaged

    async def _heard(self, port: Port) -> list[bytes | BadFrame]:
        """Reads on; half a frame is given up after the gap even if nothing follows it."""
        try:
            async with asyncio.timeout(self._parser.gap_timeout_s if self._parser.unfinished else None):
                data = await port.read()
        except TimeoutError:
            return self._parser.expire(self._clock())
        return self._parser.feed(data, self._clock())

    async def _forget_late_answers(self, port: Port) -> None:
        """Replies do not say what they answer: what is already there answers something older."""
        self._parser = Parser()
        while True:
            try:
                async with asyncio.timeout(0):
                    await port.read()
            except TimeoutError:
                return
