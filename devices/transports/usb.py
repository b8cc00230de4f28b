"""USB printers without a system driver, by pyusb and libusb; imported only when one is asked for.

The printer interface (class 7) and its two bulk endpoints are looked for: makers number them as they like. The system's
own driver (usblp) is sent away from that interface while we have it.
"""

from __future__ import annotations

import asyncio
import contextlib
import errno
import time
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from typing import Any

from devices.errors import DeviceError, PortBusy, PortDenied, PortMissing, SoftwareMissing
from devices.transports.pipe import OneWayPipe, Pipe, ThreadedPipe

READ_BYTES = 64
READ_MS = 200
EMPTY_PAUSE_S = 0.02
"""Some printers answer a read at once with nothing."""
WRITE_MS = 10_000
"""A printer that stands still takes nothing more once its buffer is full."""
PRINTER_CLASS, VENDOR_CLASS = 7, 255
INWARD, BULK = 0x80, 2


@dataclass(frozen=True)
class _Line:
    """An opened device, the interface that is ours, and where bytes go out and come in (None: it cannot answer)."""

    device: Any
    interface: int
    outward: int
    inward: int | None


async def open_usb(vendor: int, product: int, *, url: str) -> Pipe:
    """Raises PortMissing (also when pyusb or libusb is not installed), PortBusy, PortDenied."""
    line = await asyncio.to_thread(_opened, vendor, product, url)
    write, close = partial(_write, line), partial(_close, line)
    return OneWayPipe(write, close) if line.inward is None else ThreadedPipe(partial(_read, line), write, close)


def _read(line: _Line) -> bytes:
    try:
        data = bytes(line.device.read(line.inward, READ_BYTES, READ_MS))
    except OSError as fault:  # usb.core.USBError is one
        if fault.errno == errno.ETIMEDOUT:
            return b""
        raise
    if not data:
        time.sleep(EMPTY_PAUSE_S)
    return data


def _write(line: _Line, data: bytes) -> None:
    line.device.write(line.outward, data, WRITE_MS)


def _close(line: _Line) -> None:
    import_module("usb.util").dispose_resources(line.device)


def _opened(vendor: int, product: int, url: str) -> _Line:
    try:
        core = import_module("usb.core")
    except ImportError as fault:
        raise SoftwareMissing("pip install pyusb", url=url) from fault
    try:
        device = core.find(idVendor=vendor, idProduct=product)
    except core.NoBackendError as fault:
        raise SoftwareMissing("apt-get install libusb-1.0-0", url=url) from fault
    if device is None:
        raise PortMissing(url=url)
    try:
        return _claimed(device, url)
    except OSError as fault:
        raise _why_not(fault, url) from fault


def _claimed(device: Any, url: str) -> _Line:
    line = _line_of(device, url)
    with contextlib.suppress(NotImplementedError):  # only libusb on Linux has drivers to send away
        if device.is_kernel_driver_active(line.interface):
            device.detach_kernel_driver(line.interface)
    import_module("usb.util").claim_interface(device, line.interface)
    return line


def _line_of(device: Any, url: str) -> _Line:
    """The printer's interface; else one of the maker's own kind that takes bytes. Raises PortMissing."""
    interfaces = sorted(
        (one for one in _configuration(device) if one.bInterfaceClass in (PRINTER_CLASS, VENDOR_CLASS)),
        key=lambda one: bool(one.bInterfaceClass != PRINTER_CLASS),
    )
    for interface in interfaces:
        bulk = [one.bEndpointAddress for one in interface if one.bmAttributes & 3 == BULK]
        outward = next((one for one in bulk if not one & INWARD), None)
        if outward is not None:
            inward = next((one for one in bulk if one & INWARD), None)
            return _Line(device, interface.bInterfaceNumber, outward, inward)
    raise PortMissing("This USB device is no printer: it has no interface that takes print data.", url=url)


def _configuration(device: Any) -> Any:
    try:
        return device.get_active_configuration()
    except OSError:  # nothing chosen yet
        device.set_configuration()
        return device.get_active_configuration()


def _why_not(fault: OSError, url: str) -> DeviceError:
    if isinstance(fault, DeviceError):
        return fault
    match fault.errno:
        case errno.EBUSY:
            return PortBusy(url=url)
        case errno.EACCES | errno.EPERM:
            return PortDenied("No permission for the USB device; does a udev rule give it to group lp?", url=url)
    return PortMissing(f"The USB device cannot be opened: {fault}", url=url)
