"""Instants and hall days. Stored: UTC microseconds as one integer, the same on every database."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def utcnow() -> datetime:
    return datetime.now(UTC)


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
