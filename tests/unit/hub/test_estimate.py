"""What people are told: whole minutes, a range that is sensible and does not flicker."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.queue.calling_order import MINUTE, CounterView, Policy, Waiting
from hub.queue.estimate import Expected, outlook, quantile, steadied, wait_range
from hub.queue.forecast import CounterPlan, Floor, Play
from hub.wire import WaitRange

NOW = 1000 * MINUTE


def expected(low: float, high: float) -> Expected:
    return Expected(NOW + int(low * MINUTE), NOW + int((low + high) / 2 * MINUTE), NOW + int(high * MINUTE))


@pytest.mark.parametrize(
    ("low", "high", "told"),
    [
        (0, 0, (0, 1)),
        (-3, -1, (0, 1)),
        (0.2, 0.9, (0, 1)),
        (3.4, 8.1, (3, 9)),
        (7.0, 7.0, (7, 8)),
        (18.2, 27.3, (18, 30)),
        (21.0, 34.9, (20, 35)),
        (40.0, 40.0, (40, 45)),
    ],
)
def test_a_range_is_told_in_minutes_and_from_twenty_on_in_fives(low: float, high: float, told: tuple[int, int]) -> None:
    wait = wait_range(expected(low, high), NOW)
    assert wait is not None
    assert (wait.low, wait.high) == told


def test_where_nobody_calls_no_range_is_told() -> None:
    assert wait_range(None, NOW) is None
    assert steadied(WaitRange(low=1, high=5), None, NOW) is None


@given(st.floats(0, 200), st.floats(0, 100))
def test_a_range_holds_what_was_expected(low: float, width: float) -> None:
    wait = wait_range(expected(low, low + width), NOW)
    assert wait is not None
    assert wait.low <= low + 0.001
    assert wait.high >= low + width - 0.001
    assert wait.low < wait.high


@pytest.mark.parametrize(
    ("low", "high", "told"),
    [(3.9, 8.2, (4, 8)), (5.5, 8.0, (4, 8)), (2.0, 8.0, (2, 8)), (4.5, 10.0, (4, 10))],
)
def test_a_range_on_a_screen_stays_while_it_is_about_right(low: float, high: float, told: tuple[int, int]) -> None:
    wait = steadied(WaitRange(low=4, high=8), expected(low, high), NOW)
    assert wait is not None
    assert (wait.low, wait.high) == told


def test_a_further_value_falls_below_a_quantile_with_its_chance() -> None:
    ordered = [float(n) for n in range(1, 10)]
    assert quantile(ordered, 0.2) == 2.0
    assert quantile(ordered, 0.8) == 8.0
    assert quantile([5.0], 0.2) == 5.0


def a_look(*ranks_minutes: int, proportional: bool = False) -> Floor:
    waiting = [Waiting(f"t{n}", "s:A", "ordinary", NOW + rank * MINUTE, 1, NOW) for n, rank in enumerate(ranks_minutes)]
    counters = [CounterPlan(CounterView("1", None, frozenset("A")))]
    return Floor(NOW, waiting, counters, ["s:A", "s:B"], Policy("proportional" if proportional else "head_start"))


def plays(*calls: float) -> list[Play]:
    told: Play = {f"t{n}": seconds for n, seconds in enumerate(calls[:-1])}
    told["s:A", "ordinary"] = calls[-1]
    return [told] * 10


def middle(found: Expected | None) -> float:
    assert found is not None
    return (found.middle - NOW) / MINUTE


def test_a_ticket_finds_its_own_place_and_a_priority_the_place_it_takes() -> None:
    seen = outlook(a_look(-30, -20, -10), plays(0, 300, 600, 900))
    assert middle(seen.of_place("s:A", "ordinary", NOW - 20 * MINUTE, 1)) == 5
    assert middle(seen.of_place("s:A", "ordinary", NOW - 15 * MINUTE, 7)) == 10
    assert middle(seen.of_place("s:A", "ordinary", NOW, 9)) == 15


def test_who_came_since_the_look_stands_behind_those_who_came_before() -> None:
    seen = outlook(a_look(-30, -20, -10), plays(0, 300, 600, 900))
    assert middle(seen.of_place("s:A", "ordinary", NOW, 9, joined=2)) == 25
    assert seen.before("s:A", NOW, 9) == 3


def test_a_line_that_nobody_serves_or_knows_has_no_outlook() -> None:
    seen = outlook(a_look(), plays(0))
    assert seen.of_place("s:B", "ordinary", NOW, 1) is None
    assert seen.of_place("c:9", "ordinary", NOW, 1) is None


def test_what_only_some_plays_came_to_is_not_told() -> None:
    some = [*plays(0)[:5], *({} for _ in range(5))]
    assert outlook(a_look(), some).of_place("s:A", "ordinary", NOW, 1) is None
