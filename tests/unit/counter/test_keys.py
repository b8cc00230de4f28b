"""Caller keys → commands."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counter.keys import COMMANDS, LATER, SENTENCES, Command, Pad, Press, Refusal, Unanswered, command_for, key_for
from devices.keypad_ff68_frames import KEYS, OK_KEYS, KeyName
from hub.wire import CallNext, CounterState, Finish

SERVING = Pad(connected=True, counter="serving", number="A007")


@pytest.mark.parametrize(
    ("key", "command"),
    [
        ("call_next", Command("next", CallNext(finish_current=True))),
        ("evaluate", Command("finish", Finish())),
        ("recall", Command("recall")),
        ("give_up", Command("no-show")),
    ],
)
def test_a_key_is_a_command(key: KeyName, command: Command) -> None:
    assert command_for(Press(key, 100.0), SERVING, debounce_ms=500) == command


@pytest.mark.parametrize(
    ("pad", "reason"),
    [
        (Pad(connected=False, counter="serving"), "hub_away"),
        (Pad(connected=True, counter=None), "unknown_counter"),
        (Pad(connected=True, counter="closed"), "closed"),
        (Pad(connected=True, counter="serving", in_flight=True, last=Press("recall", 99.0)), "busy"),
    ],
)
def test_a_key_that_cannot_be_carried_out_is_refused(pad: Pad, reason: str) -> None:
    assert command_for(Press("call_next", 100.0), pad, debounce_ms=500) == Refusal(reason)  # type: ignore[arg-type]


@pytest.mark.parametrize("key", sorted(LATER))
def test_a_key_of_a_later_function_is_refused_even_without_a_hub(key: KeyName) -> None:
    assert command_for(Press(key, 1.0), Pad(), debounce_ms=500) == Refusal("later")


@pytest.mark.parametrize("key", ["ok", "unknown"])
def test_a_key_without_a_meaning_is_refused(key: KeyName) -> None:
    assert command_for(Press(key, 1.0), SERVING, debounce_ms=500) == Refusal("unknown_key")


@pytest.mark.parametrize(("after_ms", "taken"), [(0, False), (100, False), (499, False), (501, True), (5000, True)])
def test_the_same_key_within_the_debounce_time_is_one_press(after_ms: int, taken: bool) -> None:
    pad = Pad(connected=True, counter="calling", number="A007", last=Press("call_next", 100.0))
    decided = command_for(Press("call_next", 100.0 + after_ms / 1000), pad, debounce_ms=500)
    assert (decided is not None) is taken


def test_the_same_key_while_its_command_is_on_its_way_is_one_press() -> None:
    pad = Pad(connected=True, counter="calling", in_flight=True, last=Press("call_next", 100.0))
    assert command_for(Press("call_next", 102.5), pad, debounce_ms=500) is None


def test_another_key_right_after_is_a_command_of_its_own() -> None:
    pad = Pad(connected=True, counter="calling", last=Press("call_next", 100.0))
    assert command_for(Press("recall", 100.1), pad, debounce_ms=500) == COMMANDS["recall"]


def test_every_key_of_the_pad_has_an_answer() -> None:
    names = {*KEYS.values(), *OK_KEYS.values(), "unknown"}
    for name in names:
        decided = command_for(Press(name, 1.0), SERVING, debounce_ms=500)
        assert isinstance(decided, Command) or (isinstance(decided, Refusal) and SENTENCES[decided.reason])


@given(
    st.lists(st.tuples(st.sampled_from(sorted(COMMANDS)), st.floats(0, 2)), max_size=40),
    st.sampled_from(["open", "calling", "serving", "away"]),
)
def test_no_two_taken_presses_of_one_key_are_closer_than_the_debounce_time(
    presses: list[tuple[KeyName, float]], counter: CounterState
) -> None:
    pad, now = Pad(connected=True, counter=counter), 0.0
    taken: list[Press] = []
    for name, gap in presses:
        now += gap
        press = Press(name, now)
        if isinstance(command_for(press, pad, debounce_ms=500), Command):
            taken.append(press)
            pad = Pad(connected=True, counter=counter, last=press)
    for one, other in pairwise(taken):
        assert one.name != other.name or other.at - one.at >= 0.4999


NEXT = COMMANDS["call_next"]


@pytest.mark.parametrize(
    ("command", "number", "at", "key"),
    [
        (NEXT, "A007", 105.0, "old"),  # nothing changed: the same wish
        (NEXT, "A008", 105.0, "new"),  # it did take effect: a new wish
        (COMMANDS["recall"], "A007", 105.0, "new"),
        (NEXT, "A007", 111.0, "new"),  # too long ago
    ],
)
def test_a_command_without_an_answer_is_sent_again_with_its_own_key(
    command: Command, number: str, at: float, key: str
) -> None:
    unanswered = Unanswered(NEXT, "old", "A007", 100.0)
    pad = Pad(connected=True, counter="serving", number=number)
    assert key_for(command, pad, unanswered, at=at, fresh="new") == key


def test_an_answered_command_is_followed_by_a_fresh_key() -> None:
    assert key_for(NEXT, SERVING, None, at=1.0, fresh="new") == "new"
