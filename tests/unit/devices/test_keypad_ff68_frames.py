import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.errors import BadFrame
from devices.keypad_ff68_frames import (
    FROM_HOST,
    Frame,
    Parser,
    acknowledge_evaluation,
    beep,
    display,
    echo,
    encode,
    evaluation_of,
    key_of,
    star_level,
    start_evaluation,
)

# Computed from the layout of JackQChen/QueueSystem CallSystem/frmMain.cs; no capture of a device is public.
KEYS = [
    ("ff 68 03 03 68 03 01 0c 10 16", "call_next"),
    ("ff 68 03 03 68 03 01 0d 11 16", "recall"),
    ("ff 68 03 03 68 03 01 0b 0f 16", "evaluate"),
    ("ff 68 04 04 68 03 01 06 0f 19 16", "give_up"),
    ("ff 68 04 04 68 03 01 00 0f 13 16", "hang"),
    ("ff 68 04 04 68 03 01 03 0f 16 16", "call_back"),
    ("ff 68 03 03 68 03 01 12 16 16", "pause"),
    ("ff 68 03 03 68 03 01 13 17 16", "transfer"),
    ("ff 68 03 03 68 03 01 0e 12 16", "cancel"),
    ("ff 68 03 03 68 03 01 11 15 16", "one_metre"),
    ("ff 68 03 03 68 03 01 0f 13 16", "ok"),
    ("ff 68 03 03 68 03 01 7f 83 16", "unknown"),
]
CALL = bytes.fromhex(KEYS[0][0])
EVALUATION = bytes.fromhex("ff 68 03 03 68 03 11 01 15 16")
FRAMES = st.builds(Frame, st.integers(0, 255), st.integers(0, 255), st.binary(min_size=1, max_size=3))


def read(data: bytes, at: float = 0.0) -> list[Frame | BadFrame]:
    return Parser().feed(data, at)


def sound(found: list[Frame | BadFrame]) -> list[Frame]:
    return [one for one in found if isinstance(one, Frame)]


def faults(found: list[Frame | BadFrame]) -> list[BadFrame]:
    return [one for one in found if isinstance(one, BadFrame)]


@pytest.mark.parametrize(("raw", "name"), KEYS)
def test_keys_of_the_source_are_read_and_echoed_byte_for_byte(raw: str, name: str) -> None:
    (frame,) = sound(read(bytes.fromhex(raw)))
    key = key_of(frame)
    assert key is not None
    assert (key.address, key.name) == (3, name)
    assert echo(frame) == bytes.fromhex(raw)


def test_digits_before_the_function_key_are_kept() -> None:
    key = key_of(Frame(3, 1, bytes((1, 2, 0x0C))))
    assert key is not None
    assert (key.name, key.digits) == ("call_next", (1, 2))


def test_an_evaluation_is_no_key_and_its_answer_is_the_published_one() -> None:
    (frame,) = sound(read(EVALUATION))
    assert key_of(frame) is None
    assert evaluation_of(frame) == 1
    assert acknowledge_evaluation(frame) == bytes.fromhex("ff 68 03 03 68 03 01 01 05 16")


@pytest.mark.parametrize(
    ("sent", "raw"),
    [
        (display(3, None, "005"), "ff 68 08 08 68 03 02 0a 0a 0a 00 00 05 28 16"),
        (display(3, 12, None), "ff 68 08 08 68 03 02 00 01 02 0a 0a 0a 26 16"),
        (display(3, None, "A005"), "ff 68 08 08 68 03 02 0a 0a 0a 00 00 05 28 16"),
        (display(3, None, "B1128"), "ff 68 08 08 68 03 02 0a 0a 0a 01 02 08 2e 16"),
        (display(3, 1200, ""), "ff 68 08 08 68 03 02 09 09 09 0a 0a 0a 3e 16"),
        (beep(3), "ff 68 02 02 68 03 03 06 16"),
        (star_level(3, 5), "ff 68 03 03 68 03 02 05 0a 16"),
        (start_evaluation(3), "ff 68 03 03 68 03 01 0b 0f 16"),
    ],
)
def test_the_host_sends_the_published_bytes(sent: bytes, raw: str) -> None:
    assert sent == bytes.fromhex(raw)


def test_a_wrong_sum_is_reported_and_the_next_frame_still_read() -> None:
    wrong = bytes.fromhex("ff 68 03 03 68 03 01 0c 11 16")
    found = read(wrong + CALL)
    assert [fault.data for fault in faults(found)] == [wrong]
    assert "sum 11 instead of 10" in str(faults(found)[0])
    assert sound(found) == [Frame(3, 1, b"\x0c")]


@pytest.mark.parametrize("cut", range(1, 10))
def test_half_a_frame_does_not_swallow_the_next_one(cut: int) -> None:
    found = read(CALL[:cut] + CALL)
    assert sound(found) == [Frame(3, 1, b"\x0c")]
    assert len(faults(found)) == 1


@pytest.mark.parametrize(
    ("noise", "reason"),
    [
        ("00 11 22", "noise"),
        ("ff 68 03 04 68", "lengths 3 and 4 differ"),
        ("ff 68 08 08 68", "length 8 outside 3 to 5"),
        ("ff 68 03 03 68 03 01 0c 10 17", "no 16 at the end"),
    ],
)
def test_noise_before_a_frame_is_reported_once_with_its_reason(noise: str, reason: str) -> None:
    found = read(bytes.fromhex(noise) + CALL)
    assert reason in str(faults(found)[0])
    assert len(faults(found)) == 1
    assert sound(found) == [Frame(3, 1, b"\x0c")]


def test_half_a_frame_ends_with_a_pause() -> None:
    parser = Parser(gap_timeout_s=0.2)
    assert parser.feed(CALL[:6], at=1.0) == []
    assert parser.unfinished
    assert parser.expire(at=1.1) == []
    (fault,) = faults(parser.expire(at=1.21))
    assert fault.data == CALL[:6]
    assert sound(parser.feed(CALL, at=1.3)) == [Frame(3, 1, b"\x0c")]


def test_a_frame_in_two_pieces_within_the_gap_is_one_frame() -> None:
    parser = Parser(gap_timeout_s=0.2)
    assert parser.feed(CALL[:6], at=1.0) == []
    assert parser.feed(CALL[6:], at=1.1) == [Frame(3, 1, b"\x0c")]


def test_endless_noise_is_reported_in_pieces_and_not_kept() -> None:
    parser = Parser()
    assert len(parser.feed(bytes(1000), at=0)) == 1000 // 64


def test_the_host_limits_let_six_digits_through() -> None:
    assert Parser(FROM_HOST).feed(display(3, 12, "005"), 0) == [Frame(3, 2, bytes((0, 1, 2, 0, 0, 5)))]


def test_a_frame_too_long_for_the_bus_is_refused() -> None:
    with pytest.raises(ValueError, match="at most 6"):
        encode(Frame(1, 2, bytes(7)))


@given(st.lists(FRAMES))
def test_what_is_encoded_is_read_back(frames: list[Frame]) -> None:
    assert read(b"".join(map(encode, frames))) == frames


@given(st.lists(st.one_of(FRAMES.map(encode), st.binary(max_size=12), st.just(CALL[:5]))))
def test_feeding_byte_by_byte_gives_the_same_as_feeding_at_once(pieces: list[bytes]) -> None:
    data = b"".join(pieces)
    slow, fast = Parser(), Parser()
    one_by_one = [found for byte in data for found in slow.feed(bytes((byte,)), 0.0)] + slow.expire(9)
    assert list(map(_plain, one_by_one)) == list(map(_plain, fast.feed(data, 0.0) + fast.expire(9)))


@given(st.binary(max_size=40), FRAMES)
def test_a_sound_frame_after_a_pause_is_always_read(noise: bytes, frame: Frame) -> None:
    parser = Parser(gap_timeout_s=0.2)
    parser.feed(noise, 0.0)
    assert sound(parser.feed(encode(frame), 1.0))[-1:] == [frame]


@given(st.binary(max_size=200))
def test_no_byte_is_reported_twice_or_dropped_in_silence(noise: bytes) -> None:
    parser = Parser()
    found = parser.feed(noise, 0.0) + parser.expire(9)
    reported = sum(len(one.data) if isinstance(one, BadFrame) else len(encode(one)) for one in found)
    assert reported == len(noise)


def _plain(found: Frame | BadFrame) -> object:
    return (found.text, found.data) if isinstance(found, BadFrame) else found
