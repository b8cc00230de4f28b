"""Caller keys → commands."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counter.keys import (
    COMMANDS,
    SENTENCES,
    UNUSED,
    Command,
    Habits,
    Lookup,
    Pad,
    Press,
    Refusal,
    Unanswered,
    command_for,
    key_for,
)
from devices.keypad_ff68_frames import FROM_DEVICE, KEYS, OK_KEYS, Frame, KeyName, Parser, encode, key_of
from hub.wire import Away, CallNext, CounterState, Finish, Hold, Transfer

NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
SERVING = Pad(connected=True, counter="serving", number="A007")


@pytest.mark.parametrize(
    ("key", "command"),
    [
        ("call_next", Command("next", CallNext(finish_current=True))),
        ("evaluate", Command("finish", Finish())),
        ("recall", Command("recall")),
        ("give_up", Command("no-show")),
        ("hang", Command("hold", Hold())),
        ("call_back", Lookup("resume")),
        ("pause", Command("away", Away(reason="暂时离开", back_at=NOON + timedelta(minutes=15)))),
    ],
)
def test_a_key_is_a_command(key: KeyName, command: Command | Lookup) -> None:
    assert command_for(Press(key, 100.0), SERVING, Habits(), NOON) == command


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
    assert command_for(Press("call_next", 100.0), pad, Habits(), NOON) == Refusal(reason)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("data", "wish"),
    [
        (b"\x0c", Command("next", CallNext(finish_current=True))),
        (b"\x01\x07\x0c", Lookup("call", "17")),
        (b"\x07\x0c", Lookup("call", "7")),
        (b"\x00\x0f", Command("hold", Hold())),
        (b"\x03\x0f", Lookup("resume")),
        (b"\x06\x0f", Command("no-show")),
        (b"\x04\x13", Command("transfer", Transfer(counter="4", reason="叫号器"))),
        (b"\x01\x02\x13", Command("transfer", Transfer(counter="12", reason="叫号器"))),
        (b"\x13", Refusal("no_target")),
        (b"\x11", Refusal("unused_key")),
        (b"\x01\x0f", Refusal("unknown_key")),
    ],
)
def test_the_bytes_of_a_pad_are_a_wish(data: bytes, wish: Command | Lookup | Refusal) -> None:
    (frame,) = Parser(FROM_DEVICE).feed(encode(Frame(1, 1, data)), at=0.0)
    assert isinstance(frame, Frame)
    key = key_of(frame)
    assert key is not None
    assert command_for(Press(key.name, 1.0, key.digits), SERVING, Habits(), NOON) == wish


def test_the_pause_key_ends_a_pause() -> None:
    assert command_for(Press("pause", 1.0), Pad(connected=True, counter="away"), Habits(), None) == Command("back")


def test_a_pause_needs_hall_time_to_say_until_when() -> None:
    assert command_for(Press("pause", 1.0), SERVING, Habits(), None) == Refusal("no_time")


def test_a_pause_is_as_long_and_for_the_reason_that_is_set() -> None:
    decided = command_for(Press("pause", 1.0), SERVING, Habits(pause_reason="就餐", pause_minutes=45), NOON)
    assert decided == Command("away", Away(reason="就餐", back_at=NOON + timedelta(minutes=45)))


@pytest.mark.parametrize("key", sorted(UNUSED))
def test_a_key_without_a_function_is_refused_even_without_a_hub(key: KeyName) -> None:
    assert command_for(Press(key, 1.0), Pad(), Habits(), NOON) == Refusal("unused_key")


@pytest.mark.parametrize("key", ["ok", "unknown"])
def test_a_key_without_a_meaning_is_refused(key: KeyName) -> None:
    assert command_for(Press(key, 1.0), SERVING, Habits(), NOON) == Refusal("unknown_key")


@pytest.mark.parametrize(("after_ms", "taken"), [(0, False), (100, False), (499, False), (501, True), (5000, True)])
def test_the_same_key_within_the_debounce_time_is_one_press(after_ms: int, taken: bool) -> None:
    pad = Pad(connected=True, counter="calling", number="A007", last=Press("call_next", 100.0))
    decided = command_for(Press("call_next", 100.0 + after_ms / 1000), pad, Habits(), NOON)
    assert (decided is not None) is taken


def test_the_same_key_while_its_command_is_on_its_way_is_one_press() -> None:
    pad = Pad(connected=True, counter="calling", in_flight=True, last=Press("call_next", 100.0))
    assert command_for(Press("call_next", 102.5), pad, Habits(), NOON) is None


def test_another_key_right_after_is_a_command_of_its_own() -> None:
    pad = Pad(connected=True, counter="calling", last=Press("call_next", 100.0))
    assert command_for(Press("recall", 100.1), pad, Habits(), NOON) == COMMANDS["recall"]


def test_every_key_of_the_pad_has_an_answer() -> None:
    names = {*KEYS.values(), *OK_KEYS.values(), "unknown"}
    for name in names:
        decided = command_for(Press(name, 1.0), SERVING, Habits(), NOON)
        assert isinstance(decided, (Command, Lookup)) or (isinstance(decided, Refusal) and SENTENCES[decided.reason])


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
        if isinstance(command_for(press, pad, Habits(), NOON), (Command, Lookup)):
            taken.append(press)
            pad = Pad(connected=True, counter=counter, last=press)
    for one, other in pairwise(taken):
        assert one.name != other.name or other.at - one.at >= 0.4999


NEXT, RECALL = Command("next", CallNext(finish_current=True)), Command("recall")


@pytest.mark.parametrize(
    ("command", "number", "at", "key"),
    [
        (NEXT, "A007", 105.0, "old"),  # nothing changed: the same wish
        (NEXT, "A008", 105.0, "new"),  # it did take effect: a new wish
        (RECALL, "A007", 105.0, "new"),
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
