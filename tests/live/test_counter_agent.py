"""The keypad agent with a real hub, a real pseudo-terminal and the FF68 twin on it."""

import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import serial

from counter.agent import Agent, WrongCounter
from counter.outbox import Outbox, OutboxError
from devices.twins.bench import ff68_bench
from devices.twins.ff68 import Ff68Line, bus_frame
from hub.settings import Settings
from hub.wire import Evaluate
from tests.unit.counter.halls import PATIENCE_S, Hall, a_hall, station, until, until_answer

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="pseudo-terminals are needed")

CALL, EVALUATE, RECALL = b"\x0c", b"\x0b", b"\x0d"
GIVE_UP, PAUSE = b"\x06\x0f", b"\x12"


@dataclass
class Desk:
    """Counter 1: its hub, its keypad line, and its program, which can be stopped and started."""

    hall: Hall
    line: Ff68Line
    port: str
    outbox_path: Path
    settings: Settings
    stop: asyncio.Event = field(default_factory=asyncio.Event)
    running: asyncio.Task[int] | None = None

    def start(self, outbox: Outbox | None = None) -> Agent:
        self.outbox = outbox or Outbox(self.outbox_path)
        self.stop = asyncio.Event()
        self.agent = Agent(self.settings, self.outbox)
        self.running = asyncio.create_task(self.agent.run(self.stop))
        return self.agent

    async def connected(self) -> None:
        await until(lambda: self.agent.link.connected and self.agent._levels and self.agent.lines[0]._bus)

    async def end(self) -> int:
        self.stop.set()
        assert self.running is not None
        left = await asyncio.wait_for(self.running, PATIENCE_S)
        self.running = None
        self.outbox.close()
        return left

    def press(self, keys: bytes) -> None:
        self.line.press(1, keys)

    @property
    def pad(self) -> Any:
        return self.line.pads[1]

    @property
    def evaluator(self) -> Any:
        return self.line.evaluators[1]

    async def shows(self, number: str) -> None:
        await until(lambda: self.pad.number == number)

    async def serve_until_asked(self) -> str:
        """One citizen is called and finished; their number. The evaluator asks now."""
        number = await self.hall.take_ticket()
        self.press(CALL)
        await self.shows(number[-3:])
        before = self.evaluator.invitations
        self.press(EVALUATE)
        await until(lambda: self.agent._asking.invitation and self.agent._asking.invitation.number == number)
        await until(lambda: self.evaluator.invitations >= before + 2)  # by the echo, and by the hub's invitation
        return number


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    async with a_hall(tmp_path) as hall, ff68_bench(link=tmp_path / "ports", resend_s=0.2) as bench:
        await hall.open()
        outbox = tmp_path / "counter-1.outbox"
        desk = Desk(hall, bench.lines[0], bench.urls[0], outbox, station(hall, bench.urls[0], outbox, debounce_ms=300))
        yield desk
        if desk.running:
            await desk.end()


async def test_0c_calls_the_next_and_the_pad_shows_number_and_waiting(desk: Desk) -> None:
    first, _, _ = [await desk.hall.take_ticket() for _ in range(3)]
    desk.start()
    await desk.connected()
    await until(lambda: desk.pad.waiting == "003")
    desk.press(CALL)
    await desk.shows(first[-3:])
    await until(lambda: desk.pad.waiting == "002")
    assert (await desk.hall.counter())["number"] == first
    assert desk.pad.answered == 1


async def test_0c_again_finishes_the_visit_and_calls_the_next(desk: Desk) -> None:
    first, second = [await desk.hall.take_ticket() for _ in range(2)]
    desk.start()
    await desk.connected()
    desk.press(CALL)
    await desk.shows(first[-3:])
    await until(lambda: desk.agent._clock() - desk.agent._pad.last.at > 0.3)  # type: ignore[union-attr]
    desk.press(CALL)
    await desk.shows(second[-3:])
    await until(lambda: desk.agent._asking.invitation and desk.agent._asking.invitation.number == first)


async def test_pressed_twice_0c_does_not_skip_a_citizen(desk: Desk) -> None:
    first, _ = [await desk.hall.take_ticket() for _ in range(2)]
    desk.start()
    await desk.connected()
    desk.press(CALL)
    desk.press(CALL)
    await until(lambda: desk.pad.answered == 2 or desk.pad.number == first[-3:])
    await desk.shows(first[-3:])
    await until(lambda: desk.pad.waiting == "001")
    assert (await desk.hall.counter())["number"] == first
    assert desk.pad.beeps == 0


async def test_0d_recalls(desk: Desk) -> None:
    number = await desk.hall.take_ticket()
    desk.start()
    await desk.connected()
    desk.press(CALL)
    await desk.shows(number[-3:])
    desk.press(RECALL)

    def times(answer: dict[str, Any]) -> bool:
        newest = answer["board"]["calls"][0]
        return (newest["number"], newest["times"]) == (number, 2)

    await until_answer(lambda: desk.hall.ask("GET", "/board", "manager"), times)


async def test_06_0f_is_a_no_show(desk: Desk) -> None:
    number = await desk.hall.take_ticket()
    desk.start()
    await desk.connected()
    desk.press(CALL)
    await desk.shows(number[-3:])
    desk.press(GIVE_UP)
    await desk.shows("   ")
    board = (await desk.hall.ask("GET", "/board", "manager"))["board"]
    assert board["missed"][0]["number"] == number


@pytest.mark.parametrize(("value", "level"), [(0, "very_satisfied"), (4, "very_dissatisfied")])
async def test_0b_asks_and_one_press_is_stored_with_the_visit(desk: Desk, value: int, level: str) -> None:
    desk.start()
    await desk.connected()
    number = await desk.serve_until_asked()
    assert desk.line.evaluate(1, value)
    await until(lambda: desk.hall.evaluations() == [(number, level)])
    await until(lambda: desk.evaluator.answered == 1)
    await until(lambda: not desk.outbox.waiting())


async def test_a_citizen_quicker_than_the_hub_is_counted_and_not_asked_twice(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.start()
    await desk.connected()
    number = await desk.hall.take_ticket()
    desk.press(CALL)
    await desk.shows(number[-3:])
    hub_may_answer = asyncio.Event()
    post = desk.agent.link.post

    async def slowly(path: str, *rest: Any, **options: Any) -> dict[str, Any]:
        if path.endswith("/finish"):
            await hub_may_answer.wait()
        return await post(path, *rest, **options)

    monkeypatch.setattr(desk.agent.link, "post", slowly)
    desk.press(EVALUATE)
    await until(lambda: desk.evaluator.asking)
    assert desk.line.evaluate(1, 2)
    await until(lambda: desk.agent._early)
    hub_may_answer.set()
    await until(lambda: desk.hall.evaluations() == [(number, "basically_satisfied")])
    await until(lambda: desk.evaluator.answered == 1)
    assert (desk.evaluator.invitations, desk.evaluator.pressed) == (1, 1)


@pytest.mark.parametrize("keys", [PAUSE, RECALL, GIVE_UP], ids=["later", "nobody-here", "nobody-to-give-up"])
async def test_what_cannot_be_done_beeps(desk: Desk, keys: bytes) -> None:
    desk.start()
    await desk.connected()
    desk.press(keys)
    await until(lambda: desk.pad.beeps == 1)
    assert (await desk.hall.counter())["state"] == "open"


async def test_a_closed_counter_calls_nobody(desk: Desk) -> None:
    await desk.hall.ask("POST", "/counters/1/close", "counter-1")
    await desk.hall.take_ticket()
    desk.start()
    await desk.connected()
    desk.press(CALL)
    await until(lambda: desk.pad.beeps == 1)
    assert (await desk.hall.counter())["state"] == "closed"


async def test_without_a_hub_caller_keys_are_refused_and_nothing_is_called_later(desk: Desk) -> None:
    await desk.hall.take_ticket()
    desk.start()
    await desk.connected()
    await desk.hall.down()
    await until(lambda: not desk.agent.link.connected)
    desk.press(CALL)
    await until(lambda: desk.pad.beeps == 1)
    assert desk.pad.waiting == "   "
    await desk.hall.up()
    await until(lambda: desk.agent.link.connected and desk.pad.waiting == "001")
    assert "number" not in await desk.hall.counter()


async def test_a_press_survives_a_missing_hub_and_a_restarted_agent(desk: Desk) -> None:
    desk.start()
    await desk.connected()
    number = await desk.serve_until_asked()
    await desk.hall.down()
    await until(lambda: not desk.agent.link.connected)
    assert desk.line.evaluate(1, 1)
    await until(lambda: desk.evaluator.answered == 1)
    assert await desk.end() == 1
    assert desk.hall.evaluations() == []

    desk.start()  # still without a hub
    await until(lambda: desk.agent.lines[0]._bus)
    await desk.hall.up()
    await until(lambda: desk.hall.evaluations() == [(number, "satisfied")])
    await until(lambda: not desk.outbox.waiting())
    assert await desk.end() == 0
    assert desk.hall.evaluations() == [(number, "satisfied")]


async def test_a_citizen_who_has_pressed_is_not_asked_again_after_a_restart(desk: Desk) -> None:
    desk.start()
    await desk.connected()
    number = await desk.serve_until_asked()
    assert desk.line.evaluate(1, 1)
    await until(lambda: desk.hall.evaluations() == [(number, "satisfied")])
    await desk.end()
    asked = desk.evaluator.invitations
    desk.start()
    await desk.connected()
    await desk.hall.take_ticket()
    await until(lambda: desk.pad.waiting == "001")  # a frame that came after the repeated invitation
    assert desk.evaluator.invitations == asked


async def test_a_full_disk_is_not_acknowledged_and_is_told(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.line.set_faults(on=["resend"])
    desk.start()
    await desk.connected()
    number = await desk.serve_until_asked()

    def full(press: Evaluate) -> bool:
        raise OutboxError("outbox x: the disk is full; free some space")

    with monkeypatch.context() as patch:
        patch.setattr(desk.outbox, "put", full)
        assert desk.line.evaluate(1, 2)
        await until(lambda: desk.hall.devices().get("outbox") == ("faulty", "outbox_failed"))
        assert desk.evaluator.answered == 0
    await until(lambda: desk.hall.evaluations() == [(number, "basically_satisfied")])  # the device sends again
    await until(lambda: desk.evaluator.answered == 1 and "outbox" not in desk.hall.devices())


async def test_a_press_nobody_was_asked_for_is_neither_stored_nor_answered(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[tuple[int, int, bytes]] = []
    hear = desk.line.hear

    def overhear(*frame: Any) -> None:
        heard.append(frame)
        hear(*frame)

    monkeypatch.setattr(desk.line, "hear", overhear)
    desk.start()
    await desk.connected()
    desk.line._send(bus_frame(1, 0x11, b"\x00"))
    await until(lambda: desk.hall.devices().get("keypad") == ("fine", ""))  # it was heard
    number = await desk.serve_until_asked()
    assert (1, 0x01, b"\x00") not in heard
    assert desk.line.evaluate(1, 3)
    await until(lambda: desk.hall.evaluations() == [(number, "dissatisfied")])
    await until(lambda: (1, 0x01, b"\x03") in heard)


@pytest.mark.parametrize("fault", ["wrong-sum", "half-frame", "garbage"])
async def test_damaged_frames_are_reported_and_the_next_sound_one_is_read(desk: Desk, fault: str) -> None:
    number = await desk.hall.take_ticket()
    desk.start()
    await desk.connected()
    desk.line.set_faults(on=[fault])
    desk.press(RECALL)
    await until(lambda: desk.hall.devices().get("keypad", ("", ""))[1] == "bad_frame" or desk.pad.beeps)
    desk.line.set_faults(off=[fault])
    desk.press(CALL)
    await desk.shows(number[-3:])
    await until(lambda: desk.hall.devices().get("keypad") == ("fine", ""))


async def test_nothing_heard_yet_is_unknown_and_never_fine(desk: Desk) -> None:
    desk.start()
    await desk.connected()
    await until(lambda: desk.hall.devices().get("keypad") == ("silent", "not_heard"))


async def test_an_unplugged_keypad_is_told_and_comes_back_by_itself(desk: Desk) -> None:
    number = await desk.hall.take_ticket()
    desk.start()
    await desk.connected()
    desk.line.set_faults(on=["unplugged"])
    await until(lambda: desk.hall.devices().get("keypad", ("", ""))[0] == "faulty")
    desk.line.set_faults(off=["unplugged"])
    await until(lambda: desk.agent.lines[0]._bus)
    await until(lambda: desk.pad.waiting == "001")
    desk.press(CALL)
    await desk.shows(number[-3:])


async def test_a_missing_port_is_told_and_found_when_it_appears(desk: Desk) -> None:
    desk.line.set_faults(on=["unplugged"])
    desk.start()
    await until(lambda: desk.hall.devices().get("keypad") == ("faulty", "port_missing"))
    desk.line.set_faults(off=["unplugged"])
    await until(lambda: desk.hall.devices().get("keypad") == ("silent", "not_heard"))


async def test_a_busy_port_is_told_and_taken_when_it_is_free(desk: Desk) -> None:
    holder = serial.Serial(desk.port, exclusive=True)
    desk.start()
    await until(lambda: desk.hall.devices().get("keypad") == ("faulty", "port_busy"))
    holder.close()
    await until(lambda: desk.hall.devices().get("keypad") == ("silent", "not_heard"))


async def test_a_device_of_another_counter_on_the_line_is_not_listened_to(desk: Desk) -> None:
    number = await desk.hall.take_ticket()
    desk.start()
    await desk.connected()
    desk.line._send(bus_frame(7, 0x01, CALL))
    desk.line._send(bus_frame(7, 0x11, b"\x00"))
    desk.press(PAUSE)
    await until(lambda: desk.pad.beeps == 1)  # all three were read
    assert "number" not in await desk.hall.counter()
    assert desk.agent.lines[0]._strangers == {7}
    assert number


async def test_a_token_of_another_counter_is_an_error_in_words(desk: Desk) -> None:
    counter = desk.settings.counter.model_copy(update={"counter": "2"})
    desk.settings = desk.settings.model_copy(update={"counter": counter})
    desk.start()
    assert desk.running is not None
    with pytest.raises(WrongCounter, match=r"is for counter 1, but the settings say counter 2"):
        await asyncio.wait_for(desk.running, PATIENCE_S)
    desk.running = None
    desk.outbox.close()


async def test_a_keypad_that_is_no_port_is_an_error_in_words(desk: Desk) -> None:
    counter = desk.settings.counter.model_copy(update={"keypad": "keypad3"})
    desk.settings = desk.settings.model_copy(update={"counter": counter})
    desk.start()
    assert desk.running is not None
    with pytest.raises(ValueError, match="'keypad3' is no port"):
        await asyncio.wait_for(desk.running, PATIENCE_S)
    desk.running = None
    desk.outbox.close()


@contextlib.asynccontextmanager
async def a_process(desk: Desk, *options: str) -> AsyncIterator[asyncio.subprocess.Process]:
    environment = os.environ | {"HALL_STATION__TOKEN": "counter-1"}
    program = "import sys; from hub.__main__ import main; sys.argv[0] = 'hall'; main()"
    arguments = ["counter", "--hub", desk.hall.url, "--counter", "1", "--keypad", desk.port, *options]
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", program, *arguments, env=environment, stderr=asyncio.subprocess.PIPE
    )
    try:
        yield process
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.communicate()


async def _ended(process: asyncio.subprocess.Process) -> tuple[int | None, str]:
    _, said = await asyncio.wait_for(process.communicate(), PATIENCE_S)
    return process.returncode, said.decode()


def _connected(desk: Desk) -> Callable[[], Any]:
    return lambda: desk.hall.devices().get("keypad") and desk.pad.waiting != "   "


async def test_hall_counter_ends_with_0_on_sigterm(desk: Desk) -> None:
    number = await desk.hall.take_ticket()
    async with a_process(desk, "--outbox", str(desk.outbox_path)) as process:
        await until(_connected(desk))
        desk.press(CALL)
        await desk.shows(number[-3:])
        process.send_signal(signal.SIGTERM)
        status, said = await _ended(process)
    assert status == 0, said
    assert "counter-1" not in said.replace("station='counter-1'", "")  # no token in the log


async def test_hall_counter_says_in_a_sentence_why_it_cannot_keep_evaluations(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("not a database " * 100, encoding="utf-8")
    async with a_process(desk, "--outbox", str(path)) as process:
        status, said = await _ended(process)
    assert status == 1
    assert "move the file away" in said
    assert "Traceback" not in said


async def test_a_killed_agent_loses_no_press(desk: Desk) -> None:
    async with a_process(desk, "--outbox", str(desk.outbox_path)) as process:
        await until(_connected(desk))
        number = await desk.hall.take_ticket()
        desk.press(CALL)
        await desk.shows(number[-3:])
        desk.press(EVALUATE)
        await until(lambda: desk.evaluator.invitations >= 2)
        await desk.hall.down()
        desk.line.evaluate(1, 0)
        await until(lambda: desk.evaluator.answered == 1)
        process.kill()
        await process.wait()
    await desk.hall.up()
    desk.start()
    await until(lambda: desk.hall.evaluations() == [(number, "very_satisfied")])
