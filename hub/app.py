"""create_app: builds store → board → rooms, hangs them together, mounts routes and pages."""

import asyncio
import logging
import socket
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime
from ipaddress import ip_network
from typing import Any

from fastapi import FastAPI

from hub import health, sockets
from hub.access import Access
from hub.announce import announced, is_loopback
from hub.assessment import finding_routes
from hub.assessment import routes as assessment_routes
from hub.assessment.closing import seed_readings
from hub.board import Board
from hub.calendar import routes as calendar_routes
from hub.calendar.verbs import give_back
from hub.cases import complaint_routes
from hub.cases import routes as cases_routes
from hub.cases.verbs import Casework
from hub.clock import HallClock
from hub.clockwatch import newest_entry_at
from hub.devices import routes as device_routes
from hub.devices.spells import station_revoked
from hub.edges import Hub, tell_problems
from hub.evaluation import routes as evaluation_routes
from hub.evaluation.verbs import invite
from hub.figures import page_routes as figures_page_routes
from hub.figures import routes as figures_routes
from hub.imports import routes as import_routes
from hub.imports.uploads import Uploads
from hub.keys import Keys, know_keys, load_keys, secret_path
from hub.notices import routes as notice_routes
from hub.pages import mount_pages
from hub.painter import Painter, picture
from hub.pairing import routes as pairing_routes
from hub.pairing.admission import Admitted
from hub.people import journal_routes
from hub.people import routes as people_routes
from hub.people.entrance import Entrance
from hub.people.gate import Gate
from hub.persons import routes as persons_routes
from hub.persons.safe import Safe
from hub.persons.verbs import Persons
from hub.queue import routes as queue_routes
from hub.queue.foresight import Foresight
from hub.queue.hall import HallFacts, load_hall
from hub.queue.leaving import Leaving
from hub.queue.seed import seed
from hub.relay import Relay
from hub.renewal import read_rights, tell_how_to_begin
from hub.settings import Settings
from hub.staff import routes as staff_routes
from hub.stations import Stations
from hub.steps import end, steadily, steps_of
from hub.store import SYSTEM, Reader, Store, Who
from hub.tls import scheme

log = logging.getLogger("hall.app")


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
            app.state.uploads = Uploads(settings, app.state.hub.store, app.state.hub.keys)
            stack.push_async_callback(app.state.uploads.close)
            yield

    app = FastAPI(title="Hall 政务服务大厅", version="1", lifespan=lifespan, docs_url=None, redoc_url=None)
    tell_problems(app)
    for router in (
        queue_routes.router,
        people_routes.router,
        journal_routes.router,
        evaluation_routes.router,
        figures_routes.router,
        figures_page_routes.router,
        calendar_routes.router,
        pairing_routes.router,
        persons_routes.router,
        device_routes.router,
        finding_routes.router,
        assessment_routes.router,
        cases_routes.router,
        complaint_routes.router,
        staff_routes.router,
        import_routes.router,
        notice_routes.router,
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
    await store.write(seed_readings, SYSTEM, None, settings)
    hub = await _hub(store, keys, settings, speed, fixed_tokens, open_board, real_now)
    stack.callback(hub.entrance.hashing.close)
    await read_rights(hub)
    await tell_how_to_begin(hub)
    foresight = Foresight(hub)
    await foresight.at_once()
    hub.board.update(await store.read(_draw_all, hub.hall))
    # what must happen in another room's transaction
    store.hooks["visit_finished"].append(invite)
    store.hooks["token_removed"].append(station_revoked)
    if settings.calendar.cancelled_gives_back:
        store.hooks["ticket_cancelled"].append(lambda tx, cancelled: give_back(tx, hub.hall.plan, cancelled))
    painter = Painter(hub, asyncio.get_running_loop())
    relay = Relay(store, painter.committed)
    relay.start()
    stack.push_async_callback(asyncio.to_thread, relay.close)
    for step, every_s in steps_of(hub, painter, foresight, now):
        stack.push_async_callback(end, asyncio.create_task(steadily(step, every_s)))
    if settings.hub.announce and not is_loopback(settings.hub.host):
        await stack.enter_async_context(announced(hub.hall.name, settings.hub.port, scheme=scheme(settings)))
    return hub


async def _hub(
    store: Store,
    keys: Keys,
    settings: Settings,
    speed: float,
    fixed_tokens: Mapping[str, Who] | None,
    open_board: bool,
    real_now: Callable[[], datetime],
) -> Hub:
    """The parts, not yet at work."""
    hall = await store.read(_hall, settings)
    access = Access(public_board=settings.hub.public_board or open_board, fixed=fixed_tokens)
    entrance = Entrance(store, settings.access, Leaving(hall), real_now, name_key=keys.name_hash)
    return Hub(
        settings=settings,
        store=store,
        keys=keys,
        persons=Persons(Safe(keys), settings.privacy),
        casework=Casework(Safe(keys), settings.cases),
        board=Board(),
        stations=Stations(invite_seconds=settings.counter.evaluation_seconds),
        access=access,
        entrance=entrance,
        admitted=Admitted(lambda key: access.holds(key) or entrance.present.of(key) is not None),
        proxies=tuple(ip_network(address) for address in settings.hub.trusted_proxies),
        hall=hall,
        speed=speed,
    )


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
    return picture(reader, hall)
