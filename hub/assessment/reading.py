"""The facts of all units of a scheme, from the registers' tables and the visits."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Any, cast

from hub.assessment import reading_cases, reading_people
from hub.assessment.facts import Ballot, Facts
from hub.assessment.floor import Belongs, Window, to_unit
from hub.assessment.periods import Period
from hub.assessment.scheme import Scheme
from hub.assessment.tallies import bad_answers, tallies
from hub.calendar.dates import Calendar
from hub.calendar.opening import day_of
from hub.calendar.plan import Plan
from hub.calendar.reading import load_plan
from hub.calendar.working_days import working_day
from hub.journal import RunSql
from hub.opening_hours import CalendarSettings
from hub.staff.tables import SEEN

#: Instead of a unit: the visits behind the answers of all of them.
EVERY_UNIT = "*"

_FIRST_DAYS = f"""
SELECT department, counter, MIN(received_at) FROM case_file WHERE {SEEN} GROUP BY department, counter
"""
_FIRST_STAFF = f"SELECT department, counter, MIN(valid_from) FROM staff WHERE {SEEN} GROUP BY department, counter"
_CLASSES = "SELECT unit, class_code FROM unit_class WHERE scheme = :scheme AND year = :year"
_PEOPLE_BALLOTS = f"""
SELECT ballot_no, year, target, voter_group, score FROM ballot WHERE kind = 'clerk' AND year = :year AND {SEEN}
"""


@dataclass(frozen=True)
class Known:
    """All units' facts, and the ballots about persons."""

    units: Mapping[str, Facts]
    people: tuple[Ballot, ...]


def read_facts(
    run: RunSql, scheme: Scheme, period: Period, rules: CalendarSettings, now: datetime, *, unit: str | None = None
) -> Known:
    """Everything that a period's scores need; with `unit` also the visits behind that unit's answers."""
    plan = load_plan(run, rules)
    window = Window(period.first, period.last, plan.zone, now)
    belongs = to_unit(run, scheme.unit)
    found: dict[str, dict[str, tuple[Any, ...]]] = defaultdict(dict)
    for place, by_unit in (
        *reading_cases.read(run, window, belongs).items(),
        *reading_people.read(run, window, belongs, scheme.code).items(),
        ("tallies", tallies(run, window, belongs)),
        ("bad_answers", bad_answers(run, window, belongs, unit) if unit else {}),
    ):
        for code, facts in by_unit.items():
            found[code][place] = tuple(facts)
    shared = _shared(plan, window)
    first_days = _first_days(run, belongs, window)
    classes = dict(run(_CLASSES, scheme=scheme.code, year=period.year))
    units = {
        code: replace(
            shared,
            unit=code,
            since=_since(first_days.get(code), found.get(code, {})),
            class_=classes.get(code, ""),
            **cast(dict[str, Any], found.get(code, {})),
        )
        for code in belongs.units(found)
    }
    return Known(units, _people_ballots(run, period.year))


def _shared(plan: Plan, window: Window) -> Facts:
    """What the calendar says of the days; of a year that it does not know nothing is said."""
    known = [day for day in _days(window) if plan.calendar.knows(day)]
    return Facts(
        now=window.now.astimezone(plan.zone),
        working_days=frozenset(day for day in known if working_day(plan.calendar, day)),
        statutory_days=frozenset(day for day in known if _is_statutory(plan.calendar, day)),
        closing={day: closes for day in known if (closes := _closes(plan, day)) is not None},
        calendar_version=plan.calendar.version,
    )


def _days(window: Window) -> list[date]:
    return [window.first + timedelta(days=n) for n in range((window.last - window.first).days + 1)]


def _is_statutory(calendar: Calendar, day: date) -> bool:
    named = calendar.named(day)
    return named is not None and named.kind == "statutory"


def _closes(plan: Plan, day: date) -> datetime | None:
    windows = day_of(plan, None, day).windows
    return windows[-1].closes.astimezone(plan.zone) if windows else None


def _first_days(run: RunSql, belongs: Belongs, window: Window) -> dict[str, date]:
    """The first day that the registers tell of a unit, in any year."""
    first: dict[str, date] = {}
    rows = [(dep, counter, window.local(at).date()) for dep, counter, at in run(_FIRST_DAYS)]
    rows += [(dep, counter, date.fromisoformat(day)) for dep, counter, day in run(_FIRST_STAFF)]
    for department, counter, day in rows:
        for unit in belongs.of(department, counter):
            first[unit] = min(day, first.get(unit, day))
    return first


def _since(registered: date | None, facts: Mapping[str, Iterable[Any]]) -> date | None:
    months = [date.fromisoformat(f"{tally.month}-01") for tally in facts.get("tallies", ())]
    return min([day for day in (registered, *months) if day is not None], default=None)


def _people_ballots(run: RunSql, year: int) -> tuple[Ballot, ...]:
    rows = run(_PEOPLE_BALLOTS, year=year)
    return tuple(Ballot(no, year, target, group, Fraction(score)) for no, year, target, group, score in rows)
