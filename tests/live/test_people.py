"""Signing in over real sockets: sessions, counters, lockout, changes from elsewhere, and what ends them."""

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect

from hub.offline import read_beside, write_beside
from hub.people import accounts, passwords
from hub.problems import NotAllowed
from hub.settings import Settings
from hub.store import Tx
from tests.live.test_hub_http import problem, wait_for
from tests.running import PATIENCE_S, RunningHub, free_port, hub_settings

PASSWORD = "Nine-lives-7"
_HASH = passwords.hashed(PASSWORD)


def nothing_at_the_counter(tx: Tx, counter: str, *, by_force: bool) -> None:
    """Nobody sits anywhere in these tests."""


class RealTime:
    """Real time, moved by the test."""

    def __init__(self) -> None:
        self.ahead = timedelta()

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.ahead


class Desk:
    """A running hub and people with accounts."""

    def __init__(self, hub: RunningHub, time: RealTime, stack: ExitStack) -> None:
        self.hub = hub
        self.time = time
        self._stack = stack

    def browser(self, **headers: str) -> httpx.Client:
        """Like a browser: it keeps cookies; nobody is signed in yet."""
        return self._stack.enter_context(self.hub.client(**headers))

    def sign_in(self, name: str, password: str = PASSWORD, *, counter: str | None = None) -> httpx.Client:
        browser = self.browser()
        answer = browser.post("/session", json={"name": name, "password": password})
        assert answer.status_code == 201, answer.text
        browser.headers["X-CSRF-Token"] = answer.json()["csrf_token"]
        if counter:
            assert browser.post("/session/counter", json={"counter": counter}).status_code == 200
        return browser


def people(settings: Settings, **roles: str) -> None:
    """Accounts by name, all with the same password."""
    for name, role in roles.items():
        write_beside(
            settings, accounts.add_account, name, role, password_hash=_HASH, at=1_700_000_000_000_000, must_change=False
        )


STAFF = {
    "wang": "clerk",
    "li": "clerk",
    "zhao": "duty_leader",
    "sun": "manager",
    "root": "administrator",
    "shen": "auditor",
}


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    settings = hub_settings(tmp_path, free_port(), hub={"trusted_proxies": ["127.0.0.1"]})
    people(settings, **STAFF)
    time = RealTime()
    with RunningHub(settings, open_board=False, real_now=time) as hub, ExitStack() as stack:
        yield Desk(hub, time, stack)


def entries(desk: Desk, kind: str = "") -> list[dict[str, Any]]:
    auditor = desk.sign_in("shen")
    return list(auditor.get("/journal", params={"kind": kind} if kind else {}).json()["entries"])


def test_a_session_says_who_is_there_and_its_cookie_is_out_of_reach_of_scripts(desk: Desk) -> None:
    browser = desk.browser()
    answer = browser.post("/session", json={"name": " WANG ", "password": PASSWORD})
    assert answer.status_code == 201
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie
    session = browser.get("/session").json()
    assert (session["name"], session["role"], session["must_change"]) == ("wang", "clerk", False)
    assert 0 < session["seconds_left"] <= 1800
    assert browser.get("/hall").status_code == 200


def test_nobody_gets_in_without_a_session_or_token(desk: Desk) -> None:
    stranger = desk.browser()
    assert problem(stranger.get("/session")) == (401, "unauthorized")
    assert problem(stranger.get("/hall")) == (401, "unauthorized")
    stranger.cookies.set("hall_session", "made-up")
    assert problem(stranger.get("/hall")) == (401, "unauthorized")


def test_after_signing_out_the_cookie_stands_for_nobody(desk: Desk) -> None:
    wang = desk.sign_in("wang")
    cookie = wang.cookies["hall_session"]
    assert wang.delete("/session").status_code == 204
    again = desk.browser()
    again.cookies.set("hall_session", cookie)
    assert problem(again.get("/session")) == (401, "unauthorized")


# -- changes come from our own pages only


@pytest.mark.parametrize(
    "headers",
    [
        {"X-CSRF-Token": ""},
        {"X-CSRF-Token": "0" * 64},
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
def test_a_change_that_another_page_could_have_sent_is_refused(desk: Desk, headers: dict[str, str]) -> None:
    sun = desk.sign_in("sun")
    assert problem(sun.post("/tickets", json={"service": "A"}, headers=headers)) == (403, "cross_site")
    assert sun.post("/tickets", json={"service": "A"}).status_code == 201


def test_signing_in_for_somebody_from_another_page_is_refused(desk: Desk) -> None:
    body = {"name": "wang", "password": PASSWORD}
    answer = desk.browser().post("/session", json=body, headers={"Origin": "http://evil.example"})
    assert problem(answer) == (403, "cross_site")


def test_a_websocket_takes_the_cookie_from_our_own_page_only(desk: Desk) -> None:
    wang = desk.sign_in("wang")
    cookie = {"Cookie": f"hall_session={wang.cookies['hall_session']}"}
    address = f"{desk.hub.socket_url}/api/v1/board/ws"
    with connect(address, additional_headers={**cookie, "Origin": desk.hub.url}) as socket:
        assert json.loads(socket.recv(PATIENCE_S))["kind"] in ("board", "beat")
    for wrong in ({**cookie, "Origin": "http://evil.example"}, {"Cookie": "hall_session=made-up"}, {}):
        with pytest.raises(InvalidStatus, match="403"), connect(address, additional_headers=wrong):
            pass


# -- counters


def test_a_clerk_calls_at_the_counter_they_sit_at_and_at_no_other(desk: Desk) -> None:
    wang = desk.sign_in("wang")
    assert problem(wang.post("/counters/1/open")) == (403, "forbidden")
    assert wang.post("/session/counter", json={"counter": "1"}).json()["counter"] == "1"
    assert wang.post("/counters/1/open").json()["state"] == "open"
    assert problem(wang.post("/counters/2/open")) == (403, "forbidden")


def test_a_counter_that_somebody_sits_at_is_refused_by_name(desk: Desk) -> None:
    wang, li = desk.sign_in("wang", counter="1"), desk.sign_in("li")
    refused = li.post("/session/counter", json={"counter": "1"})
    assert problem(refused) == (409, "not_allowed")
    assert refused.json()["state"] == "taken"
    assert "wang" in refused.json()["detail"]
    wang.delete("/session/counter")
    assert li.post("/session/counter", json={"counter": "1"}).status_code == 200


def test_whoever_changes_counters_leaves_the_first_and_it_is_closed(desk: Desk) -> None:
    wang = desk.sign_in("wang", counter="1")
    wang.post("/counters/1/open")
    assert wang.post("/session/counter", json={"counter": "2"}).json()["counter"] == "2"
    assert wang.get("/counters/1").json()["state"] == "closed"


def test_a_clerk_with_a_home_counter_sits_nowhere_else(desk: Desk) -> None:
    root = desk.sign_in("root")
    assert root.post("/people/wang", json={"counter": "2"}).json()["counter"] == "2"
    wang = desk.sign_in("wang")
    assert problem(wang.post("/session/counter", json={"counter": "1"})) == (403, "forbidden")
    assert wang.post("/session/counter", json={"counter": "2"}).status_code == 200
    assert problem(wang.post("/session/counter", json={"counter": "77"})) == (404, "unknown_counter")


def test_only_those_who_serve_sit_at_counters(desk: Desk) -> None:
    assert desk.sign_in("zhao").post("/session/counter", json={"counter": "1"}).status_code == 200
    for name in ("sun", "root", "shen"):
        assert problem(desk.sign_in(name).post("/session/counter", json={"counter": "2"})) == (403, "forbidden")


def test_signing_out_closes_an_idle_counter_and_is_refused_while_a_citizen_is_there(desk: Desk) -> None:
    wang = desk.sign_in("wang", counter="1")
    wang.post("/counters/1/open")
    with desk.hub.client("demo-kiosk") as kiosk:
        kiosk.post("/tickets", json={"service": "A"})
    wang.post("/counters/1/next")
    refused = wang.delete("/session")
    assert problem(refused) == (409, "not_allowed")
    assert refused.json()["state"] == "called"
    wang.post("/counters/1/finish")
    assert wang.delete("/session").status_code == 204
    assert [entry["who"] for entry in entries(desk, "counter_closed")] == ["wang"]
    assert desk.sign_in("sun").get("/counters/1").json()["state"] == "closed"


# -- lockout


def wrong(browser: httpx.Client, name: str, times: int, **headers: str) -> list[tuple[int, str]]:
    body = {"name": name, "password": "Wrong-pass-1"}
    return [problem(browser.post("/session", json=body, headers=headers)) for _ in range(times)]


@pytest.mark.parametrize("name", ["wang", "nobody-of-this-name"])
def test_after_five_wrong_passwords_the_right_one_is_not_even_tried(desk: Desk, name: str) -> None:
    browser = desk.browser()
    assert wrong(browser, name, 5) == [(401, "wrong_password")] * 5
    locked = browser.post("/session", json={"name": name, "password": PASSWORD})
    assert problem(locked) == (429, "locked_out")
    assert 0 < int(locked.headers["retry-after"]) <= 900


def test_a_lockout_passes_and_an_administrator_ends_it_sooner(desk: Desk) -> None:
    for name in ("wang", "li"):
        wrong(desk.browser(), name, 5)
    root = desk.sign_in("root")
    locked = {person["name"] for person in root.get("/people").json()["people"] if person["locked"]}
    assert locked == {"wang", "li"}
    assert root.post("/people/wang/unlock").json()["locked"] is False
    desk.sign_in("wang")
    assert wrong(desk.browser(), "li", 1) == [(429, "locked_out")]
    desk.time.ahead += timedelta(minutes=15, seconds=1)
    desk.sign_in("li")


def test_a_right_password_forgets_the_wrong_ones_before_it(desk: Desk) -> None:
    for _ in range(3):
        wrong(desk.browser(), "wang", 4)
        desk.sign_in("wang")


def test_an_address_that_tries_everybody_is_locked_and_others_are_not(desk: Desk) -> None:
    far = {"X-Forwarded-For": "203.0.113.9"}
    for number in range(20):
        wrong(desk.browser(), f"guess-{number}", 1, **far)
    assert wrong(desk.browser(), "sun", 1, **far) == [(429, "locked_out")]
    right = desk.browser().post(
        "/session", json={"name": "sun", "password": PASSWORD}, headers={"X-Forwarded-For": "203.0.113.8"}
    )
    assert right.status_code == 201


def test_a_lockout_survives_a_restart(tmp_path: Path) -> None:
    settings = hub_settings(tmp_path, free_port())
    people(settings, wang="clerk")
    with RunningHub(settings) as hub, hub.client() as browser:
        wrong(browser, "wang", 5)
    with RunningHub(settings) as hub, hub.client() as browser:
        assert wrong(browser, "wang", 1) == [(429, "locked_out")]


def test_the_journal_knows_every_sign_in_and_no_name_that_may_be_a_password(desk: Desk) -> None:
    browser = desk.browser()
    wrong(browser, "wang", 5)
    browser.post("/session", json={"name": "My-secret-pass-9", "password": "wang"})
    told = json.dumps(entries(desk), ensure_ascii=False)
    assert "My-secret" not in told
    assert PASSWORD not in told
    assert "Wrong-pass-1" not in told
    kinds = [entry["kind"] for entry in entries(desk)]
    assert kinds.count("sign_in_failed") == 6
    assert kinds.count("locked_out") == 1
    assert "signed_in" in kinds


# -- what ends a session


def test_a_session_without_use_ends_and_looking_at_it_is_no_use(desk: Desk) -> None:
    wang, li = desk.sign_in("wang"), desk.sign_in("li")
    for _ in range(3):
        desk.time.ahead += timedelta(minutes=12)
        li.post("/session/stay")
        wang.get("/session")
        wang.get("/hall")
    assert problem(wang.get("/hall")) == (401, "unauthorized")
    assert li.get("/hall").status_code == 200


def test_whoever_works_by_keypad_is_there(desk: Desk) -> None:
    wang = desk.sign_in("wang", counter="1")
    with desk.hub.client("demo-counter-1") as keypad:
        for _ in range(3):
            desk.time.ahead += timedelta(minutes=20)
            keypad.post("/counters/1/open")
            keypad.post("/counters/1/close")
    assert wang.get("/session").status_code == 200


def test_every_session_ends_after_its_longest_time(desk: Desk) -> None:
    wang = desk.sign_in("wang")
    for _ in range(25):
        desk.time.ahead += timedelta(minutes=29)
        wang.post("/session/stay")
    assert problem(wang.get("/session")) == (401, "unauthorized")


def test_the_demos_fast_clock_ends_no_session(tmp_path: Path) -> None:
    morning = [datetime(2026, 3, 2, 1, 0, tzinfo=UTC)]
    settings = hub_settings(tmp_path, free_port())
    people(settings, wang="clerk")
    with RunningHub(settings, now=lambda: morning[0]) as hub, ExitStack() as stack:
        wang = Desk(hub, RealTime(), stack).sign_in("wang")
        morning[0] += timedelta(hours=9)
        assert wang.get("/session").status_code == 200


def to_the_end(socket: ClientConnection) -> None:
    while True:
        socket.recv(PATIENCE_S)


def ended(browser: httpx.Client) -> Callable[[], bool]:
    return lambda: browser.get("/session").status_code == 401


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/people/wang/off", None),
        ("/people/wang/password", {"password": "Another-one-8"}),
        ("/people/wang", {"role": "duty_leader"}),
    ],
)
def test_what_an_administrator_does_to_an_account_ends_its_sessions_and_sockets(
    desk: Desk, path: str, body: Any
) -> None:
    wang, root = desk.sign_in("wang", counter="1"), desk.sign_in("root")
    wang.post("/counters/1/open")
    headers = {"Cookie": f"hall_session={wang.cookies['hall_session']}", "Origin": desk.hub.url}
    with connect(f"{desk.hub.socket_url}/api/v1/board/ws", additional_headers=headers) as socket:
        assert root.post(path, json=body).status_code == 200
        assert ended(wang)()
        with pytest.raises(ConnectionClosed):
            to_the_end(socket)
    assert root.get("/counters/1").json()["state"] == "closed"


def test_an_administrator_ends_one_session(desk: Desk) -> None:
    wang, root = desk.sign_in("wang"), desk.sign_in("root")
    [session] = [one for one in root.get("/sessions").json()["sessions"] if one["name"] == "wang"]
    assert root.delete(f"/sessions/{session['id']}").status_code == 204
    assert ended(wang)()
    assert problem(root.delete(f"/sessions/{session['id']}")) == (404, "unknown_session")


def test_what_is_done_beside_the_hub_ends_sessions_too(desk: Desk) -> None:
    wang = desk.sign_in("wang")
    write_beside(desk.hub.settings, accounts.switch_off, nothing_at_the_counter, "wang", at=1)
    wait_for(ended(wang))
    assert wrong(desk.browser(), "wang", 1) == [(401, "wrong_password")]


# -- passwords


def test_a_password_that_somebody_else_chose_must_be_changed_first(desk: Desk) -> None:
    root = desk.sign_in("root")
    added = root.post("/people", json={"name": "Zhou", "role": "clerk", "password": "Given-by-root-1"})
    assert added.status_code == 201
    assert "Given-by-root-1" not in added.text
    zhou = desk.sign_in("zhou", "Given-by-root-1")
    assert problem(zhou.get("/hall")) == (403, "password_must_change")
    assert problem(zhou.post("/session/counter", json={"counter": "1"})) == (403, "password_must_change")
    change = {"old": "Given-by-root-1", "new": "My-own-word-2"}
    assert zhou.post("/session/password", json=change).json()["must_change"] is False
    assert zhou.get("/hall").status_code == 200
    desk.sign_in("zhou", "My-own-word-2")


def test_a_new_password_needs_the_old_one_and_another_one(desk: Desk) -> None:
    wang, elsewhere = desk.sign_in("wang"), desk.sign_in("wang")
    for old, new, refusal in [
        ("Wrong-pass-1", "My-own-word-2", (401, "wrong_password")),
        (PASSWORD, PASSWORD, (422, "weak_password")),
        (PASSWORD, "short1A", (422, "weak_password")),
        (PASSWORD, "Is-wang-really-1", (422, "weak_password")),
    ]:
        assert problem(wang.post("/session/password", json={"old": old, "new": new})) == refusal
    assert wang.post("/session/password", json={"old": PASSWORD, "new": "My-own-word-2"}).status_code == 200
    assert wang.get("/session").status_code == 200
    assert ended(elsewhere)()


def test_a_password_past_its_days_must_be_changed(tmp_path: Path) -> None:
    settings = hub_settings(tmp_path, free_port(), access={"password_days": 90})
    people(settings, wang="clerk")
    with RunningHub(settings) as hub, ExitStack() as stack:
        wang = Desk(hub, RealTime(), stack).sign_in("wang")
        assert wang.get("/session").json()["must_change"] is True
        assert problem(wang.get("/hall")) == (403, "password_must_change")


# -- who may change whom


def test_nobody_changes_their_own_role_and_an_administrator_is_always_left(desk: Desk) -> None:
    root = desk.sign_in("root")
    for path, body in [("/people/root", {"role": "manager"}), ("/people/root/off", None)]:
        assert root.post(path, json=body).json()["state"] == "oneself"
    root.post("/people/sun", json={"role": "administrator"})
    sun = desk.sign_in("sun")
    assert sun.post("/people/root/off").status_code == 200
    assert sun.post("/people/root/on").status_code == 200
    write_beside(desk.hub.settings, accounts.switch_off, nothing_at_the_counter, "root", at=1)
    with pytest.raises(NotAllowed, match="last administrator"):
        write_beside(desk.hub.settings, accounts.switch_off, nothing_at_the_counter, "sun", at=1)


@pytest.mark.parametrize(
    ("body", "refusal"),
    [
        ({"name": "wang", "role": "clerk"}, (422, "invalid")),
        ({"name": "WANG", "role": "clerk"}, (422, "invalid")),
        ({"name": "a b", "role": "clerk"}, (422, "invalid")),
        ({"name": "new-one", "role": "king"}, (422, "invalid")),
        ({"name": "new-one", "role": "manager", "counter": "1"}, (422, "invalid")),
        ({"name": "new-one", "role": "clerk", "counter": "77"}, (404, "unknown_counter")),
        ({"name": "new-one", "role": "clerk", "password": "short"}, (422, "weak_password")),
    ],
)
def test_an_account_that_cannot_be_is_refused(desk: Desk, body: dict[str, str], refusal: tuple[int, str]) -> None:
    answer = desk.sign_in("root").post("/people", json={"password": "Long-enough-1", **body})
    assert problem(answer) == refusal


def test_a_plain_hub_has_no_account_and_no_password_that_everybody_knows(tmp_path: Path) -> None:
    with RunningHub(hub_settings(tmp_path, free_port()), tokens={}, open_board=False) as hub, hub.client() as browser:
        for name in ("admin", "root", "manager", "clerk-1"):
            for password in ("admin", "demo-admin", "password", name):
                answer = browser.post("/session", json={"name": name, "password": password})
                assert answer.status_code in (401, 429)
    assert read_beside(hub.settings, lambda reader: reader.rows("SELECT count(*) FROM account"))[0][0] == 0


# -- two processes, one hall


def test_a_session_counts_on_every_process_and_ends_on_every_process(tmp_path: Path) -> None:
    first = hub_settings(tmp_path, free_port())
    second = first.model_copy(update={"hub": first.hub.model_copy(update={"port": free_port()})})
    people(first, wang="clerk", root="administrator")
    with RunningHub(first) as one, RunningHub(second) as two, ExitStack() as stack:
        wang = Desk(one, RealTime(), stack).sign_in("wang")
        there = stack.enter_context(two.client())
        there.cookies.set("hall_session", wang.cookies["hall_session"])
        assert there.get("/session").json()["name"] == "wang"
        assert wang.delete("/session").status_code == 204
        wait_for(ended(there))


# -- limits


def test_public_routes_are_limited_by_address_and_say_when_to_come_back(tmp_path: Path) -> None:
    settings = hub_settings(
        tmp_path, free_port(), hub={"trusted_proxies": ["127.0.0.1"]}, access={"public_per_minute": 30}
    )
    with RunningHub(settings, open_board=True) as hub, hub.client() as phone:
        far = {"X-Forwarded-For": "198.51.100.7"}
        answers = [phone.get("/public/tickets/x", headers=far) for _ in range(35)]
        assert [answer.status_code for answer in answers[:30]] == [404] * 30
        assert problem(answers[-1]) == (429, "too_many_requests")
        assert int(answers[-1].headers["retry-after"]) >= 1
        for path in ("/t/x", "/login", "/board/main"):
            assert httpx.get(hub.url + path, headers=far).status_code == 429
        other = {"X-Forwarded-For": "198.51.100.8"}
        assert phone.get("/public/tickets/x", headers=other).status_code == 404
        with hub.client("demo-display") as screen:
            assert all(screen.get("/board", headers=far).status_code == 200 for _ in range(40))
