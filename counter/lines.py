"""One serial line of this counter with its FF68 devices, kept open, and what is known of its health."""

import asyncio
import contextlib
import logging
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Literal

from devices.errors import BadFrame, DeviceError, DeviceSilent
from devices.keypad_ff68 import Ff68Bus
from devices.keypad_ff68_frames import BAUD, Key
from devices.ports import Port, PortState, tend
from hub.settings import CounterSettings
from hub.wire import DeviceState, Language

log = logging.getLogger("hall.counter")

LineName = Literal["keypad", "caller", "evaluator"]

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


def line_plans(settings: CounterSettings) -> list[LinePlan]:
    plans = (
        LinePlan("keypad", settings.keypad, caller=True, evaluator=True),
        LinePlan("caller", settings.caller, caller=True, evaluator=False),
        LinePlan("evaluator", settings.evaluator, caller=False, evaluator=True),
    )
    return [plan for plan in plans if plan.url]


class Line:
    """`on_evaluation` says whether to answer the evaluator; `on_open`: it can be written; `on_change`: `state` did."""

    def __init__(
        self,
        plan: LinePlan,
        *,
        address: int,
        language: Language,
        holder: str,
        clock: Callable[[], float],
        on_key: Callable[[Key], Awaitable[None]],
        on_evaluation: Callable[[int], Awaitable[bool]],
        on_open: Callable[["Line"], Awaitable[None]],
        on_change: Callable[[], None],
    ) -> None:
        self.plan = plan
        self.state = DeviceState(name=plan.name, device="FF68", state="silent", code="not_heard")
        self._address = address
        self._language = language
        self._holder = holder
        self._clock = clock
        self._on_key = on_key
        self._on_evaluation = on_evaluation
        self._on_open = on_open
        self._on_change = on_change
        self._bus: Ff68Bus | None = None
        self._strangers: set[int] = set()

    async def run(self) -> None:
        """Until cancelled. Raises ValueError for a URL that names no port."""
        await tend(self.plan.url, self._session, on_state=self._port_is, baud=BAUD, holder=self._holder)

    async def show(self, waiting: int | None, number: str | None) -> None:
        if self._bus and self.plan.caller:
            with contextlib.suppress(DeviceError):  # a lost port ends the session, which tells it
                await self._bus.show(self._address, waiting=waiting, number=number)

    async def beep(self) -> None:
        if self._bus and self.plan.caller:
            with contextlib.suppress(DeviceError):
                await self._bus.beep(self._address)

    async def ask(self) -> None:
        if self._bus and self.plan.evaluator:
            with contextlib.suppress(DeviceError):
                await self._bus.ask(self._address)

    async def _session(self, port: Port) -> None:
        bus = Ff68Bus(
            port,
            on_key=self._key,
            on_evaluation=self._evaluation,
            on_bad_frame=self._bad_frame,
            clock=self._clock,
        )
        self._bus = bus
        try:
            await self._on_open(self)
            await bus.run()
        finally:
            self._bus = None

    async def _key(self, key: Key) -> None:
        if self._is_ours(key.address):
            self._known("fine")
            await self._on_key(key)

    async def _evaluation(self, address: int, value: int) -> None:
        """The bus answers the evaluator when this returned; a cancelled press is left unanswered, the line goes on."""
        if not self._is_ours(address):
            raise asyncio.CancelledError
        self._known("fine")
        if not await self._on_evaluation(value):
            raise asyncio.CancelledError

    def _is_ours(self, address: int) -> bool:
        """The line may carry devices of other counters; each is mentioned once."""
        if address != self._address and address not in self._strangers:
            self._strangers.add(address)
            log.warning(
                "a device with another address is on the line and is not listened to",
                extra={"line": self.plan.name, "address": address, "ours": self._address},
            )
        return address == self._address

    def _port_is(self, state: PortState, fault: DeviceError | None) -> None:
        if fault is None:
            log.info("line open", extra={"line": self.plan.name, "port": self.plan.url})
            self._known("silent", "not_heard", _NOT_HEARD[self._language])
            return
        silent = isinstance(fault, DeviceSilent)
        self._known("silent" if silent else "faulty", _code_of(fault), fault.message(self._language))

    def _bad_frame(self, fault: BadFrame) -> None:
        log.warning(
            "damaged frame from the keypad line: %s",
            fault.text,
            extra={"line": self.plan.name, "port": self.plan.url, "bytes": fault.data.hex(" ")},
        )
        self._known("degraded", _code_of(fault), f"{fault.message(self._language)} {fault.text}")

    def _known(self, state: Literal["fine", "degraded", "faulty", "silent"], code: str = "", detail: str = "") -> None:
        known = self.state.model_copy(update={"state": state, "code": code, "detail": detail})
        if known != self.state:
            self.state = known
            self._on_change()


def _code_of(fault: DeviceError) -> str:
    """`PortMissing` → `port_missing`."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", type(fault).__name__).lower()
