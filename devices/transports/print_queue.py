"""The system's own print queues: CUPS by `lp`, Windows by its spooler.

A queue takes a job whole and says nothing of the paper. What it refuses was not printed; what it takes may be printed
now, later, or when somebody has mended the printer.
"""

from __future__ import annotations

import asyncio
import os
import re
import subprocess
import sys
from collections.abc import Sequence
from functools import partial
from importlib import import_module
from typing import Any

from devices.errors import PortMissing, PrinterOffline, SoftwareMissing
from devices.transports.pipe import OneWayPipe, Pipe, Untouched

TITLE = "hall"
PATIENCE_S = 10.0
"""A healthy spooler answers in well under a second."""


async def open_queue(name: str, *, url: str) -> Pipe:
    """Raises PortMissing when there is no such queue, PrinterOffline when it takes no jobs; ValueError."""
    if not name or name.startswith("-") or re.search(r"[\x00-\x1f]", name):
        raise ValueError(f"{url!r} needs the name of a print queue: queue://ticket-printer")
    look, put = WINDOWS if sys.platform == "win32" else CUPS
    await asyncio.to_thread(look, name, url)
    return OneWayPipe(partial(put, name))


# ---- CUPS ----


def look_at_cups(name: str, url: str) -> None:
    try:
        told = _run(["lpstat", "-a", name])
    except FileNotFoundError as fault:
        raise SoftwareMissing("apt-get install cups-client", url=url) from fault
    except subprocess.TimeoutExpired as fault:
        raise PortMissing(f"CUPS did not answer within {PATIENCE_S:g} s.", url=url) from fault
    if told.returncode:
        raise PortMissing(f"There is no print queue {name!r}: {_said(told)}; `lpstat -a` lists them.", url=url)
    if b"not accepting" in told.stdout:
        raise PrinterOffline(f"The print queue takes no jobs; let it: cupsaccept {name}", url=url)


def put_into_cups(name: str, data: bytes) -> None:
    """Raw: CUPS changes no byte. Raises Untouched when the job was not taken."""
    try:
        told = _run(["lp", "-d", name, "-o", "raw", "-t", TITLE], data)
    except FileNotFoundError as fault:
        raise Untouched("there is no program lp") from fault
    except subprocess.TimeoutExpired as fault:
        raise OSError(f"lp did not come back within {PATIENCE_S:g} s") from fault
    if told.returncode:
        raise Untouched(f"lp: {_said(told)}")


def _run(command: Sequence[str], data: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    english = {**os.environ, "LC_ALL": "C"}
    return subprocess.run(command, input=data, capture_output=True, timeout=PATIENCE_S, check=False, env=english)


def _said(told: subprocess.CompletedProcess[bytes]) -> str:
    return (told.stderr or told.stdout).decode("utf-8", "replace").strip() or f"exit status {told.returncode}"


# ---- Windows ----


def look_at_spooler(name: str, url: str) -> None:
    win32print, errors = _pywin32(url)
    try:
        win32print.ClosePrinter(win32print.OpenPrinter(name))
    except errors as fault:
        raise PortMissing(f"There is no printer {name!r}: {fault}", url=url) from fault


def put_into_spooler(name: str, data: bytes) -> None:
    """One RAW document. Raises Untouched when the spooler took none of it."""
    win32print, errors = _pywin32(name)
    try:
        printer = win32print.OpenPrinter(name)
    except errors as fault:
        raise Untouched(str(fault)) from fault
    try:
        win32print.StartDocPrinter(printer, 1, (TITLE, None, "RAW"))
        win32print.StartPagePrinter(printer)
        written = win32print.WritePrinter(printer, data)
        win32print.EndPagePrinter(printer)
        win32print.EndDocPrinter(printer)
    except errors as fault:
        raise OSError(f"the spooler failed: {fault}") from fault
    finally:
        win32print.ClosePrinter(printer)
    if written != len(data):
        raise OSError(f"the spooler took {written} of {len(data)} bytes")


def _pywin32(url: str) -> tuple[Any, type[Exception]]:
    try:
        return import_module("win32print"), import_module("pywintypes").error
    except ImportError as fault:
        raise SoftwareMissing("pip install pywin32", url=url) from fault


CUPS = (look_at_cups, put_into_cups)
WINDOWS = (look_at_spooler, put_into_spooler)
