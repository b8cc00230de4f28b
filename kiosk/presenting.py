"""The machine's ID-card reader and scanner: what they read becomes events, how they are is told to the hub.

Runs on the link's event loop. What was read is personal: it goes into an event and nowhere else.
"""

import asyncio
import time
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Literal

from devices.errors import CardUnreadable, DeviceError, PortMissing
from devices.health import Condition, Health
from devices.idcard_sam import IdCardReader
from devices.idcard_sam_frames import IdCard
from devices.ports import Port, PortState, tend
from devices.scanner import Scanner
from devices.scanner_frames import Parser
from devices.scanner_hid_frames import HidParser
from hub.station_settings import KioskSettings
from hub.wire import DeviceState, Language
from kiosk.presented import CardRead, CardUnread, ReaderSeen, Scanned
from kiosk.state import Event

Session = Callable[[Port], Coroutine[Any, Any, None]]
Tell = Callable[[Event], None]
DeviceName = Literal["id_reader", "scanner"]


@dataclass
class Presented:
    """One of the two devices, looked after for ever."""

    name: DeviceName
    url: str
    baud: int
    tell: Tell
    open: bool = False
    health: Health = field(init=False)
    session: Session = field(init=False)
    _task: "asyncio.Task[None] | None" = field(default=None, init=False)

    def __post_init__(self) -> None:
        self.health = Health(lambda condition: self._seen())

    async def run(self, holder: str) -> None:
        """Until `stop`; an address that is none is told like a device that is not there."""
        self._task = asyncio.current_task()
        try:
            await tend(self.url, self.session, on_state=self._on_port, baud=self.baud, holder=holder, private=True)
        except ValueError as error:
            self.health.faulty(PortMissing(str(error), url=self.url))

    async def stop(self) -> None:
        """Returns when the port is given back."""
        if self._task:
            self._task.cancel()
            await asyncio.wait([self._task])

    def state(self, language: Language) -> DeviceState:
        """For the duty leader, in the hall's language."""
        now = self.health.now
        return DeviceState(
            name=self.name, device=self.url, state=now.state, code=now.code, detail=_sentence(now, language)
        )

    def _on_port(self, state: PortState, fault: DeviceError | None) -> None:
        self.open = state == "fine"
        self.health.port(state, fault)
        self._seen()

    def _seen(self) -> None:
        """A scanner says nothing of itself: its open port must do. A reader answers or is of no use."""
        answers = self.health.now.state in ("fine", "degraded")
        self.tell(ReaderSeen(self.name, self.open if self.name == "scanner" else answers))


def _sentence(now: Condition, language: Language) -> str:
    return now.fault.message(language) if now.fault else now.detail


def presented_by(kiosk: KioskSettings, tell: Tell, fresh_key: Callable[[], str]) -> list[Presented]:
    """The devices that are set up."""
    found = []
    if kiosk.id_reader:
        found.append(_id_reader(Presented("id_reader", kiosk.id_reader, kiosk.id_reader_baud, tell), fresh_key))
    if kiosk.scanner:
        found.append(_scanner(Presented("scanner", kiosk.scanner, kiosk.scanner_baud, tell), kiosk))
    return found


def _id_reader(device: Presented, fresh_key: Callable[[], str]) -> Presented:
    def on_card(card: IdCard) -> None:
        device.tell(CardRead(card.number, fresh_key()))

    def on_trouble(fault: CardUnreadable) -> None:
        device.tell(CardUnread())

    reader = IdCardReader(on_card=on_card, on_trouble=on_trouble, health=device.health, clock=time.monotonic)
    device.session = reader.session
    return device


def _scanner(device: Presented, kiosk: KioskSettings) -> Presented:
    def on_code(text: str) -> None:
        device.tell(Scanned(text))

    serial = partial(
        Parser, ending=kiosk.scanner_ending, prefix=kiosk.scanner_prefix.encode(), encoding=kiosk.scanner_encoding
    )
    parser = HidParser if device.url.startswith("evdev:") else serial
    device.session = Scanner(on_code=on_code, health=device.health, clock=time.monotonic, parser=parser).session
    return device
