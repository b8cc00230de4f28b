"""Figures: by hand, with both numbers, never over zero."""

import csv
import io
import json
import math
from datetime import date
from decimal import Decimal

import openpyxl
import pylopdf
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.figures.exports import export, question
from hub.figures.groups import parse_by
from hub.figures.rules import mean, percentile, rate
from hub.figures.tables import COLUMNS, Kind
from hub.problems import Invalid, Unknown
from hub.store import SYSTEM, Reader
from tests.unit.hub.desk import Desk

DAY = date(2026, 3, 2)


@pytest.mark.parametrize(
    ("part", "whole", "percent"),
    [(0, 0, None), (0, 3, "0.00"), (1, 3, "33.33"), (2, 3, "66.67"), (3, 3, "100.00"), (1, 800, "0.13")],
)
def test_rates_have_two_decimals_half_up_and_none_over_zero(part: int, whole: int, percent: str | None) -> None:
    assert rate(part, whole) == (None if percent is None else Decimal(percent))


@given(values=st.lists(st.integers(0, 10_000), min_size=1), percent=st.integers(1, 100))
def test_a_percentile_is_the_smallest_value_that_enough_do_not_exceed(values: list[int], percent: int) -> None:
    found = percentile(sorted(values), percent)
    assert found in values
    needed = math.ceil(percent * len(values) / 100)
    assert sum(value <= found for value in values) >= needed
    assert sum(value < found for value in values) < needed


def test_of_nothing_there_is_no_percentile_and_no_mean() -> None:
    assert percentile([], 50) is None
    assert mean([]) is None


async def a_morning(desk: Desk) -> None:
    """Counter 1: three waits of 1, 2 and 3 minutes, served 10 minutes each; counter 3: one no-show after 30 s."""
    await desk.open_counter("1")
    await desk.open_counter("3")
    for minutes in (1, 2, 3):
        await desk.take("A")
        desk.clock.forward(minutes=minutes)
        await desk.next("1")
        await desk.start("1")
        desk.clock.forward(minutes=10)
        await desk.finish("1")
    await desk.take("B")
    desk.clock.forward(seconds=30)
    await desk.next("3")
    await desk.no_show("3")
    visits = [row[0] for row in await desk.rows("SELECT id FROM visit WHERE counter = '1' ORDER BY called_at")]
    await desk.evaluate(visits[0], "very_satisfied", request_id="request-a")
    await desk.evaluate(visits[1], "dissatisfied", request_id="request-b")


async def exported(desk: Desk, kind: Kind, form: str, by: str = "") -> bytes:
    asked = question(kind, form, DAY, DAY, parse_by(by))

    def run(reader: Reader) -> bytes:
        return export(reader.rows, asked, now=reader.now, limit_s=120, language="zh")

    return await desk.store.read(run)


async def table(desk: Desk, kind: Kind, by: str = "") -> list[dict[str, str]]:
    text = (await exported(desk, kind, "csv", by)).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


async def test_satisfaction_by_counter(desk: Desk) -> None:
    await a_morning(desk)
    [row] = await table(desk, "satisfaction", "counter")
    wanted = {
        "counter": "1",
        "finished": "3",
        "evaluated": "2",
        "satisfied": "1",
        "dissatisfied": "1",
        "very_satisfied": "1",
        "satisfied_level": "0",
        "dissatisfied_level": "1",
        "satisfaction_rate": "50.00",
        "evaluation_rate": "66.67",
    }
    assert {name: row[name] for name in wanted} == wanted


async def test_waits_by_counter_in_whole_seconds(desk: Desk) -> None:
    await a_morning(desk)
    first, third = await table(desk, "waits", "counter")
    assert [first[name] for name in ("n", "no_shows", "mean_s", "p50_s", "p90_s", "max_s")] == [
        "3",
        "0",
        "120.00",
        "120",
        "180",
        "180",
    ]
    assert first["service_mean_s"] == "600.00"
    assert [third[name] for name in ("counter", "n", "no_shows", "p50_s", "service_mean_s")] == [
        "3",
        "1",
        "1",
        "30",
        "",
    ]


async def test_a_form_typed_in_by_staff_stands_beside_and_not_in_the_rate(desk: Desk) -> None:
    await a_morning(desk)
    await desk.store.write(
        lambda tx: tx.rows("UPDATE evaluation SET source = 'typed' WHERE level = 'dissatisfied'"), SYSTEM, None
    )
    [row] = await table(desk, "satisfaction")
    assert (row["evaluated"], row["typed"], row["satisfaction_rate"]) == ("1", "1", "100.00")


async def test_an_empty_hall_has_one_line_of_nothing(desk: Desk) -> None:
    [row] = await table(desk, "satisfaction")
    assert (row["finished"], row["satisfaction_rate"]) == ("0", "")
    assert await table(desk, "satisfaction", "counter") == []


async def test_csv_json_and_xlsx_say_the_same(desk: Desk) -> None:
    await a_morning(desk)
    groupings = {"counters": "counter,day", "arrivals": "service,day", "summary": "department,day"}
    for kind in COLUMNS:
        by = groupings.get(kind, "counter,service,day")
        rows = await table(desk, kind, by)
        document = json.loads(await exported(desk, kind, "json", by))
        assert document["by"] == by.split(",")
        sheet = openpyxl.load_workbook(io.BytesIO(await exported(desk, kind, "xlsx", by))).active
        assert sheet is not None
        lines = list(sheet.iter_rows(min_row=5, values_only=True))
        for row, members, cells in zip(rows, document["rows"], lines, strict=True):
            numbers = [float(value) if value and name not in document["by"] else value for name, value in row.items()]
            assert [value if value is not None else "" for value in members.values()] == numbers
            assert [value if value is not None else "" for value in cells] == numbers


async def test_days_outside_the_question_are_left_out(desk: Desk) -> None:
    await a_morning(desk)
    desk.clock.forward(days=1)
    await desk.take("A")
    await desk.next("1")
    await desk.finish("1")
    [row] = await table(desk, "satisfaction")
    assert row["finished"] == "3"


def test_questions_that_make_no_sense_are_refused() -> None:
    with pytest.raises(Unknown, match="export"):
        question("weather", "csv", DAY, DAY, ())
    with pytest.raises(Unknown, match="format"):
        question("waits", "doc", DAY, DAY, ())
    with pytest.raises(Invalid):
        question("waits", "csv", DAY, date(2026, 3, 1), ())
    with pytest.raises(Invalid, match="colour"):
        parse_by("counter,colour")


def test_the_order_of_grouping_columns_is_fixed() -> None:
    assert parse_by("day, counter") == ("counter", "day")


async def test_waits_over_the_halls_limit_are_those_longer_than_it(desk: Desk) -> None:
    """Waits of 60, 120, 180 and 30 seconds, limit 120: exactly the limit is not over it."""
    await a_morning(desk)
    [row] = await table(desk, "waits")
    assert (row["over_limit"], row["over_limit_rate"]) == ("1", "25.00")


async def test_reasons_are_counted_by_group(desk: Desk) -> None:
    await a_morning(desk)
    await desk.store.write(lambda tx: tx.rows("""UPDATE evaluation SET reasons = '["307", "510"]'"""), SYSTEM, None)
    assert await table(desk, "reasons", "counter") == [
        {"counter": "1", "reason": "307", "times": "2"},
        {"counter": "1", "reason": "510", "times": "2"},
    ]


async def test_a_counters_day_is_open_busy_paused_and_idle(desk: Desk) -> None:
    """Open 36 min 30 s so far: 30 min busy; then a pause of 5 minutes, back, and closed 10 minutes later."""
    await a_morning(desk)
    await desk.away("1")
    desk.clock.forward(minutes=5)
    await desk.back("1")
    desk.clock.forward(minutes=10)
    await desk.close_counter("1")
    [first, _] = await table(desk, "counters", "counter")
    open_s = 36 * 60 + 30 + 15 * 60
    assert [int(first[name]) for name in ("visits", "open_s", "busy_s", "away_s", "idle_s", "pauses")] == [
        3, open_s, 30 * 60, 5 * 60, open_s - 35 * 60, 1,
    ]  # fmt: skip


async def test_arrivals_are_all_tickets_by_what_became_of_them(desk: Desk) -> None:
    await a_morning(desk)
    await desk.cancel((await desk.take("A")).id)
    [a, b] = await table(desk, "arrivals", "service")
    assert [a[name] for name in ("issued", "called", "cancelled")] == ["4", "3", "1"]
    assert b["issued"] == "1"
    with pytest.raises(Invalid):
        await table(desk, "arrivals", "counter")


@pytest.mark.parametrize("kind", COLUMNS)
async def test_the_paper_says_every_number_of_the_table(desk: Desk, kind: Kind) -> None:
    await a_morning(desk)
    by = {"arrivals": "service"}.get(kind, "counter")
    document = pylopdf.open(stream=await exported(desk, kind, "pdf", by))
    words = "".join(document[page].get_text() for page in range(len(document))).split()
    for row in await table(desk, kind, by):
        assert [value for value in row.values() if value and value not in words] == []
