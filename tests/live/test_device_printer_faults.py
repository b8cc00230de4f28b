"""What becomes of slips when cables are pulled, power fails, paper ends and lines are noisy: never two, never a lie."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from devices.errors import BadFrame, PaperOut, PortLost, PortMissing
from devices.escpos_replies import PrinterStatus
from devices.printer import Printer, PrintOutcome
from devices.slip import Slip, TextLine
from devices.twins.bench import PrinterBench, printer_bench

RECOVERED_S = 3.0
SLIP = Slip(tuple(TextLine(f"第 {n} 行") for n in range(1, 9)), 80)


@pytest.fixture(params=["tcp", "pty"])
async def bench(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[PrinterBench]:
    monkeypatch.setattr("devices.twins.printer.SLOW_STEP_S", 0.03)
    over_pty = request.param == "pty"
    async with printer_bench(port=None if over_pty else 0, pty=tmp_path / "printer" if over_pty else None) as made:
        yield made


@pytest.fixture
async def printer(bench: PrinterBench) -> AsyncIterator[Printer]:
    driver = a_printer(bench)
    yield driver
    await driver.close()


def a_printer(bench: PrinterBench, profile: str = "generic") -> Printer:
    return Printer(bench.urls[0], profile=profile, reply_timeout_s=0.3, job_timeout_s=3.0, poll_s=0.05)


async def until(true: Callable[[], bool], bench: PrinterBench) -> None:
    async with asyncio.timeout(10):
        while not true():
            await bench.twin.watch.after(bench.twin.watch.version, 0.05)


async def printed_soon(bench: PrinterBench, printer: Printer, slip: Slip) -> float:
    """Seconds until the slip is printed; tried again only while surely no byte of it was sent."""
    start = time.monotonic()
    async with asyncio.timeout(10):
        while (outcome := await printer.print_slip(slip)).result == "not_printed":
            await bench.twin.watch.after(bench.twin.watch.version, 0.05)
    assert outcome == PrintOutcome("printed")
    return time.monotonic() - start


async def test_a_cable_pulled_between_two_slips_costs_less_than_three_seconds(
    bench: PrinterBench, printer: Printer
) -> None:
    assert (await printer.print_slip(SLIP)).result == "printed"
    bench.twin.set_faults(on=["unplugged"])
    outcome = await printer.print_slip(SLIP)
    assert outcome.result == "not_printed"
    assert isinstance(outcome.reason, PortLost | PortMissing)
    bench.twin.set_faults(off=["unplugged"])
    assert await printed_soon(bench, printer, SLIP) < RECOVERED_S
    assert len(bench.twin.slips) == 2


async def test_a_cable_pulled_in_the_middle_of_a_slip_leaves_doubt_and_prints_nothing_twice(
    bench: PrinterBench, printer: Printer
) -> None:
    bench.twin.set_faults(on=["slow"])
    printing = asyncio.create_task(printer.print_slip(SLIP, "A001"))
    await until(lambda: len(bench.twin.hanging.rows) > 1, bench)
    bench.twin.set_faults(on=["unplugged"])
    outcome = await printing
    assert outcome.result == "unknown"
    await until(lambda: len(bench.twin.slips) == 1, bench)  # a printer goes on without its cable
    bench.twin.set_faults(off=["unplugged", "slow"])
    assert await printed_soon(bench, printer, Slip((TextLine("下一张"),))) < RECOVERED_S
    assert [slip.text_lines[-1] for slip in bench.twin.slips] == ["第 8 行", "下一张"]


async def test_the_printers_word_for_an_earlier_slip_after_a_pulled_cable_is_not_taken_for_the_next(
    bench: PrinterBench, printer: Printer
) -> None:
    """The first slip is still being printed when the cable is back, and the second one meets the end of the roll."""
    bench.twin.set_faults(on=["slow"])
    printing = asyncio.create_task(printer.print_slip(SLIP))
    await until(lambda: len(bench.twin.hanging.rows) > 1, bench)
    bench.twin.set_faults(on=["unplugged"])
    assert (await printing).result == "unknown"
    bench.twin.set_faults(off=["unplugged"])
    bench.twin.set_faults(on=["paper-out-mid-ticket"])
    outcome = await printer.print_slip(SLIP)
    while outcome.result == "not_printed" and isinstance(outcome.reason, PortLost | PortMissing):
        outcome = await printer.print_slip(SLIP)
    assert isinstance(outcome.reason, PaperOut)
    assert len(bench.twin.slips) < 2


async def test_a_printer_switched_off_in_the_middle_loses_the_slip_and_nobody_says_it_was_printed(
    bench: PrinterBench, printer: Printer
) -> None:
    bench.twin.set_faults(on=["slow"])
    printing = asyncio.create_task(printer.print_slip(SLIP, "A001"))
    await until(lambda: len(bench.twin.hanging.rows) > 1, bench)
    bench.twin.power_cycle()
    assert (await printing).result == "unknown"
    bench.twin.set_faults(off=["slow"])
    assert await printed_soon(bench, printer, Slip((TextLine("下一张"),))) < RECOVERED_S
    assert printer.late() == ()
    assert len(bench.twin.slips) == 1


@pytest.mark.parametrize("profile", ["generic", "epson-tm"])
async def test_a_held_slip_that_comes_out_later_is_told_and_never_sent_again(bench: PrinterBench, profile: str) -> None:
    printer = a_printer(bench, profile)
    bench.twin.set_faults(on=["paper-out-mid-ticket"])
    outcome = await printer.print_slip(SLIP, "A001")
    assert (outcome.result, type(outcome.reason)) == ("unknown", PaperOut)
    assert (await printer.status()).paper == "out"
    assert printer.late() == ()
    bench.twin.set_faults(off=["paper-out"])
    await printer.status()
    assert printer.late() == ("A001",)
    assert printer.late() == ()
    assert len(bench.twin.slips) == 1
    await printer.close()


async def test_a_slip_that_another_program_left_in_the_printer_does_not_confirm_ours(
    bench: PrinterBench, printer: Printer
) -> None:
    bench.twin.set_faults(on=["paper-out"])
    assert (await printer.status()).paper == "out"
    (cable,) = bench.twin.connections  # on a serial line everybody hears everything
    cable.receive("别的程序\n".encode("gb18030") + bytes.fromhex("1d5601 1d7201"))
    assert isinstance((await printer.print_slip(SLIP)).reason, PaperOut)
    bench.twin.set_faults(off=["paper-out"])
    bench.twin.set_faults(on=["paper-out-mid-ticket"])
    outcome = await printer.print_slip(SLIP)
    assert (outcome.result, type(outcome.reason)) == ("unknown", PaperOut)


async def test_paper_put_in_while_the_printer_is_being_asked_loses_no_word_of_the_held_slip(
    bench: PrinterBench, printer: Printer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The end of the slip comes between answers that still say that the paper is out."""
    bench.twin.set_faults(on=["paper-out-mid-ticket"])
    assert isinstance((await printer.print_slip(SLIP, "A001")).reason, PaperOut)
    status_byte = bench.twin.status_byte

    def then_paper_comes(kind: int) -> int:
        byte = status_byte(kind)
        bench.twin.set_faults(off=["paper-out"])
        return byte

    monkeypatch.setattr(bench.twin, "status_byte", then_paper_comes)
    assert (await printer.status()).online is False
    assert len(bench.twin.slips) == 1
    assert printer.late() == ()  # asked before it came out: the next answers decide
    await printer.status()
    assert printer.late() == ("A001",)


async def test_a_technician_can_have_a_held_slip_dropped(bench: PrinterBench, printer: Printer) -> None:
    bench.twin.set_faults(on=["paper-out-mid-ticket"])
    assert (await printer.print_slip(SLIP, "A001")).result == "unknown"
    await printer.drop_held()
    await until(lambda: not bench.twin.held, bench)
    bench.twin.set_faults(off=["paper-out"])
    assert await printed_soon(bench, printer, Slip((TextLine("下一张"),))) < RECOVERED_S
    assert printer.late() == ()
    assert [slip.text_lines[-2:] for slip in bench.twin.slips] == [["第 4 行", "下一张"]]


@pytest.mark.parametrize("fault", ["garbage", "half-frame", "wrong-answer"])
async def test_on_a_bad_line_no_slip_is_sent_and_no_status_invented(
    bench: PrinterBench, printer: Printer, fault: str
) -> None:
    bench.twin.set_faults(on=[fault])
    outcome = await printer.print_slip(SLIP)
    assert outcome.result == "not_printed"
    if fault == "garbage":
        assert isinstance(outcome.reason, BadFrame)
        with pytest.raises(BadFrame):
            await printer.status()
    else:
        assert await printer.status() == PrinterStatus()
    bench.twin.set_faults(off=[fault])
    assert await printed_soon(bench, printer, SLIP) < RECOVERED_S
    assert len(bench.twin.slips) == 1


async def test_one_byte_among_noise_confirms_nothing(bench: PrinterBench, tmp_path: Path) -> None:
    profile = tmp_path / "fence.toml"
    profile.write_text('name = "fence"\nzh = "甲"\nen = "a"\n[answers]\ndle_eot = false\n', encoding="utf-8")
    printer = a_printer(bench, str(profile))
    bench.twin.set_faults(on=["garbage"])
    outcome = await printer.print_slip(SLIP)
    assert (outcome.result, type(outcome.reason)) == ("unknown", BadFrame)
    await printer.close()


async def test_a_printer_that_only_tells_by_itself_is_understood(bench: PrinterBench, tmp_path: Path) -> None:
    profile = tmp_path / "asb.toml"
    profile.write_text('name = "asb"\nzh = "甲"\nen = "a"\n[answers]\ndle_eot = false\nasb = true\n', encoding="utf-8")
    printer = a_printer(bench, str(profile))
    assert (await printer.status()).paper == "ok"
    assert await printer.print_slip(SLIP) == PrintOutcome("printed")
    bench.twin.set_faults(on=["paper-out"])
    assert (await printer.status()).paper == "out"
    assert isinstance((await printer.print_slip(SLIP)).reason, PaperOut)
    bench.twin.set_faults(off=["paper-out"])
    assert await printed_soon(bench, printer, SLIP) < RECOVERED_S
    bench.twin.set_faults(on=["mute"])
    assert not (await printer.status()).known
    await printer.close()
