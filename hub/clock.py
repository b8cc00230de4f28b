"""Instants and hall days. Stored: UTC microseconds as one integer, the same on every database."""

import threading
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hub.steady import Jump, Steady

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def utcnow() -> datetime:
    return datetime.now(UTC)


class HallClock:
    """The hall's real clock, from any thread; the demo has its own."""

    def __init__(
        self, *, wall: Callable[[], datetime] = utcnow, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._wall = wall
        self._monotonic = monotonic
        self._steady = Steady()
        self._lock = threading.Lock()
        self._noticed: list[Jump] = []

    def __call__(self) -> datetime:
        with self._lock:
            now, jump = self._steady.time(self._wall(), self._monotonic())
            if jump:
                self._noticed.append(jump)
            return now

    def begin(self, last: datetime | None) -> None:
        """Go on from the newest journal entry, if that is later than this computer's time."""
        with self._lock:
            jump = self._steady.begin(self._wall(), self._monotonic(), last)
            if jump:
                self._noticed.append(jump)

    def noticed(self) -> list[Jump]:
        """Jumps since the last look."""
        self()
        with self._lock:
            noticed, self._noticed = self._noticed, []
            return noticed

    @property
    def ahead(self) -> timedelta:
        """How far hall time is ahead of this computer's clock."""
        return self._steady.ahead

    def settled(self) -> bool:
        """Whether a day may end by this clock."""
        return self._steady.settled(self._monotonic())


def micros(at: datetime) -> int:
    """UTC microseconds since 1970. Raises ValueError for a naive datetime."""
    if at.tzinfo is None:
        raise ValueError("a time needs its offset")
    return (at - _EPOCH) // _MICROSECOND


def instant(value: int) -> datetime:
    """The aware UTC datetime of stored microseconds."""
    return _EPOCH + timedelta(microseconds=value)


def hall_day(at: datetime, zone: ZoneInfo) -> str:
    """The hall's local day, as ISO text."""
    return at.astimezone(zone).date().isoformat()


def day_span(first: date, last: date, zone: ZoneInfo) -> tuple[int, int]:
    """Stored microseconds [from, until) of the inclusive hall days."""
    start = datetime(first.year, first.month, first.day, tzinfo=zone)
    after = last + timedelta(days=1)
    return micros(start), micros(datetime(after.year, after.month, after.day, tzinfo=zone))
