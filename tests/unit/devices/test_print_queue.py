"""System print queues at the level of bytes: a program `lp` and a module `win32print` of our own stand for the real."""

import os
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from devices.errors import PortLost, PortMissing, PrinterOffline
from devices.ports import open_port
from devices.printer import Printer
from devices.slip import Slip, TextLine
from devices.transports import print_queue
from devices.transports.pipe import Untouched

SLIP = Slip((TextLine("请到 3 号窗口"),))
LPSTAT = """#!/bin/sh
case "$2" in
  tickets) echo "tickets accepting requests since today" ;;
  resting) echo "resting not accepting requests since today -" ;;
  *) echo "lpstat: Invalid destination name in list \\"$2\\"." >&2; exit 1 ;;
esac
"""
LP = """#!/bin/sh
[ -e "$JOBS/refused" ] && { echo "lp: the disk is full" >&2; exit 1; }
echo "$@" >> "$JOBS/asked"
cat > "$JOBS/job"
"""


@pytest.fixture
def jobs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """What `lp` was asked, and the bytes it got."""
    for name, script in (("lp", LP), ("lpstat", LPSTAT)):
        program = tmp_path / name
        program.write_text(script, encoding="utf-8")
        program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("JOBS", str(tmp_path))
    return tmp_path


async def test_a_slip_goes_raw_into_the_queue_and_nobody_knows_more(jobs: Path) -> None:
    printer = Printer("queue://tickets")
    outcome = await printer.print_slip(SLIP)
    assert (outcome.result, outcome.reason) == ("unknown", None)
    assert (jobs / "asked").read_text(encoding="utf-8") == "-d tickets -o raw -t hall\n"
    job = (jobs / "job").read_bytes()
    assert "请到 3 号窗口".encode("gb18030") in job
    assert job.endswith(bytes.fromhex("1d564200"))
    assert not (await printer.status()).known
    await printer.close()


async def test_what_the_queue_refuses_was_not_printed_and_may_be_sent_again(jobs: Path) -> None:
    (jobs / "refused").touch()
    printer = Printer("queue://tickets")
    outcome = await printer.print_slip(SLIP)
    assert (outcome.result, type(outcome.reason)) == ("not_printed", PortLost)
    assert "the disk is full" in str(outcome.reason)
    (jobs / "refused").unlink()
    assert (await printer.print_slip(SLIP)).result == "unknown"
    await printer.close()


async def test_a_queue_that_is_not_there_or_takes_nothing_is_told_apart(jobs: Path) -> None:
    with pytest.raises(PortMissing, match=r"no print queue 'laser'.*Invalid destination"):
        await open_port("queue://laser")
    with pytest.raises(PrinterOffline, match="cupsaccept resting"):
        await open_port("queue://resting")
    with pytest.raises(ValueError, match="queue://ticket-printer"):
        await open_port("queue://-rf")


async def test_without_cups_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(PortMissing, match="apt-get install cups-client"):
        await open_port("queue://tickets")


class Spooler(ModuleType):
    """Windows' spooler as pywin32 shows it."""

    def __init__(self, takes: int | None = None) -> None:
        super().__init__("win32print")
        self.takes = takes
        self.calls: list[Any] = []

    def OpenPrinter(self, name: str) -> str:  # noqa: N802
        if name != "号票打印机":
            raise Win32Error(1801, "OpenPrinter", "The printer name is invalid.")
        return name

    def WritePrinter(self, printer: str, data: bytes) -> int:  # noqa: N802
        self.calls.append(data)
        return len(data) if self.takes is None else self.takes

    def __getattr__(self, name: str) -> Any:
        return lambda *arguments: self.calls.append((name, *arguments))


class Win32Error(Exception):
    """As pywintypes.error: no OSError."""


@pytest.fixture
def spooler(monkeypatch: pytest.MonkeyPatch) -> Spooler:
    made, types = Spooler(), ModuleType("pywintypes")
    types.error = Win32Error  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "win32print", made)
    monkeypatch.setitem(sys.modules, "pywintypes", types)
    return made


def test_on_windows_a_slip_is_one_raw_document(spooler: Spooler) -> None:
    print_queue.look_at_spooler("号票打印机", "queue://号票打印机")
    spooler.calls.clear()
    print_queue.put_into_spooler("号票打印机", b"\x1b@A007")
    printer = "号票打印机"
    assert spooler.calls == [
        ("StartDocPrinter", printer, 1, ("hall", None, "RAW")),
        ("StartPagePrinter", printer),
        b"\x1b@A007",
        ("EndPagePrinter", printer),
        ("EndDocPrinter", printer),
        ("ClosePrinter", printer),
    ]


def test_on_windows_a_missing_printer_and_half_a_job_are_told(spooler: Spooler) -> None:
    with pytest.raises(PortMissing, match="invalid"):
        print_queue.look_at_spooler("laser", "queue://laser")
    with pytest.raises(Untouched):
        print_queue.put_into_spooler("laser", b"A")
    spooler.takes = 3
    with pytest.raises(OSError, match="3 of 6 bytes"):
        print_queue.put_into_spooler("号票打印机", b"\x1b@A007"[:6])
