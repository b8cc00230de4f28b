"""The journal: the append-only record of everything that happened, written in the transaction of the change.

Numbers are the last statements of a batch, taken from one locked head row, so that they are commit order:
a reader that has seen N never meets a smaller one later. Payloads carry no personal text.
Each entry carries a hash over itself and the entry before it (hub.chain): the database refuses to change or delete
entries, and `hall verify` finds what somebody did who made it.
"""

import json
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Literal, Protocol

from sqlalchemy import BigInteger, Index, text
from sqlmodel import Field, SQLModel

from hub.chain import COLUMNS, entry_hash
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
    "journal_sealed",
    "clock_jumped",
    "backup_made",
    "database_restored",
    "token_removed",
    "signed_in",
    "signed_out",
    "sign_in_failed",
    "locked_out",
    "unlocked",
    "session_ended",
    "counter_taken",
    "counter_left",
    "account_added",
    "account_changed",
    "account_off",
    "account_on",
    "password_changed",
    "password_reset",
    "pairing_asked",
    "station_paired",
    "pairing_refused",
    "person_read",
    "persons_deleted",
    "calendar_imported",
    "rota_changed",
    "device_changed",
    "alert_raised",
    "alert_acknowledged",
    "alert_ended",
    "case_received",
    "case_changed",
    "complaint_filed",
    "complaint_decided",
    "complaint_reopened",
    "attendance_recorded",
    "register_imported",
    "finding_proposed",
    "finding_confirmed",
    "finding_dismissed",
    "finding_appealed",
    "appeal_reviewed",
    "evidence_added",
    "period_closed",
    "period_reopened",
    "reading_changed",
    "unit_classed",
    "result_published",
    "notices_put_up",
    "notices_withdrawn",
]

COUNTER_TIMES = text("kind IN ('counter_opened', 'counter_closed', 'counter_away', 'counter_back')")

#: Runs one SQL statement and answers its rows; `Tx.rows` and `Reader.rows` are such.
RunSql = Callable[..., list[Any]]


class JournalRow(SQLModel, table=True):
    """One entry as stored. `at` is UTC microseconds, `data` a JSON object."""

    __tablename__ = "journal"
    # the figures read a counter's times of one day without looking at the rest
    __table_args__ = (Index("journal_counter_times", "at", sqlite_where=COUNTER_TIMES, postgresql_where=COUNTER_TIMES),)

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
    hash: str = ""


class JournalHead(SQLModel, table=True):
    """The one row whose lock orders all commits: number and hash of the newest entry."""

    __tablename__ = "journal_head"

    id: int = Field(primary_key=True)
    seq: int = Field(sa_type=BigInteger)
    hash: str = ""


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


_HEAD = "SELECT seq, hash FROM journal_head WHERE id = 1 /* FOR UPDATE */"
_ADVANCE = "UPDATE journal_head SET seq = :seq, hash = :hash WHERE id = 1"
_NAMES = ", ".join(COLUMNS)
_APPEND = f"INSERT INTO journal ({_NAMES}, hash) VALUES ({', '.join(f':{name}' for name in COLUMNS)}, :hash)"
_SINCE = f"SELECT {_NAMES} FROM journal WHERE seq > :seq ORDER BY seq LIMIT :most"


class Appender(Protocol):
    """A connection in a transaction."""

    def run(self, sql: str, **values: Any) -> list[Any]: ...

    def many(self, sql: str, rows: list[dict[str, Any]]) -> None: ...


def append(connection: Appender, entries: Sequence[Entry]) -> list[Entry]:
    """Number, chain and store the entries; the last statements of a transaction."""
    if not entries:
        return []
    seq, chained = connection.run(_HEAD)[0]
    numbered = []
    rows: list[dict[str, Any]] = []
    for entry in entries:
        seq += 1
        content = _content(entry, seq)
        chained = entry_hash(chained, content)
        rows.append({**dict(zip(COLUMNS, content, strict=True)), "hash": chained})
        numbered.append(replace(entry, seq=seq))
    connection.many(_APPEND, rows)
    connection.run(_ADVANCE, seq=seq, hash=chained)
    return numbered


def _content(entry: Entry, seq: int) -> tuple[Any, ...]:
    """As stored, in the order of COLUMNS."""
    return (
        seq,
        micros(entry.at),
        entry.who,
        entry.role,
        entry.kind,
        entry.ticket,
        entry.visit,
        entry.counter,
        entry.service,
        json.dumps(entry.data, ensure_ascii=False, separators=(",", ":")),
    )


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

    def forget_all(self, numbers: range) -> bool:
        """Whether all of them are ours; if so, none will come again."""
        with self._lock:
            if not numbers or not self._numbers.issuperset(numbers):
                return False
            self._numbers.difference_update(numbers)
            return True
