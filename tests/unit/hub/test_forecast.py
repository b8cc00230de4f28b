"""The hall played forward: the queue's own order, fair to people and to counters, the same for the same chance."""

from collections.abc import Sequence
from dataclasses import replace
from random import Random
from statistics import fmean

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.queue.arrivals import Came, streams
from hub.queue.calling_order import MINUTE, CounterView, Lane, Policy, Waiting, next_called
from hub.queue.forecast import HORIZON_S, CounterPlan, Floor, Pace, Stream, play

NOW = 1000 * MINUTE
FIVE_MINUTES = Pace(any_turn=[300.0])
SCATTERED = Pace(any_turn=[60.0, 120.0, 200.0, 400.0, 900.0], gaps=[5.0, 30.0], doubt={"s:A": 0.2})
HEAD_START = Policy()
TWO_TO_ONE = Policy("proportional", 2)


def a_ticket(id: str, service: str = "A", *, minutes_ago: float = 0, lane: Lane = "ordinary") -> Waiting:
    at = NOW - int(minutes_ago * MINUTE)
    return Waiting(id, f"s:{service}", lane, at, 1, at)


def a_queue(length: int, service: str = "A") -> list[Waiting]:
    return [a_ticket(f"{service}{n}", service, minutes_ago=length - n) for n in range(length)]


def a_counter(code: str = "1", first: str = "A", second: str = "", second_after: float | None = None) -> CounterPlan:
    return CounterPlan(CounterView(code, None, frozenset(first), frozenset(second), second_after))


def a_floor(
    waiting: Sequence[Waiting], counters: Sequence[CounterPlan], *, policy: Policy = HEAD_START, services: str = "AB"
) -> Floor:
    return Floor(NOW, waiting, counters, [f"s:{service}" for service in services], policy)


def newcomer(floor: Floor, pace: Pace = FIVE_MINUTES, *, service: str = "A", seed: int = 1) -> float:
    return play(floor, pace, Random(seed))[f"s:{service}", "ordinary"]


def test_each_turn_takes_its_time() -> None:
    told = play(a_floor(a_queue(3), [a_counter()]), FIVE_MINUTES, Random(1))
    assert [told[f"A{n}"] for n in range(3)] == [0, 300, 600]
    assert told["s:A", "ordinary"] == 900


def test_the_same_chance_gives_the_same_play() -> None:
    floor = a_floor(a_queue(20), [a_counter("1"), a_counter("2", "AB")])
    assert play(floor, SCATTERED, Random(7)) == play(floor, SCATTERED, Random(7))
    assert play(floor, SCATTERED, Random(7)) != play(floor, SCATTERED, Random(8))


def test_a_newcomer_takes_nobodys_turn() -> None:
    told = play(a_floor(a_queue(2, "B"), [a_counter(first="AB")]), FIVE_MINUTES, Random(1))
    assert told["s:A", "ordinary"] == told["s:B", "ordinary"] == 600


def test_who_is_served_by_nobody_is_told_nothing() -> None:
    told = play(a_floor(a_queue(2, "B"), [a_counter(first="A")]), FIVE_MINUTES, Random(1))
    assert set(told) == {("s:A", "ordinary")}


@pytest.mark.parametrize(
    ("counter", "waits"),
    [
        (replace(a_counter(), line="s:A", busy_since=NOW - 2 * MINUTE), 180),
        (replace(a_counter(), back_at=NOW + 20 * MINUTE), 1200),
        (replace(a_counter(), back_at=NOW - 5 * MINUTE), 0),
    ],
)
def test_a_counter_calls_when_its_visit_or_its_absence_is_over(counter: CounterPlan, waits: float) -> None:
    assert newcomer(a_floor([], [counter])) == waits


def test_a_visit_longer_than_any_known_goes_on_for_a_while() -> None:
    counter = replace(a_counter(), line="s:A", busy_since=NOW - 60 * MINUTE)
    rests = [newcomer(a_floor([], [counter]), seed=seed) for seed in range(200)]
    assert min(rests) > 0
    assert 90 < fmean(rests) < 210


def test_nobody_is_called_in_the_halls_break() -> None:
    floor = replace(a_floor(a_queue(5), [a_counter()]), pause=(NOW + 12 * MINUTE, NOW + 100 * MINUTE))
    told = play(floor, FIVE_MINUTES, Random(1))
    assert [told[f"A{n}"] / 60 for n in range(5)] == [0, 5, 10, 100, 105]


def test_second_choices_are_called_as_the_counter_calls_them() -> None:
    waiting = [*a_queue(3, "A"), a_ticket("B", "B", minutes_ago=10)]
    at_the_end = play(a_floor(waiting, [a_counter("1", "A", "B")]), FIVE_MINUTES, Random(1))["B"]
    in_time = play(a_floor(waiting, [a_counter("1", "A", "B", second_after=14)]), FIVE_MINUTES, Random(1))["B"]
    assert (at_the_end, in_time) == (900, 300)


def test_those_who_come_with_a_head_start_lengthen_the_wait() -> None:
    floor = a_floor(a_queue(10), [a_counter()])
    coming = [Stream("s:A", "priority", 1200.0, 0.3, 1200.0)]
    overtaken = fmean(newcomer(replace(floor, streams=coming), seed=seed) for seed in range(40))
    assert newcomer(floor) == 3000
    assert 3000 + 4 * 300 < overtaken < 3000 + 8 * 300  # six are likely to come within their head start


lanes: st.SearchStrategy[Lane] = st.sampled_from(("ordinary", "priority"))
floors = st.builds(
    lambda spots, second, after, policy: a_floor(
        [a_ticket(f"t{n}", service, minutes_ago=ago, lane=lane) for n, (service, ago, lane) in enumerate(spots)],
        [a_counter("1", "A", second, after)],
        policy=policy,
    ),
    st.lists(st.tuples(st.sampled_from("AB"), st.integers(0, 60), lanes), max_size=12),
    st.sampled_from(("", "B")),
    st.none() | st.integers(0, 40),
    st.sampled_from((HEAD_START, TWO_TO_ONE)),
)


@given(floors)
def test_a_play_calls_in_the_queues_own_order(floor: Floor) -> None:
    told = play(floor, FIVE_MINUTES, Random(1))
    waiting = {ticket.id: ticket for ticket in floor.waiting}
    view, at = floor.counters[0].view, NOW
    while called := next_called(view, waiting.values(), at, floor.policy):
        assert told[called.id] == (at - NOW) / 1_000_000
        del waiting[called.id]
        view = replace(view, ordinary_run=0 if called.lane == "priority" else view.ordinary_run + 1)
        at += 5 * MINUTE
    assert not waiting.keys() & told.keys()


sizes = st.tuples(st.integers(0, 40), st.integers(1, 8), st.integers(0, 1000))


@given(sizes)
def test_more_people_ahead_never_shorten_the_wait(size: tuple[int, int, int]) -> None:
    length, open_counters, seed = size
    counters = [a_counter(str(n)) for n in range(open_counters)]
    fewer = a_floor(a_queue(length), counters)
    more = a_floor(a_queue(length + 1), counters)
    assert newcomer(fewer, seed=seed) <= newcomer(more, seed=seed)
    # the same chance for everybody who stood there before, a further turn for the one who came
    assert newcomer(fewer, SCATTERED, seed=seed) <= newcomer(more, SCATTERED, seed=seed)


@given(sizes)
def test_a_further_counter_never_lengthens_the_wait(size: tuple[int, int, int]) -> None:
    length, open_counters, seed = size
    counters = [a_counter(str(n)) for n in range(open_counters + 1)]
    alone = a_floor(a_queue(length), counters[:-1])
    helped = a_floor(a_queue(length), counters)
    assert newcomer(helped, seed=seed) <= newcomer(alone, seed=seed)


def test_a_further_counter_shortens_scattered_waits_on_the_whole() -> None:
    """Who serves several services may, for once, hinder: the many plays must not."""
    counters = [a_counter("1", "AB"), a_counter("2", "B"), a_counter("3", "AB")]
    waiting = a_queue(15) + a_queue(15, "B")
    for service in "AB":
        alone, helped = (
            fmean(newcomer(a_floor(waiting, there), SCATTERED, service=service, seed=seed) for seed in range(60))
            for there in (counters[:-1], counters)
        )
        assert helped < 0.9 * alone


CAME = Came(60.0, {("A", "ordinary"): 54, ("A", "elderly"): 6, ("B", "ordinary"): 60})
HEAD_STARTS = {"ordinary": 0.0, "elderly": 15.0}


def test_priorities_come_as_often_as_they_came() -> None:
    found = streams(CAME, "AB", HEAD_STARTS, [a_counter().view], HEAD_START)
    assert found == [
        Stream("s:A", "priority", 900.0, 0.05, 900.0),
        Stream("s:B", "priority", 900.0, 0.05, 900.0),
    ]


def test_in_turns_priorities_overtake_without_end_and_by_turns_alone() -> None:
    found = streams(CAME, "A", HEAD_STARTS, [a_counter().view], TWO_TO_ONE)
    assert found == [Stream("s:A", "priority", 0.0, 0.05, HORIZON_S)]


def test_who_comes_for_a_first_choice_goes_before_second_choices() -> None:
    found = streams(CAME, "AB", {"ordinary": 0.0}, [a_counter("1", "A", "B").view], HEAD_START)
    assert found == [Stream("s:A", "ordinary", 0.0, 0.95, HORIZON_S)]


def test_a_single_early_ticket_makes_no_flood() -> None:
    assert Came(0.5, {("A", "ordinary"): 1}).per_minute("A") == 0.1
