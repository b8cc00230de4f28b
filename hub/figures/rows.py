"""Sums straight from the visits: the plain truth that the kept sums must equal."""

import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from hub.clock import day_span
from hub.figures.groups import Place, day_in, hour_in
from hub.figures.seconds import of_micros
from hub.figures.sums import Desk
from hub.journal import RunSql
from hub.staff.tables import SEEN

#: Imported history counts once it is published. The empty text keeps SQLite from looking up whole imports, which hold
#: years, instead of the days that were asked for.
PUBLISHED = "p.imported || '' IN (SELECT id FROM import_run WHERE published)"

_FINISHED = f"""
SELECT v.finished_day, v.finished_at, v.counter, v.service, s.department, v.clerk,
       e.level, e.source, e.reasons, e.pressed_at - v.finished_at
FROM visit v JOIN service s ON s.code = v.service LEFT JOIN evaluation e ON e.visit = v.id
WHERE v.outcome = 'served' AND v.finished_day BETWEEN :first AND :last
UNION ALL
SELECT p.finished_day, p.finished_at, p.counter, p.service, p.department, p.clerk,
       p.level, p.level_source, p.reasons, NULL
FROM past_visit p WHERE p.outcome = 'served' AND p.finished_day BETWEEN :first AND :last AND {PUBLISHED}
"""

_CALLED = f"""
SELECT t.day, t.issued_at, v.counter, v.service, s.department, v.clerk, t.called_at - t.issued_at,
       CASE WHEN v.outcome = 'no_show' AND t.state <> 'no_show' THEN '' ELSE v.outcome END,
       v.started_at - v.called_at, v.finished_at - v.started_at
FROM ticket t JOIN visit v ON v.id = t.visit JOIN service s ON s.code = t.service
WHERE t.day BETWEEN :first AND :last
UNION ALL
SELECT p.day, p.issued_at, p.counter, p.service, p.department, p.clerk, p.called_at - p.issued_at,
       p.outcome, p.started_at - p.called_at, p.finished_at - p.started_at
FROM past_visit p WHERE p.day BETWEEN :first AND :last AND p.called_at IS NOT NULL AND {PUBLISHED}
"""

_ISSUED = f"""
SELECT t.day, t.issued_at, t.service, s.department, t.state, t.called_at
FROM ticket t JOIN service s ON s.code = t.service WHERE t.day BETWEEN :first AND :last
UNION ALL
SELECT p.day, p.issued_at, p.service, p.department, p.outcome, p.called_at
FROM past_visit p WHERE p.day BETWEEN :first AND :last AND {PUBLISHED}
"""

_COUNTER_TIMES = """
SELECT at, kind, counter, data FROM journal
WHERE at >= :since AND at < :until AND kind IN ('counter_opened', 'counter_closed', 'counter_away', 'counter_back')
ORDER BY seq
"""
_OCCUPIED = f"""
SELECT v.finished_day, v.counter, v.clerk, v.finished_at - v.called_at FROM visit v
WHERE v.finished_day BETWEEN :first AND :last
UNION ALL
SELECT p.finished_day, p.counter, p.clerk, p.finished_at - p.called_at FROM past_visit p
WHERE p.finished_day BETWEEN :first AND :last AND p.called_at IS NOT NULL AND {PUBLISHED}
"""

_CASES = f"""
SELECT accepted_at, 'accepted', service, department, counter, clerk FROM case_file
WHERE accepted_at >= :since AND accepted_at < :until AND outcome <> 'not_accepted' AND {SEEN}
UNION ALL
SELECT closed_at, CASE kind WHEN 'immediate' THEN 'immediate' ELSE 'closed' END, service, department, counter, clerk
FROM case_file WHERE closed_at >= :since AND closed_at < :until AND accepted_at IS NOT NULL
  AND outcome <> 'not_accepted' AND {SEEN}
UNION ALL
SELECT asked_at, 'consulted', COALESCE(service, ''), department, '', COALESCE(clerk, '') FROM consultation
WHERE asked_at >= :since AND asked_at < :until AND {SEEN}
"""


@dataclass(frozen=True)
class Span:
    """Inclusive hall days."""

    first: date
    last: date

    @classmethod
    def of(cls, day: str) -> "Span":
        """One hall day, ISO text."""
        return cls(date.fromisoformat(day), date.fromisoformat(day))

    @property
    def values(self) -> dict[str, str]:
        return {"first": self.first.isoformat(), "last": self.last.isoformat()}

    @property
    def days(self) -> set[str]:
        return {(self.first + timedelta(days=n)).isoformat() for n in range((self.last - self.first).days + 1)}


@dataclass(frozen=True)
class Floor:
    """The hall's time zone, and until when a counter that is still open counts (microseconds)."""

    zone: ZoneInfo
    now: int


#: Where each row counts and the arguments of its sums' `take`.
Facts = Iterator[tuple[Place, tuple[Any, ...]]]


def answers(run: RunSql, floor: Floor, span: Span) -> Facts:
    """Finished visits by the day of their finish."""
    hour = hour_in(floor.zone)
    for day, at, counter, service, department, clerk, level, source, reasons, answer in run(_FINISHED, **span.values):
        yield Place(day, hour(at), counter, service, department, clerk), (level, source, reasons, _or_none(answer))


def waits(run: RunSql, floor: Floor, span: Span) -> Facts:
    """Called tickets by the day of their issue: from issue to the last call, whole seconds."""
    hour = hour_in(floor.zone)
    for day, at, counter, service, department, clerk, wait, outcome, walk, served in run(_CALLED, **span.values):
        place = Place(day, hour(at), counter, service, department, clerk)
        yield place, (of_micros(wait), outcome, _or_none(walk), _or_none(served))


def arrivals(run: RunSql, floor: Floor, span: Span) -> Facts:
    """All tickets by the day of their issue."""
    hour = hour_in(floor.zone)
    for day, at, service, department, state, called_at in run(_ISSUED, **span.values):
        yield Place(day, hour(at), "", service, department, ""), (state, called_at is not None)


def casework(run: RunSql, floor: Floor, span: Span) -> Facts:
    """Cases by the days of their acceptance and of their close, consultations by the day of the question."""
    since, until = day_span(span.first, span.last, floor.zone)
    day = day_in(floor.zone)
    for at, step, service, department, counter, clerk in run(_CASES, since=since, until=until):
        yield Place(day(at), -1, counter, service, department, clerk), (step,)


def desks(run: RunSql, floor: Floor, span: Span) -> Facts:
    """Counters' time by day: open and paused from the journal, occupied from the visits."""
    for day, counter, clerk, took in run(_OCCUPIED, **span.values):
        yield Place(day, -1, counter, "", "", clerk), (0, 0, 0, 1, of_micros(took))
    day = span.first
    while day <= span.last:
        since, until = day_span(day, day, floor.zone)
        events = run(_COUNTER_TIMES, since=since, until=until)
        for (counter, clerk), desk in desk_times(events, min(until, floor.now)).items():
            place = Place(day.isoformat(), -1, counter, "", "", clerk)
            yield place, (desk.open_s, desk.away_s, desk.pauses, 0, 0)
        day += timedelta(days=1)


@dataclass(frozen=True)
class _Sitting:
    clerk: str
    since: int
    away: bool


def desk_times(events: list[Any], until: int) -> dict[tuple[str, str], Desk]:
    """Open and paused seconds by counter and clerk of one day's entries (at, kind, counter, data as JSON).

    Every counter is closed when the day begins (the end of the day closes what was left open); one that is still open
    counts to `until`. Without a clerk (a counter opened by its keypad) the clerk is empty.
    """
    desks: dict[tuple[str, str], Desk] = defaultdict(Desk)
    sitting: dict[str, _Sitting] = {}

    def stand_up(counter: str, at: int) -> None:
        if was := sitting.pop(counter, None):
            passed = of_micros(at - was.since)
            desks[counter, was.clerk].take(passed, passed if was.away else 0, 0, 0, 0)

    for at, kind, counter, data in events:
        stand_up(counter, at)
        if kind == "counter_closed":
            continue
        clerk = str(json.loads(data).get("clerk") or "")
        sitting[counter] = _Sitting(clerk, at, kind == "counter_away")
        desks[counter, clerk].pauses += kind == "counter_away"
    for counter in list(sitting):
        stand_up(counter, until)
    return dict(desks)


def _or_none(micros: int | None) -> int | None:
    return None if micros is None else of_micros(micros)
