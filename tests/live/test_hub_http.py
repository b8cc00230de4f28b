"""The hub's routes over real sockets, as the contract says."""

import asyncio
import json
import os
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import ClientConnection, connect

from tests.running import PATIENCE_S, RunningHub, free_port, hub_settings

MORNING = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[RunningHub]:
    at_once = {"recall_interval_seconds": 0}
    with RunningHub(hub_settings(tmp_path, free_port(), queue=at_once)) as running:
        yield running


def take(hub: RunningHub, service: str = "A", **headers: str) -> httpx.Response:
    with hub.client("demo-kiosk") as kiosk:
        return kiosk.post("/tickets", json={"service": service}, headers=headers)


def problem(answer: httpx.Response) -> tuple[int, str]:
    assert answer.headers["content-type"] == "application/problem+json"
    document = answer.json()
    assert document["status"] == answer.status_code
    assert len(document["detail"]) > 5
    return answer.status_code, document["code"]


def test_the_hall_tells_its_services_and_counters(hub: RunningHub) -> None:
    with hub.client() as anyone:
        hall = anyone.get("/hall").json()
    assert hall["time"].endswith("+08:00")
    assert {"name", "time_zone", "opening", "zones", "services", "counters"} <= set(hall)
    heading = next(service for service in hall["services"] if service["code"] == "SB")
    assert [service["code"] for service in hall["services"] if service.get("parent") == heading["code"]] == [*"BCD"]


def test_a_ticket_carries_what_the_contract_names_and_no_null(hub: RunningHub) -> None:
    answer = take(hub)
    assert answer.status_code == 201
    ticket = answer.json()
    assert {"id", "number", "service", "state", "priority", "ahead", "counters", "issued_at", "status_url"} <= set(
        ticket
    )
    assert None not in ticket.values()
    assert (ticket["number"], ticket["state"], ticket["counters"]) == ("A001", "waiting", ["1", "2"])


def test_a_visit_from_call_to_evaluation(hub: RunningHub) -> None:
    ticket = take(hub).json()
    with hub.client("demo-clerk-1") as clerk, hub.client("demo-counter-1") as counter:
        assert clerk.post("/counters/1/open").json()["state"] == "open"
        called = clerk.post("/counters/1/next").json()["ticket"]
        assert (called["id"], called["state"], called["counter"]) == (ticket["id"], "called", "1")
        assert clerk.post("/counters/1/recall").json()["ticket"]["state"] == "called"
        assert clerk.post("/counters/1/start").json()["ticket"]["state"] == "serving"
        finished = clerk.post("/counters/1/finish", json={"outcome": "办结"}).json()["ticket"]
        assert finished["state"] == "finished"
        press = {"visit": finished["visit"], "level": "very_satisfied", "channel": "keypad", "request_id": "press-0001"}
        first = counter.post("/evaluations", json=press)
        assert first.status_code == 201
        assert counter.post("/evaluations", json=press).json() == first.json()
        second = counter.post("/evaluations", json={**press, "request_id": "press-0002"})
        assert problem(second) == (409, "already_evaluated")
        assert clerk.post("/counters/1/next").json() == {"ticket": None}
    with hub.client("demo-manager") as manager:
        exported = manager.get(
            "/exports/satisfaction.json", params={"from": "2020-01-01", "to": "2099-12-31", "by": "counter"}
        ).json()
    assert exported["rows"][0]["satisfaction_rate"] == 100.0


BAD: list[tuple[str, str, str | None, Any, tuple[int, str]]] = [
    ("POST", "/tickets", "demo-kiosk", b'{"service', (400, "malformed_json")),
    ("POST", "/tickets", "demo-kiosk", {"service": "nowhere"}, (404, "unknown_service")),
    ("POST", "/tickets", "demo-kiosk", {"service": "A", "colour": "red"}, (422, "invalid")),
    ("POST", "/tickets", "demo-kiosk", {"service": "SB"}, (422, "invalid")),
    ("POST", "/tickets", "demo-kiosk", {"service": "A", "priority": "royal"}, (404, "unknown_priority")),
    ("POST", "/tickets", "demo-kiosk", {}, (422, "invalid")),
    ("POST", "/tickets", None, {"service": "A"}, (401, "unauthorized")),
    ("POST", "/tickets", "no-such-token", {"service": "A"}, (401, "unauthorized")),
    ("POST", "/tickets", "demo-display", {"service": "A"}, (403, "forbidden")),
    ("GET", "/tickets/nothing", "demo-kiosk", None, (404, "unknown_ticket")),
    ("GET", "/public/tickets/nothing", None, None, (404, "unknown_ticket")),
    ("POST", "/counters/1/next", "demo-clerk-2", None, (403, "forbidden")),
    ("POST", "/counters/1/next", "demo-manager", None, (403, "forbidden")),
    ("POST", "/counters/1/next", "demo-clerk-1", None, (409, "not_allowed")),
    ("POST", "/counters/1/finish", "demo-clerk-1", None, (409, "not_allowed")),
    ("POST", "/counters/1/open", "demo-clerk-1", {"services": ["F"]}, (404, "unknown_service")),
    ("POST", "/evaluations", "demo-clerk-1", {}, (403, "forbidden")),
    ("POST", "/evaluations", "demo-counter-1", {"visit": "x", "level": "super"}, (422, "invalid")),
    ("GET", "/exports/waits.csv?from=2026-03-02&to=2026-03-01", "demo-manager", None, (422, "invalid")),
    ("GET", "/exports/waits.csv?from=soon&to=2026-03-01", "demo-manager", None, (422, "invalid")),
    ("GET", "/exports/weather.csv?from=2026-03-01&to=2026-03-01", "demo-manager", None, (404, "unknown_export")),
    ("GET", "/exports/waits.csv?from=2026-03-01&to=2026-03-01", "demo-kiosk", None, (403, "forbidden")),
    ("GET", "/nothing/here", None, None, (404, "unknown_page")),
    ("DELETE", "/tickets", "demo-kiosk", None, (405, "method_not_allowed")),
]


@pytest.fixture(scope="module")
def quiet_hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningHub]:
    """A hub in which nothing changes."""
    with RunningHub(hub_settings(tmp_path_factory.mktemp("hub"), free_port())) as running:
        yield running


@pytest.mark.sqlite
@pytest.mark.parametrize(("method", "path", "token", "body", "refusal"), BAD)
def test_bad_requests_get_a_stable_code_and_a_sentence(
    quiet_hub: RunningHub, method: str, path: str, token: str | None, body: Any, refusal: tuple[int, str]
) -> None:
    content = body if isinstance(body, bytes) else None if body is None else json.dumps(body).encode()
    with quiet_hub.client(token) as client:
        answer = client.request(method, path, content=content, headers={"Content-Type": "application/json"})
    assert problem(answer) == refusal


@pytest.mark.sqlite
def test_a_sentence_is_in_the_askers_language(quiet_hub: RunningHub) -> None:
    sentences = {}
    for language in ("zh-CN", "en-GB"):
        with quiet_hub.client("demo-kiosk", **{"Accept-Language": language}) as kiosk:
            sentences[language] = kiosk.post("/tickets", json={"service": "X"}).json()["detail"]
    assert sentences == {
        "zh-CN": "没有找到：X，请核对后再试。",
        "en-GB": "There is no service X; check the name and try again.",
    }


def test_outside_the_opening_hours_no_ticket_is_given_and_the_next_opening_named(tmp_path: Path) -> None:
    settings = hub_settings(tmp_path, free_port(), hours=[{"open": {"tue": ["09:00-12:00"]}}])
    with RunningHub(settings, now=lambda: MORNING) as hub:
        answer = take(hub)
        assert problem(answer) == (409, "service_closed")
        assert answer.json()["next_opening"] == "2026-03-03T09:00:00+08:00"
        with hub.client() as anyone:
            assert anyone.get("/hall").json()["opening"]["state"] == "closed"


def test_the_same_idempotency_key_gives_the_same_ticket_and_another_body_is_refused(hub: RunningHub) -> None:
    key = {"Idempotency-Key": "touch-1"}
    first, again = take(hub, "A", **key), take(hub, "A", **key)
    assert first.json() == again.json()
    assert again.status_code == 201
    assert problem(take(hub, "B", **key)) == (422, "idempotency_key_reused")
    assert take(hub, "A").json()["number"] == "A002"


def test_after_midnight_yesterdays_waiting_expire_and_the_board_begins_anew(tmp_path: Path) -> None:
    clock = [MORNING]
    with (
        RunningHub(hub_settings(tmp_path, free_port()), now=lambda: clock[0]) as hub,
        hub.client("demo-kiosk") as kiosk,
    ):
        ticket = take(hub).json()
        with hub.client("demo-clerk-1") as clerk:
            take(hub, "G")
            clerk.post("/counters/1/open", json={"services": ["G"]})
            clerk.post("/counters/1/next")
        clock[0] += timedelta(days=1)
        wait_for(lambda: kiosk.get(f"/tickets/{ticket['id']}").json()["state"] == "expired")
        wait_for(lambda: kiosk.get("/board").json()["board"]["recent"] == [])
        board = kiosk.get("/board").json()["board"]
        assert board["services"]["A"]["waiting"] == 0
        assert board["counters"]["1"] == {**board["counters"]["1"], "state": "calling", "number": "G001"}
        assert take(hub).json()["number"] == "A001"


def test_without_a_public_board_the_board_needs_a_token(tmp_path: Path) -> None:
    with RunningHub(hub_settings(tmp_path, free_port()), open_board=False) as hub:
        with hub.client() as anyone, hub.client("demo-display") as display:
            assert problem(anyone.get("/board")) == (401, "unauthorized")
            assert display.get("/board").json()["kind"] == "board"
            assert anyone.get("/board?token=demo-display").json()["kind"] == "board"
            assert problem(anyone.get("/hall?token=demo-display")) == (401, "unauthorized")
        with pytest.raises(InvalidStatus, match="403"):
            connect(f"{hub.socket_url}/api/v1/board/ws")
        with connect(f"{hub.socket_url}/api/v1/board/ws?token=demo-display") as socket:
            assert first_of(socket, "board")["kind"] == "board"


def test_stations_need_a_stations_token(hub: RunningHub) -> None:
    for query in ("", "?token=demo-manager", "?token=wrong"):
        with pytest.raises(InvalidStatus, match="403"):
            connect(f"{hub.socket_url}/api/v1/station/ws{query}")


def first_of(socket: ClientConnection, kind: str, fits: Callable[[Any], bool] = lambda frame: True) -> Any:
    """The next frame of this kind."""
    while True:
        frame = json.loads(socket.recv(timeout=PATIENCE_S))
        if frame["kind"] == kind and fits(frame):
            return frame


def test_a_call_reaches_every_screen_as_a_patch_with_the_announcement(hub: RunningHub) -> None:
    take(hub)
    with hub.client("demo-clerk-1") as clerk:
        clerk.post("/counters/1/open")
        with connect(f"{hub.socket_url}/api/v1/board/ws") as one, connect(f"{hub.socket_url}/api/v1/board/ws") as two:
            for screen in (one, two):
                first_of(screen, "board")
            clerk.post("/counters/1/next")
            for screen in (one, two):
                patch = first_of(screen, "patch", lambda frame: "calls" in frame["patch"])["patch"]
                [call] = patch["calls"]
                assert (call["number"], call["counter"], call["times"]) == ("A001", "1", 1)
                assert patch["counters"]["1"] == {"state": "calling", "number": "A001"}
                assert patch["services"]["A"]["waiting"] == 0


def test_a_screen_that_comes_back_resumes_where_it_was(hub: RunningHub) -> None:
    with connect(f"{hub.socket_url}/api/v1/board/ws") as screen:
        seen = first_of(screen, "board")
    take(hub)
    query = f"epoch={seen['epoch']}&since={seen['seq']}"
    with connect(f"{hub.socket_url}/api/v1/board/ws?{query}") as screen:
        patch = first_of(screen, "patch")
    assert patch["seq"] == seen["seq"] + 1
    assert patch["patch"]["services"]["A"]["waiting"] == 1


def test_the_counters_station_is_asked_to_invite_and_nobody_else(hub: RunningHub) -> None:
    take(hub)
    with connect(f"{hub.socket_url}/api/v1/station/ws?token=demo-counter-1") as station:
        station.send(json.dumps({"kind": "hello", "station": "counter-1"}))
        assert first_of(station, "welcome")["counter"] == "1"
        with hub.client("demo-clerk-1") as clerk:
            clerk.post("/counters/1/open")
            clerk.post("/counters/1/next")
            visit = clerk.post("/counters/1/finish").json()["ticket"]["visit"]
        invite = first_of(station, "invite")
    assert (invite["visit"], invite["number"], invite["counter"]) == (visit, "A001", "1")


def test_a_station_that_says_nonsense_is_kept_and_its_next_word_heard(hub: RunningHub) -> None:
    with connect(f"{hub.socket_url}/api/v1/station/ws?token=demo-display") as station:
        station.send(json.dumps({"kind": "hello", "station": "display-9"}))
        first_of(station, "welcome")
        station.send("{}")
        station.send('{"kind": "devices", "devices": [{"name": "led", "device": "BX", "state": "silent"}]}')
        with hub.client("demo-admin") as admin:
            wait_for(lambda: bool(admin.get("/stations").json()[0]["devices"]))
            assert admin.get("/stations").json()[0]["devices"][0]["state"] == "silent"


def wait_for(happened: Callable[[], bool]) -> None:
    ended = threading.Event()
    for _ in range(200):
        if happened():
            return
        ended.wait(0.02)
    raise AssertionError("it did not happen")


def take_all_at_once(hub: RunningHub, many: int) -> list[str]:
    """`many` requests on as many connections, sent together; the numbers they got."""

    async def run() -> list[str]:
        limits = httpx.Limits(max_connections=many)
        headers = {"Authorization": "Bearer demo-kiosk"}
        async with httpx.AsyncClient(
            base_url=hub.url, headers=headers, limits=limits, trust_env=False, timeout=60
        ) as citizens:
            answers = await asyncio.gather(
                *(citizens.post("/api/v1/tickets", json={"service": "A"}) for _ in range(many))
            )
        return [answer.json()["number"] for answer in answers]

    return asyncio.run(run())


def test_two_clerks_pressing_next_at_once_never_get_the_same_citizen(hub: RunningHub) -> None:
    """Counters 1 and 2 both serve A; in each round both press at the same moment. Five hundred with HALL_PROVE=1."""
    rounds = 500 if os.environ.get("HALL_PROVE") == "1" else 100
    issued = take_all_at_once(hub, rounds) + take_all_at_once(hub, rounds)
    called: dict[str, list[str]] = {"1": [], "2": []}
    gate = threading.Barrier(2)

    def work(counter: str) -> None:
        with hub.client(f"demo-clerk-{counter}") as clerk:
            clerk.post(f"/counters/{counter}/open", json={"services": ["A"]})
            for _ in range(rounds):
                gate.wait(PATIENCE_S)
                answer = clerk.post(f"/counters/{counter}/next", json={"finish_current": True}).json()
                called[counter].append(answer["ticket"]["number"])

    with ThreadPoolExecutor(2) as clerks:
        list(clerks.map(work, called))
    assert len(called["1"]) == len(called["2"]) == rounds
    assert sorted(called["1"] + called["2"]) == sorted(issued)
    assert len(set(issued)) == 2 * rounds


def test_five_hundred_takers_at_once_get_five_hundred_numbers(hub: RunningHub) -> None:
    assert sorted(take_all_at_once(hub, 500)) == [f"A{serial:03d}" for serial in range(1, 501)]


def test_a_token_added_beside_the_running_hub_is_known_without_a_restart(hub: RunningHub) -> None:
    from hub.access import add_token
    from hub.offline import write_beside

    write_beside(hub.settings, add_token, "kiosk-9", "kiosk", None, "a-new-secret")
    with hub.client("a-new-secret") as kiosk:
        wait_for(lambda: kiosk.post("/tickets", json={"service": "A"}).status_code == 201)


def test_whoever_runs_it_can_see_that_it_lives(hub: RunningHub) -> None:
    take(hub)
    with httpx.Client(base_url=hub.url, trust_env=False) as client:
        assert client.get("/healthz").json() == {"status": "ok"}
        assert client.get("/readyz").json()["status"] == "ok"
        assert 'hall_tickets_waiting{service="A"} 1' in client.get("/metrics").text


def test_pages_and_fonts_come_from_the_hub_and_nothing_from_elsewhere(hub: RunningHub) -> None:
    with httpx.Client(base_url=hub.url, trust_env=False) as client:
        for path in ("/", "/board/main", "/counter", "/t/some-token"):
            page = client.get(path)
            assert page.status_code == 200
            assert "default-src 'self'" in page.headers["content-security-policy"]
            assert "http://" not in page.text.replace("http://www.w3.org", "")
            assert "https://" not in page.text
        assert client.get("/fonts/NotoSansSC-Regular.otf").headers["content-length"] > "8000000"
        for outside in ("/board/-/../../app.py", "/board/-/__init__.py", "/board/-/%2e%2e/app.py"):
            assert client.get(outside).status_code == 404


def test_a_plain_hub_accepts_no_demo_tokens_and_has_none_of_its_routes(tmp_path: Path) -> None:
    settings = hub_settings(tmp_path, free_port())
    with RunningHub(settings, tokens={}, open_board=False) as hub, httpx.Client(base_url=hub.url) as client:
        assert problem(take(hub)) == (401, "unauthorized")
        assert problem(client.get("/demo/counts")) == (404, "unknown_page")
        assert problem(client.get("/api/v1/board")) == (401, "unauthorized")
