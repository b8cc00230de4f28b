"""The store: one writer thread that commits everything waiting in one transaction and answers after the commit.

`await store.write(verb, who, …)` runs `verb(tx, …)`; a verb that raises is rolled back alone (a savepoint each).
`await store.read(query, …)` runs `query(reader, …)` on a read-only connection beside the writer.
What differs between databases lives in this package only. Raises StoreUnavailable when nothing can be stored.
"""

from hub.once import Once
from hub.store.actor import SYSTEM, Who
from hub.store.address import database_path
from hub.store.connection import Dialect
from hub.store.failures import Collided, ConnectionLost, ConstraintBroken, DatabaseFailed
from hub.store.store import Store, open_database
from hub.store.transaction import Reader, Tx

__all__ = [
    "SYSTEM",
    "Collided",
    "ConnectionLost",
    "ConstraintBroken",
    "DatabaseFailed",
    "Dialect",
    "Once",
    "Reader",
    "Store",
    "Tx",
    "Who",
    "database_path",
    "open_database",
]
