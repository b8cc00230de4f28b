"""`hall estimate` as a manager reads it: a simulated hour, lived by the queue's own verbs, looked back upon."""

import asyncio
import json
from dataclasses import replace
from pathlib import Path

import pytest

from hub.estimate_commands import estimate
from tests.simulated.hall import live_through
from tests.simulated.shapes import MIXED, SIX, Shape, flat
from tests.unit.hub.commands import run
from tests.unit.hub.desk import Desk

HOUR = Shape("a busy hour", MIXED, SIX, flat(0.85), crowd=12, minutes=60)
DAYS = ("--from", "2026-03-02", "--to", "2026-03-03")


def test_recorded_days_are_compared_as_they_were_lived(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the replay sees is what the hub foretold at the time, but for forecasts of some seconds' age."""
    lived = asyncio.run(live_through(tmp_path, replace(HOUR, usual=HOUR), seed=7))
    told = run(monkeypatch, tmp_path, estimate, *DAYS, "--format", "json")
    assert told.exit_code == 0, told.output
    document = json.loads(told.output)
    assert [day["day"] for day in document["days"]] == ["2026-03-02", "2026-03-03"]
    second = document["days"][1]
    assert second["tickets"] == len(lived)
    near = [one for one in lived if one.expected and one.naive]
    error = sum(abs((one.expected.middle - one.issued_at) / 60e6 - one.waited) for one in near if one.expected)
    assert second["error"] == pytest.approx(error / len(near), abs=0.5)
    plain = sum(abs(one.naive.middle - one.waited) for one in near if one.naive) / len(near)
    assert second["naive_error"] == pytest.approx(plain, abs=0.05)
    assert second["error"] < plain

    table = run(monkeypatch, tmp_path, estimate, *DAYS, language="zh").output.splitlines()
    assert table[0].split()[:3] == ["日期", "票数", "未估"]
    assert [line.split()[0] for line in table[1:4]] == ["2026-03-02", "2026-03-03", "合计"]
    assert "理想为 60%" in table[5]


async def test_days_without_tickets_are_said_to_be_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (await Desk.open(tmp_path / "hall.db")).store.close()
    done = run(monkeypatch, tmp_path, estimate, *DAYS)
    assert done.exit_code == 1
    assert "No ticket was journaled and called" in done.output


def test_another_format_is_wrong_usage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert run(monkeypatch, tmp_path, estimate, *DAYS, "--format", "xls").exit_code == 2
