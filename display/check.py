"""The hall screen's devices for `hall check`."""

from collections.abc import Iterator

from devices.check import Fitted, Line, looked_at
from hub.settings import Settings
from hub.station_settings import DisplaySettings


def devices(settings: Settings, language: str) -> Iterator[Line]:
    return looked_at(fitted(settings.display), language)


def fitted(display: DisplaySettings) -> Iterator[Fitted]:
    if display.voice:
        yield Fitted("[display] voice", display.voice_chip, display.voice)
    for strip in display.led:
        yield Fitted(f"[display] led {strip.counter}", strip.kind, strip.url, address=strip.address)
