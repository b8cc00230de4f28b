"""The weekly rota of the comprehensive window 综合窗口轮值."""

from collections.abc import AsyncIterator
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.calendar.plan import services_this_week
from hub.calendar.rota import Rota, departments, monday, week_of
from hub.calendar.verbs import apply_rota
from hub.problems import Invalid
from hub.store import SYSTEM
from tests.unit.hub.desk import Desk
from tests.unit.hub.halls import a_hall, a_service
from tests.unit.hub.plans import local

TURNS = (("人社局",), ("医保局", "公积金"), ("公安局",))
ROTA = Rota(monday("2026-W01"), TURNS, {"2026-W40": ("公安局",)})


@pytest.mark.parametrize(
    ("day", "turn"),
    [
        ("2025-12-28", None),
        ("2025-12-29", TURNS[0]),  # the first week of 2026 begins in 2025
        ("2026-01-04", TURNS[0]),
        ("2026-01-05", TURNS[1]),
        ("2026-01-12", TURNS[2]),
        ("2026-01-19", TURNS[0]),
        ("2026-12-28", TURNS[52 % 3]),  # 2026-W53
        ("2027-01-03", TURNS[52 % 3]),
        ("2027-01-04", TURNS[53 % 3]),  # 2027-W01
        ("2026-10-01", ("公安局",)),  # W40 by name, W41 as if nothing had been named
        ("2026-10-05", TURNS[40 % 3]),
    ],
)
def test_departments_take_turns_by_iso_week(day: str, turn: tuple[str, ...] | None) -> None:
    assert departments(ROTA, date.fromisoformat(day)) == turn


@given(
    start=st.dates(date(2019, 1, 1), date(2034, 1, 1)),
    weeks=st.integers(1, 5),
    ahead=st.integers(0, 400),
)
def test_turns_change_on_mondays_only_and_follow_each_other_over_every_new_year(
    start: date, weeks: int, ahead: int
) -> None:
    rota = Rota(monday(week_of(start)), tuple((str(turn),) for turn in range(weeks)))
    day = start + timedelta(days=ahead)
    today, tomorrow = departments(rota, day), departments(rota, day + timedelta(days=1))
    assert today is not None
    assert tomorrow is not None
    if day.weekday() == 6:
        assert int(tomorrow[0]) == (int(today[0]) + 1) % weeks
    else:
        assert today == tomorrow


@given(st.dates(date(2004, 1, 1), date(2100, 1, 1)))
def test_a_week_begins_on_its_monday(day: date) -> None:
    assert monday(week_of(day)) == day - timedelta(days=day.weekday())


@pytest.mark.parametrize("week", ["2026-1", "2026-W54", "2025-W53", "2026W01", ""])
def test_a_week_that_does_not_exist_is_refused(week: str) -> None:
    with pytest.raises(ValueError, match=r"week|Invalid"):
        monday(week)


# --- at the counter --------------------------------------------------------------------------------------------------

SERVICES = (
    a_service("A", "人社局"),
    a_service("B", "医保局"),
    a_service("C", "公积金"),
    {"code": "H", "names": {"zh": "公安"}, "department": "公安局"},
    a_service("D", "", parent="H"),
)
HALL: dict[str, Any] = a_hall(
    *SERVICES,
    hours=[],
    counter=[{"code": "1", "services": ["C", "B", "A", "D"]}, {"code": "2", "services": ["A", "C"]}],
    rota=[{"counter": "1", "weeks": [list(turn) for turn in TURNS], "from": "2026-W01"}],
)


@pytest.fixture
async def shared(database: str) -> AsyncIterator[Desk]:
    """A hall whose counter 1 is the comprehensive window, on Sunday of 2026-W10 (turn 0)."""
    desk = await Desk.open(database, HALL)
    desk.clock.at = local("2026-03-08 16:00")
    yield desk
    desk.store.close()


async def active(desk: Desk, counter: str) -> list[str]:
    rows = await desk.rows(
        "SELECT service FROM counter_service WHERE active AND counter = :c ORDER BY position", c=counter
    )
    return [row[0] for row in rows]


async def test_a_counter_serves_the_departments_of_the_week_in_its_own_order(shared: Desk) -> None:
    plan = shared.hall.plan
    by_week = [services_this_week(plan, "1", date(2026, 3, 2) + timedelta(weeks=weeks)) for weeks in range(3)]
    assert by_week == [("A",), ("C", "B"), ("D",)]  # a service without a department has its heading's
    assert services_this_week(plan, "2", date(2026, 3, 2)) == ("A", "C")


async def test_on_monday_the_counters_services_change_with_a_record(shared: Desk) -> None:
    assert await shared.store.write(apply_rota, SYSTEM, None, shared.hall.plan) == ["1"]
    assert await active(shared, "1") == ["A"]
    shared.clock.at = local("2026-03-09 00:00")
    assert await shared.store.write(apply_rota, SYSTEM, None, shared.hall.plan) == ["1"]
    assert (await active(shared, "1"), await active(shared, "2")) == (["C", "B"], ["A", "C"])
    told = await shared.rows("SELECT counter, data FROM journal WHERE kind = 'rota_changed' ORDER BY seq")
    assert told == [("1", '{"week":"2026-W10","services":["A"]}'), ("1", '{"week":"2026-W11","services":["C","B"]}')]


async def test_within_the_week_it_is_applied_once_so_a_clerks_choice_stays(shared: Desk) -> None:
    shared.clock.at = local("2026-03-09 09:00")
    await shared.store.write(apply_rota, SYSTEM, None, shared.hall.plan)
    await shared.open_counter("1", ["C"])
    shared.clock.at = local("2026-03-10 00:00")
    assert await shared.store.write(apply_rota, SYSTEM, None, shared.hall.plan) == []
    assert await active(shared, "1") == ["C"]


async def test_a_counter_opens_for_this_weeks_services_and_refuses_others(shared: Desk) -> None:
    assert (await shared.open_counter("1")).services == ["A"]
    await shared.close_counter("1")
    with pytest.raises(Invalid, match="this week"):
        await shared.open_counter("1", ["A", "B"])


async def test_a_ticket_is_sent_to_the_counters_whose_turn_it_is(shared: Desk) -> None:
    assert (await shared.take("C")).counters == ["2"]
    shared.clock.at = local("2026-03-09 09:00")
    assert (await shared.take("C")).counters == ["1", "2"]
