"""Opening hours, holidays, cut-offs, early tickets, daylight saving. Pure."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from hub.calendar.dates import Calendar
from hub.calendar.opening import after_band, band_at, opening
from hub.calendar.plan import Band, Plan, Season, ServicePlan, Span, SpecialDay, spans
from hub.calendar.rota import Rota
from hub.calendar.standing import warnings
from hub.calendar.wall_clock import hall_day, moment
from hub.check import calendar_result
from tests.unit.hub.plans import CHINA, a_plan, hours, known, local, told, week, with_service

WINTER = Season("winter", "10-01", "04-30", hours(mon=("09:00-12:00", "13:30-17:00"), sat=("09:00-12:00",)))
SUMMER = Season("summer", "05-01", "09-30", hours(mon=("09:00-12:00", "14:30-18:00")))


@pytest.mark.parametrize(
    ("now", "state", "until"),
    [
        ("2026-03-02 08:59", "closed", "2026-03-02 09:00"),
        ("2026-03-02 09:00", "open", "2026-03-02 12:00"),
        ("2026-03-02 12:00", "closed", "2026-03-02 13:30"),
        ("2026-03-02 16:59", "open", "2026-03-02 17:00"),
        ("2026-03-02 17:00", "closed", "2026-03-07 09:00"),
        ("2026-06-01 17:30", "open", "2026-06-01 18:00"),
        ("2026-12-28 08:00", "closed", "2026-12-28 09:00"),
    ],
)
def test_the_hall_opens_by_season_and_weekday(now: str, state: str, until: str) -> None:
    found = opening(a_plan(seasons=(WINTER, SUMMER)), None, local(now))
    assert found.state == state
    assert told(found.closes_at or found.next_opening) == until


@pytest.mark.parametrize(
    ("now", "reason", "name", "following"),
    [
        ("2026-10-01 10:00", "holiday", "国庆节", "2026-10-08 09:00"),
        ("2026-10-07 23:59", "holiday", "国庆节", "2026-10-08 09:00"),
        ("2026-02-16 10:00", "holiday", "春节", "2026-02-24 09:00"),
        ("2026-03-07 10:00", "closed_day", "", "2026-03-09 09:00"),
        ("2026-03-02 08:00", "before_opening", "", "2026-03-02 09:00"),
        ("2026-03-02 12:30", "lunch", "", "2026-03-02 13:30"),
        ("2026-03-02 17:00", "after_closing", "", "2026-03-03 09:00"),
        ("2026-03-06 17:00", "after_closing", "", "2026-03-09 09:00"),
        ("2026-02-13 18:00", "after_closing", "", "2026-02-14 09:00"),  # 周六上班
        ("2026-10-09 18:00", "after_closing", "", "2026-10-10 09:00"),  # 周六上班
    ],
)
def test_a_closed_hall_has_a_reason_and_a_next_opening(now: str, reason: str, name: str, following: str) -> None:
    found = opening(a_plan(), None, local(now))
    assert (found.state, found.reason, found.names.get("zh", ""), told(found.next_opening)) == (
        "closed", reason, name, following,
    )  # fmt: skip


@pytest.mark.parametrize("now", ["2026-02-14 10:00", "2026-10-10 10:00", "2025-09-28 10:00"])
def test_a_make_up_workday_is_open(now: str) -> None:
    assert opening(a_plan(), None, local(now)).state == "open"


def test_a_make_up_workday_has_the_hours_of_the_configured_weekday_or_its_own() -> None:
    short_friday = week(fri=("09:00-11:00",))
    friday = a_plan(open_=short_friday, make_up_hours_of="fri")
    assert told(opening(friday, None, local("2026-10-10 10:00")).closes_at) == "2026-10-10 11:00"
    own = a_plan(open_=week(make_up=("09:00-10:30",)), make_up_hours_of="fri")
    assert told(opening(own, None, local("2026-10-10 10:00")).closes_at) == "2026-10-10 10:30"


def test_holiday_hours_open_the_hall_on_days_off() -> None:
    plan = a_plan(open_=week(holiday=("09:00-12:00", "15:00-17:00")))
    assert told(opening(plan, None, local("2026-10-01 10:00")).closes_at) == "2026-10-01 12:00"
    assert opening(plan, None, local("2026-10-01 13:00")).reason == "lunch"


SPECIAL = (
    SpecialDay(date(2026, 6, 19), date(2026, 6, 21), spans(["09:00-12:00"]), {"zh": "端午延时服务"}, frozenset("A")),
    SpecialDay(date(2026, 3, 4), date(2026, 3, 5), (), {"zh": "大厅搬迁", "en": "The hall moves"}),
)


def test_a_special_day_opens_the_services_it_names_and_no_other() -> None:
    plan = a_plan(special_days=SPECIAL)
    noon = local("2026-06-20 10:00")
    assert [opening(plan, service, noon).state for service in ("A", "B", None)] == ["open", "closed", "closed"]


def test_a_special_day_closes_the_whole_hall_with_its_name() -> None:
    own = {"A": ServicePlan(hours=week("08:00-20:00"))}
    plan = a_plan(special_days=SPECIAL, services=own)
    for service in ("A", "B", None):
        found = opening(plan, service, local("2026-03-04 10:00"))
        assert (found.reason, found.names["zh"]) == ("closed_day", "大厅搬迁")
    assert told(opening(plan, "A", local("2026-03-04 10:00")).next_opening) == "2026-03-06 08:00"


def test_a_service_may_have_its_own_hours_inside_or_outside_the_halls() -> None:
    plan = a_plan(services={"A": ServicePlan(hours=hours(sat=("09:00-12:00",), tue=("10:00-11:00",)))})
    assert opening(plan, "A", local("2026-03-07 10:00")).state == "open"
    assert opening(plan, None, local("2026-03-07 10:00")).state == "closed"
    assert told(opening(plan, "A", local("2026-03-02 10:00")).next_opening) == "2026-03-03 10:00"


@pytest.mark.parametrize(
    ("now", "state", "reason"),
    [
        ("2026-03-02 11:59", "open", None),
        ("2026-03-02 16:29", "open", None),
        ("2026-03-02 16:30", "closed", "cut_off"),
        ("2026-03-02 17:00", "closed", "after_closing"),
    ],
)
def test_tickets_end_before_the_last_span_does(now: str, state: str, reason: str | None) -> None:
    found = opening(with_service(cut_off_minutes=30), "A", local(now))
    assert (found.state, found.reason) == (state, reason)


def test_an_open_service_tells_when_its_tickets_end() -> None:
    found = opening(with_service(cut_off_minutes=30), "A", local("2026-03-02 15:00"))
    assert (told(found.last_ticket_at), told(found.closes_at)) == ("2026-03-02 16:30", "2026-03-02 17:00")


def test_before_lunch_tickets_end_early_only_where_the_hall_wants_it() -> None:
    at = local("2026-03-02 11:45")
    assert opening(with_service(cut_off_minutes=30), "A", at).state == "open"
    wanted = with_service(cut_off_minutes=30, plan={"cut_off_before_lunch": True})
    found = opening(wanted, "A", at)
    assert (found.reason, told(found.next_opening)) == ("cut_off", "2026-03-02 13:30")


def test_a_cut_off_longer_than_the_span_leaves_nothing_of_it() -> None:
    plan = with_service(hours=week("09:00-12:00", "16:00-16:20"), cut_off_minutes=30)
    found = opening(plan, "A", local("2026-03-02 12:00"))
    assert told(found.next_opening) == "2026-03-03 09:00"


def test_the_kiosk_may_begin_before_the_counters_but_never_inside_the_span_before() -> None:
    plan = a_plan(tickets_from_minutes_before=120)
    assert opening(plan, None, local("2026-03-02 06:59")).reason == "before_opening"
    assert opening(plan, None, local("2026-03-02 07:00")).state == "open"
    assert told(opening(plan, None, local("2026-03-02 11:59")).closes_at) == "2026-03-02 12:00"
    assert told(opening(plan, None, local("2026-03-02 12:00")).closes_at) == "2026-03-02 17:00"


def test_a_hall_without_hours_is_always_open_even_on_holidays() -> None:
    found = opening(a_plan(seasons=()), None, local("2026-10-01 03:00"))
    assert (found.state, found.closes_at) == ("open", None)


def test_a_hall_that_opens_nowhere_soon_says_so() -> None:
    assert opening(a_plan(open_={}), None, local("2026-03-01 03:00")).next_opening is None


# --- a year that nobody knows ----------------------------------------------------------------------------------------


def test_the_next_opening_is_not_guessed_beyond_the_calendar() -> None:
    found = opening(a_plan(), None, local("2026-12-31 18:00"))
    assert (found.reason, found.next_opening) == ("after_closing", None)


def test_in_a_year_without_data_the_hall_opens_by_weekday() -> None:
    assert opening(a_plan(), None, local("2027-10-01 10:00")).state == "open"
    assert told(opening(a_plan(), None, local("2027-10-01 18:00")).next_opening) == "2027-10-04 09:00"


@pytest.mark.parametrize(
    ("today", "codes"),
    [
        ("2026-10-31", []),
        ("2026-11-01", ["calendar_next_year_missing"]),
        ("2026-12-31", ["calendar_next_year_missing"]),
        ("2027-01-01", ["calendar_missing"]),
        ("2027-11-01", ["calendar_missing", "calendar_next_year_missing"]),
    ],
)
def test_a_missing_year_is_warned_of_from_november_on_and_stays_a_warning(today: str, codes: list[str]) -> None:
    found = warnings(known(), date.fromisoformat(today))
    assert [warning.code for warning in found] == codes
    assert all("2027" in warning.names["zh"] or "2028" in warning.names["zh"] for warning in found)


@pytest.mark.parametrize(
    ("today", "severity", "words"),
    [
        ("2026-10-31", 0, "version 1, until 2026"),
        ("2026-11-01", 1, "nothing of 2027 yet"),
        ("2027-01-01", 1, "opens by weekdays only"),
    ],
)
def test_hall_check_tells_the_version_or_what_is_missing(today: str, severity: int, words: str) -> None:
    result = calendar_result(a_plan(), date.fromisoformat(today), chinese=False)
    assert (result.severity, words in result.text) == (severity, True)


def test_hall_check_names_a_counter_that_its_rota_leaves_without_work() -> None:
    rota = Rota(date(2026, 3, 2), (("医保局",),))
    plan = a_plan(rotas={"3": rota}, may_serve={"3": ("A",)}, departments={"A": "人社局"})
    assert calendar_result(plan, date(2026, 3, 2), chinese=True).text == "3：本周轮值没有业务"


def test_the_warning_ends_when_the_year_is_there() -> None:
    assert warnings(Calendar(1, frozenset({2026, 2027})), date(2026, 12, 1)) == []


# --- quotas ----------------------------------------------------------------------------------------------------------

BANDS = (Band(9 * 60, 12 * 60, 60), Band(12 * 60, 17 * 60, 40))


@pytest.mark.parametrize(
    ("now", "band"),
    [("08:59", None), ("09:00", BANDS[0]), ("11:59", BANDS[0]), ("12:00", BANDS[1]), ("17:00", None)],
)
def test_a_number_counts_in_the_band_in_which_it_is_taken(now: str, band: Band | None) -> None:
    found = band_at(with_service(bands=BANDS), "A", local(f"2026-03-02 {now}"))
    assert found == (None if band is None else (date(2026, 3, 2), band))


@pytest.mark.parametrize(
    ("bands", "now", "following"),
    [
        (BANDS, "10:00", "2026-03-02 13:30"),
        (BANDS, "14:00", "2026-03-03 09:00"),
        ((Band(0, 1440, 60),), "10:00", "2026-03-03 09:00"),
        ((Band(540, 600, 60),), "09:30", "2026-03-02 10:00"),
        ((Band(540, 840, 60),), "09:30", "2026-03-02 14:00"),
    ],
)
def test_a_full_band_tells_when_numbers_are_given_again(bands: tuple[Band, ...], now: str, following: str) -> None:
    assert told(after_band(with_service(bands=bands), "A", local(f"2026-03-02 {now}"))) == following


# --- wall clock and daylight saving ----------------------------------------------------------------------------------

ZONES = [ZoneInfo(name) for name in ("Europe/Berlin", "Asia/Shanghai", "America/St_Johns", "Australia/Lord_Howe")]
#: Days around changes of the clock; St John's changed at one minute past midnight until 2011.
CHANGES = [
    date(2026, 3, 29), date(2026, 10, 25), date(2026, 3, 8), date(2026, 11, 1), date(2026, 4, 5), date(2026, 10, 4),
    date(2010, 3, 14), date(2010, 11, 7), date(1986, 5, 4), date(1986, 9, 14), date(2026, 7, 1),
]  # fmt: skip


def oracle(plan: Plan, first: datetime, minutes: int) -> list[bool]:
    """Minute by minute: a hall clock that stops while the official one repeats itself, and is asked for its hours."""
    shown, states = datetime.min, []  # noqa: DTZ901 - a wall time
    table = plan.seasons[0].hours
    for offset in range(-2 * 1440, minutes):
        shown = max(shown, (first + timedelta(minutes=offset)).astimezone(plan.zone).replace(tzinfo=None))
        minute = shown.hour * 60 + shown.minute
        today = table.get(("mon", "tue", "wed", "thu", "fri", "sat", "sun")[shown.weekday()], ())
        states.append(any(span.start <= minute < span.end for span in today))
    return states[2 * 1440 :]


def _spans_of(cuts: list[int]) -> tuple[Span, ...]:
    edges = sorted(set(cuts))
    return tuple(Span(*edges[at : at + 2]) for at in range(0, len(edges) - 1, 2))


@settings(max_examples=25, deadline=None)
@given(
    zone=st.sampled_from(ZONES),
    day=st.sampled_from(CHANGES),
    cuts=st.lists(st.integers(0, 288).map(lambda five: five * 5), min_size=2, max_size=8),
)
@example(zone=ZONES[0], day=date(2026, 3, 29), cuts=[120, 150, 170, 400])
@example(zone=ZONES[0], day=date(2026, 10, 25), cuts=[120, 135, 140, 150])
@example(zone=ZONES[2], day=date(2010, 11, 7), cuts=[0, 60, 1380, 1440])
@example(zone=ZONES[2], day=date(2010, 3, 14), cuts=[0, 30, 1380, 1440])
@example(zone=ZONES[3], day=date(2026, 4, 5), cuts=[90, 105, 110, 130])
def test_hours_are_right_minute_by_minute_on_days_when_the_clock_changes(
    zone: ZoneInfo, day: date, cuts: list[int]
) -> None:
    every_day: dict[str, Any] = {key: _spans_of(cuts) for key in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}
    plan = Plan(zone=zone, seasons=(Season("", "01-01", "12-31", every_day),))
    first = datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(hours=14)
    minutes = 2 * 1440
    found = [opening(plan, None, first + timedelta(minutes=offset)).state == "open" for offset in range(minutes)]
    assert found == oracle(plan, first, minutes)


@given(
    zone=st.sampled_from(ZONES),
    walls=st.lists(st.tuples(st.sampled_from(CHANGES), st.integers(0, 1440)), min_size=2, max_size=2),
)
def test_a_later_wall_time_is_never_an_earlier_moment(zone: ZoneInfo, walls: list[tuple[date, int]]) -> None:
    earlier, later = sorted(walls)
    assert moment(zone, *earlier) <= moment(zone, *later)


@given(zone=st.sampled_from(ZONES), day=st.sampled_from(CHANGES), minute=st.integers(0, 1439))
def test_every_moment_of_a_day_belongs_to_that_day(zone: ZoneInfo, day: date, minute: int) -> None:
    assert hall_day(zone, moment(zone, day, minute)) == day


@pytest.mark.parametrize(
    ("wall", "utc"),
    [
        ((date(2026, 3, 29), 150), "2026-03-29T01:00"),  # 02:30 does not exist
        ((date(2026, 3, 29), 120), "2026-03-29T01:00"),
        ((date(2026, 3, 29), 180), "2026-03-29T01:00"),
        ((date(2026, 10, 25), 150), "2026-10-25T00:30"),  # 02:30 comes twice
        ((date(2026, 10, 25), 180), "2026-10-25T02:00"),
    ],
)
def test_times_that_do_not_exist_or_exist_twice_have_one_moment(wall: tuple[date, int], utc: str) -> None:
    assert moment(ZONES[0], *wall) == datetime.fromisoformat(utc).replace(tzinfo=UTC)


def test_china_has_one_clock() -> None:
    assert moment(CHINA, date(2026, 3, 29), 150) == local("2026-03-29 02:30")
