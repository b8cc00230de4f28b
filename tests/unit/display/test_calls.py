"""The order of announcements, as a table of halls and as a promise about any hall."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from display.calls import (
    Acknowledgements,
    Announcements,
    connected,
    heard,
    on_glass,
    seconds_each,
    step,
    told,
)
from tests.unit.display.boards import NOON, a_call


def numbers(state: Announcements) -> list[str]:
    return [shown.call.number for shown in state.showing]


def after(state: Announcements, *calls: dict[str, Any], at_s: float, slots: int = 3) -> Announcements:
    """The state at a moment, with these calls on the board (newest first)."""
    state = heard(state, calls, NOON + timedelta(seconds=at_s))
    return step(state, at_s, slots=slots, call_seconds=12)


def test_calls_of_one_moment_stand_side_by_side_in_the_order_they_were_made() -> None:
    newest_first = [a_call("3", "C001", "3", NOON), a_call("2", "B001", "2", NOON), a_call("1", "A001", "1", NOON)]
    assert numbers(after(Announcements(), *newest_first, at_s=0)) == ["A001", "B001", "C001"]


def test_a_call_has_its_time_and_is_not_announced_again_while_the_board_still_carries_it() -> None:
    call = a_call("1", "A001", "1", NOON)
    state = after(Announcements(), call, at_s=0)
    state = after(state, call, at_s=11.9)
    assert numbers(state) == ["A001"]
    assert numbers(after(state, call, at_s=12)) == []


def test_a_full_area_gives_the_place_of_its_oldest_call_to_the_next_one_and_the_others_stay_where_they_are() -> None:
    calls = [a_call(str(n), f"A00{n}", str(n), NOON) for n in range(3)]
    state = after(Announcements(), *reversed(calls), at_s=0)
    fourth = a_call("4", "B004", "9", NOON)
    assert numbers(after(state, fourth, at_s=1)) == ["A000", "A001", "A002"]
    assert numbers(after(after(state, fourth, at_s=1), at_s=6)) == ["B004", "A001", "A002"]


def test_a_recall_on_the_glass_gets_attention_again_in_its_place() -> None:
    state = after(Announcements(), a_call("2", "B001", "2", NOON), a_call("1", "A001", "1", NOON), at_s=0)
    state = after(state, a_call("r", "A001", "1", NOON, times=2), at_s=10)
    assert numbers(state) == ["A001", "B001"]
    assert (state.showing[0].call.times, state.showing[0].since_s) == (2, 10)


def test_a_recall_of_a_number_that_still_waits_shares_its_showing() -> None:
    state = heard(Announcements(), [a_call("1", "A001", "1", NOON)], NOON)
    state = heard(state, [a_call("r", "A001", "1", NOON, times=2)], NOON)
    assert step(state, 0, slots=3, call_seconds=12).ids_showing == ("1", "r")


def test_an_expired_call_is_never_announced_and_a_missed_fresh_one_is() -> None:
    fresh = a_call("new", "A002", "1", NOON - timedelta(seconds=30))
    old = a_call("old", "A001", "1", NOON - timedelta(seconds=61))
    assert numbers(after(Announcements(), fresh, old, at_s=0)) == ["A002"]


def test_fewer_slots_put_the_calls_that_lost_theirs_first_in_line() -> None:
    calls = [a_call(str(n), f"A00{n}", str(n), NOON) for n in range(3)]
    state = step(after(Announcements(), *reversed(calls), at_s=0), 0.1, slots=1, call_seconds=12)
    assert numbers(state) == ["A000"]
    assert [call.number for call in state.waiting] == ["A001", "A002"]


@pytest.mark.parametrize(
    ("waiting", "slots", "seconds"), [(0, 3, 12), (1, 3, 4), (2, 3, 2), (4, 3, 1), (40, 3, 0.9), (40, 2, 0.6)]
)
def test_the_more_wait_the_less_time_each_has(waiting: int, slots: int, seconds: float) -> None:
    assert seconds_each(waiting, slots=slots, call_seconds=12) == pytest.approx(seconds)


@pytest.mark.parametrize("slots", [1, 2, 3])
def test_three_calls_a_second_for_a_minute_are_all_shown_and_the_board_keeps_pace(slots: int) -> None:
    state, shown, late = Announcements(), set[str](), 0
    for tick in range(60 * 30):
        now_s = tick / 30
        calls = [a_call(str(tick), f"A{tick:04d}", str(tick % 30), NOON)] if tick % 10 == 0 else []
        state = after(state, *calls, at_s=now_s, slots=slots)
        shown.update(state.ids_showing)
        late = max(late, len(state.waiting))
    assert shown | {id_ for call in state.waiting for id_ in call.ids} == {str(tick) for tick in range(0, 1800, 10)}
    assert late <= 45


@dataclass
class Hub:
    """A hub's list of calls, and a connection that comes and goes."""

    calls: list[dict[str, Any]] = field(default_factory=list)
    there: bool = True


@dataclass
class Screen:
    """What a display does with the two states, frame by frame; `drawn` counts how often an id came onto the glass."""

    state: Announcements = field(default_factory=Announcements)
    acknowledged: Acknowledgements = field(default_factory=Acknowledgements)
    drawn: dict[str, int] = field(default_factory=dict)
    told_in_connection: list[str] = field(default_factory=list)
    standing: set[str] = field(default_factory=set)

    def frame(self, hub: Hub, now_s: float, slots: int) -> None:
        if hub.there:
            self.state = heard(self.state, hub.calls[:20], NOON + timedelta(seconds=now_s))
        self.state = step(self.state, now_s, slots=slots, call_seconds=12)
        standing = set(self.state.ids_showing)
        for id_ in standing - self.standing:
            self.drawn[id_] = self.drawn.get(id_, 0) + 1
        self.standing = standing
        self.acknowledged = on_glass(self.acknowledged, self.state.ids_showing)
        if hub.there:
            ids = self.acknowledged.open
            self.told_in_connection += ids
            self.acknowledged = told(self.acknowledged, ids)

    def reconnected(self, hub: Hub) -> None:
        assert len(self.told_in_connection) == len(set(self.told_in_connection))
        self.told_in_connection.clear()
        self.acknowledged = connected(self.acknowledged, hub.calls[:20])


DEEDS = st.lists(
    st.tuples(
        st.sampled_from(["call", "call", "call", "recall", "away", "back", "wait"]),
        st.integers(0, 5),
        st.sampled_from([0.05, 0.3, 1.0, 4.0, 13.0, 61.0]),
    ),
    max_size=60,
)


@settings(max_examples=200, deadline=None)
@given(deeds=DEEDS, slots=st.integers(1, 3))
def test_whatever_happens_every_fresh_call_is_drawn_once_and_told_once_per_connection(
    deeds: list[tuple[str, int, float]], slots: int
) -> None:
    hub, screen, now_s, made, must = Hub(), Screen(), 0.0, 0, set[str]()
    for deed, which, pause_s in deeds:
        if deed in ("call", "recall") and len(hub.calls) < 20:
            made += 1
            earlier = hub.calls[which % len(hub.calls)] if hub.calls and deed == "recall" else None
            number, counter = (earlier["number"], earlier["counter"]) if earlier else (f"A{made:03d}", str(which))
            at = NOON + timedelta(seconds=now_s)
            hub.calls.insert(0, a_call(str(made), number, counter, at, times=2 if earlier else 1))
        elif deed == "away":
            hub.there = False
        elif deed == "back" and not hub.there:
            hub.there = True
            screen.reconnected(hub)
        screen.frame(hub, now_s, slots)
        if hub.there:
            must |= {call["id"] for call in hub.calls if call["id"] in screen.state.known}
        now_s += pause_s
        hub.calls = [call for call in hub.calls if a_moment(call) > now_s]
    _let_it_show_everything(hub, screen, now_s, slots)
    heard_late = must - screen.drawn.keys()
    assert not heard_late
    assert all(times == 1 for times in screen.drawn.values())


def a_moment(call: dict[str, Any]) -> float:
    return (datetime.fromisoformat(call["expires_at"]) - NOON).total_seconds()


def _let_it_show_everything(hub: Hub, screen: Screen, now_s: float, slots: int) -> None:
    hub.calls = []
    while screen.state.waiting:
        now_s += 0.5
        screen.frame(hub, now_s, slots)


def test_a_call_that_could_not_be_told_stays_open_until_it_was() -> None:
    state = on_glass(Acknowledgements(), ["1", "2"])
    assert state.open == ("1", "2")
    assert told(state, ["1"]).open == ("2",)


def test_a_new_connection_hears_again_of_what_its_board_still_carries() -> None:
    state = told(on_glass(Acknowledgements(), ["old", "kept"]), ["old", "kept"])
    assert connected(state, [a_call("kept", "A001", "1", NOON)]).open == ("kept",)


def test_a_frame_tells_twenty_at_most() -> None:
    assert len(on_glass(Acknowledgements(), [str(n) for n in range(33)]).open) == 20


def test_what_was_drawn_while_the_hub_was_away_is_told_after_it_came_back() -> None:
    assert connected(on_glass(Acknowledgements(), ["1"]), []).open == ("1",)
