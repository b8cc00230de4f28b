"""When cases are due: by hand from real calendars, and what must hold for every case."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.calendar.plan import hours_on
from hub.calendar.working_days import working_day
from hub.cases.deadlines import Course, DayRules, Stop, deadline, overdue
from hub.problems import CalendarUnknown
from tests.unit.hub.deadline_table import DEADLINES, a_course
from tests.unit.hub.plans import CHINA, a_plan, known, local, told

CLOSES = 17 * 60
RULES = DayRules(known(), CHINA, lambda day: CLOSES)


def lines(course: Course, rules: DayRules = RULES, language: str = "zh") -> list[str]:
    return [line[language] for line in deadline(course, rules).lines]


@pytest.mark.parametrize(("course", "due", "says"), [row[1:] for row in DEADLINES], ids=[row[0] for row in DEADLINES])
def test_a_case_is_due_as_counted_by_hand_and_says_why(course: Course, due: str, says: list[str]) -> None:
    found = deadline(course, RULES)
    assert told(found.at) == (f"{due} 17:00" if due else "")
    said = [line["zh"] for line in found.lines]
    assert [line for line in says if line not in said] == []
    assert said[-1] == "日历第 1 版"
    assert found.version == 1
    assert all(line["en"] for line in found.lines)


def test_an_explanation_reads_from_receipt_to_the_close_of_business() -> None:
    assert lines(a_course("2026-09-24 10:00", 6)) == [
        "2026年9月24日：收到申请，当日不计入（民法典第二百零一条）",
        "2026年9月25日至2026年9月27日：中秋节，不计入",
        "2026年10月1日至2026年10月7日：国庆节，不计入",
        "2026年10月10日：周六调休上班，计入",
        "2026年10月10日：第 6 个工作日",
        "2026年10月10日：17:00 停止办公时期限届满（民法典第二百零三条）",
        "日历第 1 版",
    ]
    assert lines(a_course("2026-09-24 10:00", 6), language="en")[1:3] == [
        "2026-09-25 to 2026-09-27: Mid-Autumn Festival, not counted",
        "2026-10-01 to 2026-10-07: National Day, not counted",
    ]


@pytest.mark.parametrize(
    ("open_", "due"),
    [
        ({"mon": ("09:00-12:00",)}, "2026-03-09 12:00"),
        ({"mon": ("08:00-11:00", "14:00-17:30")}, "2026-03-09 17:30"),
        ({}, "2026-03-10 00:00"),  # no hours on that day: until it ends
    ],
)
def test_the_moment_is_the_close_of_business_of_that_very_day(open_: dict[str, tuple[str, ...]], due: str) -> None:
    from tests.unit.hub.plans import hours

    plan = a_plan(open_=hours(**open_))
    spans = {day: hours_on(plan, None, day).spans for day in (date(2026, 3, 9),)}
    rules = DayRules(known(), CHINA, lambda day: spans[day][-1].end if spans.get(day) else None)
    assert told(deadline(a_course("2026-03-02 09:00", 5), rules).at) == due


@pytest.mark.parametrize(
    ("appointed", "deemed", "says"),
    [
        ("2026-03-06 10:00", True, "2026年3月6日：约定 10:00，申请人未到：视为按时办结（限时办结制第九条）"),
        ("2026-03-09 17:00", True, "2026年3月9日：约定 17:00，申请人未到：视为按时办结（限时办结制第九条）"),
        ("2026-03-09 17:01", False, "2026年3月9日：约定 17:01，申请人未到：约定时间已在期限之后，不予认定"),
        (None, False, "申请人未到，但没有约定时间的记录，不予认定"),
    ],
)
def test_who_misses_the_appointed_time_makes_the_office_count_as_in_time(
    appointed: str | None, deemed: bool, says: str
) -> None:
    course = a_course("2026-03-02 09:00", 5, missed=True, **({"appointed": appointed} if appointed else {}))
    found = deadline(course, RULES)
    assert found.deemed_on_time is deemed
    assert says in [line["zh"] for line in found.lines]
    assert overdue(found.at, found.deemed_on_time, local("2026-03-20 09:00"), local("2026-04-01 09:00")) is not deemed


@pytest.mark.parametrize(
    ("closed", "now", "late"),
    [
        ("2026-03-09 17:00", "2026-03-20 09:00", False),
        ("2026-03-09 17:01", "2026-03-20 09:00", True),
        (None, "2026-03-09 17:00", False),
        (None, "2026-03-09 17:01", True),
    ],
)
def test_a_case_is_overdue_after_the_moment_not_at_it(closed: str | None, now: str, late: bool) -> None:
    due = deadline(a_course("2026-03-02 09:00", 5), RULES).at
    assert overdue(due, False, local(closed) if closed else None, local(now)) is late


def test_nothing_runs_is_never_overdue() -> None:
    assert not overdue(None, False, None, local("2030-01-01 00:00"))


def test_a_hall_may_let_the_day_of_the_correction_count_and_give_two_days_for_the_notice() -> None:
    course = a_course("2026-03-02 09:00", 5, notice="2026-03-04 09:00", corrected="2026-03-05 09:00")
    same_day = replace(RULES, restart_same_day=True)
    assert told(deadline(course, RULES).at) == "2026-03-12 17:00"
    assert told(deadline(course, same_day).at) == "2026-03-11 17:00"
    late = replace(course, correction_notice_at=local("2026-03-05 08:00"))
    assert told(deadline(late, replace(RULES, correction_days=2)).at) == "2026-03-09 17:00"


@pytest.mark.parametrize(
    ("received", "days"), [("2026-12-30 09:00", 2), ("2026-12-01 09:00", 40), ("2027-01-04 09:00", 0)]
)
def test_beyond_the_calendar_nothing_is_guessed(received: str, days: int) -> None:
    with pytest.raises(CalendarUnknown, match="2027"):
        deadline(a_course(received, days), RULES)


def test_negative_days_are_refused() -> None:
    with pytest.raises(ValueError, match="negative"):
        deadline(a_course("2026-03-02 09:00", -1), RULES)


# --- what must hold for every case

INSTANTS = st.datetimes(datetime(2024, 1, 1), datetime(2026, 3, 1), timezones=st.just(CHINA))  # noqa: DTZ001
GAPS = st.integers(0, 40)


@st.composite
def courses(draw: st.DrawFn) -> Course:
    """Any case whose deadline lies in the known years."""
    received = draw(INSTANTS)
    notice = received + timedelta(hours=draw(st.integers(0, 300))) if draw(st.booleans()) else None
    corrected = notice + timedelta(hours=draw(st.integers(0, 300))) if notice else None
    return Course(
        received,
        draw(st.integers(0, 30)),
        notice,
        corrected,
        tuple(draw(st.lists(stops(received.date()), max_size=3))),
        draw(st.integers(0, 10)),
        draw(st.integers(0, 10)),
        received + timedelta(hours=draw(st.integers(0, 1000))) if draw(st.booleans()) else None,
    )


@st.composite
def stops(draw: st.DrawFn, around: date) -> Stop:
    first = around + timedelta(days=draw(st.integers(-5, 60)))
    return Stop(first, first + timedelta(days=draw(st.integers(0, 20))), "hearing")


@given(courses())
def test_nothing_is_ever_due_on_a_rest_day_nor_on_a_suspended_one(course: Course) -> None:
    day = deadline(course, RULES).day
    assert day is not None
    assert working_day(known(), day)
    assert not any(stop.covers(day) for stop in course.stops)


@given(courses(), st.integers(0, 20))
def test_more_days_are_never_due_earlier(course: Course, more: int) -> None:
    first, second = deadline(course, RULES).at, deadline(replace(course, days=course.days + more), RULES).at
    assert first is not None
    assert second is not None
    assert first <= second


@given(courses(), st.data())
def test_a_suspension_never_shortens(course: Course, data: st.DataObject) -> None:
    stop = data.draw(stops(course.received_at.date()))
    first, second = deadline(course, RULES).at, deadline(replace(course, stops=(*course.stops, stop)), RULES).at
    assert first is not None
    assert second is not None
    assert first <= second


@given(courses())
def test_without_suspensions_exactly_so_many_working_days_lie_in_between(course: Course) -> None:
    plain = Course(course.received_at, max(course.days, 1))
    day, start = deadline(plain, RULES).day, course.received_at.date()
    assert day is not None
    between = [start + timedelta(days=ahead) for ahead in range(1, (day - start).days + 1)]
    assert sum(working_day(known(), one) for one in between) == plain.days
