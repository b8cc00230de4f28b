"""A closed result on the hall's screens: what they say, who is named, and that reopening withdraws it."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from hub.assessment.announcing import COLUMNS, LINES_MOST, lines
from tests.unit.hub.test_findings import Floor, a_floor

QUARTER = "/assessments/luzhou/2026Q1"


def a_unit(unit: str, rank: int | None, total: str | None = "98.50", award: str = "") -> dict[str, Any]:
    return {"unit": unit, "rank": rank, "total": total, "award": award}


@pytest.mark.parametrize(
    ("period", "units", "told"),
    [
        ("2026-03", [a_unit("5", 2, award="flag"), a_unit("3", 1, award="flag")], ["2026年3月 红旗窗口：3号、5号"]),
        ("2026Q1", [a_unit("3", 1), a_unit("9", None, None)], ["2026年第1季度 考核排名：1. 3号 98.50分"]),
        (
            "2026Q1",
            [a_unit("3", 1, award="ordinary"), a_unit("5", 2, award="standard")],
            ["2026年第1季度 达标窗口：5号"],
        ),
        ("2026", [], []),
    ],
)
def test_the_screens_say_flags_grades_or_places(period: str, units: list[dict[str, Any]], told: list[str]) -> None:
    names = {"3": "3号", "5": "5号"}
    assert lines({"period": period, "units": units}, names, (), "zh") == told


def test_a_long_list_goes_on_in_further_lines_and_ends() -> None:
    units = [a_unit(f"行政审批局第{n}科", n) for n in range(1, 61)]
    told = lines({"period": "2026Q1", "units": units}, {}, (), "zh")
    assert len(told) == LINES_MOST
    assert all(sum(2 if ord(one) > 0x2E7F else 1 for one in line) <= COLUMNS for line in told)


async def board_notices(floor: Floor, wanted: int) -> list[str]:
    """Once that many are drawn: the screens are told a moment after the commit."""
    for _ in range(1000):
        told: list[str] = floor.hub.board.document["notices"]
        if len(told) == wanted:
            return told
        await asyncio.sleep(0.01)
    raise AssertionError(f"the board has {told}")


async def test_a_closed_result_stands_on_the_board_until_it_is_withdrawn_or_reopened(tmp_path: Path) -> None:
    async with a_floor(tmp_path) as floor:
        early = await floor.post("wang", f"{QUARTER}/publish")
        await floor.post("wang", f"{QUARTER}/close")
        dry = await floor.post("wang", f"{QUARTER}/publish?dry=true")
        assert (await floor.get("wang", "/notices"))["notices"] == []
        first = await floor.post("wang", f"{QUARTER}/publish")
        again = await floor.post("wang", f"{QUARTER}/publish")
        standing = (await floor.get("li", "/notices"))["notices"]
        board = await board_notices(floor, len(standing))
        await floor.post("wang", "/notices/withdraw", {"source": first.json()["source"]})
        gone = await floor.post("wang", "/notices/withdraw", {"source": first.json()["source"]})
        await floor.post("wang", f"{QUARTER}/publish")
        await floor.post("wang", f"{QUARTER}/reopen", {"reason": "补登投诉"})
        after = (await floor.get("wang", "/notices"))["notices"]
    assert (early.status_code, gone.status_code, after) == (409, 404, [])
    assert dry.json() == first.json() == again.json()
    assert [one["text"] for one in standing] == board == first.json()["lines"]
    assert board[0].startswith("2026年第1季度 考核排名：1. ")


async def test_nobody_is_named_who_is_no_candidate(tmp_path: Path) -> None:
    async with a_floor(tmp_path) as floor:
        await floor.post("wang", f"{QUARTER}/close")
        refused = await floor.post("wang", f"{QUARTER}/publish", {"stars": ["zhang", "li", "wang", "zhao"]})
    assert (refused.status_code, refused.json()["field"]) == (422, "stars")
