"""A file or a one-way device node (/dev/usb/lp0) that takes bytes and never answers."""

from __future__ import annotations

from functools import partial
from io import FileIO
from pathlib import Path

from devices.errors import DeviceError, PortDenied, PortMissing
from devices.transports.pipe import OneWayPipe, Pipe


def _pipe(file: FileIO) -> Pipe:
    return OneWayPipe(partial(_write_all, file), file.close)


def _write_all(file: FileIO, data: bytes) -> None:
    rest = memoryview(data)
    while rest:
        rest = rest[file.write(rest) or 0 :]


def open_file(path: str, *, url: str) -> Pipe:
    """Appends. Raises PortDenied, or PortMissing when the folder is not there."""
    try:
        return _pipe(Path(path).open("ab", buffering=0))  # closed by the pipe
    except PermissionError as fault:
        raise PortDenied("No permission to write the file.", url=url) from fault
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError) as fault:
        raise PortMissing(url=url) from fault
    except OSError as fault:
        raise DeviceError(f"The file cannot be opened: {fault}", url=url) from fault
