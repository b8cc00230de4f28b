"""The ticket machine's loop: pygame here, everything that waits on the link's thread."""

import base64
import contextlib
import logging
import queue
import secrets
import time
from collections.abc import Callable, Coroutine
from concurrent.futures import CancelledError, Future
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from math import ceil
from pathlib import Path
from typing import Any, Literal
from zoneinfo import ZoneInfo

import pygame

from devices.fonts import chinese_font
from devices.printer import REPLY_S, Printer
from devices.slip import ticket_slip
from hub.link import BoardChanged, CodeShown, HubGone, HubThere, LinkThread, WhyGone
from hub.link import Event as LinkEvent
from hub.settings import Settings, SettingsError
from hub.wire import (
    DeviceReport,
    Invite,
    Screen,
    ShowScreen,
    Touch,
)
from kiosk.asking import board_seen, issue, load_hall, look_up
from kiosk.draw import Typeface, draw, picture
from kiosk.idling import idle_at_s
from kiosk.layout import lay_out
from kiosk.presented import LookUp, ReaderSeen
from kiosk.presenting import presented_by
from kiosk.printing import STATUS_EVERY_S, Job, Printing, device_state
from kiosk.reporting import Reporting
from kiosk.roll_file import RollFile, roll_path
from kiosk.screens import screen_of, step
from kiosk.sheet import Glance, Sheet
from kiosk.state import (
    Code,
    Effect,
    Event,
    HubFound,
    HubMissing,
    Issue,
    Issuing,
    LoadHall,
    Print,
    PrinterSeen,
    Report,
    State,
    Stopping,
    Ticked,
    Touched,
    a_kiosk,
)
from kiosk.ticket_words import slip_facts
from kiosk.window import finger
from kiosk.words import device_words

log = logging.getLogger("kiosk.app")

#: Queued slips and reports have so long when the machine is switched off.
STOP_WITHIN_S = 10.0
CLOSE_WITHIN_S = 2.0

_WHY: dict[WhyGone, Literal["away", "refused", "untrusted"]] = {
    "unreachable": "away",
    "not_found": "away",
    "refused": "refused",
    "untrusted": "untrusted",
}


@dataclass(frozen=True)
class Drawn:
    """What the glass shows, and from what it was made."""

    state: State
    clock: datetime | None
    seconds_left: int | None
    sheet: Sheet


class Kiosk:
    """One ticket machine. `frame` is called by the thread that owns pygame, 30 times a second."""

    def __init__(
        self,
        settings: Settings,
        surface: pygame.Surface,
        thread: LinkThread,
        *,
        remote_touch: bool = False,
        data: Path | None = None,
        status_every_s: float = STATUS_EVERY_S,
        printer_reply_s: float = REPLY_S,
        monotonic: Callable[[], float] = time.monotonic,
        fresh_key: Callable[[], str] = partial(secrets.token_urlsafe, 16),
    ) -> None:
        """`data`: where it keeps what it should know after a restart. Raises SettingsError for a wrong profile."""
        kiosk = settings.kiosk
        self.state = a_kiosk(
            idle_s=kiosk.idle_seconds,
            languages=kiosk.languages,
            has_printer=bool(kiosk.printer),
            asks_card=kiosk.id_card == "asked",
        )
        self._settings = settings
        self._surface = surface
        self._thread = thread
        self._remote_touch = remote_touch
        self._data = data
        self._status_every_s = status_every_s
        self._printer_reply_s = printer_reply_s
        self._monotonic = monotonic
        self._fresh_key = fresh_key
        self._face = Typeface(chinese_font())
        self._happened: queue.SimpleQueue[Event] = queue.SimpleQueue()
        self._reporting = Reporting(thread.link)
        self._printer, self._printing = self._open_printer()
        self._presented = presented_by(kiosk, self._happened.put, fresh_key)
        self._drawn: Drawn | None = None
        self._under_way: set[Future[None]] = set()
        self._running: list[Future[None]] = []
        self._stopping_since: float | None = None

    def start(self) -> None:
        """Begin what runs beside the loop."""
        self._running = [_watched(self._thread.submit(self._reporting.run()))]
        if self._printing:
            self._running.append(_watched(self._thread.submit(self._printing.run())))
        holder = self._thread.link.station
        self._running += [_watched(self._thread.submit(device.run(holder))) for device in self._presented]

    def frame(self) -> None:
        """Take in what happened, and draw if it shows."""
        while not self._thread.events.empty():
            self._heard(self._thread.events.get())
        for event in pygame.event.get():
            self._fingered(event)
        while not self._happened.empty():
            self._step(self._happened.get())
        self._step(Ticked())
        self._look()

    def stop(self) -> None:
        """No more tickets; what is queued is still finished."""
        if self._stopping_since is None:
            self._stopping_since = self._monotonic()
            self._step(Stopping())

    @property
    def stopped(self) -> bool:
        """After `stop`: nothing is left to do, or its time is over."""
        if self._stopping_since is None:
            return False
        if self._monotonic() - self._stopping_since > STOP_WITHIN_S:
            log.warning("stopped with slips or reports unfinished")
            return True
        self._under_way = {work for work in self._under_way if not work.done()}
        resting = (self._printing is None or self._printing.idle) and self._reporting.idle
        return resting and not self._under_way and self._happened.empty() and not isinstance(self.state.errand, Issuing)

    def close(self) -> None:
        """Give the devices back; the link's thread is still needed for that."""
        giving_back = [device.stop() for device in self._presented]
        for ended in [self._thread.submit(work) for work in giving_back]:
            with contextlib.suppress(TimeoutError, CancelledError):
                ended.result(CLOSE_WITHIN_S)
        for work in self._running:
            work.cancel()
        if self._printer:
            with contextlib.suppress(TimeoutError, CancelledError):
                self._thread.submit(self._printer.close()).result(CLOSE_WITHIN_S)

    @property
    def sheet(self) -> Sheet:
        """What stands on the glass now."""
        return self._look()

    # --- events in ---------------------------------------------------------------------------------------------------

    def _step(self, event: Event) -> None:
        before = screen_of(self.state)
        self.state, effects = step(self.state, event, self._monotonic())
        if screen_of(self.state) != before:
            log.info("screen", extra={"screen": screen_of(self.state)})
        for effect in effects:
            self._do(effect)
        if isinstance(event, (PrinterSeen, ReaderSeen, HubFound)):
            self._submit(self._tell_devices())

    def _heard(self, event: LinkEvent) -> None:
        match event:
            case HubThere():
                self._step(HubFound())
                self._see_board(event.board)
            case BoardChanged():
                if not event.patch or event.patch.keys() & {"hall", "services"}:
                    self._see_board(event.board)
            case HubGone():
                self._step(HubMissing(_WHY[event.reason]))
            case CodeShown():
                code = Code(event.code, event.hub, event.fingerprint, event.minutes)
                self._step(HubMissing("pairing", code))
            case ShowScreen():
                self._show_screen(event)
            case Touch():
                if self._remote_touch:
                    self._touch(event.x, event.y, bouncing=False)
            case Invite():
                log.warning("an invitation to evaluate came to a ticket machine")

    def _see_board(self, board: dict[str, Any]) -> None:
        seen = board_seen(board)
        if seen:
            self._step(seen)

    def _fingered(self, event: pygame.event.Event) -> None:
        escape = event.type == pygame.KEYDOWN and event.key == pygame.K_ESCAPE
        if event.type == pygame.QUIT or (escape and not pygame.display.is_fullscreen()):
            self.stop()
        elif event.type in (pygame.WINDOWEXPOSED, pygame.WINDOWRESTORED):
            self._drawn = None
        at = finger(event, self._surface.get_size())
        if at:
            self._touch(*at, bouncing=True)

    def _touch(self, x: int, y: int, *, bouncing: bool) -> None:
        """The finger meant what stood there: the screen as drawn, not as it became since."""
        name = (self._drawn.sheet if self._drawn else self._look()).touched(x, y)
        if name:
            self._step(Touched(name, self._fresh_key(), bouncing))

    # --- effects out -------------------------------------------------------------------------------------------------

    def _do(self, effect: Effect) -> None:
        match effect:
            case Issue():
                self._submit(issue(self._thread.link, effect, self._happened.put))
            case LookUp():
                self._submit(look_up(self._thread.link, effect, self._happened.put))
            case LoadHall():
                self._submit(load_hall(self._thread.link, self._happened.put))
            case Report():
                self._submit(self._reporting.put(effect, self._fresh_key()))
            case Print():
                self._print(effect)

    def _submit(self, work: Coroutine[Any, Any, None]) -> None:
        future = _watched(self._thread.submit(work))
        self._under_way = {one for one in self._under_way if not one.done()} | {future}

    def _print(self, effect: Print) -> None:
        if self._printing is None:
            return
        zone = self._zone()
        issued_at = effect.ticket.issued_at.astimezone(zone) if zone else effect.ticket.issued_at
        facts = slip_facts(effect.ticket, self.state.hall, issued_at, effect.language)
        paper = self._printing.profile.paper(self._settings.kiosk.paper_mm)
        slip = ticket_slip(facts, paper_mm=paper.mm, columns=paper.columns)
        self._submit(self._printing.put(Job(effect.ticket, slip)))

    async def _tell_devices(self) -> None:
        url, code = self._settings.kiosk.printer, self.state.printer
        detail = device_words(code, self.state.slips_left, self._settings.hall.language)
        presented = [device.state(self._settings.hall.language) for device in self._presented]
        await self._thread.link.send(DeviceReport(devices=[device_state(code, url, detail), *presented]))

    def _open_printer(self) -> tuple[Printer | None, Printing | None]:
        kiosk = self._settings.kiosk
        if not kiosk.printer:
            return None, None
        try:
            printer = Printer(
                kiosk.printer,
                paper_mm=kiosk.paper_mm,
                profile=kiosk.printer_profile,
                holder=self._thread.link.station,
                reply_timeout_s=self._printer_reply_s,
            )
        except ValueError as error:
            raise SettingsError(f"kiosk.printer_profile: {error}") from error
        printing = Printing(
            printer,
            profile=printer.profile,
            tell=self._happened.put,
            roll_file=RollFile(roll_path(self._data, self._thread.link.station) if self._data else None),
            status_every_s=self._status_every_s,
        )
        return printer, printing

    # --- the glass ---------------------------------------------------------------------------------------------------

    def _zone(self) -> ZoneInfo | None:
        return ZoneInfo(self.state.hall.time_zone) if self.state.hall else None

    def _clock(self) -> datetime | None:
        """Hall time to the minute, while the hub is there to know it."""
        zone, now = self._zone(), self._thread.link.hall_now()
        return now.astimezone(zone).replace(second=0, microsecond=0) if zone and now else None

    def _look(self) -> Sheet:
        """Lay out and draw, but only what differs from what is drawn."""
        idle_at = idle_at_s(self.state)
        left = max(0, ceil(idle_at - self._monotonic())) if idle_at is not None else None
        wanted = (replace(self.state, touched_at_s=0, deaf_until_s=0), self._clock(), left)
        drawn = self._drawn
        if drawn and (drawn.state, drawn.clock, drawn.seconds_left) == wanted:
            return drawn.sheet
        state, clock, seconds_left = wanted
        sheet = lay_out(Glance(state, *self._surface.get_size(), clock, seconds_left, self._face.width))
        if drawn is None or drawn.sheet != sheet:
            draw(self._surface, sheet, self._face)
            pygame.display.flip()
        self._drawn = Drawn(state, clock, seconds_left, sheet)
        return sheet

    def _show_screen(self, question: ShowScreen) -> None:
        sheet = self._look()
        png = base64.b64encode(picture(self._surface)).decode() if question.picture else None
        screen = Screen(
            request=question.request,
            screen=sheet.screen,
            width=sheet.width,
            height=sheet.height,
            targets=sheet.targets()[:200],
            png=png,
        )
        self._submit(self._send(screen))

    async def _send(self, screen: Screen) -> None:
        await self._thread.link.send(screen)


def _watched(work: Future[None]) -> Future[None]:
    """A fault beside the loop must not pass unseen."""
    work.add_done_callback(_say_fault)
    return work


def _say_fault(work: Future[None]) -> None:
    fault = None if work.cancelled() else work.exception()
    if fault:
        log.error("work beside the loop failed", exc_info=fault)
