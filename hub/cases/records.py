"""Cases as stored and as told: rows in, wire messages out; deadlines computed from a row and kept."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from hub.cases.deadlines import Course, DayRules, Deadline, Stop, deadline, overdue
from hub.cases.tables import CaseRow
from hub.clock import instant, micros
from hub.journal import RunSql
from hub.problems import CalendarUnknown, Unknown
from hub.staff.tables import SEEN
from hub.wire import Case, CaseDeadline, CaseNotice, Cases, CaseStep, CaseSuspension, CaseWhole

COLUMNS: tuple[str, ...] = tuple(CaseRow.model_fields)
_NAMES = ", ".join(COLUMNS)
_ONE = f"SELECT {_NAMES} FROM case_file WHERE case_no = :case_no AND {SEEN}"
_STOPS = f"SELECT first, last, reason FROM case_suspension WHERE case_no = :case_no AND {SEEN} ORDER BY number"
_DEADLINES = f"""
SELECT cause, made_at, due_at, legal_due_at, calendar_version, lines, legal_lines
FROM case_deadline WHERE case_no = :case_no AND {SEEN} ORDER BY number
"""
_STEPS = "SELECT verb, kind, state, made_at, made_by, reason FROM case_step WHERE case_no = :case_no ORDER BY number"
_NOTICES = (
    f"SELECT kind, notice_no, at FROM case_notice WHERE case_no = :case_no AND {SEEN} ORDER BY at, kind, notice_no"
)

Row = dict[str, Any]
PAGE_MOST = 200

#: What a list can be asked for, each by equality.
FILTERS = ("case_no", "department", "service", "counter", "clerk", "kind", "state")
_OVERDUE = "due_at < coalesce(closed_at, :now) AND NOT deemed_on_time"


@dataclass(frozen=True)
class Found:
    """Both deadlines of a case: by its promise and by law."""

    promised: Deadline
    legal: Deadline


def load_case(run: RunSql, case_no: str, *, to_change: bool = False) -> Row:
    """Raises Unknown."""
    rows = run(f"{_ONE} /* FOR UPDATE */" if to_change else _ONE, case_no=case_no)
    if not rows:
        raise Unknown("case", case_no)
    return dict(zip(COLUMNS, rows[0], strict=True))


def load_stops(run: RunSql, case_no: str) -> tuple[Stop, ...]:
    return tuple(_stop(*row) for row in run(_STOPS, case_no=case_no))


def _stop(first: str, last: str | None, reason: str) -> Stop:
    return Stop(date.fromisoformat(first), date.fromisoformat(last) if last else None, reason)


def compute(case: Mapping[str, Any], stops: tuple[Stop, ...], rules: DayRules) -> Found:
    """Raises CalendarUnknown for the promised one; the law's, which is longer and judges nobody, may stay unknown."""
    promised = deadline(_course(case, stops, case["promised_days"]), rules)
    if case["legal_days"] == case["promised_days"]:
        return Found(promised, promised)
    try:
        legal = deadline(_course(case, stops, case["legal_days"]), rules)
    except CalendarUnknown as unknown:
        why = {"zh": unknown.sentence("zh"), "en": unknown.sentence("en")}
        legal = Deadline(None, None, rules.calendar.version, (why,))
    return Found(promised, legal)


def _course(case: Mapping[str, Any], stops: tuple[Stop, ...], days: int) -> Course:
    received_at = instant(case["received_at"])
    return Course(
        received_at,
        days,
        _at(case["correction_notice_at"]),
        _at(case["corrected_at"]),
        stops,
        case["suspended_days"],
        case["extension_days"],
        _at(case["extension_told_at"]),
        _at(case["appointed_at"]),
        bool(case["citizen_missed"]),
    )


def due_columns(found: Found) -> Row:
    """What the case itself keeps of its newest deadline."""
    return {
        "due_day": found.promised.day.isoformat() if found.promised.day else None,
        "due_at": _micros(found.promised.at),
        "legal_due_at": _micros(found.legal.at),
        "calendar_version": found.promised.version,
        "deemed_on_time": found.promised.deemed_on_time,
    }


def deadline_columns(case_no: str, number: int, cause: str, found: Found) -> Row:
    """What is kept of a computation, besides who made it and when."""
    return {
        "case_no": case_no,
        "number": number,
        "cause": cause,
        "due_at": _micros(found.promised.at),
        "legal_due_at": _micros(found.legal.at),
        "calendar_version": found.promised.version,
        "lines": json.dumps(found.promised.lines, ensure_ascii=False),
        "legal_lines": json.dumps(found.legal.lines, ensure_ascii=False),
    }


def told(row: Row, zone: ZoneInfo, now: datetime) -> Case:
    """The case as it stands."""
    known = {name: value for name, value in row.items() if name in Case.model_fields and value is not None}
    times = {name: _local(value, zone) for name, value in known.items() if name.endswith("_at")}
    late = overdue(_at(row["due_at"]), bool(row["deemed_on_time"]), _at(row["closed_at"]), now)
    return Case.model_validate({**known, **times, "overdue": late, "imported": row["imported"] is not None})


def whole(run: RunSql, case_no: str, zone: ZoneInfo, now: datetime) -> CaseWhole:
    """Raises Unknown."""
    return CaseWhole(
        case=told(load_case(run, case_no), zone, now),
        deadlines=[_deadline(row, zone) for row in run(_DEADLINES, case_no=case_no)],
        steps=[_step(row, zone) for row in run(_STEPS, case_no=case_no)],
        suspensions=[
            CaseSuspension(first=stop.first, last=stop.last, reason=stop.reason) for stop in load_stops(run, case_no)
        ],
        notices=[
            CaseNotice(kind=kind, notice_no=no, at=_local(at, zone)) for kind, no, at in run(_NOTICES, case_no=case_no)
        ],
    )


def listed(
    run: RunSql, zone: ZoneInfo, now: datetime, asked: Mapping[str, str], *, late: bool, after: str, most: int
) -> Cases:
    """The cases for which every filter of `FILTERS` fits, by number; `late` only the overdue ones."""
    where = [SEEN, "case_no > :after", *(f"{name} = :{name}" for name in asked), *([_OVERDUE] if late else [])]
    named = {**asked, "after": after, "most": most + 1, **({"now": micros(now)} if late else {})}
    statement = f"SELECT {_NAMES} FROM case_file WHERE {' AND '.join(where)} ORDER BY case_no LIMIT :most"
    rows = [dict(zip(COLUMNS, row, strict=True)) for row in run(statement, **named)]
    following = rows[most - 1]["case_no"] if len(rows) > most else None
    return Cases(cases=[told(row, zone, now) for row in rows[:most]], next=following)


def _deadline(row: Iterable[Any], zone: ZoneInfo) -> CaseDeadline:
    cause, made_at, due_at, legal_due_at, version, lines, legal_lines = row
    return CaseDeadline(
        cause=cause,
        at=_local(made_at, zone),
        due_at=_local(due_at, zone) if due_at is not None else None,
        legal_due_at=_local(legal_due_at, zone) if legal_due_at is not None else None,
        calendar_version=version,
        lines=json.loads(lines),
        legal_lines=json.loads(legal_lines),
    )


def _step(row: Iterable[Any], zone: ZoneInfo) -> CaseStep:
    verb, kind, state, at, by, reason = row
    return CaseStep(verb=verb, kind=kind, state=state, at=_local(at, zone), by=by, reason=reason)


def _at(value: int | None) -> datetime | None:
    return None if value is None else instant(value)


def _micros(at: datetime | None) -> int | None:
    return None if at is None else micros(at)


def _local(value: int, zone: ZoneInfo) -> datetime:
    return instant(value).astimezone(zone)
