"""Opening hours by season and weekday. Pure: the hall's local time comes in as an argument."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Literal

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
#: How many days ahead the next opening is looked for.
LOOK_AHEAD_DAYS = 14


@dataclass(frozen=True)
class Season:
    """Hours from month-day to month-day inclusive (`MM-DD`, may run over New Year); spans are `HH:MM-HH:MM`."""

    name: str
    first: str
    last: str
    open: dict[str, tuple[str, ...]]

    def covers(self, month_day: str) -> bool:
        if self.first <= self.last:
            return self.first <= month_day <= self.last
        return month_day >= self.first or month_day <= self.last


@dataclass(frozen=True)
class OpeningState:
    """Open until `closes_at`, or closed until `next_opening` (None: not within two weeks)."""

    state: Literal["open", "closed"]
    closes_at: datetime | None = None
    next_opening: datetime | None = None


def opening(local: datetime, seasons: Sequence[Season]) -> OpeningState:
    """Whether tickets are given at this local time. A hall without any configured hours is always open."""
    if not seasons:
        return OpeningState("open")
    for start, end in _spans(local, seasons):
        if start <= local < end:
            return OpeningState("open", closes_at=end)
    for days in range(LOOK_AHEAD_DAYS + 1):
        day = local.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=days)
        for start, _ in _spans(day, seasons):
            if start > local:
                return OpeningState("closed", next_opening=start)
    return OpeningState("closed")


def _spans(day: datetime, seasons: Sequence[Season]) -> list[tuple[datetime, datetime]]:
    """The opening spans of a local day, earliest first; the first season that covers the day decides."""
    month_day = f"{day.month:02d}-{day.day:02d}"
    for season in seasons:
        if season.covers(month_day):
            spans = season.open.get(WEEKDAYS[day.weekday()], ())
            return sorted((_at(day, span[:5]), _at(day, span[6:])) for span in spans)
    return []


def _at(day: datetime, clock: str) -> datetime:
    midnight = day.replace(hour=0, minute=0, second=0, microsecond=0)
    if clock == "24:00":
        return midnight + timedelta(days=1)
    wanted = time.fromisoformat(clock)
    return midnight.replace(hour=wanted.hour, minute=wanted.minute)
