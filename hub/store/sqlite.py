"""SQLite: one file, autocommit mode with explicit BEGIN IMMEDIATE, every commit on the disk before it is answered."""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, event

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

    def engine(self) -> Engine:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        engine = create_engine(f"sqlite:///{self.path}", connect_args={"check_same_thread": False})
        event.listen(engine, "connect", lambda connection, _record: _prepare(connection))
        return engine

    def writer(self) -> "SqliteConnection":
        return SqliteConnection(self._connect())

    def reader(self) -> "SqliteConnection":
        return SqliteConnection(self._connect("query_only=ON"))

    def listener(self) -> "SqliteListener":
        return SqliteListener(self._connect("query_only=ON"))

    def _connect(self, *pragmas: str) -> sqlite3.Connection:
        with _told():
            # autocommit: BEGIN and COMMIT stand where we write them
            connection = sqlite3.connect(self.path, isolation_level=None, check_same_thread=False)
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

    def begin(self) -> None:
        try:
            self.run("BEGIN IMMEDIATE")
        except DatabaseFailed as error:
            raise NotNow(str(error)) from error

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


@contextmanager
def _told() -> Iterator[None]:
    """SQLite's errors by the store's names."""
    try:
        yield
    except sqlite3.Error as error:
        raise _named(error) from error


def _named(error: sqlite3.Error) -> DatabaseFailed:
    return (ConstraintBroken if isinstance(error, sqlite3.IntegrityError) else DatabaseFailed)(str(error))
