"""The LED twins are as strict as real cards: bytes in, bytes out, lamps lit."""

import pytest

from devices.led_bx_areas import Area, Areas, command
from devices.led_bx_frames import Frame, encode, request
from devices.twins.led_boards import F0d0Twin, XunpengColourTwin, XunpengTwin
from devices.twins.led_bx import BxTwin
from devices.twins.led_ddp import DdpTwin
from devices.twins.twin import CabledTwin

HEADS = "a5 a5 a5 a5 a5 a5 a5 a5 "
PING = HEADS + "01 00 00 80 00 00 00 00 00 00 fe 02 05 00 a2 00 01 00 00 68 f8 5a"
CLEAR = HEADS + "01 00 00 80 00 00 00 00 00 00 fe 02 05 00 a3 10 01 00 00 51 f8 5a"
ACK = HEADS + "00 80 fe ff 00 00 00 00 00 00 fe 02 05 00 a0 00 00 00 00 14 ac 5a"
HUMIDITY = (  # a capture; the card was told not to answer
    HEADS + "01 00 00 80 00 00 00 00 00 00 fe 02 33 00 a3 06 02 00 00 00 01 2a 00 00 00 00 18 00 40 00 0c 00 01 0a 01"
    " 02 00 00 00 00 01 01 01 00 17 02 0f 00 00 00 5c 46 4f 30 30 30 48 55 4d 3a 36 36 25 52 48 36 7a 5a"
)


def said(twin: CabledTwin, *sent: str) -> list[str]:
    """What it answers."""
    answers: list[bytes] = []
    cable = twin.attach(answers.append)
    for raw in sent:
        cable.receive(bytes.fromhex(raw))
    cable.unplug()
    return [answer.hex(" ") for answer in answers]


def error_of(answer: str) -> int:
    return bytes.fromhex(answer)[8 + 14 + 2]


def test_a_card_acknowledges_as_published_however_the_frame_is_cut() -> None:
    assert said(BxTwin(), PING, *PING.split()) == [ACK, ACK]


def test_a_published_frame_is_shown_and_not_answered_when_it_forbids_that() -> None:
    twin = BxTwin(width=512, height=64)
    assert said(twin, HUMIDITY) == []
    assert twin.texts == ["HUM:66%RH"]
    said(twin, CLEAR)
    assert twin.texts == []


def test_a_wrong_check_gets_its_error_answer_and_changes_nothing() -> None:
    twin = BxTwin(width=512, height=64)
    (answer,) = said(twin, HUMIDITY.replace("48 55 4d", "48 55 4e"))
    assert (error_of(answer), twin.texts, twin.refused) == (5, [], 1)


@pytest.mark.parametrize(
    "raw",
    [
        PING.replace("a5 a5 a5 01 00", "a5 a5 a5 02 00"),  # another card
        PING.removeprefix("a5 a5 "),  # six heads
        PING.replace("68 f8 5a", "68 f8"),  # no end
        "5a 5a 5a 5a 5a 5a 5a 5a" + PING.removeprefix(HEADS.strip()),  # a head that a public program made up
    ],
)
def test_a_card_keeps_still_to_what_is_not_for_it(raw: str) -> None:
    assert said(BxTwin(), raw) == []


@pytest.mark.parametrize(
    ("data", "error"),
    [("b0 00 01 00 00", 1), ("a2 44 01 00 00", 2), ("a3 06 01 00 00 00 01", 4), ("a3 06 01 00 00 00 01 05 00 00", 4)],
)
def test_a_card_says_what_is_wrong_with_a_command(data: str, error: int) -> None:
    (answer,) = said(BxTwin(), encode(Frame(bytes.fromhex(data))).hex())
    assert error_of(answer) == error


def test_an_area_beyond_the_edge_is_refused() -> None:
    twin = BxTwin(width=64, height=16)
    (answer,) = said(twin, request(command(Areas((Area(0, 0, 0, 128, 16, b"wide"),)))).hex())
    assert (error_of(answer), twin.texts) == (4, [])


def test_boards_of_lines_and_numbers_show_what_the_sources_say() -> None:
    line, plain, coloured = F0d0Twin(), XunpengTwin(address=5), XunpengColourTwin()
    assert said(line, "00 f0 01 d0 01 01 01 05 00 41 30 30 35 9f") == ["f0 01 d0 01 01 01 05 c9"]
    assert said(plain, "05 03 e7 ef") == said(coloured, "3a 00 78 03 01 b6 0a") == []
    assert (line.texts[0], plain.number, coloured.number, coloured.colour) == ("A005", 999, 888, "green")


def test_wrong_sums_and_other_addresses_are_never_shown() -> None:
    line, plain, coloured = F0d0Twin(), XunpengTwin(address=6), XunpengColourTwin()
    assert said(line, "f0 01 d0 01 01 01 05 00 41 30 30 35 9e") == []
    said(plain, "05 03 e7 ef", "06 03 e7 ef")
    said(coloured, "3a 00 78 03 01 b7 0a")
    assert (line.texts, plain.number, coloured.number) == (["", "", ""], None, None)


def test_a_wall_shows_at_the_push_and_refuses_what_lies_beyond_it() -> None:
    wall = DdpTwin(width=2, height=2)
    said(wall, "40 01 0b 01 00000000 0003 ff0000")
    assert wall.shown()["lit"] == 0
    said(wall, "41 02 0b 01 00000009 0003 00ff00")
    assert wall.standing.hex() == "ff0000000000000000" + "00ff00"
    said(wall, "41 03 0b 01 0000000a 0003 00ff00", "81 03 0b 01 00000000 0000", "41 03 1a 01 00000000 0000", "41")
    assert (wall.pushes, wall.refused) == (1, 4)


def test_pictures_show_lamps_where_the_text_stands() -> None:
    twin = BxTwin(width=512, height=64)
    dark = twin.picture()
    said(twin, HUMIDITY)
    lit = twin.picture()
    assert lit.size == dark.size == (2048, 256)
    assert dark.getpixel((2, 2)) == dark.getpixel((2, 30 * 4 + 2))
    assert lit.crop((0, 24 * 4, 9 * 8 * 4, 36 * 4)).getextrema()[0][1] == 255  # type: ignore[index]
    assert lit.crop((0, 0, 2048, 24 * 4)).getextrema() == dark.crop((0, 0, 2048, 24 * 4)).getextrema()
