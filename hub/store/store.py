"""One hall's database: verbs go through the writer, queries through a few readers beside it."""

import asyncio
import secrets
import threading
from collections import defaultdict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from typing import Concatenate, ParamSpec, TypeVar

from sqlalchemy.exc import DatabaseError

from hub import journal, migrations
from hub.clock import utcnow
from hub.journal import Entry, OwnEntries
from hub.once import Once
from hub.problems import StoreUnavailable
from hub.store.actor import Who
from hub.store.address import database_path
from hub.store.connection import Connection, Database, Dialect
from hub.store.failures import DatabaseFailed
from hub.store.sqlite import SqliteFile
from hub.store.transaction import Hooks, Reader, Tx, Work
from hub.store.writer import Listener, Writer

P = ParamSpec("P")
R = TypeVar("R")

READERS = 4
#: Journal entries looked through at once for what other processes wrote.
FOREIGN_MOST = 5000


def open_database(url: str | Path) -> Database:
    """The database of a `database_url`, or of a SQLite file. Raises SettingsError."""
    return SqliteFile(url if isinstance(url, Path) else database_path(url))


class Store:
    """One hall's database. `after_commit` gets every committed batch's entries on the writer thread."""

    def __init__(self, url: str | Path, *, now: Callable[[], datetime] = utcnow) -> None:
        self.now = now
        self.database = open_database(url)
        self.engine = self.database.engine()
        self.hooks: Hooks = defaultdict(list)
        self.after_commit: list[Listener] = []
        self._looked_until = 0
        self._own = OwnEntries()
        self._writer = Writer(self.database, now, self.hooks, self._own, self.after_commit)
        self._readers = ThreadPoolExecutor(READERS, "hall-reader", initializer=self._open_reader)
        self._local = threading.local()
        self._reading: list[Connection] = []

    @property
    def dialect(self) -> Dialect:
        return self.database.dialect

    @property
    def path(self) -> Path:
        """The file of a SQLite database."""
        return Path(self.database.place)

    def open(self) -> None:
        """Bring the schema up to date, connect, start the writer. Raises StoreUnavailable when that cannot be done."""
        try:
            migrations.upgrade(self.engine)
            connection = self.database.writer()
            self._looked_until = journal.last_seq(connection.run)
        except (DatabaseFailed, DatabaseError) as error:
            why = error.orig if isinstance(error, DatabaseError) else error
            raise StoreUnavailable(why=f"{self.database.place}: {why}") from error
        self._writer.start(connection)

    def close(self) -> None:
        """Finish what waits, then let go of the database."""
        self._writer.close()
        self._readers.shutdown()
        for connection in self._reading:
            connection.close()
        self.engine.dispose()

    @property
    def writing(self) -> bool:
        """Whether the writer is at work."""
        return self._writer.working

    @property
    def commits(self) -> int:
        """Transactions committed since the start."""
        return self._writer.commits

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
        work = Work(
            verb=lambda tx: verb(tx, *args, **kwargs),
            who=who,
            now=self.now(),
            seed=secrets.token_bytes(32),
            once=once,
            loop=loop,
            future=loop.create_future(),
        )
        self._writer.submit(work)
        answer: R = await work.future
        return answer

    async def read(self, query: Callable[Concatenate[Reader, P], R], /, *args: P.args, **kwargs: P.kwargs) -> R:
        """Run a query on one of the reading threads."""

        def run() -> R:
            return query(Reader(self._local.connection, self.dialect, self.now()), *args, **kwargs)

        try:
            return await asyncio.get_running_loop().run_in_executor(self._readers, run)
        except DatabaseFailed as error:
            raise StoreUnavailable(why=str(error)) from error

    async def damage(self) -> str:
        """What is wrong with the database itself; empty when it is whole."""

        def look() -> str:
            return self.database.damage(self._local.connection)

        return await asyncio.get_running_loop().run_in_executor(self._readers, look)

    async def foreign(self) -> list[Entry]:
        """Entries that other processes have written into this database since the last look, oldest first."""
        before = self._looked_until
        entries = await self.read(_since, before)
        self._looked_until = entries[-1].seq if entries else before
        return [entry for entry in entries if not self._own.forget(entry.seq)]

    def _open_reader(self) -> None:
        self._local.connection = self.database.reader()
        self._reading.append(self._local.connection)


def _since(reader: Reader, seq: int) -> list[Entry]:
    return journal.since(reader.rows, seq, most=FOREIGN_MOST)
