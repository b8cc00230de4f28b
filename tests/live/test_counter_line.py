"""What goes wrong on a counter's line and with its program: each told in words, none loses a press."""

import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest
import serial

from counter.agent import WrongCounter
from devices.twins.ff68 import bus_frame
from tests.live.counter_desk import CALL, EVALUATE, ONE_METRE, RECALL, Desk
from tests.unit.counter.halls import PATIENCE_S, until

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="pseudo-terminals are needed")


@pytest.mark.parametrize("fault", ["wrong-sum", "half-frame", "garbage"])
async def test_damaged_frames_are_reported_and_the_next_sound_one_is_read(desk: Desk, fault: str) -> None:
    number = await desk.hall.take_ticket()
    desk.start()
    await desk.connected()
    desk.line.set_faults(on=[fault])
    desk.press(RECALL)
    if fault == "garbage":  # the frame behind the noise is sound: the recall is carried out, and refused by a beep
        await until(lambda: desk.pad.beeps)
    else:
        await until(lambda: desk.hall.devices().get("keypad", ("", ""))[1] == "bad_frame")
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
    await until(lambda: desk.agent.lines[0].open)
    await until(lambda: desk.pad.waiting == "001")
    desk.press(CALL)
    await desk.shows(number[-3:])


@pytest.mark.sqlite
@pytest.mark.parametrize("answered", [False, True], ids=["before-the-answer", "after-it"])
async def test_a_plug_pulled_amid_an_evaluation_neither_loses_nor_doubles_it(desk: Desk, answered: bool) -> None:
    desk.line.set_faults(on=["resend"])
    desk.start()
    await desk.connected()
    number = await desk.serve_until_asked()
    assert desk.line.evaluate(1, 1)
    if answered:
        await until(lambda: desk.evaluator.answered == 1)
    desk.line.set_faults(on=["unplugged"])
    await until(lambda: not desk.agent.lines[0].open)
    desk.line.set_faults(off=["unplugged"])
    await until(lambda: desk.agent.lines[0].open, within_s=3.0)
    await until(lambda: desk.evaluator.answered == 1)
    second = await desk.serve_until_asked()
    assert desk.line.evaluate(1, 2)
    await until(lambda: desk.hall.evaluations() == [(number, "satisfied"), (second, "basically_satisfied")])


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
    desk.press(ONE_METRE)
    await until(lambda: desk.pad.beeps == 1)  # all three were read
    assert "number" not in await desk.hall.counter()
    assert desk.agent.lines[0]._wire._strangers == {7}
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
    with pytest.raises(ValueError, match=r"'keypad3' 不是端口.* is no port"):
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
