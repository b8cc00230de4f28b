"""The WebSocket edge: the public board, and our own stations."""

import asyncio
import logging
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from functools import partial

from fastapi import APIRouter, Request, Response, WebSocket
from pydantic import TypeAdapter, ValidationError
from starlette.requests import HTTPConnection

from hub.access import bearer, token_hash
from hub.edges import SESSION, Hub, HubDep, asker
from hub.lines import Line, line_of
from hub.people.present import Session
from hub.problems import HallError, Unauthorized
from hub.stations import Station
from hub.store import Who
from hub.wire import BoardMessage, DeviceReport, Drawn, Hello, Role, Screen, Welcome

log = logging.getLogger("hall.sockets")

router = APIRouter(prefix="/api/v1")

STATION_ROLES: frozenset[Role] = frozenset({"kiosk", "display", "counter"})
HELLO_WITHIN_S = 5.0
#: Closing code of RFC 6455 for a peer that does not keep to the protocol.
POLICY_VIOLATION = 1008

_StationFrame: TypeAdapter[Drawn | DeviceReport | Screen] = TypeAdapter(Drawn | DeviceReport | Screen)


@router.get("/board", response_model=BoardMessage)
async def board(hub: HubDep, request: Request) -> Response:
    hub.access.check(_who(request, hub), "see_board")
    return Response(hub.board.whole(), media_type="application/json")


@router.websocket("/board/ws")
async def board_socket(socket: WebSocket, epoch: str | None = None, since: int | None = None) -> None:
    hub: Hub = socket.app.state.hub
    try:
        hub.access.check(_admitted(socket, hub), "see_board")
    except HallError:
        await socket.close()  # before accepting: the client sees HTTP 403
        return
    await socket.accept()
    with _reading(hub, line_of(socket), epoch, since):
        async for _ in _texts(socket):
            pass  # a public screen has nothing to say; reading notices that it went away


@router.websocket("/station/ws")
async def station_socket(socket: WebSocket) -> None:
    hub: Hub = socket.app.state.hub
    try:
        who = _station(_admitted(socket, hub))
    except HallError:
        await socket.close()
        return
    await socket.accept()
    texts = _texts(socket)
    hello = await _hello(texts)
    if hello is None:
        await socket.close(POLICY_VIOLATION, "say hello first")
        return
    line = line_of(socket)
    station = Station(hello.station, who, line.say)
    resumed = hub.board.resumes(hello.epoch, hello.since)
    station.tell(Welcome(station=hello.station, counter=who.counter, resumed=resumed))
    with _reading(hub, line, hello.epoch, hello.since):
        hub.stations.join(station)
        try:
            async for text in texts:
                _heard(hub, station, text)
        finally:
            hub.stations.leave(station)


def _who(connection: HTTPConnection, hub: Hub) -> Who | None:
    """By header or session, else by `?token=`: a browser cannot set a header on a WebSocket."""
    return asker(connection) or hub.access.who(connection.query_params.get("token"))


def _admitted(socket: WebSocket, hub: Hub) -> Who | None:
    """Who comes in; the socket is closed when that right ends."""
    token = bearer(socket.headers.get("authorization")) or socket.query_params.get("token")
    session: Session | None = socket.scope.get(SESSION)
    if token:
        hub.admitted.add(socket, token_hash(token))
    elif session:
        hub.admitted.add(socket, session.facts.hash)
    return _who(socket, hub)


def _station(who: Who | None) -> Who:
    if who is None or who.role not in STATION_ROLES:
        raise Unauthorized
    return who


async def _texts(socket: WebSocket) -> AsyncIterator[str]:
    """What the other side says, until it is gone; a binary message is an empty text."""
    while (message := await socket.receive())["type"] == "websocket.receive":
        yield message.get("text") or ""


async def _hello(texts: AsyncIterator[str]) -> Hello | None:
    try:
        async with asyncio.timeout(HELLO_WITHIN_S):
            return Hello.model_validate_json(await anext(texts, ""))
    except (ValidationError, TimeoutError):
        return None


@contextmanager
def _reading(hub: Hub, line: Line, epoch: str | None, since: int | None) -> Iterator[None]:
    """The line reads the board: the time first, then what it has not seen, then every change."""
    line.say(hub.board.beat_frame(hub.hall.local(hub.store.now()), hub.speed))
    line.when_lagging = partial(hub.board.lag, line)
    line.when_drained = partial(hub.board.catch_up, line)
    hub.board.join(line, epoch, since)
    try:
        yield
    finally:
        hub.board.leave(line)


def _heard(hub: Hub, station: Station, text: str) -> None:
    try:
        hub.stations.heard(station, _StationFrame.validate_json(text))
    except ValidationError as error:
        log.warning("bad frame from a station", extra={"station": station.name, "problems": error.error_count()})
