"""How a device is, in one word that means the same everywhere, and why.

`fine` it answered or was heard · `degraded` it works, but (paper near its end, damaged frames) · `faulty` it says so
itself, or its port is lost · `silent` its port is open and it never answered: unknown, neither fine nor faulty.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from devices.errors import DeviceError, DeviceSilent

State = Literal["fine", "degraded", "faulty", "silent"]


@dataclass(frozen=True)
class Condition:
    state: State
    code: str = ""
    """`paper_out`, `port_missing`, `near_end`; empty when fine."""
    detail: str = ""
    """A sentence; of an error, without its frames."""
    fault: DeviceError | None = None
    """For `fault.message(lang)`."""


class Health:
    """`on_change` hears every new condition; telling the same again is nothing new."""

    def __init__(self, on_change: Callable[[Condition], None] = lambda condition: None) -> None:
        self.now = Condition("silent", "not_heard")
        self._on_change = on_change

    def heard(self) -> None:
        """It answered soundly, or spoke by itself; this ends every trouble before."""
        self._tell(Condition("fine"))

    def degraded(self, code: str, detail: str = "") -> None:
        self._tell(Condition("degraded", code, detail))

    def faulty(self, fault: DeviceError) -> None:
        """It says so itself, or cannot be reached."""
        self._tell(_of("faulty", fault))

    def silent(self, fault: DeviceError | None = None) -> None:
        """It should have answered and did not."""
        self._tell(_of("silent", fault or DeviceSilent()))

    def port(self, state: Literal["fine", "faulty"], fault: DeviceError | None) -> None:
        """The `on_state` of `ports.tend`. An open port says nothing of the device behind it."""
        if state == "faulty" and isinstance(fault, DeviceSilent):
            self.silent(fault)
        elif state == "faulty" and fault:
            self.faulty(fault)
        else:
            self._tell(Condition("silent", "not_heard"))

    def _tell(self, condition: Condition) -> None:
        before, self.now = self.now, condition
        if _shown(before) != _shown(condition):
            self._on_change(condition)


def _of(state: State, fault: DeviceError) -> Condition:
    return Condition(state, code_of(fault), fault.without_frames(), fault)


def _shown(condition: Condition) -> tuple[str, str, str]:
    return condition.state, condition.code, condition.detail


def code_of(fault: DeviceError) -> str:
    """PaperOut → `paper_out`."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", type(fault).__name__).lower()
