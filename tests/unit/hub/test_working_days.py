"""Working days in the real calendars of 2025 and 2026, and the refusal to guess beyond them."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.calendar import package
from hub.calendar.dates import with_days
from hub.calendar.working_days import add_working_days, after, working_day, working_days_of
from hub.problems import CalendarUnknown
from tests.unit.hub.plans import a_day, known

IN_KNOWN_YEARS = st.dates(date(2004, 1, 1), date(2026, 9, 1))


def day(text: str) -> date:
    return date.fromisoformat(text)


@pytest.mark.parametrize(
    ("text", "works"),
    [
        ("2025-01-26", True),  # 周日，春节调休上班
        ("2025-01-28", False),  # 除夕
        ("2025-02-08", True),  # 周六，春节调休上班
        ("2025-05-05", False),  # 劳动节调休
        ("2025-09-28", True),  # 周日，国庆节调休上班
        ("2025-10-06", False),  # 国庆、中秋
        ("2025-10-08", False),
        ("2025-10-09", True),
        ("2025-10-11", True),  # 周六上班
        ("2026-01-02", False),  # 元旦调休
        ("2026-01-04", True),  # 周日上班
        ("2026-02-14", True),  # 周六，春节调休上班
        ("2026-02-15", False),
        ("2026-02-23", False),
        ("2026-02-28", True),  # 周六上班
        ("2026-04-06", False),  # 清明节补假
        ("2026-05-09", True),
        ("2026-06-19", False),  # 端午节
        ("2026-09-20", True),
        ("2026-10-01", False),
        ("2026-10-07", False),
        ("2026-10-08", True),
        ("2026-10-10", True),  # 周六，国庆节调休上班
        ("2026-10-11", False),
    ],
)
def test_real_days_are_worked_or_free(text: str, works: bool) -> None:
    assert working_day(known(), day(text)) is works


@pytest.mark.parametrize("year", [2025, 2026])
def test_these_years_have_248_working_days(year: int) -> None:
    assert working_days_of(known(), year) == 248


def test_our_table_says_of_every_day_what_the_package_says() -> None:
    days = (date(2004, 1, 1) + timedelta(days=offset) for offset in range((date(2027, 1, 1) - date(2004, 1, 1)).days))
    import chinese_calendar

    assert [one for one in days if working_day(known(), one) != chinese_calendar.is_workday(one)] == []


@pytest.mark.parametrize(
    ("start", "n", "found"),
    [
        ("2026-09-30", 1, "2026-10-08"),
        ("2026-09-30", 3, "2026-10-10"),
        ("2026-09-30", 4, "2026-10-12"),
        ("2026-10-03", 1, "2026-10-08"),
        ("2026-02-13", 1, "2026-02-14"),
        ("2026-02-13", 2, "2026-02-24"),
        ("2026-03-02", 5, "2026-03-09"),
        ("2026-03-02", 0, "2026-03-02"),
        ("2026-10-01", 0, "2026-10-08"),
    ],
)
def test_counting_begins_on_the_day_after(start: str, n: int, found: str) -> None:
    assert add_working_days(known(), day(start), n) == day(found)


def test_the_explanation_names_the_rule_the_days_left_out_and_the_version() -> None:
    counted = after(known(), day("2026-09-30"), 4)
    assert (counted.date, counted.version) == (day("2026-10-12"), 1)
    assert [line["zh"] for line in counted.lines] == [
        "2026年9月30日：当日不计入（民法典第二百零一条）",
        "2026年10月1日至2026年10月7日：国庆节，不计入",
        "2026年10月10日：周六调休上班，计入",
        "2026年10月11日：周末，不计入",
        "2026年10月12日：第 4 个工作日",
        "日历第 1 版",
    ]
    assert counted.lines[1]["en"] == "2026-10-01 to 2026-10-07: National Day, not counted"


@given(IN_KNOWN_YEARS, st.integers(1, 60))
def test_exactly_n_working_days_lie_after_the_first_day_up_to_the_last(start: date, n: int) -> None:
    last = add_working_days(known(), start, n)
    between = [start + timedelta(days=offset) for offset in range(1, (last - start).days + 1)]
    assert sum(working_day(known(), one) for one in between) == n
    assert working_day(known(), last)


@given(IN_KNOWN_YEARS, st.integers(0, 30), st.integers(0, 30))
def test_counting_on_from_a_result_gives_the_same_as_counting_at_once(start: date, n: int, more: int) -> None:
    if n:
        assert add_working_days(known(), add_working_days(known(), start, n), more) == add_working_days(
            known(), start, n + more
        )


@pytest.mark.parametrize(("start", "n"), [("2027-01-04", 1), ("2026-12-31", 1), ("2026-12-20", 20), ("2003-12-30", 1)])
def test_beyond_the_data_nothing_is_guessed(start: str, n: int) -> None:
    with pytest.raises(CalendarUnknown, match=r"2027|2003"):
        add_working_days(known(), day(start), n)


def test_a_count_that_ends_on_the_last_known_day_is_answered() -> None:
    assert add_working_days(known(), day("2026-12-30"), 1) == day("2026-12-31")


def test_backwards_is_refused() -> None:
    with pytest.raises(ValueError, match="forward"):
        add_working_days(known(), day("2026-03-02"), -1)


def test_the_package_refuses_years_it_does_not_know_and_so_do_we() -> None:
    assert package.known_years()[0] == 2004
    with pytest.raises(NotImplementedError):
        package.named_days(package.known_years()[-1] + 1)


def test_local_holidays_are_free_and_leave_the_national_arrangement_alone() -> None:
    extended = with_days(known(), 2, [a_day("2026-09-03")])
    assert not working_day(extended, day("2026-09-03"))
    assert working_days_of(extended, 2026) == 247
    assert working_days_of(with_days(extended, 3, [a_day("2026-09-04")]), 2026) == 247
