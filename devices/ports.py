"""A pipe of bytes by URL, and how to keep one open.

| URL | what |
|---|---|
| `serial:///dev/ttyUSB0?baud=9600`, `/dev/ttyUSB0`, `COM3` | local serial port or pseudo-terminal, opened exclusively |
| `socket://host:port` | TCP: network printers (9100), serial servers |
| `udp://host:port` | datagrams: LED walls (DDP, 4048), LED cards; one-way devices never answer |
| `rfc2217://host:port` | serial port of another machine, with its settings |
| `usb://04b8:0e15` | USB printer by vendor and product (hexadecimal), needs pyusb |
| `evdev:///dev/input/event3` | USB number pad on Linux: key events, for this program alone |
| `file:///path` | bytes appended to a file or a one-way device node; never answers |
| `queue://NAME` | a print queue of the system (CUPS, Windows): takes a job whole, never answers |
| `loop://` | an echo inside this process |
| `twin:printer`, `twin:ff68` … | that twin inside this process: only ever by name, never instead of a missing device |
| `replay:FILE` | plays a recording's device; fails when the driver does otherwise than then |
| `record:FILE|URL` | the port at URL, written down in FILE |

Local ports, USB and network addresses are for one program of this machine at a time; the second is told who has it.
`socket://host:port?shared=yes` lets several in, for serial servers that take several connections.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections import deque
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Literal, Self

from devices.errors import KEPT_FRAMES, BadFrame, DeviceError, PortLost
from devices.transports.claim import Claim, claim
from devices.transports.opening import OPENERS, device_of, recorded, scheme_of
from devices.transports.pipe import Pipe, Untouched

log = logging.getLogger("devices.ports")

WRITES_WAITING = 64
"""More unsent frames than this mean that the device takes nothing; the writer waits its turn."""
SHOWN_BYTES = 48
"""A frame in an error is shown up to this length: enough for every protocol here, little of a ticket."""

LONGEST_WAIT_S = 2.0
"""A device that is plugged in again after a day is back in under 3 s."""

STANDS_S = 0.2
"""A port that is open again and lost within this time was not back: so hangs up a serial server with another client."""

PortState = Literal["fine", "faulty"]
OnState = Callable[[PortState, DeviceError | None], None]


class Port:
    """An open pipe. One reader at a time; any number of writers, sent whole and in order.

    `async with` closes it, and gives every DeviceError that passes the last frames. What comes in on a `private` port
    is about persons (ID cards, scanned codes): frames show its length only, and no error carries it.
    """

    def __init__(self, pipe: Pipe, url: str, *, claim: Claim | None = None, private: bool = False) -> None:
        self.url = url
        self.private = private
        self.last_frames: deque[str] = deque(maxlen=KEPT_FRAMES)
        """The last reads and writes as hex, `>` sent, `<` received."""
        self.heard = False
        """At least one byte came in: the far end lives."""
        self.on_heard: Callable[[], None] = lambda: None
        """Called before the first byte is handed over."""
        self._pipe = pipe
        self._claim = claim
        self._waiting: asyncio.Queue[_Letter] = asyncio.Queue(WRITES_WAITING)
        self._lost: PortLost | None = None
        self._closed = False
        self._sending = False
        self._writer = asyncio.create_task(self._send_all(), name=f"writer of {url}")

    async def read(self) -> bytes:
        """At least one byte. Raises PortLost when the device is unplugged or hangs up. Cancelling it loses nothing."""
        if self._lost:
            raise self._lost
        try:
            data = await self._pipe.receive()
        except OSError as fault:
            raise self._lose(fault) from fault
        if not data:
            raise self._lose(None)
        if not self.heard:
            self.heard = True
            self.on_heard()
        self.note(_hidden(data) if self.private else _line("<", data))
        return data

    async def write(self, data: bytes) -> None:
        """Returns when the system has taken all bytes; a cancelled write is still sent whole. Raises PortLost."""
        if self._lost or self._closed:
            raise self._lost or PortLost("The port was closed.", url=self.url)
        letter = _Letter(data)
        await self._waiting.put(letter)
        await asyncio.shield(letter.sent)

    def note(self, line: str) -> None:
        """A line among the last frames: what a driver understood of bytes that are not shown (`< SAM answers 90`)."""
        self.last_frames.append(line)

    def explain(self, fault: DeviceError) -> None:
        """Gives an error where it happened and the last frames, unless it has its own; takes personal bytes away."""
        fault.url = fault.url or self.url
        if self.private or not fault.frames:
            fault.frames = tuple(self.last_frames)
        if self.private and isinstance(fault, BadFrame):
            fault.data = b""

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        if isinstance(fault, DeviceError):
            self.explain(fault)
        await self.close()

    @property
    def unsent(self) -> bool:
        """Bytes were given to `write` that the system has not taken yet."""
        return self._sending or not self._waiting.empty()

    async def close(self) -> None:
        if self._closed:
            return
        self._closed = True
        self._writer.cancel()
        await asyncio.wait([self._writer])
        self._refuse(self._lost or PortLost("The port was closed.", url=self.url))
        try:
            await self._pipe.close()
        finally:
            if self._claim:
                self._claim.release()

    async def _send_all(self) -> None:
        while True:
            letter = await self._waiting.get()
            self._sending = True
            try:
                await self._pipe.send(letter.data)
            except OSError as fault:
                lost = self._lose(fault)
                letter.answer(lost)
                self._refuse(lost)
            except asyncio.CancelledError:
                letter.answer(PortLost("The port was closed while a frame was being sent.", url=self.url))
                raise
            else:
                self.note(_line(">", letter.data))
                letter.answer(None)
            self._sending = False

    def _refuse(self, fault: PortLost) -> None:
        while not self._waiting.empty():
            self._waiting.get_nowait().answer(fault)

    def _lose(self, fault: OSError | None) -> PortLost:
        why = f"The port was lost: {fault.strerror or fault}" if fault else "The far end hung up or was unplugged."
        self._lost = self._lost or PortLost(
            why, url=self.url, frames=self.last_frames, untouched=isinstance(fault, Untouched)
        )
        return self._lost


@dataclass(frozen=True)
class _Letter:
    data: bytes
    sent: asyncio.Future[None] = field(default_factory=lambda: asyncio.get_running_loop().create_future())

    def answer(self, fault: PortLost | None) -> None:
        if self.sent.done():
            return
        if fault is None:
            self.sent.set_result(None)
        else:
            self.sent.set_exception(fault)
            self.sent.exception()  # the writer may be gone; asyncio need not complain about an unread answer


def _line(direction: str, data: bytes) -> str:
    more = f" … ({len(data)} bytes)" if len(data) > SHOWN_BYTES else ""
    return f"{direction} {data[:SHOWN_BYTES].hex(' ')}{more}"


def _hidden(data: bytes) -> str:
    return f"< ({len(data)} bytes, personal: not shown)"


# ---- opening ----


async def open_port(url: str, *, baud: int = 9600, holder: str = "", private: bool = False) -> Port:
    """Opens the pipe `url` names. `holder` says for whom, in the error a second user gets; `private`: see `Port`.

    Raises PortMissing, PortBusy, PortDenied; ValueError for a URL that is none of those above.
    """
    recording, url = recorded(url)
    scheme = scheme_of(url)
    if scheme not in OPENERS:
        raise ValueError(
            f"{url!r} 不是端口，应写成 /dev/ttyUSB0、COM3、socket://192.168.1.50:9100 等"
            f" · is no port: write a device path, or {', '.join(sorted(OPENERS))}"
        )
    device = device_of(url)
    held = await claim(device, url=url, holder=holder) if device else None
    try:
        pipe = await OPENERS[scheme](url, baud)
    except BaseException:
        if held:
            held.release()
        raise
    if recording:
        pipe = await asyncio.to_thread(_record, pipe, recording, private)
    return Port(pipe, url, claim=held, private=private)


def _record(pipe: Pipe, file: str, private: bool) -> Pipe:
    from devices.recording import RecordingPipe

    return RecordingPipe(pipe, Path(file), private=private, clock=time.monotonic)


# ---- keeping one open ----


async def tend(
    url: str,
    session: Callable[[Port], Awaitable[None]],
    *,
    on_state: OnState,
    baud: int = 9600,
    holder: str = "",
    private: bool = False,
    first_wait_s: float = 0.2,
    longest_wait_s: float = LONGEST_WAIT_S,
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
) -> None:
    """Opens the port, runs `session` on it, and starts over after any DeviceError, for ever (until cancelled).

    `on_state` hears "fine" when the port is open (whether the device behind it lives is for the session to say; after
    a fault when it brought a byte or stood for STANDS_S) and "faulty" with the error when it is not; only changes of
    state or of error are told. The pause doubles up to `longest_wait_s` and is short again once a byte was heard.
    Other exceptions of the session go through.
    """
    wait_s = first_wait_s
    tell = _ChangesOnly(on_state)
    while True:
        try:
            port = await open_port(url, baud=baud, holder=holder, private=private)
        except DeviceError as fault:
            tell("faulty", fault)
        else:
            with _told_open(port, tell):
                fault_or_none = await _run(session, port)
            if fault_or_none:
                tell("faulty", fault_or_none)
            if port.heard:
                wait_s = first_wait_s
        await sleep(wait_s)
        wait_s = min(wait_s * 2, longest_wait_s)


@contextlib.contextmanager
def _told_open(port: Port, tell: _ChangesOnly) -> Iterator[None]:
    if not tell.faulty:
        tell("fine", None)
    port.on_heard = partial(tell, "fine", None)
    stands = asyncio.get_running_loop().call_later(STANDS_S, tell, "fine", None)
    try:
        yield
    finally:
        stands.cancel()


async def _run(session: Callable[[Port], Awaitable[None]], port: Port) -> DeviceError | None:
    try:
        async with port:
            await session(port)
    except DeviceError as fault:
        return fault
    return None


class _ChangesOnly:
    """Passes on a state only when it differs from the last: a cable that is out for a day is one line in the log."""

    def __init__(self, on_state: OnState) -> None:
        self._on_state = on_state
        self._last: tuple[PortState, type[DeviceError] | None] | None = None

    @property
    def faulty(self) -> bool:
        return self._last is not None and self._last[0] == "faulty"

    def __call__(self, state: PortState, fault: DeviceError | None) -> None:
        now = (state, type(fault) if fault else None)
        if now == self._last:
            return
        self._last = now
        if fault:
            log.warning("port faulty: %s", fault.without_frames())
        self._on_state(state, fault)
