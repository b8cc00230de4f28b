"""Scanned codes out of bytes and out of a keyboard's events."""

import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from devices.errors import BadFrame
from devices.scanner_frames import GAP_TIMEOUT_S, LONGEST, Code, Debounce, Ending, Parser
from devices.scanner_hid_frames import HidParser
from devices.twins.scanner import events_of

NOW = 100.0
LINK = "http://hall.example:8000/t/3vQp8sLxk2mZr5Ty"


def texts(found: list[Code | BadFrame]) -> list[str]:
    return [one.text for one in found if isinstance(one, Code)]


@pytest.mark.parametrize(
    ("ending", "raw", "codes"),
    [
        ("crlf", b"A007\r\nB1\r\n", ["A007", "B1"]),
        ("crlf", b"A007\rB1\n", ["A007", "B1"]),
        ("cr", b"A007\r", ["A007"]),
        ("lf", b"A007\nB1\n", ["A007", "B1"]),
        ("tab", b"A007\tB1\t", ["A007", "B1"]),
        ("crlf", b"\r\n\r\n", []),
    ],
)
def test_each_ending_ends_a_code_and_several_come_in_one_read(ending: Ending, raw: bytes, codes: list[str]) -> None:
    assert texts(Parser(ending=ending).feed(raw, NOW)) == codes


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_chinese_is_read_in_both_encodings(encoding: str) -> None:
    assert texts(Parser().feed("预约号12㐂\r\n".encode(encoding), NOW)) == ["预约号12㐂"]


def test_a_prefix_is_asked_for_taken_off_and_ends_the_noise_before_it() -> None:
    parser = Parser(prefix=b"]Q1")
    found = parser.feed(b"\x00\xff\xfd]Q1A007\r\nA008\r\n", NOW)
    assert texts(found) == ["A007"]
    assert isinstance(found[1], BadFrame)


def test_half_a_code_is_never_glued_to_the_next_one() -> None:
    parser = Parser()
    assert parser.feed(b"A0", NOW) == []
    found = parser.feed(b"B1\r\n", NOW + GAP_TIMEOUT_S)
    assert texts(found) == ["B1"]
    assert str(found[0]) == "no end came after 2 bytes"


def test_what_is_too_long_or_no_text_is_told_by_its_length_only() -> None:
    found = Parser().feed(b"x" * (LONGEST + 5) + b"\r\n" + b"\x81\x00secret\r\nA007\r\n", NOW)
    assert texts(found) == ["A007"]
    assert [str(one) for one in found[:2]] == [f"no code is as long as {LONGEST + 5} bytes", "8 bytes are no text"]


def test_a_code_does_not_show_in_its_repr() -> None:
    assert "A007" not in repr(Code("A007", NOW))


def test_a_slip_left_under_the_scanner_is_one_code() -> None:
    debounce = Debounce(2.0)
    told = [debounce.fresh(Code(text, NOW + at)) for text, at in (("A", 0), ("A", 1), ("A", 2.5), ("B", 3), ("A", 3))]
    assert told == [True, False, False, True, True]
    assert debounce.fresh(Code("A", NOW + 5.1))


CODES = st.text(st.characters(codec="utf-8", categories=["L", "N", "P"]), min_size=1, max_size=30)


@given(st.lists(st.one_of(CODES.map(lambda text: f"{text}\r\n".encode()), st.binary(max_size=20)), max_size=6))
@settings(max_examples=60)
def test_feeding_byte_by_byte_gives_the_same_as_feeding_at_once(pieces: list[bytes]) -> None:
    stream = b"".join(pieces)
    one, many = Parser(), Parser()
    at_once = one.feed(stream, NOW) + one.expire(NOW + 1)
    single = [found for byte in stream for found in many.feed(bytes((byte,)), NOW)] + many.expire(NOW + 1)
    assert texts(at_once) == texts(single)
    assert len(at_once) == len(single)


@given(st.lists(st.tuples(st.binary(max_size=40), CODES), min_size=1, max_size=5))
@settings(max_examples=60)
def test_garbage_between_codes_with_a_prefix_never_loses_one_nor_invents_one(pieces: list[tuple[bytes, str]]) -> None:
    parser = Parser(prefix=b"\x02")
    stream = b"".join(noise.replace(b"\x02", b"") + b"\x02" + text.encode() + b"\r\n" for noise, text in pieces)
    assert texts(parser.feed(stream, NOW)) == [text for _, text in pieces]


# --- a keyboard ------------------------------------------------------------------------------------------------------

TYPED = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=30)


@given(st.lists(TYPED, min_size=1, max_size=4), st.integers(1, 24))
@settings(max_examples=60)
def test_whatever_a_us_keyboard_types_is_read_however_the_events_are_cut(codes: list[str], size: int) -> None:
    stream = b"".join(map(events_of, codes))
    parser = HidParser(long_bytes=8)
    pieces = [stream[at : at + size] for at in range(0, len(stream), size)]
    assert texts([found for piece in pieces for found in parser.feed(piece, NOW)]) == codes


def test_a_link_comes_through_a_keyboard() -> None:
    assert texts(HidParser(long_bytes=8).feed(events_of(LINK), NOW)) == [LINK]


def key(code: int, value: int = 1, kind: int = 1) -> bytes:
    return struct.pack("<8xHHi", kind, code, value)


def test_a_machine_of_32_bits_writes_shorter_events() -> None:
    """KEY_A 30, KEY_KP7 71, KEY_KPENTER 96; repeats and releases type nothing; caps lock and shift undo each other."""
    stream = key(30) + key(30, 2) + key(30, 0) + key(71) + key(58) + key(30) + key(42) + key(30) + key(2) + key(96)
    assert texts(HidParser(long_bytes=4).feed(stream, NOW)) == ["a7Aa!"]


def test_a_key_that_no_us_keyboard_has_spoils_its_code_alone() -> None:
    found = HidParser(long_bytes=4).feed(key(30) + key(183) + key(28) + key(48) + key(28), NOW)
    assert isinstance(found[0], BadFrame)
    assert texts(found) == ["b"]


def test_keys_without_enter_are_thrown_away_after_a_pause() -> None:
    parser = HidParser(long_bytes=4)
    assert parser.feed(key(30), NOW) == []
    assert str(parser.expire(NOW + GAP_TIMEOUT_S)[0]) == "no Enter came after 1 keys"
