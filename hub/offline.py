"""The database for commands: opened beside a running hub, which notices through the journal."""

import asyncio
from collections.abc import Callable
from typing import Concatenate, ParamSpec, TypeVar

from hub.queue.seed import seed
from hub.settings import Settings
from hub.store import SYSTEM, Reader, Store, Tx

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


def damage(settings: Settings) -> str:
    """What is wrong with the database itself; empty when it is whole. Raises StoreUnavailable, SettingsError."""
    store = _opened(settings)
    try:
        return asyncio.run(store.damage())
    finally:
        store.close()


def _opened(settings: Settings) -> Store:
    store = Store(settings.hub.database_url)
    store.open()
    return store
