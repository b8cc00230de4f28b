"""A ticket printer behind a port: asks, prints, and says truthfully what became of the slip.

**What the answers mean.** `printed`: the printer itself said that it worked the slip off. `not_printed`: not one byte
of it was sent, so trying again cannot print it twice. `unknown`: bytes were sent and nothing confirms them; with
`PaperOut` the printer holds the rest and prints it when paper is back, so it must not be sent again blindly.
`unknown` without a reason comes from a printer that cannot answer (profile `one-way`, `file://`): it was sent, more
nobody can know.

**Silence.** A printer that should answer DLE EOT and does not gets no slip (`not_printed`, DeviceSilent): it is off or
unplugged more often than it is alive, and a slip in the buffer of a dead line would come out hours later.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from itertools import count
from typing import Literal

from devices.errors import BadFrame, DeviceError, DeviceSilent, PortLost
from devices.escpos_frames import encode_job
from devices.escpos_replies import PrinterStatus
from devices.ports import Port, open_port
from devices.printer_profile import load_profile
from devices.printer_talk import Conversation, blocked_by
from devices.raster import draw_item
from devices.slip import PaperMm, Slip
from devices.transports.opening import scheme_of

JOB_TIMEOUT_S = 15.0
"""A long slip takes 3 s at 150 mm/s; the slowest printers print 50 mm/s."""
POLL_S = 0.5
"""How often a printer at work is asked whether it is blocked; DLE EOT is answered even then."""
DOUBTFUL_KEPT = 100
ONE_WAY = ("file", "queue")
"""Behind these no printer can answer, whatever its profile says."""

Result = Literal["printed", "not_printed", "unknown"]


@dataclass(frozen=True)
class PrintOutcome:
    result: Result
    reason: DeviceError | None = None


REPLY_S = 1.0
"""A printer that answers at all answers sooner: DLE EOT is answered while it prints."""


class Printer:
    """Opens its port when first used and again after it was lost. One conversation at a time."""

    def __init__(
        self,
        url: str,
        *,
        paper_mm: PaperMm = 80,
        profile: str = "generic",
        holder: str = "",
        baud: int = 9600,
        reply_timeout_s: float = REPLY_S,
        job_timeout_s: float = JOB_TIMEOUT_S,
        poll_s: float = POLL_S,
    ) -> None:
        """`profile`: a name, or the path of a hall's own. Raises ValueError when there is none or it is wrong."""
        self.url = url
        self.paper_mm: PaperMm = paper_mm
        self.profile = load_profile(profile)
        if scheme_of(url) in ONE_WAY:
            self.profile = self.profile.without_answers()
        self._open: Callable[[], Awaitable[Port]] = lambda: open_port(url, baud=baud, holder=holder)
        self._reply_timeout_s = reply_timeout_s
        self._job_timeout_s = job_timeout_s
        self._poll_s = poll_s
        self._talk: Conversation | None = None
        self._last: Conversation | None = None
        self._talking = asyncio.Lock()
        # Not from 1: a printer may still hold a slip that this program sent before it was started again.
        self._numbers = count(secrets.randbelow(10_000))
        self._doubtful: dict[int, str] = {}
        self._late: list[str] = []

    async def status(self) -> PrinterStatus:
        """What the printer says of itself now; all None when it does not answer. Raises PortMissing, PortBusy, …"""
        async with self._talking:
            return await self._fresh_status()

    async def print_slip(self, slip: Slip, ref: str = "") -> PrintOutcome:
        """Prints one slip. Never raises a DeviceError: the outcome carries it. See above for what it means.

        `ref` is the name by which `late` tells of it, should the outcome be in doubt.
        """
        async with self._talking:
            try:
                refusal = await self._refusal()
            except DeviceError as fault:
                return PrintOutcome("not_printed", fault)
            if refusal:
                return PrintOutcome("not_printed", refusal)
            return await self._send(slip, ref)

    def late(self) -> tuple[str, ...]:
        """The slips of outcome `unknown` that the printer confirmed since this was last asked."""
        late, self._late = tuple(self._late), []
        return late

    async def drop_held(self) -> None:
        """A technician's decision, never this program's own: slips that the printer holds are lost, not printed later.

        Not every model obeys. Raises DeviceError.
        """
        async with self._talking:
            await self._fresh_status()
            await (await self._ready()).drop_held()
            self._doubtful.clear()

    async def close(self) -> None:
        async with self._talking:
            await self._drop_port()

    # ---- before the job ----

    async def _refusal(self) -> DeviceError | None:
        status = await self._fresh_status()
        if self.profile.answers_status and not status.known:
            return self._fault(DeviceSilent)
        reason = blocked_by(status)
        if reason:
            return self._fault(reason)
        reason = await self._settle(status)
        return self._fault(reason) if reason else None

    async def _fresh_status(self) -> PrinterStatus:
        """Asked once more on a new connection if the old one turns out to be dead: printers drop idle ones."""
        fresh = self._talk is None
        try:
            return await self._look()
        except PortLost:
            if fresh:
                raise
        return await self._look()

    async def _look(self) -> PrinterStatus:
        try:
            talk = await self._ready()
            status = await talk.status()
        except (PortLost, DeviceSilent):
            await self._drop_port()
            raise
        if blocked_by(status) and not talk.owed:
            talk.in_order = False  # it may hold what another program sent
        self._hear_late(talk, status)
        return status

    async def _settle(self, status: PrinterStatus) -> type[DeviceError] | None:
        """Why the printer does not get on with what it has already."""
        talk = await self._ready()
        if not self.profile.has_fence or talk.settled:
            return None
        try:
            reason = await talk.settle()
        except (PortLost, DeviceSilent):
            await self._drop_port()
            raise
        self._hear_late(talk, status)
        return reason

    def _hear_late(self, talk: Conversation, status: PrinterStatus) -> None:
        """A slip in doubt counts as printed only if the printer reports no fault after it.

        What came out between answers that tell of a fault is left to the next status: that fault may be the old one,
        mended in that moment.
        """
        blocked = blocked_by(status) is not None
        for slip in sorted(talk.finished & self._doubtful.keys()):
            if blocked and slip not in talk.finished_before:
                continue
            talk.finished.discard(slip)
            ref = self._doubtful.pop(slip)
            if not blocked:
                self._late.append(ref)

    async def _ready(self) -> Conversation:
        if self._talk is None:
            port = await self._open()
            self._talk = Conversation(port, self.profile, reply_timeout_s=self._reply_timeout_s, before=self._last)
        return self._talk

    # ---- the job ----

    async def _send(self, slip: Slip, ref: str) -> PrintOutcome:
        talk, number = await self._ready(), next(self._numbers)
        tag = f"{number % 10_000:04d}".encode("ascii")
        job = encode_job(slip, raster=draw_item, profile=self.profile, tag=tag)
        talk.expect(number, tag)
        outcome = await self._outcome(talk, number, job)
        if outcome.result == "unknown" and self.profile.confirms:
            self._doubt(number, ref)
        return outcome

    async def _outcome(self, talk: Conversation, number: int, job: bytes) -> PrintOutcome:
        try:
            async with asyncio.timeout(self._job_timeout_s):
                await talk.port.write(job)
                return await self._follow(talk, number)
        except TimeoutError:  # DeviceSilent is one
            silent = self._fault(DeviceSilent)
            talk.give_up()
            if talk.port.unsent:
                await self._drop_port()
            return PrintOutcome("unknown", silent)
        except PortLost as fault:
            await self._drop_port()
            return PrintOutcome("not_printed" if fault.untouched else "unknown", fault)
        except BadFrame as fault:
            return PrintOutcome("unknown", fault)

    async def _follow(self, talk: Conversation, number: int) -> PrintOutcome:
        """Waits for the printer's word that the slip is out, and asks meanwhile what keeps it."""
        if not self.profile.confirms:
            return PrintOutcome("unknown")

        def news() -> bool:
            return number in talk.finished | talk.garbled or blocked_by(talk.auto) is not None

        while True:
            await talk.listen(news, self._poll_s)
            status = await talk.status()
            self._hear_late(talk, status)
            reason = blocked_by(status)
            if reason:
                return PrintOutcome("unknown", self._fault(reason))
            if number in talk.garbled:
                talk.garbled.discard(number)
                return PrintOutcome("unknown", self._fault(BadFrame))
            if number in talk.finished:
                talk.finished.discard(number)
                return PrintOutcome("printed")

    def _doubt(self, number: int, ref: str) -> None:
        self._doubtful[number] = ref
        while len(self._doubtful) > DOUBTFUL_KEPT:
            del self._doubtful[next(iter(self._doubtful))]

    # ---- the port ----

    async def _drop_port(self) -> None:
        talk, self._talk = self._talk, None
        if talk:
            self._last = talk
            await talk.port.close()

    def _fault(self, kind: type[DeviceError]) -> DeviceError:
        return kind(url=self.url, frames=self._talk.port.last_frames if self._talk else ())
