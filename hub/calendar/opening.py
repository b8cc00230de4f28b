"""When tickets are given: windows of a day, and open or closed at a moment, with the reason. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Literal, NamedTuple

from hub.calendar.plan import Band, DayHours, Plan, Span, hours_on
from hub.calendar.wall_clock import hall_day, moment
from hub.wire import ClosedReason, Names

#: How many days ahead the next opening is looked for.
LOOK_AHEAD_DAYS = 60


class Window(NamedTuple):
    """One span of a day in time: tickets from `start` until `end`, work until `closes`; all UTC."""

    start: datetime
    end: datetime
    closes: datetime


class Day(NamedTuple):
    """A service's day."""

    hours: DayHours
    windows: tuple[Window, ...]


@dataclass(frozen=True)
class OpeningState:
    """Times are the hall's own.

    Open: `last_ticket_at` is when tickets end and `closes_at` when work does (None: no hours were ever set).
    Closed: `reason`, its `names` where it has a name, and `next_opening` (None: not within 60 days of known calendar).
    """

    state: Literal["open", "closed"]
    reason: ClosedReason | None = None
    names: Names = field(default_factory=dict)
    closes_at: datetime | None = None
    last_ticket_at: datetime | None = None
    next_opening: datetime | None = None


@lru_cache(maxsize=4096)
def day_of(plan: Plan, service: str | None, day: date) -> Day:
    """The day's windows, remembered: this stands in the way of every ticket."""
    hours = hours_on(plan, service, day)
    return Day(hours, tuple(_windows(plan, service, day, hours)))


def _windows(plan: Plan, service: str | None, day: date, hours: DayHours) -> Iterator[Window]:
    """Early tickets begin at most when the span before ends; a cut-off longer than its span leaves no window."""
    early, last = plan.tickets_from_minutes_before, len(hours.spans) - 1
    cut_off = 0 if hours.always else plan.of(service).cut_off_minutes
    ended = 0
    for place, span in enumerate(hours.spans):
        cut = cut_off if place == last or plan.cut_off_before_lunch else 0
        begins = max(ended, span.start - early)
        ended = span.end
        yield _window(plan, day, Span(begins, max(begins, span.end - cut)), span.end)


def _window(plan: Plan, day: date, tickets: Span, closes: int) -> Window:
    return Window(*(moment(plan.zone, day, minute) for minute in (*tickets, closes)))


def opening(plan: Plan, service: str | None, at: datetime) -> OpeningState:
    """Whether tickets of a service are given at this moment; None asks for the hall itself."""
    at = at.astimezone(UTC)
    day = hall_day(plan.zone, at)
    hours, windows = day_of(plan, service, day)
    for window in windows:
        if window.start <= at < window.end:
            return _open(plan, hours, window)
    reason = _reason(hours, windows, at)
    return OpeningState(
        "closed",
        reason,
        hours.names if reason in ("holiday", "closed_day") else {},
        next_opening=_local(plan, _next_start(plan, service, at, day)),
    )


def _open(plan: Plan, hours: DayHours, window: Window) -> OpeningState:
    if hours.always:
        return OpeningState("open")
    return OpeningState("open", closes_at=_local(plan, window.closes), last_ticket_at=_local(plan, window.end))


def _reason(hours: DayHours, windows: tuple[Window, ...], at: datetime) -> ClosedReason:
    if not windows:
        return hours.reason
    if at < windows[0].start:
        return "before_opening"
    if at >= windows[-1].closes:
        return "after_closing"
    return "cut_off" if any(window.start <= at < window.closes for window in windows) else "lunch"


def _local(plan: Plan, at: datetime | None) -> datetime | None:
    return at.astimezone(plan.zone) if at else None


def _next_start(plan: Plan, service: str | None, at: datetime, day: date) -> datetime | None:
    return next((window.start for _, window in _coming(plan, service, day) if window.start > at), None)


def _coming(plan: Plan, service: str | None, first: date) -> Iterator[tuple[date, Window]]:
    """The windows of the day and the 60 days after it, as far as the calendar knows the days.

    In a year that it does not know the hall opens by weekdays, and so the next opening is told.
    """
    blind = not plan.calendar.knows(first)
    for ahead in range(LOOK_AHEAD_DAYS + 1):
        day = first + timedelta(days=ahead)
        if not (blind or plan.calendar.knows(day)):
            return
        for window in day_of(plan, service, day).windows:
            if window.start < window.end:
                yield day, window


# --- quotas ----------------------------------------------------------------------------------------------------------


def band_at(plan: Plan, service: str, at: datetime) -> tuple[date, Band] | None:
    """The quota's band that a number taken now counts in, and its day."""
    bands = plan.of(service).bands
    if not bands:
        return None
    day = hall_day(plan.zone, at)
    inside = (band for band in bands if moment(plan.zone, day, band.start) <= at < moment(plan.zone, day, band.end))
    found = next(inside, None)
    return (day, found) if found else None


def after_band(plan: Plan, service: str, at: datetime) -> datetime | None:
    """When the next number can be taken once the band of this moment is full."""
    full = band_at(plan, service, at)
    for start in _band_starts(plan, service, hall_day(plan.zone, at)):
        if start > at and band_at(plan, service, start) != full:
            return _local(plan, start)
    return None


def _band_starts(plan: Plan, service: str, first: date) -> Iterator[datetime]:
    """Every moment at which tickets or another band begin."""
    edges = {minute for band in plan.of(service).bands for minute in (band.start, band.end)}
    for day, window in _coming(plan, service, first):
        begins = (moment(plan.zone, day, edge) for edge in edges)
        yield from sorted({window.start, *(at for at in begins if window.start <= at < window.end)})
