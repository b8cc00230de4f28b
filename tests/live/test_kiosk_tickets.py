"""The ticket machine with a real hub over real sockets and a printer twin on TCP: touch → number → paper."""

import asyncio
import base64
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from devices.twins.bench import PrinterBench, printer_bench
from hub.settings import settings_from
from tests.live.machine import Floor, LossyLine, machine, settings_for
from tests.running import PATIENCE_S, database_of, rows_in

ROOT = Path(__file__).parents[2]


@pytest.fixture
async def floor(tmp_path: Path) -> AsyncIterator[Floor]:
    floor = Floor(tmp_path)
    await floor.open()
    yield floor
    await floor.close()


@pytest.fixture
async def printer() -> AsyncIterator[PrinterBench]:
    async with printer_bench() as bench:
        yield bench


async def test_one_touch_gives_a_number_on_the_screen_and_on_paper(floor: Floor, printer: PrinterBench) -> None:
    async with machine(settings_for(floor, printer=printer.urls[0])) as citizen:
        await citizen.take()
        await citizen.until_paper("printed")
        assert citizen.sees()["number"] == "A001"
    slip = printer.twin.slips[0]
    text = "\n".join(slip.text_lines)
    assert "A001" in text
    assert "企业开办" in text
    assert "号窗口" in text
    assert slip.codes[0].startswith(f"{floor.url}/t/")


async def test_services_in_a_heading_take_two_touches(floor: Floor, printer: PrinterBench) -> None:
    async with machine(settings_for(floor, printer=printer.urls[0])) as citizen:
        await citizen.until_screen("services")
        citizen.touch("service:SB")
        await citizen.until(lambda: "service:C" in citizen.sees(), what="inside the heading")
        citizen.touch("service:C")
        await citizen.until_paper("printed")
        assert citizen.sees()["number"] == "C001"


async def test_a_priority_and_several_services_go_with_one_number(floor: Floor, printer: PrinterBench) -> None:
    async with machine(settings_for(floor, printer=printer.urls[0])) as citizen:
        await citizen.until_screen("services")
        for name in ("priorities", "priority:elderly", "several", "service:E", "service:A", "take"):
            await citizen.until(lambda name=name: name in citizen.sees(), what=name)  # type: ignore[misc]
            citizen.touch(name)
        await citizen.until_paper("printed")
        assert citizen.sees()["number"] == "E001"
    text = "\n".join(printer.twin.slips[0].text_lines)
    assert "优先：老年人" in text
    assert "之后办理：企业开办" in text


async def test_the_next_citizen_takes_a_number_while_the_paper_still_moves(floor: Floor, printer: PrinterBench) -> None:
    printer.twin.set_faults(on=["slow"])
    async with machine(settings_for(floor, printer=printer.urls[0])) as citizen:
        await citizen.take()
        assert not printer.twin.slips
        await citizen.touch_when_heard("done")
        await citizen.take("E")
        printer.twin.set_faults(off=["slow"])
        await citizen.until(lambda: len(printer.twin.slips) == 2, what="two slips")
        await citizen.until_paper("printed")
    assert ["A001" in slip.text_lines for slip in printer.twin.slips] == [True, False]


async def test_paper_out_is_told_and_the_slip_printed_again_when_paper_is_back(
    floor: Floor, printer: PrinterBench
) -> None:
    printer.twin.set_faults(on=["paper-out"])
    async with machine(settings_for(floor, printer=printer.urls[0])) as citizen:
        await citizen.take()
        await citizen.until_paper("not_printed")
        seen = citizen.sees()
        assert "缺纸" in seen["paper"]
        assert seen["qr"].startswith(f"{floor.url}/t/")
        printer.twin.set_faults(off=["paper-out"])
        await citizen.touch_when_heard("reprint")
        await citizen.until_paper("printed")
        told = ["ticket_print_failed", "ticket_reprinted", "ticket_printed"]
        await citizen.until(lambda: floor.paper_records() == told, what="everything about the paper reported")
    assert len(printer.twin.slips) == 1


async def test_a_slip_held_for_want_of_paper_is_told_and_confirmed_when_it_comes_out(
    floor: Floor, printer: PrinterBench
) -> None:
    printer.twin.set_faults(on=["paper-out-mid-ticket"])
    async with machine(settings_for(floor, printer=printer.urls[0])) as citizen:
        await citizen.take()
        await citizen.until_paper("held")
        assert "自动打出" in citizen.sees()["paper"]
        assert "reprint" not in citizen.sees()
        printer.twin.set_faults(off=["paper-out"])
        await citizen.until_paper("printed")
        told = ["ticket_print_failed", "ticket_printed"]
        await citizen.until(lambda: floor.paper_records() == told, what="the late slip reported")
        papers = rows_in(database_of(floor.folder), "SELECT paper FROM ticket")
        assert papers == [("printed",)]
    assert len(printer.twin.slips) == 1


async def test_a_mute_printer_is_not_taken_for_one_without_paper(floor: Floor, printer: PrinterBench) -> None:
    printer.twin.set_faults(on=["mute"])
    async with machine(settings_for(floor, printer=printer.urls[0]), printer_reply_s=0.5) as citizen:
        await citizen.take()
        await citizen.until(lambda: "没有应答" in citizen.sees().get("paper", ""), what="silence told")
        assert "缺纸" not in citizen.sees()["paper"]
        await citizen.touch_when_heard("done")
        await citizen.until_screen("services")
        await citizen.until(lambda: "没有应答" in citizen.sees().get("status", ""), what="silence on the start screen")
    assert not printer.twin.slips


async def test_without_a_printer_the_number_stands_on_the_screen(floor: Floor) -> None:
    async with machine(settings_for(floor)) as citizen:
        await citizen.until_screen("services")
        assert citizen.sees()["status"] == "本机未配置打印机"
        await citizen.take()
        assert citizen.sees()["number"] == "A001"
        assert "不打印" in citizen.sees()["paper"]


async def test_the_hub_knows_the_printer_and_what_the_machine_shows(floor: Floor, printer: PrinterBench) -> None:
    async with machine(settings_for(floor, printer=printer.urls[0])) as citizen:
        await citizen.until_screen("services")
        states: list[str] = []
        details: set[str] = set()

        async def ask(wanted: str) -> None:
            while wanted not in states:
                stations = await floor.get("/stations")
                devices = [device for station in stations for device in station["devices"]]
                states[:] = [device["code"] for device in devices]
                details.update(device["detail"] for device in devices)
                await asyncio.sleep(0.02)

        for fault, code in (("near-end", "near_end"), ("cover-open", "cover_open")):
            printer.twin.set_faults(on=[fault])
            asked = asyncio.create_task(ask(code))
            await citizen.until(asked.done, what=f"{code} at the hub")
        assert "打印纸即将用完，约还可打印 20 张" in details
        shown = asyncio.create_task(floor.get("/stations/kiosk/screen"))
        await citizen.until(shown.done, what="answering")
        screen = shown.result()
        assert (screen["screen"], screen["width"], screen["height"]) == ("services", 1080, 1920)
        assert "service:A" in {target["name"] for target in screen["targets"]}


async def test_the_machine_shows_its_picture_and_obeys_remote_fingers_only_when_told_to(
    floor: Floor, printer: PrinterBench
) -> None:
    from hub.wire import Screen, ShowScreen, Touch

    for obeys, screen in ((False, "services"), (True, "ticket")):
        async with machine(settings_for(floor, printer=printer.urls[0]), remote_touch=obeys) as citizen:
            await citizen.until_screen("services")
            sent: list[Screen] = []

            async def keep(frame: Any, sent: list[Screen] = sent) -> bool:
                if isinstance(frame, Screen):
                    sent.append(frame)
                return True

            citizen.kiosk._thread.link.send = keep  # type: ignore[method-assign]
            citizen.kiosk._thread.events.put(ShowScreen(request="r1", picture=True))
            await citizen.until(lambda sent=sent: bool(sent), what="answering")  # type: ignore[misc]
            assert base64.b64decode(sent[0].png or "").startswith(b"\x89PNG")
            card = next(target for target in sent[0].targets if target.name == "service:A")
            citizen.kiosk._thread.events.put(Touch(x=card.x + 9, y=card.y + 9))
            citizen.kiosk.frame()
            if obeys:
                await citizen.until_screen(screen)
            assert citizen.kiosk.sheet.screen == screen


async def test_while_the_hub_is_away_no_number_is_given_and_it_says_so(floor: Floor, printer: PrinterBench) -> None:
    async with machine(settings_for(floor, printer=printer.urls[0])) as citizen:
        await citizen.until_screen("services")
        await floor.close()
        await citizen.until_screen("hub_away")
        assert "service:A" not in citizen.sees()
        await floor.open()
        await citizen.take()
        await citizen.until_paper("printed")
        assert citizen.sees()["number"] == "A001"


async def waiting(floor: Floor) -> int:
    return sum(service["waiting"] for service in (await floor.get("/hall"))["services"] if service["code"] == "A")


async def test_a_number_whose_answer_was_lost_is_asked_for_again_and_made_only_once(
    floor: Floor, printer: PrinterBench
) -> None:
    async with LossyLine(floor.port, to_lose=2) as line:
        station = {"hub_url": line.url, "token": "demo-kiosk", "name": "kiosk"}
        settings = settings_from({"station": station, "kiosk": {"printer": printer.urls[0]}}, origin="test")
        async with machine(settings) as citizen:
            await citizen.take()
            await citizen.until_paper("printed")
            assert citizen.sees()["number"] == "A001"
        assert (line.lost, await waiting(floor), len(printer.twin.slips)) == (2, 1, 1)


async def test_when_no_answer_ever_comes_it_says_so_and_shows_no_number(
    floor: Floor, printer: PrinterBench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kiosk.screens.RETRY_AFTER_S", (0.01, 0.01))
    async with LossyLine(floor.port, to_lose=3) as line:
        station = {"hub_url": line.url, "token": "demo-kiosk", "name": "kiosk"}
        settings = settings_from({"station": station, "kiosk": {"printer": printer.urls[0]}}, origin="test")
        async with machine(settings) as citizen:
            await citizen.until_screen("services")
            await citizen.touch_when_heard("service:A")
            await citizen.until_screen("no_number")
            assert "没有应答" in citizen.sees()["more"]
            assert "number" not in citizen.sees()
            assert not printer.twin.slips
            await citizen.touch_when_heard("retry")
            await citizen.until_paper("printed")
            assert (citizen.sees()["number"], await waiting(floor)) == ("A001", 1)


async def test_a_report_about_paper_survives_a_hub_that_was_away(floor: Floor, printer: PrinterBench) -> None:
    async with machine(settings_for(floor, printer=printer.urls[0])) as citizen:
        printer.twin.set_faults(on=["slow"])
        await citizen.take()
        await floor.close()
        printer.twin.set_faults(off=["slow"])
        await citizen.until_paper("printed")
        assert not citizen.kiosk._reporting.idle
        await floor.open()
        await citizen.until(lambda: floor.paper_records() == ["ticket_printed"], what="reported")


async def test_a_wrong_token_is_told_apart_from_a_missing_hub(floor: Floor) -> None:
    station = {"hub_url": floor.url, "token": "nobody", "name": "kiosk"}
    async with machine(settings_from({"station": station}, origin="test")) as citizen:
        await citizen.until_screen("hub_refused")


def run_kiosk(*options: str, **environment: str) -> "subprocess.Popen[str]":
    command = "import typer; from kiosk.commands import kiosk; typer.run(kiosk)"
    kept = {
        key: value for key, value in os.environ.items() if not key.startswith(("HALL_", "SDL_", "DISPLAY", "WAYLAND"))
    }
    return subprocess.Popen(
        [sys.executable, "-c", command, *options],
        cwd=ROOT,
        env={**kept, **environment},
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


@pytest.mark.skipif(sys.platform != "linux", reason="a desktop cannot be taken away elsewhere")
async def test_without_a_display_it_says_so_in_a_sentence() -> None:
    said, status = await asyncio.to_thread(_finish, run_kiosk("--hub", "http://127.0.0.1:9"))
    assert status == 1
    assert "--headless" in said
    assert "Traceback" not in said


async def test_a_wrong_setting_is_a_sentence() -> None:
    said, status = await asyncio.to_thread(
        _finish, run_kiosk("--headless", HALL_KIOSK__PRINTER="loop://", HALL_KIOSK__PRINTER_PROFILE="nonsense")
    )
    assert status == 1
    assert "nonsense" in said
    assert "Traceback" not in said


async def test_when_switched_off_it_stops_by_itself(floor: Floor, printer: PrinterBench) -> None:
    process = run_kiosk(
        *("--headless", "--hub", floor.url, "--printer", printer.urls[0]), HALL_STATION__TOKEN="demo-kiosk"
    )
    async with asyncio.timeout(PATIENCE_S):
        while not await floor.get("/stations"):  # noqa: ASYNC110 - the other process tells only the hub
            await asyncio.sleep(0.05)
    process.send_signal(signal.SIGTERM)
    said, status = await asyncio.to_thread(_finish, process)
    assert (status, "Traceback" in said) == (0, False), said


def _finish(process: "subprocess.Popen[str]") -> tuple[str, int]:
    _, said = process.communicate(timeout=PATIENCE_S)
    return said, process.returncode
