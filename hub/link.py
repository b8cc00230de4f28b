"""A station's side of the hub: find it, connect, keep the board, send commands, say when it is away.

The link is asyncio; a pygame station runs it in a `LinkThread` and drains `events` in its own loop.
"""

import asyncio
import contextlib
import json
import logging
import queue
import ssl
import threading
import time
from collections.abc import Awaitable, Callable, Coroutine
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal, TypeVar
from urllib.parse import urlsplit

import httpx
from pydantic import ValidationError
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidStatus, InvalidURI

from hub.settings import Settings, data_folder
from hub.wire import BeatMessage, Invite, Message, PatchMessage, Problem, ShowScreen, Touch, Welcome, merge

log = logging.getLogger("hall.link")

SERVICE_TYPE = "_servicehall._tcp.local."
#: The hub beats every 5 s; after this long without any frame it counts as away.
SILENCE_S = 12.0
BACKOFF_S = (0.2, 0.5, 1.0, 2.0, 5.0)

T = TypeVar("T")


class HubAway(ConnectionError):
    """The hub did not answer. Nothing is known of what became of the request: ask again with the same key."""


class Refused(Exception):
    """The hub answered no; `problem` says why, in the station's language."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.detail)
        self.problem = problem


@dataclass(frozen=True)
class HubThere:
    """Connected: the whole board, and who the hub takes this station for."""

    board: dict[str, Any]
    station: str
    counter: str | None


@dataclass(frozen=True)
class BoardChanged:
    """The board after a patch. `patch` is empty when the whole board came again."""

    board: dict[str, Any]
    patch: dict[str, Any]


@dataclass(frozen=True)
class HubGone:
    """No hub now. `refused`: it is there but does not accept this station's token."""

    reason: Literal["unreachable", "refused", "not_found"]
    detail: str


Event = HubThere | BoardChanged | HubGone | Invite | ShowScreen | Touch


async def find_hub(settings: Settings, *, timeout_s: float = 3.0) -> str | None:
    """The hub's base URL: the fixed one wins, else zeroconf, else the last one that worked here."""
    if settings.station.hub_url:
        return settings.station.hub_url.rstrip("/")
    found = await _browse(timeout_s)
    remembered = data_folder() / "last-hub"
    if found:
        with contextlib.suppress(OSError):
            remembered.parent.mkdir(parents=True, exist_ok=True)
            remembered.write_text(found, encoding="utf-8")
        return found
    return remembered.read_text(encoding="utf-8").strip() if remembered.is_file() else None


async def _browse(timeout_s: float) -> str | None:
    from zeroconf import ServiceStateChange, Zeroconf
    from zeroconf.asyncio import AsyncServiceBrowser, AsyncServiceInfo, AsyncZeroconf

    names: asyncio.Queue[str] = asyncio.Queue()

    def heard(zeroconf: Zeroconf, service_type: str, name: str, state_change: ServiceStateChange) -> None:
        if state_change is not ServiceStateChange.Removed:
            names.put_nowait(name)

    try:
        zeroconf = AsyncZeroconf()
    except OSError as error:
        log.warning("no multicast on this machine", extra={"error": str(error)})
        return None
    browser = AsyncServiceBrowser(zeroconf.zeroconf, SERVICE_TYPE, handlers=[heard])
    try:
        async with asyncio.timeout(timeout_s):
            while True:
                info = AsyncServiceInfo(SERVICE_TYPE, await names.get())
                if await info.async_request(zeroconf.zeroconf, 1000) and info.parsed_addresses():
                    scheme = (info.properties.get(b"scheme") or b"http").decode()
                    return f"{scheme}://{info.parsed_addresses()[0]}:{info.port}"
    except TimeoutError:
        return None
    finally:
        await browser.async_cancel()
        await zeroconf.async_close()


class Link:
    """One station's connection. `on_event` is called on the link's loop and must not block."""

    def __init__(
        self,
        settings: Settings,
        *,
        station: str,
        on_event: Callable[[Event], None],
        monotonic: Callable[[], float] = time.monotonic,
        find: Callable[[Settings], Awaitable[str | None]] = find_hub,
    ) -> None:
        self.station = station
        self.board: dict[str, Any] = {}
        self.connected = False
        self._settings = settings
        self._on_event = on_event
        self._monotonic = monotonic
        self._find = find
        self._url: str | None = None
        self._http: httpx.AsyncClient | None = None
        self._socket: ClientConnection | None = None
        self._epoch: str | None = None
        self._seq = 0
        self._beat: tuple[datetime, float, float] | None = None
        self._gone: HubGone | None = None

    def hall_now(self) -> datetime | None:
        """Hall time by the hub's last beat, carried on by this machine's monotonic clock; None before the first."""
        if self._beat is None:
            return None
        at, speed, heard_at = self._beat
        return at + timedelta(seconds=(self._monotonic() - heard_at) * speed)

    @property
    def hall_speed(self) -> float:
        """How many hall seconds pass in a real one."""
        return self._beat[1] if self._beat else 1.0

    async def run(self) -> None:
        """Keep connected until cancelled."""
        attempt = 0
        try:
            while True:
                gone = await self._session()
                if gone is None:
                    continue
                if self.connected:
                    attempt = 0
                self._lost(gone)
                await asyncio.sleep(BACKOFF_S[min(attempt, len(BACKOFF_S) - 1)])
                attempt += 1
        finally:
            await self.close()

    async def close(self) -> None:
        """Give up the HTTP connections; `run` does it by itself at its end."""
        if self._http:
            await self._http.aclose()
            self._http = None

    async def get(self, path: str, *, timeout_s: float = 5.0) -> dict[str, Any]:
        """`GET /api/v1` + path. Raises HubAway or Refused."""
        return await self._request("GET", path, None, None, timeout_s)

    async def post(
        self, path: str, body: Message | None = None, *, key: str | None = None, timeout_s: float = 5.0
    ) -> dict[str, Any]:
        """`POST /api/v1` + path. `key` makes a retry harmless. Raises HubAway or Refused."""
        return await self._request("POST", path, body.wire() if body else {}, key, timeout_s)

    async def send(self, frame: Message) -> bool:
        """Send a station frame; False when there is no connection: after connecting a station tells its state anew."""
        if self._socket is None:
            return False
        try:
            await self._socket.send(json.dumps(frame.wire(), ensure_ascii=False))
        except ConnectionClosed:
            return False
        return True

    async def _client(self) -> httpx.AsyncClient:
        if self._url is None:
            self._url = await self._find(self._settings)
        if self._url is None:
            raise HubAway("no hub was found; set [station] hub_url")
        if self._http is None:
            token = self._settings.station.token
            self._http = httpx.AsyncClient(
                base_url=self._url,
                headers={"Authorization": f"Bearer {token}", "Accept-Language": self._settings.hall.language},
                trust_env=False,
            )
        return self._http

    async def _request(
        self, method: str, path: str, body: dict[str, Any] | None, key: str | None, timeout_s: float
    ) -> dict[str, Any]:
        client = await self._client()
        headers = {"Idempotency-Key": key} if key else {}
        try:
            answer = await client.request(
                method, f"/api/v1{path}", json=body, headers=headers, timeout=httpx.Timeout(timeout_s)
            )
        except (httpx.TransportError, OSError) as error:
            raise HubAway(f"{type(error).__name__}: {error}") from error
        if answer.is_success:
            document: dict[str, Any] = answer.json()
            return document
        raise Refused(_problem_of(answer))

    async def _session(self) -> HubGone | None:
        """One connection from opening to loss; says how it ended, None for a gap that a new connection heals."""
        try:
            await self._client()
            assert self._url is not None
            async with connect(
                _socket_url(self._url),
                additional_headers={"Authorization": f"Bearer {self._settings.station.token}"},
                compression=None,
                open_timeout=5,
                max_size=4 * 1024 * 1024,
                proxy=None,
            ) as socket:
                self._socket = socket
                await self._listen(socket)
        except HubAway as error:
            return HubGone("not_found", str(error))
        except InvalidStatus as error:
            refused = error.response.status_code in (401, 403)
            return HubGone("refused" if refused else "unreachable", f"HTTP {error.response.status_code}")
        except (OSError, InvalidHandshake, InvalidURI, ConnectionClosed, ssl.SSLError) as error:
            return HubGone("unreachable", f"{type(error).__name__}: {error}")
        finally:
            self._socket = None
        return None

    async def _listen(self, socket: ClientConnection) -> None:
        hello: dict[str, Any] = {"kind": "hello", "station": self.station}
        if self._epoch is not None:
            hello |= {"epoch": self._epoch, "since": self._seq}
        await socket.send(json.dumps(hello))
        welcome = Welcome.model_validate_json(await _next(socket))
        if welcome.resumed:
            self._there(welcome)
        while True:
            if not self._heard(json.loads(await _next(socket)), welcome):
                return

    def _heard(self, frame: dict[str, Any], welcome: Welcome) -> bool:
        """Take one frame in; False when the board has a gap and must be asked for anew."""
        kind = frame.get("kind")
        if kind == "board":
            self._epoch, self._seq, self.board = frame["epoch"], frame["seq"], frame["board"]
            if self.connected:
                self._on_event(BoardChanged(self.board, {}))
            else:
                self._there(welcome)
        elif kind == "patch":
            return self._patched(PatchMessage.model_validate(frame))
        elif kind == "beat":
            beat = BeatMessage.model_validate(frame)
            self._beat = (beat.at, beat.speed, self._monotonic())
        elif kind in _STATION_FRAMES:
            self._on_event(_STATION_FRAMES[kind].model_validate(frame))
        else:
            log.warning("unknown frame from the hub", extra={"frame_kind": str(kind)})
        return True

    def _patched(self, message: PatchMessage) -> bool:
        if message.epoch != self._epoch or message.seq != self._seq + 1:
            self._epoch = None
            return False
        self._seq = message.seq
        self.board = merge(self.board, message.patch)
        self._on_event(BoardChanged(self.board, message.patch))
        return True

    def _there(self, welcome: Welcome) -> None:
        self.connected = True
        self._gone = None
        self._on_event(HubThere(self.board, welcome.station, welcome.counter))

    def _lost(self, gone: HubGone) -> None:
        """Tell it once, and again when the reason changes; look for another hub unless the address is fixed."""
        if self.connected or self._gone is None or gone.reason != self._gone.reason:
            log.warning("hub away", extra={"reason": gone.reason, "detail": gone.detail})
            self._on_event(gone)
        self._gone = gone
        self.connected = False
        if not self._settings.station.hub_url and self._http:
            stale, self._http, self._url = self._http, None, None
            task = asyncio.ensure_future(stale.aclose())
            task.add_done_callback(lambda _: None)


_STATION_FRAMES: dict[str, type[Invite] | type[ShowScreen] | type[Touch]] = {
    "invite": Invite,
    "show_screen": ShowScreen,
    "touch": Touch,
}


async def _next(socket: ClientConnection) -> str | bytes:
    """The next message. Not `wait_for`, which in Python 3.11 can swallow a cancellation. Raises TimeoutError."""
    async with asyncio.timeout(SILENCE_S):
        return await socket.recv()


def _socket_url(base: str) -> str:
    parts = urlsplit(base)
    return f"{'wss' if parts.scheme == 'https' else 'ws'}://{parts.netloc}/api/v1/station/ws"


def _problem_of(answer: httpx.Response) -> Problem:
    try:
        return Problem.model_validate_json(answer.content)
    except ValidationError:
        return Problem(
            title="unexpected answer",
            status=answer.status_code,
            code="unexpected_answer",
            detail=f"HTTP {answer.status_code}: this is not a Hall hub",
        )


class LinkThread:
    """The link and a station's other waiting work on one event loop in one background thread.

    `events` is what the station's own loop drains; nothing here touches pygame.
    """

    def __init__(self, settings: Settings, *, station: str) -> None:
        self.events: queue.SimpleQueue[Event] = queue.SimpleQueue()
        self.link = Link(settings, station=station, on_event=self.events.put)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._serve, name="hall-link", daemon=True)
        self._tasks: list[Future[None]] = []

    def start(self) -> None:
        self._thread.start()
        self._tasks.append(asyncio.run_coroutine_threadsafe(self.link.run(), self._loop))

    def submit(self, work: Coroutine[Any, Any, T]) -> "Future[T]":
        """Run a coroutine beside the link, for example `thread.submit(thread.link.post(…))`."""
        return asyncio.run_coroutine_threadsafe(work, self._loop)

    def stop(self, *, timeout_s: float = 3.0) -> None:
        """Cancel everything that still runs and wait for the thread to end."""
        if not self._thread.is_alive():
            return
        asyncio.run_coroutine_threadsafe(self._cancel_all(), self._loop).result(timeout_s)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(timeout_s)

    async def _cancel_all(self) -> None:
        others = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    def _serve(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_forever()
        self._loop.close()
