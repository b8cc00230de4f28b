"""Evaluations on this machine's disk until the hub has them: never lost, never sent as two.

A small SQLite file of its own (WAL, synchronous=FULL): what `put` returned from survives a kill and a power cut, and a
half-written tail is dropped by SQLite itself.
"""

import sqlite3
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from hub.wire import Evaluate

_TABLES = """
CREATE TABLE IF NOT EXISTS press (
    n INTEGER PRIMARY KEY AUTOINCREMENT,
    request_id TEXT NOT NULL UNIQUE,
    visit TEXT NOT NULL UNIQUE,
    state TEXT NOT NULL DEFAULT 'waiting',
    body TEXT NOT NULL,
    code TEXT NOT NULL DEFAULT '',
    detail TEXT NOT NULL DEFAULT '',
    refused_at TEXT NOT NULL DEFAULT ''
);
"""

#: So many visits whose evaluation the hub has are remembered (without it), so that a restarted agent asks nobody twice.
REMEMBERED_VISITS = 50


class OutboxError(OSError):
    """The evaluations of this counter cannot be kept; the text says where and why."""


@dataclass(frozen=True)
class RefusedPress:
    """An evaluation the hub will never take, kept with the reason."""

    press: Evaluate
    code: str
    detail: str


class Outbox:
    """Oldest first. Every method raises OutboxError when the file or the disk fails."""

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._file = sqlite3.connect(path, isolation_level=None, timeout=2.0)
        except (OSError, sqlite3.Error) as error:
            raise _in_words(path, error) from error
        try:
            self._prepare()
        except sqlite3.Error as error:
            self._file.close()
            raise _in_words(path, error) from error

    def put(self, press: Evaluate) -> bool:
        """On the disk when it returns; False when a press of this visit is known already."""
        row = (press.request_id, press.visit, press.model_dump_json(exclude_none=True))
        sql = "INSERT INTO press (request_id, visit, body) VALUES (?, ?, ?) ON CONFLICT DO NOTHING"
        return self._run(sql, row).rowcount == 1

    def knows(self, visit: str) -> bool:
        """The visit was evaluated here: waiting, sent lately, or refused."""
        return self._run("SELECT 1 FROM press WHERE visit = ?", (visit,)).fetchone() is not None

    def waiting(self) -> list[Evaluate]:
        rows = self._run("SELECT body FROM press WHERE state = 'waiting' ORDER BY n")
        return [Evaluate.model_validate_json(row[0]) for row in rows]

    def done(self, request_id: str) -> None:
        """The hub has it; what was pressed is forgotten here.

        This need not be on the disk when it returns: forgotten in a power cut, the press is sent again with its
        request_id, which the hub takes once. Waiting for the disk would hold up the next citizen.
        """
        self._run("PRAGMA synchronous = NORMAL")
        try:
            self._run("UPDATE press SET state = 'sent', body = '' WHERE request_id = ?", (request_id,))
            self._run(
                "DELETE FROM press WHERE state = 'sent' AND n <= (SELECT max(n) FROM press) - ?", (REMEMBERED_VISITS,)
            )
        finally:
            self._run("PRAGMA synchronous = FULL")

    def refuse(self, request_id: str, *, code: str, detail: str, at: datetime) -> None:
        """The hub will never take it: put aside with the reason, for whoever looks into it."""
        self._run(
            "UPDATE press SET state = 'refused', code = ?, detail = ?, refused_at = ? WHERE request_id = ?",
            (code, detail, at.isoformat(), request_id),
        )

    def refused(self) -> list[RefusedPress]:
        rows = self._run("SELECT body, code, detail FROM press WHERE state = 'refused' ORDER BY n")
        return [RefusedPress(Evaluate.model_validate_json(body), code, detail) for body, code, detail in rows]

    def close(self) -> None:
        self._file.close()

    def _prepare(self) -> None:
        self._file.execute("PRAGMA journal_mode = WAL")
        self._file.execute("PRAGMA synchronous = FULL")
        self._file.executescript(_TABLES)

    def _run(self, sql: str, values: tuple[str | int, ...] = ()) -> sqlite3.Cursor:
        try:
            return self._file.execute(sql, values)
        except sqlite3.Error as error:
            raise _in_words(self.path, error) from error


_ADVICE = {
    sqlite3.SQLITE_FULL: "the disk is full; free some space",
    sqlite3.SQLITE_READONLY: "it cannot be written; give the user who runs this program the right to",
    sqlite3.SQLITE_CANTOPEN: "it cannot be opened; check the folder and the rights of the user who runs this program",
    sqlite3.SQLITE_NOTADB: "this is no outbox; move the file away (it may hold evaluations) and start again",
    sqlite3.SQLITE_CORRUPT: "it is damaged; move the file away (it may hold evaluations) and start again",
    sqlite3.SQLITE_BUSY: "another program holds it; does a second counter program use the same outbox?",
}


def _in_words(path: Path, error: Exception) -> OutboxError:
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    return OutboxError(f"outbox {path}: {_ADVICE.get(code, str(error))}")
