"""What hangs on this counter's lines: its share of a wire, and what is known of the devices' health."""

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from devices.errors import BadFrame, DeviceError, DeviceSilent
from devices.health import code_of
from devices.keypad_ff68_frames import Key
from devices.transports.opening import scheme_of
from hub.station_settings import CounterSettings
from hub.wire import DeviceState, Language

if TYPE_CHECKING:
    from counter.wires import Wire

log = logging.getLogger("hall.counter")

LineName = Literal["keypad", "caller", "evaluator"]
DriverName = Literal["ff68", "box", "hid"]

_DRIVERS: dict[str, DriverName] = {"ff68": "ff68", "box": "box", "hid": "hid"}
_DEVICE_NAMES: dict[DriverName, str] = {"ff68": "FF68", "box": "key box", "hid": "USB number pad"}

#: An open line on which nothing was heard yet. The protocol cannot ask a keypad whether it lives.
_NOT_HEARD: dict[Language, str] = {
    "zh": "线路已打开，尚未收到设备数据，状态未知",
    "en": "The line is open; nothing was heard from the device yet, its state is unknown",
}


@dataclass(frozen=True)
class LinePlan:
    """What hangs on the line: a caller 叫号器, an evaluator 评价器, or both."""

    name: LineName
    url: str
    caller: bool
    evaluator: bool
    driver: DriverName = "ff68"
    address: int = 1


def line_plans(settings: CounterSettings) -> list[LinePlan]:
    named: tuple[tuple[LineName, str], ...] = (
        ("keypad", settings.keypad),
        ("caller", settings.caller),
        ("evaluator", settings.evaluator),
    )
    return [_plan(name, told, settings.address) for name, told in named if told]


def _plan(name: LineName, told: str, address: int) -> LinePlan:
    """A number pad has one row of digits for one person: as `keypad` it is the clerk's."""
    driver, url = driver_and_port(told)
    evaluator = name == "evaluator" or (name == "keypad" and driver != "hid")
    return LinePlan(name, url, name != "evaluator", evaluator, driver, address)


def driver_and_port(told: str) -> tuple[DriverName, str]:
    """`box:/dev/ttyUSB0` → box; without a word before it, a port is an FF68 line."""
    word, colon, port = told.partition(":")
    if not colon or word not in _DRIVERS:
        return "ff68", told
    if word == "hid" and scheme_of(port) == "serial":
        return "hid", f"evdev://{port}"
    return _DRIVERS[word], port


class Line:
    """`on_evaluation` says whether to answer the evaluator; `on_open`: it can be written; `on_change`: `state` did."""

    def __init__(
        self,
        plan: LinePlan,
        wire: "Wire",
        *,
        language: Language,
        on_key: Callable[[Key], Awaitable[None]],
        on_evaluation: Callable[[int], Awaitable[bool]],
        on_open: Callable[["Line"], Awaitable[None]],
        on_change: Callable[[], None],
    ) -> None:
        self.plan = plan
        self.state = DeviceState(name=plan.name, device=_DEVICE_NAMES[plan.driver], state="silent", code="not_heard")
        self._wire = wire
        self._language = language
        self._on_key = on_key
        self._on_evaluation = on_evaluation
        self._on_open = on_open
        self._on_change = on_change

    @property
    def open(self) -> bool:
        return self._wire.session is not None

    # ---- to the devices; what is written to a closed line is dropped ----

    async def show(self, waiting: int | None, number: str | None) -> None:
        if self.plan.caller:
            await self._wire.write(lambda session: session.show(self.plan.address, waiting=waiting, number=number))

    async def beep(self) -> None:
        if self.plan.caller:
            await self._wire.write(lambda session: session.beep(self.plan.address))

    async def ask(self) -> None:
        if self.plan.evaluator:
            await self._wire.write(lambda session: session.ask(self.plan.address))

    async def stars(self, stars: int) -> None:
        if self.plan.evaluator:
            await self._wire.write(lambda session: session.stars(self.plan.address, stars))

    # ---- from the wire ----

    async def key(self, key: Key) -> None:
        self._known("fine")
        await self._on_key(key)

    async def evaluation(self, value: int) -> bool:
        self._known("fine")
        return await self._on_evaluation(value)

    async def opened(self) -> None:
        await self._on_open(self)

    def port_is(self, fault: DeviceError | None) -> None:
        """Open, or not; an open port says nothing of the device behind it."""
        if fault is None:
            log.info("line open", extra={"line": self.plan.name, "port": self.plan.url})
            self._known("silent", "not_heard", _NOT_HEARD[self._language])
            return
        silent = isinstance(fault, DeviceSilent)
        self._known("silent" if silent else "faulty", code_of(fault), fault.message(self._language))

    def damaged(self, fault: BadFrame) -> None:
        """Nobody can tell which device of the wire it came from."""
        self._known("degraded", code_of(fault), f"{fault.message(self._language)} {fault.text}")

    def _known(self, state: Literal["fine", "degraded", "faulty", "silent"], code: str = "", detail: str = "") -> None:
        known = self.state.model_copy(update={"state": state, "code": code, "detail": detail})
        if known != self.state:
            self.state = known
            self._on_change()
