"""Every route of the hub, asked by nobody, by a wrong token, and by every role with a token and with a session.

A new route must be written into the table, or the first test fails: nothing is open by being forgotten.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx

from hub.app import create_app
from hub.cases.routes import BODIES
from hub.edges import Hub
from hub.people.accounts import add_account
from hub.people.passwords import hashed
from hub.settings import Settings
from hub.store import SYSTEM, Who
from tests.running import free_port, hub_settings

STAFF = "clerk duty_leader manager administrator auditor"
STATIONS = "kiosk display counter"

#: Open to everybody, by intention.
PUBLIC = {
    "GET /api/v1/public/tickets/{token}",
    "POST /api/v1/public/tickets/{token}/cancel",
    "POST /api/v1/public/tickets/{token}/requeue",
    "POST /api/v1/pairing",
    "GET /api/v1/pairing/requests/{request}",
    "POST /api/v1/session",
    "GET /healthz",
    "GET /readyz",
    "GET /metrics",
}

#: Roles by route; at a counter's verb only whoever is bound to that counter.
ROLES = {
    "GET /api/v1/hall": f"{STAFF} {STATIONS}",
    "GET /api/v1/board": f"{STAFF} {STATIONS}",
    "POST /api/v1/tickets": "kiosk clerk duty_leader manager",
    "GET /api/v1/tickets/{ticket}": f"{STAFF} kiosk counter",
    "POST /api/v1/tickets/{ticket}/cancel": "kiosk clerk duty_leader manager",
    "POST /api/v1/tickets/{ticket}/requeue": "kiosk clerk counter duty_leader manager",
    "GET /api/v1/tickets/{ticket}/place": "clerk counter duty_leader manager auditor",
    "GET /api/v1/tickets/{ticket}/person": "duty_leader manager",
    "POST /api/v1/tickets/{ticket}/printed": "kiosk duty_leader manager",
    "POST /api/v1/tickets/{ticket}/print-failed": "kiosk duty_leader manager",
    "POST /api/v1/tickets/{ticket}/reprint": "kiosk duty_leader manager",
    "GET /api/v1/counters/{counter}": f"{STAFF} {STATIONS}",
    "GET /api/v1/counters/{counter}/queue": "clerk counter duty_leader manager auditor",
    "POST /api/v1/evaluations": "counter kiosk",
    "GET /api/v1/exports/{kind}.{form}": "duty_leader manager auditor",
    "GET /api/v1/figures/now": "duty_leader manager auditor",
    "GET /api/v1/figures/foreseen": "duty_leader manager auditor",
    "GET /api/v1/figures/{kind}": "duty_leader manager auditor",
    "GET /api/v1/calendar": f"{STAFF} {STATIONS}",
    "POST /api/v1/calendar": "manager administrator",
    "GET /api/v1/assessments": "duty_leader manager auditor",
    "GET /api/v1/assessments/{scheme}": "duty_leader manager auditor",
    "GET /api/v1/assessments/{scheme}/{period}": "duty_leader manager auditor",
    "GET /api/v1/assessments/{scheme}/{period}/standing": "duty_leader manager auditor",
    "POST /api/v1/assessments/{scheme}/{period}/close": "manager",
    "POST /api/v1/assessments/{scheme}/{period}/reopen": "manager",
    "POST /api/v1/assessments/{scheme}/{period}/publish": "manager",
    "GET /api/v1/notices": "duty_leader manager auditor",
    "POST /api/v1/notices/withdraw": "manager",
    "POST /api/v1/assessments/{scheme}/readings": "manager",
    "POST /api/v1/assessments/{scheme}/classes": "manager",
    "GET /api/v1/findings": "clerk duty_leader manager auditor",
    "POST /api/v1/findings": "duty_leader manager",
    "POST /api/v1/findings/propose": "duty_leader manager",
    "GET /api/v1/findings/{finding}": "clerk duty_leader manager auditor",
    "POST /api/v1/findings/{finding}/confirm": "manager",
    "POST /api/v1/findings/{finding}/dismiss": "manager",
    "POST /api/v1/findings/{finding}/appeal": "clerk duty_leader manager",
    "POST /api/v1/findings/{finding}/review": "manager",
    "POST /api/v1/findings/{finding}/evidence": "duty_leader manager",
    "GET /api/v1/findings/{finding}/evidence/{sha256}": "clerk duty_leader manager auditor",
    "GET /api/v1/cases": "clerk duty_leader manager auditor",
    "GET /api/v1/cases/{case_no}": "clerk duty_leader manager auditor",
    "POST /api/v1/cases": "clerk duty_leader manager",
    **{f"POST /api/v1/cases/{{case_no}}/{verb}": "clerk duty_leader manager" for verb in BODIES},
    "GET /api/v1/complaints": "duty_leader manager auditor",
    "POST /api/v1/complaints": "duty_leader manager",
    "POST /api/v1/complaints/{complaint_no}/decide": "manager",
    "POST /api/v1/complaints/{complaint_no}/reopen": "manager",
    "GET /api/v1/attendance": "duty_leader manager auditor",
    "POST /api/v1/attendance": "duty_leader manager",
    "GET /api/v1/registers/{kind}": "duty_leader manager auditor",
    "GET /api/v1/imports": "manager administrator",
    "POST /api/v1/imports/{kind}": "manager administrator",
    "GET /api/v1/imports/{upload}": "manager administrator",
    "GET /api/v1/imports/{upload}/bad-lines": "manager administrator",
    "GET /api/v1/pairing": "manager administrator",
    "POST /api/v1/pairing/{code}/confirm": "manager administrator",
    "POST /api/v1/pairing/{code}/refuse": "manager administrator",
    "POST /api/v1/stations/{name}/revoke": "manager administrator",
    "GET /api/v1/stations/known": "duty_leader manager administrator",
    "GET /api/v1/stations": "duty_leader manager administrator",
    "GET /api/v1/stations/{name}/screen": "duty_leader manager administrator",
    "GET /api/v1/stations/{name}/screen.png": "duty_leader manager administrator",
    "GET /api/v1/devices": "duty_leader manager administrator",
    "GET /api/v1/devices/history": "duty_leader manager administrator",
    "GET /api/v1/devices/uptime": "duty_leader manager administrator",
    "POST /api/v1/devices/{station}/forget": "manager administrator",
    "GET /api/v1/alerts": "duty_leader manager administrator",
    "POST /api/v1/alerts/{alert}/acknowledge": "duty_leader manager administrator",
    "GET /api/v1/health": "duty_leader manager administrator",
    "GET /api/v1/people": "administrator auditor",
    "POST /api/v1/people": "administrator",
    "POST /api/v1/people/{name}": "administrator",
    "POST /api/v1/people/{name}/password": "administrator",
    "POST /api/v1/people/{name}/off": "administrator",
    "POST /api/v1/people/{name}/on": "administrator",
    "POST /api/v1/people/{name}/unlock": "administrator",
    "GET /api/v1/sessions": "administrator auditor",
    "DELETE /api/v1/sessions/{session}": "administrator",
    "GET /api/v1/journal": "auditor",
}

#: For whoever has a session, never for a token.
OF_SESSIONS = {
    "GET /api/v1/session": STAFF,
    "POST /api/v1/session/stay": STAFF,
    "POST /api/v1/session/password": STAFF,
    "POST /api/v1/session/counter": "clerk duty_leader",
    "DELETE /api/v1/session/counter": STAFF,
    "DELETE /api/v1/session": STAFF,
}

_VERBS = "open away back next call hold resume transfer recall start no-show finish close"
AT_COUNTERS = {f"POST /api/v1/counters/{{counter}}/{verb}": "clerk duty_leader counter" for verb in _VERBS.split()}
#: A duty leader or manager closes for a clerk who left.
CLOSES_ANY = "POST /api/v1/counters/{counter}/close"


@dataclass(frozen=True)
class Asker:
    """`counter` is where they are bound by token or sit by session."""

    name: str
    role: str
    counter: str | None = None
    session: bool = False


_BOUND = {"clerk": "1", "counter": "1"}
BY_TOKEN = [Asker(f"token-{role}", role, _BOUND.get(role)) for role in f"{STAFF} {STATIONS}".split()]
_SITS = {"clerk": "2", "duty_leader": "3"}
BY_SESSION = [Asker(f"person-{role}", role, _SITS.get(role), session=True) for role in STAFF.split()]
STRANGERS = [Asker("nobody", ""), Asker("wrong-token", "")]
PASSWORD = "Nine-lives-7"


def allowed(asker: Asker, route: str, counter: str) -> int | None:
    """The refusal's status; None when the role may ask."""
    if route in PUBLIC:
        return None
    if not asker.role or (route in OF_SESSIONS and not asker.session):
        return 401
    if route == CLOSES_ANY and asker.role in ("duty_leader", "manager"):
        return None
    roles = (ROLES | OF_SESSIONS | AT_COUNTERS)[route].split()
    if asker.role not in roles or (route in AT_COUNTERS and asker.counter != counter):
        return 403
    return None


@asynccontextmanager
async def a_hub(folder: Path) -> AsyncIterator[httpx.AsyncClient]:
    settings = hub_settings(folder, free_port())
    tokens = {asker.name: Who(asker.name, asker.role, asker.counter) for asker in BY_TOKEN}  # type: ignore[arg-type]
    app = create_app(settings, now=lambda: datetime(2026, 3, 2, 1, tzinfo=UTC), fixed_tokens=tokens)
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://hall") as client,
    ):
        hub: Hub = app.state.hub
        password_hash = hashed(PASSWORD)
        for asker in BY_SESSION:
            await hub.store.write(
                add_account, SYSTEM, None, asker.name, asker.role, password_hash=password_hash, at=1, must_change=False
            )
        yield client


def routes() -> list[str]:
    paths: dict[str, dict[str, Any]] = create_app(Settings()).openapi()["paths"]
    return [f"{method.upper()} {path}" for path, methods in paths.items() for method in methods]


def test_every_route_stands_in_the_table_and_none_besides() -> None:
    assert set(routes()) == PUBLIC | set(ROLES) | set(OF_SESSIONS) | set(AT_COUNTERS)


#: Signing out comes last, or the rest would be asked by nobody.
ORDER = [*sorted({*PUBLIC, *ROLES, *AT_COUNTERS}), *OF_SESSIONS]


async def test_everybody_gets_what_their_role_may_and_nothing_else(tmp_path: Path) -> None:
    async with a_hub(tmp_path) as hub:
        wrong = [line for asker in [*STRANGERS, *BY_TOKEN, *BY_SESSION] for line in await _all_asked(hub, asker)]
    assert wrong == []


async def _all_asked(hub: httpx.AsyncClient, asker: Asker) -> list[tuple[str, str, int, int | None]]:
    """What was answered otherwise than the table says: who, where, the answer, what was expected."""
    headers = await _come_in(hub, asker)
    wrong: list[tuple[str, str, int, int | None]] = []
    for route in ORDER:
        for counter in sorted({asker.counter or "1", "4"}) if "{counter}" in route else ["4"]:
            expected = allowed(asker, route, counter)
            status = await _ask(hub, route, counter, headers)
            if (status if status in (401, 403) else None) != expected or status == 500:
                wrong.append((asker.name, f"{route} at {counter}", status, expected))
    return wrong


async def _come_in(hub: httpx.AsyncClient, asker: Asker) -> dict[str, str]:
    hub.cookies.clear()
    if not asker.session:
        return {} if asker.name == "nobody" else {"Authorization": f"Bearer {asker.name}"}
    session = (await hub.post("/api/v1/session", json={"name": asker.name, "password": PASSWORD})).json()
    headers = {"X-CSRF-Token": session["csrf_token"]}
    if asker.counter:
        taken = await hub.post("/api/v1/session/counter", json={"counter": asker.counter}, headers=headers)
        assert taken.is_success
    return headers


async def _ask(hub: httpx.AsyncClient, route: str, counter: str, headers: dict[str, str]) -> int:
    method, _, path = route.partition(" ")
    address = path.replace("{kind}.{form}", "waits.csv").replace("{counter}", counter)
    for name in (
        "finding",
        "sha256",
        "scheme",
        "period",
        "ticket",
        "token",
        "request",
        "code",
        "name",
        "session",
        "case_no",
        "complaint_no",
    ):
        address = address.replace(f"{{{name}}}", "none-such")
    answer = await hub.request(method, address, json={} if method == "POST" else None, headers=headers)
    return answer.status_code


async def test_accounts_and_sessions_are_told_without_their_hashes(tmp_path: Path) -> None:
    async with a_hub(tmp_path) as hub:
        headers = await _come_in(hub, Asker("person-administrator", "administrator", session=True))
        for path in ("/api/v1/people", "/api/v1/sessions"):
            text = (await hub.get(path, headers=headers)).text
            assert "person-administrator" in text
            assert "argon2" not in text
            assert "hash" not in text
