"""The lines and tablet ports of this machine, each kept open once, however many counters have devices on it."""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable
from typing import Any, Protocol

from counter.lines import DriverName, Line, LinePlan
from devices.errors import BadFrame, DeviceError
from devices.keypad_box import key_box
from devices.keypad_box_frames import KeyTable
from devices.keypad_ff68 import Ff68Bus
from devices.keypad_ff68_frames import BAUD, Key
from devices.keypad_hid import hid_pad
from devices.ports import Port, PortState, tend
from devices.tablets import TabletServer
from hub.station_settings import CounterSettings

log = logging.getLogger("hall.counter")


class Session(Protocol):
    """An open line as its driver serves it; what a device lacks, it leaves undone."""

    async def run(self) -> None: ...

    async def show(self, address: int, *, waiting: int | None = None, number: str | int | None = None) -> None: ...

    async def beep(self, address: int) -> None: ...

    async def ask(self, address: int) -> None: ...

    async def stars(self, address: int, stars: int) -> None: ...


class Wire:
    """One port and its driver; `lines` are the counters' shares by address."""

    def __init__(
        self, url: str, driver: DriverName, *, table: KeyTable | None, holder: str, clock: Callable[[], float]
    ) -> None:
        self.url = url
        self.driver = driver
        self.lines: dict[int, Line] = {}
        self.session: Session | None = None
        self._table = table
        self._holder = holder
        self._clock = clock
        self._strangers: set[int] = set()

    async def run(self) -> None:
        """Until cancelled. Raises ValueError for a URL that names no port."""
        await tend(self.url, self._serve, on_state=self._port_is, baud=BAUD, holder=self._holder)

    async def write(self, say: Callable[[Session], Awaitable[None]]) -> None:
        """A lost port ends the session, which tells it."""
        if self.session:
            with contextlib.suppress(DeviceError):
                await say(self.session)

    async def _serve(self, port: Port) -> None:
        session = self._driver_on(port)
        self.session = session
        try:
            for line in self.lines.values():
                await line.opened()
            await session.run()
        finally:
            self.session = None

    def _driver_on(self, port: Port) -> Session:
        told: dict[str, Any] = {"on_key": self._key, "on_bad_frame": self._damaged, "clock": self._clock}
        if self.driver == "ff68":
            return Ff68Bus(port, on_evaluation=self._evaluation, **told)
        (line,) = self.lines.values()
        if self.driver == "hid":
            return hid_pad(port, evaluator=not line.plan.caller, on_evaluation=line.evaluation, **told)
        assert self._table is not None
        return key_box(port, self._table, on_evaluation=line.evaluation, **told)

    async def _key(self, key: Key) -> None:
        line = self._line_of(key.address)
        if line:
            await line.key(key)

    async def _evaluation(self, address: int, value: int) -> None:
        """The bus answers the evaluator when this returned; a cancelled press is left unanswered, the line goes on."""
        line = self._line_of(address)
        if line is None or not await line.evaluation(value):
            raise asyncio.CancelledError

    def _line_of(self, address: int) -> Line | None:
        """The line may carry devices of other programs; each is mentioned once. A device alone has no address."""
        if self.driver != "ff68":
            return next(iter(self.lines.values()))
        if address not in self.lines and address not in self._strangers:
            self._strangers.add(address)
            log.warning(
                "a device with another address is on the line and is not listened to",
                extra={"port": self.url, "address": address, "ours": sorted(self.lines)},
            )
        return self.lines.get(address)

    def _port_is(self, state: PortState, fault: DeviceError | None) -> None:
        for line in self.lines.values():
            line.port_is(fault)

    def _damaged(self, fault: BadFrame) -> None:
        facts = {"port": self.url, "bytes": fault.data.hex(" ")}
        log.warning("damaged frame from the keypad line: %s", fault.text, extra=facts)
        for line in self.lines.values():
            line.damaged(fault)


class Wires:
    """All wires of one program. `read_table` gives the key table of a box."""

    def __init__(self, *, holder: str, clock: Callable[[], float], read_table: Callable[[], KeyTable]) -> None:
        self._wires: dict[str, Wire] = {}
        self._tablets: dict[str, TabletServer] = {}
        self._holder = holder
        self._clock = clock
        self._read_table = read_table

    def line(self, plan: LinePlan, **callbacks: Any) -> Line:
        """`callbacks` as `Line` takes them. Raises ValueError when two devices cannot be told apart."""
        wire = self._wires.get(plan.url)
        if wire is None:
            table = self._read_table() if plan.driver == "box" else None
            wire = Wire(plan.url, plan.driver, table=table, holder=self._holder, clock=self._clock)
            self._wires[plan.url] = wire
        if wire.lines and (wire.driver != plan.driver or plan.driver != "ff68" or plan.address in wire.lines):
            raise ValueError(
                f"{plan.url} is set twice with the same address; only FF68 devices share a line, each counter with an"
                " address of its own ([counter] address or [[counter.seats]])"
            )
        line = Line(plan, wire, **callbacks)
        wire.lines[plan.address] = line
        return line

    def tablets(self, settings: CounterSettings) -> TabletServer:
        """The server at `[counter] tablet`. Raises ValueError for a URL that names none."""
        if settings.tablet not in self._tablets:
            self._tablets[settings.tablet] = TabletServer(
                settings.tablet, key=settings.tablet_key, allowed=settings.tablet_addresses
            )
        return self._tablets[settings.tablet]

    async def run(self) -> None:
        """Until cancelled. Raises ValueError for a URL that names no port."""
        tasks = [asyncio.create_task(wire.run()) for wire in self._wires.values()]
        tasks += [asyncio.create_task(server.run()) for server in self._tablets.values()]
        try:
            await asyncio.gather(*tasks)
            await asyncio.Event().wait()  # without a keypad there is nothing to do, which is no reason to end
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
