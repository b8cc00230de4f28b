"""USB printers without a system driver, by python-escpos' transport (pyusb); imported only when one is asked for."""

from __future__ import annotations

import asyncio
import errno
from typing import Any

from devices.errors import DeviceError, PortBusy, PortDenied, PortMissing
from devices.transports.pipe import Pipe, ThreadedPipe

READ_BYTES = 64
READ_MS = 200


async def open_usb(vendor: int, product: int, *, url: str) -> Pipe:
    """Raises PortMissing (also when pyusb is not installed), PortBusy, PortDenied."""
    printer = await asyncio.to_thread(_open, vendor, product, url)

    def read() -> bytes:
        try:
            return bytes(printer.device.read(printer.in_ep, READ_BYTES, READ_MS))
        except OSError as fault:  # usb.core.USBError is one
            if fault.errno == errno.ETIMEDOUT:
                return b""
            raise

    return ThreadedPipe(read, printer._raw, printer.close)


def _open(vendor: int, product: int, url: str) -> Any:
    from escpos.exceptions import DeviceNotFoundError, USBNotFoundError
    from escpos.printer import Usb

    try:
        printer = Usb(vendor, product)
        printer.open()
    except (DeviceNotFoundError, USBNotFoundError) as fault:
        raise PortMissing(url=url) from fault
    except OSError as fault:
        raise _why_not(fault, url) from fault
    except RuntimeError as fault:  # python-escpos' way of saying that pyusb is absent
        raise PortMissing("USB printers need pyusb: pip install pyusb", url=url) from fault
    return printer


def _why_not(fault: OSError, url: str) -> DeviceError:
    match fault.errno:
        case errno.EBUSY:
            return PortBusy(url=url)
        case errno.EACCES | errno.EPERM:
            return PortDenied("No permission for the USB device; does a udev rule give it to group lp?", url=url)
    return PortMissing(f"The USB device cannot be opened: {fault}", url=url)
