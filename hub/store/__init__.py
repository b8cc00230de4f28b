"""The store: one writer thread that commits everything waiting in one transaction and answers after the commit.

`await store.write(verb, who, …)` runs `verb(tx, …)`; a verb that raises is rolled back alone (a savepoint each).
`await store.read(query, …)` runs `query(reader, …)` on a read-only connection beside the writer.
What differs between databases lives in this package only. Raises StoreUnavailable when nothing can be stored.
"""

from hub.once import Once
from hub.store.actor import SYSTEM, Who
from hub.store.address import database_folder, database_path, database_place, is_postgresql, logs_folder, open_database
from hub.store.connection import Dialect, Listener
from hub.store.failures import Collided, ConnectionLost, ConstraintBroken, DatabaseFailed
from hub.store.store import Store
from hub.store.transaction import Reader, Tx
from hub.store.turns import Rank, in_turn

__all__ = [
    "SYSTEM",
    "Collided",
    "ConnectionLost",
    "ConstraintBroken",
    "DatabaseFailed",
    "Dialect",
    "Listener",
    "Once",
    "Rank",
    "Reader",
    "Store",
    "Tx",
    "Who",
    "database_folder",
    "database_path",
    "database_place",
    "in_turn",
    "is_postgresql",
    "logs_folder",
    "open_database",
]
