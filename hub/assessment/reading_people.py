"""Facts of people: attendance, posts, counters' states, leaders' visits, self-checks, ballots, findings; by unit."""

from datetime import date
from fractions import Fraction
from typing import Any

from hub.assessment.facts import (
    Absence,
    Ballot,
    Colleague,
    CounterSpan,
    Finding,
    LeaderVisit,
    Post,
    SelfCheck,
)
from hub.assessment.floor import Belongs, Window
from hub.journal import RunSql
from hub.staff.tables import SEEN

_ATTENDANCE = f"""
SELECT clerk, department, counter, date, kind, minutes, session, excused, stand_in, whereabouts,
       (SELECT s.counter FROM staff s WHERE s.clerk = attendance.clerk AND s.valid_from <= attendance.date
        AND (s.valid_to IS NULL OR s.valid_to = '' OR s.valid_to >= attendance.date)
        AND (s.imported IS NULL OR s.imported IN (SELECT id FROM import_run WHERE published))
        ORDER BY s.valid_from DESC LIMIT 1)
FROM attendance WHERE {SEEN} AND date BETWEEN :first AND :last ORDER BY date, clerk, session, kind
"""
_STAFF = f"""
SELECT clerk, department, counter, valid_from, valid_to, established, chief_representative FROM staff
WHERE {SEEN} AND valid_from <= :last AND (valid_to IS NULL OR valid_to = '' OR valid_to >= :first)
"""
_POSTS = f"""
SELECT post, department, counter, clerk, stand_ins, valid_from, valid_to FROM post
WHERE {SEEN} AND valid_from <= :last AND (valid_to IS NULL OR valid_to = '' OR valid_to >= :first)
"""
_STATES = f"""
SELECT counter, state_from, state_to, state, stand_in FROM counter_state
WHERE {SEEN} AND state_from >= :since AND state_from < :until
"""
_VISITS = f"""
SELECT at, department, person, rank FROM leader_visit WHERE {SEEN} AND at >= :since AND at < :until ORDER BY at
"""
_CHECKS = f"SELECT month, counter, score FROM self_check WHERE {SEEN} AND month BETWEEN :first AND :last"
_BALLOTS = f"""
SELECT ballot_no, year, target, voter_group, score FROM ballot
WHERE kind = 'counter' AND year BETWEEN :first AND :last AND {SEEN}
"""
_FINDINGS = f"""
SELECT id, item, at, department, counter, clerk, effect, points, quantity, event, compare_to, note,
       made_at, made_by, decided_at, decided_by, lead, imported
FROM finding WHERE scheme = :scheme AND day BETWEEN :first AND :last AND state = 'confirmed' AND {SEEN}
ORDER BY at, id
"""


def read(run: RunSql, window: Window, belongs: Belongs, scheme: str) -> dict[str, dict[str, list[Any]]]:
    """By the place in Facts, then by unit."""
    months = {"first": f"{window.first:%Y-%m}", "last": f"{window.last:%Y-%m}"}
    years = {"first": window.first.year, "last": window.last.year}
    return {
        "absences": belongs.group(run(_ATTENDANCE, **window.days), _absence, lambda row: (row[1], row[2] or row[10])),
        "colleagues": belongs.group(run(_STAFF, **window.days), _colleague, lambda row: (row[1], row[2])),
        "posts": belongs.group(run(_POSTS, **window.days), _post, lambda row: (row[1], row[2])),
        "counter_spans": belongs.group(
            run(_STATES, **window.span), lambda row: _span(row, window), lambda row: (None, row[0])
        ),
        "leader_visits": belongs.group(
            run(_VISITS, **_whole_weeks(window)),
            lambda row: LeaderVisit(window.local(row[0]), row[2], row[3]),
            lambda row: (row[1], None),
        ),
        "self_checks": belongs.group(
            run(_CHECKS, **months), lambda row: SelfCheck(row[0], Fraction(row[2])), lambda row: (None, row[1])
        ),
        "ballots": belongs.group(
            run(_BALLOTS, **years),
            lambda row: Ballot(row[0], row[1], row[2], row[3], Fraction(row[4])),
            lambda row: (None, row[2]),
        ),
        "findings": belongs.group(
            run(_FINDINGS, scheme=scheme, **window.days),
            lambda row: _finding(row, window),
            lambda row: (row[3], row[4]),
        ),
    }


def _whole_weeks(window: Window) -> dict[str, int]:
    """A week belongs to the month of its Thursday, so its other days may lie outside."""
    week_us = 7 * 86_400_000_000
    return {"since": window.span["since"] - week_us, "until": window.span["until"] + week_us}


def _absence(row: Any) -> Absence:
    return Absence(
        clerk=row[0],
        counter=row[2] or row[10] or "",
        day=date.fromisoformat(row[3]),
        kind=row[4],
        minutes=row[5],
        session=row[6],
        excused=row[7],
        stand_in=row[8] or "",
        whereabouts=row[9] or "",
    )


def _colleague(row: Any) -> Colleague:
    return Colleague(
        clerk=row[0],
        counter=row[2],
        valid_from=date.fromisoformat(row[3]),
        valid_to=_day(row[4]),
        established=None if row[5] is None else bool(row[5]),
        chief=bool(row[6]),
    )


def _post(row: Any) -> Post:
    return Post(
        post=row[0],
        counter=row[2],
        clerk=row[3],
        stand_ins=tuple(name for name in row[4].split("|") if name),
        valid_from=date.fromisoformat(row[5]),
        valid_to=_day(row[6]),
    )


def _span(row: Any, window: Window) -> CounterSpan:
    return CounterSpan(row[0], window.local(row[1]), window.local(row[2]), row[3], row[4] or "")


def _finding(row: Any, window: Window) -> Finding:
    return Finding(
        id=row[0],
        item=row[1],
        at=window.local(row[2]),
        counter=row[4] or "",
        clerk=row[5] or "",
        effect=row[6],
        points=None if row[7] is None else Fraction(row[7]),
        quantity=row[8],
        event=row[9] or "",
        compare_to=row[10] or "",
        note=row[11] or "",
        entered=window.local(row[12]),
        entered_by=row[13],
        confirmed=window.local_or_none(row[14]),
        confirmed_by=row[15] or "",
        origin="imported" if row[17] else "seen" if row[16] else "entered",
    )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
