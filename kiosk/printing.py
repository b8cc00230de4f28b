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
from devices.printer_talk import blocked_by
from devices.slip import Slip
from hub.wire import DeviceState, Ticket
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


#: What stands in the log as a fact; everything else is a warning.
_WELL: tuple[PrinterCode, ...] = ("", "one_way")


class SlipPrinter(Protocol):
    """What is needed of a printer; `devices.printer.Printer` is one."""

    async def status(self) -> PrinterStatus: ...

    async def print_slip(self, slip: Slip) -> PrintOutcome: ...


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
        answers: bool,
        tell: Callable[[PaperDone | PrinterSeen], None],
        status_every_s: float = STATUS_EVERY_S,
    ) -> None:
        """`answers`: this kind of printer can say how it is; one that cannot is not called silent."""
        self._printer = printer
        self._answers = answers
        self._tell = tell
        self._status_every_s = status_every_s
        self._jobs: asyncio.Queue[Job] = asyncio.Queue(SLIPS_WAITING)
        self._working = False
        self._seen: PrinterCode | None = None

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
            outcome = await self._printer.print_slip(job.slip)
        except ValueError as error:  # the address in the settings is none: nothing was sent
            return PaperDone(job.ticket, "not_printed", "missing", str(error))
        code = code_of(outcome.reason) if outcome.reason else "" if outcome.result == "printed" else "one_way"
        detail = outcome.reason.without_frames() if outcome.reason else ""
        log.info("slip", extra={"number": job.ticket.number, "outcome": outcome.result, "reason": code})
        if code and outcome.result != "printed":
            self._note(code, detail)
        return PaperDone(job.ticket, outcome.result, code if outcome.result != "printed" else "", detail)

    async def _look(self) -> None:
        try:
            self._note(code_of_status(await self._printer.status(), answers=self._answers))
        except DeviceError as error:
            self._note(code_of(error), error.without_frames())
        except ValueError as error:  # the address in the settings is none
            self._note("missing", str(error))

    def _note(self, code: PrinterCode, detail: str = "") -> None:
        if code != self._seen:
            level = logging.INFO if code in _WELL else logging.WARNING
            log.log(level, "printer", extra={"code": code or "fine", "was": self._seen, "detail": detail})
            self._seen = code
            self._tell(PrinterSeen(code))


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
