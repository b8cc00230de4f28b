"""What Prometheus hears of devices: counted since this process began, for the stations connected to it."""

from collections import Counter
from collections.abc import Iterable

from hub.devices.rules import STATES, Key, Seen


class Tally:
    """Seconds in each state, changes, alerts."""

    def __init__(self) -> None:
        self.now: dict[Key, str] = {}
        self.seconds: Counter[tuple[str, str, str]] = Counter()
        self.changes: Counter[Key] = Counter()
        self.raised: Counter[str] = Counter()
        self.standing = 0
        self.letters = 0
        self._at: float | None = None

    def look(self, devices: Iterable[Seen], at_s: float) -> None:
        """How they are now; the time since the last look is theirs in the state they were in."""
        passed = at_s - self._at if self._at is not None else 0.0
        self._at = at_s
        for key, state in self.now.items():
            self.seconds[(*key, state)] += passed  # type: ignore[assignment]  # seconds are no whole numbers
        before, self.now = self.now, {one.key: one.state for one in devices}
        for key, state in self.now.items():
            if before.get(key, state) != state:
                self.changes[key] += 1

    def lines(self) -> list[str]:
        """Prometheus text format."""
        return [
            *_head("hall_device_state", "1 for the state that a device is in", "gauge"),
            *(
                f"hall_device_state{{{_labels(*key, state)}}} {int(now == state)}"
                for key, now in sorted(self.now.items())
                for state in STATES
            ),
            *_head("hall_device_seconds_total", "seconds that a device was in a state", "counter"),
            *(f"hall_device_seconds_total{{{_labels(*key)}}} {s:.1f}" for key, s in sorted(self.seconds.items())),
            *_head("hall_device_changes_total", "changes of a device's state", "counter"),
            *(f"hall_device_changes_total{{{_labels(*key)}}} {n}" for key, n in sorted(self.changes.items())),
            *_head("hall_alerts_total", "alerts of devices that were told", "counter"),
            *(f'hall_alerts_total{{rule="{_safe(rule)}"}} {n}' for rule, n in sorted(self.raised.items())),
            *_head("hall_alerts", "alerts of devices that stand", "gauge"),
            f"hall_alerts {self.standing}",
            *_head("hall_webhook_letters", "messages that the webhook has not taken yet", "gauge"),
            f"hall_webhook_letters {self.letters}",
        ]


def _head(name: str, meaning: str, kind: str) -> list[str]:
    return [f"# HELP {name} {meaning}", f"# TYPE {name} {kind}"]


def _labels(station: str, device: str, state: str = "") -> str:
    told = f'station="{_safe(station)}",device="{_safe(device)}"'
    return f'{told},state="{state}"' if state else told


def _safe(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
