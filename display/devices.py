"""What hangs on this display besides its screen, told to the hub whole at every change and at every connection."""

from collections.abc import Callable

from hub.link import Event, HubThere
from hub.wire import DeviceReport, DeviceState


class Attached:
    """`tell` and `heard` belong on the link's event loop; `send` gets every report."""

    def __init__(self, send: Callable[[DeviceReport], object]) -> None:
        self._send = send
        self._states: dict[str, DeviceState] = {}

    def tell(self, state: DeviceState) -> None:
        """How one device is now; its name is its own on this display."""
        if self._states.get(state.name) != state:
            self._states[state.name] = state
            self._report()

    def heard(self, event: Event) -> None:
        if isinstance(event, HubThere) and self._states:
            self._report()

    def _report(self) -> None:
        self._send(DeviceReport(devices=list(self._states.values())))
