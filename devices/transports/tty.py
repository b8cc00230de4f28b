"""Local serial ports and pseudo-terminals: pyserial opens and sets them, the event loop reads them."""

from __future__ import annotations

import asyncio
import errno
import os
import sys

import serial

from devices.errors import DeviceError, PortBusy, PortDenied, PortMissing
from devices.transports.claim import holder_of
from devices.transports.pipe import Pipe, ThreadedPipe

READ_BYTES = 4096
MISSING = frozenset((errno.ENOENT, errno.ENODEV, errno.ENXIO, errno.ENOTTY, errno.EISDIR, errno.ENOTDIR, errno.EIO))
BUSY = frozenset((errno.EBUSY, errno.EAGAIN, errno.EWOULDBLOCK))
DENIED = frozenset((errno.EACCES, errno.EPERM))


class TtyPipe:
    """Reads when asked: what nobody reads waits in the kernel, which has its own limit."""

    def __init__(self, port: serial.Serial) -> None:
        self._port = port
        self._fd: int = port.fileno()
        _tell_nothing_from_end(self._fd)

    async def receive(self) -> bytes:
        while True:
            try:
                return os.read(self._fd, READ_BYTES)
            except BlockingIOError:
                await _ready(self._fd, for_writing=False)

    async def send(self, data: bytes) -> None:
        rest = memoryview(data)
        while rest:
            try:
                rest = rest[os.write(self._fd, rest) :]
            except BlockingIOError:
                await _ready(self._fd, for_writing=True)

    async def close(self) -> None:
        self._port.close()


def _tell_nothing_from_end(fd: int) -> None:
    """pyserial sets VMIN 0, where a read without data looks like a hang-up; with VMIN 1 it raises BlockingIOError."""
    import termios

    settings = termios.tcgetattr(fd)
    settings[6][termios.VMIN] = 1
    termios.tcsetattr(fd, termios.TCSANOW, settings)


async def _ready(fd: int, *, for_writing: bool) -> None:
    loop = asyncio.get_running_loop()
    watch, unwatch = (loop.add_writer, loop.remove_writer) if for_writing else (loop.add_reader, loop.remove_reader)
    ready: asyncio.Future[None] = loop.create_future()
    watch(fd, _settle, ready)
    try:
        await ready
    finally:
        unwatch(fd)


def _settle(ready: asyncio.Future[None]) -> None:
    if not ready.done():
        ready.set_result(None)


def open_tty(path: str, *, baud: int, url: str) -> Pipe:
    """Opens exclusively and never waits for the device. Raises PortMissing, PortBusy, PortDenied."""
    try:
        port = serial.Serial(path, baud, timeout=_READ_TIMEOUT_S, write_timeout=None, exclusive=_EXCLUSIVE)
    except (OSError, ValueError) as fault:
        raise why_not(fault, path=path, url=url) from fault
    if sys.platform == "win32":
        return ThreadedPipe(lambda: bytes(port.read(max(1, port.in_waiting))), port.write, port.close)
    return TtyPipe(port)


# Windows opens exclusively by itself and knows no such option; only there the blocking read is used.
_EXCLUSIVE = None if sys.platform == "win32" else True
_READ_TIMEOUT_S = 0.2 if sys.platform == "win32" else 0


def why_not(fault: Exception, *, path: str, url: str) -> DeviceError:
    """The errno, or on Windows pyserial's text, as one of our errors."""
    number = getattr(fault, "errno", None)
    if number in BUSY or "Could not exclusively lock" in str(fault):
        return PortBusy(url=url, holder=holder_of(path))
    if number in DENIED:
        return PortDenied(url=url)
    if "PermissionError" in str(fault):  # Windows: somebody has COM3 open
        return PortBusy(url=url)
    if number in MISSING or "FileNotFoundError" in str(fault):
        return PortMissing(url=url)
    if "Could not configure port" in str(fault):  # pyserial drops the errno: a plain file, or a node without a device
        return PortMissing("This is no serial port, or no device is behind it.", url=url)
    return DeviceError(f"The port cannot be opened: {fault}", url=url)
