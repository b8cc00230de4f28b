"""Every frame that is public, in one table: made by us byte for byte, and made again from what our parser reads in it.

Each device's own tests say what stands in these frames and where each one was published.
"""

from collections.abc import Callable

import pytest

from devices import idcard_sam_frames as sam
from devices import keypad_ff68_frames as ff68
from devices import led_alpha_frames as alpha
from devices import led_bx_areas as areas
from devices import led_bx_frames as bx
from devices import led_ddp_frames as ddp
from devices import led_f0d0_frames as f0d0
from devices import led_xunpeng_frames as xunpeng
from devices import voice_syn6288_frames as syn
from devices import voice_xfs5152_frames as xfs
from devices.escpos_frames import QR_ERROR_M, QR_MODEL_2, QR_PRINT, encode, two_bytes
from devices.printer_profile import built_in
from devices.slip import QrCode, Slip
from devices.twins.escpos_lexer import Lexer, Text, Token, Unknown
from devices.twins.typesetter import Typesetter

BX = "a5" * 8 + "01000080000000000000fe02"
DOCUMENT = areas.Area(
    0, 0, 0, 192, 32, b"012345QRSTTV'B", timeout_s=2, single_line=False, wraps=True, display_mode=areas.LEFT,
    stay_half_s=5,
)  # fmt: skip
HUMIDITY = areas.Area(
    1, 0, 24, 512, 12, b"\\FO000HUM:66%RH", line_space=10, run_mode=areas.ONCE_AND_STAY, timeout_s=2, speed=23,
    stay_half_s=2,
)  # fmt: skip
VENDOR_WISHES = 0x2D
"""The process mode in the vendor's example; its document does not say what it means."""


def _shown(area: areas.Area, *, response: int, process_mode: int = 0) -> bytes:
    return bx.request(areas.command(areas.Areas((area,), response=response, process_mode=process_mode)))


def _bx(raw: bytes) -> bytes:
    (frame,) = bx.Parser().feed(raw)
    assert isinstance(frame, bx.Frame)
    return bx.request(bx.request_of(frame))


def _bx_areas(raw: bytes) -> bytes:
    (frame,) = bx.Parser().feed(raw)
    assert isinstance(frame, bx.Frame)
    return bx.request(areas.command(areas.areas_of(bx.request_of(frame))))


def _bx_reply(raw: bytes) -> bytes:
    (frame,) = bx.Parser().feed(raw)
    assert isinstance(frame, bx.Frame)
    assert bx.reply_of(frame).acknowledges
    return bx.encode(frame)


def _syn(raw: bytes) -> bytes:
    (frame,) = syn.parser().feed(raw, 0.0)
    assert not isinstance(frame, Exception)
    return syn.FRAMING.encode(frame)


def _xfs(raw: bytes) -> bytes:
    (frame,) = xfs.parser().feed(raw, 0.0)
    assert not isinstance(frame, Exception)
    return xfs.FRAMING.encode(frame)


def _sam_command(raw: bytes) -> bytes:
    (body,) = sam.Parser(sam.FROM_HOST).feed(raw, 0.0)
    assert isinstance(body, bytes)
    return sam.encode(sam.command_of(body))


def _sam_reply(raw: bytes) -> bytes:
    (body,) = sam.Parser().feed(raw, 0.0)
    assert isinstance(body, bytes)
    return _sam_said(sam.reply_of(body))


def _sam_said(reply: sam.Reply) -> bytes:
    return sam.frame(bytes((0, 0, reply.sw3)) + reply.data)


def _ff68(raw: bytes) -> bytes:
    (frame,) = ff68.Parser().feed(raw, 0.0)
    assert isinstance(frame, ff68.Frame)
    return ff68.encode(frame)


def _ff68_host(raw: bytes) -> bytes:
    (frame,) = ff68.Parser(ff68.FROM_HOST).feed(raw, 0.0)
    assert isinstance(frame, ff68.Frame)
    return ff68.encode(frame)


def _f0d0(raw: bytes) -> bytes:
    (line,) = f0d0.Parser().feed(raw)
    assert isinstance(line, f0d0.LineText)
    return f0d0.encode(line)


def _coloured(raw: bytes) -> bytes:
    (number,) = xunpeng.Parser().feed(raw)
    assert isinstance(number, xunpeng.Coloured)
    return xunpeng.coloured(number)


def _key(*data: int) -> bytes:
    return ff68.encode(ff68.Frame(3, 1, bytes(data)))


EVALUATION = ff68.Frame(3, 0x11, b"\x01")
FRAMES: dict[str, tuple[str, bytes, Callable[[bytes], bytes]]] = {
    "BX ping": (BX + "0500a20001000068f85a", bx.request(bx.PING), _bx),
    "BX status": (BX + "0500a1020100002d405a", bx.request(bx.STATUS), _bx),
    "BX clear": (BX + "0500a31001000051f85a", bx.request(bx.CLEAR), _bx),
    "BX format": (BX + "0500a1000100002cf85a", bx.request(bx.FORMAT), _bx),
    "BX area of the vendor's document": (
        BX + "3200a306012d000001290000000000001800200000000002000000000202030004050e0000003031323334355152535454562742"
        "a87d5a",
        _shown(DOCUMENT, response=1, process_mode=VENDOR_WISHES),
        _bx_areas,
    ),
    "BX area with humidity": (
        BX + "3300a30602000000012a00000000180040000c00010a0102000000000101010017020f0000005c464f30303048554d3a36362552"
        "48367a5a",
        _shown(HUMIDITY, response=2),
        _bx_areas,
    ),
    "BX acknowledgement": (
        "a5a5a5a5a5a5a5a50080feff000000000000fe020500a00000000014ac5a",
        bx.encode(bx.Frame(bx.Reply(*bx.ACK, 0).data, destination=0x8000, source=0xFFFE)),
        _bx_reply,
    ),
    "SYN6288 GB2312": ("fd000b0100d3eed2f4cceccfc2c1", syn.say("宇音天下".encode("gb2312")), _syn),
    "SYN6288 GBK": ("fd000b0101d3eed2f4cceccfc2c0", syn.say("宇音天下".encode("gbk"), 1), _syn),
    "SYN6288 BIG5": ("fd000b0102a674adb5a4d1a455bb", syn.say("宇音天下".encode("big5"), 2), _syn),
    "SYN6288 with music": ("fd000b0109d3eed2f4cceccfc2c8", syn.say("宇音天下".encode("gbk"), 1, music=1), _syn),
    "SYN6288 9600 baud": ("fd00033100cf", syn.baud(9600), _syn),
    "SYN6288 19200 baud": ("fd00033101ce", syn.baud(19200), _syn),
    "SYN6288 stop": ("fd000202fd", syn.STOP, _syn),
    "SYN6288 pause": ("fd000203fc", syn.PAUSE, _syn),
    "SYN6288 resume": ("fd000204fb", syn.RESUME, _syn),
    "SYN6288 status": ("fd000221de", syn.STATUS, _syn),
    "SYN6288 power down": ("fd00028877", syn.POWER_DOWN, _syn),
    "XFS5152CE GB2312": ("fd000a0100bfc6b4f3d1b6b7c9", xfs.say("科大讯飞".encode("gb2312")), _xfs),
    "XFS5152CE GBK": ("fd000a0101bfc6b4f3d38def77", xfs.say("科大訊飛".encode("gbk"), 1), _xfs),
    "XFS5152CE BIG5": ("fd000a0102aceca46ab054adb8", xfs.say("科大訊飛".encode("big5"), 2), _xfs),
    "XFS5152CE stop": ("fd000102", xfs.STOP, _xfs),
    "XFS5152CE resume": ("fd000104", xfs.RESUME, _xfs),
    "XFS5152CE status": ("fd000121", xfs.STATUS, _xfs),
    "XFS5152CE power save": ("fd000188", xfs.POWER_SAVE, _xfs),
    "XFS5152CE wake": ("fd0001ff", xfs.WAKE, _xfs),
    "SAM find": ("aaaaaa96690003200122", sam.encode(sam.FIND), _sam_command),
    "SAM found": ("aaaaaa9669000800009f0000000097", _sam_said(sam.Reply(0x9F, bytes(4))), _sam_reply),
    "SAM select": ("aaaaaa96690003200221", sam.encode(sam.SELECT), _sam_command),
    "SAM read": ("aaaaaa96690003300132", sam.encode(sam.READ), _sam_command),
    "SAM read with fingerprint": ("aaaaaa96690003301023", sam.encode(sam.READ_FINGER), _sam_command),
    "SAM status": ("aaaaaa9669000311ffed", sam.encode(sam.STATUS), _sam_command),
    "FF68 call": ("ff6803036803010c1016", _key(0x0C), _ff68),
    "FF68 recall": ("ff6803036803010d1116", _key(0x0D), _ff68),
    "FF68 ask for an evaluation": ("ff6803036803010b0f16", _key(0x0B), _ff68),
    "FF68 give up": ("ff680404680301060f1916", _key(6, 0x0F), _ff68),
    "FF68 call back": ("ff680404680301030f1616", _key(3, 0x0F), _ff68),
    "FF68 pause": ("ff680303680301121616", _key(0x12), _ff68),
    "FF68 transfer": ("ff680303680301131716", _key(0x13), _ff68),
    "FF68 evaluation": ("ff680303680311011516", ff68.encode(EVALUATION), _ff68),
    "FF68 evaluation taken": ("ff680303680301010516", ff68.acknowledge_evaluation(EVALUATION), _ff68_host),
    "FF68 number 005": ("ff6808086803020a0a0a0000052816", ff68.display(3, None, "005"), _ff68_host),
    "FF68 beep": ("ff6802026803030616", ff68.beep(3), _ff68_host),
    "FF68 start an evaluation": ("ff6803036803010b0f16", ff68.start_evaluation(3), _ff68_host),
    "F0 01 D0 line": (
        "f001d00101010500413030359f",
        f0d0.encode(f0d0.LineText(1, b"A005", f0d0.STATIC, 1, "red")),
        _f0d0,
    ),
    "Xunpeng 999": ("0503e7ef", xunpeng.plain(xunpeng.Plain(5, 999)), lambda raw: xunpeng.plain(xunpeng.plain_of(raw))),
    "Xunpeng 888 green": ("3a00780301b60a", xunpeng.coloured(xunpeng.Coloured(888)), _coloured),
    "Alpha": (
        "0000000000015a30300241301b266241303035202d3e2033033032434404",
        alpha.encode(alpha.SignText("A005 -> 3")),
        lambda raw: alpha.encode(alpha.decode(raw)),
    ),
    "DDP": (
        "41010b01000000000009ff000000ff000000ff",
        ddp.packets(bytes.fromhex("ff000000ff000000ff"), sequence=1)[0],
        lambda raw: ddp.encode(ddp.decode(raw)),
    ),
}


@pytest.mark.parametrize(("raw", "made", "again"), FRAMES.values(), ids=FRAMES)
def test_a_public_frame_is_made_byte_for_byte_and_again_from_what_is_read(
    raw: str, made: bytes, again: Callable[[bytes], bytes]
) -> None:
    assert made.hex() == raw
    assert again(bytes.fromhex(raw)).hex() == raw


LINK = "https://q.example.gov.cn/t/A005"
QR = bytes.fromhex("1d286b0400314132001d286b03003143061d286b03003145311d286b2200315030") + LINK.encode() + QR_PRINT
TICKET = (
    bytes.fromhex("1b401c261b61011d2111d5fecef1b7fecef1d6d0d0c40a1d2133413030350a1d21001b4501")
    + bytes.fromhex("c4fac7b0c3e6bbb9d3d0203320c8cbb5c8baf20a1b4500d2b5cef1a3bac6f3d2b5bfaab0ec2020")
    + bytes.fromhex("c8a1bac5cab1bce420323032362d31312d32322031303a30350a")
    + QR
    + bytes.fromhex("0a1d68501d77021d48021d6b49067b42413030350a1d564200")
)
"""A whole ticket of another encoder, read by two independent interpreters: GB18030, QR code, CODE128, GS V 66."""


def _bytes_of(token: Token) -> bytes:
    assert not isinstance(token, Unknown)
    return token.data if isinstance(token, Text) else token.name + token.args


def test_the_public_ticket_stands_on_the_twins_paper_and_no_byte_of_it_is_lost() -> None:
    tokens = list(Lexer().feed(TICKET))
    assert b"".join(map(_bytes_of, tokens)) == TICKET
    paper = Typesetter(80)
    for token in tokens:
        paper.take(token)
    (slip,) = paper.slips
    lines = ["政务服务中心", "A005", "您前面还有 3 人等候", "业务：企业开办  取号时间 2026-11-22 10:05", "A005"]
    assert (slip.text_lines, slip.codes, slip.cut) == (lines, [LINK, "A005"], "partial")


def test_our_slips_have_the_code_the_chinese_and_the_cut_of_the_public_ticket() -> None:
    def no_pictures(*_: object) -> None:
        raise AssertionError("nothing here needs a picture")

    slip = encode(Slip((QrCode(LINK),)), raster=no_pictures, profile=built_in()["generic"])  # type: ignore[arg-type]
    assert QR_MODEL_2 + b"\x1d\x28\x6b\x03\x00\x31\x43\x06" + QR_ERROR_M in QR
    assert QR in slip
    assert slip.endswith(TICKET[-4:])
    assert two_bytes("您前面还有 3 人等候") in TICKET  # type: ignore[operator]
