"""Twins by name: `hall devices twin KIND`, `twin:KIND`, `twin_bench(KIND)` and `hall devices floor` work from here.

The names stand in `devices.drivers`; a twin's module is imported only when one is asked for. printer and ff68 have
benches and pages of their own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from importlib import import_module
from typing import Any

from devices.drivers import DRIVERS, TWINS
from devices.twins.twin import CabledTwin, Twin

KINDS: dict[str, str] = {name: driver.twin for name, driver in DRIVERS.items() if driver.twin}
"""Kind → `module:class`, a CabledTwin."""


def make(kind: str, **options: Any) -> Twin:
    """Raises ValueError for a kind that does not exist."""
    return _class_of(kind)(**options)


def options_of(kind: str, told: Iterable[str]) -> dict[str, Any]:
    """`["width=96"]` as arguments for `make`. Raises ValueError with a sentence."""
    known: dict[str, Callable[[str], Any]] = {"name": str, **_class_of(kind).options}
    found = {}
    for one in told:
        name, given, text = one.partition("=")
        if not given or name not in known:
            raise ValueError(f"{one!r}: {kind} takes {', '.join(f'{name}=…' for name in known)}")
        try:
            found[name] = known[name](text)
        except ValueError as fault:
            raise ValueError(f"{name}={text!r} cannot be read: {fault}") from fault
    return found


def _class_of(kind: str) -> type[CabledTwin]:
    if kind not in KINDS:
        raise ValueError(f"there is no twin {kind!r}; there are {', '.join(TWINS)}")
    module, _, name = KINDS[kind].partition(":")
    made: type[CabledTwin] = getattr(import_module(module), name)
    return made
