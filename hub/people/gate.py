"""Before any route: the cookie's session, the same-origin checks of changes, the limit for whoever is nobody.

Plain ASGI. A request that brings a token in its header passes through untouched: a browser cannot send one by itself.
"""

import hmac
from collections.abc import Iterable
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.requests import HTTPConnection, Request
from starlette.types import ASGIApp, Receive, Scope, Send

from hub.edges import SESSION, Hub, client_of, problem_answer
from hub.people.present import Session, csrf_token
from hub.problems import CrossSite, HallError, Unauthorized

COOKIE = "hall_session"
#: Methods that change nothing. They are no use of a session either: pages read by themselves while nobody is there.
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
#: Pages and routes that anybody may ask for; so are the board's when it is public.
PUBLIC = (
    "/t/",
    "/e/",
    "/login",
    "/board",
    "/api/v1/public/",
    "/api/v1/session",
    "/api/v1/board",
    "/api/v1/hall",
    "/api/v1/pairing",
)
SIGN_IN = "/api/v1/session"


class Gate:
    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            await self._http(scope, receive, send)
        elif scope["type"] == "websocket":
            await self._socket(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    async def _http(self, scope: Scope, receive: Receive, send: Send) -> None:
        if not _has(scope, b"authorization"):
            request = Request(scope)
            try:
                await _admit(scope["app"].state.hub, request)
            except HallError as error:
                await problem_answer(request, error)(scope, receive, send)
                return
        await self._app(scope, receive, send)

    async def _socket(self, scope: Scope, receive: Receive, send: Send) -> None:
        connection = HTTPConnection(scope)
        if not _has(scope, b"authorization") and "token" not in connection.query_params:
            try:
                await _admit_socket(scope["app"].state.hub, connection)
            except HallError:
                await send({"type": "websocket.close"})  # before accepting: the client sees HTTP 403
                return
        await self._app(scope, receive, send)


def _has(scope: Scope, name: bytes) -> bool:
    headers: Iterable[tuple[bytes, bytes]] = scope["headers"]
    return any(header == name for header, _ in headers)


async def _admit(hub: Hub, request: Request) -> None:
    """Whose cookie it is; a change must come from our own page. Raises CrossSite, TooManyRequests."""
    cookie = request.cookies.get(COOKIE)
    session = await _session(hub, request, cookie) if cookie else None
    if request.method not in SAFE and (session is not None or request.url.path == SIGN_IN):
        _same_origin(hub, request.headers)
        if session is not None and not _signs_in(request):
            _token_fits(request.headers, cookie or "")
    if session is None:
        _limit(hub, request)
    elif request.method not in SAFE:
        session.seen = hub.entrance.now()
    request.scope[SESSION] = session


async def _admit_socket(hub: Hub, connection: HTTPConnection) -> None:
    """The session that comes with a WebSocket. Raises CrossSite, TooManyRequests."""
    cookie = connection.cookies.get(COOKIE)
    session = await _session(hub, connection, cookie) if cookie else None
    if session is None:
        _limit(hub, connection)
    else:
        _same_origin(hub, connection.headers)
    connection.scope[SESSION] = session


async def _session(hub: Hub, connection: HTTPConnection, cookie: str) -> Session | None:
    """A cookie that stands for nobody costs a look into the database: they are counted."""
    session = await hub.entrance.session_of(cookie)
    if session is None and not connection.url.path.startswith(PUBLIC):
        hub.entrance.limiter.admit(client_of(connection))
    return session


def _limit(hub: Hub, connection: HTTPConnection) -> None:
    path = connection.url.path
    if not path.startswith(PUBLIC):
        return
    token = connection.query_params.get("token")
    try:
        known = hub.access.who(token)
    except Unauthorized:
        known = None
    if known is None:
        hub.entrance.limiter.admit(client_of(connection))


def _signs_in(request: Request) -> bool:
    return request.method == "POST" and request.url.path == SIGN_IN


def _same_origin(hub: Hub, headers: Headers) -> None:
    """Raises CrossSite for what another site's page sent. A program sends neither header."""
    if headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        raise CrossSite
    origin = headers.get("origin")
    if origin is None:
        return
    ours = {headers.get("host", ""), urlsplit(hub.hall.public_url).netloc}
    if urlsplit(origin).netloc not in ours:
        raise CrossSite


def _token_fits(headers: Headers, cookie: str) -> None:
    if not hmac.compare_digest(headers.get("x-csrf-token", "").encode(), csrf_token(cookie).encode()):
        raise CrossSite
