"""A running hub seals its days by itself, and tells what it cannot write."""

import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from hub import steps
from hub.seals import read_line
from tests.running import PATIENCE_S, RunningHub, free_port, hub_settings

NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)


class Days:
    def __init__(self) -> None:
        self.days = 0

    def __call__(self) -> datetime:
        return NOON + timedelta(days=self.days)


def until(there: Callable[[], bool], what: str) -> None:
    limit = time.monotonic() + PATIENCE_S
    while not there():
        assert time.monotonic() < limit, f"never {what}"
        threading.Event().wait(0.02)


def sealed(file: Path) -> list[str]:
    lines = file.read_text(encoding="utf-8").splitlines() if file.exists() else []
    return [seal.day for line in lines if (seal := read_line(line))]


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(steps, "SEAL_S", 0.05)


def test_a_day_that_ends_is_sealed_and_told_in_the_file(tmp_path: Path) -> None:
    days = Days()
    with RunningHub(hub_settings(tmp_path, free_port()), now=days) as hub, hub.client("demo-kiosk") as kiosk:
        kiosk.post("/tickets", json={"service": "A"})
        days.days = 1
        until(lambda: sealed(tmp_path / "hall.seals.txt") == ["2026-03-02"], "sealed")
    with RunningHub(hub_settings(tmp_path, free_port()), now=days):
        pass
    days.days = 5
    with RunningHub(hub_settings(tmp_path, free_port()), now=days):
        until(lambda: sealed(tmp_path / "hall.seals.txt") == ["2026-03-02", "2026-03-03"], "sealed after downtime")


def test_a_seals_file_that_cannot_be_written_is_told_until_it_can(tmp_path: Path) -> None:
    days = Days()
    file = tmp_path / "there" / "seals.txt"
    file.mkdir(parents=True)
    settings = hub_settings(tmp_path, free_port(), hub={"seals_file": str(file)})
    with RunningHub(settings, now=days) as hub, hub.client("demo-manager") as manager:
        days.days = 1
        until(lambda: manager.get("/health").json()["status"] == "warning", "told")
        (trouble,) = manager.get("/health", headers={"Accept-Language": "en"}).json()["troubles"]
        assert trouble["code"] == "seals_file"
        assert str(file) in trouble["text"]
        file.rmdir()
        until(lambda: manager.get("/health").json() == {"status": "ok", "troubles": []}, "well again")
        assert sealed(file) == ["2026-03-02"]
