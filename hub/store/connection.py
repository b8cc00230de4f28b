"""What the store needs of a database; `sqlite` and `postgresql` have it, and nobody else knows the difference."""

from typing import Any, Literal, Protocol

from sqlalchemy import Engine

from hub.problems import StoreReason

Dialect = Literal["sqlite", "postgresql"]


class Connection(Protocol):
    """One line to the database. Every method raises DatabaseFailed or one of its kinds."""

    def run(self, sql: str, **values: Any) -> list[Any]:
        """All rows of one statement; values are named `:like_this`."""

    def many(self, sql: str, rows: list[dict[str, Any]]) -> None:
        """One statement for each of the rows of values, in one way to the database."""

    def flush(self) -> None:
        """What was run has been done when this returns, and raises here at the latest."""

    def begin(self) -> None: ...

    def commit(self, told: int) -> None:
        """Make it so; `told` is the newest journal number in it, for other processes (0: none). Raises CommitBroke."""

    def committed(self, mark: str | None) -> bool | None:
        """Whether the transaction of a broken COMMIT stands after all; None while that is not settled."""

    def roll_back(self) -> None:
        """Undo the transaction, if there is one: a database may have ended it by itself."""

    def save(self) -> None:
        """Set the point to which `undo` goes back."""

    def undo(self) -> None: ...

    def release(self) -> None:
        """The verb is done, or undone: its point is needed no more."""

    def close(self) -> None: ...


class Listener(Connection, Protocol):
    """A read-only connection that can wait for what other processes write."""

    def hint(self, timeout_s: float) -> int | None:
        """Waits at most that long: the newest journal number that a process told of; None when none did."""

    def wake(self) -> None:
        """Ends the waiting; may be called from another thread, also on a closed line."""


class Database(Protocol):
    """Where the hall's data is. `place` names it for people, without passwords."""

    @property
    def dialect(self) -> Dialect: ...

    @property
    def place(self) -> str: ...

    @property
    def batch_most(self) -> int:
        """More verbs than this in one transaction would make the first of them wait too long for its answer."""

    def engine(self) -> Engine:
        """For migrations; everything else uses plain connections."""

    def writer(self) -> Connection: ...

    def reader(self) -> Connection:
        """A connection that cannot change anything."""

    def listener(self) -> Listener: ...

    def gone(self) -> StoreReason | None:
        """Whether the writer's file is missing or another's; may be called from any thread."""

    def damage(self, connection: Connection) -> str:
        """What makes the database useless; empty when it is whole."""

    def warnings(self, connection: Connection) -> list[str]:
        """What somebody should change about it."""
