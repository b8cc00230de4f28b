"""HTTP edges of log-in and of the accounts; they only translate."""

from collections.abc import Awaitable
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from hub.clock import instant
from hub.edges import SESSION, Hub, HubDep, SessionDep, client_of, may, reply
from hub.people import accounts, sitting
from hub.people.gate import COOKIE
from hub.people.present import Session, csrf_token
from hub.problems import Forbidden, MustChangePassword, Unknown
from hub.store import Reader, Who
from hub.wire import (
    AddPerson,
    ChangePassword,
    ChangePerson,
    Message,
    OpenSession,
    OpenSessions,
    People,
    Person,
    ResetPassword,
    SessionAnswer,
    SignIn,
    TakeCounter,
)

router = APIRouter(prefix="/api/v1")

PeopleReader = Annotated[Who, Depends(may("see_people"))]
PeopleKeeper = Annotated[Who, Depends(may("manage_people"))]


async def serving(known: SessionDep) -> Session:
    """The session of somebody who serves at counters. Raises MustChangePassword, Forbidden."""
    if known.must_change:
        raise MustChangePassword
    if known.who.role not in accounts.AT_COUNTERS:
        raise Forbidden(role=known.who.role)
    return known


ServingSession = Annotated[Session, Depends(serving)]


# -- one's own session


@router.post("/session", status_code=201, response_model=SessionAnswer)
async def sign_in(command: SignIn, hub: HubDep, request: Request) -> Response:
    """Raises WrongPassword, LockedOut, TooManyRequests."""
    known: Session | None = request.scope.get(SESSION)
    password = command.password.get_secret_value()
    cookie, session = await hub.entrance.sign_in(command.name, password, client_of(request))
    if known is not None:
        await hub.entrance.replace(known)
    answer = _private(_answer(hub, session, cookie), 201)
    answer.set_cookie(COOKIE, cookie, path="/", secure=_is_https(hub, request), httponly=True, samesite="strict")
    return answer


@router.get("/session", response_model=SessionAnswer)
async def session(hub: HubDep, request: Request, known: SessionDep) -> Response:
    return _private(_answer(hub, known, request.cookies[COOKIE]))


@router.post("/session/stay", response_model=SessionAnswer)
async def stay(hub: HubDep, request: Request, known: SessionDep) -> Response:
    """Somebody is there: the time until the session ends begins anew."""
    return _private(_answer(hub, known, request.cookies[COOKIE]))


@router.delete("/session", status_code=204)
async def sign_out(hub: HubDep, known: SessionDep) -> Response:
    """An idle counter is closed. Raises NotAllowed while a citizen is at it."""
    await hub.entrance.sign_out(known)
    answer = Response(status_code=204)
    answer.delete_cookie(COOKIE, path="/")
    return answer


@router.post("/session/password", response_model=SessionAnswer)
async def change_password(command: ChangePassword, hub: HubDep, request: Request, known: SessionDep) -> Response:
    """Raises WrongPassword (the old one), WeakPassword, LockedOut."""
    old, new = command.old.get_secret_value(), command.new.get_secret_value()
    changed = await hub.entrance.change_password(known, old, new, client_of(request))
    return _private(_answer(hub, changed, request.cookies[COOKIE]))


@router.post("/session/counter", response_model=SessionAnswer)
async def take_counter(command: TakeCounter, hub: HubDep, request: Request, known: ServingSession) -> Response:
    """Sit down at a counter. Raises Unknown, Forbidden, NotAllowed."""
    return _private(_answer(hub, await hub.entrance.take_counter(known, command.counter), request.cookies[COOKIE]))


@router.delete("/session/counter", response_model=SessionAnswer)
async def leave_counter(hub: HubDep, request: Request, known: SessionDep) -> Response:
    """Stand up. Raises NotAllowed while a citizen is there."""
    return _private(_answer(hub, await hub.entrance.leave_counter(known), request.cookies[COOKIE]))


# -- accounts


@router.get("/people", response_model=People)
async def people(hub: HubDep, _: PeopleReader) -> Response:
    return _private(await hub.store.read(_people, hub.entrance.now()))


@router.post("/people", status_code=201, response_model=Person)
async def add(command: AddPerson, hub: HubDep, who: PeopleKeeper) -> Response:
    """Raises Invalid, WeakPassword, Unknown (counter)."""
    hashed = await hub.entrance.checked(command.name, command.password.get_secret_value())

    person = await hub.store.write(
        accounts.add_account,
        who,
        None,
        command.name,
        command.role,
        password_hash=hashed,
        at=hub.entrance.now(),
        display_name=command.display_name,
        counter=command.counter,
    )
    return _private(person, 201)


@router.post("/people/{name}", response_model=Person)
async def change(name: str, command: ChangePerson, hub: HubDep, who: PeopleKeeper) -> Response:
    """Raises Unknown, Invalid, NotAllowed."""
    entrance = hub.entrance
    return await _changed(
        hub, hub.store.write(accounts.change_account, who, None, entrance.leave, name, command, at=entrance.now())
    )


@router.post("/people/{name}/password", response_model=Person)
async def reset(name: str, command: ResetPassword, hub: HubDep, who: PeopleKeeper) -> Response:
    """Raises Unknown, WeakPassword."""
    entrance = hub.entrance
    if await entrance.account(name) is None:
        raise Unknown("person", name)
    hashed = await entrance.checked(name, command.password.get_secret_value())
    return await _changed(
        hub, hub.store.write(accounts.reset_password, who, None, entrance.leave, name, hashed, at=entrance.now())
    )


@router.post("/people/{name}/off", response_model=Person)
async def switch_off(name: str, hub: HubDep, who: PeopleKeeper) -> Response:
    """Raises Unknown, NotAllowed."""
    entrance = hub.entrance
    return await _changed(hub, hub.store.write(accounts.switch_off, who, None, entrance.leave, name, at=entrance.now()))


@router.post("/people/{name}/on", response_model=Person)
async def switch_on(name: str, hub: HubDep, who: PeopleKeeper) -> Response:
    """Raises Unknown."""
    return await _changed(hub, hub.store.write(accounts.switch_on, who, None, name, at=hub.entrance.now()))


@router.post("/people/{name}/unlock", response_model=Person)
async def unlock(name: str, hub: HubDep, who: PeopleKeeper) -> Response:
    """Raises Unknown."""
    return await _changed(hub, hub.store.write(accounts.unlock, who, None, name, at=hub.entrance.now()))


# -- everybody's sessions


@router.get("/sessions", response_model=OpenSessions)
async def open_sessions(hub: HubDep, request: Request, _: PeopleReader) -> Response:
    return _private(await hub.store.read(_open_sessions, request.scope.get(SESSION)))


@router.delete("/sessions/{session}", status_code=204)
async def end_session(session: str, hub: HubDep, who: PeopleKeeper) -> Response:
    """Raises Unknown."""
    await hub.store.write(sitting.end_session, who, None, hub.entrance.leave, session)
    await hub.entrance.reload()
    return Response(status_code=204)


async def _changed(hub: Hub, changing: Awaitable[Person]) -> Response:
    person = await changing
    await hub.entrance.reload()
    return _private(person)


def _private(message: Message, status: int = 200) -> Response:
    """An answer that no cache keeps."""
    answer = reply(message, status)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _answer(hub: Hub, session: Session, cookie: str) -> SessionAnswer:
    left = hub.entrance.present.left(session, hub.entrance.now())
    return SessionAnswer(
        name=session.who.name,
        display_name=session.facts.display_name,
        role=session.who.role,
        counter=session.who.counter,
        home_counter=session.facts.home,
        must_change=session.must_change,
        csrf_token=csrf_token(cookie),
        seconds_left=left // 1_000_000,
        ends_at=hub.hall.local(instant(session.facts.started_at + hub.entrance.present.time_out.longest)),
    )


def _is_https(hub: Hub, request: Request) -> bool:
    """Whether the browser speaks TLS, to us or to the proxy in front."""
    return request.url.scheme == "https" or hub.hall.public_url.startswith("https://")


def _people(reader: Reader, at: int) -> People:
    return People(people=accounts.people(reader.rows, at))


def _open_sessions(reader: Reader, own: Session | None) -> OpenSessions:
    return OpenSessions(
        sessions=[
            OpenSession(
                id=facts.id,
                name=facts.name,
                display_name=facts.display_name,
                role=facts.role,
                counter=facts.counter,
                address=facts.address,
                started_at=instant(facts.started_at),
                seen_at=instant(facts.seen_at),
                current=own is not None and own.facts.id == facts.id,
            )
            for facts in sitting.sessions(reader.rows)
        ]
    )
