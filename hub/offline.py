"""The database for commands: opened beside a running hub, which notices through the journal."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import closing
from pathlib import Path
from typing import Concatenate, ParamSpec, TypeVar

from hub.clock import utcnow
from hub.problems import StoreUnavailable
from hub.queue.seed import seed
from hub.settings import Settings
from hub.store import SYSTEM, DatabaseFailed, Reader, Store, Tx, open_database

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


def with_store(settings: Settings, work: Callable[[Store], Awaitable[R]]) -> R:
    """Do several things on one opened database. Raises StoreUnavailable, SettingsError and what the work raises."""

    async def run() -> R:
        store = _opened(settings)
        try:
            await store.write(seed, SYSTEM, None, settings)
            return await work(store)
        finally:
            store.close()

    return asyncio.run(run())


def look_beside(settings: Settings, query: Callable[Concatenate[Reader, P], R], *args: P.args, **kwargs: P.kwargs) -> R:
    """Run one query on the database as it is: nothing is made, migrated or seeded.

    Raises StoreUnavailable, SettingsError and what the query raises.
    """
    database = open_database(settings.hub.database_url)
    if database.dialect == "sqlite" and not Path(database.place).exists():
        raise StoreUnavailable(why=f"{database.place}: no such file / 没有这个文件", reason="missing")
    try:
        with closing(database.reader()) as connection:
            return query(Reader(connection, database.dialect, utcnow()), *args, **kwargs)
    except DatabaseFailed as error:
        raise StoreUnavailable(why=f"{database.place}: {error}", reason=error.reason) from error


def health(settings: Settings) -> tuple[str, list[str]]:
    """What makes the database useless (empty: nothing), and what somebody should change about it.

    Raises StoreUnavailable, SettingsError.
    """
    store = _opened(settings)
    try:
        return asyncio.run(store.health())
    finally:
        store.close()


def _opened(settings: Settings) -> Store:
    store = Store(settings.hub.database_url)
    store.open()
    return store
