"""The store: one writer thread that commits everything waiting in one transaction and answers after the commit.

`await store.write(verb, who, …)` runs `verb(tx, …)`; a verb that raises is rolled back alone (a savepoint each).
`await store.read(query, …)` runs `query(reader, …)` on a read-only connection beside the writer.
What differs between databases lives in this file only. Raises StoreUnavailable when nothing can be stored.
"""

import asyncio
import hashlib
import itertools
import logging
import queue
import secrets
import sqlite3
import threading
from collections import defaultdict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.exc import DatabaseError
from sqlmodel import SQLModel

from hub import journal, migrations
from hub.clock import micros, utcnow
from hub.journal import Entry, EntryKind, OwnEntries
from hub.once import Once, done_once
from hub.problems import StoreUnavailable
from hub.settings import SettingsError, data_folder
from hub.wire import Role

log = logging.getLogger("hall.store")

P = ParamSpec("P")
R = TypeVar("R")

#: More verbs than this in one transaction would make the first of them wait too long for its answer.
BATCH_MOST = 256
#: Verbs waiting for the writer; beyond it the hub says that it is overloaded instead of growing without bound.
WAITING_MOST = 5000
READERS = 4
#: Journal entries looked through at once for what other processes wrote.
FOREIGN_MOST = 5000


@dataclass(frozen=True)
class Who:
    """Who acts: a person or a station. `counter` binds clerks and counter programs to one counter."""

    name: str
    role: Role
    counter: str | None = None


SYSTEM = Who("hall", "administrator")


class Reader:
    """A read-only look at the database."""

    def __init__(self, connection: sqlite3.Connection, now: datetime) -> None:
        self._connection = connection
        self.now = now

    def rows(self, sql: str, **values: Any) -> list[Any]:
        """All rows of one statement; values are named `:like_this`."""
        return self._connection.execute(sql, values).fetchall()


class Tx:
    """One verb's side of the transaction. `now` and all ids are fixed when the verb is submitted."""

    def __init__(self, run: Callable[..., list[Any]], work: "_Work", hooks: "Hooks") -> None:
        self.rows = run
        self.now = work.now
        self.who = work.who
        self.entries: list[Entry] = []
        self._work = work
        self._hooks = hooks
        self._serial = itertools.count()

    def insert(self, row: SQLModel) -> None:
        """Insert an ordinary row; for the hot statements there is plain SQL."""
        table = type(row).__table__  # type: ignore[attr-defined]
        names = [column.name for column in table.columns]
        places = ", ".join(f":{name}" for name in names)
        self.rows(
            f"INSERT INTO {table.name} ({', '.join(names)}) VALUES ({places})",
            **{name: getattr(row, name) for name in names},
        )

    def new_id(self) -> str:
        """A fresh id, ordered by time to the millisecond; the same one when the verb is replayed."""
        return f"{micros(self.now) // 1000:011x}{self._chance(6)}"

    def new_secret(self) -> str:
        """A fresh token that nobody can guess (128 bit); the same one when the verb is replayed."""
        return self._chance(16)

    def _chance(self, size: int) -> str:
        salt = next(self._serial).to_bytes(4, "big")
        return hashlib.blake2b(self._work.seed, salt=salt, digest_size=size).hexdigest()

    def record(
        self,
        kind: EntryKind,
        *,
        ticket: str | None = None,
        visit: str | None = None,
        counter: str | None = None,
        service: str | None = None,
        **data: Any,
    ) -> None:
        """Write into the journal what happened; whoever hung a callback on `kind` acts in this transaction too."""
        entry = Entry(kind, self.now, self.who.name, self.who.role, ticket, visit, counter, service, data)
        self.entries.append(entry)
        for callback in self._hooks[kind]:
            callback(self, entry)


#: Callbacks by journal kind that run inside the transaction that records it.
Hooks = defaultdict[EntryKind, list[Callable[[Tx, Entry], None]]]


@dataclass
class _Work:
    verb: Callable[[Tx], Any]
    who: Who
    now: datetime
    seed: bytes
    once: Once | None
    loop: asyncio.AbstractEventLoop
    future: "asyncio.Future[Any]"
    result: Any = None
    error: BaseException | None = None
    entries: list[Entry] = field(default_factory=list)


def database_path(database_url: str) -> Path:
    """The SQLite file of a `database_url`; empty means the user's data folder. Raises SettingsError for others."""
    if not database_url:
        return data_folder() / "hall.db"
    if database_url.startswith("sqlite:///"):
        return Path(database_url.removeprefix("sqlite:///"))
    raise SettingsError(f"hub.database_url: {database_url!r} is not supported; write sqlite:///path/to/hall.db")


_PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=5000")


def _prepare(connection: sqlite3.Connection) -> None:
    """Readers beside the writer (WAL), and every commit on the disk before it is answered (synchronous=FULL)."""
    for pragma in _PRAGMAS:
        connection.execute(f"PRAGMA {pragma}").fetchall()


def open_engine(path: Path) -> Engine:
    """For migrations; everything else uses plain connections."""
    path.parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(f"sqlite:///{path}", connect_args={"check_same_thread": False})
    event.listen(engine, "connect", lambda connection, _record: _prepare(connection))
    return engine


class Store:
    """One hall's database. `after_commit` gets every committed batch's entries on the writer thread."""

    def __init__(self, path: Path, *, now: Callable[[], datetime] = utcnow) -> None:
        self.now = now
        self.path = path
        self.engine = open_engine(path)
        self.hooks: Hooks = defaultdict(list)
        self.after_commit: list[Callable[[list[Entry], Reader], None]] = []
        self.commits = 0
        self._looked_until = 0
        self._own = OwnEntries()
        self._waiting: queue.Queue[_Work | None] = queue.Queue(WAITING_MOST)
        self._connection: sqlite3.Connection | None = None
        self._thread = threading.Thread(target=self._serve, name="hall-writer", daemon=True)
        self._readers = ThreadPoolExecutor(READERS, "hall-reader", initializer=self._open_reader)
        self._local = threading.local()
        self._reading: list[sqlite3.Connection] = []

    def open(self) -> None:
        """Bring the schema up to date, connect, start the writer. Raises StoreUnavailable when that cannot be done."""
        try:
            migrations.upgrade(self.engine)
            self._connection = self._connect()
            self._looked_until = journal.last_seq(self._run)
        except (sqlite3.Error, DatabaseError) as error:
            why = error.orig if isinstance(error, DatabaseError) else error
            raise StoreUnavailable(why=f"{self.path}: {why}") from error
        self._thread.start()

    def close(self) -> None:
        """Finish what waits, then let go of the database."""
        if self._thread.is_alive():
            self._waiting.put(None)
            self._thread.join()
        self._readers.shutdown()
        for connection in self._reading:
            connection.close()
        if self._connection:
            self._connection.close()
        self.engine.dispose()

    @property
    def writing(self) -> bool:
        """Whether the writer is at work."""
        return self._thread.is_alive()

    async def write(
        self,
        verb: Callable[Concatenate[Tx, P], R],
        who: Who,
        once: Once | None,
        /,
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> R:
        """Run a verb in a transaction and return its answer after the commit."""
        loop = asyncio.get_running_loop()
        work = _Work(
            verb=lambda tx: verb(tx, *args, **kwargs),
            who=who,
            now=self.now(),
            seed=secrets.token_bytes(32),
            once=once,
            loop=loop,
            future=loop.create_future(),
        )
        try:
            self._waiting.put_nowait(work)
        except queue.Full:
            raise StoreUnavailable(why="too many requests are waiting") from None
        answer: R = await work.future
        return answer

    async def read(self, query: Callable[Concatenate[Reader, P], R], /, *args: P.args, **kwargs: P.kwargs) -> R:
        """Run a query on one of the reading threads."""

        def run() -> R:
            return query(Reader(self._local.connection, self.now()), *args, **kwargs)

        try:
            return await asyncio.get_running_loop().run_in_executor(self._readers, run)
        except sqlite3.Error as error:
            raise StoreUnavailable(why=str(error)) from error

    async def foreign(self) -> list[Entry]:
        """Entries that other processes have written into this database since the last look, oldest first."""
        before = self._looked_until
        entries = await self.read(_since, before)
        self._looked_until = entries[-1].seq if entries else before
        return [entry for entry in entries if not self._own.forget(entry.seq)]

    def _connect(self) -> sqlite3.Connection:
        # autocommit: BEGIN and COMMIT stand where we write them
        connection = sqlite3.connect(self.path, isolation_level=None, check_same_thread=False)
        _prepare(connection)
        return connection

    def _open_reader(self) -> None:
        self._local.connection = self._connect()
        self._local.connection.execute("PRAGMA query_only=ON")
        self._reading.append(self._local.connection)

    def _run(self, sql: str, **values: Any) -> list[Any]:
        assert self._connection is not None
        # fetchall exhausts a RETURNING cursor: SQLite refuses to commit over a half-read one
        return self._connection.execute(sql, values).fetchall()

    # -- the writer thread

    def _serve(self) -> None:
        running = True
        while running:
            batch, running = self._next_batch()
            if batch:
                self._commit(batch)

    def _next_batch(self) -> tuple[list[_Work], bool]:
        """Everything that waits, at most BATCH_MOST; False when the store closes after it."""
        batch: list[_Work] = []
        work = self._waiting.get()
        while work is not None:
            batch.append(work)
            if len(batch) == BATCH_MOST:
                break
            try:
                work = self._waiting.get_nowait()
            except queue.Empty:
                break
        return batch, work is not None

    def _commit(self, batch: list[_Work]) -> None:
        """One transaction for the batch; when it fails, verb by verb, so that one cannot spoil the others."""
        entries = self._attempt(batch)
        if entries is None and len(batch) > 1:
            entries = []
            for work in batch:
                entries += self._attempt([work]) or []
        self._answer(batch)
        if entries:
            self._tell(entries)

    def _attempt(self, batch: list[_Work]) -> list[Entry] | None:
        entries: list[Entry] = []
        try:
            self._run("BEGIN IMMEDIATE")
            for work in batch:
                self._one(work)
            entries = journal.append(self._run, [entry for work in batch for entry in work.entries])
            # before the commit: nobody may see an entry of ours and take it for another's
            self._own.add(entries)
            self._run("COMMIT")
        except Exception as error:
            # whatever it was: the writer goes on, and everybody who waits is told
            log.exception("commit failed", extra={"verbs": len(batch)})
            self._roll_back()
            self._own.remove(entries)
            for work in batch:
                work.result, work.error, work.entries = None, StoreUnavailable(why=str(error)), []
            return None
        self.commits += 1
        return entries

    def _roll_back(self) -> None:
        """A full disk rolls the transaction back by itself: look before asking."""
        assert self._connection is not None
        if self._connection.in_transaction:
            self._run("ROLLBACK")

    def _one(self, work: _Work) -> None:
        """One verb in its savepoint. Errors of the database leave; what the verb itself raises is its answer."""
        tx = Tx(self._run, work, self.hooks)
        work.result = work.error = None
        self._run("SAVEPOINT verb")
        try:
            work.result = work.verb(tx) if work.once is None else done_once(tx, work.once, work.verb)
            work.entries = tx.entries
        except sqlite3.IntegrityError as error:
            # a constraint stopped this verb alone; the transaction itself is whole
            self._run("ROLLBACK TO verb")
            work.error, work.entries = error, []
        except sqlite3.Error:
            raise
        except Exception as error:  # noqa: BLE001 - it is handed to the caller, who awaits it
            self._run("ROLLBACK TO verb")
            work.error, work.entries = error, []
        self._run("RELEASE verb")

    def _answer(self, batch: list[_Work]) -> None:
        by_loop: dict[asyncio.AbstractEventLoop, list[_Work]] = {}
        for work in batch:
            by_loop.setdefault(work.loop, []).append(work)
        for loop, works in by_loop.items():
            loop.call_soon_threadsafe(_resolve, works)

    def _tell(self, entries: list[Entry]) -> None:
        """After the commit: whoever shows the hall draws what changed. A failure there must not stop the writer."""
        assert self._connection is not None
        reader = Reader(self._connection, self.now())
        for listener in self.after_commit:
            try:
                listener(entries, reader)
            except Exception:
                log.exception("a listener failed after the commit")


def _since(reader: Reader, seq: int) -> list[Entry]:
    return journal.since(reader.rows, seq, most=FOREIGN_MOST)


def _resolve(works: list[_Work]) -> None:
    for work in works:
        if work.future.cancelled():
            continue
        if work.error is not None:
            work.future.set_exception(work.error)
        else:
            work.future.set_result(work.result)


__all__ = ["SYSTEM", "Once", "Reader", "Store", "Tx", "Who", "database_path", "open_engine"]
