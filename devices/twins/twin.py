"""What every twin has in common: cables, faults, something to look at, and something a person can do to it.

A new twin subclasses `CabledTwin`, overrides `hear`, and `shown`, `act` and `picture` where it has them; it talks by
`say`. It is written from the source's drawing of the protocol, never with the driver's own encoder, and is as strict as
the real device: a wrong sum gets no answer, or the device's own error answer.
"""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Protocol

from PIL import Image

from devices.twins.faults import COMMON, Faults
from devices.twins.watch import Watch
from devices.twins.wires import Plug, Send

Later = Callable[[float, Callable[[], None]], object]
"""The event loop's `call_later`."""


def on_this_loop(seconds: float, call: Callable[[], None]) -> object:
    return asyncio.get_running_loop().call_later(seconds, call)


@dataclass(frozen=True)
class Action:
    """A button of the control page: `body` goes to `act`, with what was typed into the fields of `ask`."""

    zh: str
    en: str
    body: Mapping[str, Any]
    ask: Mapping[str, str] = field(default_factory=dict)
    """Field of the body → what stands in it at first."""


class Twin(Protocol):
    kind: str
    name: str
    watch: Watch
    faults: Faults
    on_plug: Callable[[bool], None]
    """Told when `unplugged` is switched; the wires hang themselves up."""

    @property
    def actions(self) -> tuple[Action, ...]: ...

    def attach(self, send: Send) -> Plug: ...

    def set_faults(self, on: Iterable[str] = (), off: Iterable[str] = ()) -> None: ...

    def state(self) -> dict[str, Any]: ...

    def act(self, body: dict[str, Any]) -> dict[str, Any]:
        """What a person does: press, lay a card, scan. Raises ValueError with a sentence."""

    def picture(self) -> Image.Image | None: ...


@dataclass(eq=False)
class Cable:
    """One host's cable into a twin. `waiting` is for the twin: bytes that are no whole frame yet."""

    twin: CabledTwin
    send: Send
    waiting: bytearray = field(default_factory=bytearray)

    def receive(self, data: bytes) -> None:
        if "unplugged" not in self.twin.faults:
            self.twin.received_bytes += len(data)
            self.twin.hear(self, data)

    def unplug(self) -> None:
        self.twin.cables.discard(self)


class CabledTwin(ABC):
    """The body of a twin; a `Twin` once `hear` is written."""

    kind = ""
    actions: tuple[Action, ...] = ()
    more_faults: ClassVar[tuple[str, ...]] = ()
    """What this device can do besides the common faults: `paper-out`, `no-card`."""
    options: ClassVar[Mapping[str, Callable[[str], Any]]] = {}
    """Further arguments of the constructor that `--set name=value` may give, each with how to read its text."""

    def __init__(self, name: str = "", *, faults: Iterable[str] = (), later: Later = on_this_loop) -> None:
        self.name = name or self.kind
        self.watch = Watch()
        self.faults = Faults((*COMMON, *self.more_faults), faults)
        self.on_plug: Callable[[bool], None] = lambda plugged: None
        self.cables: set[Cable] = set()
        self.received_bytes = 0
        self.later = later

    def attach(self, send: Send) -> Cable:
        cable = Cable(self, send)
        self.cables.add(cable)
        return cable

    @abstractmethod
    def hear(self, cable: Cable, data: bytes) -> None:
        """Bytes from the host, cut anywhere; what is no whole frame yet can wait in `cable.waiting`."""

    def say(
        self, frame: bytes, *, to: Cable | None = None, sum_at: int | None = -1, wrong: bytes | None = None
    ) -> None:
        """Sends to one host or to all, damaged as the faults want it (see `Faults.mangle`)."""
        for wait_s, piece in self.faults.mangle(frame, sum_at=sum_at, wrong=wrong):
            for cable in [to] if to else list(self.cables):
                self._send(cable, piece, wait_s)

    def _send(self, cable: Cable, piece: bytes, wait_s: float) -> None:
        if wait_s:
            self.later(wait_s, lambda: cable.send(piece) if cable in self.cables else None)
        else:
            cable.send(piece)

    def set_faults(self, on: Iterable[str] = (), off: Iterable[str] = ()) -> None:
        """Raises ValueError for a fault that does not exist; then nothing is changed."""
        was_out = "unplugged" in self.faults
        self.faults.set(on, off)
        if was_out != ("unplugged" in self.faults):
            self.on_plug(was_out)
        self.watch.touch()

    def state(self) -> dict[str, Any]:
        return {"received_bytes": self.received_bytes, **self.shown()}

    def shown(self) -> dict[str, Any]:
        """What the control page and the demo show of this device."""
        return {}

    def act(self, body: dict[str, Any]) -> dict[str, Any]:
        raise ValueError("nobody can press anything on this device")

    def picture(self) -> Image.Image | None:
        """How it looks now; None for a device that has nothing to see."""
        return None
