"""The calendar over HTTP and beside a running hub: imports, refusals, the standing warning, the board."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from typer.testing import CliRunner
from websockets.sync.client import ClientConnection, connect

from hub.commands import imports
from tests.running import PATIENCE_S, RunningHub, database_of, free_port, hub_settings
from tests.unit.hub.halls import a_hall, a_service
from tests.unit.hub.plans import local
from tests.unit.hub.test_calendar_file import a_file

SERVICES = (
    a_service("A", quota=2),
    a_service("B", "医保局", cut_off_minutes=30),
)
ROTA = [{"counter": "2", "weeks": [["人社局"], ["医保局"]], "from": "2026-W01"}]


class Clock:
    """Stands until the test moves it."""

    def __init__(self, at: str) -> None:
        self.at = local(at)

    def __call__(self) -> datetime:
        return self.at


@pytest.fixture
def clock() -> Clock:
    return Clock("2026-11-02 10:00")


@pytest.fixture
def hub(database: str, tmp_path: Path, clock: Clock) -> Iterator[RunningHub]:
    hall = a_hall(*SERVICES, rota=ROTA)
    with RunningHub(hub_settings(tmp_path, free_port(), **hall), now=clock) as running:
        yield running


def until(find: Callable[[], Any]) -> Any:
    """What is found once it is there."""
    pause, deadline = threading.Event(), time.monotonic() + PATIENCE_S
    while not (found := find()):
        assert time.monotonic() < deadline, "it did not happen"
        pause.wait(0.05)
    return found


def post_csv(hub: RunningHub, text: str, token: str = "demo-manager", **query: Any) -> httpx.Response:
    with hub.client(token, **{"Content-Type": "text/csv", "Accept-Language": "en"}) as client:
        return client.post("/calendar", content=text.encode(), params=query)


def troubles(hub: RunningHub) -> list[str]:
    with hub.client("demo-manager") as manager:
        return [trouble["code"] for trouble in manager.get("/health").json()["troubles"]]


def test_a_year_is_told_with_its_version_and_days(hub: RunningHub) -> None:
    with hub.client("demo-clerk-1") as clerk:
        told = clerk.get("/calendar").json()
        assert (told["version"], told["year"], told["known"], told["working_days"]) == (1, 2026, True, 248)
        assert {"date": "2026-10-10", "kind": "make_up_work", "name": "国庆节"} in told["dates"]
        assert [warning["code"] for warning in told["warnings"]] == ["calendar_next_year_missing"]
        missing = clerk.get("/calendar", params={"year": 2027}).json()
        assert (missing["known"], missing["dates"], "working_days" in missing) == (False, [], False)


def test_from_november_a_missing_year_stands_as_a_warning_until_it_is_imported(hub: RunningHub) -> None:
    assert until(lambda: troubles(hub)) == ["calendar_next_year_missing"]
    answer = post_csv(hub, a_file(), year=2027, source="gov.cn")
    assert (answer.status_code, answer.json()["version"], answer.json()["source"]) == (201, 2, "gov.cn")
    assert answer.json()["warnings"] == []
    until(lambda: not troubles(hub))


def test_the_next_opening_is_told_as_soon_as_the_year_is_known(hub: RunningHub, clock: Clock) -> None:
    clock.at = local("2026-12-31 18:00")
    with hub.client() as anyone:
        assert "next_opening" not in anyone.get("/hall").json()["opening"]
        post_csv(hub, a_file())
        opening = until(lambda: (now := anyone.get("/hall").json()["opening"]).get("next_opening") and now)
    assert (opening["reason"], opening["next_opening"]) == ("after_closing", "2027-01-04T09:00:00+08:00")


def test_a_bad_file_is_refused_whole_with_every_line(hub: RunningHub) -> None:
    answer = post_csv(hub, a_file() + "soon,statutory,x\n2027-03-01,off,y\n")
    problem = answer.json()
    assert (answer.status_code, problem["code"]) == (422, "bad_lines")
    assert [line["line"] for line in problem["lines"]] == [10, 11]
    assert "line 10" in problem["detail"]
    with hub.client("demo-manager") as manager:
        assert manager.get("/calendar").json()["version"] == 1


@pytest.mark.parametrize(
    ("body", "kind", "status", "code"),
    [
        ("{", "application/json", 400, "malformed_json"),
        ("{}", "application/json", 422, "invalid"),
        ('{"dates": [{"date": "2027-01-01", "kind": "x", "name": "y"}]}', "application/json", 422, "invalid"),
        ("x", "application/xml", 422, "invalid"),
        ("date,kind,name\n", "text/csv", 422, "bad_lines"),
        ("", "text/csv", 422, "bad_lines"),
    ],
)
def test_what_is_no_calendar_is_refused_by_name(hub: RunningHub, body: str, kind: str, status: int, code: str) -> None:
    with hub.client("demo-manager", **{"Content-Type": kind}) as manager:
        answer = manager.post("/calendar", content=body.encode())
    assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_days_may_also_come_as_json_and_a_retry_makes_no_second_version(hub: RunningHub) -> None:
    days = [{"date": "2026-12-21", "kind": "local_holiday", "name": "州庆"}]
    with hub.client("demo-manager", **{"Idempotency-Key": "one"}) as manager:
        answers = [manager.post("/calendar", json={"source": "州政府", "dates": days}) for _ in range(2)]
    assert [(answer.status_code, answer.json()["version"]) for answer in answers] == [(201, 2), (201, 2)]
    assert answers[0].json()["working_days"] == 247


@pytest.mark.parametrize("token", ["demo-clerk-1", "demo-kiosk", None])
def test_only_a_manager_changes_the_calendar(hub: RunningHub, token: str | None) -> None:
    with hub.client(token) as client:
        assert client.post("/calendar", json={"dates": []}).status_code in (401, 403)


def test_a_file_imported_beside_a_running_hub_counts_at_once(
    hub: RunningHub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "2027.csv"
    file.write_text(a_file(), encoding="utf-8-sig")
    monkeypatch.setenv("HALL_HUB__DATABASE_URL", database_of(tmp_path))
    monkeypatch.setenv("HALL_LANG", "en")
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(imports, ["calendar", str(file), "--year", "2027"])
    assert done.exit_code == 0, done.output
    assert "calendar version 2" in done.output
    until(lambda: 2027 in hub.app.state.hub.hall.plan.calendar.years)
    again = CliRunner().invoke(imports, ["calendar", str(file), "--year", "2026"])
    assert (again.exit_code, "line 2: 2027-01-01 is not in 2026" in again.output) == (1, True)


def test_time_alone_opens_and_closes_services_on_the_board(hub: RunningHub, clock: Clock) -> None:
    clock.at = local("2026-11-02 16:29")
    with connect(f"{hub.socket_url}/api/v1/board/ws") as board:
        shown = _message(board, "board")
        assert shown["board"]["services"]["B"]["opening"]["state"] == "open"
        clock.at += timedelta(minutes=1)
        turned = _patch_of(board, "B")
    assert (turned["opening"]["state"], turned["opening"]["reason"]) == ("closed", "cut_off")
    assert turned["opening"]["next_opening"] == "2026-11-03T09:00:00+08:00"


def _message(board: ClientConnection, kind: str) -> dict[str, Any]:
    """The next one of its kind."""
    while (message := json.loads(board.recv(PATIENCE_S)))["kind"] != kind:
        pass
    return dict(message)


def _patch_of(board: ClientConnection, service: str) -> dict[str, Any]:
    """The patch with which a service opens or closes."""
    while True:
        patched: dict[str, Any] = _message(board, "patch")["patch"].get("services", {}).get(service, {})
        if "state" in patched.get("opening", {}):
            return patched


def test_the_quota_is_told_with_the_hall_and_refused_when_it_is_reached(hub: RunningHub) -> None:
    with hub.client("demo-kiosk") as kiosk:
        answers = [kiosk.post("/tickets", json={"service": "A"}) for _ in range(3)]
        service = kiosk.get("/hall").json()["services"][0]
    assert [answer.status_code for answer in answers] == [201, 201, 409]
    refused = answers[2].json()
    assert (refused["code"], refused["reason"], refused["next_opening"]) == (
        "quota_reached", "quota", "2026-11-03T09:00:00+08:00",
    )  # fmt: skip
    assert (service["open"], service["quota_left"], service["opening"]["reason"]) == (False, 0, "quota")


def test_at_the_start_and_on_monday_the_rota_decides_what_a_counter_serves(hub: RunningHub, clock: Clock) -> None:
    def served() -> list[str]:
        with hub.client() as anyone:
            services: list[str] = anyone.get("/counters/2").json()["services"]
            return services

    assert until(lambda: served() == ["A"])  # 2026-W45
    clock.at = local("2026-11-09 00:00")
    assert until(lambda: served() == ["B"])
