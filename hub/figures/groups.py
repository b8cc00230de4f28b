"""By what figures can be grouped, and the group of a visit. Pure."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Literal, get_args
from zoneinfo import ZoneInfo

from hub.clock import hall_day, instant
from hub.problems import Invalid

By = Literal["counter", "service", "department", "clerk", "day", "week", "month", "weekday", "hour"]
GROUPINGS: tuple[By, ...] = get_args(By)

_QUARTER_HOUR = 900_000_000


@dataclass(frozen=True, slots=True)
class Place:
    """Where and when a visit counts: a hall day (ISO), an hour of it (−1: of the whole day), and whose it is."""

    day: str
    hour: int
    counter: str
    service: str
    department: str
    clerk: str


Key = tuple[str, ...]
KeyOf = Callable[[Place], Key]


def parse_by(text: str) -> tuple[By, ...]:
    """`counter,day` as a tuple; empty for one line over everything. Raises Invalid."""
    names = [name.strip() for name in text.split(",") if name.strip()]
    for name in names:
        if name not in GROUPINGS:
            raise Invalid("by", f"{name}; {', '.join(GROUPINGS)}")
    return tuple(name for name in GROUPINGS if name in names)


def key_of(by: tuple[By, ...]) -> KeyOf:
    """The group of a place."""
    parts = [_PART[name] for name in by]
    return lambda place: tuple([part(place) for part in parts])


@lru_cache(maxsize=4000)
def _week(day: str) -> str:
    return f"{date.fromisoformat(day):%G-W%V}"


@lru_cache(maxsize=4000)
def _weekday(day: str) -> str:
    return str(date.fromisoformat(day).isoweekday())


_PART: dict[By, Callable[[Place], str]] = {
    "counter": lambda place: place.counter,
    "service": lambda place: place.service,
    "department": lambda place: place.department,
    "clerk": lambda place: place.clerk,
    "day": lambda place: place.day,
    "week": lambda place: _week(place.day),
    "month": lambda place: place.day[:7],
    "weekday": lambda place: _weekday(place.day),
    "hour": lambda place: f"{place.hour:02d}",
}


def in_order(key: Sequence[str]) -> tuple[tuple[int, str], ...]:
    """Counter 2 before counter 10."""
    return tuple((int(part) if part.isdigit() else -1, part) for part in key)


def hour_in(zone: ZoneInfo) -> Callable[[int], int]:
    """The hall's hour of an instant in microseconds; zones change by quarter hours, so a quarter is asked once."""

    @lru_cache(maxsize=100_000)
    def of_quarter(quarter: int) -> int:
        return instant(quarter * _QUARTER_HOUR).astimezone(zone).hour

    return lambda at: of_quarter(at // _QUARTER_HOUR)


def day_in(zone: ZoneInfo) -> Callable[[int], str]:
    """The hall's day of an instant in microseconds."""

    @lru_cache(maxsize=100_000)
    def of_quarter(quarter: int) -> str:
        return hall_day(instant(quarter * _QUARTER_HOUR), zone)

    return lambda at: of_quarter(at // _QUARTER_HOUR)
