"""PostgreSQL: several hub processes share one hall. READ COMMITTED, every commit on the disk before it is answered."""

import select
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import psycopg
from psycopg import conninfo
from psycopg.abc import Buffer
from psycopg.adapt import Loader
from psycopg.types.numeric import Int8Dumper
from sqlalchemy import Engine, create_engine

from hub.problems import Invalid, StoreReason
from hub.settings import SettingsError
from hub.store.connection import Connection, Dialect
from hub.store.failures import Collided, CommitBroke, ConnectionLost, ConstraintBroken, DatabaseFailed, NotNow
from hub.store.statements import for_postgresql

#: Since this version it can be asked whether a transaction was committed (pg_xact_status of pg_current_xact_id).
OLDEST_VERSION = 130000
#: Processes tell each other on this channel that the journal has grown.
CHANNEL = "hall"

_CONNECTING: dict[str, Any] = {
    "application_name": "hall",
    "connect_timeout": 5,
    # of several hosts, the one that can write
    "target_session_attrs": "read-write",
    # a machine that vanished is noticed within half a minute
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 20_000,
}
_WRITING = {
    "synchronous_commit": "on",
    # a hub process that hangs in a transaction is thrown out before the others give up waiting for its locks
    "idle_in_transaction_session_timeout": "5s",
    "lock_timeout": "10s",
}
_READING = {"default_transaction_read_only": "on", "statement_timeout": "60s"}
#: With these the server says good-bye, a moment before the line breaks.
_GOODBYES = ("57P01", "57P02", "57P03", "57P05", "25P03")


_BEGIN = ("BEGIN ISOLATION LEVEL READ COMMITTED", None)
_SAVE = ("SAVEPOINT verb", None)
_UNDO = ("ROLLBACK TO SAVEPOINT verb", None)
_RELEASE = ("RELEASE SAVEPOINT verb", None)
_CONTROL = (_BEGIN, _SAVE, _UNDO, _RELEASE)


class PostgresServer:
    """The database of a hall with one or several hub processes. Raises SettingsError for an unreadable URL."""

    dialect: Dialect = "postgresql"
    #: Each verb is a subtransaction; other sessions see 64 of them at a glance and must look further ones up.
    batch_most = 60

    def __init__(self, url: str) -> None:
        parts = _parts(url)
        self._conninfo = conninfo.make_conninfo(**{**_CONNECTING, **parts})
        self.place = _without_password(parts)

    def engine(self) -> Engine:
        return create_engine("postgresql+psycopg://", creator=lambda: psycopg.connect(self._conninfo))

    def writer(self) -> "PostgresConnection":
        connection = self._connect(_WRITING)
        if unfit := _unfit(connection.info):
            connection.close()
            raise NotNow(unfit)
        return PostgresConnection(connection, locking=True)

    def reader(self) -> "PostgresConnection":
        return PostgresConnection(self._connect(_READING), locking=False)

    def listener(self) -> "PostgresListener":
        return PostgresListener(self._connect(_READING), locking=False)

    def gone(self) -> StoreReason | None:
        """A server's files are its own matter."""
        return None

    def damage(self, connection: Connection) -> str:
        connection.run("SELECT seq FROM journal_head")
        return ""

    def warnings(self, connection: Connection) -> list[str]:
        """Settings of the server that lose data in a power cut; a user's synchronous_commit the store sets itself."""
        rows = connection.run(
            "SELECT name FROM pg_settings WHERE name IN ('fsync', 'full_page_writes') AND setting = 'off'"
        )
        return [f"{name} = off: a power cut can lose or damage data / 断电会丢失或损坏数据" for (name,) in rows]

    def _connect(self, options: dict[str, str]) -> "psycopg.Connection[Any]":
        try:
            # autocommit: BEGIN and COMMIT stand where we write them
            connection = psycopg.connect(self._conninfo, autocommit=True, prepare_threshold=2)
            for name, value in options.items():
                connection.execute("SELECT set_config(%s, %s, false)", (name, value))
        except psycopg.Error as error:
            raise NotNow(_sentence(error), "unreachable") from None
        connection.prepared_max = 500
        # one type for every whole number: one plan a statement, and no sum of small ones overflows
        connection.adapters.register_dumper(int, Int8Dumper)
        connection.adapters.register_loader("numeric", _Number)
        return connection


class PostgresConnection:
    """`locking` says whether `/* FOR UPDATE */` locks; a read-only session may not.

    In a transaction a statement that gives no rows waits for the next one that does, and goes with it in one way to
    the server and back; whatever broke in it is told there, or by `flush`.
    """

    def __init__(self, connection: "psycopg.Connection[Any]", *, locking: bool) -> None:
        self._connection = connection
        self._cursor = psycopg.RawCursor(connection)
        self._silent = psycopg.RawCursor(connection)
        self._locking = locking
        self._unsent: list[tuple[str, list[Any] | None]] = []
        self._in_transaction = False

    def run(self, sql: str, **values: Any) -> list[Any]:
        statement = for_postgresql(sql, locking=self._locking)
        given = [values[name] for name in statement.names] or None
        if statement.silent and self._in_transaction:
            self._unsent.append((statement.sql, given))
            return []
        with self._told():
            self._send(statement.sql, given)
            found = self._cursor.pgresult
            return self._cursor.fetchall() if found and found.nfields else []

    def many(self, sql: str, rows: list[dict[str, Any]]) -> None:
        for row in rows:
            self.run(sql, **row)

    def flush(self) -> None:
        if self._unsent and self._unsent[-1] not in _CONTROL:
            with self._told():
                self._send()

    def begin(self) -> None:
        self._unsent = [_BEGIN]
        self._in_transaction = True

    def save(self) -> None:
        self._unsent.append(_SAVE)

    def undo(self) -> None:
        if _SAVE in self._unsent:
            # nothing of the verb has reached the server
            del self._unsent[self._unsent.index(_SAVE) + 1 :]
        else:
            self._unsent = [_UNDO]

    def release(self) -> None:
        self._unsent.append(_RELEASE)

    def commit(self, told: int) -> None:
        if told:
            self._unsent.append((f"SELECT pg_notify('{CHANNEL}', '{told}')", None))
        self._in_transaction = False
        mark: str | None = self.run("SELECT pg_current_xact_id_if_assigned()::text")[0][0]
        try:
            with self._told():
                self._cursor.execute("COMMIT")
        except ConnectionLost as error:
            raise CommitBroke(str(error), mark) from None
        if self._cursor.statusmessage != "COMMIT":
            raise DatabaseFailed("the transaction had failed before its end")

    def committed(self, mark: str | None) -> bool | None:
        """Whether the transaction of a broken COMMIT stands; None while the server is still at it."""
        if mark is None:
            return False
        status = self.run("SELECT pg_xact_status(CAST(CAST(:mark AS text) AS xid8))", mark=mark)[0][0]
        return None if status == "in progress" else status == "committed"

    def roll_back(self) -> None:
        self._unsent, self._in_transaction = [], False
        with self._told():
            if self._connection.info.transaction_status != psycopg.pq.TransactionStatus.IDLE:
                self._cursor.execute("ROLLBACK")

    def close(self) -> None:
        self._connection.close()

    def _send(self, sql: str | None = None, given: list[Any] | None = None) -> None:
        """What is unsent, and the statement, in one way."""
        unsent, self._unsent = self._unsent, []
        if not unsent:
            if sql is not None:
                self._cursor.execute(sql, given)
            return
        with self._connection.pipeline():
            for silent, values in unsent:
                self._silent.execute(silent, values)
            if sql is not None:
                self._cursor.execute(sql, given)

    @contextmanager
    def _told(self) -> Iterator[None]:
        """PostgreSQL's errors by the store's names. Not chained: their details quote the values of rows."""
        try:
            yield
        except psycopg.DataError:
            # a character or number that its columns do not take; nothing of ours writes one
            raise Invalid(
                "text", "含有无法保存的字符或数值 / it has a character or number that cannot be stored"
            ) from None
        except psycopg.Error as error:
            failure = _failure(error, lost=self._connection.closed)
        else:
            return
        if isinstance(failure, ConnectionLost):
            with suppress(psycopg.Error):
                self._connection.close()
        raise failure


class PostgresListener(PostgresConnection):
    """A reader that hears when the journal has grown."""

    def __init__(self, connection: "psycopg.Connection[Any]", *, locking: bool) -> None:
        super().__init__(connection, locking=locking)
        self._bell, self._rope = socket.socketpair()
        self._rope.setblocking(False)
        self._newest: int | None = None
        # one that comes amid a query is handed over here by the driver
        connection.add_notify_handler(lambda told: self._heard(told.payload))
        self.run(f"LISTEN {CHANNEL}")

    def hint(self, timeout_s: float) -> int | None:
        with self._told():
            line = self._connection.pgconn
            if self._newest is None:
                ready, _, _ = select.select([line.socket, self._bell.fileno()], [], [], timeout_s)
                if self._bell.fileno() in ready:
                    self._bell.recv(4096)
            line.consume_input()
            while told := line.notifies():
                self._heard(told.extra.decode())
        newest, self._newest = self._newest, None
        return newest

    def wake(self) -> None:
        with suppress(OSError):  # full of rings, or closed: either way nobody waits
            self._rope.send(b"!")

    def close(self) -> None:
        super().close()
        self._bell.close()
        self._rope.close()

    def _heard(self, payload: str) -> None:
        if payload.isdecimal():
            self._newest = max(self._newest or 0, int(payload))


class _Number(Loader):
    """Sums and means of whole numbers, as SQLite gives them."""

    def load(self, data: Buffer) -> int | float:
        text = bytes(data)
        return int(text) if text.lstrip(b"-").isdigit() else float(text)


_BY_STATE: dict[str, type[DatabaseFailed]] = {"40001": Collided, "40P01": Collided, "55P03": NotNow}


_REASONS: dict[str, StoreReason] = {
    "53100": "full",
    "58030": "disk",
    "XX001": "damaged",
    "XX002": "damaged",
    "25006": "read_only",
    "55P03": "locked",
}


def _failure(error: psycopg.Error, *, lost: bool) -> DatabaseFailed:
    state = error.sqlstate or ""
    if isinstance(error, psycopg.IntegrityError):
        return ConstraintBroken(f"{_sentence(error)} ({error.diag.constraint_name})")
    if lost or state in _GOODBYES or state.startswith("08"):
        return ConnectionLost(_sentence(error), "unreachable")
    return _BY_STATE.get(state, DatabaseFailed)(_sentence(error), _REASONS.get(state, "failed"))


def _sentence(error: psycopg.Error) -> str:
    """The error's first line, without the row's values that its details quote."""
    return error.diag.message_primary or (str(error).splitlines() or [type(error).__name__])[0]


def _unfit(server: psycopg.ConnectionInfo) -> str:
    """Why this server cannot hold a hall; empty when it can."""
    if server.server_version < OLDEST_VERSION:
        return f"PostgreSQL {OLDEST_VERSION // 10000} or newer is needed / 需要 {OLDEST_VERSION // 10000} 以上版本"
    if server.parameter_status("server_encoding") != "UTF8":
        return "create the database with ENCODING 'UTF8' / 数据库编码必须是 UTF8"
    return ""


def _parts(url: str) -> dict[str, Any]:
    """Raises SettingsError with none of it: an unescaped sign in a password shifts the rest of it into other parts."""
    try:
        parts = conninfo.conninfo_to_dict(url)
    except psycopg.ProgrammingError:
        parts = {"host": "@"}
    ports = str(parts.get("port", "5432")).split(",")
    if any("@" in str(parts.get(name, "")) for name in ("host", "dbname")) or not all(map(str.isdecimal, ports)):
        raise SettingsError(
            "hub.database_url: not readable; write postgresql://user:password@host:5432/database, with @ : / ? # %"
            " in the password as %40 %3A %2F %3F %23 %25 / 无法识别，密码中的特殊字符请按上述方式转义"
        )
    return parts


def _without_password(parts: dict[str, Any]) -> str:
    shown = {name: value for name, value in parts.items() if name in ("user", "host", "port", "dbname")}
    user = f"{shown['user']}@" if "user" in shown else ""
    port = f":{shown['port']}" if "port" in shown else ""
    return f"postgresql://{user}{shown.get('host', '')}{port}/{shown.get('dbname', '')}"
