"""USB printers at the level of bytes: pyusb's modules are our own, the printer behind them is the twin."""

import errno
import queue
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any

import pytest

from devices.errors import DeviceError, PortBusy, PortDenied, PortLost, PortMissing
from devices.ports import open_port
from devices.printer import Printer, PrintOutcome
from devices.slip import Slip, TextLine
from devices.twins.printer import PrinterTwin

URL = "usb://0fe6:811e"
SLIP = Slip((TextLine("请到 3 号窗口"),))


class USBError(OSError):
    def __init__(self, number: int) -> None:
        super().__init__(number, "usb")


class NoBackendError(ValueError):
    """libusb is not there."""


@dataclass(frozen=True)
class Endpoint:
    bEndpointAddress: int  # noqa: N815
    bmAttributes: int = 2  # noqa: N815


@dataclass(frozen=True)
class Interface:
    bInterfaceNumber: int  # noqa: N815
    bInterfaceClass: int  # noqa: N815
    endpoints: tuple[Endpoint, ...]

    def __iter__(self) -> Iterator[Endpoint]:
        return iter(self.endpoints)


AUDIO = Interface(0, 1, (Endpoint(0x01),))
PRINTER = Interface(1, 7, (Endpoint(0x84, 3), Endpoint(0x83), Endpoint(0x02)))
"""Numbered as few makers do, behind an interface of another kind, an interrupt endpoint before the bulk ones."""


@dataclass(eq=False)
class Device:
    interfaces: tuple[Interface, ...] = (AUDIO, PRINTER)
    plugged: bool = True
    refuses: int = 0
    driver: bool = True
    answers: "queue.Queue[bytes]" = field(default_factory=queue.Queue)

    def __post_init__(self) -> None:
        self.twin = PrinterTwin(later=lambda seconds, call: None)
        self.plug = self.twin.attach(self.answers.put)

    def get_active_configuration(self) -> tuple[Interface, ...]:
        return self.interfaces

    def is_kernel_driver_active(self, interface: int) -> bool:
        return self.driver

    def detach_kernel_driver(self, interface: int) -> None:
        self.driver = False

    def write(self, endpoint: int, data: bytes, timeout: int) -> int:
        assert endpoint == 0x02
        self.there()
        self.plug.receive(data)
        return len(data)

    def read(self, endpoint: int, size: int, timeout: int) -> bytes:
        assert endpoint == 0x83
        self.there()
        try:
            return self.answers.get(timeout=0.02)
        except queue.Empty:
            raise USBError(errno.ETIMEDOUT) from None

    def there(self) -> None:
        if not self.plugged:
            raise USBError(errno.ENODEV)


@pytest.fixture
def device(monkeypatch: pytest.MonkeyPatch) -> Device:
    made = Device()

    def claim(device: Device, interface: int) -> None:
        assert interface == 1
        if device.refuses or device.driver:
            raise USBError(device.refuses or errno.EBUSY)

    modules: dict[str, dict[str, Any]] = {
        "usb": {},
        "usb.core": {
            "find": lambda **ids: made if made.plugged and ids == {"idVendor": 0x0FE6, "idProduct": 0x811E} else None,
            "NoBackendError": NoBackendError,
        },
        "usb.util": {"claim_interface": claim, "dispose_resources": lambda device: None},
    }
    for name, members in modules.items():
        module = ModuleType(name)
        module.__dict__.update(members)
        monkeypatch.setitem(sys.modules, name, module)
    return made


async def test_a_slip_goes_through_the_printers_own_interface_and_is_confirmed(device: Device) -> None:
    printer = Printer(URL)
    assert await printer.print_slip(SLIP) == PrintOutcome("printed")
    assert device.twin.slips[0].text_lines == ["请到 3 号窗口"]
    await printer.close()


async def test_a_pulled_plug_is_lost_missing_and_found_again(device: Device) -> None:
    printer = Printer(URL)
    assert (await printer.print_slip(SLIP)).result == "printed"
    device.plugged = False
    outcome = await printer.print_slip(SLIP)
    assert outcome.result == "not_printed"
    assert isinstance(outcome.reason, PortMissing | PortLost)
    device.plugged = True
    assert (await printer.print_slip(SLIP)).result == "printed"
    assert len(device.twin.slips) == 2
    await printer.close()


async def test_a_printer_without_a_way_back_is_sent_to(device: Device) -> None:
    device.interfaces = (Interface(1, 255, (Endpoint(0x02),)),)
    printer = Printer(URL, profile="one-way")
    assert await printer.print_slip(SLIP) == PrintOutcome("unknown")
    assert len(device.twin.slips) == 1
    await printer.close()


@pytest.mark.parametrize(
    ("number", "fault", "told"),
    [
        (errno.EBUSY, PortBusy, "held|taken|holds"),
        (errno.EACCES, PortDenied, "udev"),
        (errno.EIO, PortMissing, "cannot be opened"),
    ],
)
async def test_why_it_cannot_be_opened_is_told_apart(
    device: Device, number: int, fault: type[DeviceError], told: str
) -> None:
    device.refuses = number
    with pytest.raises(fault, match=told):
        await open_port(URL)


async def test_what_is_no_printer_and_what_is_not_installed_is_said(
    device: Device, monkeypatch: pytest.MonkeyPatch
) -> None:
    device.interfaces = (AUDIO,)
    with pytest.raises(PortMissing, match="no printer"):
        await open_port(URL)
    monkeypatch.setitem(sys.modules, "usb.core", None)
    with pytest.raises(PortMissing, match="pip install pyusb"):
        await open_port(URL)
