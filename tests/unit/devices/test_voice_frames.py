"""SYN6288 and XFS5152CE: the makers' own frames, marks, cuts, and what a parser makes of a bad line."""

import re
from collections.abc import Callable
from types import ModuleType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices import voice_syn6288_frames as syn
from devices import voice_xfs5152_frames as xfs
from devices.errors import BadFrame
from devices.voice_frames import Answer, AnswerParser, Frame, FrameParser, Manner, Part, seconds_to_say

YU_YIN = "宇音天下"
KE_DA = "科大讯飞"

# SYN6288 datasheet (2016-03-09) in github libdriver/syn6288 datasheet/
SYN_VECTORS = [
    (syn.say(YU_YIN.encode("gb2312")), "fd000b0100d3eed2f4cceccfc2c1"),
    (syn.say(YU_YIN.encode("gbk"), 1), "fd000b0101d3eed2f4cceccfc2c0"),
    (syn.say(YU_YIN.encode("big5"), 2), "fd000b0102a674adb5a4d1a455bb"),
    (syn.say(YU_YIN.encode("gbk"), 1, music=1), "fd000b0109d3eed2f4cceccfc2c8"),
    (syn.baud(9600), "fd00033100cf"),
    (syn.baud(19200), "fd00033101ce"),
    (syn.STOP, "fd000202fd"),
    (syn.PAUSE, "fd000203fc"),
    (syn.RESUME, "fd000204fb"),
    (syn.STATUS, "fd000221de"),
    (syn.POWER_DOWN, "fd00028877"),
    (syn.say(b"[v11]"), "fd0008010" + "05b7631315d84"),
]
# XFS5152CE user developer guide in github mbigger/xfs5152ce doc/
XFS_VECTORS = [
    (xfs.say(KE_DA.encode("gb2312")), "fd000a0100bfc6b4f3d1b6b7c9"),
    (xfs.say("科大訊飛".encode("gbk"), 1), "fd000a0101bfc6b4f3d38def77"),
    (xfs.say("科大訊飛".encode("big5"), 2), "fd000a0102aceca46ab054adb8"),
    (xfs.STOP, "fd000102"),
    (xfs.RESUME, "fd000104"),
    (xfs.STATUS, "fd000121"),
    (xfs.POWER_SAVE, "fd000188"),
    (xfs.WAKE, "fd0001ff"),
]
CHIPS = pytest.mark.parametrize("chip", [syn, xfs], ids=["syn6288", "xfs5152ce"])
CALL = (Part("请"), Part("A112", "digits"), Part("号到"), Part("12", "value"), Part("号窗口办理"))


@pytest.mark.parametrize(("frame", "told"), SYN_VECTORS + XFS_VECTORS)
def test_a_frame_has_the_bytes_of_the_manual(frame: bytes, told: str) -> None:
    assert frame.hex() == told


@pytest.mark.parametrize(
    ("parser", "told"),
    [(syn.parser, told) for _, told in SYN_VECTORS] + [(xfs.parser, told) for _, told in XFS_VECTORS],
)
def test_a_frame_of_the_manual_is_read_back(parser: Callable[[], FrameParser], told: str) -> None:
    raw = bytes.fromhex(told)
    end = len(raw) - 1 if parser is syn.parser else len(raw)
    assert parser().feed(raw, 0.0) == [Frame(raw[3], raw[4:end])]


def test_the_announcement_of_the_facts_has_its_sum() -> None:
    frame = syn.say("[v10][m0][t4]请A005号到3号窗口办理业务".encode("gbk"), 1)
    assert (frame[:5].hex(), frame[-1]) == ("fd00290101", 0x93)


@CHIPS
def test_what_a_chip_cannot_take_is_refused_before_it_is_sent(chip: ModuleType) -> None:
    assert chip.say(b"x" * chip.TEXT_MOST_BYTES)
    with pytest.raises(ValueError, match="bytes of text"):
        chip.say(b"x" * (chip.TEXT_MOST_BYTES + 1))
    with pytest.raises(ValueError, match="encoding 4"):
        chip.say(b"x", 4)
    with pytest.raises(ValueError, match="volume is 0 to 10"):
        Manner(volume=11)


@pytest.mark.parametrize(
    ("chip", "manner", "text"),
    [
        (syn, Manner(), "[v8][m0][t3][y0][n0]请[n1]A112[n0]号到[n2]12[n0]号窗口办理"),
        (syn, Manner(10, 0, yao=False), "[v16][m0][t0][y1][n0]请[n1]A112[n0]号到[n2]12[n0]号窗口办理"),
        (xfs, Manner(), "[v5][s5][h1][y0][n0]请[n1]A112[n0]号到[n2]12[n0]号窗口办理"),
        (xfs, Manner(10, 0, yao=False), "[v10][s0][h1][y1][n0]请[n1]A112[n0]号到[n2]12[n0]号窗口办理"),
    ],
)
def test_a_call_is_said_with_the_chips_own_marks(chip: ModuleType, manner: Manner, text: str) -> None:
    [frame] = chip.utter(CALL, manner)
    assert frame == chip.say(text.encode("gb2312"), 0)


@pytest.mark.parametrize(
    ("text", "encoding", "coding"),
    [("税务", 0, "gb2312"), ("镕", 1, "gbk"), ("㐂", 3, "utf-16-be"), ("𠮷", 0, "gb2312")],
)
def test_the_narrowest_encoding_that_has_every_character_is_taken(text: str, encoding: int, coding: str) -> None:
    [frame] = syn.utter((Part(text),), Manner())
    shown = text if text != "𠮷" else " "  # no chip can say what is beyond two bytes
    assert frame[4] == encoding
    assert frame[5:-1].decode(coding).endswith(f"[n0]{shown}")


@CHIPS
def test_text_cannot_give_the_chip_orders(chip: ModuleType) -> None:
    [frame] = chip.utter((Part("a[v0]窗口\x1b[d]"),), Manner())
    assert "a（v0）窗口 （d）" in frame[5:].decode("gb2312", "replace")


def test_letters_of_a_number_are_read_one_by_one() -> None:
    [frame] = syn.utter((Part("AB01", "digits"),), Manner())
    assert frame[5:-1].endswith(b"[n1]A B01")


@CHIPS
@given(
    parts=st.lists(
        st.builds(
            Part,
            st.text(alphabet="请到号窗口办理。，[]v0123 ABC㐂镕𠮷", max_size=400),
            st.sampled_from(["text", "digits"]),
        )
    )
)
def test_every_sentence_is_cut_into_frames_the_chip_takes_and_loses_nothing(
    chip: ModuleType,
    parts: list[Part],
) -> None:
    codings = ("gb2312", "gbk", "big5", "utf-16-be" if chip is syn else "utf-16-le")
    spoken = ""
    for raw in chip.utter(parts, Manner()):
        [frame] = chip.parser().feed(raw, 0.0)
        assert isinstance(frame, Frame)
        assert 1 < len(frame.data) <= chip.TEXT_MOST_BYTES + 1
        text = frame.data[1:].decode(codings[frame.data[0]])
        assert text.startswith("[v")
        assert not re.search(r"\[(?![a-z]\d+\])", text)
        spoken += re.sub(r"\[[a-z]\d+\]", "", text)
    asked = "".join(part.text for part in parts).translate(str.maketrans("[]𠮷", "（） "))
    assert spoken.replace(" ", "") == asked.replace(" ", "")


def test_a_long_text_is_cut_after_a_stop_and_never_inside_a_number() -> None:
    sentence = "请携带身份证件到窗口办理，过号请重新取号。"
    frames = syn.utter((Part(sentence * 8 + "A" + "123456" * 3),), Manner())
    texts = [frame[5:-1].decode("gb2312") for frame in frames]
    assert len(texts) > 1
    assert all(text.endswith(("。", "，")) for text in texts[:-1])
    assert "A" + "123456" * 3 in texts[-1]


FRAMES = st.builds(
    Frame,
    st.sampled_from([0x01, 0x02, 0x21]),
    st.binary(min_size=0, max_size=60).map(lambda data: data.replace(b"\xfd", b"")),
)
NOISE = st.binary(max_size=20).map(lambda data: data.replace(b"\xfd", b""))


@CHIPS
@given(frames=st.lists(FRAMES, max_size=4), noise=st.lists(NOISE, min_size=5, max_size=5))
def test_noise_between_frames_loses_none_and_invents_none(
    chip: ModuleType,
    frames: list[Frame],
    noise: list[bytes],
) -> None:
    line = noise[0] + b"".join(
        chip.FRAMING.encode(frame) + after for frame, after in zip(frames, noise[1:], strict=False)
    )
    whole, single = chip.parser(), chip.parser()
    at_once = [one for one in whole.feed(line, 0.0) if isinstance(one, Frame)]
    by_byte = [one for byte in line for one in single.feed(bytes((byte,)), 0.0) if isinstance(one, Frame)]
    assert at_once == by_byte == frames


def test_a_wrong_sum_is_told_and_the_next_frame_is_read() -> None:
    bad = syn.STATUS[:-1] + b"\x00"
    found = syn.parser().feed(bad + syn.STOP, 0.0)
    assert [type(one) for one in found] == [BadFrame, Frame]
    assert "sum 00 instead of DE" in str(found[0])


@CHIPS
def test_half_a_frame_is_given_up_after_a_pause(chip: ModuleType) -> None:
    parser = chip.parser()
    assert parser.feed(chip.say("大厅".encode("gb2312"))[:6], 0.0) == []
    found = parser.feed(chip.STATUS, 1.0)
    assert found[-1] == Frame(0x21)
    assert all(isinstance(one, BadFrame) for one in found[:-1])


@given(st.binary(max_size=40))
def test_every_byte_of_a_chip_is_an_answer_or_noise(data: bytes) -> None:
    found = AnswerParser().feed(data)
    assert [one.data[0] if isinstance(one, BadFrame) else int(one) for one in found] == list(data)
    assert sum(isinstance(one, Answer) for one in found) == sum(byte in (0x41, 0x45, 0x4A, 0x4E, 0x4F) for byte in data)


def test_faster_speech_takes_less_time() -> None:
    assert seconds_to_say(CALL, speed=10) < seconds_to_say(CALL, speed=5) < seconds_to_say(CALL, speed=0)
