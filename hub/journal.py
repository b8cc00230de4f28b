"""The journal: the append-only record of everything that happened, written in the transaction of the change.

Numbers are the last statements of a batch, taken from one locked head row, so that they are commit order:
a reader that has seen N never meets a smaller one later. Payloads carry no personal text.
"""

import json
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import BigInteger
from sqlmodel import Field, SQLModel

from hub.clock import instant, micros

EntryKind = Literal[
    "hall_seeded",
    "ticket_issued",
    "ticket_called",
    "ticket_recalled",
    "visit_started",
    "ticket_no_show",
    "visit_finished",
    "ticket_cancelled",
    "ticket_expired",
    "ticket_printed",
    "ticket_print_failed",
    "ticket_reprinted",
    "ticket_chosen",
    "ticket_requeued",
    "ticket_held",
    "ticket_resumed",
    "ticket_transferred",
    "ticket_released",
    "ticket_next_service",
    "counter_opened",
    "counter_closed",
    "counter_away",
    "counter_back",
    "evaluation_invited",
    "evaluation_given",
    "token_added",
    "token_removed",
    "pairing_asked",
    "station_paired",
    "pairing_refused",
]

#: Runs one SQL statement and answers its rows; `Tx.rows` and `Reader.rows` are such.
RunSql = Callable[..., list[Any]]


class JournalRow(SQLModel, table=True):
    """One entry as stored. `at` is UTC microseconds, `data` a JSON object."""

    __tablename__ = "journal"

    seq: int = Field(primary_key=True, sa_type=BigInteger)
    at: int = Field(sa_type=BigInteger)
    who: str
    role: str
    kind: str
    ticket: str | None = Field(default=None, index=True)
    visit: str | None = None
    counter: str | None = None
    service: str | None = None
    data: str = "{}"


class JournalHead(SQLModel, table=True):
    """The one row whose lock orders all commits."""

    __tablename__ = "journal_head"

    id: int = Field(primary_key=True)
    seq: int = Field(sa_type=BigInteger)


@dataclass(frozen=True)
class Entry:
    """What happened. `seq` is 0 until the batch is about to commit."""

    kind: EntryKind
    at: datetime
    who: str
    role: str
    ticket: str | None = None
    visit: str | None = None
    counter: str | None = None
    service: str | None = None
    data: dict[str, Any] = field(default_factory=dict)
    seq: int = 0


_TAKE = "UPDATE journal_head SET seq = seq + :count WHERE id = 1 RETURNING seq"
_APPEND = (
    "INSERT INTO journal (seq, at, who, role, kind, ticket, visit, counter, service, data)"
    " VALUES (:seq, :at, :who, :role, :kind, :ticket, :visit, :counter, :service, :data)"
)
_SINCE = (
    "SELECT seq, at, who, role, kind, ticket, visit, counter, service, data"
    " FROM journal WHERE seq > :seq ORDER BY seq LIMIT :most"
)


def append(run: RunSql, entries: Sequence[Entry]) -> list[Entry]:
    """Number and store the entries; the last statements of a transaction."""
    if not entries:
        return []
    last = int(run(_TAKE, count=len(entries))[0][0])
    numbered = [replace(entry, seq=last - len(entries) + 1 + i) for i, entry in enumerate(entries)]
    for entry in numbered:
        run(
            _APPEND,
            seq=entry.seq,
            at=micros(entry.at),
            who=entry.who,
            role=entry.role,
            kind=entry.kind,
            ticket=entry.ticket,
            visit=entry.visit,
            counter=entry.counter,
            service=entry.service,
            data=json.dumps(entry.data, ensure_ascii=False, separators=(",", ":")),
        )
    return numbered


def since(run: RunSql, seq: int, *, most: int = 1000) -> list[Entry]:
    """The entries after `seq`, oldest first, at most `most`."""
    return [
        Entry(
            seq=row[0],
            at=instant(row[1]),
            who=row[2],
            role=row[3],
            kind=row[4],
            ticket=row[5],
            visit=row[6],
            counter=row[7],
            service=row[8],
            data=json.loads(row[9]),
        )
        for row in run(_SINCE, seq=seq, most=most)
    ]


def last_seq(run: RunSql) -> int:
    """The number of the newest committed entry."""
    return int(run("SELECT seq FROM journal_head WHERE id = 1")[0][0])


class OwnEntries:
    """Journal numbers that this process has written and not met again yet; used by the writer and by readers."""

    def __init__(self) -> None:
        self._numbers: set[int] = set()
        self._lock = threading.Lock()

    def add(self, entries: list[Entry]) -> None:
        with self._lock:
            self._numbers.update(entry.seq for entry in entries)

    def remove(self, entries: list[Entry]) -> None:
        with self._lock:
            self._numbers.difference_update(entry.seq for entry in entries)

    def forget(self, seq: int) -> bool:
        """Whether it was one of ours; it will not come again."""
        with self._lock:
            known = seq in self._numbers
            self._numbers.discard(seq)
            return known
