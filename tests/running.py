"""A real hub on a real port, for tests that go over sockets."""

import asyncio
import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import uvicorn
from fastapi import FastAPI

from hub.app import create_app
from hub.demo.parts import demo_tokens
from hub.lines import Line
from hub.settings import Settings, settings_from
from hub.store import Who
from hub.store.address import open_database
from hub.tls import scheme, uvicorn_options

PATIENCE_S = 20.0

#: Monday 2026-03-02 09:00 in the hall: no test meets a real midnight.
_MORNING = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
_STARTED = time.monotonic()


def morning_clock() -> datetime:
    """That morning, going on as fast as real time; the same for every hub of a test run."""
    return _MORNING + timedelta(seconds=time.monotonic() - _STARTED)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def name_database(folder: Path, url: str) -> None:
    """Hubs of this folder keep their hall there and not in a file of the folder."""
    (folder / "database_url").write_text(url)


def database_of(folder: Path) -> str:
    named = folder / "database_url"
    return named.read_text() if named.exists() else f"sqlite:///{folder / 'hall.db'}"


def rows_in(url: str, sql: str) -> list[Any]:
    """What stands in a database now, seen from outside the hub."""
    database = open_database(url)
    with closing(database.reader()) as reader:
        return reader.run(sql)


@contextmanager
def snapshot(url: str) -> Iterator[Callable[[str], list[Any]]]:
    """Several looks at one moment of a database: what a killed hub had sent may still arrive between two of them."""
    database = open_database(url)
    with closing(database.reader()) as reader:
        reader.run("BEGIN" if database.dialect == "sqlite" else "BEGIN ISOLATION LEVEL REPEATABLE READ")
        yield reader.run


def hub_settings(folder: Path, port: int, **document: Any) -> Settings:
    """Settings of a hub whose database is in `folder`, or where that names one; further tables as keywords."""
    # on PostgreSQL these would lie in the user's own data folder
    beside = {"secret_file": str(folder / "hall.secret"), "seals_file": str(folder / "hall.seals.txt")}
    hub = {"port": port, "database_url": database_of(folder), "announce": False, **beside}
    return settings_from({"hub": {**hub, **document.pop("hub", {})}, **document}, origin="test")


class RunningHub:
    """The hub of `settings` in a thread, with the demo's tokens unless others are given."""

    def __init__(
        self,
        settings: Settings,
        *,
        now: Callable[[], datetime] = morning_clock,
        open_board: bool = True,
        speed: float = 1.0,
        tokens: Mapping[str, Who] | None = None,
        real_now: Callable[[], datetime] | None = None,
    ) -> None:
        self.settings = settings
        self.app: FastAPI = create_app(
            settings,
            now=now,
            speed=speed,
            fixed_tokens=demo_tokens() if tokens is None else tokens,
            open_board=open_board,
            real_now=real_now,
        )
        config = uvicorn.Config(
            self.app,
            port=settings.hub.port,
            log_config=None,
            proxy_headers=False,
            ws=Line,
            ws_per_message_deflate=False,
            timeout_graceful_shutdown=1,
            **uvicorn_options(settings),
        )
        self._server = uvicorn.Server(config)
        self.loop: asyncio.AbstractEventLoop
        self._started = threading.Event()
        self._thread = threading.Thread(target=self._serve, daemon=True)

    @property
    def url(self) -> str:
        return f"{scheme(self.settings)}://127.0.0.1:{self.settings.hub.port}"

    @property
    def socket_url(self) -> str:
        return f"ws://127.0.0.1:{self.settings.hub.port}"

    def __enter__(self) -> "RunningHub":
        self._thread.start()
        assert self._started.wait(PATIENCE_S), "the hub did not start"
        return self

    def __exit__(self, *_: object) -> None:
        self._server.should_exit = True
        self._thread.join(PATIENCE_S)

    def client(self, token: str | None = None, **headers: str) -> httpx.Client:
        """An HTTP client under /api/v1 that holds this token."""
        if token:
            headers["Authorization"] = f"Bearer {token}"
        return httpx.Client(base_url=f"{self.url}/api/v1", headers=headers, trust_env=False, timeout=PATIENCE_S)

    def _serve(self) -> None:
        original = self._server.startup

        async def startup(sockets: list[socket.socket] | None = None) -> None:
            await original(sockets)
            self.loop = asyncio.get_running_loop()
            self._started.set()

        self._server.startup = startup  # type: ignore[method-assign]
        self._server.run()
