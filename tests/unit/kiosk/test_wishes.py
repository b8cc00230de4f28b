"""A priority, or several services with one number: said before the number is taken."""

from dataclasses import replace

import pytest

from hub.wire import Opening
from kiosk.screens import screen_of, step
from kiosk.state import Browsing, Effect, Issue, IssueUnanswered, Issuing, State, Ticked, TicketIssued, Touched, Wish
from kiosk.ticket_words import slip_facts, ticket_lines
from tests.unit.kiosk.scenes import NOON, PRIORITIES, TREE, a_hall, a_service, a_sheet, a_state, a_ticket

HALL = a_hall(priorities=PRIORITIES)
START = a_state(hall=HALL)


def touch(state: State, *names: str, at: float = 100.0) -> tuple[State, tuple[Effect, ...]]:
    """The state after these touches, and what the last one wants done."""
    effects: tuple[Effect, ...] = ()
    for name in names:
        state, effects = step(state, Touched(name, f"key-{name}", bouncing=False), at)
    return state, effects


def test_who_says_nothing_is_an_ordinary_citizen() -> None:
    assert touch(START, "service:A")[1] == (Issue("A", "key-service:A", "zh"),)


def test_a_priority_goes_with_the_number_and_is_forgotten_afterwards() -> None:
    state, _ = touch(START, "priorities")
    assert screen_of(state) == "priorities"
    state, effects = touch(state, "priority:elderly", "service:A")
    assert effects == (Issue("A", "key-service:A", "zh", priority="elderly"),)
    state, _ = step(state, TicketIssued("key-service:A", a_ticket(priority="elderly")), 101.0)
    state, _ = touch(state, "done", at=110.0)
    assert state.wish == Wish()
    assert touch(state, "service:A", at=120.0)[1] == (Issue("A", "key-service:A", "zh"),)


def test_a_priority_can_be_taken_back() -> None:
    state, _ = touch(START, "priorities", "priority:elderly", "priorities", "priority:")
    assert state.wish == Wish()
    assert screen_of(state) == "services"


@pytest.mark.parametrize("name", ["priority:green", "priority:nobody", "take", "service:Z"])
def test_what_is_not_offered_cannot_be_wished(name: str) -> None:
    assert touch(START, name) == (replace(START, touched_at_s=100.0), ())


def test_a_hall_without_priorities_does_not_ask() -> None:
    state = a_state()
    assert "priorities" not in [item.name for item in a_sheet(state).items]
    assert screen_of(touch(state, "priorities")[0]) == "services"


def test_several_services_are_taken_with_one_number_in_the_order_of_the_touches() -> None:
    state, effects = touch(START, "several", "service:C", "service:A", "service:E")
    assert (state.wish.services, effects) == (("C", "A", "E"), ())
    state, effects = touch(state, "take")
    assert effects == (Issue("C", "key-take", "zh", further=("A", "E")),)
    assert isinstance(state.errand, Issuing)


def test_a_fourth_service_is_not_taken_and_a_second_touch_takes_one_back() -> None:
    state, _ = touch(START, "several", "service:A", "service:B", "service:C", "service:D")
    assert state.wish.services == ("A", "B", "C")
    assert touch(state, "service:B")[0].wish.services == ("A", "C")


def test_one_service_again_after_all() -> None:
    state, _ = touch(START, "priorities", "priority:elderly", "several", "service:A", "several")
    assert state.wish == Wish("elderly")
    assert touch(state, "service:B")[1] == (Issue("B", "key-service:B", "zh", priority="elderly"),)


def test_services_behind_a_heading_can_be_among_them() -> None:
    state, _ = touch(a_state(hall=a_hall(*TREE)), "several", "service:A", "service:B", "service:B1")
    assert state.wish.services == ("A", "B1")
    assert state.errand == Browsing(parent="B")


def test_a_question_asked_again_wishes_the_same() -> None:
    state, effects = touch(START, "priorities", "priority:elderly", "several", "service:A", "service:B", "take")
    state, _ = step(state, IssueUnanswered("key-take"), 101.0)
    assert step(state, Ticked(), 103.0)[1] == effects


def test_a_wish_that_nobody_goes_on_with_is_forgotten() -> None:
    state, _ = touch(START, "several", "service:A")
    state, _ = step(state, Ticked(), 100.0 + START.idle_s * 3)
    assert state.wish == Wish()


def test_a_hall_that_closes_takes_no_wishes() -> None:
    closed = a_state(hall=a_hall(a_service("A", open=False), priorities=PRIORITIES, opening=Opening(state="closed")))
    for name in ("priorities", "priority:elderly", "several", "take"):
        assert touch(closed, name)[1] == ()
        assert screen_of(touch(closed, name)[0]) == "closed"


def test_the_slip_says_the_priority_and_what_comes_next() -> None:
    ticket = a_ticket(priority="disabled", services_left=["B", "C"])
    assert "优先：残疾人" in ticket_lines(ticket, HALL, "zh")
    assert "之后办理：社会保险、不动产登记" in slip_facts(ticket, HALL, NOON, "zh").lines
    assert "Afterwards: Social insurance, Real estate" in slip_facts(ticket, HALL, NOON, "en").lines


def test_an_ordinary_slip_says_nothing_of_priorities() -> None:
    assert not any("优先" in line for line in ticket_lines(a_ticket(priority="ordinary"), HALL, "zh"))
