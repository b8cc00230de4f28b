"""Runs the hub on uvicorn as measured best: stock event loop, httptools, our lines on websockets-sansio, no deflate."""

import asyncio
import gc
import socket
from contextlib import AbstractContextManager, nullcontext
from typing import Any

import uvicorn
from fastapi import FastAPI

from hub.holding import Hold
from hub.keys import Keys, know_keys, load_keys, secret_path
from hub.lines import Line
from hub.settings import Settings
from hub.store import SYSTEM, Store, database_path, is_postgresql
from hub.tls import uvicorn_options


class PortTaken(OSError):
    """The hub's port cannot be listened on."""


class _Server(uvicorn.Server):
    """Once it is ready, the garbage collector leaves alone what was built until then.

    Looking through all of it takes most of a tenth of a second, in which nobody is answered.
    """

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        gc.freeze()
        gc.enable()


def serve(app: FastAPI, settings: Settings) -> None:
    """Serve until SIGINT or SIGTERM. Raises PortTaken, AlreadyServed, SettingsError, StoreUnavailable."""
    listener = _listen(settings.hub.host, settings.hub.port)
    server = _Server(uvicorn.Config(app, **_options(settings)))
    with _hold(settings):
        look_at_database(settings)
        server.run(sockets=[listener])


def _hold(settings: Settings) -> AbstractContextManager[object]:
    """One hub a SQLite file; on PostgreSQL several share the hall."""
    if is_postgresql(settings.hub.database_url):
        return nullcontext()
    return Hold(database_path(settings.hub.database_url), served_at=f"{settings.hub.host}:{settings.hub.port}")


def look_at_database(settings: Settings) -> None:
    """Open and close it, so that a damaged or foreign one is told before anything is served.

    Raises StoreUnavailable, SecretFileUnusable.
    """
    keys = load_keys(settings)
    store = Store(settings.hub.database_url)
    store.open()
    try:
        asyncio.run(_know_keys(store, keys, str(secret_path(settings))))
    finally:
        store.close()


async def _know_keys(store: Store, keys: Keys, where: str) -> None:
    await store.write(know_keys, SYSTEM, None, keys, where)


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # with the protocol named, asyncio turns Nagle's algorithm off on what it accepts: without, answers wait 40 ms
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        raise PortTaken(
            f"cannot listen on {host}:{port}: {error.strerror}; choose another [hub] port"
            f" / 端口 {port} 无法使用，请更换 [hub] port"
        ) from error
    return listener


def _options(settings: Settings) -> dict[str, Any]:
    return {
        "loop": "asyncio",
        "http": "httptools",
        "ws": Line,
        "ws_per_message_deflate": False,
        "log_config": None,
        "proxy_headers": False,  # [hub] trusted_proxies says whom to believe
        "access_log": False,
        "timeout_graceful_shutdown": 3,
        **uvicorn_options(settings),
    }
