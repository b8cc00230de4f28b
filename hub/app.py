"""create_app: builds store → board → rooms, hangs them together, mounts routes and pages."""

import asyncio
import logging
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from fastapi import FastAPI

from hub import health, sockets
from hub.access import TOKEN_KINDS, Access
from hub.announce import announced, is_loopback
from hub.board import Board
from hub.clock import HallClock
from hub.clockwatch import Clockwatch, may_end_day, newest_entry_at
from hub.edges import Hub, tell_problems
from hub.evaluation import routes as evaluation_routes
from hub.evaluation.verbs import invite
from hub.figures import routes as figures_routes
from hub.journal import Entry
from hub.keys import know_keys, load_keys, secret_path
from hub.once import forget_keys
from hub.pages import mount_pages
from hub.pairing import routes as pairing_routes
from hub.pairing.admission import Admitted, renew
from hub.pairing.verbs import forget_requests
from hub.problems import StoreUnavailable
from hub.queue import drawing
from hub.queue import routes as queue_routes
from hub.queue.foresight import Foresight
from hub.queue.hall import HallFacts, load_hall
from hub.queue.seed import seed
from hub.queue.tickets import end_day
from hub.sealing import Sealing
from hub.settings import Settings
from hub.stations import Stations
from hub.store import SYSTEM, Reader, Store, Who

log = logging.getLogger("hall.app")

BEAT_S = 5.0
#: How often the hub looks for what time alone changes, and for what other processes wrote.
TICK_S = 1.0
#: How often the hub looks whether a day is over that must be sealed.
SEAL_S = 5.0
CLOCK_S = 2.0
TIDY_S = 3600.0


def create_app(
    settings: Settings,
    *,
    now: Callable[[], datetime] | None = None,
    speed: float = 1.0,
    fixed_tokens: Mapping[str, Who] | None = None,
    open_board: bool = False,
) -> FastAPI:
    """The hub as an ASGI application.

    `now` gives hall time (aware, UTC; without it the computer's clock, kept from running backwards) and `speed` says
    how fast it runs; only the demo changes them, as only the demo gives `fixed_tokens` and `open_board`.
    """

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            app.state.hub = await _open(stack, settings, now or HallClock(), speed, fixed_tokens, open_board)
            yield

    app = FastAPI(title="Hall 政务服务大厅", version="1", lifespan=lifespan, docs_url=None, redoc_url=None)
    tell_problems(app)
    for router in (
        queue_routes.router,
        evaluation_routes.router,
        figures_routes.router,
        pairing_routes.router,
        sockets.router,
        health.router,
    ):
        app.include_router(router)
    mount_pages(app)
    return app


async def _open(
    stack: AsyncExitStack,
    settings: Settings,
    now: Callable[[], datetime],
    speed: float,
    fixed_tokens: Mapping[str, Who] | None,
    open_board: bool,
) -> Hub:
    store = Store(settings.hub.database_url, now=now)
    store.open()
    stack.callback(store.close)
    if isinstance(now, HallClock):
        now.begin(await store.read(newest_entry_at))
    keys = load_keys(settings)
    await store.write(know_keys, SYSTEM, None, keys, str(secret_path(settings)))
    await store.write(seed, SYSTEM, None, settings)
    hub = Hub(
        settings=settings,
        store=store,
        keys=keys,
        board=Board(),
        stations=Stations(invite_seconds=settings.counter.evaluation_seconds),
        access=Access(public_board=settings.hub.public_board or open_board, fixed=fixed_tokens),
        hall=await store.read(_hall, settings),
        admitted=Admitted(),
        speed=speed,
    )
    await renew(store, hub.access, hub.admitted)
    foresight = Foresight(hub)
    await foresight.at_once()
    hub.board.update(await store.read(_draw_all, hub.hall))
    _hang(hub, asyncio.get_running_loop())
    steps: list[tuple[Callable[[], Awaitable[None]], float]] = [
        (Beat(hub), BEAT_S),
        (Tick(hub), TICK_S),
        (foresight, TICK_S),
        (Sealing(hub), SEAL_S),
        (Tidy(hub), TIDY_S),
    ]
    if isinstance(now, HallClock):
        steps.append((Clockwatch(hub, now), CLOCK_S))
    for step, every_s in steps:
        stack.push_async_callback(_end, asyncio.create_task(steadily(step, every_s)))
    if settings.hub.announce and not is_loopback(settings.hub.host):
        scheme = "https" if settings.hub.tls_certificate else "http"
        await stack.enter_async_context(announced(hub.hall.name, settings.hub.port, scheme=scheme))
    return hub


def _hang(hub: Hub, loop: asyncio.AbstractEventLoop) -> None:
    """What must happen in another room's transaction, and what follows a commit."""
    hub.store.hooks["visit_finished"].append(invite)

    def after_commit(entries: list[Entry], reader: Reader) -> None:
        changes = drawing.draw(reader.rows, hub.hall, entries, reader.now)
        loop.call_soon_threadsafe(_tell, hub, entries, changes)

    hub.store.after_commit.append(after_commit)


def _tell(hub: Hub, entries: list[Entry], changes: dict[str, Any]) -> None:
    hub.board.update(changes)
    for entry in entries:
        if entry.kind == "evaluation_invited":
            hub.stations.invite(entry)


async def steadily(step: Callable[[], Awaitable[None]], every_s: float) -> None:
    """Take the step again and again. One that fails is logged and taken again: the hall goes on."""
    while True:
        try:
            await step()
        except StoreUnavailable as error:
            log.warning("waits for the database", extra={"step": type(step).__name__, "error": str(error)})
        except Exception:
            log.exception("a step failed", extra={"step": type(step).__name__})
        await asyncio.sleep(every_s)


@dataclass
class Beat:
    """Tells every reader that the hub is there and what time it is."""

    hub: Hub

    async def __call__(self) -> None:
        self.hub.board.beat(self.hub.hall.local(self.hub.store.now()), self.hub.speed)


@dataclass
class Tidy:
    """What has passed its time is let go of."""

    hub: Hub

    async def __call__(self) -> None:
        await self.hub.store.write(forget_keys, SYSTEM, None)
        await self.hub.store.write(forget_requests, SYSTEM, None)


@dataclass
class Tick:
    """Days turn, expired announcements leave the board, the hall opens, other processes' entries are drawn."""

    hub: Hub
    day: str = ""

    async def __call__(self) -> None:
        hub = self.hub
        today = hub.hall.day(hub.store.now())
        if today != self.day and may_end_day(hub.store.now):
            await hub.store.write(end_day, SYSTEM, None, hub.hall)
            hub.board.update(await hub.store.read(_draw_all, hub.hall))
            self.day = today
        hub.board.update(await hub.store.read(_timely, hub.hall))
        entries = await hub.store.foreign()
        if entries:
            if any(entry.kind in TOKEN_KINDS for entry in entries):
                await renew(hub.store, hub.access, hub.admitted)
            _tell(hub, entries, await hub.store.read(_draw, hub.hall, entries))


async def _end(task: "asyncio.Task[None]") -> None:
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


def public_url(settings: Settings) -> str:
    """Where phones reach the hub: as configured, else the address it listens on."""
    if settings.hub.public_url:
        return settings.hub.public_url.rstrip("/")
    host = settings.hub.host
    if host in ("0.0.0.0", "::"):
        host = socket.gethostname()
    return f"{'https' if settings.hub.tls_certificate else 'http'}://{host}:{settings.hub.port}"


def _hall(reader: Reader, settings: Settings) -> HallFacts:
    return load_hall(reader.rows, public_url(settings), settings.queue)


def _draw_all(reader: Reader, hall: HallFacts) -> dict[str, Any]:
    return drawing.draw_all(reader.rows, hall, reader.now)


def _draw(reader: Reader, hall: HallFacts, entries: list[Entry]) -> dict[str, Any]:
    return drawing.draw(reader.rows, hall, entries, reader.now)


def _timely(reader: Reader, hall: HallFacts) -> dict[str, Any]:
    return {
        "hall": drawing.hall_section(hall, reader.now),
        "calls": drawing.calls(reader.rows, hall, reader.now),
    }
