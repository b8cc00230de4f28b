"""A WebSocket server for evaluation tablets: who is logged in at which window, and the question it has open."""

from __future__ import annotations

import asyncio
import hmac
import http
import logging
from dataclasses import dataclass, field, replace
from ipaddress import ip_address, ip_network
from typing import Protocol
from urllib.parse import urlsplit

from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import ConnectionClosed
from websockets.http11 import Request, Response

from devices.errors import DeviceError, PortBusy
from devices.tablet_frames import LogIn, PingTablet, Question, RateTablet, Submit, TabletProtocol

log = logging.getLogger("devices.tablets")

PAGE = "/e/"
"""Path of the page for a question; a WebSocket at the same path takes its answer."""
TRY_AGAIN_S = 5.0
ALIVE_S = 20.0
"""How often a tablet is asked for a sign of life by the WebSocket itself; without one for as long it is gone."""
LONGEST_MESSAGE = 64 * 1024


class Desk(Protocol):
    """The counter behind a window. Its number may change: a manager can put the program at another counter."""

    @property
    def window(self) -> str: ...

    @property
    def name(self) -> str: ...

    def tablet_is(self, *, there: bool) -> None: ...

    def port_is(self, fault: DeviceError | None) -> None: ...

    def submitted(self, question: str, values: tuple[int, ...]) -> bool:
        """Whether the answer is on the disk now (also when it was before)."""

    def knows(self, question: str) -> bool:
        """Asked last, open or not."""

    def page(self, question: str) -> str:
        """The page of an open question; empty when it is not open."""


@dataclass
class _Window:
    desk: Desk
    tablets: set[ServerConnection] = field(default_factory=set)
    question: Question | None = None


class TabletServer:
    """`await TabletServer("ping://0.0.0.0:3349", …).run()`. Who logs in while a question is open is asked it too.

    `key` is what tablets of `ping` must give (empty = any); `allowed` are the networks tablets may come from (empty =
    all).
    """

    def __init__(self, url: str, *, key: str = "", allowed: tuple[str, ...] = ()) -> None:
        """Raises ValueError for a URL that names no tablet server."""
        parts = urlsplit(url)
        if parts.scheme not in ("rate", "ping") or not parts.hostname or not parts.port:
            raise ValueError(f"{url!r} is no tablet server: write rate://0.0.0.0:3348 or ping://0.0.0.0:3349")
        self.url = url
        self._host, self._port = parts.hostname, parts.port
        self._windows: list[_Window] = []
        self._protocol: TabletProtocol = RateTablet(self._names) if parts.scheme == "rate" else PingTablet()
        self._key = key
        self._allowed = [ip_network(network) for network in allowed]

    def add(self, desk: Desk) -> None:
        self._windows.append(_Window(desk))

    def _names(self) -> dict[str, str]:
        return {window.desk.window: window.desk.name for window in self._windows}

    def _window(self, desk: Desk) -> _Window:
        return next(window for window in self._windows if window.desk is desk)

    async def run(self) -> None:
        """Until cancelled; a port that is taken is told and tried again."""
        while True:
            try:
                async with serve(
                    self._serve,
                    self._host,
                    self._port,
                    process_request=self._page_or_socket,
                    compression=None,
                    max_size=LONGEST_MESSAGE,
                    ping_interval=ALIVE_S,
                    ping_timeout=ALIVE_S,
                ):
                    self._port_is(None)
                    await asyncio.get_running_loop().create_future()
            except OSError as fault:
                self._port_is(PortBusy(f"The port for tablets cannot be opened: {fault.strerror}.", url=self.url))
                await asyncio.sleep(TRY_AGAIN_S)

    async def ask(self, desk: Desk, question: Question) -> None:
        """The tablets of the desk, now and while it is open; the question before it is over."""
        at = self._window(desk)
        at.question = question
        for tablet in list(at.tablets):
            await self._push(tablet, question)

    def _port_is(self, fault: DeviceError | None) -> None:
        for window in self._windows:
            window.desk.port_is(fault)

    # ---- one connection ----

    async def _serve(self, socket: ServerConnection) -> None:
        path = socket.request.path if socket.request else ""
        try:
            if path.startswith(PAGE):
                await self._page_answers(socket, path.removeprefix(PAGE))
            else:
                await self._tablet(socket)
        except ConnectionClosed:
            return

    async def _tablet(self, socket: ServerConnection) -> None:
        greeting = self._protocol.greeting()
        if greeting:
            await socket.send(greeting)
        window: _Window | None = None
        try:
            async for text in socket:
                heard = self._protocol.hear(_text(text), logged_in=window is not None)
                if isinstance(heard, LogIn):
                    self._leave(window, socket)
                    window = await self._log_in(socket, heard)
                elif isinstance(heard, Submit):
                    assert window is not None
                    taken = window.desk.submitted(heard.id, heard.values)
                    await socket.send(heard.accepted if taken else heard.refused)
                elif heard is not None:
                    await socket.send(heard)
        finally:
            self._leave(window, socket)

    async def _log_in(self, socket: ServerConnection, told: LogIn) -> _Window | None:
        window = next((one for one in self._windows if told.window and one.desk.window == told.window), None)
        right = told.key is None or not self._key or hmac.compare_digest(told.key.encode(), self._key.encode())
        if window is None or not right:
            log.warning("a tablet was not let in", extra={"window": told.window[:20], "known": window is not None})
            await socket.send(told.refused)
            return None
        window.tablets.add(socket)
        window.desk.tablet_is(there=True)
        await socket.send(told.accepted)
        if window.question and window.desk.page(window.question.id):
            await self._push(socket, window.question)
        return window

    def _leave(self, window: _Window | None, socket: ServerConnection) -> None:
        if window and socket in window.tablets:
            window.tablets.discard(socket)
            if not window.tablets:
                window.desk.tablet_is(there=False)

    async def _push(self, socket: ServerConnection, question: Question) -> None:
        """The page has the address under which the tablet itself reached this machine."""
        host, port = socket.local_address[:2]
        name = f"[{host}]" if ":" in host else host
        try:
            await socket.send(self._protocol.ask(replace(question, url=f"http://{name}:{port}{PAGE}{question.id}")))
        except ConnectionClosed:
            log.warning("a tablet went away as it was asked", extra={"url": self.url})

    # ---- the page ----

    def _page_or_socket(self, socket: ServerConnection, request: Request) -> Response | None:
        if not self._may_come(str(socket.remote_address[0])):
            return socket.respond(http.HTTPStatus.FORBIDDEN, "not from this address\n")
        if request.headers.get("Upgrade", "").lower() == "websocket":
            return None
        page = self._page_of(request.path.removeprefix(PAGE)) if request.path.startswith(PAGE) else ""
        if not page:
            return socket.respond(http.HTTPStatus.NOT_FOUND, "此评价已结束 / This question is closed\n")
        answer = socket.respond(http.HTTPStatus.OK, page)
        del answer.headers["Content-Type"]
        answer.headers.update(_HEADERS)
        return answer

    def _page_of(self, question: str) -> str:
        found = (window.desk.page(question) for window in self._windows)
        return next((page for page in found if page), "")

    async def _page_answers(self, socket: ServerConnection, question: str) -> None:
        """`{"value": 0}` from the page, `{"taken": true}` back."""
        window = next((one for one in self._windows if one.desk.knows(question)), None)
        async for text in socket:
            value = _value(_text(text))
            taken = window is not None and value is not None and window.desk.submitted(question, (value,))
            await socket.send('{"taken":true}' if taken else '{"taken":false}')

    def _may_come(self, address: str) -> bool:
        plain = address.removeprefix("::ffff:").partition("%")[0]
        return not self._allowed or any(ip_address(plain) in network for network in self._allowed)


_HEADERS = {
    "Content-Type": "text/html; charset=utf-8",
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; connect-src 'self' ws:; img-src data:;"
    " style-src 'unsafe-inline'; script-src 'unsafe-inline'",
}


def _text(message: str | bytes) -> str:
    return message if isinstance(message, str) else message.decode("utf-8", errors="replace")


def _value(text: str) -> int | None:
    """The page says one digit."""
    digit = text.removeprefix('{"value":').removesuffix("}").strip()
    return int(digit) if len(digit) == 1 and digit.isascii() and digit.isdecimal() else None
