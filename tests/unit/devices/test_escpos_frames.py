from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.escpos_frames import (
    Bitmap,
    encode,
    encode_job,
    picture,
    process_id_request,
    status_request,
    two_bytes,
)
from devices.escpos_replies import (
    AutoStatus,
    Fence,
    Info,
    Noise,
    PrinterStatus,
    Processed,
    RealTime,
    Reply,
    StatusKind,
    StatusParser,
    status_from,
    status_from_auto,
)
from devices.printer_profile import load_profile
from devices.slip import QrCode, Rule, Slip, Space, TextLine

DOT = Bitmap(1, b"\x80")


def raster(item: TextLine | QrCode, width_dots: int) -> Bitmap:
    return DOT


def body(*items: TextLine | QrCode | Rule | Space) -> bytes:
    return encode(Slip(items, 80), raster=raster, profile=load_profile("generic"))


def test_a_slip_begins_in_chinese_mode_and_ends_with_a_partial_cut() -> None:
    assert body() == bytes.fromhex("1b40 1c26 1b6100 1d564200")


def test_the_public_ticket_vector_is_reproduced_piece_by_piece() -> None:
    sent = body(
        TextLine("政务服务中心", size=2, align="center"),
        TextLine("您前面还有 3 人等候", bold=True),
        QrCode("https://q.example.gov.cn/t/A005", 6),
    )
    for piece in (
        "1b6101",
        "1d2111 d5fecef1b7fecef1d6d0d0c40a",
        "1d2100",
        "1b4501 c4fac7b0c3e6bbb9d3d02033 20c8cbb5c8baf20a",
        "1b4500",
        "1d286b0400 31413200 1d286b0300 314306 1d286b0300 314531 1d286b2200 315030"
        "68747470733a2f2f712e6578616d706c652e676f762e636e2f742f41303035 1d286b0300 315130",
    ):
        assert bytes.fromhex(piece) in sent


@pytest.mark.parametrize("text", ["𠮷", "㐂", "企业𠮷", "ñ", "😀", "\ud800"])
def test_what_the_printer_has_no_glyph_for_has_no_two_byte_code(text: str) -> None:
    assert two_bytes(text) is None


def test_only_the_line_with_a_rare_character_becomes_a_picture() -> None:
    sent = body(TextLine("企业开办"), TextLine("办理人：𠮷田"), TextLine("三号窗口"))
    assert sent.count(bytes.fromhex("1d7630 00 0100 0100 80")) == 1
    assert "企业开办\n".encode("gb18030") in sent
    assert "三号窗口\n".encode("gb18030") in sent


@given(st.text(), st.integers(1, 8))
def test_no_text_can_put_a_command_between_ours(text: str, size: int) -> None:
    commands = (b"\x1b\x40", b"\x10\x04", b"\x1d\x56")
    quiet = body(TextLine("", size=size))
    loud = body(TextLine(text, size=size))
    assert [loud.count(command) for command in commands] == [quiet.count(command) for command in commands]


def test_a_printer_with_double_size_only_is_never_asked_for_more() -> None:
    slip = Slip((TextLine("A007", size=8),), 80)
    assert b"\x1d\x21\x11" in encode_job(slip, raster=raster, profile=load_profile("double-size"))


def test_the_fence_stands_behind_the_cut() -> None:
    job = encode_job(Slip((), 80), raster=raster, profile=load_profile("generic"))
    assert job.endswith(bytes.fromhex("1d564200 1d7201"))


def test_an_epson_is_asked_for_the_process_id_instead_and_tells_changes_itself() -> None:
    job = encode_job(Slip((), 80), raster=raster, profile=load_profile("epson-tm"), tag=b"0042")
    assert job.startswith(bytes.fromhex("1b40 1d610e 1c26"))
    assert job.endswith(bytes.fromhex("1d564200 1d2848 0600 3030 30303432"))


def test_a_one_way_printer_is_asked_nothing() -> None:
    assert encode_job(Slip((), 80), raster=raster, profile=load_profile("one-way")).endswith(b"\x1d\x56\x42\x00")


@pytest.mark.parametrize("tag", [b"123", b"12345", b"12\x00\x01", "一二".encode("gb18030")[:3] + b"\xff"])
def test_a_process_id_is_four_printable_bytes(tag: bytes) -> None:
    with pytest.raises(ValueError, match="4 printable"):
        process_id_request(tag)


def test_a_tall_picture_goes_out_in_bands() -> None:
    sent = picture(Bitmap(2, bytes(2 * 300)))
    assert sent.count(bytes.fromhex("1d763000 0200")) == 2
    assert len(sent) == 600 + 2 * 8


def test_a_code_that_holds_too_much_is_refused() -> None:
    with pytest.raises(ValueError, match="2331"):
        body(QrCode("x" * 2332, 3))


def test_status_is_asked_by_dle_eot() -> None:
    assert [status_request(kind) for kind in get_args(StatusKind)] == [bytes((0x10, 4, n)) for n in (1, 2, 3, 4)]


OK = {1: 0x12, 2: 0x12, 3: 0x12, 4: 0x12}
FINE = PrinterStatus(online=True, paper="ok", cover_open=False, cutter_jam=False, error=False)


@pytest.mark.parametrize(
    ("answers", "status"),
    [
        (OK, FINE),
        ({**OK, 4: 0x1E}, PrinterStatus(True, "near_end", False, False, False)),
        ({**OK, 1: 0x1A, 2: 0x32, 4: 0x7E}, PrinterStatus(False, "out", False, False, False)),
        ({**OK, 1: 0x1A, 2: 0x16}, PrinterStatus(False, "ok", True, False, False)),
        ({**OK, 1: 0x1A}, PrinterStatus(False, "ok", False, False, False)),
        ({**OK, 1: 0x1A, 2: 0x52, 3: 0x1A}, PrinterStatus(False, "ok", False, True, True)),
        ({}, PrinterStatus()),
        ({1: 0x12}, PrinterStatus(online=True)),
        ({1: 0x12, 2: 0x12}, PrinterStatus(online=True, cover_open=False)),
        ({2: 0x32}, PrinterStatus(paper="out", cover_open=False)),
    ],
)
def test_status_bytes_mean_what_the_manuals_say(answers: dict[StatusKind, int], status: PrinterStatus) -> None:
    assert status_from(answers) == status


@pytest.mark.parametrize(
    ("data", "status"),
    [
        ("10000000", FINE),
        ("10000300", PrinterStatus(True, "near_end", False, False, False)),
        ("18000f00", PrinterStatus(False, "out", False, False, False)),
        ("38000000", PrinterStatus(False, "ok", True, False, False)),
        ("18080000", PrinterStatus(False, "ok", False, True, True)),
        ("18200000", PrinterStatus(False, "ok", False, False, True)),
        ("18400000", PrinterStatus(False, "ok", False, False, True)),
    ],
)
def test_what_a_printer_tells_by_itself_means_the_same(data: str, status: PrinterStatus) -> None:
    assert status_from_auto(bytes.fromhex(data)) == status


def test_silence_is_unknown_and_neither_fine_nor_empty() -> None:
    silent = status_from({})
    assert not silent.known
    assert silent.paper is None


def test_the_four_kinds_of_answers_are_told_apart() -> None:
    mixed = bytes.fromhex("12 00 10000300 37223030343200 5f4d00 7e 03")
    assert StatusParser().feed(mixed) == [
        RealTime(0x12),
        Fence(0x00),
        AutoStatus(bytes.fromhex("10000300")),
        Processed(b"0042"),
        Info(b"M"),
        RealTime(0x7E),
        Fence(0x03),
    ]


def test_a_real_time_answer_may_stand_inside_an_automatic_one() -> None:
    assert StatusParser().feed(bytes.fromhex("10 00 16 03 00")) == [
        RealTime(0x16),
        AutoStatus(bytes.fromhex("10000300")),
    ]


def test_a_broken_automatic_status_is_noise_and_the_next_one_is_read() -> None:
    assert StatusParser().feed(bytes.fromhex("1000 10000000")) == [
        Noise(bytes.fromhex("1000")),
        AutoStatus(bytes.fromhex("10000000")),
    ]


def test_an_answer_that_never_ended_can_be_forgotten() -> None:
    parser = StatusParser()
    parser.feed(bytes.fromhex("3722"))
    assert parser.forget() == [Noise(bytes.fromhex("3722"))]
    assert parser.feed(b"\x12") == [RealTime(0x12)]


@given(st.binary(), st.data())
def test_the_cut_of_the_bytes_does_not_matter(data: bytes, draw: st.DataObject) -> None:
    at = draw.draw(st.integers(0, len(data)))
    halves, bytewise, whole = StatusParser(), StatusParser(), StatusParser()
    expected = whole.feed(data)
    assert halves.feed(data[:at]) + halves.feed(data[at:]) == expected
    assert [reply for byte in data for reply in bytewise.feed(bytes((byte,)))] == expected


ANSWERS = st.one_of(
    st.sampled_from((0x12, 0x16, 0x1A, 0x1E, 0x32, 0x7E)).map(lambda byte: (bytes((byte,)), RealTime(byte))),
    st.sampled_from((0x00, 0x03, 0x0C)).map(lambda byte: (bytes((byte,)), Fence(byte))),
    st.sampled_from(("10000000", "18000f00", "38000300", "18080000"))
    .map(bytes.fromhex)
    .map(lambda data: (data, AutoStatus(data))),
    st.integers(0, 9999).map(lambda n: (b"7\x22%04d\x00" % n, Processed(b"%04d" % n))),
)


@given(st.lists(ANSWERS), st.lists(st.integers(1, 9)))
def test_answers_of_all_kinds_are_told_apart_merged_or_in_pieces(
    answers: list[tuple[bytes, Reply]], cuts: list[int]
) -> None:
    data, parser, told, at = b"".join(sent for sent, _ in answers), StatusParser(), [], 0
    for size in cuts:
        told += parser.feed(data[at : at + size])
        at += size
    assert told + parser.feed(data[at:]) == [meant for _, meant in answers]


NEITHER = st.integers(0x80, 0xFF).map(lambda byte: bytes((byte,)))
"""No byte with bit 7 is any status: DLE EOT, ASB and GS r answers all have it 0."""


@given(st.lists(st.one_of(NEITHER.map(lambda data: (data, Noise(data))), ANSWERS)))
def test_garbage_between_answers_loses_none_and_invents_none(sent: list[tuple[bytes, Reply]]) -> None:
    told = StatusParser().feed(b"".join(data for data, _ in sent))
    assert [reply for reply in told if not isinstance(reply, Noise)] == [
        meant for _, meant in sent if not isinstance(meant, Noise)
    ]


@given(st.binary())
def test_no_byte_is_lost_and_none_invented(data: bytes) -> None:
    parser = StatusParser()
    replies = parser.feed(data) + parser.forget()
    assert sum(map(_size, replies)) == len(data)


def _size(reply: Reply) -> int:
    match reply:
        case RealTime() | Fence():
            return 1
        case Processed():
            return 7
        case Info(data):
            return len(data) + 2
        case AutoStatus(data) | Noise(data):
            return len(data)
