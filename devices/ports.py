"""A pipe of bytes by URL, and how to keep one open.

| URL | what |
|---|---|
| `serial:///dev/ttyUSB0?baud=9600`, `/dev/ttyUSB0`, `COM3` | local serial port or pseudo-terminal, opened exclusively |
| `socket://host:port` | TCP: network printers (9100), serial servers |
| `rfc2217://host:port` | serial port of another machine, with its settings |
| `usb://04b8:0e15` | USB printer by vendor and product (hexadecimal), needs pyusb |
| `evdev:///dev/input/event3` | USB number pad on Linux: key events, for this program alone |
| `file:///path` | bytes appended to a file or a one-way device node; never answers |
| `loop://` | an echo inside this process |
| `twin:printer`, `twin:ff68` | that twin inside this process: only ever by name, never instead of a missing device |
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import parse_qs, unquote, urlsplit

from devices.errors import KEPT_FRAMES, DeviceError, PortBusy, PortLost, PortMissing
from devices.transports.pipe import Inbox, LocalPipe, Pipe

log = logging.getLogger("devices.ports")

WRITES_WAITING = 64
"""More unsent frames than this mean that the device takes nothing; the writer waits its turn."""
SHOWN_BYTES = 48
"""A frame in an error is shown up to this length: enough for every protocol here, little of a ticket."""

PortState = Literal["fine", "faulty"]
OnState = Callable[[PortState, DeviceError | None], None]


class Port:
    """An open pipe. One reader at a time; any number of writers, sent whole and in order."""

    def __init__(self, pipe: Pipe, url: str) -> None:
        self.url = url
        self.last_frames: deque[str] = deque(maxlen=KEPT_FRAMES)
        """The last reads and writes as hex, `>` sent, `<` received."""
        self.heard = False
        """At least one byte came in: the far end lives."""
        self._pipe = pipe
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
        self.heard = True
        self.last_frames.append(_line("<", data))
        return data

    async def write(self, data: bytes) -> None:
        """Returns when the system has taken all bytes; a cancelled write is still sent whole. Raises PortLost."""
        if self._lost or self._closed:
            raise self._lost or PortLost("The port was closed.", url=self.url)
        letter = _Letter(data)
        await self._waiting.put(letter)
        await asyncio.shield(letter.sent)

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
        await self._pipe.close()

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
                self.last_frames.append(_line(">", letter.data))
                letter.answer(None)
            self._sending = False

    def _refuse(self, fault: PortLost) -> None:
        while not self._waiting.empty():
            self._waiting.get_nowait().answer(fault)

    def _lose(self, fault: OSError | None) -> PortLost:
        why = f"The port was lost: {fault.strerror or fault}" if fault else "The far end hung up or was unplugged."
        self._lost = self._lost or PortLost(why, url=self.url, frames=self.last_frames)
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


# ---- opening ----

_HELD: dict[str, str] = {}
"""Local ports open in this program and for whom, so that a second user is told who has it."""


async def open_port(url: str, *, baud: int = 9600, holder: str = "") -> Port:
    """Opens the pipe `url` names. `holder` says for whom, in the error a second user gets.

    Raises PortMissing, PortBusy, PortDenied; ValueError for a URL that is none of those above.
    """
    scheme = scheme_of(url)
    if scheme not in _OPENERS:
        raise ValueError(f"{url!r} is no port: use {', '.join(sorted(_OPENERS))} or a device path")
    return await _OPENERS[scheme](url, baud, holder)


def scheme_of(url: str) -> str:
    """`serial` for plain paths and COM names."""
    if url.startswith(("/", "\\\\.\\")) or url.upper().startswith("COM"):
        return "serial"
    return url.partition(":")[0].lower()


def parse_serial(url: str, baud: int) -> tuple[str, int]:
    """The device path and the baud rate; `?baud=` in the URL wins over the argument."""
    if not url.startswith("serial:"):
        return url, baud
    parts = urlsplit(url)
    told = parse_qs(parts.query).get("baud", [str(baud)])[0]
    if not told.isdecimal() or int(told) < 1:
        raise ValueError(f"baud={told!r} in {url!r} is not a number")
    return unquote(parts.netloc + parts.path), int(told)


async def _open_serial(url: str, baud: int, holder: str) -> Port:
    from devices.transports.tty import open_tty

    path, baud = parse_serial(url, baud)
    try:
        pipe = open_tty(path, baud=baud, url=url)
    except PortBusy as fault:
        if path in _HELD:
            raise PortBusy(url=url, holder=_HELD[path]) from fault
        raise
    return Port(_Held(pipe, path, holder or "this program"), url)


class _Held:
    """A pipe that is written down in `_HELD` while it is open."""

    def __init__(self, pipe: Pipe, path: str, holder: str) -> None:
        self._path = path
        self._pipe = pipe
        self.receive = pipe.receive
        self.send = pipe.send
        _HELD[path] = holder

    async def close(self) -> None:
        _HELD.pop(self._path, None)
        await self._pipe.close()


async def _open_socket(url: str, baud: int, holder: str) -> Port:
    from devices.transports.network import open_tcp

    parts = urlsplit(url)
    if not parts.hostname or parts.port is None:
        raise ValueError(f"{url!r} needs a host and a port: socket://192.168.1.50:9100")
    return Port(await open_tcp(parts.hostname, parts.port, url=url), url)


async def _open_rfc2217(url: str, baud: int, holder: str) -> Port:
    from devices.transports.network import open_rfc2217

    return Port(await open_rfc2217(url, baud=baud), url)


async def _open_usb(url: str, baud: int, holder: str) -> Port:
    from devices.transports.usb import open_usb

    vendor, _, product = url.removeprefix("usb://").strip("/").partition(":")
    try:
        ids = int(vendor, 16), int(product, 16)
    except ValueError:
        raise ValueError(f"{url!r} needs vendor and product in hexadecimal: usb://04b8:0e15") from None
    return Port(await open_usb(*ids, url=url), url)


async def _open_evdev(url: str, baud: int, holder: str) -> Port:
    from devices.transports.evdev import open_events

    return Port(open_events(unquote(urlsplit(url).path), url=url), url)


async def _open_file(url: str, baud: int, holder: str) -> Port:
    from devices.transports.onto_file import open_file

    return Port(open_file(unquote(urlsplit(url).path), url=url), url)


async def _open_loop(url: str, baud: int, holder: str) -> Port:
    inbox = Inbox()
    return Port(LocalPipe(inbox, inbox.deliver), url)


async def _open_twin(url: str, baud: int, holder: str) -> Port:
    from devices.twins import local

    name = url.removeprefix("twin:")
    if name not in local.TWINS:
        raise PortMissing(f"There is no twin {name!r}; there are {', '.join(sorted(local.TWINS))}.", url=url)
    return Port(local.TWINS[name](), url)


_OPENERS: dict[str, Callable[[str, int, str], Awaitable[Port]]] = {
    "serial": _open_serial,
    "socket": _open_socket,
    "rfc2217": _open_rfc2217,
    "usb": _open_usb,
    "evdev": _open_evdev,
    "file": _open_file,
    "loop": _open_loop,
    "twin": _open_twin,
}


# ---- keeping one open ----


async def tend(
    url: str,
    session: Callable[[Port], Awaitable[None]],
    *,
    on_state: OnState,
    baud: int = 9600,
    holder: str = "",
    first_wait_s: float = 0.2,
    longest_wait_s: float = 5.0,
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
) -> None:
    """Opens the port, runs `session` on it, and starts over after any DeviceError, for ever (until cancelled).

    `on_state` hears "fine" when the port is open (whether the device behind it lives is for the session to say) and
    "faulty" with the error when it is not; only changes of state or of error are told. The pause doubles up to
    `longest_wait_s` and is short again once a byte was heard. Other exceptions of the session go through.
    """
    wait_s = first_wait_s
    tell = _ChangesOnly(on_state)
    while True:
        try:
            port = await open_port(url, baud=baud, holder=holder)
        except DeviceError as fault:
            tell("faulty", fault)
        else:
            tell("fine", None)
            fault_or_none = await _run(session, port)
            if fault_or_none:
                tell("faulty", fault_or_none)
            if port.heard:
                wait_s = first_wait_s
        await sleep(wait_s)
        wait_s = min(wait_s * 2, longest_wait_s)


async def _run(session: Callable[[Port], Awaitable[None]], port: Port) -> DeviceError | None:
    try:
        await session(port)
    except DeviceError as fault:
        return fault
    finally:
        await port.close()
    return None


class _ChangesOnly:
    """Passes on a state only when it differs from the last: a cable that is out for a day is one line in the log."""

    def __init__(self, on_state: OnState) -> None:
        self._on_state = on_state
        self._last: tuple[PortState, type[DeviceError] | None] | None = None

    def __call__(self, state: PortState, fault: DeviceError | None) -> None:
        now = (state, type(fault) if fault else None)
        if now == self._last:
            return
        self._last = now
        if fault:
            log.warning("port faulty: %s", fault.without_frames())
        self._on_state(state, fault)
