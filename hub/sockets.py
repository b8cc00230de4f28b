"""The WebSocket edge: the public board, and our own stations."""

import asyncio
import contextlib
import logging
from typing import Any

from fastapi import APIRouter, Request, Response, WebSocket
from pydantic import TypeAdapter, ValidationError
from starlette.requests import HTTPConnection
from starlette.websockets import WebSocketDisconnect

from hub.board import Reader
from hub.edges import Hub, HubDep, asker
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
        hub.access.check(_who(socket, hub), "see_board")
    except HallError:
        await socket.close()  # before accepting: the client sees HTTP 403
        return
    await socket.accept()
    reader = hub.board.read(epoch, since)
    hub.board.beat_for(reader, hub.hall.local(hub.store.now()), hub.speed)
    try:
        await _until_gone(socket, _pump(socket, reader), _drain(socket))
    finally:
        hub.board.leave(reader)


@router.websocket("/station/ws")
async def station_socket(socket: WebSocket) -> None:
    hub: Hub = socket.app.state.hub
    try:
        who = _station(_who(socket, hub))
    except HallError:
        await socket.close()
        return
    await socket.accept()
    hello = await _hello(socket)
    if hello is None:
        await socket.close(POLICY_VIOLATION, "say hello first")
        return
    station = Station(hello.station, who, hub.board.read(hello.epoch, hello.since))
    welcome = Welcome(station=hello.station, counter=who.counter, resumed=not station.reader.needs_whole)
    station.tell(welcome)
    hub.stations.join(station)
    hub.board.beat_for(station.reader, hub.hall.local(hub.store.now()), hub.speed)
    try:
        await _until_gone(socket, _pump(socket, station.reader), _listen(socket, hub, station))
    finally:
        hub.stations.leave(station)
        hub.board.leave(station.reader)


def _who(connection: HTTPConnection, hub: Hub) -> Who | None:
    """A browser cannot set a header on a WebSocket: `?token=` stands for it here."""
    return asker(connection) or hub.access.who(connection.query_params.get("token"))


def _station(who: Who | None) -> Who:
    if who is None or who.role not in STATION_ROLES:
        raise Unauthorized
    return who


async def _hello(socket: WebSocket) -> Hello | None:
    try:
        async with asyncio.timeout(HELLO_WITHIN_S):
            return Hello.model_validate_json(await socket.receive_text())
    except (ValidationError, TimeoutError, WebSocketDisconnect):
        return None


async def _pump(socket: WebSocket, reader: Reader) -> None:
    while True:
        await socket.send_text(await reader.next())


async def _drain(socket: WebSocket) -> None:
    """A public screen has nothing to say; reading notices that it went away."""
    while True:
        await socket.receive_text()


async def _listen(socket: WebSocket, hub: Hub, station: Station) -> None:
    while True:
        text = await socket.receive_text()
        try:
            hub.stations.heard(station, _StationFrame.validate_json(text))
        except ValidationError as error:
            log.warning("bad frame from a station", extra={"station": station.name, "problems": error.error_count()})


async def _until_gone(socket: WebSocket, *works: Any) -> None:
    """Run the works until one of them ends, which is when the other side went away."""
    tasks = [asyncio.ensure_future(work) for work in works]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            with contextlib.suppress(WebSocketDisconnect, RuntimeError, OSError):
                task.result()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    with contextlib.suppress(WebSocketDisconnect, RuntimeError, OSError):
        await socket.close()
