"""A hub on a computer whose clock is moved."""

import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from hub import steps
from hub.clock import HallClock
from tests.running import PATIENCE_S, RunningHub, database_of, free_port, hub_settings, rows_in

#: 23:58 in the hall.
EVENING = datetime(2026, 3, 2, 15, 58, tzinfo=UTC)


class Computer:
    def __init__(self, at: datetime = EVENING) -> None:
        self.began = time.monotonic()
        self.at = at
        self.clock = HallClock(wall=self.wall)

    def wall(self) -> datetime:
        return self.at + timedelta(seconds=time.monotonic() - self.began)


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    for step in ("CLOCK_S", "TICK_S"):
        monkeypatch.setattr(steps, step, 0.02)


def until(there: Callable[[], bool], what: str) -> None:
    limit = time.monotonic() + PATIENCE_S
    while not there():
        assert time.monotonic() < limit, f"never {what}"
        threading.Event().wait(0.02)


def jumps(folder: Path) -> list[str]:
    rows = rows_in(database_of(folder), "SELECT data FROM journal WHERE kind = 'clock_jumped' ORDER BY seq")
    return [row[0] for row in rows]


def test_a_clock_set_back_over_midnight_and_a_restart_give_no_number_twice(tmp_path: Path) -> None:
    computer = Computer(EVENING + timedelta(minutes=4))
    settings = hub_settings(tmp_path, free_port())
    with RunningHub(settings, now=computer.clock) as hub, hub.client("demo-kiosk") as kiosk:
        first = kiosk.post("/tickets", json={"service": "A"}).json()
        computer.at -= timedelta(minutes=10)
        second = kiosk.post("/tickets", json={"service": "A"}).json()
        until(lambda: len(jumps(tmp_path)) == 1, "journaled")
    assert (first["number"], second["number"]) == ("A001", "A002")
    assert second["issued_at"] > first["issued_at"]
    computer.clock = HallClock(wall=computer.wall)
    with RunningHub(settings, now=computer.clock) as hub, hub.client("demo-kiosk") as kiosk:
        third = kiosk.post("/tickets", json={"service": "A"}).json()
        assert third["number"] == "A003"
        assert third["issued_at"] > second["issued_at"]
        until(lambda: len(jumps(tmp_path)) == 2, "journaled")
        with hub.client("demo-manager", **{"Accept-Language": "en"}) as manager:
            (trouble,) = manager.get("/health").json()["troubles"]
        assert trouble["code"] == "clock"
        assert "jumped back by 0:0" in trouble["text"]
    assert '"held":true,"restart":true' in jumps(tmp_path)[1]


def test_a_slip_over_midnight_and_back_expires_nobody(tmp_path: Path) -> None:
    computer = Computer()
    with (
        RunningHub(hub_settings(tmp_path, free_port()), now=computer.clock) as hub,
        hub.client("demo-kiosk") as kiosk,
    ):
        ticket = kiosk.post("/tickets", json={"service": "A"}).json()
        computer.at += timedelta(days=1)
        until(lambda: len(jumps(tmp_path)) == 1, "noticed")
        next_day = kiosk.post("/tickets", json={"service": "A"}).json()
        assert next_day["number"] == "A001"
        computer.at -= timedelta(days=1)
        until(lambda: len(jumps(tmp_path)) == 2, "mended")
        assert kiosk.get(f"/tickets/{ticket['id']}").json()["state"] == "waiting"
        assert kiosk.post("/tickets", json={"service": "A"}).json()["number"] == "A002"
