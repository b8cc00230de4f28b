"""Exports of single rows: tickets, evaluations, cases, the journal. A day at a time, so that years need no memory.

`tickets` has the columns of `hall import visits`, so that what one hall exports another can take in.
No export carries a telephone or ID number, nor the key of a person.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal, get_args
from zoneinfo import ZoneInfo

from hub.clock import day_span, instant
from hub.figures.codes import TABLES, CodeTableName
from hub.figures.rows import PUBLISHED, Span
from hub.journal import RunSql
from hub.problems import Invalid

ListKind = Literal["tickets", "evaluations", "cases", "journal"]
LISTS: tuple[ListKind, ...] = get_args(ListKind)

_SEEN = "(c.imported IS NULL OR c.imported IN (SELECT id FROM import_run WHERE published))"

_TICKETS = f"""
SELECT t.number, t.service, s.department, v.counter, v.clerk, t.priority, t.channel, t.issued_at, t.called_at,
       t.started_at, t.finished_at,
       CASE t.state WHEN 'finished' THEN 'served' ELSE t.state END, v.case_no, e.level, e.source, e.reasons
FROM ticket t JOIN service s ON s.code = t.service
LEFT JOIN visit v ON v.id = t.visit LEFT JOIN evaluation e ON e.visit = v.id
WHERE t.day BETWEEN :first AND :last
UNION ALL
SELECT p.number, p.service, p.department, p.counter, p.clerk, p.priority, p.channel, p.issued_at, p.called_at,
       p.started_at, p.finished_at, p.outcome, p.case_no, p.level, p.level_source, p.reasons
FROM past_visit p WHERE p.day BETWEEN :first AND :last AND {PUBLISHED}
ORDER BY 8, 1
"""
_EVALUATIONS = f"""
SELECT t.number, v.service, s.department, v.counter, v.clerk, v.case_no, c.kind, v.finished_at, e.pressed_at, e.level,
       e.source, e.channel, e.reasons, e.comment
FROM visit v JOIN evaluation e ON e.visit = v.id JOIN ticket t ON t.id = v.ticket JOIN service s ON s.code = v.service
LEFT JOIN case_file c ON c.case_no = v.case_no AND {_SEEN}
WHERE v.finished_day BETWEEN :first AND :last
UNION ALL
SELECT p.number, p.service, p.department, p.counter, p.clerk, p.case_no, c.kind, p.finished_at, NULL, p.level,
       p.level_source, '', p.reasons, ''
FROM past_visit p LEFT JOIN case_file c ON c.case_no = p.case_no AND {_SEEN}
WHERE p.finished_day BETWEEN :first AND :last AND p.level IS NOT NULL AND {PUBLISHED}
ORDER BY 8, 1
"""
_CASE_COLUMNS = (
    "case_no", "service", "department", "counter", "clerk", "kind", "online", "on_site", "received_at", "legal_days",
    "promised_days", "suspended_days", "suspensions", "correction_notice_at", "corrected_at", "extension_days",
    "extension_told_at", "appointed_at", "citizen_missed", "closed_at", "outcome", "corrections", "return_reason",
    "offsite_stages", "council_approved", "signed_by", "issued_counter", "level", "level_source", "prereview_due",
    "prereview_at", "prereview_passed",
)  # fmt: skip
_CASES = f"""
SELECT {", ".join(f"c.{name}" for name in (*_CASE_COLUMNS, "due_at"))} FROM case_file c
WHERE c.received_at >= :since AND c.received_at < :until AND {_SEEN} ORDER BY c.received_at, c.case_no
"""
_JOURNAL = """
SELECT seq, at, who, role, kind, ticket, visit, counter, service, data FROM journal
WHERE seq >= :first AND seq < :end ORDER BY seq
"""
#: Journal entries read at once.
_ENTRIES = 10_000
#: Entries are numbered when they are committed, at most this long after the instant that they carry.
_APART_US = 600_000_000

_TICKET_COLUMNS = (
    "number", "service", "department", "counter", "clerk", "priority", "channel", "issued_at", "called_at",
    "started_at", "finished_at", "outcome", "case_no", "level", "level_source", "reasons",
)  # fmt: skip
_EVALUATION_COLUMNS = (
    "number", "service", "department", "counter", "clerk", "case_no", "kind", "finished_at", "pressed_at", "level",
    "level_source", "channel", "reasons", "comment",
)  # fmt: skip

_FLAGS = frozenset({"online", "on_site", "citizen_missed", "council_approved", "prereview_passed"})

Cell = str | int | None
Row = dict[str, Cell]


@dataclass(frozen=True)
class Listing:
    """Which rows, in which columns; `codes` adds the code columns of another system."""

    kind: ListKind
    span: Span
    zone: ZoneInfo
    codes: CodeTableName | None = None

    @property
    def columns(self) -> tuple[str, ...]:
        return (*_COLUMNS[self.kind], *(f"{name}_code" for name in _CODED[self.kind] if self.codes))


_COLUMNS: dict[ListKind, tuple[str, ...]] = {
    "tickets": _TICKET_COLUMNS,
    "evaluations": _EVALUATION_COLUMNS,
    "cases": (*_CASE_COLUMNS, "due_at"),
    "journal": ("seq", "at", "who", "role", "kind", "ticket", "visit", "counter", "service", "data"),
}
_CODED: dict[ListKind, tuple[str, ...]] = {
    "tickets": ("level",),
    "evaluations": ("level", "channel", "kind"),
    "cases": ("level", "kind"),
    "journal": (),
}


def listing(kind: ListKind, first: date, last: date, zone: ZoneInfo, codes: CodeTableName | None) -> Listing:
    """Raises Invalid for codes of a journal."""
    if codes and not _CODED[kind]:
        raise Invalid("codes", kind)
    return Listing(kind, Span(first, last), zone, codes)


def pages(asked: Listing) -> Iterator[Callable[[RunSql], Iterator[Row]]]:
    """One reading a day, each to be run on its own: a long export holds no transaction open."""
    day = asked.span.first
    while day <= asked.span.last:
        yield lambda run, one=day: _of_day(run, asked, one)  # type: ignore[misc]
        day += timedelta(days=1)


def _of_day(run: RunSql, asked: Listing, day: date) -> Iterator[Row]:
    since, until = day_span(day, day, asked.zone)
    values = Span(day, day).values
    if asked.kind == "journal":
        rows = _entries(run, since, until)
    elif asked.kind == "cases":
        rows = iter(run(_CASES, since=since, until=until))
    else:
        rows = iter(run(_TICKETS if asked.kind == "tickets" else _EVALUATIONS, **values))
    for row in rows:
        yield _told(asked, dict(zip(_COLUMNS[asked.kind], row, strict=True)))


def _entries(run: RunSql, since: int, until: int) -> Iterator[Any]:
    """By number, some at a time, so that a day of many entries needs no memory."""
    end = first_entry(run, until + _APART_US)
    for first in range(first_entry(run, since - _APART_US), end, _ENTRIES):
        found = run(_JOURNAL, first=first, end=min(first + _ENTRIES, end))
        yield from (entry for entry in found if since <= entry[1] < until)


def first_entry(run: RunSql, at: int) -> int:
    """About the number of the first entry at or after this instant: see `_APART_US`."""
    low, high = 1, int(run("SELECT seq FROM journal_head WHERE id = 1")[0][0]) + 1
    while low < high:
        middle = (low + high) // 2
        if run("SELECT at FROM journal WHERE seq = :seq", seq=middle)[0][0] < at:
            low = middle + 1
        else:
            high = middle
    return low


def _told(asked: Listing, row: dict[str, Any]) -> Row:
    """As in the import files: instants with the hall's offset, lists joined by `|`, true and false."""
    told: Row = {name: _cell(name, value, asked.zone) for name, value in row.items()}
    if asked.codes:
        codes = TABLES[asked.codes]
        made = {
            "level": codes.level(row.get("level")),
            "channel": codes.channel(row.get("channel"), row.get("level_source")),
            "kind": codes.kind(row.get("kind")),
        }
        told |= {f"{name}_code": made[name] for name in _CODED[asked.kind]}
    return told


def _cell(name: str, value: Any, zone: ZoneInfo) -> Cell:
    if value is None or value == "":
        return None
    if name in _FLAGS:
        return "true" if value else "false"
    if name == "at" or name.endswith(("_at", "_due")):
        return instant(int(value)).astimezone(zone).isoformat(timespec="seconds")
    if name == "reasons":
        return "|".join(json.loads(value)) or None
    return value if isinstance(value, int) else str(value)
