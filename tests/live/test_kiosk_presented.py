"""ID card and scanner at a real machine with a real hub and twins on TCP."""

import asyncio
import logging
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from devices.twins.bench import TwinBench, twin_bench
from devices.twins.idcard_sam import made_up
from tests.live.machine import Floor, machine, settings_for
from tests.running import database_of, rows_in

pytestmark = pytest.mark.sqlite


@pytest.fixture
async def floor(tmp_path: Path) -> AsyncIterator[Floor]:
    floor = Floor(tmp_path)
    await floor.open()
    yield floor
    await floor.close()


@pytest.fixture
async def reader() -> AsyncIterator[TwinBench]:
    async with twin_bench("idcard-sam") as bench:
        yield bench


@pytest.fixture
async def scanner() -> AsyncIterator[TwinBench]:
    async with twin_bench("scanner") as bench:
        yield bench


async def test_a_card_puts_its_holder_on_the_ticket_and_a_scanned_slip_shows_its_place(
    floor: Floor, reader: TwinBench, scanner: TwinBench, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    person = made_up(31)
    async with machine(settings_for(floor, id_reader=reader.urls[0], scanner=scanner.urls[0])) as citizen:
        await citizen.until(lambda: citizen.kiosk.state.has_reader and citizen.kiosk.state.has_scanner, what="ready")
        reader.twin.act({"card": 31})
        await citizen.until(lambda: f"尾号 {person.number[-4:]}" in citizen.sees().get("title", ""), what="read")
        await citizen.take()
        link = citizen.sees()["qr"]
        await citizen.touch_when_heard("done")
        await citizen.until_screen("services")

        reader.twin.act({"card": ""})
        reader.twin.act({"card": 31})
        await citizen.until(lambda: citizen.kiosk.state.person is not None, what="read again")
        await citizen.touch_when_heard("service:A")
        await citizen.until_screen("no_number")
        assert citizen.sees()["title"] == "您已有号票 A001"

        scanner.twin.act({"code": link})
        await citizen.until_screen("place")
        assert (citizen.sees()["number"], citizen.sees()["place"]) == ("A001", "您是下一位")
        await floor.at_counter("open", "next", "no-show")
        scanner.twin.act({"code": "YY20260302001"})
        await citizen.until_screen("unplaced")
        scanner.twin.act({"code": link})
        await citizen.until(lambda: citizen.sees().get("place") == "您已过号", what="missed")
        await citizen.touch_when_heard("rejoin")
        await citizen.until(lambda: citizen.sees().get("place") == "您是下一位", what="in the queue again")

        devices = (await floor.get("/stations"))[0]["devices"]
        states = {one["name"]: one["state"] for one in devices}
        assert (states["id_reader"], states["scanner"]) == ("fine", "fine")
        for twin in (reader.twin, scanner.twin):
            twin.set_faults(on=["unplugged"])
        await citizen.until(lambda: not citizen.kiosk.state.has_reader, what="without a reader")
        await citizen.touch_when_heard("done")
        await citizen.until_screen("services")
        assert "身份证" not in citizen.sees()["hint"]
        for twin in (reader.twin, scanner.twin):
            twin.set_faults(off=["unplugged"])
        await citizen.until(lambda: citizen.kiosk.state.has_reader and citizen.kiosk.state.has_scanner, what="back")
    held = rows_in(database_of(floor.folder), "SELECT id_tail FROM person")
    assert held == [(person.number[-4:],)]
    await asyncio.to_thread(_says_nothing, person.number, floor.folder, caplog.text)


def _says_nothing(number: str, folder: Path, log: str) -> None:
    """Neither the log nor any file of the hub has the number."""
    assert number not in log
    files = [file for file in folder.rglob("*") if file.is_file()]
    assert not [file.name for file in files if number.encode() in file.read_bytes()]
