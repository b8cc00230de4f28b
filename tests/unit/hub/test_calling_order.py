"""Who is called next: the pure rule that the queue's claim and the forecast share."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.queue.calling_order import MINUTE, CounterView, Lane, Policy, Waiting, heads, next_called

NOW = 100 * MINUTE
HEAD_START = Policy()
TWO_TO_ONE = Policy("proportional", 2)


def a_ticket(id: str, line: str = "s:A", *, rank: float = 0, lane: Lane = "ordinary", issued: float = 0) -> Waiting:
    return Waiting(id, line, lane, int(rank * MINUTE), 1, int(issued * MINUTE))


def a_counter(
    first: str = "A", second: str = "", *, second_after: float | None = None, ordinary_run: int = 0
) -> CounterView:
    return CounterView("1", "wang", frozenset(first), frozenset(second), second_after, ordinary_run)


def called(counter: CounterView, *waiting: Waiting, policy: Policy = HEAD_START) -> str | None:
    ticket = next_called(counter, waiting, NOW, policy)
    return ticket.id if ticket else None


@pytest.mark.parametrize(
    ("waiting", "expected"),
    [
        ([], None),
        ([a_ticket("x", "s:Z"), a_ticket("y", "c:2"), a_ticket("z", "p:li")], None),
        ([a_ticket("later", rank=2), a_ticket("earlier", "s:B", rank=1)], "earlier"),
        ([a_ticket("line", rank=2), a_ticket("directed to the counter", "c:1", rank=1)], "directed to the counter"),
        ([a_ticket("line", rank=2), a_ticket("directed to the clerk", "p:wang", rank=1)], "directed to the clerk"),
        ([a_ticket("line", rank=1), a_ticket("directed", "c:1", rank=2)], "line"),
    ],
)
def test_the_smallest_place_among_what_a_counter_serves_is_called(waiting: list[Waiting], expected: str | None) -> None:
    assert called(a_counter("AB"), *waiting) == expected


@pytest.mark.parametrize(
    ("second_after", "waited", "expected"),
    [(None, 90, "first choice"), (30, 29.9, "first choice"), (30, 30, "second choice"), (0, 0, "second choice")],
)
def test_a_second_choice_competes_once_it_has_waited_long_enough(
    second_after: float | None, waited: float, expected: str
) -> None:
    first = a_ticket("first choice", "s:A", rank=99)
    second = a_ticket("second choice", "s:B", rank=5, issued=100 - waited)
    assert called(a_counter("A", "B", second_after=second_after), first, second) == expected


@pytest.mark.parametrize("second_after", [None, 30])
def test_a_second_choice_is_called_when_no_first_choice_waits(second_after: float | None) -> None:
    assert called(a_counter("A", "B", second_after=second_after), a_ticket("x", "s:B", issued=99)) == "x"


def test_a_line_is_never_jumped() -> None:
    """The head of the second choice has not waited long enough; who stands behind it has, and still waits for it."""
    head = a_ticket("head", "s:B", rank=1, issued=95)
    behind = a_ticket("behind", "s:B", rank=2, issued=2)
    first = a_ticket("first", "s:A", rank=3)
    assert called(a_counter("A", "B", second_after=30), first, head, behind) == "first"


@pytest.mark.parametrize(
    ("run", "lanes", "expected"),
    [
        (0, "op", "o"),
        (1, "op", "o"),
        (2, "op", "p"),
        (5, "op", "p"),
        (2, "o", "o"),
        (0, "p", "p"),
    ],
)
def test_two_ordinary_calls_then_a_priority_one(run: int, lanes: str, expected: str) -> None:
    ordinary, priority = a_ticket("o", rank=9), a_ticket("p", rank=1, lane="priority")
    waiting = [ticket for ticket in (ordinary, priority) if ticket.id in lanes]
    assert called(a_counter(ordinary_run=run), *waiting, policy=TWO_TO_ONE) == expected


tickets = st.lists(
    st.builds(
        Waiting,
        id=st.uuids().map(str),
        line=st.sampled_from(["s:A", "s:B", "s:C", "c:1", "c:2", "p:wang"]),
        lane=st.sampled_from(["ordinary", "priority"]),
        rank_at=st.integers(0, 50).map(lambda minute: minute * MINUTE),
        serial=st.integers(1, 9),
        issued_at=st.integers(0, 100).map(lambda minute: minute * MINUTE),
    ),
    unique_by=lambda ticket: ticket.id,
)
counters = st.builds(
    CounterView,
    code=st.just("1"),
    clerk=st.sampled_from([None, "wang"]),
    first=st.frozensets(st.sampled_from("ABC")),
    second=st.frozensets(st.sampled_from("ABC")),
    second_after=st.none() | st.integers(0, 60),
    ordinary_run=st.integers(0, 4),
)
policies = st.sampled_from([HEAD_START, TWO_TO_ONE, Policy("proportional", 0)])


@given(counters, tickets, policies)
def test_the_heads_alone_decide(counter: CounterView, waiting: list[Waiting], policy: Policy) -> None:
    assert next_called(counter, heads(waiting, policy), NOW, policy) == next_called(counter, waiting, NOW, policy)


@given(counters, tickets, policies)
def test_nobody_is_called_only_when_nobody_waits_for_the_counter(
    counter: CounterView, waiting: list[Waiting], policy: Policy
) -> None:
    mine = [t for t in waiting if t.line in counter.first_lines | counter.second_lines]
    found = next_called(counter, waiting, NOW, policy)
    assert found in mine if mine else found is None


@given(counters, tickets, policies)
def test_nobody_in_its_own_line_and_lane_is_overtaken(
    counter: CounterView, waiting: list[Waiting], policy: Policy
) -> None:
    found = next_called(counter, waiting, NOW, policy)
    if found:
        peers = [t for t in waiting if (t.line, t.lane) == (found.line, found.lane)]
        assert found == min(peers, key=lambda t: (t.rank_at, t.serial, t.id))
