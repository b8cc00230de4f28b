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
    """`locking` says whether `/* FOR UPDATE */` locks; a read-only session may not."""

    def __init__(self, connection: "psycopg.Connection[Any]", *, locking: bool) -> None:
        self._connection = connection
        self._cursor = psycopg.RawCursor(connection)
        self._locking = locking
        #: Control statements that go along with the next statement, to save their ways.
        self._unsent: list[str] = []

    def run(self, sql: str, **values: Any) -> list[Any]:
        statement = for_postgresql(sql, locking=self._locking)
        if self._unsent:
            self._send()
        with self._told():
            self._cursor.execute(statement.sql, [values[name] for name in statement.names] or None)
            return self._cursor.fetchall() if self._cursor.description else []

    def many(self, sql: str, rows: list[dict[str, Any]]) -> None:
        statement = for_postgresql(sql, locking=self._locking)
        if self._unsent:
            self._send()
        with self._told():
            self._cursor.executemany(statement.sql, [[row[name] for name in statement.names] for row in rows])

    def begin(self) -> None:
        self._unsent = ["BEGIN ISOLATION LEVEL READ COMMITTED"]

    def save(self) -> None:
        self._unsent.append("SAVEPOINT verb")

    def undo(self) -> None:
        self._unsent.append("ROLLBACK TO SAVEPOINT verb")

    def release(self) -> None:
        self._unsent.append("RELEASE SAVEPOINT verb")

    def commit(self, told: int) -> None:
        mark = self._end(told)
        try:
            with self._told():
                self._cursor.execute("COMMIT")
        except ConnectionLost as error:
            raise CommitBroke(str(error), mark) from None
        if self._cursor.statusmessage != "COMMIT":
            raise DatabaseFailed("the transaction had failed before its end")

    def _end(self, told: int) -> str | None:
        """Tells the other processes when this commits, and answers by what it can be found again; None: no change."""
        tell = f"SELECT pg_notify('{CHANNEL}', '{told}')" if told else ""
        self._unsent += [tell] if tell else []
        mark: str | None = self.run("SELECT pg_current_xact_id_if_assigned()::text")[0][0]
        return mark

    def committed(self, mark: str | None) -> bool | None:
        """Whether the transaction of a broken COMMIT stands; None while the server is still at it."""
        if mark is None:
            return False
        status = self.run("SELECT pg_xact_status(CAST(CAST(:mark AS text) AS xid8))", mark=mark)[0][0]
        return None if status == "in progress" else status == "committed"

    def roll_back(self) -> None:
        self._unsent = []
        with self._told():
            if self._connection.info.transaction_status != psycopg.pq.TransactionStatus.IDLE:
                self._cursor.execute("ROLLBACK")

    def close(self) -> None:
        self._connection.close()

    def _send(self) -> None:
        control, self._unsent = self._unsent, []
        with self._told():
            self._cursor.execute("; ".join(control))

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
