"""The small boards, pixel walls and Alpha signs: published frames byte for byte, and noise on the line."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices import led_alpha_frames as alpha
from devices import led_ddp_frames as ddp
from devices import led_f0d0_frames as f0d0
from devices import led_xunpeng_frames as xunpeng
from devices.errors import BadFrame

LINES = st.builds(
    f0d0.LineText,
    line=st.integers(1, 3),
    text=st.binary(max_size=40),
    mode=st.sampled_from([f0d0.STATIC, f0d0.LEFT]),
    speed=st.integers(0, 250),
    colour=st.sampled_from(["red", "green", "blue"]),
)
NUMBERS = st.builds(xunpeng.Coloured, st.integers(0, 9999), st.integers(0, 255), st.integers(0, 255))


def test_line_1_static_red_a005_as_computed_from_the_layout() -> None:
    raw = bytes.fromhex("f0 01 d0 01 01 01 05 00 41 30 30 35 9f")  # layout: github index id 892740347
    line = f0d0.LineText(1, b"A005", f0d0.STATIC, 1, "red")
    assert f0d0.encode(line) == raw
    assert f0d0.Parser().feed(raw) == [line]


def test_board_5_shows_999() -> None:
    raw = bytes.fromhex("05 03 e7 ef")  # vendor's page, mirrored at musicexecdevelopment.com/8238227
    assert xunpeng.plain(xunpeng.Plain(5, 999)) == raw
    assert xunpeng.plain_of(raw) == xunpeng.Plain(5, 999)
    with pytest.raises(BadFrame):
        xunpeng.plain_of(bytes.fromhex("05 03 e7 ee"))


def test_a_coloured_board_shows_888_in_green() -> None:
    raw = bytes.fromhex("3a 00 78 03 01 b6 0a")  # zhiliandun.com proview-133-10
    assert xunpeng.coloured(xunpeng.Coloured(888)) == raw
    assert xunpeng.Parser().feed(raw) == [xunpeng.Coloured(888, colour=xunpeng.GREEN)]


def test_an_alpha_sign_holds_a_priority_text() -> None:
    raw = bytes.fromhex(  # PyPI alphasignpy 0.1.1
        "00 00 00 00 00 01 5a 30 30 02 41 30 1b 26 62 41 30 30 35 20 2d 3e 20 33 03 30 32 43 44 04"
    )
    sign = alpha.SignText("A005 -> 3")
    assert alpha.encode(sign) == raw
    assert alpha.decode(raw) == sign
    with pytest.raises(BadFrame):
        alpha.decode(raw.replace(b"A005", b"A006"))


def test_three_pixels_with_push() -> None:
    raw = bytes.fromhex("41 01 0b 01 00 00 00 00 00 09 ff 00 00 00 ff 00 00 00 ff")  # layout: docs.rs ddp-rs
    assert ddp.packets(bytes.fromhex("ff0000 00ff00 0000ff"), sequence=1) == [raw]
    assert ddp.encode(ddp.decode(raw)) == raw


def test_a_picture_goes_out_in_packets_that_stay_whole_and_only_the_last_is_pushed() -> None:
    pixels = bytes(range(256)) * 16
    packets = [ddp.decode(one) for one in ddp.packets(pixels, sequence=14)]
    assert b"".join(packet.data for packet in packets) == pixels
    assert [packet.offset for packet in packets] == [0, 1440, 2880]
    assert [packet.push for packet in packets] == [False, False, True]
    assert [packet.sequence for packet in packets] == [14, 15, 1]


def test_a_time_code_is_passed_over_and_another_version_refused() -> None:
    packet = bytes.fromhex("51 01 0b 01 00000000 0003") + b"TIME" + b"\xff\x00\x00"
    assert ddp.decode(packet).data == b"\xff\x00\x00"
    for wrong in (b"\x81" + packet[1:], packet[:-1], packet[:5]):
        with pytest.raises(BadFrame):
            ddp.decode(wrong)


@pytest.mark.parametrize(("label", "digits"), [("A017", 17), ("Z9", 9), ("", 0), ("B12345", 2345), ("VIP", 0)])
def test_a_number_board_shows_the_last_four_digits(label: str, digits: int) -> None:
    assert xunpeng.digits_of(label) == digits


def test_what_a_board_cannot_show_is_refused() -> None:
    with pytest.raises(ValueError, match="four digits"):
        xunpeng.plain(xunpeng.Plain(1, 10_000))
    with pytest.raises(ValueError, match="line 4 of 3"):
        f0d0.encode(f0d0.LineText(4, b""))


def test_a_line_is_cut_between_characters_and_unknown_ones_are_boxes() -> None:
    data = f0d0.encoded("窗" * 200)
    assert data.decode("gb2312") == "窗" * 127
    assert f0d0.encoded("龘 A").decode("gb2312") == "□ A"


@given(st.lists(st.tuples(st.binary(max_size=10).map(lambda data: data.replace(b"\xf0", b"")), LINES), max_size=4))
def test_noise_between_lines_loses_none_and_invents_none(pieces: list[tuple[bytes, f0d0.LineText]]) -> None:
    data = b"".join(noise + f0d0.encode(line) for noise, line in pieces)
    found = f0d0.Parser().feed(data)
    assert [one for one in found if isinstance(one, f0d0.LineText)] == [line for _, line in pieces]


@given(st.lists(st.tuples(st.binary(max_size=10).map(lambda data: data.replace(b"\x3a", b"")), NUMBERS), max_size=4))
def test_noise_between_numbers_loses_none_and_invents_none(pieces: list[tuple[bytes, xunpeng.Coloured]]) -> None:
    data = b"".join(noise + xunpeng.coloured(number) for noise, number in pieces)
    found = xunpeng.Parser().feed(data)
    assert [one for one in found if isinstance(one, xunpeng.Coloured)] == [number for _, number in pieces]


def test_half_a_line_hides_the_next_one_only_until_a_pause() -> None:
    parser = f0d0.Parser()
    line = f0d0.LineText(2, b"A006")
    assert parser.feed(bytes.fromhex("f0 01 d0 01 01 01 c8 00 41") + f0d0.encode(line)) == []
    assert line in parser.expire()


@pytest.mark.parametrize("parser", [f0d0.Parser, xunpeng.Parser])
@given(
    data=st.lists(st.one_of(st.binary(max_size=20), LINES.map(f0d0.encode), NUMBERS.map(xunpeng.coloured)), max_size=4)
)
def test_byte_by_byte_gives_the_same_as_at_once(
    parser: Callable[[], f0d0.Parser | xunpeng.Parser], data: list[bytes]
) -> None:
    whole = b"".join(data)
    slow, fast = parser(), parser()
    singly = [one for byte in whole for one in slow.feed(bytes((byte,)))]
    assert [repr(one) for one in singly] == [repr(one) for one in fast.feed(whole)]
