"""Exports of single rows: a day at a time, in the columns of the imports, codes only at the edge."""

import csv
import io
import json
from datetime import date
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import openpyxl
import pytest

from hub.figures import list_files
from hub.figures.codes import TABLES
from hub.figures.commands import export
from hub.figures.list_exports import list_question, stream
from hub.figures.lists import LISTS
from hub.problems import Invalid, Unknown
from hub.store import SYSTEM
from tests.unit.hub.commands import run
from tests.unit.hub.desk import Desk
from tests.unit.hub.test_figures import a_morning

ZONE = ZoneInfo("Asia/Shanghai")
FIRST, LAST = date(2026, 2, 27), date(2026, 3, 3)


async def exported(desk: Desk, kind: str, form: str = "csv", codes: str | None = None) -> bytes:
    asked = list_question(kind, form, FIRST, LAST, ZONE, codes)
    return b"".join([piece async for piece in stream(desk.store.read, asked)])


async def table(desk: Desk, kind: str, codes: str | None = None) -> list[dict[str, str]]:
    text = (await exported(desk, kind, codes=codes)).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


async def test_tickets_come_in_the_columns_of_their_import(desk: Desk) -> None:
    await a_morning(desk)
    first, second, third, missed = await table(desk, "tickets")
    assert (first["number"], first["outcome"], first["level"], first["level_source"]) == (
        "A001", "served", "very_satisfied", "citizen",
    )  # fmt: skip
    assert first["issued_at"] == "2026-03-02T12:00:00+08:00"
    assert (second["level"], third["level"], missed["outcome"]) == ("dissatisfied", "", "no_show")


async def test_codes_of_two_systems_contradict_each_other_and_stand_beside_the_names(desk: Desk) -> None:
    await a_morning(desk)
    national = await table(desk, "evaluations", "gbt39046")
    zhejiang = await table(desk, "evaluations", "zhejiang")
    assert [(row["level"], row["level_code"], row["channel_code"]) for row in national] == [
        ("very_satisfied", "1", "5"),
        ("dissatisfied", "4", "5"),
    ]
    assert [row["level_code"] for row in zhejiang] == ["5", "2"]
    assert (TABLES["gbt39046"].kind("promised"), TABLES["zhejiang"].kind("promised")) == ("2", "1")
    assert TABLES["gbt39046"].kind("joint") == "9"
    assert (TABLES["zhejiang"].channel("keypad", "default"), TABLES["zhejiang"].channel("paper", "typed")) == ("7", "")


@pytest.mark.parametrize("kind", LISTS)
async def test_csv_json_and_xlsx_carry_the_same_rows(desk: Desk, kind: str, tmp_path: Path) -> None:
    await a_morning(desk)
    rows = [{name: value for name, value in row.items() if value} for row in await table(desk, kind)]
    told: list[dict[str, Any]] = json.loads(await exported(desk, kind, "json"))
    assert [{name: str(value) for name, value in row.items()} for row in told] == rows
    sheet = openpyxl.load_workbook(io.BytesIO(await exported(desk, kind, "xlsx"))).active
    assert sheet is not None
    head, *lines = sheet.iter_rows(values_only=True)
    cells = [{name: str(value) for name, value in zip(head, line, strict=True) if value is not None} for line in lines]
    assert cells == rows
    assert bool(rows) == (kind != "cases")


async def test_the_journal_of_a_day_is_the_whole_of_it_in_order(desk: Desk) -> None:
    await a_morning(desk)
    desk.clock.forward(days=3)
    await desk.take("A")
    rows = await table(desk, "journal")
    [[last]] = await desk.rows("SELECT max(seq) FROM journal")
    [[seeded]] = await desk.rows("SELECT min(seq) FROM journal")
    assert [int(row["seq"]) for row in rows] == list(range(seeded, last))  # all but the ticket of three days later


async def test_a_text_that_a_spreadsheet_would_run_stays_a_text(desk: Desk) -> None:
    await a_morning(desk)
    await desk.store.write(lambda tx: tx.rows("UPDATE evaluation SET comment = '=1+1'"), SYSTEM, None)
    assert {row["comment"] for row in await table(desk, "evaluations")} == {"'=1+1"}


async def test_more_rows_than_a_sheet_holds_are_refused_with_the_way_out(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    await a_morning(desk)
    monkeypatch.setattr(list_files, "SHEET_ROWS", 3)
    with pytest.raises(Invalid, match="csv"):
        await exported(desk, "tickets", "xlsx")


def test_what_makes_no_sense_is_refused() -> None:
    for wrong in (("weather", "csv", None), ("tickets", "doc", None), ("tickets", "csv", "morse")):
        with pytest.raises(Unknown):
            list_question(wrong[0], wrong[1], FIRST, LAST, ZONE, wrong[2])
    with pytest.raises(Invalid):
        list_question("journal", "csv", FIRST, LAST, ZONE, "gbt39046")
    with pytest.raises(Invalid):
        list_question("tickets", "csv", LAST, FIRST, ZONE, None)


def test_the_command_writes_the_file_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = tmp_path / "march.csv"
    asked = ["tickets", "--from", "2026-03-01", "--to", "2026-03-31", "--out", str(out)]
    done = run(monkeypatch, tmp_path, export, *asked)
    assert done.exit_code == 0, done.output
    assert out.read_text("utf-8-sig").startswith("number,service,")
    out.write_text("older")
    refused = run(monkeypatch, tmp_path, export, *asked, "--format", "doc")
    assert refused.exit_code == 1
    assert out.read_text() == "older"
    assert [file.name for file in tmp_path.glob(".march*")] == []
