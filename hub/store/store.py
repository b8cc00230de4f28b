"""One hall's database: verbs go through the writer, queries through a few readers beside it."""

import asyncio
import threading
from collections import defaultdict
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from typing import Concatenate, ParamSpec, TypeVar

from sqlalchemy.exc import DatabaseError

from hub import journal, migrations
from hub.clock import utcnow
from hub.journal import Entry, OwnEntries
from hub.once import Once
from hub.problems import StoreReason, StoreUnavailable
from hub.store.actor import Who
from hub.store.address import database_path, open_database
from hub.store.connection import Connection, Dialect, Listener
from hub.store.failures import ConnectionLost, DatabaseFailed
from hub.store.seeds import Seeds
from hub.store.sqlite import reason_of
from hub.store.transaction import Hooks, Reader, Tx, Work
from hub.store.turns import turn_of
from hub.store.writer import AfterCommit, Writer

P = ParamSpec("P")
R = TypeVar("R")

READERS = 4
#: Journal entries looked through at once for what other processes wrote.
FOREIGN_MOST = 5000


class Store:
    """One hall's database. `after_commit` gets every committed batch's entries on the writer thread."""

    def __init__(self, url: str | Path, *, now: Callable[[], datetime] = utcnow) -> None:
        self.now = now
        self.database = open_database(url)
        self.engine = self.database.engine()
        self.hooks: Hooks = defaultdict(list)
        self.after_commit: list[AfterCommit] = []
        self._looked_until = 0
        self._seeds = Seeds()
        self._own = OwnEntries()
        self._writer = Writer(self.database, now, self.hooks, self._own, self.after_commit)
        self._readers = ThreadPoolExecutor(READERS, "hall-reader")
        self._reading: dict[int, Connection] = {}

    @property
    def dialect(self) -> Dialect:
        return self.database.dialect

    @property
    def path(self) -> Path:
        """The file of a SQLite database. Raises SettingsError for another."""
        return database_path(f"sqlite:///{self.database.place}" if self.dialect == "sqlite" else self.database.place)

    def open(self) -> None:
        """Bring the schema up to date, connect, start the writer. Raises StoreUnavailable when that cannot be done."""
        try:
            migrations.upgrade(self.engine)
            self.engine.dispose()
            connection = self.database.writer()
            self._looked_until = journal.last_seq(connection.run)
        except DatabaseFailed as error:
            raise StoreUnavailable(why=f"{self.database.place}: {error}", reason=error.reason) from error
        except DatabaseError as error:
            raise StoreUnavailable(why=f"{self.database.place}: {error.orig}", reason=reason_of(error.orig)) from error
        self._writer.start(connection)

    def close(self) -> None:
        """Finish what waits, then let go of the database."""
        self._writer.close()
        self._readers.shutdown()
        for connection in self._reading.values():
            connection.close()
        self.engine.dispose()

    @property
    def writing(self) -> bool:
        """Whether the writer is at work."""
        return self._writer.working

    @property
    def trouble(self) -> StoreUnavailable | None:
        """Why the last transaction could not be stored; None since one could."""
        return self._writer.trouble

    @property
    def failures(self) -> Mapping[StoreReason, int]:
        """How often the database failed since the start, in writing or reading, by what it was."""
        return self._writer.failures

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
            seed=self._seeds.next(),
            once=once,
            turn=turn_of(verb, args, kwargs),
            loop=loop,
            future=loop.create_future(),
        )
        self._writer.submit(work)
        answer: R = await work.future
        return answer

    async def read(self, query: Callable[Concatenate[Reader, P], R], /, *args: P.args, **kwargs: P.kwargs) -> R:
        """Run a query on one of the reading threads."""

        def run() -> R:
            try:
                return query(Reader(self._reader(), self.dialect, self.now()), *args, **kwargs)
            except ConnectionLost:
                # a query changes nothing: it is asked again on a new line
                return query(Reader(self._reader(anew=True), self.dialect, self.now()), *args, **kwargs)

        try:
            return await asyncio.get_running_loop().run_in_executor(self._readers, run)
        except DatabaseFailed as error:
            self._writer.failures[error.reason] += 1
            raise StoreUnavailable(why=str(error), reason=error.reason) from error

    async def health(self) -> tuple[str, list[str]]:
        """What makes the database useless (empty: nothing), and what somebody should change about it."""

        def look() -> tuple[str, list[str]]:
            return self.database.damage(self._reader()), self.database.warnings(self._reader())

        return await asyncio.get_running_loop().run_in_executor(self._readers, look)

    def listener(self) -> Listener:
        """A line of its own that hears of what other processes write. Raises DatabaseFailed."""
        return self.database.listener()

    def foreign(self, reader: Reader, told: int = 0) -> list[Entry]:
        """Entries that other processes have written since the last look, oldest first; for one reader only.

        `told` is the newest number that a hint named: when all until there are our own, nothing is read.
        """
        if told and self._own.forget_all(range(self._looked_until + 1, told + 1)):
            self._looked_until = told
            return []
        found: list[Entry] = []
        while entries := journal.since(reader.rows, self._looked_until, most=FOREIGN_MOST):
            self._looked_until = entries[-1].seq
            found += [entry for entry in entries if not self._own.forget(entry.seq)]
        return found

    def _reader(self, *, anew: bool = False) -> Connection:
        """This reading thread's own connection."""
        thread = threading.get_ident()
        if anew or thread not in self._reading:
            self._reading[thread] = self.database.reader()
        return self._reading[thread]
