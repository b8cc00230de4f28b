"""A file or a one-way device node (/dev/usb/lp0) that takes bytes and never answers."""

from __future__ import annotations

import asyncio
from io import FileIO
from pathlib import Path

from devices.errors import DeviceError, PortDenied, PortMissing
from devices.transports.pipe import Pipe


class FilePipe:
    def __init__(self, file: FileIO) -> None:
        self._file = file
        self._closed = asyncio.Event()

    async def receive(self) -> bytes:
        """Waits until the file is closed: a file has nothing to say."""
        await self._closed.wait()
        return b""

    async def send(self, data: bytes) -> None:
        await asyncio.to_thread(self._write_all, data)

    def _write_all(self, data: bytes) -> None:
        rest = memoryview(data)
        while rest:
            rest = rest[self._file.write(rest) or 0 :]

    async def close(self) -> None:
        self._closed.set()
        await asyncio.to_thread(self._file.close)


def open_file(path: str, *, url: str) -> Pipe:
    """Appends. Raises PortDenied, or PortMissing when the folder is not there."""
    try:
        return FilePipe(Path(path).open("ab", buffering=0))  # closed by the pipe
    except PermissionError as fault:
        raise PortDenied("No permission to write the file.", url=url) from fault
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError) as fault:
        raise PortMissing(url=url) from fault
    except OSError as fault:
        raise DeviceError(f"The file cannot be opened: {fault}", url=url) from fault
