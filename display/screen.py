"""One screen: takes the hub's news in, keeps its surface up to the moment, tells the hub what stands on the glass."""

import base64
import io
import time
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pygame

from devices.fonts import chinese_font
from display import calls as announcing
from display.calls import Acknowledgements, Announcements
from display.draw import Painter, Typeface
from display.layout import slots
from display.pairing import Code, pairing_panels
from display.panels import panels
from display.theme import FLASH_PHASE_S
from display.view import PAGE_S, HubState, Moment, view
from hub.link import SILENCE_S, BoardChanged, CodeShown, Event, HubGone, HubThere, LinkThread
from hub.settings import Settings
from hub.wire import Drawn, Screen, ShowScreen, Target

_WHY: dict[str, HubState] = {"refused": "refused", "untrusted": "untrusted"}
#: A call that expired while this machine was busy was fresh when the hub sent it: real seconds of patience.
PATIENCE_S = 2.0


class BoardScreen:
    """The state of one screen and the loop that keeps it on the glass."""

    def __init__(
        self,
        settings: Settings,
        link: LinkThread,
        surface: pygame.Surface,
        *,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._settings = settings
        self._link = link
        self._monotonic = monotonic
        self._typeface = Typeface(chinese_font())
        self._painter = Painter(surface, self._typeface)
        self._board: dict[str, Any] = {}
        self._hub: HubState = "connecting"
        self._code: Code | None = None
        self._as_of: datetime | None = None
        self._news = 0
        self._news_at: datetime | None = None
        self._unheard: list[list[dict[str, Any]]] = []
        self._announcements = Announcements()
        self._acknowledgements = Acknowledgements()
        self._sending: tuple[tuple[str, ...], Future[bool]] | None = None
        self._drawn_key: object = None
        self._asked: list[ShowScreen] = []

    @property
    def moving(self) -> bool:
        """Something on the glass changes by itself soon."""
        return bool(self._announcements.showing or self._announcements.waiting)

    @property
    def texts(self) -> list[str]:
        """Everything that can be read now."""
        return [standing.text for standing in self._painter.texts]

    def resized(self, surface: pygame.Surface) -> None:
        self._painter = Painter(surface, self._typeface)
        self._drawn_key = None

    def take(self, event: Event) -> None:
        """News from the hub."""
        if isinstance(event, HubThere | HubGone):
            self._code = None
        if isinstance(event, HubThere):
            self._hub = "there"
            self._sending = None
            self._acknowledgements = announcing.connected(self._acknowledgements, event.board.get("calls", []))
            self._new_board(event.board)
        elif isinstance(event, BoardChanged):
            self._new_board(event.board)
        elif isinstance(event, HubGone):
            self._gone(event)
        elif isinstance(event, CodeShown):
            self._gone(HubGone("refused", "not paired yet"))
            self._code = Code(event.code, event.hub, event.fingerprint)
        elif isinstance(event, ShowScreen):
            self._asked.append(event)

    def frame(self) -> list[pygame.Rect]:
        """Bring the surface up to this moment; gives the rectangles that changed."""
        now_s, hall_now = self._monotonic(), self._link.link.hall_now()
        self._hear(hall_now)
        surface = self._painter.surface
        longest = max((len(call.number) for call in self._announced()), default=4)
        self._announcements = announcing.step(
            self._announcements,
            now_s,
            slots=slots(surface.get_size(), longest),
            call_seconds=self._settings.display.call_seconds,
        )
        moment = self._moment(now_s, hall_now)
        minute = hall_now.replace(second=0, microsecond=0) if hall_now else None
        key = (self._news, minute, replace(moment, hall_now=None), self._announcements.showing, self._code)
        if key == self._drawn_key:
            return []
        self._drawn_key = key
        if self._code:
            return self._painter.paint(pairing_panels(self._code, surface.get_size(), self._settings.display.languages))
        shown = view(self._board, moment, self._announcements.showing, self._settings.display.languages)
        return self._painter.paint(panels(shown, surface.get_size(), moment.turn))

    def after_flip(self) -> None:
        """The frame stands on the glass: tell the hub which calls it shows, and answer who asked for the screen."""
        self._acknowledgements = announcing.on_glass(self._acknowledgements, self._announcements.ids_showing)
        self._acknowledge()
        for request in self._asked:
            self._link.submit(self._link.link.send(self.screen(request)))
        self._asked.clear()

    def screen(self, request: ShowScreen) -> Screen:
        """What is shown now, as the hub's demo and tests read it."""
        surface = self._painter.surface
        targets = [
            Target(
                name=text.name, text=text.text, x=text.box.x, y=text.box.y, width=text.box.width, height=text.box.height
            )
            for text in self._painter.texts[:200]
        ]
        return Screen(
            request=request.request,
            screen="pairing" if self._code else "board",
            width=surface.get_width(),
            height=surface.get_height(),
            targets=targets,
            png=_png(surface) if request.picture else None,
        )

    def _new_board(self, board: dict[str, Any]) -> None:
        self._board = board
        self._news += 1
        self._news_at = self._link.link.hall_now()
        self._unheard.append(board.get("calls", []))

    def _gone(self, event: HubGone) -> None:
        """The last board stays, marked with the last moment it was certainly true."""
        if self._hub == "there":
            hall_now = self._link.link.hall_now()
            silent_since = hall_now - timedelta(seconds=SILENCE_S * self._link.link.hall_speed) if hall_now else None
            known = [moment for moment in (self._news_at, silent_since) if moment]
            self._as_of = max(known, default=None)
        away: HubState = "away" if self._board else "connecting"
        self._hub = _WHY.get(event.reason, away)

    def _hear(self, hall_now: datetime | None) -> None:
        """Announcements wait for the first beat: before it nobody knows which of them are still fresh."""
        if hall_now is None:
            return
        late = hall_now - timedelta(seconds=PATIENCE_S * self._link.link.hall_speed)
        for calls in self._unheard:
            self._announcements = announcing.heard(self._announcements, calls, late)
        self._unheard.clear()

    def _announced(self) -> list[announcing.Call]:
        return [*self._announcements.waiting, *(shown.call for shown in self._announcements.showing)]

    def _moment(self, now_s: float, hall_now: datetime | None) -> Moment:
        return Moment(
            hall_now=hall_now,
            hub=self._hub,
            as_of=self._as_of if self._hub != "there" else None,
            turn=int(now_s / PAGE_S),
            phase=int(now_s / FLASH_PHASE_S) % 2 if self._announcements.showing else 0,
        )

    def _acknowledge(self) -> None:
        """One frame at a time; an id is closed only when its frame was sent."""
        if self._sending and self._sending[1].done():
            ids, sent = self._sending
            self._sending = None
            if not sent.cancelled() and sent.exception() is None and sent.result():
                self._acknowledgements = announcing.told(self._acknowledgements, ids)
        open_ids = self._acknowledgements.open
        if open_ids and self._sending is None and self._hub == "there":
            self._sending = (open_ids, self._link.submit(self._link.link.send(Drawn(calls=list(open_ids)))))


def _png(surface: pygame.Surface) -> str:
    picture = io.BytesIO()
    pygame.image.save(surface, picture, "board.png")
    return base64.b64encode(picture.getvalue()).decode("ascii")
