"""A Linux input device: read-only key events, taken for this program alone."""

from __future__ import annotations

import asyncio
import errno
import os
import sys

from devices.errors import PortBusy, PortMissing
from devices.transports.pipe import Pipe

EVIOCGRAB = 0x40044590
"""linux/input.h: `_IOW('E', 0x90, int)`. Grabbed, the keys reach no other program and no console."""
READ_BYTES = 24 * 64
_NO_EVENT_DEVICE = frozenset((errno.ENOTTY, errno.EINVAL, errno.ENOSYS))


class EventPipe:
    def __init__(self, fd: int) -> None:
        self._fd = fd

    async def receive(self) -> bytes:
        while True:
            try:
                return os.read(self._fd, READ_BYTES)
            except BlockingIOError:
                await self._ready()

    async def _ready(self) -> None:
        loop = asyncio.get_running_loop()
        ready = asyncio.Event()
        loop.add_reader(self._fd, ready.set)
        try:
            await ready.wait()
        finally:
            loop.remove_reader(self._fd)

    async def send(self, data: bytes) -> None:
        raise OSError(errno.EBADF, "an input device cannot be written")

    async def close(self) -> None:
        os.close(self._fd)


def open_events(path: str, *, url: str) -> Pipe:
    """Raises PortMissing, PortBusy, PortDenied."""
    if not sys.platform.startswith("linux"):
        raise PortMissing("Input devices can be opened by their path on Linux only.", url=url)
    from devices.transports.tty import why_not

    try:
        fd = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC)
    except OSError as fault:
        raise why_not(fault, path=path, url=url) from fault
    try:
        _grab(fd, path, url)
    except BaseException:
        os.close(fd)
        raise
    return EventPipe(fd)


def _grab(fd: int, path: str, url: str) -> None:
    """A pipe or pseudo-terminal with recorded events is no input device and cannot be grabbed."""
    import fcntl

    from devices.transports.claim import holder_of

    try:
        fcntl.ioctl(fd, EVIOCGRAB, 1)
    except OSError as fault:
        if fault.errno == errno.EBUSY:
            raise PortBusy(url=url, holder=holder_of(path)) from fault
        if fault.errno not in _NO_EVENT_DEVICE:
            raise
