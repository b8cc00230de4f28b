"""The counters this machine serves: one, or all whose keypads hang on one line. Pure."""

from pathlib import PurePath

from hub.settings import Settings
from hub.station_settings import SeatSettings


def seats_of(settings: Settings) -> tuple[Settings, ...]:
    """The settings of each counter's own agent; those of one counter as they are."""
    if not settings.counter.seats:
        return (settings,)
    return tuple(_of(settings, seat) for seat in settings.counter.seats)


def _of(settings: Settings, seat: SeatSettings) -> Settings:
    """A seat has its own access to the hub and its own outbox; of the ports it inherits what it does not name."""
    told = {name: value for name, value in seat.ports().items() if value}
    counter = settings.counter.model_copy(
        update={
            **told,
            "counter": seat.counter,
            "address": seat.address,
            "led": seat.led,
            "outbox": _outbox(settings.counter.outbox, seat.counter),
            "seats": (),
        }
    )
    name = f"{settings.station.name or 'counter'}-{seat.counter}"
    station = settings.station.model_copy(update={"token": seat.token, "name": name})
    return settings.model_copy(update={"counter": counter, "station": station})


def _outbox(told: str, counter: str) -> str:
    """`keypads.outbox` → `keypads-3.outbox`: presses of one counter are never sent with another's key."""
    if not told:
        return ""
    path = PurePath(told)
    return str(path.with_name(f"{path.stem}-{counter}{path.suffix}"))
