"""Frames of ID-card readers: the public vectors, what a card says, and lines that bring anything."""

from datetime import date
from functools import reduce
from operator import xor

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from devices.errors import BadFrame
from devices.idcard_sam_frames import (
    FIND,
    FROM_HOST,
    READ,
    READ_FINGER,
    SELECT,
    STATUS,
    WORDS,
    Command,
    Parser,
    Reply,
    answers,
    card_of,
    check_character,
    command_of,
    encode,
    frame,
    reply_of,
    word_of,
)
from devices.twins.idcard_sam import PHOTO, made_up

#: device_vectors.json, idcard-sam (yzsam.com CNvfzM.html; two open drivers), each recomputed.
COMMANDS = [
    ("aa aa aa 96 69 00 03 20 01 22", FIND),
    ("aa aa aa 96 69 00 03 20 02 21", SELECT),
    ("aa aa aa 96 69 00 03 30 01 32", READ),
    ("aa aa aa 96 69 00 03 30 10 23", READ_FINGER),
    ("aa aa aa 96 69 00 03 11 ff ed", STATUS),
]
REPLIES = [
    ("aa aa aa 96 69 00 08 00 00 9f 00 00 00 00 97", Reply(0x9F, bytes(4))),
    ("aa aa aa 96 69 00 0c 00 00 90 00 00 00 00 00 00 00 00 9c", Reply(0x90, bytes(8))),
    ("aa aa aa 96 69 00 04 00 00 80 84", Reply(0x80)),
]
FOUND = bytes.fromhex(REPLIES[0][0])
NOW = 100.0


def a_reading(text: bytes, photo: bytes = PHOTO) -> Reply:
    return Reply(0x90, len(text).to_bytes(2, "big") + len(photo).to_bytes(2, "big") + text + photo)


@pytest.mark.parametrize(("raw", "command"), COMMANDS)
def test_commands_are_the_public_vectors_and_are_parsed_back(raw: str, command: Command) -> None:
    assert encode(command) == bytes.fromhex(raw)
    [body] = Parser(FROM_HOST).feed(bytes.fromhex(raw), NOW)
    assert isinstance(body, bytes)
    assert command_of(body) == command


@pytest.mark.parametrize(("raw", "reply"), REPLIES)
def test_replies_are_the_public_vectors_and_are_made_again(raw: str, reply: Reply) -> None:
    [body] = Parser().feed(bytes.fromhex(raw), NOW)
    assert isinstance(body, bytes)
    assert reply_of(body) == reply
    assert frame(body) == bytes.fromhex(raw)


def test_a_reading_is_1295_bytes_of_which_three_fields_are_taken() -> None:
    person = made_up(7)
    body = b"\0\0\x90" + a_reading(person.text).data
    raw = frame(body)
    assert (len(raw), raw[5:10].hex(" ")) == (1295, "05 08 00 00 90")
    [found] = Parser().feed(raw, NOW)
    assert isinstance(found, bytes)
    card = card_of(reply_of(found))
    assert (card.name, card.number, card.birth) == (person.name, person.number, date(1950, 1, 8))


def test_nothing_of_a_card_shows_in_a_repr_or_an_error() -> None:
    person = made_up(7)
    card = card_of(a_reading(person.text))
    assert repr(card) == "IdCard()"
    assert repr(a_reading(person.text)) == "Reply(sw3=144)"
    with pytest.raises(BadFrame) as fault:
        card_of(a_reading(person.text.replace("1950".encode("utf-16-le"), "1951".encode("utf-16-le"))))
    assert not any(part in str(fault.value) for part in (person.name, "1950", "1951"))


def test_check_characters_are_those_of_the_standard() -> None:
    assert check_character("11010519491231002") == "X"  # GB 11643-1999, example
    assert check_character("44052418800101001") == "4"  # GB 11643-1999, example


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ("19500108008", "19500108009", "check character"),
        ("990001", "99000１", "check character"),
        ("19500108", "19500109", "birth date"),
    ],
)
def test_a_card_whose_number_cannot_be_is_refused(old: str, new: str, why: str) -> None:
    text = made_up(7).text
    at = 122 if why.startswith("check") else 36
    changed = text[:at] + text[at:].replace(old.encode("utf-16-le"), new.encode("utf-16-le"), 1)
    assert changed != text
    with pytest.raises(BadFrame, match=why):
        card_of(a_reading(changed))


@pytest.mark.parametrize("data", [b"", b"\0\0\0\0", b"\1\0\4\0" + bytes(200), b"\0\x10\4\0" + bytes(1300)])
def test_a_reading_without_its_text_is_refused(data: bytes) -> None:
    with pytest.raises(BadFrame):
        card_of(Reply(0x90, data))


def test_every_status_word_has_a_sentence_and_unknown_ones_are_a_fault() -> None:
    assert all(word.zh and word.en for word in WORDS.values())
    assert word_of(0x91).standing == "reader"


def test_a_late_answer_is_not_taken_for_the_one_that_is_waited_for() -> None:
    found, selected, none = (reply for _, reply in REPLIES)
    assert answers(FIND, found)
    assert answers(FIND, none)
    assert not answers(SELECT, found)
    assert not answers(READ, selected)
    assert answers(READ, Reply(0x10))


def bad(found: list[bytes | BadFrame]) -> list[str]:
    return [str(one) for one in found if isinstance(one, BadFrame)]


def test_wrong_sums_impossible_lengths_and_half_frames_are_told_and_the_next_frame_is_read() -> None:
    parser = Parser()
    wrong = FOUND[:-1] + b"\x98"
    endless = bytes.fromhex("aa aa aa 96 69 ff ff")
    found = parser.feed(wrong + endless + FOUND + FOUND[:9], NOW)
    assert [one for one in found if isinstance(one, bytes)] == [b"\0\0\x9f" + bytes(4)]
    assert bad(found) == ["wrong checksum: 22 bytes dropped"]
    assert bad(parser.expire(NOW + 1)) == ["half a frame: 9 bytes dropped"]
    assert not parser.unfinished


def test_a_preamble_cut_by_a_byte_too_many_is_found() -> None:
    assert len(Parser().feed(b"\xaa" + FOUND, NOW)) == 2


BODIES = st.binary(min_size=3, max_size=40)


@given(st.lists(st.one_of(BODIES.map(frame), st.binary(max_size=30)), max_size=6))
@settings(max_examples=60)
def test_feeding_byte_by_byte_gives_the_same_as_feeding_at_once(pieces: list[bytes]) -> None:
    stream = b"".join(pieces)
    one, many = Parser(), Parser()
    at_once = one.feed(stream, NOW) + one.expire(NOW + 1)
    single = [found for byte in stream for found in many.feed(bytes((byte,)), NOW)] + many.expire(NOW + 1)
    assert list(map(str, at_once)) == list(map(str, single))


@given(st.lists(st.tuples(st.binary(max_size=80), BODIES), min_size=1, max_size=5))
@settings(max_examples=100)
def test_garbage_between_frames_never_loses_a_good_frame_nor_invents_one(pieces: list[tuple[bytes, bytes]]) -> None:
    parser = Parser()
    stream = b"".join(garbage.replace(b"\x96", b"") + frame(body) for garbage, body in pieces)
    found = parser.feed(stream, NOW) + parser.expire(NOW + 1)
    assert [one for one in found if isinstance(one, bytes)] == [body for _, body in pieces]


@given(BODIES, st.integers(0, 400), st.integers(1, 255))
@settings(max_examples=60)
def test_a_damaged_byte_after_the_preamble_is_noticed(body: bytes, at: int, flip: int) -> None:
    raw = bytearray(frame(body))
    raw[5 + at % (len(raw) - 5)] ^= flip
    parser = Parser()
    found = parser.feed(bytes(raw), NOW) + parser.expire(NOW + 1)
    assert bytes(body) not in [one for one in found if isinstance(one, bytes)]


def test_the_check_byte_covers_the_length() -> None:
    raw = bytes.fromhex(COMMANDS[0][0])
    assert raw[-1] == reduce(xor, raw[5:-1])
