"""From the hall's wall clock to instants, over daylight-saving changes. Pure.

A wall time means the first moment at which the clock has come that far: one that the clock skips is the moment of the
jump, one that it shows twice counts the first time. So spans that do not overlap on the wall never overlap in time.
"""

from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

MINUTES_A_DAY = 24 * 60


def minutes(clock: str) -> int:
    """`HH:MM` as minutes after midnight; `24:00` ends the day."""
    return int(clock[:2]) * 60 + int(clock[3:])


@lru_cache(maxsize=8192)
def moment(zone: ZoneInfo, day: date, minute: int) -> datetime:
    """When the hall's clock first shows so many minutes (0 to 1440) after midnight of the day, or later; in UTC."""
    wall = datetime(day.year, day.month, day.day) + timedelta(minutes=minute)  # noqa: DTZ001 - it is a wall time
    first = wall.replace(tzinfo=zone).astimezone(UTC)
    if first.astimezone(zone).replace(tzinfo=None) == wall:
        return first
    return _jump(zone, wall.replace(tzinfo=zone, fold=1).astimezone(UTC), first)


def _jump(zone: ZoneInfo, before: datetime, after: datetime) -> datetime:
    """The second in (before, after] at which the clock jumps."""
    old = before.astimezone(zone).utcoffset()
    while after - before > timedelta(seconds=1):
        middle = before + timedelta(seconds=(after - before).total_seconds() // 2)
        if middle.astimezone(zone).utcoffset() == old:
            before = middle
        else:
            after = middle
    return after


def hall_day(zone: ZoneInfo, at: datetime) -> date:
    """The day of an instant. Where a clock goes back over midnight the new day stays."""
    day = at.astimezone(zone).date()
    tomorrow = day + timedelta(days=1)
    return tomorrow if at >= moment(zone, tomorrow, 0) else day
