"""SQLite: one file, autocommit mode with explicit BEGIN IMMEDIATE, every commit on the disk before it is answered.

A file that is removed or replaced under a running hub would still take every commit, and lose it: the writer looks
before each transaction and after it whether the name still leads to its file and to its write-ahead log.
"""

import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, event

from hub.problems import OutcomeUnknown, StoreReason
from hub.store.connection import Connection, Dialect
from hub.store.failures import ConstraintBroken, DatabaseFailed, NotNow

#: Readers beside the writer (WAL), and every commit on the disk before it is answered (synchronous=FULL).
#: What is deleted is overwritten (secure_delete): personal data leaves no trace in the file.
_PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=5000", "secure_delete=ON")


class SqliteFile:
    """The database of a hall with one hub process."""

    dialect: Dialect = "sqlite"
    batch_most = 256

    def __init__(self, path: Path) -> None:
        self.path = path
        self.place = str(path)
        self._files = (str(path), f"{path}-wal")
        #: Which files the writer writes to; nothing before there is one.
        self._known: list[tuple[int, int] | None] = []

    def engine(self) -> Engine:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        engine = create_engine(f"sqlite:///{self.path}", connect_args={"check_same_thread": False})
        event.listen(engine, "connect", lambda connection, _record: _prepare(connection))
        return engine

    def writer(self) -> "SqliteWriter":
        writer = SqliteWriter(self._connect(), self)
        # the write-ahead log is there once the database was read
        writer.run("SELECT count(*) FROM sqlite_master")
        self._known = [_identity(file) for file in self._files]
        return writer

    def gone(self) -> StoreReason | None:
        for file, known in zip(self._files, self._known, strict=False):
            found = _identity(file)
            if found != known:
                return "missing" if found is None else "replaced"
        return None

    def reader(self) -> "SqliteConnection":
        return SqliteConnection(self._connect("query_only=ON"))

    def listener(self) -> "SqliteListener":
        return SqliteListener(self._connect("query_only=ON"))

    def _connect(self, *pragmas: str) -> sqlite3.Connection:
        with _told():
            # autocommit: BEGIN and COMMIT stand where we write them
            # and never a new, empty file in the place of one that is gone: the engine makes it, once
            place = f"{self.path.absolute().as_uri()}?mode=rw"
            connection = sqlite3.connect(place, uri=True, isolation_level=None, check_same_thread=False)
            _prepare(connection, *pragmas)
        return connection

    def damage(self, connection: Connection) -> str:
        found = str(connection.run("PRAGMA quick_check")[0][0])
        return "" if found == "ok" else found

    def warnings(self, connection: Connection) -> list[str]:
        return []


class SqliteConnection:
    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def run(self, sql: str, **values: Any) -> list[Any]:
        try:
            # fetchall exhausts a RETURNING cursor: SQLite refuses to commit over a half-read one
            return self._connection.execute(sql, values).fetchall()
        except sqlite3.Error as error:
            raise _named(error) from error

    def many(self, sql: str, rows: list[dict[str, Any]]) -> None:
        with _told():
            self._connection.executemany(sql, rows)

    def flush(self) -> None:
        """Everything is done at once."""

    def begin(self) -> None:
        try:
            self.run("BEGIN IMMEDIATE")
        except DatabaseFailed as error:
            raise NotNow(str(error), error.reason) from error

    def commit(self, told: int) -> None:
        self.run("COMMIT")

    def committed(self, mark: str | None) -> bool | None:
        """Never asked: a file has no line that could break."""
        return False

    def roll_back(self) -> None:
        # a full disk rolls the transaction back by itself: look before asking
        if self._connection.in_transaction:
            self.run("ROLLBACK")

    def save(self) -> None:
        self.run("SAVEPOINT verb")

    def undo(self) -> None:
        self.run("ROLLBACK TO verb")

    def release(self) -> None:
        self.run("RELEASE verb")

    def close(self) -> None:
        self._connection.close()


class SqliteWriter(SqliteConnection):
    """Refuses when its file is no longer the one that its name leads to."""

    def __init__(self, connection: sqlite3.Connection, file: SqliteFile) -> None:
        super().__init__(connection)
        self._file = file

    def begin(self) -> None:
        if reason := self._file.gone():
            raise NotNow(reason, reason)
        super().begin()

    def commit(self, told: int) -> None:
        super().commit(told)
        if self._file.gone():
            # it went into a file that was being taken away: nobody knows whether it will be put back
            raise OutcomeUnknown


class SqliteListener(SqliteConnection):
    """Nobody tells of a commit: it looks again when the time is up."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        super().__init__(connection)
        self._woken = threading.Event()

    def hint(self, timeout_s: float) -> int | None:
        self._woken.wait(timeout_s)
        self._woken.clear()
        return None

    def wake(self) -> None:
        self._woken.set()


def _prepare(connection: sqlite3.Connection, *further: str) -> None:
    for pragma in (*_PRAGMAS, *further):
        connection.execute(f"PRAGMA {pragma}").fetchall()


def _identity(file: str) -> tuple[int, int] | None:
    """Which file it is, whatever its name; None when there is none."""
    try:
        found = os.stat(file)  # noqa: PTH116 - twice in every transaction, and pathlib doubles what it costs
    except OSError:
        return None
    return found.st_dev, found.st_ino


#: SQLite's primary result codes by what people are told.
_REASONS: dict[int, StoreReason] = {
    sqlite3.SQLITE_BUSY: "locked",
    sqlite3.SQLITE_LOCKED: "locked",
    sqlite3.SQLITE_FULL: "full",
    sqlite3.SQLITE_IOERR: "disk",
    sqlite3.SQLITE_CORRUPT: "damaged",
    sqlite3.SQLITE_NOTADB: "damaged",
    sqlite3.SQLITE_READONLY: "read_only",
    sqlite3.SQLITE_CANTOPEN: "read_only",
}


def reason_of(error: BaseException | None) -> StoreReason:
    """What an error of SQLite means."""
    # the low byte is the primary code
    return _REASONS.get(getattr(error, "sqlite_errorcode", 0) & 0xFF, "failed")


@contextmanager
def _told() -> Iterator[None]:
    """SQLite's errors by the store's names."""
    try:
        yield
    except sqlite3.Error as error:
        raise _named(error) from error


def _named(error: sqlite3.Error) -> DatabaseFailed:
    kind = ConstraintBroken if isinstance(error, sqlite3.IntegrityError) else DatabaseFailed
    return kind(str(error), reason_of(error))
