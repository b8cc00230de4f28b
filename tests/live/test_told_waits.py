"""The running hub keeps the waits fresh by itself: on the board, in the hall's answer, on the tickets."""

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.running import PATIENCE_S, RunningHub, free_port, hub_settings

LOOKS_EACH_S = 20


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[RunningHub]:
    with RunningHub(hub_settings(tmp_path, free_port())) as running:
        yield running


def wait_of(hub: RunningHub, service: str) -> dict[str, int] | None:
    with hub.client() as anyone:
        board: dict[str, Any] = anyone.get("/board").json()["board"]
    wait: dict[str, int] | None = board["services"][service].get("wait_minutes")
    return wait


def told(hub: RunningHub, service: str, *, more_than: int) -> dict[str, int]:
    """The wait on the board, once its careful end is more than so many minutes."""
    pause = threading.Event()
    for _ in range(int(PATIENCE_S * LOOKS_EACH_S)):
        wait = wait_of(hub, service)
        if wait and wait["high"] > more_than:
            return wait
        pause.wait(1 / LOOKS_EACH_S)
    raise AssertionError(f"no such wait was told: {wait_of(hub, service)}")


def test_the_board_and_the_tickets_follow_the_queue(hub: RunningHub) -> None:
    with hub.client("demo-clerk-1") as clerk, hub.client("demo-kiosk") as kiosk:
        first = kiosk.post("/tickets", json={"service": "A"}).json()
        assert "wait_minutes" not in first  # no counter is open yet
        assert wait_of(hub, "A") is None
        clerk.post("/counters/1/open").raise_for_status()
        told(hub, "A", more_than=0)
        for _ in range(8):
            kiosk.post("/tickets", json={"service": "A"}).raise_for_status()
        wait = told(hub, "A", more_than=30)
        assert 10 < wait["low"] < wait["high"] < 120
        last = kiosk.post("/tickets", json={"service": "A"}).json()
        assert last["ahead"] == 9
        assert 10 < last["wait_minutes"]["low"] < last["wait_minutes"]["high"]
        assert kiosk.get(f"/tickets/{first['id']}").json()["wait_minutes"]["high"] < wait["low"]
        services = {service["code"]: service for service in kiosk.get("/hall").json()["services"]}
        assert services["A"]["wait_minutes"]["low"] > 10
        assert "wait_minutes" not in services["F"]
