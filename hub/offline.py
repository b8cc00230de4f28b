"""The database for commands: opened beside a running hub, which notices through the journal."""

import asyncio
import sqlite3
from collections.abc import Callable
from contextlib import closing
from typing import Concatenate, ParamSpec, TypeVar

from hub.clock import utcnow
from hub.problems import StoreUnavailable
from hub.queue.seed import seed
from hub.settings import Settings
from hub.store import SYSTEM, Reader, Store, Tx, database_path

P = ParamSpec("P")
R = TypeVar("R")


def write_beside(settings: Settings, verb: Callable[Concatenate[Tx, P], R], *args: P.args, **kwargs: P.kwargs) -> R:
    """Run one verb. Raises StoreUnavailable, SettingsError and what the verb raises."""

    async def run() -> R:
        store = _opened(settings)
        try:
            await store.write(seed, SYSTEM, None, settings)
            return await store.write(verb, SYSTEM, None, *args, **kwargs)
        finally:
            store.close()

    return asyncio.run(run())


def read_beside(settings: Settings, query: Callable[Concatenate[Reader, P], R], *args: P.args, **kwargs: P.kwargs) -> R:
    """Run one query. Raises StoreUnavailable, SettingsError and what the query raises."""

    async def run() -> R:
        store = _opened(settings)
        try:
            await store.write(seed, SYSTEM, None, settings)
            return await store.read(query, *args, **kwargs)
        finally:
            store.close()

    return asyncio.run(run())


def look_beside(settings: Settings, query: Callable[Concatenate[Reader, P], R], *args: P.args, **kwargs: P.kwargs) -> R:
    """Run one query on the database as it is: nothing is made, migrated or seeded.

    Raises StoreUnavailable, SettingsError and what the query raises.
    """
    path = database_path(settings.hub.database_url)
    if not path.exists():
        raise StoreUnavailable(why=f"{path}: no such file / 没有这个文件")
    try:
        with closing(sqlite3.connect(path, isolation_level=None)) as connection:
            connection.execute("PRAGMA query_only=ON")
            return query(Reader(connection, utcnow()), *args, **kwargs)
    except sqlite3.Error as error:
        raise StoreUnavailable(why=f"{path}: {error}") from error


def _opened(settings: Settings) -> Store:
    store = Store(database_path(settings.hub.database_url))
    store.open()
    return store
