"""The FF68 driver against its twin, over pseudo-terminals and TCP."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest

from devices.errors import BadFrame, DeviceError, PortLost
from devices.keypad_ff68 import KEYS_WAITING, Ff68Bus
from devices.keypad_ff68_frames import Key, start_evaluation
from devices.ports import Port, open_port, tend
from devices.twins.bench import ff68_bench
from devices.twins.ff68 import Ff68Line


class Agent:
    """What a counter's agent does, reduced to notes; `disk` says how storing goes."""

    def __init__(self, port: Port) -> None:
        self.keys: list[Key] = []
        self.evaluations: list[tuple[int, int]] = []
        self.faults: list[BadFrame] = []
        self.heard = asyncio.Event()
        self.disk: Callable[[], Awaitable[None]] = self._write
        self.key_work: Callable[[], Awaitable[None]] = self._write
        self.bus = Ff68Bus(
            port,
            on_key=self._on_key,
            on_evaluation=self._on_evaluation,
            on_bad_frame=self._on_bad_frame,
            clock=time.monotonic,
        )

    async def _write(self) -> None:
        return

    async def _on_key(self, key: Key) -> None:
        self.keys.append(key)
        self.heard.set()
        await self.key_work()

    async def _on_evaluation(self, address: int, value: int) -> None:
        self.evaluations.append((address, value))
        self.heard.set()
        await self.disk()

    def _on_bad_frame(self, fault: BadFrame) -> None:
        self.faults.append(fault)
        self.heard.set()

    async def wait(self, true: Callable[[], bool]) -> None:
        async with asyncio.timeout(5):
            while not true():
                self.heard.clear()
                await self.heard.wait()


async def until(line: Ff68Line, true: Callable[[], bool]) -> None:
    async with asyncio.timeout(5):
        while not true():
            await line.watch.after(line.watch.version, 1)


@contextlib.asynccontextmanager
async def running(port: Port) -> AsyncIterator[Agent]:
    agent = Agent(port)
    task = asyncio.create_task(agent.bus.run())
    try:
        yield agent
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await port.close()


@pytest.fixture(params=["pty", "tcp"])
async def floor(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[tuple[Ff68Line, Agent]]:
    where: dict[str, object] = {"link": tmp_path} if request.param == "pty" else {"port": 0}
    async with ff68_bench(addresses=2, resend_s=0.02, **where) as bench:  # type: ignore[arg-type]
        port = await open_port(bench.urls[0])
        await port.write(b"\x00")
        async with running(port) as agent:
            await until(bench.lines[0], lambda: bool(bench.lines[0].ends))
            yield bench.lines[0], agent


async def test_a_key_is_echoed_and_handed_over(floor: tuple[Ff68Line, Agent]) -> None:
    line, agent = floor
    line.press(2, b"\x06\x0f")
    await agent.wait(lambda: len(agent.keys) == 1)
    assert agent.keys == [Key(2, "give_up", 0x0F, (6,))]
    await until(line, lambda: line.pads[2].answered == 1)
    assert list(agent.bus.last_heard) == [2]


async def test_a_key_is_echoed_while_the_one_before_it_is_still_worked_on(floor: tuple[Ff68Line, Agent]) -> None:
    line, agent = floor
    hub = asyncio.Event()

    async def slow() -> None:
        await hub.wait()

    agent.key_work = slow
    line.press(1, b"\x0c")
    await until(line, lambda: line.pads[1].answered == 1)
    line.press(1, b"\x0d")
    await until(line, lambda: line.pads[1].answered == 2)
    assert [key.name for key in agent.keys] == ["call_next"]
    hub.set()
    await agent.wait(lambda: len(agent.keys) == 2)


async def test_the_pad_shows_and_beeps(floor: tuple[Ff68Line, Agent]) -> None:
    line, agent = floor
    await agent.bus.show(1, waiting=12, number="A007")
    await agent.bus.beep(1)
    await until(line, lambda: line.pads[1].beeps == 1)
    assert (line.pads[1].waiting, line.pads[1].number) == ("012", "007")


async def test_an_evaluation_is_answered_only_when_it_is_on_the_disk(floor: tuple[Ff68Line, Agent]) -> None:
    line, agent = floor
    stored = asyncio.Event()

    async def disk() -> None:
        await stored.wait()

    agent.disk = disk
    await agent.bus.ask(1)
    await until(line, lambda: line.evaluators[1].asking)
    assert line.evaluate(1, 4)
    await agent.wait(lambda: agent.evaluations == [(1, 4)])
    line.press(1, b"\x0c")
    await until(line, lambda: line.pads[1].answered == 1)
    assert line.evaluators[1].unanswered == 1
    stored.set()
    await until(line, lambda: line.evaluators[1].unanswered == 0)


async def test_a_disk_that_fails_leaves_the_press_unanswered_and_is_told(tmp_path: Path) -> None:
    async with ff68_bench(link=tmp_path) as bench:
        port = await open_port(bench.urls[0])
        agent = Agent(port)

        async def full() -> None:
            raise OSError(28, "No space left on device")

        agent.disk = full
        task = asyncio.create_task(agent.bus.run())
        await agent.bus.ask(1)
        await until(bench.lines[0], lambda: bench.lines[0].evaluators[1].asking)
        bench.lines[0].evaluate(1, 0)
        with pytest.raises(OSError, match="No space left"):
            async with asyncio.timeout(5):
                await task
        await port.close()
        assert bench.lines[0].evaluators[1].unanswered == 1


async def test_a_press_repeated_by_the_device_is_reported_once(floor: tuple[Ff68Line, Agent]) -> None:
    line, agent = floor
    line.set_faults(on=["resend"])
    stored = asyncio.Event()

    async def disk() -> None:
        await stored.wait()

    agent.disk = disk
    await agent.bus.ask(1)
    await until(line, lambda: line.evaluators[1].asking)
    line.evaluate(1, 2)
    await until(line, lambda: line.evaluators[1].resent >= 3)
    stored.set()
    await until(line, lambda: line.evaluators[1].unanswered == 0)
    assert agent.evaluations == [(1, 2)]


async def test_the_same_value_for_the_next_citizen_is_a_new_evaluation(floor: tuple[Ff68Line, Agent]) -> None:
    line, agent = floor
    for round_ in (1, 2):
        await agent.bus.ask(1)
        await until(line, lambda: line.evaluators[1].asking)
        line.evaluate(1, 2)
        await until(line, lambda round_=round_: line.evaluators[1].answered == round_)  # type: ignore[misc]
    assert agent.evaluations == [(1, 2), (1, 2)]


async def test_the_clerks_evaluate_key_asks_the_citizen_by_its_echo(floor: tuple[Ff68Line, Agent]) -> None:
    line, agent = floor
    line.press(1, b"\x0b")
    await until(line, lambda: line.evaluators[1].asking)
    line.evaluate(1, 0)
    await until(line, lambda: line.evaluators[1].unanswered == 0)
    assert ([key.name for key in agent.keys], agent.evaluations) == (["evaluate"], [(1, 0)])


@pytest.mark.parametrize(
    ("fault", "text"), [("wrong-sum", "sum 0F instead of 0E"), ("half-frame", "half a frame"), ("garbage", "length 7")]
)
async def test_damage_on_the_line_is_told_and_the_next_key_still_works(
    floor: tuple[Ff68Line, Agent], fault: str, text: str
) -> None:
    line, agent = floor
    line.set_faults(on=[fault])
    line.press(1, b"\x0c")
    await agent.wait(lambda: bool(agent.faults))
    assert text in str(agent.faults[0])
    assert agent.faults[0].url
    line.set_faults(off=[fault])
    line.press(1, b"\x0d")
    await agent.wait(lambda: any(key.name == "recall" for key in agent.keys))


async def test_a_jammed_key_does_not_fill_the_memory(floor: tuple[Ff68Line, Agent]) -> None:
    line, agent = floor

    async def never() -> None:
        await asyncio.Event().wait()

    agent.key_work = never
    for _ in range(KEYS_WAITING + 5):
        line.press(1, b"\x0c")
    await agent.wait(lambda: bool(agent.faults))
    assert "dropped" in str(agent.faults[0])


async def test_a_pulled_plug_is_lost_and_found_again(tmp_path: Path) -> None:
    states: list[tuple[str, type[DeviceError] | None]] = []
    sessions: asyncio.Queue[Agent] = asyncio.Queue()

    async def session(port: Port) -> None:
        agent = Agent(port)
        sessions.put_nowait(agent)
        await agent.bus.run()

    def on_state(state: str, fault: DeviceError | None) -> None:
        states.append((state, type(fault) if fault else None))

    async with ff68_bench(link=tmp_path) as bench:
        (line,) = bench.lines
        tending = asyncio.create_task(tend(bench.urls[0], session, on_state=on_state, first_wait_s=0.01))
        async with asyncio.timeout(10):
            first = await sessions.get()
            line.press(1, b"\x0c")
            await first.wait(lambda: len(first.keys) == 1)
            line.set_faults(on=["unplugged"])
            line.set_faults(off=["unplugged"])
            second = await sessions.get()
            await second.bus.ask(1)
            await until(line, lambda: line.evaluators[1].asking)
        tending.cancel()
        await asyncio.gather(tending, return_exceptions=True)
    assert states[0] == ("fine", None)
    assert ("faulty", PortLost) in states


async def test_the_frame_on_the_line_is_the_published_one() -> None:
    port = await open_port("loop://")
    agent = Agent(port)
    await agent.bus.ask(3)
    assert await port.read() == bytes.fromhex("ff 68 03 03 68 03 01 0b 0f 16") == start_evaluation(3)
    await port.close()
