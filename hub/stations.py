"""The stations that are connected now: what they report, what they have drawn, what they are asked."""

import asyncio
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from hub.frames import text_frame
from hub.journal import Entry
from hub.problems import StationSilent, Unknown
from hub.store import Who
from hub.wire import DeviceReport, DeviceState, Drawn, Invite, Message, Screen, ShowScreen

#: A screen is asked for its picture; a busy one has this long to answer.
SCREEN_ANSWER_S = 3.0
DRAWN_KEPT = 50_000


@dataclass
class Station:
    """One connected station; `say` sends it a frame. Of two programs with one name the newer one is asked."""

    name: str
    who: Who
    say: Callable[[bytes], None]
    devices: list[DeviceState] = field(default_factory=list)

    def tell(self, frame: Message) -> None:
        self.say(text_frame(frame.json_text().encode()))


class Stations:
    """All of them, by name."""

    def __init__(self, *, invite_seconds: float, monotonic: Callable[[], float] = time.monotonic) -> None:
        self.drawn: dict[str, None] = {}
        self._stations: dict[str, Station] = {}
        self._screens: dict[str, asyncio.Future[Screen]] = {}
        self._invites: dict[str, tuple[Invite, float]] = {}
        self._invite_seconds = invite_seconds
        self._monotonic = monotonic

    def join(self, station: Station) -> None:
        self._stations[station.name] = station
        if station.who.role == "counter" and station.who.counter in self._invites:
            invite, asked_at = self._invites[station.who.counter]
            left = invite.seconds - (self._monotonic() - asked_at)
            if left > 0:
                station.tell(invite.model_copy(update={"seconds": left}))

    def leave(self, station: Station) -> None:
        if self._stations.get(station.name) is station:
            del self._stations[station.name]

    def all(self) -> list[Station]:
        return list(self._stations.values())

    def named(self, name: str) -> Station:
        """Raises Unknown."""
        if name not in self._stations:
            raise Unknown("station", name)
        return self._stations[name]

    def invite(self, entry: Entry) -> None:
        """Ask the citizen at the entry's counter; for the evaluators' real seconds, not hall time."""
        assert entry.counter is not None
        assert entry.visit is not None
        invite = Invite(
            visit=entry.visit, counter=entry.counter, number=entry.data["number"], seconds=self._invite_seconds
        )
        self._invites[entry.counter] = (invite, self._monotonic())
        for station in self.all():
            if station.who.role == "counter" and station.who.counter == entry.counter:
                station.tell(invite)

    def heard(self, station: Station, frame: Drawn | DeviceReport | Screen) -> None:
        """Take in what a station says."""
        if isinstance(frame, Drawn):
            self.drawn.update(dict.fromkeys(frame.calls))
            while len(self.drawn) > DRAWN_KEPT:
                del self.drawn[next(iter(self.drawn))]
        elif isinstance(frame, DeviceReport):
            station.devices = frame.devices
        else:
            waiting = self._screens.pop(frame.request, None)
            if waiting and not waiting.done():
                waiting.set_result(frame)

    async def screen(self, name: str, *, picture: bool) -> Screen:
        """What the station shows now. Raises Unknown, StationSilent."""
        station = self.named(name)
        request = secrets.token_hex(8)
        answer: asyncio.Future[Screen] = asyncio.get_running_loop().create_future()
        self._screens[request] = answer
        station.tell(ShowScreen(request=request, picture=picture))
        try:
            async with asyncio.timeout(SCREEN_ANSWER_S):
                return await answer
        except TimeoutError:
            raise StationSilent(name=name) from None
        finally:
            self._screens.pop(request, None)
