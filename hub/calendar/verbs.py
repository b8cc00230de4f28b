"""What can be done with the calendar, the quotas and the rota; each function is one verb, run in one transaction."""

import json
from collections.abc import Iterable
from datetime import date, datetime

from hub.calendar import package
from hub.calendar.dates import Calendar, NamedDay, with_days
from hub.calendar.opening import OpeningState, after_band, band_at, opening
from hub.calendar.plan import Plan, services_this_week
from hub.calendar.reading import load_calendar
from hub.calendar.rota import week_of
from hub.calendar.sheet import Sheet, checked
from hub.calendar.tables import CalendarDateRow, CalendarVersionRow
from hub.calendar.wall_clock import hall_day
from hub.calendar.words import closed_sentence, full_sentence
from hub.clock import instant, micros
from hub.journal import Entry
from hub.problems import QuotaReached, ServiceClosed
from hub.store import Tx

#: One statement counts and refuses: two takers can never both get the last number. What was given back is counted
#: beside it, not taken off: a canceller who locked this row could wait for a taker who waits for it.
TAKE_FROM_QUOTA = """
INSERT INTO quota_taken (day, service, band, taken) VALUES (:day, :service, :band, 1)
ON CONFLICT (day, service, band) DO UPDATE SET taken = quota_taken.taken + 1
WHERE quota_taken.taken < :most + (
    SELECT count(*) FROM quota_returned r WHERE r.day = :day AND r.service = :service AND r.band = :band
)
RETURNING taken
"""
GIVE_BACK = "INSERT INTO quota_returned (ticket, day, service, band) VALUES (:ticket, :day, :service, :band)"


def admit(tx: Tx, plan: Plan, service: str, at: datetime) -> None:
    """Let one more number of the service be taken at this moment.

    Called when the series is locked: then those who take numbers lock in one order, series first, quota second.

    Raises ServiceClosed with the reason and the next opening; QuotaReached with the next band's opening.
    """
    state = opening(plan, service, at)
    if state.state == "closed":
        raise _closed(state)
    inside = band_at(plan, service, at)
    if inside is None:
        return
    day, band = inside
    if not tx.rows(TAKE_FROM_QUOTA, day=day.isoformat(), service=service, band=band.key, most=band.most):
        raise _full(plan, service, at, band.most)


def _closed(state: OpeningState) -> ServiceClosed:
    words = closed_sentence(state)
    if state.next_opening is None:
        return ServiceClosed(reason=state.reason, **words)
    return ServiceClosed(reason=state.reason, next_opening=state.next_opening.isoformat(), **words)


def _full(plan: Plan, service: str, at: datetime, most: int) -> QuotaReached:
    following = after_band(plan, service, at)
    words = full_sentence(most, following)
    if following is None:
        return QuotaReached(reason="quota", **words)
    return QuotaReached(reason="quota", next_opening=following.isoformat(), **words)


def give_back(tx: Tx, plan: Plan, cancelled: Entry) -> None:
    """What a cancelled ticket has not used can be taken by others: in the band in which it was taken.

    Hung on `ticket_cancelled` where the hall wants it (`[calendar] cancelled_gives_back`).
    """
    statement = "SELECT service, services_left, issued_at FROM ticket WHERE id = :id"
    for service, further, issued_at in tx.rows(statement, id=cancelled.ticket):
        for code in (service, *json.loads(further)):
            _give_back(tx, plan, code, instant(issued_at), cancelled.ticket)


def _give_back(tx: Tx, plan: Plan, service: str, issued_at: datetime, ticket: str | None) -> None:
    inside = band_at(plan, service, issued_at)
    if inside is not None:
        day, band = inside
        tx.rows(GIVE_BACK, ticket=ticket, day=day.isoformat(), service=service, band=band.key)


# --- the calendar ----------------------------------------------------------------------------------------------------


def import_sheet(tx: Tx, sheet: Sheet, *, source: str, year: int | None = None, whole_years: bool = True) -> Calendar:
    """A new active version with the sheet's days, whole or not at all. Raises BadLines naming every bad line."""
    known = load_calendar(tx.rows)
    days = checked(sheet, known, year=year, whole_years=whole_years)
    return _record(tx, _publish(tx, known, days, source), days, source)


def learn_from_package(tx: Tx, *, first: bool = False) -> Calendar | None:
    """Years that the installed package knows and the table does not; None when there is nothing to learn.

    What somebody imported is never replaced. The `first` calendar is part of seeding the hall and has no entry.
    """
    known = load_calendar(tx.rows)
    years = [year for year in package.known_years() if year not in known.years]
    if not years:
        return None
    days = [day for year in years for day in package.named_days(year)]
    calendar = _publish(tx, known, days, package.source())
    return calendar if first else _record(tx, calendar, days, package.source())


def _publish(tx: Tx, known: Calendar, days: Iterable[NamedDay], source: str) -> Calendar:
    calendar = with_days(known, known.version + 1, days)
    tx.rows("UPDATE calendar_version SET active = :off WHERE active", off=False)
    tx.insert(
        CalendarVersionRow(
            number=calendar.version,
            made_at=micros(tx.now),
            made_by=tx.who.name,
            source=source,
            years=json.dumps(sorted(calendar.years)),
            active=True,
        )
    )
    for day in calendar.days.values():
        tx.insert(
            CalendarDateRow(
                version=calendar.version, day=day.date.isoformat(), kind=day.kind, name=day.name, year=day.date.year
            )
        )
    return calendar


def _record(tx: Tx, calendar: Calendar, days: Iterable[NamedDay], source: str) -> Calendar:
    years = sorted({day.date.year for day in days})
    tx.record("calendar_imported", version=calendar.version, years=years, dates=len(calendar.days), source=source)
    return calendar


# --- the rota --------------------------------------------------------------------------------------------------------


def apply_rota(tx: Tx, plan: Plan) -> list[str]:
    """Give every counter with a rota the services of this week, once a week; the counters that changed.

    Within a week a clerk's own choice of services stays as it is.
    """
    today = hall_day(plan.zone, tx.now)
    return [counter for counter in sorted(plan.rotas) if _turn(tx, plan, counter, today)]


def _turn(tx: Tx, plan: Plan, counter: str, today: date) -> bool:
    week = week_of(today)
    statement = "UPDATE rota SET applied = :week WHERE counter = :counter AND applied <> :week RETURNING counter"
    if not tx.rows(statement, counter=counter, week=week):
        return False
    serves = services_this_week(plan, counter, today)
    for service in plan.may_serve.get(counter, ()):
        tx.rows(
            "UPDATE counter_service SET active = :active WHERE counter = :counter AND service = :service",
            counter=counter,
            service=service,
            active=service in serves,
        )
    tx.record("rota_changed", counter=counter, week=week, services=list(serves))
    return True
