"""Finished days kept as sums (汇总), so that a year is answered without looking at its visits.

A day counts as kept only while no journal entry after the last look touches it: a late evaluation, a visit that
outlived midnight or an import makes it be read from its rows until it is built anew. What is answered is therefore
always equal to the sums over the rows.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from hub.clock import hall_day, instant, micros
from hub.figures import rows
from hub.figures.groups import KeyOf, Place
from hub.figures.rows import Facts, Floor, Span
from hub.figures.sums import Answers, Arrivals, Desk, Waits
from hub.journal import RunSql
from hub.store import Reader, Tx

Sums = Answers | Waits | Arrivals | Desk


@dataclass(frozen=True)
class Kept:
    """One kind of sums: how it is read from rows, and the table and columns it is kept in."""

    sums: type[Sums]
    facts: Any
    table: str
    columns: tuple[str, ...]
    by_counter: bool = True
    by_hour: bool = True


KEPT: dict[str, Kept] = {
    "answers": Kept(
        Answers,
        rows.answers,
        "figure_answers",
        ("finished", "defaulted", "typed", "levels", "other", "answer_s", "reasons"),
    ),
    "waits": Kept(Waits, rows.waits, "figure_waits", ("no_shows", "wait_s", "walk_s", "service_s")),
    "arrivals": Kept(
        Arrivals, rows.arrivals, "figure_arrivals", ("issued", "called", "cancelled", "expired"), by_counter=False
    ),
    "desks": Kept(Desk, rows.desks, "figure_desk", ("open_s", "away_s", "pauses", "visits", "busy_s"), by_hour=False),
}
_GROUP = ("hour", "day", "counter", "service", "department", "clerk")

#: Entries looked through at once; a query that finds more than this unseen reads every day from its rows.
ENTRIES_AT_ONCE = 5_000

_HEADS = "SELECT (SELECT seq FROM figure_head WHERE id = 1), (SELECT seq FROM journal_head WHERE id = 1)"
_TOUCHED = """
SELECT t.day FROM journal j JOIN ticket t ON t.id = j.ticket WHERE j.seq > :since AND j.seq <= :until
UNION
SELECT v.finished_day FROM journal j JOIN visit v ON v.ticket = j.ticket
WHERE j.seq > :since AND j.seq <= :until AND v.finished_day IS NOT NULL
UNION
SELECT v.finished_day FROM journal j JOIN visit v ON v.id = j.visit
WHERE j.seq > :since AND j.seq <= :until AND v.finished_day IS NOT NULL
"""
_COUNTERS_TOUCHED = """
SELECT at FROM journal WHERE seq > :since AND seq <= :until
  AND kind IN ('counter_opened', 'counter_closed', 'counter_away', 'counter_back')
"""
_MARK = """
INSERT INTO figure_day (day, built_at) VALUES (:day, NULL) ON CONFLICT (day) DO UPDATE SET built_at = NULL
"""
_SEEN_TO = """
INSERT INTO figure_head (id, seq) VALUES (1, :seq) ON CONFLICT (id) DO UPDATE SET seq = :seq
"""
_DAYS = "SELECT day, built_at FROM figure_day WHERE day BETWEEN :first AND :last"
_TO_BUILD = "SELECT day FROM figure_day WHERE built_at IS NULL AND day < :today ORDER BY day DESC LIMIT 1"
_BUILT = "UPDATE figure_day SET built_at = :now WHERE day = :day"


# ---- keeping ----


def look_through(tx: Tx, floor: Floor) -> bool:
    """Mark the days that the next journal entries touch; True while there are more."""
    tx.alone("figures")
    since, newest = _heads(tx.rows)
    if since >= newest:
        return False
    until = min(since + ENTRIES_AT_ONCE, newest)
    for day in touched(tx.rows, floor, since, until):
        tx.rows(_MARK, day=day)
    tx.rows(_SEEN_TO, seq=until)
    return until < newest


def mark(tx: Tx, days: Iterable[str]) -> None:
    """These days changed without entries of their own, as by an import."""
    for day in sorted(set(days)):
        tx.rows(_MARK, day=day)


def next_to_build(reader: Reader, floor: Floor, today: str) -> "Built | None":
    """The youngest finished day that waits, summed up from its rows; None when none waits.

    Looking at thousands of visits takes too long to keep the writer waiting, so `keep` only stores it.
    """
    waiting = reader.rows(_TO_BUILD, today=today)
    if not waiting:
        return None
    day = str(waiting[0][0])
    span = Span.of(day)
    sums = {name: _summed(kind, kind.facts(reader.rows, floor, span)) for name, kind in KEPT.items()}
    return Built(day, _heads(reader.rows)[1], _published(reader.rows), sums)


@dataclass(frozen=True)
class Built:
    """A day's sums as of a journal entry and a number of published imports."""

    day: str
    seq: int
    published: int
    sums: dict[str, dict[Place, Any]]


def keep(tx: Tx, floor: Floor, built: Built) -> bool:
    """Store the sums; False when the day changed since they were made, then they are to be made again."""
    tx.alone("figures")
    newest = _heads(tx.rows)[1]
    if _published(tx.rows) != built.published or built.day in touched(tx.rows, floor, built.seq, newest):
        return False
    for name, groups in built.sums.items():
        kind = KEPT[name]
        tx.rows(f"DELETE FROM {kind.table} WHERE day = :day", day=built.day)
        for place, sums in groups.items():
            _insert(tx.rows, kind, place, sums)
    tx.rows(_BUILT, day=built.day, now=micros(tx.now))
    return True


def _summed(kind: Kept, facts: Facts) -> dict[Place, Any]:
    """By counter and clerk, and by hour."""
    found: dict[Place, Any] = {}
    for at, values in facts:
        if kind.by_counter:
            _at(found, kind, Place(at.day, -1, at.counter, at.service, at.department, at.clerk)).take(*values)
        if kind.by_hour:
            _at(found, kind, Place(at.day, at.hour, "", at.service, at.department, "")).take(*values)
    return found


def _at(found: dict[Place, Any], kind: Kept, place: Place) -> Any:
    sums = found.get(place)
    if sums is None:
        sums = found[place] = kind.sums()
    return sums


def _insert(run: RunSql, kind: Kept, place: Place, sums: Sums) -> None:
    names = (*_GROUP, *kind.columns)
    values = {name: getattr(place, name) for name in _GROUP} | sums.stored()
    run(f"INSERT INTO {kind.table} ({', '.join(names)}) VALUES ({', '.join(':' + name for name in names)})", **values)


def touched(run: RunSql, floor: Floor, since: int, until: int) -> set[str]:
    """Days whose figures the entries after `since` up to `until` change."""
    days = {str(day) for (day,) in run(_TOUCHED, since=since, until=until)}
    at = [row[0] for row in run(_COUNTERS_TOUCHED, since=since, until=until)]
    return days | {hall_day(instant(moment), floor.zone) for moment in at}


def _published(run: RunSql) -> int:
    return int(run("SELECT count(*) FROM import_run WHERE published")[0][0])


def _heads(run: RunSql) -> tuple[int, int]:
    seen, newest = run(_HEADS)[0]
    return seen or 0, newest or 0


# ---- answering ----


def sums_by(run: RunSql, floor: Floor, span: Span, name: str, by: tuple[str, ...], key: KeyOf) -> dict[Any, Any]:
    """The sums of every group: finished days as they are kept, the others from their rows.

    `by` names what `key` looks at: it decides which of the kept rows can answer.
    """
    kind = KEPT[name]
    kept, unkept = kept_days(run, floor, span)
    found: dict[Any, Any] = {}
    which = _which(kind, by)
    if which is None:
        kept, unkept = set(), kept | unkept
    elif kept:
        _from_kept(run, kind, span, kept, which, key, found)
    for part in _runs(unkept):
        for place, values in kind.facts(run, floor, part):
            _group(found, kind, key(place)).take(*values)
    return found


def _which(kind: Kept, by: tuple[str, ...]) -> str | None:
    """The kept rows that have every part of the grouping; None when only the visits themselves have."""
    if "hour" not in by:
        return "hour = -1" if kind.by_counter else "hour >= 0"
    return "hour >= 0" if kind.by_hour and not {"counter", "clerk"} & set(by) else None


def _from_kept(
    run: RunSql, kind: Kept, span: Span, days: set[str], which: str, key: KeyOf, found: dict[Any, Any]
) -> None:
    names = ", ".join((*_GROUP, *kind.columns))
    make: Any = getattr(kind.sums, "of", kind.sums)
    for hour, day, counter, service, department, clerk, *values in run(
        f"SELECT {names} FROM {kind.table} WHERE {which} AND day BETWEEN :first AND :last", **span.values
    ):
        if day in days:
            place = Place(day, hour, counter, service, department, clerk)
            _group(found, kind, key(place)).add(make(*values))


def _group(found: dict[Any, Any], kind: Kept, key: Any) -> Any:
    sums = found.get(key)
    if sums is None:
        sums = found[key] = kind.sums()
    return sums


def kept_days(run: RunSql, floor: Floor, span: Span) -> tuple[set[str], set[str]]:
    """Days of the span that may be answered as kept, and those that must be read; days without anything are neither."""
    seen, newest = _heads(run)
    if newest - seen > ENTRIES_AT_ONCE:
        return set(), span.days
    known = dict(run(_DAYS, **span.values))
    changed = touched(run, floor, seen, newest) & span.days if newest > seen else set()
    kept = {day for day, built_at in known.items() if built_at is not None} - changed
    return kept, (set(known) | changed) - kept


def _runs(days: set[str]) -> list[Span]:
    """Neighbouring days together."""
    spans: list[Span] = []
    for day in sorted(days):
        one = Span.of(day)
        if spans and (one.first - spans[-1].last).days == 1:
            spans[-1] = Span(spans[-1].first, one.last)
        else:
            spans.append(one)
    return spans
