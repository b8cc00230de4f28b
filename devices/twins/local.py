"""`twin:printer` and `twin:ff68`: a twin inside this very process, for a first look without any hardware.

There is one of each per process, so that a driver that reconnects finds the same paper and the same keypad again.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import lru_cache

from devices.transports.pipe import Pipe
from devices.twins.ff68 import Ff68Line
from devices.twins.printer import PrinterTwin
from devices.twins.wires import local_pipe


def _later(seconds: float, call: Callable[[], None]) -> object:
    return asyncio.get_running_loop().call_later(seconds, call)


@lru_cache(maxsize=1)
def printer() -> PrinterTwin:
    return PrinterTwin(later=_later)


@lru_cache(maxsize=1)
def ff68() -> Ff68Line:
    return Ff68Line(later=_later)


TWINS: dict[str, Callable[[], Pipe]] = {
    "printer": lambda: local_pipe(printer().attach),
    "ff68": lambda: local_pipe(ff68().attach),
}
