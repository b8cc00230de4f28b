"""Slips to the printer, one after the other, and what the printer says of itself in between.

Runs on the link's event loop. The printer's own word decides: `printed`, `not_printed` (safe to print again),
`unknown` (it may hold the slip and print it later, so it is never sent again by itself).
"""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from devices.errors import (
    BadFrame,
    CoverOpen,
    CutterJam,
    DeviceError,
    DeviceSilent,
    PaperOut,
    PortBusy,
    PortDenied,
    PortLost,
    PortMissing,
    PrinterFault,
    PrinterOffline,
)
from devices.escpos_replies import PrinterStatus
from devices.printer import PrintOutcome
from devices.printer_profile import Profile
from devices.printer_talk import blocked_by
from devices.slip import Slip
from devices.slip_length import slip_mm
from hub.wire import DeviceState, Ticket
from kiosk.roll import Roll, near_end_seen, slip_printed
from kiosk.roll_file import RollFile
from kiosk.state import PaperDone, PrinterCode, PrinterSeen

log = logging.getLogger("kiosk.printing")

#: How often a resting printer is asked: its paper ends or its cover opens between two citizens.
STATUS_EVERY_S = 5.0
#: More slips than this waiting mean a printer that stands still; further ones are told as not printed.
SLIPS_WAITING = 20

_CODES: dict[type[DeviceError], PrinterCode] = {
    PaperOut: "paper_out",
    CoverOpen: "cover_open",
    CutterJam: "cutter_jam",
    PrinterFault: "fault",
    PrinterOffline: "offline",
    DeviceSilent: "silent",
    PortMissing: "missing",
    PortBusy: "busy",
    PortDenied: "denied",
    PortLost: "lost",
    BadFrame: "garbled",
}


#: A printer that reports one of these in the middle of a slip keeps the rest and prints it when that is mended.
HOLDING = (PaperOut, CoverOpen, CutterJam, PrinterOffline)
DOUBTFUL_KEPT = 100

#: What stands in the log as a fact; everything else is a warning.
_WELL: tuple[PrinterCode, ...] = ("", "one_way")


class SlipPrinter(Protocol):
    """What is needed of a printer; `devices.printer.Printer` is one."""

    async def status(self) -> PrinterStatus: ...

    async def print_slip(self, slip: Slip, ref: str = "") -> PrintOutcome: ...

    def late(self) -> tuple[str, ...]: ...


@dataclass(frozen=True)
class Job:
    ticket: Ticket
    slip: Slip


class Printing:
    """The queue before one printer. `tell` must not block."""

    def __init__(
        self,
        printer: SlipPrinter,
        *,
        profile: Profile,
        tell: Callable[[PaperDone | PrinterSeen], None],
        roll_file: RollFile,
        status_every_s: float = STATUS_EVERY_S,
    ) -> None:
        """A printer whose profile answers nothing is not called silent."""
        self.profile = profile
        self._printer = printer
        self._tell = tell
        self._status_every_s = status_every_s
        self._jobs: asyncio.Queue[Job] = asyncio.Queue(SLIPS_WAITING)
        self._working = False
        self._seen: PrinterSeen | None = None
        self._doubtful: dict[str, Ticket] = {}
        self._roll_file = roll_file
        self._roll = roll_file.read()

    @property
    def idle(self) -> bool:
        return self._jobs.empty() and not self._working

    async def put(self, job: Job) -> None:
        try:
            self._jobs.put_nowait(job)
        except asyncio.QueueFull:
            self._tell(PaperDone(job.ticket, "not_printed", "queue_full", "too many slips were waiting"))

    async def run(self) -> None:
        """Until cancelled: slips first, a question about the printer's health when nothing is to be printed."""
        while True:
            if self._jobs.empty():
                await self._look()
            try:
                async with asyncio.timeout(self._status_every_s):
                    job = await self._jobs.get()
            except TimeoutError:
                continue
            self._working = True
            try:
                self._tell(await self._print(job))
            finally:
                self._working = False

    async def _print(self, job: Job) -> PaperDone:
        try:
            outcome = await self._printer.print_slip(job.slip, job.ticket.id)
        except ValueError as error:  # the address in the settings is none: nothing was sent
            return PaperDone(job.ticket, "not_printed", "missing", str(error))
        done = paper_done(job.ticket, outcome)
        log.info("slip", extra={"number": job.ticket.number, "outcome": done.outcome, "reason": done.trouble})
        if done.trouble:
            self._note(done.trouble, done.detail)
        if done.outcome != "not_printed":
            await self._count_off(job.slip)
        if done.outcome in ("unknown", "held"):
            self._doubt(job.ticket)
        self._tell_late()
        return done

    def _doubt(self, ticket: Ticket) -> None:
        self._doubtful[ticket.id] = ticket
        while len(self._doubtful) > DOUBTFUL_KEPT:
            del self._doubtful[next(iter(self._doubtful))]

    def _tell_late(self) -> None:
        """What was in doubt and is confirmed now."""
        for ref in self._printer.late():
            ticket = self._doubtful.pop(ref, None)
            if ticket:
                log.info("slip", extra={"number": ticket.number, "outcome": "printed", "reason": "late"})
                self._tell(PaperDone(ticket, "printed"))

    async def _look(self) -> None:
        try:
            status = await self._printer.status()
        except DeviceError as error:
            self._note(code_of(error), error.without_frames())
        except ValueError as error:  # the address in the settings is none
            self._note("missing", str(error))
        else:
            if status.paper in ("ok", "near_end"):
                await self._keep(near_end_seen(self._roll, status.paper == "near_end", self.profile.roll.near_end_mm))
            self._note(code_of_status(status, answers=self.profile.answers_status))
            self._tell_late()

    async def _count_off(self, slip: Slip) -> None:
        await self._keep(slip_printed(self._roll, slip_mm(slip, self.profile)))
        if self._seen and self._seen.code == "near_end":
            self._note("near_end")

    async def _keep(self, roll: Roll) -> None:
        """On disk only while it counts: otherwise there is nothing to go on with."""
        before, self._roll = self._roll, roll
        if roll.left_mm != before.left_mm:
            await asyncio.to_thread(self._roll_file.keep, roll)

    def _note(self, code: PrinterCode, detail: str = "") -> None:
        seen = PrinterSeen(code, self._roll.slips_left if code == "near_end" else None)
        if seen == self._seen:
            return
        if self._seen is None or code != self._seen.code:
            level = logging.INFO if code in _WELL else logging.WARNING
            was = self._seen.code if self._seen else None
            log.log(level, "printer", extra={"code": code or "fine", "was": was, "detail": detail})
        self._seen = seen
        self._tell(seen)


def paper_done(ticket: Ticket, outcome: PrintOutcome) -> PaperDone:
    """The printer's word in ours: what it stopped at in the middle it still holds."""
    if outcome.result == "printed":
        return PaperDone(ticket, "printed")
    if outcome.reason is None:
        return PaperDone(ticket, outcome.result, "one_way")
    code = code_of(outcome.reason)
    held = outcome.result == "unknown" and isinstance(outcome.reason, HOLDING)
    return PaperDone(ticket, "held" if held else outcome.result, code, outcome.reason.without_frames())


def code_of(error: DeviceError) -> PrinterCode:
    """Our word for a device error; unknown kinds are trouble, never fine."""
    return next((code for kind, code in _CODES.items() if isinstance(error, kind)), "trouble")


def code_of_status(status: PrinterStatus, *, answers: bool) -> PrinterCode:
    """Our word for what a printer said; nothing said is silence, never fine."""
    if not answers:
        return "one_way"
    if not status.known:
        return "silent"
    reason = blocked_by(status)
    if reason:
        return code_of(reason())
    return "near_end" if status.paper == "near_end" else ""


_STATES = {"": "fine", "near_end": "degraded", "silent": "silent", "one_way": "silent"}


def device_state(code: PrinterCode, url: str, detail: str) -> DeviceState:
    """What the hub is told of the printer: silence stays silence, everything else that is not fine is faulty."""
    return DeviceState.model_validate(
        {"name": "printer", "device": url, "state": _STATES.get(code, "faulty"), "code": code, "detail": detail}
    )
