"""A slip as ESC/POS bytes, for a printer as its profile describes it. Pure: drawing comes in as a callable.

Sources (facts read in makers' manuals): Epson TM-T88III p304 (GS r), HCC POS80B p49 and SurePrint SP91 p66 (Chinese
mode, two-byte GB18030 only), Better BT-532C p49 (GS r 1). What a printer says is read by `devices.escpos_replies`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from devices.escpos_replies import StatusKind
from devices.printer_profile import Charset, Cut, Profile
from devices.slip import Paper, QrCode, Rule, Slip, SlipItem, Space, TextLine, clean, wrap

INIT = b"\x1b\x40"  # ESC @
CHINESE_ON = b"\x1c\x26"  # FS &: on at power-up on Chinese models, asked for anyhow
FENCE = b"\x1d\x72\x01"  # GS r 1: queued, so its answer tells that everything before it was worked off
AUTO_STATUS_ON = b"\x1d\x61\x0e"  # GS a: on-line, errors, paper; ESC @ switches it off again
DROP_HELD = b"\x10\x14\x08\x01\x03\x14\x01\x06\x02\x08\x10\x05\x02"
"""DLE DC4 fn8 (Epson: clear the buffers), DLE ENQ 2 (TM-H5000 p5-3: recover from an error and clear them)."""
LINE_SPACING_DEFAULT = b"\x1b\x32"  # ESC 2, 30 dots at 203 dpi
LINE_DOTS = 30
ALIGN = {"left": b"\x1b\x61\x00", "center": b"\x1b\x61\x01", "right": b"\x1b\x61\x02"}
HALF_LINE_DOTS = 15
GLYPH_DOTS = 24
LEADING_DOTS = 6
QR_MODEL_2 = b"\x1d\x28\x6b\x04\x00\x31\x41\x32\x00"  # GS ( k fn165
QR_ERROR_M = b"\x1d\x28\x6b\x03\x00\x31\x45\x31"  # fn169
QR_PRINT = b"\x1d\x28\x6b\x03\x00\x31\x51\x30"  # fn181
QR_MOST_BYTES = 2331  # version 40 at error correction M

FEED_TO_CUTTER = b"\x1b\x64\x04"  # ESC d 4: for cuts that do not bring the print to the blade themselves
CUTS: dict[Cut, bytes] = {
    "feed-partial": b"\x1d\x56\x42\x00",  # GS V 66 0
    "feed-full": b"\x1d\x56\x41\x00",
    "partial": FEED_TO_CUTTER + b"\x1d\x56\x01",
    "full": FEED_TO_CUTTER + b"\x1d\x56\x00",
    "old-partial": FEED_TO_CUTTER + b"\x1b\x69",  # ESC i, one point left
    "none": b"\x1b\x64\x06",  # to the tear bar
}
CODECS: dict[Charset, str] = {"gb2312": "gb2312", "gbk": "gbk", "gb18030": "gb18030", "none": "ascii"}


@dataclass(frozen=True)
class Bitmap:
    """Black where a bit is 1; rows of `width_bytes` bytes, the leftmost dot in the highest bit."""

    width_bytes: int
    rows: bytes

    def __post_init__(self) -> None:
        if self.width_bytes < 1 or len(self.rows) % self.width_bytes:
            raise ValueError(f"{len(self.rows)} bytes are no rows of {self.width_bytes}")


Raster = Callable[[TextLine | QrCode, int], Bitmap]
"""Draws one line or code, aligned, on paper of so many dots."""


def encode(slip: Slip, *, raster: Raster, profile: Profile) -> bytes:
    """The whole slip, cut included. Lines the printer has no glyphs for go out as a picture, the others as text."""
    page = _Page(profile.paper(slip.paper_mm), profile, raster)
    body = b"".join(_item(item, page) for item in slip.items)
    return _opening(profile) + body + ALIGN["left"] + CUTS[profile.commands.cut]


def encode_job(slip: Slip, *, raster: Raster, profile: Profile, tag: bytes = b"0001") -> bytes:
    """The slip and, behind its cut, the question whose answer tells that it came out (none if nothing can answer)."""
    process_id = process_id_request(tag) if profile.answers.gs_h else b""
    fence = FENCE if profile.has_fence else b""
    return encode(slip, raster=raster, profile=profile) + process_id + fence


def process_id_request(tag: bytes) -> bytes:
    """GS ( H fn48; the answer `37 22 tag 00` comes when the data before it was processed. `tag`: 4 printable bytes."""
    if len(tag) != 4 or not all(0x20 <= byte <= 0x7E for byte in tag):
        raise ValueError(f"a process id is 4 printable ASCII bytes, not {tag!r}")
    return b"\x1d\x28\x48\x06\x00\x30\x30" + tag


def status_request(kind: StatusKind) -> bytes:
    """DLE EOT n: answered at once, even off-line; never put it inside another command."""
    return bytes((0x10, 0x04, kind))


def two_bytes(text: str, charset: Charset = "gb18030") -> bytes | None:
    """As the printer's font has it, at most two bytes a character; None when any lies outside of it."""
    try:
        parts = [char.encode(CODECS[charset]) for char in text]
    except UnicodeEncodeError:
        return None
    return None if any(len(part) > 2 for part in parts) else b"".join(parts)


@dataclass(frozen=True)
class _Page:
    paper: Paper
    profile: Profile
    raster: Raster


def _opening(profile: Profile) -> bytes:
    """Known modes, whatever was printed before."""
    page = profile.text.code_page
    return (
        INIT
        + (AUTO_STATUS_ON if profile.answers.asb else b"")
        + (b"" if page is None else b"\x1b\x74" + bytes((page,)))  # ESC t
        + (CHINESE_ON if profile.text.chinese_mode else b"")
    )


def _item(item: SlipItem, page: _Page) -> bytes:
    match item:
        case TextLine():
            return b"".join(_text(line, page) for line in printed_lines(item, page.paper, page.profile))
        case QrCode():
            return _qr(item, page)
        case Rule():
            return ALIGN["left"] + _rule(page)
        case Space():
            return b"".join(_feed(dots) for dots in _feeds(item.lines * HALF_LINE_DOTS))


def printed_lines(line: TextLine, paper: Paper, profile: Profile) -> Iterator[TextLine]:
    """A paragraph as the lines that stand on the paper, no larger than the printer can."""
    size = min(line.size, profile.text.largest, paper.columns // 2)
    for text in wrap(line.text, paper.columns // size):
        yield TextLine(text, size, line.bold, line.align)


def line_dots(size: int) -> int:
    """Large lines get leading of their own, or they would touch."""
    return LINE_DOTS if size == 1 else min(255, GLYPH_DOTS * size + LEADING_DOTS)


def _text(line: TextLine, page: _Page) -> bytes:
    data = two_bytes(line.text, page.profile.text.charset)
    if data is None:
        return ALIGN["left"] + picture(page.raster(line, page.paper.dots))
    before, after = _style(line)
    return ALIGN[line.align] + before + data + b"\n" + after


def _rule(page: _Page) -> bytes:
    drawn = two_bytes(clean("─" * (page.paper.columns // 2)), page.profile.text.charset)
    return (b"-" * page.paper.columns if drawn is None else drawn) + b"\n"


def _style(line: TextLine) -> tuple[bytes, bytes]:
    """Commands before and after."""
    before = after = b""
    if line.size > 1:
        nibble = line.size - 1
        before += bytes((0x1B, 0x33, line_dots(line.size), 0x1D, 0x21, nibble << 4 | nibble))
        after += b"\x1d\x21\x00" + LINE_SPACING_DEFAULT
    if line.bold:
        before += b"\x1b\x45\x01"
        after += b"\x1b\x45\x00"
    return before, after


def picture(bitmap: Bitmap) -> bytes:
    """GS v 0, in bands of at most 255 rows: cheap printers have little memory for one."""
    step = 255 * bitmap.width_bytes
    bands = [bitmap.rows[at : at + step] for at in range(0, len(bitmap.rows), step)]
    return b"".join(_band(bitmap.width_bytes, band) for band in bands)


def _band(width_bytes: int, rows: bytes) -> bytes:
    height = len(rows) // width_bytes
    return b"\x1d\x76\x30\x00" + width_bytes.to_bytes(2, "little") + height.to_bytes(2, "little") + rows


def _qr(code: QrCode, page: _Page) -> bytes:
    data = code.data.encode()
    if len(data) > QR_MOST_BYTES:
        raise ValueError(f"a QR code holds {QR_MOST_BYTES} bytes at most, not {len(data)}")
    if not page.profile.commands.qr:
        return ALIGN["left"] + picture(page.raster(code, page.paper.dots))
    module = b"\x1d\x28\x6b\x03\x00\x31\x43" + bytes((max(1, min(16, code.module_dots)),))  # fn167
    store = b"\x1d\x28\x6b" + (len(data) + 3).to_bytes(2, "little") + b"\x31\x50\x30" + data  # fn180
    return ALIGN["center"] + QR_MODEL_2 + module + QR_ERROR_M + store + QR_PRINT


def _feeds(dots: int) -> Iterator[int]:
    while dots > 0:
        yield min(dots, 255)
        dots -= 255


def _feed(dots: int) -> bytes:
    return bytes((0x1B, 0x4A, dots))  # ESC J
