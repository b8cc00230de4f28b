"""create_app: builds store → board → rooms, hangs them together, mounts routes and pages."""

import asyncio
import logging
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from ipaddress import ip_network
from typing import Any

from fastapi import FastAPI

from hub import health, sockets
from hub.access import Access
from hub.announce import announced, is_loopback
from hub.board import Board
from hub.calendar import routes as calendar_routes
from hub.calendar.verbs import apply_rota, give_back
from hub.calendarwatch import CalendarWatch
from hub.clock import HallClock
from hub.clockwatch import Clockwatch, may_end_day, newest_entry_at
from hub.edges import Hub, tell_problems
from hub.evaluation import routes as evaluation_routes
from hub.evaluation.verbs import invite
from hub.figures import routes as figures_routes
from hub.keys import know_keys, load_keys, secret_path
from hub.once import forget_keys
from hub.pages import mount_pages
from hub.painter import Painter
from hub.pairing import routes as pairing_routes
from hub.pairing.admission import Admitted
from hub.pairing.verbs import forget_requests
from hub.people import journal_routes
from hub.people import routes as people_routes
from hub.people.entrance import Entrance
from hub.people.gate import Gate
from hub.persons import routes as persons_routes
from hub.persons.safe import Safe
from hub.persons.verbs import Persons
from hub.problems import StoreUnavailable
from hub.queue import drawing
from hub.queue import routes as queue_routes
from hub.queue.foresight import Foresight
from hub.queue.hall import HallFacts, load_hall
from hub.queue.seed import seed
from hub.queue.tickets import end_day
from hub.relay import Relay
from hub.renewal import Renewal, leaving, read_rights, tell_how_to_begin
from hub.sealing import Sealing
from hub.settings import Settings
from hub.stations import Stations
from hub.store import SYSTEM, Reader, Store, Who
from hub.storewatch import Storewatch
from hub.tls import scheme

log = logging.getLogger("hall.app")

BEAT_S = 5.0
#: How often the hub looks for what time alone changes.
TICK_S = 1.0
#: How often the hub looks whether a day is over that must be sealed.
SEAL_S = 5.0
CLOCK_S = 2.0
WATCH_S = 1.0
TIDY_S = 3600.0
RENEW_S = 0.05


def create_app(
    settings: Settings,
    *,
    now: Callable[[], datetime] | None = None,
    speed: float = 1.0,
    fixed_tokens: Mapping[str, Who] | None = None,
    open_board: bool = False,
    real_now: Callable[[], datetime] | None = None,
) -> FastAPI:
    """The hub as an ASGI application.

    `now` gives hall time (aware, UTC; without it the computer's clock, kept from running backwards) and `speed` says
    how fast it runs; only the demo changes them, as only the demo gives `fixed_tokens` and `open_board`. Sessions and
    lockouts run on `real_now`.
    """

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            app.state.hub = await _open(
                stack, settings, now or HallClock(), speed, fixed_tokens, open_board, real_now or HallClock()
            )
            yield

    app = FastAPI(title="Hall 政务服务大厅", version="1", lifespan=lifespan, docs_url=None, redoc_url=None)
    tell_problems(app)
    for router in (
        queue_routes.router,
        people_routes.router,
        journal_routes.router,
        evaluation_routes.router,
        figures_routes.router,
        calendar_routes.router,
        pairing_routes.router,
        persons_routes.router,
        sockets.router,
        health.router,
    ):
        app.include_router(router)
    mount_pages(app)
    app.add_middleware(Gate)
    return app


async def _open(
    stack: AsyncExitStack,
    settings: Settings,
    now: Callable[[], datetime],
    speed: float,
    fixed_tokens: Mapping[str, Who] | None,
    open_board: bool,
    real_now: Callable[[], datetime],
) -> Hub:
    store = Store(settings.hub.database_url, now=now)
    store.open()
    stack.callback(store.close)
    if isinstance(now, HallClock):
        now.begin(await store.read(newest_entry_at))
    keys = load_keys(settings)
    await store.write(know_keys, SYSTEM, None, keys, str(secret_path(settings)))
    await store.write(seed, SYSTEM, None, settings)
    hall = await store.read(_hall, settings)
    access = Access(public_board=settings.hub.public_board or open_board, fixed=fixed_tokens)
    entrance = Entrance(store, settings.access, leaving(hall), real_now)
    stack.callback(entrance.hashing.close)
    hub = Hub(
        settings=settings,
        store=store,
        keys=keys,
        persons=Persons(Safe(keys), settings.privacy),
        board=Board(),
        stations=Stations(invite_seconds=settings.counter.evaluation_seconds),
        access=access,
        entrance=entrance,
        admitted=Admitted(lambda key: access.holds(key) or entrance.present.of(key) is not None),
        proxies=tuple(ip_network(address) for address in settings.hub.trusted_proxies),
        hall=hall,
        speed=speed,
    )
    await read_rights(hub)
    await tell_how_to_begin(hub)
    foresight = Foresight(hub)
    await foresight.at_once()
    hub.board.update(await store.read(_draw_all, hub.hall))
    # what must happen in another room's transaction
    store.hooks["visit_finished"].append(invite)
    if settings.calendar.cancelled_gives_back:
        store.hooks["ticket_cancelled"].append(lambda tx, cancelled: give_back(tx, hub.hall.plan, cancelled))
    painter = Painter(hub, asyncio.get_running_loop())
    relay = Relay(store, painter.committed)
    relay.start()
    stack.push_async_callback(asyncio.to_thread, relay.close)
    steps: list[tuple[Callable[[], Awaitable[None]], float]] = [
        (Beat(hub), BEAT_S),
        (Tick(hub, painter), TICK_S),
        (CalendarWatch(hub), TICK_S),
        (foresight, TICK_S),
        (Sealing(hub), SEAL_S),
        (Storewatch(hub), WATCH_S),
        (Tidy(hub), TIDY_S),
        (Renewal(hub), RENEW_S),
    ]
    if isinstance(now, HallClock):
        steps.append((Clockwatch(hub, now), CLOCK_S))
    for step, every_s in steps:
        stack.push_async_callback(_end, asyncio.create_task(steadily(step, every_s)))
    if settings.hub.announce and not is_loopback(settings.hub.host):
        await stack.enter_async_context(announced(hub.hall.name, settings.hub.port, scheme=scheme(settings)))
    return hub


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
        await self.hub.store.write(self.hub.persons.forget, SYSTEM, None)
        await self.hub.entrance.tidy()


@dataclass
class Tick:
    """Days turn, expired announcements leave the board, the hall opens."""

    hub: Hub
    painter: Painter
    day: str = ""

    async def __call__(self) -> None:
        hub = self.hub
        today = hub.hall.day(hub.store.now())
        turned = today != self.day and may_end_day(hub.store.now)
        if turned:
            await hub.store.write(end_day, SYSTEM, None, hub.hall)
            await hub.store.write(apply_rota, SYSTEM, None, hub.hall.plan)
        if turned or self.painter.behind:
            await hub.store.read(self.painter.whole)
        else:
            await hub.store.read(self.painter.timely)
        if turned:
            self.day = today


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
    return f"{scheme(settings)}://{host}:{settings.hub.port}"


def _hall(reader: Reader, settings: Settings) -> HallFacts:
    return load_hall(reader.rows, public_url(settings), settings.queue, settings.calendar)


def _draw_all(reader: Reader, hall: HallFacts) -> dict[str, Any]:
    return drawing.draw_all(reader.rows, hall, reader.now)
