"""Onbon BX font cards: every public frame byte for byte, and what a line can do to frames."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.errors import BadFrame
from devices.led_bx_areas import ALL_AREAS, Area, Areas, Speech, areas_of, command, fitting, marked, width_of
from devices.led_bx_frames import (
    CLEAR,
    FORMAT,
    PING,
    POWER_OFF,
    POWER_ON,
    STATUS,
    Frame,
    Parser,
    Reply,
    Request,
    crc16_arc,
    encode,
    escape,
    reply_of,
    request,
    request_of,
    status_of,
    unescape,
)

HEADS = "a5 a5 a5 a5 a5 a5 a5 a5 "
HEADER = "01 00 00 80 00 00 00 00 00 00 fe 02 "
# ping, status, clear: github index id 2499716438 (BX4K.c); format: deanled.cn Document aid=165
COMMANDS = [
    (PING, HEADS + HEADER + "05 00 a2 00 01 00 00 68 f8 5a"),
    (STATUS, HEADS + HEADER + "05 00 a1 02 01 00 00 2d 40 5a"),
    (CLEAR, HEADS + HEADER + "05 00 a3 10 01 00 00 51 f8 5a"),
    (FORMAT, HEADS + HEADER + "05 00 a1 00 01 00 00 2c f8 5a"),
]
# BX4K.c, the example of the vendor's document
DOCUMENT = (
    HEADS + HEADER + "32 00 a3 06 01 2d 00 00 01 29 00 00 00 00 00 00 18 00 20 00 00 00 00 02 00 00 00 00 02 02 03 00"
    " 04 05 0e 00 00 00 30 31 32 33 34 35 51 52 53 54 54 56 27 42 a8 7d 5a"
)
MISPRINTED = DOCUMENT.replace("18 00 20 00", "80 00 20 00")  # deanled.cn/330.html
# github index id 23694002104, a capture of an OCEANUS station
HUMIDITY = (
    HEADS + HEADER + "33 00 a3 06 02 00 00 00 01 2a 00 00 00 00 18 00 40 00 0c 00 01 0a 01 02 00 00 00 00 01 01 01 00"
    " 17 02 0f 00 00 00 5c 46 4f 30 30 30 48 55 4d 3a 36 36 25 52 48 36 7a 5a"
)
ACK = HEADS + "00 80 fe ff 00 00 00 00 00 00 fe 02 05 00 a0 00 00 00 00 14 ac 5a"  # deanled.cn Document aid=194

FRAMES = st.builds(
    Frame,
    st.binary(min_size=5, max_size=60),
    destination=st.integers(0, 0xFFFF),
    check=st.sampled_from([0, 1]),
    barcode=st.sampled_from([b"", bytes(range(0xA0, 0xB0))]),
)
NOISE = st.binary(max_size=12).map(lambda data: data.replace(b"\x5a", b""))
"""Without an end of frame, which with luck could make a frame of it."""


def read(data: bytes) -> list[Frame | BadFrame]:
    return Parser().feed(data)


def sound(found: list[Frame | BadFrame]) -> list[Frame]:
    return [one for one in found if isinstance(one, Frame)]


@pytest.mark.parametrize(("asked", "raw"), COMMANDS)
def test_commands_go_out_as_published_and_are_read_back(asked: Request, raw: str) -> None:
    assert request(asked) == bytes.fromhex(raw)
    (frame,) = sound(read(bytes.fromhex(raw)))
    assert request_of(frame) == asked


@pytest.mark.parametrize("raw", [DOCUMENT, HUMIDITY])
def test_dynamic_areas_as_published_are_read_and_made_again_byte_for_byte(raw: str) -> None:
    (frame,) = sound(read(bytes.fromhex(raw)))
    assert request(command(areas_of(request_of(frame)))) == bytes.fromhex(raw)


def test_the_published_examples_say_what_their_sources_say() -> None:
    (frame,) = sound(read(bytes.fromhex(HUMIDITY)))
    (area,) = areas_of(request_of(frame)).areas
    assert area.text == b"\\FO000HUM:66%RH"
    assert (area.x, area.y, area.width, area.height, area.run_mode, area.timeout_s) == (0, 24, 512, 12, 1, 2)


def test_the_misprinted_width_of_a_web_page_does_not_pass_the_check() -> None:
    (fault,) = read(bytes.fromhex(MISPRINTED))
    assert isinstance(fault, BadFrame)
    assert fault.text.startswith("check 7DA8 instead of")


def test_the_acknowledgement_as_published_is_understood() -> None:
    (frame,) = sound(read(bytes.fromhex("a5 " + ACK)))  # the page shows nine heads
    assert reply_of(frame).acknowledges
    assert encode(frame) == bytes.fromhex(ACK)


def test_power_is_told_by_one_byte() -> None:
    assert [asked.data.hex(" ") for asked in (POWER_ON, POWER_OFF)] == ["a3 00 01 00 00 01", "a3 00 01 00 00 02"]


def test_the_check_is_crc_16_arc() -> None:
    assert crc16_arc(b"123456789") == 0xBB3D  # the catalogue's check value


def test_the_four_reserved_bytes_are_escaped_as_the_vendor_says() -> None:
    assert escape(bytes.fromhex("a5 a6 5a 5b 41")).hex(" ") == "a6 02 a6 01 5b 02 5b 01 41"


def test_a_z_in_a_number_and_chinese_with_reserved_bytes_arrive_as_they_are() -> None:
    text = "Z001 [A] ろ 哗 叀 ピ"
    data = marked(text)
    assert b"\x5a" in data
    assert b"\xa5" in data
    area = Area(0, 0, 0, 192, 16, data)
    raw = request(command(Areas((area,))))
    assert raw[8:-1].count(0xA5) == raw[8:-1].count(0x5A) == 0
    (frame,) = sound(read(raw))
    (back,) = areas_of(request_of(frame)).areas
    assert back.text.removeprefix(data[:6]).decode("gbk") == text


def test_a_backslash_in_a_text_is_no_mark_and_unknown_characters_are_boxes() -> None:
    assert marked("A\\FO000B\n行").decode("gb2312") == "\\FO000A＼FO000B 行"
    assert marked("龘𠮷", size=24).decode("gbk") == "\\FO101龘□"


@pytest.mark.parametrize(
    ("text", "align", "display_mode"),
    [("3号窗口 A005 请办理", "centre", 1), ("3号窗口 A005 暂停服务 14:30 恢复", "left", 3)],
)
def test_a_text_that_fits_stands_still_and_a_longer_one_runs(text: str, align: str, display_mode: int) -> None:
    area = fitting(Area(0, 0, 0, 160, 16, b""), text, size=16)
    assert (area.align, area.display_mode) == (align, display_mode)


def test_widths_are_counted_in_half_cells() -> None:
    assert (width_of("3号窗口", 16), width_of("A005", 24)) == (56, 48)


def test_several_areas_with_deletions_speech_and_places_in_pixels_are_read_back() -> None:
    areas = Areas(
        (
            Area(0, 0, 0, 64, 16, b"one"),
            Area(1, 3, 16, 61, 16, b"two", by_bytes=False, align="right", vertical="middle", layout=1),
            Area(2, 0, 32, 64, 16, b"three", speech=Speech(1, 5, 5, b"said"), wraps=True, single_line=False),
            Area(3, 0, 48, 64, 16, b"four", speech=Speech(1, 5, 5)),
        ),
        delete=(7, 9),
    )
    assert areas_of(command(areas)) == areas
    assert command(Areas((), delete=(ALL_AREAS,))).payload == b"\xff\0"


def test_a_place_that_is_no_whole_byte_is_refused_when_bytes_are_sent() -> None:
    with pytest.raises(ValueError, match="multiple of 8"):
        command(Areas((Area(0, 4, 0, 64, 16, b""),)))


@pytest.mark.parametrize("cut", [1, 5, 20, 30])
def test_areas_that_end_too_early_are_no_areas(cut: int) -> None:
    whole = command(Areas((Area(0, 0, 0, 64, 16, b"one"),)))
    with pytest.raises(BadFrame):
        areas_of(Request(whole.group, whole.command, whole.payload[:-cut]))


def test_a_place_beyond_any_screen_is_no_area() -> None:
    whole = command(Areas((Area(0, 1, 0, 64, 16, b"one", by_bytes=False),)))
    far = whole.payload.replace(b"\x01\x80", b"\xff\x7f", 1)  # x: 32767 bytes instead of one pixel
    with pytest.raises(BadFrame, match="an area that is none"):
        areas_of(Request(whole.group, whole.command, far))


def test_a_card_tells_its_status() -> None:
    payload = bytes.fromhex("01 0f 20 26 11 22 09 30 00 07 02") + b"P001" + bytes.fromhex("00 01 02 00 05")
    status = status_of(Reply(0xA1, 0x02, 0, payload + b"BARCODE".ljust(16, b"\0") + b"NETWORK".ljust(12, b"\0")))
    assert (status.on, status.brightness, status.programs, status.program) == (True, 15, 2, b"P001")
    assert status.areas == (0, 5)
    assert (status.barcode[:7], status.network[:7]) == (b"BARCODE", b"NETWORK")


@given(FRAMES)
def test_every_frame_is_read_back(frame: Frame) -> None:
    assert read(encode(frame)) == [frame]


@given(st.binary(max_size=80))
def test_escapes_can_be_taken_back_and_hide_the_reserved_bytes(data: bytes) -> None:
    assert unescape(escape(data)) == data
    assert not {0xA5, 0x5A} & set(escape(data))


@given(st.lists(st.one_of(st.binary(max_size=20), FRAMES.map(encode)), max_size=6).map(b"".join))
def test_byte_by_byte_gives_the_same_as_at_once(data: bytes) -> None:
    parser = Parser()
    found = [one for byte in data for one in parser.feed(bytes((byte,)))]
    assert [(type(one), getattr(one, "data", b"")) for one in found] == [
        (type(one), getattr(one, "data", b"")) for one in read(data)
    ]


@given(st.lists(st.tuples(NOISE, FRAMES), max_size=5))
def test_noise_between_frames_loses_none_and_invents_none(pieces: list[tuple[bytes, Frame]]) -> None:
    data = b"".join(noise + encode(frame) for noise, frame in pieces)
    assert sound(read(data)) == [frame for _, frame in pieces]


def test_a_frame_that_never_ends_is_given_up() -> None:
    parser = Parser(most_bytes=100)
    found = parser.feed(b"\xa5" * 8 + b"\x01" * 101 + bytes.fromhex(ACK))
    assert [type(one) for one in found] == [BadFrame, Frame]
