import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.errors import BadFrame
from devices.keypad_box import packaged, read_table
from devices.keypad_box_frames import Parser, bytes_of, key_table
from devices.keypad_ff68_frames import Key
from devices.keypad_typing import FORGOTTEN_AFTER_S, NOTHING, Evaluated, Meaning, Typing, meaning_of

TABLE = key_table(
    tomllib.loads(
        """
        end = "\\r\\n"
        answer = "hex 06"
        [keys]
        "1" = "evaluation 0"
        "12" = "call_next"
        "123" = "recall"
        "N" = "call_next"
        "hex 02 31 03" = "digit 7"
        """
    )
)
ONE, TWELVE, LONG = Meaning("evaluation", 0), Meaning("key", name="call_next"), Meaning("key", name="recall")
ALPHABET = bytes(byte for byte in range(256) if not any(byte in code for code in TABLE.codes))
"""Bytes that are in no key: noise that cannot be mistaken."""


def read(data: bytes) -> list[Meaning]:
    parser = Parser(TABLE.codes)
    found = parser.feed(data, 0.0) + parser.expire(9.0)
    return [one for one in found if isinstance(one, Meaning) and one != NOTHING]


@pytest.mark.parametrize(
    ("sent", "keys"),
    [
        (b"1", [ONE]),
        (b"12", [TWELVE]),
        (b"1\r\n12\r\n123\r\n", [ONE, TWELVE, LONG]),
        (b"1231", [LONG, ONE]),
        (b"\x02\x31\x03N", [Meaning("digit", 7), TWELVE]),
        (b"xx1yy", [ONE]),
    ],
)
def test_the_longest_key_that_fits_counts(sent: bytes, keys: list[Meaning]) -> None:
    assert read(sent) == keys


def test_a_key_that_begins_like_a_longer_one_is_told_after_a_pause() -> None:
    parser = Parser(TABLE.codes, gap_timeout_s=0.2)
    assert parser.feed(b"12", 1.0) == []
    assert parser.expire(1.1) == []
    assert parser.expire(1.21) == [TWELVE]


def test_bytes_of_no_key_are_told_and_do_not_pile_up() -> None:
    parser = Parser(TABLE.codes)
    (fault, _) = parser.feed(b"xyzN", 0.0)
    assert isinstance(fault, BadFrame)
    assert fault.data == b"xyz"
    assert len(parser.feed(b"x" * 640, 0.1)) == 10


CODES = st.sampled_from([code for code, meaning in TABLE.codes.items() if meaning != NOTHING])
NOISE = st.lists(st.sampled_from(ALPHABET), max_size=5).map(bytes)


@given(st.lists(st.one_of(CODES, st.binary(max_size=6))))
def test_byte_by_byte_is_the_same_as_at_once(pieces: list[bytes]) -> None:
    data = b"".join(pieces)
    slow, fast = Parser(TABLE.codes), Parser(TABLE.codes)
    one_by_one = [found for byte in data for found in slow.feed(bytes((byte,)), 0.0)] + slow.expire(9.0)
    assert list(map(_plain, one_by_one)) == list(map(_plain, fast.feed(data, 0.0) + fast.expire(9.0)))


@given(st.lists(st.tuples(NOISE, CODES)), NOISE)
def test_noise_between_keys_neither_loses_nor_makes_one(pressed: list[tuple[bytes, bytes]], last: bytes) -> None:
    line = b"".join(noise + code + b"\r\n" for noise, code in pressed) + last
    assert read(line) == [TABLE.codes[code] for _, code in pressed]


@given(st.binary(max_size=300))
def test_no_byte_is_forgotten(line: bytes) -> None:
    parser = Parser(TABLE.codes)
    sizes = {meaning: len(code) for code, meaning in TABLE.codes.items() if code != b"N"}
    found = parser.feed(line.replace(b"N", b"n"), 0.0) + parser.expire(9.0)
    assert sum(len(one.data) if isinstance(one, BadFrame) else sizes[one] for one in found) == len(line)


def _plain(found: Meaning | BadFrame) -> object:
    return (found.text, found.data) if isinstance(found, BadFrame) else found


@pytest.mark.parametrize(
    ("table", "words"),
    [
        ({}, "needs \\[keys\\]"),
        ({"keys": {"1": "dance"}}, "'dance' is no key"),
        ({"keys": {"1": "digit 12"}}, "a number from 0 to 9"),
        ({"keys": {"": "clear"}}, "1 to 32 bytes"),
        ({"keys": {"1": "clear", "hex 31": "recall"}}, "stand twice"),
        ({"keys": {"hex 3": "clear"}}, "pairs of hexadecimal digits"),
        ({"end": "1", "keys": {"12": "clear"}}, "tell them apart"),
        ({"keys": {"1": "clear"}, "acknowledge": "."}, "has no 'acknowledge'"),
    ],
)
def test_a_wrong_table_is_refused_in_a_sentence(table: dict[str, object], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        key_table(table)


def test_the_packaged_tables_can_be_read_and_a_missing_one_names_them() -> None:
    assert [len(read_table(name).codes) > 4 for name in packaged()] == [True, True]
    with pytest.raises(ValueError, match="five-keys, letters"):
        read_table("no-such-table")
    assert bytes_of("hex 02 31") == b"\x02\x31"


def typed(*words: str) -> list[Key | Evaluated | None]:
    typing = Typing()
    return [typing.feed(meaning_of(word), at) for at, word in enumerate(words)]


def test_digits_and_a_function_key_are_one_press() -> None:
    assert typed("digit 1", "digit 7", "call_next")[-1] == Key(1, "call_next", 0x0C, (1, 7))
    assert typed("digit 6", "ok")[-1] == Key(1, "give_up", 0x0F, (6,))
    assert typed("ok")[-1] == Key(1, "ok", 0x0F)
    assert typed("digit 1", "digit 2", "digit 3", "digit 4", "transfer")[-1] == Key(1, "transfer", 0x13, (2, 3, 4))


def test_enter_calls_and_with_6_0_3_is_what_ok_is() -> None:
    assert typed("enter")[-1] == Key(1, "call_next", 0x0C)
    assert typed("digit 0", "enter")[-1] == Key(1, "hang", 0x0F, (0,))
    assert typed("digit 0", "digit 7", "enter")[-1] == Key(1, "call_next", 0x0C, (0, 7))


def test_cleared_and_forgotten_digits_are_not_sent() -> None:
    assert typed("digit 7", "clear", "call_next")[-1] == Key(1, "call_next", 0x0C)
    typing = Typing()
    assert typing.feed(meaning_of("digit 7"), 0.0) is None
    assert typing.feed(meaning_of("call_next"), FORGOTTEN_AFTER_S) == Key(1, "call_next", 0x0C)


def test_an_evaluation_does_not_touch_what_is_typed() -> None:
    assert typed("digit 7", "evaluation 2", "call_next")[1:] == [Evaluated(2), Key(1, "call_next", 0x0C, (7,))]
