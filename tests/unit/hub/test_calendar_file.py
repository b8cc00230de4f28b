"""The calendar's CSV and its versions: taken whole or not at all, every bad line named."""

from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.calendar.dates import Calendar, NamedDay
from hub.calendar.reading import load_calendar
from hub.calendar.sheet import checked, read_sheet, sheet_of
from hub.calendar.verbs import import_sheet, learn_from_package
from hub.problems import BadLines
from hub.store import SYSTEM, Reader
from tests.unit.hub.desk import Desk
from tests.unit.hub.halls import a_hall
from tests.unit.hub.plans import a_day, known, local

#: An invented arrangement: 2027's is not known yet.
NATIONAL = [
    ("2027-01-01", "statutory", "元旦"),
    ("2027-02-05", "statutory", "春节"),
    ("2027-02-06", "make_up_work", "春节"),
    ("2027-05-01", "statutory", "劳动节"),
    ("2027-10-01", "statutory", "国庆节"),
    ("2027-10-02", "statutory", "国庆节"),
    ("2027-10-03", "statutory", "国庆节"),
    ("2027-10-04", "make_up_rest", "国庆节"),
]


def a_file(rows: list[tuple[str, str, str]] | None = None, header: str = "date,kind,name") -> str:
    return "\n".join([header, *(",".join(row) for row in (NATIONAL if rows is None else rows))]) + "\n"


def read_calendar(text: str, calendar: Calendar, *, year: int | None = None) -> list[NamedDay]:
    return checked(read_sheet(text), calendar, year=year)


def bad_lines(text: str, *, year: int | None = None) -> list[tuple[int, str]]:
    with pytest.raises(BadLines) as refused:
        read_calendar(text, known(), year=year)
    assert all(str(bad.line) in refused.value.sentence("zh") for bad in refused.value.lines)
    return [(bad.line, bad.en) for bad in refused.value.lines]


def test_a_file_is_read_with_bom_and_columns_in_any_order() -> None:
    rows = ["\ufeffname,date,kind", *(f"{name},{day},{kind}" for day, kind, name in NATIONAL), ""]
    days = read_calendar("\r\n".join(rows), known())
    assert (days[0], len(days)) == (NamedDay(date(2027, 1, 1), "statutory", "元旦"), 8)


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ("2027-13-01,statutory,x", "'2027-13-01' is no date; write 2026-10-01"),
        ("20270101,statutory,x", "'20270101' is no date; write 2026-10-01"),
        (",statutory,x", "'' is no date; write 2026-10-01"),
        ("2027-03-01,holiday,x",
         "kind 'holiday' must be one of statutory make_up_rest make_up_work local_holiday"),
        ("2027-03-01,statutory,", "the name is missing"),
        ("2027-03-01,statutory," + "长" * 81, "the name is longer than 80 characters"),
        ("9999-12-31,local_holiday,x", "9999-12-31 is no sensible year"),
        ("2027-03-01,statutory", "2 cells, not 3"),
        ("2027-01-01,statutory,元旦", "2027-01-01 stands on line 2 already"),
        ("2027-03-01,make_up_work,x", "2027-03-01 is no weekend, so it cannot be make_up_work"),
    ],
)  # fmt: skip
def test_a_bad_line_is_named_with_its_number_and_reason(row: str, why: str) -> None:
    assert bad_lines(a_file() + row + "\n") == [(10, why)]


def test_every_bad_line_is_named_at_once() -> None:
    text = a_file() + "soon,statutory,x\n\n2027-03-01,off,\n"
    assert [line for line, _ in bad_lines(text)] == [10, 12, 12]


def test_with_a_year_every_date_must_be_in_it() -> None:
    assert bad_lines(a_file() + "2026-12-31,local_holiday,x\n", year=2027) == [(10, "2026-12-31 is not in 2027")]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "the header must be date, kind, name; it is —"),
        ("date;kind;name\n", "the header must be date, kind, name; it is date;kind;name"),
        ("date,kind,name\n", "there is not one date"),
        ('date,kind,name\n"2027', "unexpected end of data"),
    ],
)
def test_a_file_that_is_none_says_so(text: str, why: str) -> None:
    lines = bad_lines(text)
    assert lines[0][0] in (1, 2)
    assert why in lines[0][1] or "is no date" in lines[0][1] or "1 cells" in lines[0][1]


def test_a_year_without_its_fixed_holidays_is_not_taken() -> None:
    rows = [row for row in NATIONAL if row[0] not in ("2027-05-01", "2027-10-02")]
    assert bad_lines(a_file(rows)) == [
        (2, "2027 is not whole: the public holiday 2027-05-01 is missing"),
        (2, "2027 is not whole: the public holiday 2027-10-02 is missing"),
    ]


def test_local_holidays_need_a_known_year() -> None:
    assert read_calendar(a_file([("2026-09-03", "local_holiday", "州庆")]), known())
    assert bad_lines(a_file([("2027-09-03", "local_holiday", "州庆")])) == [
        (2, "2027 has no national arrangement yet; local holidays alone do not make a year")
    ]


@given(st.text(alphabet=st.sampled_from('date,kind,name\r\n2027-01"\ufeff\x00元旦statutory '), max_size=200))
def test_no_file_breaks_the_reader(text: str) -> None:
    with suppress(BadLines):
        assert read_calendar(text, known())


@given(st.permutations(NATIONAL))
def test_the_order_of_the_lines_does_not_matter(rows: list[tuple[str, str, str]]) -> None:
    days = read_calendar(a_file(rows), known())
    assert sorted(day.date for day in days) == sorted(date.fromisoformat(day) for day, _, _ in NATIONAL)


# --- versions --------------------------------------------------------------------------------------------------------


async def test_the_first_version_holds_every_year_of_the_package(desk: Desk) -> None:
    calendar = desk.hall.plan.calendar
    assert calendar.version == 1
    assert calendar.years >= set(range(2004, 2027))
    [(source,)] = await desk.rows("SELECT source FROM calendar_version")
    assert source.startswith("chinesecalendar ")


async def test_an_import_makes_a_version_and_leaves_the_old_one_as_it_was(desk: Desk) -> None:
    before = await desk.rows("SELECT day, kind, name FROM calendar_date WHERE version = 1 ORDER BY day")
    made = await desk.store.write(import_sheet, SYSTEM, None, read_sheet(a_file()), source="notice.csv")
    assert made.version == 2
    assert await desk.rows("SELECT number FROM calendar_version WHERE active") == [(2,)]
    assert await desk.rows("SELECT day, kind, name FROM calendar_date WHERE version = 1 ORDER BY day") == before
    calendar = await desk.store.read(_calendar)
    assert {2026, 2027} <= calendar.years
    assert len(calendar.of_year(2027)) == len(NATIONAL)
    assert len(calendar.of_year(2026)) == len(known().of_year(2026))
    told = await desk.rows("SELECT data FROM journal WHERE kind = 'calendar_imported' ORDER BY seq DESC LIMIT 1")
    assert '"version":2,"years":[2027]' in told[0][0]


async def test_an_import_of_a_known_year_replaces_it_and_keeps_its_local_holidays(desk: Desk) -> None:
    await desk.store.write(import_sheet, SYSTEM, None, sheet_of([a_day("2026-09-03")]), source="local")
    mended = [day for day in known().of_year(2026) if day.date != date(2026, 10, 10)]
    await desk.store.write(import_sheet, SYSTEM, None, sheet_of(mended), source="mended")
    calendar = await desk.store.read(_calendar)
    assert calendar.version == 3
    assert calendar.named(date(2026, 10, 10)) is None
    assert calendar.named(date(2026, 9, 3)) == a_day("2026-09-03")


async def test_what_cannot_be_taken_whole_is_not_taken_at_all(desk: Desk) -> None:
    both = sheet_of([a_day("2027-09-03"), a_day("2026-09-03")])
    with pytest.raises(BadLines, match="2027"):
        await desk.store.write(import_sheet, SYSTEM, None, both, source="x")
    assert (await desk.store.read(_calendar)).version == 1


async def test_a_newer_package_adds_its_years_and_replaces_nothing(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    from hub.calendar import package

    assert await desk.store.write(learn_from_package, SYSTEM, None) is None
    year = package.known_years()[-1] + 1
    new = (a_day(f"{year}-01-01", "statutory", "元旦"),)
    monkeypatch.setattr(package, "known_years", lambda: [2026, year])
    monkeypatch.setattr(package, "named_days", {year: new}.__getitem__)
    learnt = await desk.store.write(learn_from_package, SYSTEM, None)
    assert learnt is not None
    assert (learnt.version, learnt.of_year(year)) == (2, list(new))
    assert await desk.store.write(learn_from_package, SYSTEM, None) is None


async def test_a_hall_that_wants_its_own_calendar_begins_with_none(database: str) -> None:
    desk = await Desk.open(database, a_hall(calendar={"seed": "empty"}))
    desk.clock.at = local("2026-10-01 10:00")
    assert (desk.hall.plan.calendar.version, (await desk.take()).number) == (0, "A001")
    desk.store.close()


def _calendar(reader: Reader) -> Calendar:
    return load_calendar(reader.rows)
