"""The ticket machine's devices for `hall check`."""

from collections.abc import Iterator

from devices.check import Fitted, Line, looked_at
from hub.settings import Settings
from hub.station_settings import KioskSettings


def devices(settings: Settings, language: str) -> Iterator[Line]:
    return looked_at(fitted(settings.kiosk), language)


def fitted(kiosk: KioskSettings) -> Iterator[Fitted]:
    if kiosk.printer:
        yield Fitted("[kiosk] printer", "printer", kiosk.printer, profile=kiosk.printer_profile)
    if kiosk.id_reader:
        yield Fitted("[kiosk] id_reader", "idcard-sam", kiosk.id_reader, kiosk.id_reader_baud)
    if kiosk.scanner:
        yield Fitted("[kiosk] scanner", "scanner", kiosk.scanner, kiosk.scanner_baud)
