"""How the devices of this screen are, told to the hub whenever that changes, and again on every connection."""

import threading

from hub.link import Event, HubThere, LinkThread
from hub.wire import DeviceReport, DeviceState


class Devices:
    """What hangs on this station, by name. `tell` is for any thread, `take` for the station's loop."""

    def __init__(self, link: LinkThread) -> None:
        self._link = link
        self._states: dict[str, DeviceState] = {}
        self._lock = threading.Lock()

    def tell(self, state: DeviceState) -> None:
        with self._lock:
            if self._states.get(state.name) == state:
                return
            self._states[state.name] = state
        self._send()

    def take(self, event: Event) -> None:
        """A hub that was away knows nothing."""
        if isinstance(event, HubThere):
            self._send()

    def _send(self) -> None:
        with self._lock:
            devices = [self._states[name] for name in sorted(self._states)]
        if devices:
            self._link.submit(self._link.link.send(DeviceReport(devices=devices)))
