"""What the store needs of a database; `sqlite` has it, and nothing outside these modules knows the difference."""

from typing import Any, Literal, Protocol

from sqlalchemy import Engine

Dialect = Literal["sqlite", "postgresql"]


class Connection(Protocol):
    """One line to the database. Every method raises DatabaseFailed or one of its kinds."""

    def run(self, sql: str, **values: Any) -> list[Any]:
        """All rows of one statement; values are named `:like_this`."""

    def begin(self) -> None: ...

    def commit(self) -> None: ...

    def roll_back(self) -> None:
        """Undo the transaction, if there is one: a database may have ended it by itself."""

    def save(self) -> None:
        """Set the point to which `undo` goes back."""

    def undo(self) -> None: ...

    def release(self) -> None:
        """The verb is done, or undone: its point is needed no more."""

    def close(self) -> None: ...


class Database(Protocol):
    """Where the hall's data is. `place` names it for people, without passwords."""

    dialect: Dialect
    place: str

    def engine(self) -> Engine:
        """For migrations; everything else uses plain connections."""

    def writer(self) -> Connection: ...

    def reader(self) -> Connection:
        """A connection that cannot change anything."""

    def damage(self, connection: Connection) -> str:
        """What is wrong with the database itself; empty when it is whole."""
