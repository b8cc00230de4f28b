"""What every HTTP edge shares: who asks, in which language, with which Idempotency-Key, and how problems are told."""

import asyncio
import hashlib
import hmac
import json
import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Annotated, Any

from fastapi import Depends, FastAPI, Header, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import HTTPConnection

from hub.access import MAY, Access, Act, bearer
from hub.board import Board
from hub.cases.verbs import Casework
from hub.devices.tally import Tally
from hub.keys import Keys
from hub.pairing.admission import Admitted
from hub.people.entrance import Entrance
from hub.people.present import Session
from hub.people.rules import Network, client_address
from hub.persons.verbs import Persons
from hub.problems import (
    HallError,
    Invalid,
    MalformedJson,
    MethodNotAllowed,
    MustChangePassword,
    Unauthorized,
    Unknown,
)
from hub.queue.hall import HallFacts
from hub.settings import Settings
from hub.stations import Stations
from hub.store import Once, Store, Who
from hub.troubles import Troubles
from hub.wire import Language, Message

log = logging.getLogger("hall.http")

#: Where the gate leaves the session of a request.
SESSION = "hall.session"


@dataclass
class Hub:
    """The parts of a running hub that its edges need."""

    settings: Settings
    store: Store
    keys: Keys
    persons: Persons
    casework: Casework
    board: Board
    stations: Stations
    access: Access
    entrance: Entrance
    proxies: tuple[Network, ...]
    admitted: Admitted
    hall: HallFacts
    speed: float
    rights_changed: asyncio.Event = field(default_factory=asyncio.Event)
    troubles: Troubles = field(default_factory=Troubles)
    devices: Tally = field(default_factory=Tally)


def hub_of(request: Request) -> Hub:
    hub: Hub = request.app.state.hub
    return hub


async def _hub(request: Request) -> Hub:
    """A plain function as a dependency would be run in a thread, which costs more than a ticket."""
    return hub_of(request)


HubDep = Annotated[Hub, Depends(_hub)]


def asker(connection: HTTPConnection) -> Who | None:
    """Who asks, by token or by session; None for nobody. Raises Unauthorized, MustChangePassword."""
    token = bearer(connection.headers.get("authorization"))
    if token is not None:
        hub: Hub = connection.app.state.hub
        return hub.access.who(token)
    session: Session | None = connection.scope.get(SESSION)
    if session is None:
        return None
    if session.must_change:
        raise MustChangePassword
    return session.who


async def session_of(request: Request) -> Session:
    """The cookie's session, even of somebody who must change their password first. Raises Unauthorized."""
    session: Session | None = request.scope.get(SESSION)
    if session is None:
        raise Unauthorized
    return session


SessionDep = Annotated[Session, Depends(session_of)]


def client_of(connection: HTTPConnection) -> str:
    """The client's address, behind trusted proxies too."""
    hub: Hub = connection.app.state.hub
    peer = connection.client.host if connection.client else ""
    return client_address(peer, connection.headers.get("x-forwarded-for"), hub.proxies)


def may(act: Act) -> Callable[[Request], Any]:
    """A dependency that gives the asker if the role may do this."""

    async def check(request: Request) -> Who:
        return hub_of(request).access.check(asker(request), act)

    return check


async def at_counter(request: Request, counter: str) -> Who:
    """The asker, if it is bound to the counter of the path."""
    hub = hub_of(request)
    who = hub.access.check_counter(asker(request), counter)
    if counter not in hub.hall.counters:
        raise Unknown("counter", counter)
    return who


CounterStaff = Annotated[Who, Depends(at_counter)]


async def may_close(request: Request, counter: str) -> Who:
    """Who is bound to the counter, or whose role closes any."""
    hub = hub_of(request)
    who = asker(request)
    if who is not None and who.role in MAY["close_any_counter"]:
        if counter not in hub.hall.counters:
            raise Unknown("counter", counter)
        return who
    return await at_counter(request, counter)


CounterCloser = Annotated[Who, Depends(may_close)]

#: Somebody with a slip's token in hand.
CITIZEN = Who("citizen", "citizen")


@dataclass(frozen=True)
class Keyed:
    """An Idempotency-Key with what it covers."""

    path: str
    key: str
    body_hash: str

    def once(self, who: Who, answer: type[Message]) -> Once:
        return Once(f"{who.role}:{who.name} {self.path}", self.key, self.body_hash, answer)


async def keyed(
    request: Request, idempotency_key: Annotated[str | None, Header(min_length=1, max_length=200)] = None
) -> Keyed | None:
    if idempotency_key is None:
        return None
    # keyed: a body may carry an ID number, and a plain hash of it could be found by trying all of them
    digest = hmac.new(hub_of(request).keys.request_hash, await request.body(), hashlib.sha256).hexdigest()
    return Keyed(f"{request.method} {request.url.path}", idempotency_key, digest)


KeyDep = Annotated[Keyed | None, Depends(keyed)]


def once(key: Keyed | None, who: Who, answer: type[Message]) -> Once | None:
    return key.once(who, answer) if key else None


def reply(message: Message, status: int = 200) -> Response:
    """The message as JSON, absent members left out."""
    return Response(message.json_text(), status, media_type="application/json")


def language_of(request: Request) -> Language:
    """The asker's language; the hall's own when they did not say."""
    wanted = request.headers.get("accept-language", "")[:2].lower()
    if wanted in ("zh", "en"):
        return "zh" if wanted == "zh" else "en"
    hub: Hub | None = getattr(request.app.state, "hub", None)
    return hub.settings.hall.language if hub else "zh"


def tell_problems(app: FastAPI) -> None:
    """Every refusal leaves as `application/problem+json`."""

    @app.exception_handler(HallError)
    async def refused(request: Request, error: HallError) -> Response:
        return problem_answer(request, error)

    @app.exception_handler(RequestValidationError)
    async def invalid(request: Request, error: RequestValidationError) -> Response:
        problem = error.errors()[0]
        if problem["type"] == "json_invalid":
            return problem_answer(request, MalformedJson())
        place = ".".join(str(part) for part in problem["loc"][1:]) or str(problem["loc"][0])
        return problem_answer(request, Invalid(place, _why(problem, language_of(request))))

    @app.exception_handler(HTTPException)
    async def http(request: Request, error: HTTPException) -> Response:
        if error.status_code == MethodNotAllowed.status:
            return problem_answer(request, MethodNotAllowed(method=request.method))
        return problem_answer(request, Unknown("page", request.url.path))

    @app.exception_handler(Exception)
    async def broken(request: Request, error: Exception) -> Response:
        log.error("a request failed", exc_info=error, extra={"path": request.url.path})
        return problem_answer(request, HallError())


_WHY_ZH = {
    "extra_forbidden": "没有这个字段",
    "missing": "必须填写",
    "literal_error": "只能是 {expected}",
    "string_too_long": "太长",
    "string_too_short": "太短",
}


def _why(problem: Any, language: Language) -> str:
    if language == "zh":
        expected = problem.get("ctx", {}).get("expected", "")
        told = _WHY_ZH.get(problem["type"])
        return told.format(expected=expected) if told else str(problem["msg"])
    return "there is no such field" if problem["type"] == "extra_forbidden" else str(problem["msg"])


def problem_answer(request: Request, error: HallError) -> Response:
    """The refusal as a document."""
    document = error.problem(language_of(request)).model_dump(exclude_none=True)
    return Response(
        json.dumps(document, ensure_ascii=False), error.status, error.headers(), media_type="application/problem+json"
    )
