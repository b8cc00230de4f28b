"""What a database says when it refuses, by one name on both databases.

DatabaseFailed ─ ConstraintBroken, Collided, NotNow, ConnectionLost ─ CommitBroke
"""

from hub.problems import StoreReason


class DatabaseFailed(Exception):
    """The database could not do it; unless a subclass says otherwise the transaction is lost with it.

    `reason` is what people are told, and what to do about it.
    """

    def __init__(self, text: str, reason: StoreReason = "failed") -> None:
        self.reason: StoreReason = reason
        super().__init__(text)


class ConstraintBroken(DatabaseFailed):
    """What must never happen was refused: this verb alone is undone, the others of the batch stand.

    A verb that meets one lets it leave, itself or as another error: on PostgreSQL nothing more can be said in it.
    """


class Collided(DatabaseFailed):
    """Two transactions waited for each other; the same verb can be done again."""


class ConnectionLost(DatabaseFailed):
    """The line to the database broke; what stood in the transaction is lost, unless it broke in the COMMIT itself."""


class NotNow(DatabaseFailed):
    """The database cannot be reached, or another process holds it too long: trying at once again is of no use."""


class CommitBroke(ConnectionLost):
    """The line broke in the COMMIT: `mark` finds out, on another line, whether it was done."""

    def __init__(self, text: str, mark: str | None) -> None:
        self.mark = mark
        super().__init__(text, "unreachable")
