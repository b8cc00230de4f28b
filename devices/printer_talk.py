"""The conversation with a printer on one open port: what was asked, what came back, and which slips it owes a word.

GS r answers carry no name, only their order, so the slips that wait for one stand in a row. Where the order is in
doubt (the port was lost, the printer stood still) `settle` asks one more and waits until nothing is owed.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Callable

from devices.errors import (
    BadFrame,
    CoverOpen,
    CutterJam,
    DeviceError,
    DeviceSilent,
    PaperOut,
    PrinterFault,
    PrinterOffline,
)
from devices.escpos_frames import AUTO_STATUS_ON, DROP_HELD, FENCE, status_request
from devices.escpos_replies import (
    STATUS_KINDS,
    AutoStatus,
    Fence,
    Noise,
    PrinterStatus,
    Processed,
    RealTime,
    Reply,
    StatusKind,
    StatusParser,
    status_from,
    status_from_auto,
)
from devices.ports import Port
from devices.printer_profile import Profile

log = logging.getLogger("devices.printer")

SETTLE_S = 5.0
"""A slip that comes out late is followed so long before the next one is sent …"""
SETTLE_ROUNDS = 10
"""… and so often the printer is asked meanwhile whether it stands still."""


def blocked_by(status: PrinterStatus) -> type[DeviceError] | None:
    """Why a printer in this state prints nothing; None when it says nothing against it."""
    table: tuple[tuple[bool | None, type[DeviceError]], ...] = (
        (status.cover_open, CoverOpen),  # an open cover makes many printers report paper-out too
        (status.paper == "out", PaperOut),
        (status.cutter_jam, CutterJam),
        (status.error, PrinterFault),
        (status.online is False, PrinterOffline),
    )
    return next((reason for applies, reason in table if applies), None)


class Conversation:
    """Slips are numbers here. One user at a time: `Printer` sees to that."""

    def __init__(
        self, port: Port, profile: Profile, *, reply_timeout_s: float, before: Conversation | None = None
    ) -> None:
        """`before`: the one on the port that was lost; what it was still owed may come on this one, or never."""
        self.port = port
        self.auto = PrinterStatus()
        """What it last told by itself (ASB)."""
        self.finished: set[int] = before.finished if before else set()
        """Slips whose end it told; who reads them takes them out."""
        self.finished_before: frozenset[int] = frozenset()
        """Those of them that it had told before it was last asked how it is: all of that status is younger."""
        self.owed: deque[int] = before.owed if before else deque()
        """Slips waiting for their GS r, in order."""
        self.garbled: set[int] = set()
        """Slips whose GS r came on a line with noise: one byte among others proves nothing."""
        self.in_order: bool = not self.owed and (before is None or before.in_order)
        """The next answer surely belongs to the first of `owed`."""
        self._profile = profile
        self._reply_timeout_s = reply_timeout_s
        self._tagged: dict[bytes, int] = before._tagged if before else {}
        self.answered: bool = before.answered if before else False
        """It ever answered GS r."""
        self.fenceless: bool = before.fenceless if before else False
        """It printed and did not: it seems to know no GS r, and is not waited for."""
        self._real_time: list[int] = []
        self._strays = 0
        self._probes: int = before._probes if before else 0
        self._noise = 0
        self._clean = True
        self._parser = StatusParser()

    # ---- how it is ----

    async def status(self) -> PrinterStatus:
        """All None when it does not answer or cannot. Raises PortLost, BadFrame, DeviceSilent if it takes no bytes."""
        await self.listen(lambda: False, 0)  # what lies there belongs to older questions
        self.finished_before = frozenset(self.finished)
        if self._profile.answers.dle_eot:
            return await self._by_questions()
        return await self._by_itself() if self._profile.answers.asb else PrinterStatus()

    async def _by_questions(self) -> PrinterStatus:
        """Raises BadFrame when there is noise on the line: it holds bytes that look like answers."""
        noise = self._noise
        answers: dict[StatusKind, int] = {}
        for kind in STATUS_KINDS:
            self._real_time.clear()
            await self.write(status_request(kind))
            await self.listen(lambda: bool(self._real_time), self._reply_timeout_s)
            if not self._real_time:
                break  # more questions would cost a second each, and a late answer would be taken for theirs
            answers[kind] = self._real_time[0]
        if self._noise > noise:
            await self.listen(lambda: False, self._reply_timeout_s)  # until it is quiet: half an answer is left behind
            raise BadFrame("The printer's answers are damaged.", url=self.port.url, frames=self.port.last_frames)
        self.auto = PrinterStatus()  # older than these answers
        return status_from(answers)

    async def _by_itself(self) -> PrinterStatus:
        """GS a makes it tell at once; a printer that stands still holds that question, but told before why."""
        before, self.auto = self.auto, PrinterStatus()
        await self.write(AUTO_STATUS_ON)
        await self.listen(lambda: self.auto.known, self._reply_timeout_s)
        if not self.auto.known and blocked_by(before):
            self.auto = before
        return self.auto

    # ---- the end of a slip ----

    def expect(self, slip: int, tag: bytes) -> None:
        """The slip is being sent: its end will be told by GS r or by its tag (GS ( H)."""
        self._clean = True
        if self._profile.has_fence:
            self.owed.append(slip)
        elif self._profile.answers.gs_h:
            self._tagged[tag] = slip

    def give_up(self) -> None:
        """No word in time."""
        self.fenceless = not self.answered

    @property
    def settled(self) -> bool:
        """The next GS r answer will be the next slip's."""
        return self.in_order and not self.owed

    async def settle(self) -> type[DeviceError] | None:
        """Until the printer owes no GS r answer, so that the next one is the next slip's; else why it does not move.

        When as many answers came as were owed, all those slips are finished; when fewer, nobody knows which.
        Raises PortLost, BadFrame, DeviceSilent.
        """
        if not self.fenceless:
            exact, self.in_order = self.in_order, False
            self._probes += 1
            await self.write(FENCE)
            expected = self._probes + len(self.owed)
            reason = await self._first_strays(expected if exact else 1)
            if reason:
                return reason
            if not exact or self._strays < expected:
                await self._strays_until_quiet()
            if self._strays >= expected and self._clean:
                self.finished.update(self.owed)
        self.owed.clear()
        self.in_order = True
        self._strays = self._probes = 0
        return None

    async def drop_held(self) -> None:
        """What was sent and not printed will not come out, on printers that obey. Raises PortLost, DeviceSilent."""
        await self.write(DROP_HELD)
        self.owed.clear()
        self._tagged.clear()
        self.in_order = False  # whether it obeyed is not known

    async def _first_strays(self, expected: int) -> type[DeviceError] | None:
        for _ in range(SETTLE_ROUNDS):
            await self.listen(lambda: self._strays >= expected, SETTLE_S / SETTLE_ROUNDS)
            if self._strays >= expected:
                return None
            reason = blocked_by(await self.status())
            if reason:
                return reason
        self.give_up()
        return None if self._strays else DeviceSilent

    async def _strays_until_quiet(self) -> None:
        before = -1
        while self._strays > before:
            before = self._strays
            await self._listen_for_more(before)

    async def _listen_for_more(self, before: int) -> None:
        await self.listen(lambda: self._strays > before, self._reply_timeout_s)

    # ---- bytes ----

    async def listen(self, enough: Callable[[], bool], timeout_s: float) -> None:
        """Takes in what the printer says until it is enough or the time is over. Raises PortLost."""
        try:
            async with asyncio.timeout(timeout_s):
                while not enough():
                    for reply in self._parser.feed(await self.port.read()):
                        self._note(reply)
        except TimeoutError:
            if timeout_s:
                self._parser.forget()

    async def write(self, data: bytes) -> None:
        """Raises DeviceSilent when the device takes no bytes, PortLost."""
        try:
            async with asyncio.timeout(self._reply_timeout_s):
                await self.port.write(data)
        except TimeoutError:
            raise DeviceSilent(url=self.port.url, frames=self.port.last_frames) from None

    def _note(self, reply: Reply) -> None:
        match reply:
            case RealTime(byte):
                self._real_time.append(byte)
            case AutoStatus(data):
                self.auto = status_from_auto(data)
            case Fence():
                self._fence()
            case Processed(tag):
                self._finish_tagged(tag)
            case Noise():
                self._hear_noise()
            case _:
                log.info("printer said something nobody asked for: %s", reply)

    def _fence(self) -> None:
        self.answered, self.fenceless = True, False
        if self.in_order and self.owed:
            (self.finished if self._clean else self.garbled).add(self.owed.popleft())
        else:
            self._strays += 1

    def _hear_noise(self) -> None:
        self._noise += 1
        self._clean = False
        if self._profile.has_fence:  # the answer just heard may have been noise as well
            self.garbled |= self.finished
            self.finished.clear()

    def _finish_tagged(self, tag: bytes) -> None:
        if tag in self._tagged:
            self.finished.add(self._tagged.pop(tag))
