"""A hall's own scheme: read from a file, every mistake named with its line in both languages; the schemes we bring."""

import json
from fractions import Fraction
from pathlib import Path

import pytest

from hub.assessment import checking
from hub.assessment.commands import _body
from hub.assessment.facts import Facts
from hub.assessment.longer import score_period
from hub.assessment.periods import parse_period, parts, period_of
from hub.assessment.rounding import rounded
from hub.assessment.scheme_file import parse_scheme
from hub.assessment.shelf import our_schemes, schemes
from hub.problems import BadLines, Invalid
from hub.settings import Settings, SettingsError, settings_from
from tests.unit.hub.assessed import facts, overdue

OWN = """\
[scheme]
code = "ours"
names = {zh = "本厅考核", en = "Ours"}
source = {zh = "本厅", en = "Ours"}
unit = "department"

[[period]]
kind = "quarter"
basis = "items"

[[group]]
code = "1"
names = {zh = "结果", en = "Results"}
points = 40

[[item]]
code = "1.1"
group = "1"
names = {zh = "超期件", en = "Overdue"}
points = 40
kind = "each"
metric = "overdue"
tariff = [5, 5, 10]
"""


def faults(text: str) -> list[tuple[int, str]]:
    with pytest.raises(BadLines) as caught:
        parse_scheme(text)
    assert all(bad.zh and bad.en for bad in caught.value.lines)
    return [(bad.line, bad.en) for bad in caught.value.lines]


def test_an_own_scheme_scores() -> None:
    """Three overdue cases: 5 + 5 + 10 of 40."""
    scheme = parse_scheme(OWN)
    known = facts([overdue(f"c{i}") for i in range(3)])
    score = score_period(scheme, parse_period("2026Q1", scheme.quarters), known, {})
    assert f"{score.total}" == "20.00"


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ('kind = "each"', 'kind = "eech"', 21, "[[item]].kind"),
        ('metric = "overdue"', 'metric = "overdo"', 22, "no such metric: overdo"),
        ('metric = "overdue"', 'metric = "satisfaction"', 22, "is for items of kind"),
        ('group = "1"', 'group = "2"', 18, "there is no group 2"),
        ("points = 40\nkind", 'pionts = 40\nkind', 20, "unknown key"),
        ('unit = "department"', 'unit = "floor"', 5, "[scheme].unit"),
        ('metric = "overdue"', 'metric = "overdue"\nreadings = ["annual"]', 23, "annual is not declared"),
        ('metric = "overdue"', 'metric = "overdue"\nleads = ["ghost"]', 23, "no such lead"),
        ("tariff = [5, 5, 10]", "tariff = [5, -5]", 23, "[[item]].tariff"),
        ('code = "1.1"', 'code = "1.1', 17, "not valid TOML"),
    ],
)  # fmt: skip
def test_every_mistake_is_named_with_its_line(old: str, new: str, line: int, words: str) -> None:
    found = faults(OWN.replace(old, new, 1))
    assert any(at == line and words in told for at, told in found), found


def test_several_mistakes_are_told_at_once_and_a_code_twice_is_one() -> None:
    twice = OWN + OWN[OWN.index("[[item]]") :].replace('group = "1"', 'group = "9"')
    assert [line for line, _ in faults(twice)] == [24, 26]


def test_a_reading_needs_a_default_that_it_has() -> None:
    text = OWN + '\n[[reading]]\nname = "annual"\nnames = {zh = "年", en = "year"}\ndefault = "median"\n'
    assert faults(text)[0][0] == 28


def test_a_file_with_the_code_of_ours_takes_its_place(tmp_path: Path) -> None:
    (tmp_path / "own.toml").write_text(OWN.replace('"ours"', '"hall"', 1), encoding="utf-8")
    known = schemes(str(tmp_path))
    assert (known["hall"].names["en"], set(known)) == ("Ours", set(our_schemes()))


def test_hall_check_names_file_and_line(tmp_path: Path) -> None:
    (tmp_path / "own.toml").write_text(OWN.replace("each", "eech"), encoding="utf-8")
    settings = settings_from({"assessment": {"schemes": str(tmp_path)}}, origin="test")
    result = checking.schemes(settings, chinese=False)
    assert result.severity == 2
    assert f"{tmp_path / 'own.toml'}:21: " in result.text


def test_hall_check_names_a_reading_that_does_not_exist() -> None:
    settings = settings_from({"scheme": [{"code": "luzhou", "readings": {"annual": "median"}}]}, origin="test")
    result = checking.schemes(settings, chinese=True)
    assert (result.severity, "luzhou" in result.text, "annual" in result.text) == (2, True, True)


def test_hall_assess_reads_hall_toml_once_and_then_the_database(tmp_path: Path) -> None:
    for grace in ("10", "20"):
        body = _body(
            hall_reading(tmp_path, "grace_minutes", grace), "json", "luzhou", "2026Q1", None, "zh", items=False
        )
        assert {one["readings"]["grace_minutes"] for one in json.loads(body)["units"]} == {"10"}


def test_a_reading_that_does_not_exist_is_refused_at_the_start(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="annual"):
        _body(hall_reading(tmp_path, "annual", "median"), "json", "luzhou", "2026Q1", None, "zh", items=False)


def hall_reading(folder: Path, name: str, value: str) -> Settings:
    seed = {"code": "luzhou", "readings": {name: value}}
    return settings_from({"hub": {"database_url": f"sqlite:///{folder / 'hall.db'}"}, "scheme": [seed]}, origin="test")


@pytest.mark.parametrize(("code", "items"), [("luzhou", 59), ("star", 35), ("wenjiashi", 7), ("hall", 2)])
def test_our_schemes_are_whole(code: str, items: int) -> None:
    scheme = our_schemes()[code]
    assert len(scheme.items) == items
    assert all(set(one.names) >= {"zh", "en"} and one.article for one in scheme.items)


@pytest.mark.parametrize(
    ("text", "quarters", "first", "last"),
    [
        ("2026Q1", "december", "2025-12-01", "2026-02-28"),
        ("2024Q1", "december", "2023-12-01", "2024-02-29"),
        ("2026Q4", "december", "2026-09-01", "2026-11-30"),
        ("2026", "december", "2025-12-01", "2026-11-30"),
        ("2026Q1", "calendar", "2026-01-01", "2026-03-31"),
        ("2026", "calendar", "2026-01-01", "2026-12-31"),
        ("2024-02", "calendar", "2024-02-01", "2024-02-29"),
    ],
)
def test_periods_are_whole_months(text: str, quarters: str, first: str, last: str) -> None:
    period = parse_period(text, quarters)  # type: ignore[arg-type]
    assert (period.first.isoformat(), period.last.isoformat()) == (first, last)
    assert period_of(period.first, period.kind, quarters) == period  # type: ignore[arg-type]
    assert period_of(period.last, period.kind, quarters) == period  # type: ignore[arg-type]


@pytest.mark.parametrize("text", ["2026Q5", "2026-13", "26", "2026-1", "", "2026Q", "1999"])
def test_what_is_no_period_is_refused(text: str) -> None:
    with pytest.raises(Invalid):
        parse_period(text, "calendar")


def test_a_december_year_has_its_own_four_quarters() -> None:
    year = parse_period("2026", "december")
    assert [one.key for one in parts(year, "quarter", "december")] == ["2026Q1", "2026Q2", "2026Q3", "2026Q4"]
    assert [one.key for one in parts(year, "month", "december")][:2] == ["2025-12", "2026-01"]


@pytest.mark.parametrize(
    ("number", "told"),
    [("2/3", "0.67"), ("1/200", "0.01"), ("-1/200", "-0.01"), ("0.005", "0.01"), ("94.994999", "94.99")],
)
def test_halves_are_rounded_up_exactly(number: str, told: str) -> None:
    assert f"{rounded(Fraction(number))}" == told


def test_a_score_needs_no_facts_at_all() -> None:
    for scheme in our_schemes().values():
        kind = scheme.periods[0].kind
        text = {"month": "2026-01", "quarter": "2026Q1", "year": "2026"}[kind]
        assert score_period(scheme, parse_period(text, scheme.quarters), Facts(), {}).items
