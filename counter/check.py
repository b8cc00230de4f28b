"""The devices of a counter's machine for `hall check`."""

from collections.abc import Iterator

from counter.lines import driver_and_port
from devices.check import Fitted, Line, looked_at
from hub.settings import Settings
from hub.station_settings import CounterSettings, LedStrip


def devices(settings: Settings, language: str) -> Iterator[Line]:
    return looked_at(fitted(settings.counter), language)


def fitted(counter: CounterSettings) -> Iterator[Fitted]:
    """A bus of several counters is one device."""
    named = {"keypad": counter.keypad, "caller": counter.caller, "evaluator": counter.evaluator}
    for name, told in named.items():
        if told:
            yield _fitted(f"[counter] {name}", told)
    if counter.led:
        yield _strip("[counter] led", counter.led)
    for seat in counter.seats:
        for name, told in seat.ports().items():
            if told:
                yield _fitted(f"[counter] seats {seat.counter} {name}", told)
        if seat.led:
            yield _strip(f"[counter] seats {seat.counter} led", seat.led)


def _strip(setting: str, strip: LedStrip) -> Fitted:
    return Fitted(setting, strip.kind, strip.url, address=strip.address)


def _fitted(setting: str, told: str) -> Fitted:
    return Fitted(setting, *driver_and_port(told))
