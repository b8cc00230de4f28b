"""Recordings: made from any port, played back to the driver, which must do what it did then; never personal bytes."""

import asyncio
import json
import os
import time
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from devices.commands import devices
from devices.drivers import DRIVERS
from devices.errors import BadFrame, PortLost, PortMissing
from devices.keypad_ff68 import Ff68Bus
from devices.keypad_ff68_frames import Key
from devices.ports import open_port
from devices.printer import Printer
from devices.recording import Deviated, load, played
from devices.trials.trial import Trial, trial_of
from devices.twins.bench import twin_bench

RECORDINGS = Path(__file__).parents[1] / "recordings"
PRIVATE = [name for name, driver in DRIVERS.items() if driver.private and driver.twin and driver.trial]


async def test_the_bus_understands_and_answers_as_when_it_was_recorded() -> None:
    heard: list[Any] = []

    async def on_key(key: Key) -> None:
        heard.append(key.name)

    async def on_evaluation(address: int, value: int) -> None:
        heard.append((address, value))

    def on_bad_frame(fault: BadFrame) -> None:
        heard.append("damaged")

    with played(RECORDINGS / "twin_ff68_1.0.jsonl") as (url, player):
        async with await open_port(url) as port:
            bus = Ff68Bus(
                port, on_key=on_key, on_evaluation=on_evaluation, on_bad_frame=on_bad_frame, clock=time.monotonic
            )
            running = asyncio.create_task(bus.run())
            async with asyncio.timeout(5):
                await player.ended.wait()
            running.cancel()
            await asyncio.wait([running])
    # keys are handed over beside the reading, so only their own order is certain
    assert [one for one in heard if one not in ("damaged", (1, 3))] == ["call_next", "ok", "recall", "evaluate"]
    assert heard.count("damaged") == 2
    assert heard.count((1, 3)) == 1


async def test_the_printer_understands_its_status_as_when_it_was_recorded() -> None:
    with played(RECORDINGS / "twin_printer_1.0.jsonl") as (url, _):
        printer = Printer(url)
        fine, near_end, out, cover = [await printer.status() for _ in range(4)]
        await printer.close()
    assert [fine.paper, near_end.paper, out.paper] == ["ok", "near_end", "out"]
    assert (fine.online, cover.cover_open) == (True, True)


def recording(path: Path, *lines: dict[str, Any]) -> Path:
    path.write_text("".join(json.dumps(line) + "\n" for line in ({"recording": 1}, *lines)))
    return path


async def test_a_driver_that_says_something_else_has_deviated(tmp_path: Path) -> None:
    file = recording(tmp_path / "a.jsonl", {"sent": "05"}, {"came": "06"}, {"event": "lost"})

    async def otherwise() -> None:
        with played(file) as (url, _):
            async with await open_port(url) as port:
                await port.write(b"\x05")
                assert await port.read() == b"\x06"
                with pytest.raises(PortLost):
                    await port.write(b"\x04")

    with pytest.raises(Deviated, match="at step 3: 04, but then nothing was sent"):
        await otherwise()


async def test_a_driver_that_stops_early_has_deviated(tmp_path: Path) -> None:
    file = recording(tmp_path / "a.jsonl", {"sent": "05 06"})

    async def too_little() -> None:
        with played(file) as (url, _):
            async with await open_port(url) as port:
                await port.write(b"\x05")

    with pytest.raises(Deviated, match="before the end"):
        await too_little()


async def test_what_is_recorded_plays_back(tmp_path: Path) -> None:
    file = recording(tmp_path / "loop.jsonl")
    for url in (f"record:{file}|loop://", f"replay:{file}"):
        async with await open_port(url) as port:
            await port.write(b"\x10\x04\x01")
            assert await port.read() == b"\x10\x04\x01"


async def test_a_recording_that_is_not_there_is_a_missing_port() -> None:
    with pytest.raises(PortMissing):
        await open_port("replay:/no/such/file.jsonl")


@pytest.mark.parametrize("kind", PRIVATE)
async def test_what_is_about_persons_is_recorded_as_its_length_only(kind: str, tmp_path: Path) -> None:
    file = recording(tmp_path / f"{kind}.jsonl")
    async with twin_bench(kind) as bench:
        action = bench.twin.actions[0]

        waiting = [{**action.body, **action.ask}]

        def say(line: str) -> None:
            """At the first word of the trial a person lays the card, or scans."""
            if waiting:
                asyncio.get_running_loop().call_soon(bench.twin.act, waiting.pop())

        await trial_of(kind)(Trial(f"record:{file}|{bench.urls[0]}", "zh", say, seconds=0.5))
    lines = [json.loads(line) for line in file.read_text().splitlines()[1:]]
    assert any("came_bytes" in line for line in lines)
    assert not any("came" in line for line in lines)
    with pytest.raises(ValueError, match="personal"):
        load(file)


def test_hall_devices_record_marks_a_twin_and_overwrites_nothing(tmp_path: Path) -> None:
    out = tmp_path / "twin.jsonl"
    command = ["record", "twin:ff68", str(out), "--as", "ff68", "--model", "twin 1.0", "--seconds", "0.1"]
    told = CliRunner().invoke(devices, command, env={**os.environ, "HALL_LANG": "en"})
    assert (told.exit_code, "state unknown" in told.output) == (0, True)
    head = json.loads(out.read_text().splitlines()[0])
    assert (head["kind"], head["model"], head["twin"]) == ("ff68", "twin 1.0", True)
    assert CliRunner().invoke(devices, command).exit_code == 2
