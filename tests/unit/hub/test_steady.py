"""Clocks that are moved: hall time does not run backwards, comes right by itself, and every jump is told."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.clock import HallClock, day_span, hall_day, micros
from hub.steady import HELD_MOST, SETTLED_AFTER_S, Jump, Steady
from tests.unit.hub.desk import Desk

SHANGHAI = ZoneInfo("Asia/Shanghai")
BERLIN = ZoneInfo("Europe/Berlin")
MORNING = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
#: 00:05 in the hall.
AFTER_MIDNIGHT = datetime(2026, 3, 1, 16, 5, tzinfo=UTC)


class Computer:
    """Its clock can be moved; its monotonic time cannot."""

    def __init__(self, at: datetime) -> None:
        self.wall = at
        self.monotonic_s = 1000.0
        self.clock = HallClock(wall=lambda: self.wall, monotonic=lambda: self.monotonic_s)
        self.clock()

    def passes(self, seconds: float) -> None:
        self.wall += timedelta(seconds=seconds)
        self.monotonic_s += seconds

    def set(self, **by: float) -> None:
        self.wall += timedelta(**by)


def test_a_steady_clock_is_followed_and_nothing_is_told() -> None:
    computer = Computer(MORNING)
    for _ in range(50):
        computer.passes(0.7)
        assert computer.clock() == computer.wall
    assert computer.clock.noticed() == []


def test_small_corrections_are_no_jumps_and_still_not_backwards() -> None:
    computer = Computer(MORNING)
    computer.set(seconds=-1.5)
    assert computer.clock() == MORNING
    computer.passes(10)
    assert computer.clock() == computer.wall
    assert computer.clock.noticed() == []


def test_ten_minutes_back_are_held_and_made_good_in_twenty() -> None:
    computer = Computer(MORNING)
    computer.set(minutes=-10)
    assert computer.clock() == MORNING
    assert computer.clock.noticed() == [Jump(MORNING, timedelta(minutes=-10), held=True)]
    computer.passes(600)
    assert computer.clock() == MORNING + timedelta(minutes=5)
    computer.passes(600)
    assert computer.clock() == computer.wall == MORNING + timedelta(minutes=10)
    computer.passes(1)
    assert computer.clock() == computer.wall
    assert computer.clock.noticed() == []


def test_the_hall_day_does_not_go_back_over_midnight() -> None:
    computer = Computer(AFTER_MIDNIGHT)
    computer.set(minutes=-20)
    assert hall_day(computer.wall, SHANGHAI) == "2026-03-01"
    assert hall_day(computer.clock(), SHANGHAI) == "2026-03-02"


def test_forward_over_midnight_is_followed_but_the_day_does_not_end_at_once() -> None:
    computer = Computer(AFTER_MIDNIGHT - timedelta(minutes=10))
    assert computer.clock.settled()
    computer.set(minutes=15)
    assert computer.clock() == computer.wall
    assert [(jump.by, jump.held) for jump in computer.clock.noticed()] == [(timedelta(minutes=15), False)]
    assert not computer.clock.settled()
    computer.passes(SETTLED_AFTER_S)
    assert computer.clock.settled()


def test_forward_over_midnight_and_back_stays_in_the_new_day_and_comes_right() -> None:
    computer = Computer(AFTER_MIDNIGHT - timedelta(minutes=10))
    computer.set(minutes=15)
    ahead = computer.clock()
    computer.set(minutes=-15)
    assert computer.clock() == ahead
    computer.passes(30 * 60)
    assert computer.clock() == computer.wall
    assert len(computer.clock.noticed()) == 2


def test_a_day_back_is_followed_for_the_clock_was_wrong_before() -> None:
    computer = Computer(MORNING)
    computer.set(days=-1)
    assert computer.clock() == computer.wall
    assert [jump.held for jump in computer.clock.noticed()] == [False]


def test_many_small_jumps_back_do_not_add_up_to_a_wrong_day() -> None:
    computer = Computer(MORNING)
    for _ in range(20):
        computer.set(hours=-1)
        assert computer.clock() - computer.wall <= HELD_MOST


@given(
    steps=st.lists(
        st.tuples(st.floats(0, 7200), st.sampled_from([0, 0, 0, 1, -1, -3, 60, -60, -3600, 3600, -5 * 3600, 86400])),
        max_size=40,
    )
)
def test_hall_time_runs_backwards_only_with_a_jump_of_hours_and_every_jump_is_told(
    steps: list[tuple[float, float]],
) -> None:
    computer = Computer(MORNING)
    last = computer.clock()
    for seconds, by_s in steps:
        lag = last + timedelta(seconds=seconds) - computer.wall
        computer.passes(seconds)
        computer.set(seconds=by_s)
        now = computer.clock()
        told = computer.clock.noticed()
        assert bool(told) == (abs(by_s) > 2)
        assert computer.wall <= now <= computer.wall + HELD_MOST
        assert now >= last or lag > timedelta(hours=1)
        last = now


@pytest.mark.parametrize(
    ("behind", "told", "goes_on_from"),
    [
        (timedelta(0), [], timedelta(0)),
        (timedelta(hours=-9), [], timedelta(0)),
        (timedelta(seconds=1), [], timedelta(seconds=1)),
        (timedelta(minutes=10), [True], timedelta(minutes=10)),
        (timedelta(days=3), [False], timedelta(0)),
    ],
)
def test_a_restart_compares_with_the_newest_entry(behind: timedelta, told: list[bool], goes_on_from: timedelta) -> None:
    steady = Steady()
    jump = steady.begin(MORNING, 5.0, MORNING + behind)
    assert [one.held for one in (jump,) if one and one.restart] == told
    assert steady.time(MORNING, 5.0)[0] == MORNING + goes_on_from


@pytest.mark.parametrize(
    ("day", "hours"), [(date(2026, 3, 29), 23), (date(2026, 10, 25), 25), (date(2026, 10, 26), 24)]
)
def test_a_day_of_changing_to_summer_time_or_back_has_its_hours(day: date, hours: int) -> None:
    start, end = day_span(day, day, BERLIN)
    assert end - start == hours * 3_600_000_000
    assert hall_day(datetime.fromtimestamp(start / 1e6, UTC), BERLIN) == day.isoformat()
    assert day_span(day + timedelta(days=1), day + timedelta(days=1), BERLIN)[0] == end


@pytest.mark.parametrize("day", [date(2026, 3, 29), date(2026, 10, 25)])
async def test_no_number_comes_twice_on_a_day_of_changing_clocks(database: str, day: date) -> None:
    """A ticket every half hour through the hour that is skipped, or that comes twice."""
    document = {"hall": {"time_zone": "Europe/Berlin"}}
    berlin = await Desk.open(database, document)
    start, end = day_span(day, day, BERLIN)
    berlin.clock.at = datetime.fromtimestamp(start / 1e6, UTC)
    taken = []
    while micros(berlin.clock()) < end:
        taken.append(await berlin.take())
        berlin.clock.forward(minutes=30)
    assert [ticket.number for ticket in taken] == [f"A{serial:03d}" for serial in range(1, len(taken) + 1)]
    assert len(taken) == (end - start) // 1_800_000_000
    order = await berlin.rows("SELECT number FROM ticket ORDER BY rank_at, serial")
    assert [row[0] for row in order] == [ticket.number for ticket in taken]
    assert (await berlin.take()).number == "A001"
    berlin.store.close()
