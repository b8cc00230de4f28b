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
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from itertools import count
from typing import Literal

from devices.errors import (
    CoverOpen,
    CutterJam,
    DeviceError,
    DeviceSilent,
    PaperOut,
    PortLost,
    PrinterFault,
    PrinterOffline,
)
from devices.escpos_frames import (
    PROFILES,
    STATUS_KINDS,
    Fence,
    PrinterStatus,
    Processed,
    RealTime,
    Reply,
    StatusKind,
    StatusParser,
    encode_job,
    status_from,
    status_request,
)
from devices.ports import Port, open_port
from devices.raster import draw_line
from devices.slip import PaperMm, Slip

log = logging.getLogger("devices.printer")

JOB_TIMEOUT_S = 15.0
"""A long slip takes 3 s at 150 mm/s; the slowest printers print 50 mm/s."""
POLL_S = 0.5
"""How often a printer at work is asked whether it is blocked; DLE EOT is answered even then."""

Result = Literal["printed", "not_printed", "unknown"]


@dataclass(frozen=True)
class PrintOutcome:
    result: Result
    reason: DeviceError | None = None


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
        reply_timeout_s: float = 1.0,
        job_timeout_s: float = JOB_TIMEOUT_S,
        poll_s: float = POLL_S,
    ) -> None:
        """Raises ValueError for a profile that is not in `escpos_frames.PROFILES`."""
        if profile not in PROFILES:
            raise ValueError(f"no printer profile {profile!r}; there are {', '.join(PROFILES)}")
        self.url = url
        self.paper_mm: PaperMm = paper_mm
        self.profile = PROFILES[profile]
        self._open: Callable[[], Awaitable[Port]] = lambda: open_port(url, baud=baud, holder=holder)
        self._reply_timeout_s = reply_timeout_s
        self._job_timeout_s = job_timeout_s
        self._poll_s = poll_s
        self._port: Port | None = None
        self._talking = asyncio.Lock()
        self._tags = count(1)
        self._fences_owed = 0
        self._processed = b""
        self._real_time: list[int] = []
        self._parser = StatusParser()

    async def status(self) -> PrinterStatus:
        """What the printer says of itself now; all None when it does not answer. Raises PortMissing, PortBusy, …"""
        async with self._talking:
            return await self._fresh_status()

    async def print_slip(self, slip: Slip) -> PrintOutcome:
        """Prints one slip. Never raises a DeviceError: the outcome carries it. See above for what it means."""
        async with self._talking:
            try:
                refusal = await self._refusal()
            except DeviceError as fault:
                return PrintOutcome("not_printed", fault)
            if refusal:
                return PrintOutcome("not_printed", refusal)
            return await self._send(slip)

    async def close(self) -> None:
        async with self._talking:
            await self._drop_port()

    # ---- before the job ----

    async def _refusal(self) -> DeviceError | None:
        status = await self._fresh_status()
        if not self.profile.answers_status:
            return None
        if not status.known:
            return self._fault(DeviceSilent)
        reason = blocked_by(status)
        return self._fault(reason) if reason else None

    async def _fresh_status(self) -> PrinterStatus:
        """Asked once more on a new connection if the old one turns out to be dead: printers drop idle ones."""
        old = self._port
        try:
            return await self._ask_status(await self._ready())
        except PortLost:
            await self._drop_port()
            if old is None:
                raise
        try:
            return await self._ask_status(await self._ready())
        except PortLost:
            await self._drop_port()
            raise

    async def _ask_status(self, port: Port) -> PrinterStatus:
        if not self.profile.answers_status:
            return PrinterStatus()
        await self._listen(port, lambda: False, 0)  # what lies there belongs to older questions
        answers: dict[StatusKind, int] = {}
        for kind in STATUS_KINDS:
            answer = await self._ask(port, kind)
            if answer is None:
                break  # more questions would cost a second each, and a late answer would be taken for theirs
            answers[kind] = answer
        return status_from(answers)

    async def _ask(self, port: Port, kind: StatusKind) -> int | None:
        self._real_time.clear()
        await self._write(port, status_request(kind))
        await self._listen(port, lambda: bool(self._real_time), self._reply_timeout_s)
        return self._real_time[0] if self._real_time else None

    async def _ready(self) -> Port:
        if self._port is None:
            self._port = await self._open()
            self._parser = StatusParser()
            self._fences_owed = 0
        return self._port

    # ---- the job ----

    async def _send(self, slip: Slip) -> PrintOutcome:
        port = await self._ready()
        tag = f"{next(self._tags) % 10_000:04d}".encode("ascii")
        job = encode_job(slip, raster=draw_line, profile=self.profile, tag=tag)
        self._fences_owed += self.profile.has_fence
        try:
            async with asyncio.timeout(self._job_timeout_s):
                await port.write(job)
                return await self._follow(port, tag)
        except TimeoutError:
            return await self._given_up(port)
        except PortLost as fault:
            await self._drop_port()
            return PrintOutcome("unknown", fault)

    async def _follow(self, port: Port, tag: bytes) -> PrintOutcome:
        """Waits for the printer's word that the slip is out, and asks meanwhile what keeps it."""
        if not (self.profile.has_fence or self.profile.has_process_id):
            return PrintOutcome("unknown")
        while True:
            await self._listen(port, lambda: self._job_done(tag), self._poll_s)
            reason = blocked_by(await self._ask_status(port))
            if reason:
                return PrintOutcome("unknown", self._fault(reason))
            if self._job_done(tag):
                return PrintOutcome("printed")

    def _job_done(self, tag: bytes) -> bool:
        """The id of this job, or as many fences as were sent: the first may belong to a slip held for want of paper."""
        if self.profile.has_process_id:
            return self._processed == tag
        return self._fences_owed == 0

    async def _given_up(self, port: Port) -> PrintOutcome:
        """No word in time. A port that still has not taken the job is dropped; owed fences are forgotten."""
        if port.unsent:
            await self._drop_port()
        self._fences_owed = 0
        return PrintOutcome("unknown", self._fault(DeviceSilent))

    # ---- talking ----

    async def _listen(self, port: Port, enough: Callable[[], bool], timeout_s: float) -> None:
        """Takes in what the printer says until it is enough or the time is over."""
        try:
            async with asyncio.timeout(timeout_s):
                while not enough():
                    for reply in self._parser.feed(await port.read()):
                        self._note(reply)
        except TimeoutError:
            if timeout_s:
                self._parser.forget()

    def _note(self, reply: Reply) -> None:
        match reply:
            case RealTime(byte):
                self._real_time.append(byte)
            case Fence():
                self._fences_owed = max(0, self._fences_owed - 1)
            case Processed(tag):
                self._processed = tag
            case _:
                log.info("printer said something nobody asked for: %s", reply)

    async def _write(self, port: Port, data: bytes) -> None:
        """Raises DeviceSilent when the device takes no bytes."""
        try:
            async with asyncio.timeout(self._reply_timeout_s):
                await port.write(data)
        except TimeoutError:
            await self._drop_port()
            raise self._fault(DeviceSilent) from None

    async def _drop_port(self) -> None:
        port, self._port = self._port, None
        if port:
            await port.close()

    def _fault(self, kind: type[DeviceError]) -> DeviceError:
        return kind(url=self.url, frames=self._port.last_frames if self._port else ())
