import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.errors import BadFrame
from devices.keypad_hid_frames import CALLER_KEYS, EVALUATOR_KEYS, Bits, Parser
from devices.keypad_typing import Meaning

# Laid out by hand from struct input_event: KEY_KP5 (76) pressed at 1700000000.123456, then its EV_SYN.
PRESS_64 = bytes.fromhex("00f1536500000000 40e2010000000000 0100 4c00 01000000")
SYN_64 = bytes.fromhex("00f1536500000000 40e2010000000000 0000 0000 00000000")
PRESS_32 = bytes.fromhex("00f15365 40e20100 0100 4c00 01000000")
FIVE = Meaning("digit", 5)


def event(code: int, value: int, bits: Bits = 64, kind: int = 1) -> bytes:
    word = 8 if bits == 64 else 4
    numbers = ((1_700_000_000, word), (123_456, word), (kind, 2), (code, 2), (value, 4))
    return b"".join(number.to_bytes(size, "little") for number, size in numbers)


def keys(data: bytes, bits: Bits = 64) -> list[Meaning | BadFrame]:
    return Parser(CALLER_KEYS, bits=bits).feed(data, 0.0)


def test_an_event_of_either_kernel_is_a_press() -> None:
    assert event(76, 1) == PRESS_64
    assert keys(PRESS_64 + SYN_64) == [FIVE]
    assert keys(PRESS_32, bits=32) == [FIVE]


def test_held_down_is_pressed_once() -> None:
    line = b"".join(event(76, value) + SYN_64 for value in (1, 2, 2, 2, 0))
    assert keys(line) == [FIVE]


@pytest.mark.parametrize(
    ("codes", "digits"),
    [
        (range(2, 12), [1, 2, 3, 4, 5, 6, 7, 8, 9, 0]),
        ([79, 80, 81, 75, 76, 77, 71, 72, 73, 82], [1, 2, 3, 4, 5, 6, 7, 8, 9, 0]),
    ],
)
def test_both_rows_of_digits_are_digits(codes: list[int], digits: list[int]) -> None:
    assert keys(b"".join(event(code, 1) for code in codes)) == [Meaning("digit", digit) for digit in digits]


def test_a_citizens_pad_has_the_five_levels_only() -> None:
    parser = Parser(EVALUATOR_KEYS)
    pressed = parser.feed(b"".join(event(code, 1) for code in (79, 6, 77)), 0.0)
    assert pressed == [Meaning("evaluation", 0), Meaning("evaluation", 4), Meaning("key")]


def test_a_full_buffer_of_the_kernel_is_told() -> None:
    (fault,) = keys(event(3, 0, kind=0))
    assert isinstance(fault, BadFrame)
    assert "dropped" in fault.text


EVENTS = st.builds(event, st.sampled_from([*CALLER_KEYS, 300]), st.integers(0, 2))


@given(st.lists(st.one_of(EVENTS, st.binary(max_size=30))))
def test_byte_by_byte_is_the_same_as_at_once(pieces: list[bytes]) -> None:
    data = b"".join(pieces)
    slow, fast = Parser(CALLER_KEYS), Parser(CALLER_KEYS)
    one_by_one = [found for byte in data for found in slow.feed(bytes((byte,)), 0.0)] + slow.expire(9.0)
    assert list(map(_plain, one_by_one)) == list(map(_plain, fast.feed(data, 0.0) + fast.expire(9.0)))


@given(st.lists(st.integers(0, 2)), st.sampled_from([32, 64]))
def test_every_press_and_nothing_else_is_a_key(values: list[int], bits: Bits) -> None:
    assert keys(b"".join(event(76, value, bits) for value in values), bits) == [FIVE] * values.count(1)


@given(st.binary(max_size=60))
def test_after_a_pause_noise_costs_no_press(noise: bytes) -> None:
    parser = Parser(CALLER_KEYS)
    parser.feed(noise, 0.0)
    assert [one for one in parser.feed(PRESS_64, 1.0) if isinstance(one, Meaning)] == [FIVE]


def _plain(found: Meaning | BadFrame) -> object:
    return (found.text, found.data) if isinstance(found, BadFrame) else found
