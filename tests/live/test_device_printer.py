"""The printer driver against its twin, over TCP and pseudo-terminals."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest
import zxingcpp

from devices.errors import CoverOpen, CutterJam, DeviceError, DeviceSilent, PaperOut, PortMissing, PrinterOffline
from devices.escpos_replies import PrinterStatus
from devices.printer import Printer, PrintOutcome
from devices.slip import PaperMm, QrCode, Slip, TextLine, TicketFacts, ticket_slip
from devices.twins.bench import PrinterBench, printer_bench

URL = "https://hall.example.gov.cn/t/Zk3v8QmX1pLw"
FINE = PrinterStatus(online=True, paper="ok", cover_open=False, cutter_jam=False, error=False)
SLIP = Slip(
    (*(TextLine(f"第 {n} 行") for n in range(1, 9)), TextLine("办理人：㐂"), QrCode("https://example.gov.cn", 4)), 80
)


@pytest.fixture(params=["tcp", "pty"])
async def bench(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[tuple[PrinterBench, str]]:
    over_pty = request.param == "pty"
    async with printer_bench(port=None if over_pty else 0, pty=tmp_path / "printer" if over_pty else None) as made:
        yield made, made.urls[0]


@pytest.fixture
async def printer(bench: tuple[PrinterBench, str]) -> AsyncIterator[Printer]:
    driver = a_printer(bench[1])
    yield driver
    await driver.close()


def a_printer(url: str, **changes: object) -> Printer:
    quick: dict[str, object] = {"reply_timeout_s": 0.3, "job_timeout_s": 5.0, "poll_s": 0.05}
    return Printer(url, **{**quick, **changes})  # type: ignore[arg-type]


async def in_time(work: Awaitable[PrintOutcome], seconds: float = 20) -> PrintOutcome:
    async with asyncio.timeout(seconds):
        return await work


async def until(true: Callable[[], bool], bench: PrinterBench) -> None:
    async with asyncio.timeout(10):
        while not true():
            await bench.twin.watch.after(bench.twin.watch.version, 0.2)


async def test_a_slip_is_printed_and_confirmed(bench: tuple[PrinterBench, str], printer: Printer) -> None:
    assert await in_time(printer.print_slip(SLIP)) == PrintOutcome("printed")
    (slip,) = bench[0].twin.slips
    assert slip.text_lines == [f"第 {n} 行" for n in range(1, 9)]
    assert slip.cut == "partial"
    assert bench[0].twin.unknown == []


@pytest.mark.parametrize("paper_mm", [58, 80])
async def test_the_code_on_the_paper_is_read_by_an_independent_reader(paper_mm: PaperMm) -> None:
    facts = TicketFacts("政务服务中心", "A007", "企业开办", ("请到 3 号窗口",), "09:05", URL, "扫码查看", "当日有效")
    async with printer_bench(paper_mm=paper_mm) as bench:
        driver = a_printer(bench.urls[0], paper_mm=paper_mm)
        outcome = await in_time(driver.print_slip(ticket_slip(facts, paper_mm=paper_mm)))
        await driver.close()
        assert outcome.result == "printed"
        assert [code.text for code in zxingcpp.read_barcodes(bench.twin.picture(1))] == [URL]


async def test_its_status_is_fine(printer: Printer) -> None:
    assert await printer.status() == FINE


@pytest.mark.parametrize(
    ("fault", "reason"),
    [("paper-out", PaperOut), ("cover-open", CoverOpen), ("offline", PrinterOffline), ("cutter", CutterJam)],
)
async def test_a_blocked_printer_gets_no_byte_of_the_slip(fault: str, reason: type[DeviceError]) -> None:
    async with printer_bench(faults=[fault]) as bench:
        driver = a_printer(bench.urls[0])
        outcome = await in_time(driver.print_slip(SLIP))
        assert (outcome.result, type(outcome.reason)) == ("not_printed", reason)
        bench.twin.set_faults(off=[fault])
        assert bench.twin.slips == []
        assert (await in_time(driver.print_slip(SLIP))).result == "printed"
        assert len(bench.twin.slips) == 1
        await driver.close()


async def test_near_the_end_of_the_roll_it_still_prints(bench: tuple[PrinterBench, str], printer: Printer) -> None:
    bench[0].twin.set_faults(on=["near-end"])
    assert (await printer.status()).paper == "near_end"
    assert (await in_time(printer.print_slip(SLIP))).result == "printed"


async def test_a_printer_that_never_answers_is_silent_and_not_out_of_paper(
    bench: tuple[PrinterBench, str], printer: Printer
) -> None:
    bench[0].twin.set_faults(on=["mute"])
    assert await printer.status() == PrinterStatus()
    outcome = await in_time(printer.print_slip(SLIP))
    assert (outcome.result, type(outcome.reason)) == ("not_printed", DeviceSilent)
    bench[0].twin.set_faults(off=["mute"])
    assert bench[0].twin.slips == []


async def test_paper_that_ends_in_the_middle_is_unknown_and_the_rest_comes_out_once(
    bench: tuple[PrinterBench, str], printer: Printer
) -> None:
    twin = bench[0].twin
    twin.set_faults(on=["paper-out-mid-ticket"])
    outcome = await in_time(printer.print_slip(SLIP))
    assert (outcome.result, type(outcome.reason)) == ("unknown", PaperOut)
    assert type((await in_time(printer.print_slip(SLIP))).reason) is PaperOut
    twin.set_faults(off=["paper-out"])
    await until(lambda: len(twin.slips) == 1, bench[0])
    assert await in_time(printer.print_slip(Slip((TextLine("下一张"),), 80))) == PrintOutcome("printed")
    assert [slip.text_lines[-1] for slip in twin.slips] == ["第 8 行", "下一张"]


async def test_the_late_answer_of_a_held_slip_is_not_taken_for_that_of_the_next(
    bench: tuple[PrinterBench, str], printer: Printer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Paper is back and the printer is still at the rest of the first slip when the second is sent."""
    monkeypatch.setattr("devices.twins.printer.SLOW_STEP_S", 0.02)
    twin = bench[0].twin
    twin.set_faults(on=["paper-out-mid-ticket"])
    assert (await in_time(printer.print_slip(SLIP))).result == "unknown"
    twin.set_faults(on=["slow"], off=["paper-out"])
    assert await in_time(printer.print_slip(SLIP)) == PrintOutcome("printed")
    assert len(twin.slips) == 2


async def test_an_epson_confirms_by_its_process_id(bench: tuple[PrinterBench, str]) -> None:
    driver = a_printer(bench[1], profile="epson-tm")
    assert await in_time(driver.print_slip(SLIP)) == PrintOutcome("printed")
    assert await in_time(driver.print_slip(SLIP)) == PrintOutcome("printed")
    await driver.close()


async def test_a_slow_printer_is_waited_for() -> None:
    async with printer_bench(faults=["slow"]) as bench:
        driver = a_printer(bench.urls[0])
        assert (await in_time(driver.print_slip(SLIP))).result == "printed"
        await driver.close()


async def test_a_printer_that_falls_silent_in_the_middle_is_unknown() -> None:
    async with printer_bench(faults=["slow"]) as bench:
        driver = a_printer(bench.urls[0], job_timeout_s=0.6)
        printing = asyncio.create_task(in_time(driver.print_slip(SLIP)))
        await until(lambda: bench.twin.hanging.rows != [], bench)
        bench.twin.set_faults(on=["mute"])
        outcome = await printing
        assert (outcome.result, type(outcome.reason)) == ("unknown", DeviceSilent)
        await driver.close()


async def test_a_file_is_sent_to_and_nobody_knows_more(tmp_path: Path) -> None:
    driver = Printer(f"file://{tmp_path}/slip.bin", profile="one-way")
    assert await driver.status() == PrinterStatus()
    assert await in_time(driver.print_slip(SLIP)) == PrintOutcome("unknown", None)
    await driver.close()
    assert (tmp_path / "slip.bin").read_bytes().endswith(b"\x1d\x56\x42\x00")


async def test_a_printer_that_is_not_there_is_missing_and_found_when_it_comes() -> None:
    async with printer_bench() as bench:
        url = bench.urls[0]
    driver = a_printer(url)
    outcome = await in_time(driver.print_slip(SLIP))
    assert (outcome.result, type(outcome.reason)) == ("not_printed", PortMissing)
    async with printer_bench(port=int(url.rpartition(":")[2])) as bench:
        assert (await in_time(driver.print_slip(SLIP))).result == "printed"
        assert len(bench.twin.slips) == 1
        await driver.close()


async def test_a_connection_the_printer_dropped_is_opened_again() -> None:
    async with printer_bench() as bench:
        driver = a_printer(bench.urls[0])
        assert (await in_time(driver.print_slip(SLIP))).result == "printed"
        port = int(bench.urls[0].rpartition(":")[2])
    async with printer_bench(port=port) as bench:
        assert (await in_time(driver.print_slip(SLIP))).result == "printed"
        assert len(bench.twin.slips) == 1
        await driver.close()


async def test_a_profile_that_does_not_exist_is_refused() -> None:
    with pytest.raises(ValueError, match="no printer profile 'laser'"):
        Printer("loop://", profile="laser")
