"""The queue before the printer, and the reports about it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

import httpx
import pytest

from devices.errors import CoverOpen, DeviceError, DeviceSilent, PaperOut, PortBusy, PortMissing
from devices.escpos_replies import PrinterStatus
from devices.printer import PrintOutcome
from devices.printer_profile import load_profile
from devices.slip import Slip, Space
from hub.link import Link
from hub.settings import settings_from
from kiosk.printing import SLIPS_WAITING, Job, Printing, code_of, code_of_status, device_state
from kiosk.reporting import Reporting
from kiosk.roll_file import RollFile
from kiosk.state import PaperDone, PrinterCode, PrinterSeen, Report
from tests.unit.kiosk.scenes import a_ticket

FINE = PrinterStatus(online=True, paper="ok", cover_open=False, cutter_jam=False, error=False)
Told = PaperDone | PrinterSeen


class APrinter:
    """Answers as it is told to, and keeps what was printed."""

    def __init__(self, *outcomes: PrintOutcome | ValueError, status: PrinterStatus | Exception = FINE) -> None:
        self.outcomes = list(outcomes)
        self.status_now = status
        self.slips: list[Slip] = []
        self.confirmed_late: tuple[str, ...] = ()
        self.go_on = asyncio.Event()
        self.go_on.set()

    async def status(self) -> PrinterStatus:
        if isinstance(self.status_now, Exception):
            raise self.status_now
        return self.status_now

    def late(self) -> tuple[str, ...]:
        confirmed, self.confirmed_late = self.confirmed_late, ()
        return confirmed

    async def print_slip(self, slip: Slip, ref: str = "") -> PrintOutcome:
        await self.go_on.wait()
        self.slips.append(slip)
        outcome = self.outcomes.pop(0) if self.outcomes else PrintOutcome("printed")
        if isinstance(outcome, ValueError):
            raise outcome
        return outcome


@asynccontextmanager
async def printing(
    printer: APrinter, roll: Path | None = None
) -> AsyncIterator[tuple[Printing, "asyncio.Queue[Told]"]]:
    told: asyncio.Queue[Told] = asyncio.Queue()
    profile = load_profile("generic")
    work = Printing(printer, profile=profile, tell=told.put_nowait, roll_file=RollFile(roll), status_every_s=0.01)
    task = asyncio.create_task(work.run())
    try:
        yield work, told
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def next_of(told: "asyncio.Queue[Told]", kind: type[Told]) -> Told:
    async with asyncio.timeout(5):
        while True:
            event = await told.get()
            if isinstance(event, kind):
                return event


def a_job(number: str = "A001") -> Job:
    return Job(a_ticket(number), Slip(()))


async def test_slips_come_out_in_the_order_of_their_numbers() -> None:
    async with printing(APrinter()) as (work, told):
        for number in ("A001", "A002", "A003"):
            await work.put(a_job(number))
        done = [await next_of(told, PaperDone) for _ in range(3)]
    assert [one.ticket.number for one in done if isinstance(one, PaperDone)] == ["A001", "A002", "A003"]


@pytest.mark.parametrize(
    ("outcome", "expected", "code"),
    [
        (PrintOutcome("printed"), "printed", ""),
        (PrintOutcome("not_printed", PaperOut()), "not_printed", "paper_out"),
        (PrintOutcome("unknown", PaperOut()), "held", "paper_out"),
        (PrintOutcome("unknown", DeviceSilent()), "unknown", "silent"),
        (PrintOutcome("unknown"), "unknown", "one_way"),
        (ValueError("no port"), "not_printed", "missing"),
    ],
)
async def test_the_printers_own_word_is_passed_on(
    outcome: PrintOutcome | ValueError, expected: str, code: PrinterCode
) -> None:
    async with printing(APrinter(outcome)) as (work, told):
        await work.put(a_job())
        done = await next_of(told, PaperDone)
    assert isinstance(done, PaperDone)
    assert (done.outcome, done.trouble) == (expected, code)


async def test_a_resting_printer_is_asked_and_only_changes_are_told() -> None:
    printer = APrinter()
    async with printing(printer) as (_, told):
        assert await next_of(told, PrinterSeen) == PrinterSeen("")
        printer.status_now = PrinterStatus(online=True, paper="near_end")
        assert await next_of(told, PrinterSeen) == PrinterSeen("near_end", 20)
        printer.status_now = PrinterStatus()
        assert await next_of(told, PrinterSeen) == PrinterSeen("silent")
        printer.status_now = PortMissing()
        assert await next_of(told, PrinterSeen) == PrinterSeen("missing")
        assert told.empty()


async def test_a_held_slip_that_comes_out_later_is_told_as_printed() -> None:
    printer = APrinter(PrintOutcome("unknown", PaperOut()))
    job = a_job()
    async with printing(printer) as (work, told):
        await work.put(job)
        assert await next_of(told, PaperDone) == PaperDone(job.ticket, "held", "paper_out", PaperOut().without_frames())
        printer.confirmed_late = (job.ticket.id, "of an earlier start")
        assert await next_of(told, PaperDone) == PaperDone(job.ticket, "printed")


async def test_near_the_end_of_the_roll_the_tickets_left_are_counted_also_after_a_restart(tmp_path: Path) -> None:
    near = APrinter(status=PrinterStatus(online=True, paper="near_end"))
    long_slip = Slip((Space(400),))
    async with printing(near, tmp_path / "roll.json") as (work, told):
        assert await next_of(told, PrinterSeen) == PrinterSeen("near_end", 20)
        await work.put(Job(a_ticket("A001"), long_slip))
        assert await next_of(told, PrinterSeen) == PrinterSeen("near_end", 6)
    async with printing(near, tmp_path / "roll.json") as (_, told):
        assert await next_of(told, PrinterSeen) == PrinterSeen("near_end", 6)
        near.status_now = FINE
        assert await next_of(told, PrinterSeen) == PrinterSeen("")
        near.status_now = PrinterStatus(online=True, paper="near_end")
        assert await next_of(told, PrinterSeen) == PrinterSeen("near_end", 9)


async def test_before_a_printer_that_stands_still_the_queue_ends() -> None:
    printer = APrinter()
    printer.go_on.clear()
    async with printing(printer) as (work, told):
        for count in range(SLIPS_WAITING + 2):
            await work.put(a_job(f"A{count:03}"))
            await asyncio.sleep(0)
        refused = await next_of(told, PaperDone)
        assert not work.idle
        printer.go_on.set()
        done = [await next_of(told, PaperDone) for _ in range(SLIPS_WAITING + 1)]
    assert isinstance(refused, PaperDone)
    assert (refused.outcome, refused.trouble) == ("not_printed", "queue_full")
    assert {one.outcome for one in done if isinstance(one, PaperDone)} == {"printed"}


@pytest.mark.parametrize(
    ("status", "code"),
    [
        (FINE, ""),
        (PrinterStatus(online=True, paper="near_end"), "near_end"),
        (PrinterStatus(online=False, paper="out"), "paper_out"),
        (PrinterStatus(online=False, paper="out", cover_open=True), "cover_open"),
        (PrinterStatus(online=False), "offline"),
        (PrinterStatus(), "silent"),
    ],
)
def test_what_a_printer_says_in_our_words(status: PrinterStatus, code: PrinterCode) -> None:
    assert code_of_status(status, answers=True) == code
    assert code_of_status(PrinterStatus(), answers=False) == "one_way"


@pytest.mark.parametrize(
    ("error", "code"), [(CoverOpen(), "cover_open"), (PortBusy(), "busy"), (DeviceError(), "trouble")]
)
def test_every_device_error_has_a_word(error: DeviceError, code: PrinterCode) -> None:
    assert code_of(error) == code


@pytest.mark.parametrize(
    ("code", "state"),
    [("", "fine"), ("near_end", "degraded"), ("silent", "silent"), ("one_way", "silent"), ("paper_out", "faulty")],
)
def test_silence_is_never_reported_as_fine(code: PrinterCode, state: str) -> None:
    assert device_state(code, "socket://printer:9100", "").state == state


# --- reports ---------------------------------------------------------------------------------------------------------


class AHub:
    """HTTP answers in order; the last one stays. None = no answer at all."""

    def __init__(self, *statuses: int | None) -> None:
        self.statuses = list(statuses)
        self.asked: list[tuple[str, str, str]] = []

    async def answer(self, request: httpx.Request) -> httpx.Response:
        self.asked.append((request.url.path, request.headers["Idempotency-Key"], request.content.decode()))
        status = self.statuses.pop(0) if len(self.statuses) > 1 else self.statuses[0]
        if status is None:
            raise httpx.ConnectError("nobody there", request=request)
        return httpx.Response(
            status, json={} if status < 400 else {"title": "", "status": status, "code": "x", "detail": ""}
        )


@asynccontextmanager
async def reporting(hub: AHub, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Reporting]:
    monkeypatch.setattr("kiosk.reporting.AGAIN_AFTER_S", (0.001,))
    transport = httpx.MockTransport(hub.answer)
    monkeypatch.setattr("hub.link.way.httpx.AsyncClient", partial(httpx.AsyncClient, transport=transport))
    settings = settings_from({"station": {"hub_url": "http://hub.example", "token": "a"}}, origin="test")
    link = Link(settings, station="kiosk", on_event=lambda event: None)
    work = Reporting(link)
    task = asyncio.create_task(work.run())
    try:
        yield work
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await link.close()


async def until_idle(work: Reporting) -> None:
    async with asyncio.timeout(5):
        while not work.idle:  # noqa: ASYNC110 - nobody but this test waits for the queue's end
            await asyncio.sleep(0)


async def test_reports_are_repeated_with_the_same_key_until_the_hub_has_them(monkeypatch: pytest.MonkeyPatch) -> None:
    hub = AHub(None, 503, 200)
    async with reporting(hub, monkeypatch) as work:
        await work.put(Report("t1", "printed"), "key-1")
        await work.put(Report("t2", "unknown", "silent"), "key-2")
        await until_idle(work)
    assert [(path, key) for path, key, _ in hub.asked] == [
        *[("/api/v1/tickets/t1/printed", "key-1")] * 3,
        ("/api/v1/tickets/t2/print-failed", "key-2"),
    ]
    assert '"outcome":"unknown"' in hub.asked[-1][2].replace(" ", "")


async def test_a_report_the_hub_will_never_take_does_not_block_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    hub = AHub(404, 200)
    async with reporting(hub, monkeypatch) as work:
        await work.put(Report("gone", "printed"), "key-1")
        await work.put(Report("t2", "not_printed", "x" * 900), "key-2")
        await until_idle(work)
    assert len(hub.asked) == 2


async def test_without_a_hub_the_memory_stays_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kiosk.reporting.REPORTS_KEPT", 3)
    hub = AHub(None)
    async with reporting(hub, monkeypatch) as work:
        for count in range(9):
            await work.put(Report(f"t{count}", "printed"), f"key-{count}")
        assert not work.idle
        hub.statuses = [200]
        await until_idle(work)
    assert [path for path, *_ in hub.asked][-3:] == [f"/api/v1/tickets/t{at}/printed" for at in (6, 7, 8)]
