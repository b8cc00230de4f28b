"""Pages of the journal by time, without an index on time: entries are numbered nearly in the order of their times."""

import json
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from hub.clock import instant
from hub.journal import RunSql, last_seq
from hub.wire import JournalEntry, JournalPage

#: Clocks of several machines differ, and a batch is numbered in the order of its verbs: so many entries besides the
#: found ones are looked through as well.
MARGIN = 5_000

_AT = "SELECT at FROM journal WHERE seq >= :seq ORDER BY seq LIMIT 1"
_PAGE = """
SELECT seq, at, who, role, kind, ticket, visit, counter, service, data FROM journal
WHERE seq >= :first AND seq < :last AND at >= :since AND at < :until
  AND (CAST(:kind AS TEXT) IS NULL OR kind = :kind) AND (CAST(:who AS TEXT) IS NULL OR who = :who)
ORDER BY seq DESC LIMIT :most
"""


@dataclass(frozen=True)
class Asked:
    """Times [since, until) in µs; `before` is a number, `most` the length of the page."""

    since: int
    until: int
    kind: str | None
    who: str | None
    before: int | None
    most: int


def page_of(run: RunSql, asked: Asked, zone: ZoneInfo) -> JournalPage:
    end = last_seq(run) + 1
    first = _first_at(run, asked.since, end) - MARGIN
    last = min(_first_at(run, asked.until, end) + MARGIN, end)
    rows = run(
        _PAGE,
        first=first,
        last=last if asked.before is None else min(last, asked.before),
        since=asked.since,
        until=asked.until,
        kind=asked.kind or None,
        who=asked.who or None,
        most=asked.most + 1,
    )
    entries = [
        JournalEntry(
            seq=row[0],
            at=instant(row[1]).astimezone(zone),
            who=row[2],
            role=row[3],
            kind=row[4],
            ticket=row[5],
            visit=row[6],
            counter=row[7],
            service=row[8],
            data=json.loads(row[9]),
        )
        for row in rows[: asked.most]
    ]
    return JournalPage(entries=entries, before=entries[-1].seq if len(rows) > asked.most else None)


def _first_at(run: RunSql, at: int, end: int) -> int:
    """The number of (about) the first entry at or after a time, by halving; `end` when there is none."""
    low, high = 1, end
    while low < high:
        middle = (low + high) // 2
        found = run(_AT, seq=middle)
        if found and found[0][0] < at:
            low = middle + 1
        else:
            high = middle
    return low
