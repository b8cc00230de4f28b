"""Hall time of the demo: stands still until everybody is at their place, then runs `speed` times as fast."""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

#: Monday 2026-03-02 09:00 in Asia/Shanghai.
START = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


class DemoClock:
    """Call it for the time; `run()` starts it."""

    def __init__(self, speed: float, *, monotonic: Callable[[], float] = time.monotonic) -> None:
        self.speed = speed
        self._monotonic = monotonic
        self._since: float | None = None

    def run(self) -> None:
        if self._since is None:
            self._since = self._monotonic()

    def __call__(self) -> datetime:
        if self._since is None:
            return START
        return START + timedelta(seconds=(self._monotonic() - self._since) * self.speed)
