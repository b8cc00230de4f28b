"""What a trial is told: where the device is, in which language to speak, and what was asked."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any

from devices.drivers import DRIVERS

HOLDER = "hall devices test"


@dataclass(frozen=True)
class Trial:
    url: str
    lang: str
    """`zh` or `en`."""
    say: Callable[[str], Any]
    baud: int = 9600
    seconds: float = 60.0
    """How long to listen to a device that speaks by itself."""
    settings: Mapping[str, str] = field(default_factory=dict)
    """`--set name=value`, for what only this kind of device has."""

    def words(self, words: Mapping[str, Mapping[str, str]]) -> Mapping[str, str]:
        return words[self.lang]


def trial_of(kind: str) -> Callable[[Trial], Awaitable[None]]:
    """The trial raises DeviceError when the device fails it. Raises KeyError for a kind that does not exist."""
    module, _, name = DRIVERS[kind].trial.partition(":")
    found: Callable[[Trial], Awaitable[None]] = getattr(import_module(module), name)
    return found
