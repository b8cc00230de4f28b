"""What a verb and a query hold in their hands: one side of a transaction, a read-only look."""

import asyncio
import hashlib
import itertools
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlmodel import SQLModel

from hub.clock import micros
from hub.journal import Entry, EntryKind
from hub.once import Once
from hub.store.actor import Who
from hub.store.connection import Connection, Dialect
from hub.store.turns import Turn


class ByItself(Exception):
    """A verb of a batch asks to be run again in a transaction of its own."""


class Reader:
    """A read-only look at the database."""

    def __init__(self, connection: Connection, dialect: Dialect, now: datetime) -> None:
        self.rows = connection.run
        self.dialect = dialect
        self.now = now


class Tx:
    """One verb's side of the transaction. `now` and all ids are fixed when the verb is submitted.

    `rows` runs one statement with values named `:like_this`; a SELECT whose rows the verb will change ends in the
    comment `/* FOR UPDATE */`. `dialect` is for the two or three statements that must differ.
    """

    def __init__(self, connection: Connection, dialect: Dialect, work: "Work", hooks: "Hooks") -> None:
        self.rows = connection.run
        self._many = connection.many
        self.dialect = dialect
        self.now = work.now
        self.who = work.who
        self.entries: list[Entry] = []
        self._work = work
        self._hooks = hooks
        self._serial = itertools.count()

    def alone(self, name: str) -> None:
        """Waits until no other process is in a verb that asked for the same name; until this transaction ends.

        For steps that several processes take at once, such as the end of the day; asked for before anything else.
        """
        if self.dialect == "postgresql":
            self.rows("SELECT pg_advisory_xact_lock(hashtext(:name))", name=f"hall {name}")

    def by_itself(self) -> None:
        """From here on the verb may wait for other processes: alone in its transaction it holds nobody up.

        In a batch it is taken back and run again by itself after the batch.
        """
        if not self._work.alone:
            raise ByItself

    def insert(self, row: SQLModel) -> None:
        """Insert an ordinary row; for the hot statements there is plain SQL."""
        table = type(row).__table__  # type: ignore[attr-defined]
        names = [column.name for column in table.columns]
        places = ", ".join(f":{name}" for name in names)
        self.rows(
            f"INSERT INTO {table.name} ({', '.join(names)}) VALUES ({places})",
            **{name: getattr(row, name) for name in names},
        )

    def many(self, sql: str, rows: list[dict[str, Any]]) -> None:
        """One statement for each of the rows of values; for imports."""
        self._many(sql, rows)

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


@dataclass(eq=False)
class Work:
    """A verb that waits for the writer, and its answer."""

    verb: Callable[[Tx], Any]
    who: Who
    now: datetime
    seed: bytes
    once: Once | None
    turn: Turn
    loop: asyncio.AbstractEventLoop
    future: "asyncio.Future[Any]"
    result: Any = None
    error: BaseException | None = None
    entries: list[Entry] = field(default_factory=list)
    alone: bool = False
