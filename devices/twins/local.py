"""`twin:printer`, `twin:ff68` …: a twin inside this very process, for a first look without any hardware.

There is one of each kind per process, so that a driver that reconnects finds the same paper and the same keypad again.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, partial

from devices.transports.pipe import Pipe
from devices.twins import kinds
from devices.twins.ff68 import Ff68Line
from devices.twins.printer import PrinterTwin
from devices.twins.twin import Twin, on_this_loop
from devices.twins.wires import local_pipe


@lru_cache(maxsize=1)
def printer() -> PrinterTwin:
    return PrinterTwin(later=on_this_loop)


@lru_cache(maxsize=1)
def ff68() -> Ff68Line:
    return Ff68Line(later=on_this_loop)


@lru_cache
def other(kind: str) -> Twin:
    return kinds.make(kind)


TWINS: dict[str, Callable[[], Pipe]] = {
    "printer": lambda: local_pipe(printer().attach),
    "ff68": lambda: local_pipe(ff68().attach),
    **{kind: partial(lambda kind: local_pipe(other(kind).attach), kind) for kind in kinds.KINDS},
}
