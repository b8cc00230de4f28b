"""Keypads against their twins, over pseudo-terminals and TCP: pressed once is heard once, whoever pulls the plug."""

import asyncio
import contextlib
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import serial
from serial.rfc2217 import PortManager

from devices.errors import BadFrame, DeviceError
from devices.keypad_box import key_box, read_table
from devices.keypad_ff68 import Ff68Bus
from devices.keypad_ff68_frames import Key
from devices.keypad_hid import hid_pad
from devices.ports import Port, tend
from devices.trials.trial import Trial, trial_of
from devices.twins.bench import ff68_bench, twin_bench
from devices.twins.faults import COMMON
from devices.twins.ff68 import Ff68Line

pytestmark = [
    pytest.mark.sqlite,
    pytest.mark.skipif(sys.platform == "win32", reason="pseudo-terminals are needed"),
]

RECOVERED_S = 3.0


@dataclass
class Heard:
    """What a program on the line was told, in order; `press` presses the n-th of many keys, told apart by digits."""

    press: Callable[[int], object]
    plug: Callable[[bool], None]
    keys: list[int] = field(default_factory=list)
    evaluations: list[int] = field(default_factory=list)
    faults: list[BadFrame] = field(default_factory=list)
    open: asyncio.Event = field(default_factory=asyncio.Event)
    news: asyncio.Event = field(default_factory=asyncio.Event)
    twin: Any = None

    async def on_key(self, key: Key) -> None:
        self.keys.append(int("".join(map(str, key.digits)) or 0))
        self.news.set()

    async def on_evaluation(self, value: int) -> bool:
        self.evaluations.append(value)
        self.news.set()
        return True

    def on_bad_frame(self, fault: BadFrame) -> None:
        self.faults.append(fault)
        self.news.set()

    async def until(self, holds: Callable[[], bool], within_s: float = 5.0) -> None:
        async with asyncio.timeout(within_s):
            while not holds():
                self.news.clear()
                await self.news.wait()


Driver = Callable[[Port, Heard], Awaitable[None]]


async def ff68(port: Port, heard: Heard) -> None:
    async def on_evaluation(address: int, value: int) -> None:
        await heard.on_evaluation(value)

    await Ff68Bus(port, on_key=heard.on_key, on_evaluation=on_evaluation, clock=time.monotonic).run()


async def box(port: Port, heard: Heard) -> None:
    told = {"on_evaluation": heard.on_evaluation, "on_bad_frame": heard.on_bad_frame, "clock": time.monotonic}
    pad = key_box(port, read_table("letters"), on_key=heard.on_key, **told)
    await pad.ask()
    await pad.run()


async def hid(port: Port, heard: Heard) -> None:
    told: dict[str, Any] = {"on_evaluation": heard.on_evaluation, "on_bad_frame": heard.on_bad_frame}
    await hid_pad(port, on_key=heard.on_key, clock=time.monotonic, **told).run()


@contextlib.asynccontextmanager
async def kept_open(url: str, driver: Driver, heard: Heard) -> AsyncIterator[None]:
    async def session(port: Port) -> None:
        heard.open.set()
        try:
            await driver(port, heard)
        finally:
            heard.open.clear()

    def on_state(state: str, fault: DeviceError | None) -> None:
        heard.news.set()

    tending = asyncio.create_task(tend(url, session, on_state=on_state))
    try:
        async with asyncio.timeout(5):
            await heard.open.wait()
        yield
    finally:
        tending.cancel()
        await asyncio.gather(tending, return_exceptions=True)


def switch(twin: Any) -> Callable[[bool], None]:
    return lambda plugged: twin.set_faults(off=["unplugged"]) if plugged else twin.set_faults(on=["unplugged"])


class Wire2217:
    """A serial device server in front of a twin: pyserial's own RFC 2217 server side, with no UART behind it."""

    def __init__(self, line: Any) -> None:
        self._line = line
        self._writers: set[asyncio.StreamWriter] = set()

    async def open(self) -> str:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        return f"rfc2217://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.add(writer)
        uart: Any = serial.serial_for_url("loop://")
        connection: Any = writer
        manager = PortManager(uart, connection)
        end = self._line.attach(lambda data: writer.write(b"".join(manager.escape(data))))
        while data := await reader.read(4096):
            end.receive(b"".join(manager.filter(data)))
        end.unplug()
        writer.close()
        self._writers.discard(writer)

    def cut(self) -> None:
        for writer in self._writers:
            writer.write_eof()

    async def close(self) -> None:
        self.cut()
        self._server.close()
        await self._server.wait_closed()


@pytest.mark.filterwarnings("ignore:.*setDaemon.*:DeprecationWarning", "ignore:.*setName.*:DeprecationWarning")
async def test_a_serial_server_that_drops_the_line_amid_presses_costs_none_and_doubles_none() -> None:
    line = Ff68Line(later=asyncio.get_running_loop().call_later)
    wire = Wire2217(line)
    url = await wire.open()
    heard = Heard(lambda n: line.press(1, bytes((n // 10, n % 10, 0x0C))), lambda plugged: None)
    async with kept_open(url, ff68, heard):
        for round_ in (1, 2):
            async with asyncio.timeout(RECOVERED_S):
                await heard.open.wait()
            for at in range(5):
                heard.press(round_ * 10 + at)
            await heard.until(lambda round_=round_: len(heard.keys) == round_ * 5)  # type: ignore[misc]
            wire.cut()
            await heard.until(lambda: not heard.open.is_set())
    await wire.close()
    assert heard.keys == [10, 11, 12, 13, 14, 20, 21, 22, 23, 24]


@contextlib.asynccontextmanager
async def a_keypad(kind: str, wire: str, folder: Path) -> AsyncIterator[Heard]:
    if kind == "ff68":
        where: dict[str, Any] = {"link": folder} if wire == "pty" else {"port": 0}
        async with ff68_bench(**where) as lines:
            line = lines.lines[0]
            heard = Heard(lambda n: line.press(1, bytes((n // 10, n % 10, 0x0C))), switch(line), twin=line)
            async with kept_open(lines.urls[0], ff68, heard):
                yield heard
        return
    pty = folder / kind if wire == "pty" else None
    async with twin_bench(kind, port=None if pty else 0, pty=pty) as bench:
        end = "N" if kind == "box" else "\n"
        heard = Heard(lambda n: bench.twin.act({"keys": f"{n:02}{end}"}), switch(bench.twin), twin=bench.twin)
        url = bench.urls[0]
        async with kept_open(f"evdev://{url}" if (kind, wire) == ("hid", "pty") else url, _DRIVERS[kind], heard):
            yield heard


_DRIVERS: dict[str, Driver] = {"box": box, "hid": hid}


@pytest.mark.parametrize("wire", ["pty", "tcp"])
@pytest.mark.parametrize("kind", ["ff68", "box", "hid"])
async def test_a_plug_pulled_amid_presses_costs_none_and_doubles_none(kind: str, wire: str, tmp_path: Path) -> None:
    """What is pressed while the plug is out is pressed into nothing; every other press arrives once."""
    async with a_keypad(kind, wire, tmp_path) as heard:
        wanted: list[int] = []
        for round_ in range(2):
            for at in range(round_ * 10 + 10, round_ * 10 + 15):
                heard.press(at)
                wanted.append(at)
            await heard.until(lambda: len(heard.keys) >= len(wanted))
            heard.plug(False)
            heard.press(99)
            heard.plug(True)
            started = time.monotonic()
            await heard.until(lambda: not heard.open.is_set())
            async with asyncio.timeout(RECOVERED_S):
                await heard.open.wait()
            assert time.monotonic() - started < RECOVERED_S
            heard.press(50 + round_)
            wanted.append(50 + round_)
            await heard.until(lambda: len(heard.keys) >= len(wanted))
        assert heard.keys == wanted


@pytest.mark.parametrize("kind", ["box", "hid"])
@pytest.mark.parametrize("fault", [name for name in COMMON if name not in ("slow", "unplugged", "wrong-sum")])
async def test_the_next_key_works_after_each_fault(kind: str, fault: str, tmp_path: Path) -> None:
    async with a_keypad(kind, "tcp", tmp_path) as heard:
        heard.twin.set_faults(on=[fault])
        heard.press(11)
        if fault != "mute":
            await heard.until(lambda: bool(heard.faults or heard.keys))
        heard.twin.set_faults(off=[fault])
        heard.keys.clear()
        heard.press(12)
        await heard.until(lambda: 12 in heard.keys or 112 in heard.keys)


async def test_a_box_answers_asks_and_beeps_as_its_table_says(tmp_path: Path) -> None:
    async with a_keypad("box", "tcp", tmp_path) as heard:
        async with asyncio.timeout(5):
            while not heard.twin.asking:
                await heard.twin.watch.after(heard.twin.watch.version, 1)
        assert heard.twin.evaluate(3)
        assert not heard.twin.evaluate(3)
        await heard.until(lambda: heard.evaluations == [3])
        async with asyncio.timeout(5):
            while not heard.twin.answered:
                await heard.twin.watch.after(heard.twin.watch.version, 1)
        assert heard.twin.state()["pressed_by_value"] == {3: 1}


async def test_a_key_that_is_held_down_is_one_press(tmp_path: Path) -> None:
    async with a_keypad("hid", "pty", tmp_path) as heard:
        heard.twin.set_faults(on=["held"])
        heard.press(17)
        await heard.until(lambda: heard.keys == [17])


async def test_a_technician_sees_the_keys_of_an_input_device(tmp_path: Path) -> None:
    said: list[str] = []
    async with twin_bench("hid", port=None, pty=tmp_path / "event3") as bench:

        def say(line: str) -> None:
            said.append(line)
            if len(said) == 1:
                bench.twin.act({"keys": "17\n"})

        await trial_of("hid")(Trial(bench.urls[0], "en", say, seconds=0.5))
    assert said[1:] == ["address 1 key call_next (1 7)"]
