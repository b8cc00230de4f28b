"""xlsx (recomputed by LibreOffice), PDF (its text), json and the score itself say the same to the cent."""

import io
import os
import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pylopdf
import pytest

from hub.assessment.assessing import Assessment, assess
from hub.assessment.commands import assess as assess_command
from hub.assessment.document import document
from hub.assessment.facts import Facts
from hub.assessment.periods import parse_period
from hub.assessment.reports.book import book
from hub.assessment.reports.paper import paper
from hub.assessment.shelf import our_schemes
from tests.unit.hub.assessed import (
    answers,
    at,
    cases,
    facts,
    finding,
    late,
    overdue,
    verified,
)
from tests.unit.hub.commands import run

HALL = "政务服务中心"
MADE = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
SUMS = ("base", "bonus", "deduction", "total")


def _good(unit: str) -> Facts:
    """197 of 200 on the spot, 174 of 180 satisfied, three complaints, two good deeds."""
    return facts(
        cases(197, on_site=True),
        cases(3, prefix="off", on_site=False),
        [answers(174, 180)],
        verified(3),
        late(4),
        [finding("19.8a", "bonus", event="e1"), finding("19.8b", "bonus", event="e2")],
        unit=unit,
    )


def _bad(unit: str) -> Facts:
    """One late case and what it costs, a quarrel, bonuses over the cap."""
    bonuses = [finding("19.2", "bonus", event=f"b{n}") for n in range(12)]
    return facts([overdue("late-1")], [answers(94, 100)], bonuses, [finding("20.9", "deduct", event="q")], unit=unit)


def _window(unit: str) -> Facts:
    found = [finding("w2d", "deduct", event="x"), finding("u2", "deduct", event="y")]
    return facts(found, verified(1), unit=unit)


def _vetoed(unit: str) -> Facts:
    return facts([finding("w6", "veto", event="v")], unit=unit)


def _year(unit: str) -> Facts:
    known = _good(unit)
    return facts(known.cases, known.tallies, known.complaints, known.findings, unit=unit, now=at("2026-12-20"))


CASES: dict[str, tuple[str, str, list[Facts]]] = {
    "a quarter of Luzhou": ("luzhou", "2026Q1", [_good("市场监督管理局"), _bad("公安局/户籍"), facts(unit="空白单位")]),
    "a year of Luzhou": ("luzhou", "2026", [_year("市场监督管理局")]),
    "a month of stars": ("star", "2026-01", [_window("1"), _vetoed("2"), facts(unit="3")]),
    "a circular of stars": ("star", "2026Q1", [_window("1"), _vetoed("2")]),
    "a year of stars": ("star", "2026", [_window("1"), facts(unit="2")]),
    "Wenjiashi": ("wenjiashi", "2026-01", [facts(verified(2), unit="社保")]),
    "a hall's quarter": ("hall", "2026Q1", [facts(unit="1")]),
}


def assessed(name: str, **readings: str) -> Assessment:
    code, period, units = CASES[name]
    scheme = our_schemes()[code]
    known = {one.unit: one for one in units}
    return assess(scheme, parse_period(period, scheme.quarters), known, readings)


@pytest.fixture(scope="module")
def recomputed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Every book without any stored value, computed anew by LibreOffice."""
    soffice = shutil.which("soffice")
    if soffice is None:
        missing = "LibreOffice recomputes the books: apt install libreoffice-calc-nogui"
        if os.environ.get("HALL_TEST_ALL"):
            pytest.fail(missing)
        pytest.skip(missing)
    folder = tmp_path_factory.mktemp("books")
    for number, name in enumerate(CASES):
        _without_values(_book(name), folder / f"{number}.xlsx")
    profile = f"-env:UserInstallation=file://{folder / 'profile'}"
    files = [str(folder / f"{number}.xlsx") for number in range(len(CASES))]
    run = [soffice, profile, "--headless", "--convert-to", "xlsx", "--outdir", str(folder / "out"), *files]
    subprocess.run(run, check=True, capture_output=True, timeout=240)
    return {
        name: openpyxl.load_workbook(folder / "out" / f"{number}.xlsx", data_only=True)
        for number, name in enumerate(CASES)
    }


def _book(name: str) -> bytes:
    made = assessed(name)
    return book(document(made, unit=None, language="zh"), made.scheme, hall=HALL, language="zh")


def _without_values(data: bytes, file: Path) -> None:
    """openpyxl keeps formulas and forgets what they amounted to."""
    openpyxl.load_workbook(io.BytesIO(data)).save(file)


def _overview(workbook: Any) -> dict[str, list[Any]]:
    rows = list(workbook.worksheets[0].iter_rows(min_row=5, values_only=True))
    return {str(row[1]): [row[column] for column in range(2, 6)] for row in rows}


def _wanted(unit: dict[str, Any]) -> list[Any]:
    return ["无数据" if unit[name] is None else float(unit[name]) for name in SUMS]


@pytest.mark.parametrize("name", CASES)
def test_libreoffice_computes_the_same_totals(name: str, recomputed: dict[str, Any]) -> None:
    told = document(assessed(name), unit=None, language="zh")
    found = _overview(recomputed[name])
    assert {unit["unit"]: _wanted(unit) for unit in told["units"]} == {
        unit: [round(value, 2) if isinstance(value, float | int) else value for value in row]
        for unit, row in found.items()
    }


@pytest.mark.parametrize("name", CASES)
def test_the_stored_values_of_the_formulas_are_those_of_the_score(name: str) -> None:
    told = document(assessed(name), unit=None, language="zh")
    stored = openpyxl.load_workbook(io.BytesIO(_book(name)), data_only=True)
    assert _overview(stored) == {unit["unit"]: _wanted(unit) for unit in told["units"]}


@pytest.mark.parametrize(("name", "language"), [*((name, "zh") for name in CASES), ("a quarter of Luzhou", "en")])
def test_the_paper_says_every_total_and_every_score(name: str, language: Any) -> None:
    told = document(assessed(name), unit=None, language=language)
    words = _words(paper(told, hall=HALL, language=language, made_at=MADE))
    for unit in told["units"]:
        numbers = [unit[sum_] for sum_ in SUMS] + [item["score"] for item in unit["items"]]
        assert [one for one in numbers if one is not None and one not in words] == []


def test_a_units_own_report_names_its_findings_and_readings() -> None:
    made = assessed("a quarter of Luzhou")
    told = document(made, unit="公安局/户籍", language="zh")
    text = _text(paper(told, hall=HALL, language="zh", made_at=MADE))
    assert "考核报告" in text
    assert "late-1" in text
    assert all(one["title"][:6] in text for one in told["readings_text"])
    assert "（签字）" in text


@pytest.mark.parametrize(("name", "open_"), [("a quarter of Luzhou", True), ("a month of stars", False)])
def test_what_nobody_scored_is_marked_on_every_paper(name: str, open_: bool) -> None:
    told = document(assessed(name), unit=None, language="zh")
    assert ("暂定" in _text(paper(told, hall=HALL, language="zh", made_at=MADE))) == open_
    cells = [cell for sheet in _sheets(_book(name)) for row in sheet.iter_rows(values_only=True) for cell in row]
    assert ("暂定" in cells) == open_


def _sheets(data: bytes) -> list[Any]:
    return list(openpyxl.load_workbook(io.BytesIO(data)).worksheets)


def test_names_that_a_sheet_may_not_have_are_made_fit_and_stay_apart() -> None:
    scheme = our_schemes()["luzhou"]
    names = ["a/b", "a:b", "长" * 40, "长" * 40 + "二", "总表"]
    made = assess(scheme, parse_period("2026Q1", scheme.quarters), {name: facts(unit=name) for name in names}, {})
    data = book(document(made, unit=None, language="zh"), scheme, hall=HALL, language="zh")
    sheets = openpyxl.load_workbook(io.BytesIO(data)).sheetnames
    assert len(set(sheets)) == len(names) + 1
    assert all(len(sheet) <= 31 for sheet in sheets)


def _text(data: bytes) -> str:
    opened = pylopdf.open(stream=data)
    return "".join(opened[page].get_text() for page in range(len(opened)))


def _words(data: bytes) -> set[str]:
    return {word.lstrip("+") for word in _text(data).replace("　", " ").split()}


@pytest.mark.parametrize("form", ["xlsx", "pdf"])
def test_the_command_writes_the_report(form: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = tmp_path / f"report.{form}"
    done = run(monkeypatch, tmp_path, assess_command, "hall", "2026-03", "--format", form, "--out", str(out))
    assert done.exit_code == 0, done.output
    data = out.read_bytes()
    said = _text(data) if form == "pdf" else " ".join(_sheets(data)[0].cell(1, 1).value.split())
    assert "政务服务中心" in said or "Government Service Hall" in said
    wrong = run(monkeypatch, tmp_path, assess_command, "hall", "2026-03", "--format", "doc")
    assert wrong.exit_code == 2
