"""A slip as ESC/POS bytes, and a printer's bytes as facts. Pure: drawing comes in as a callable.

Sources (facts read in makers' manuals): Epson TM-U220 p54 and p83, TM-T88III p304 (DLE EOT, ASB, GS r), Citizen
iDP-3221 p60 (DLE EOT 3), HCC POS80B p49 and SurePrint SP91 p66 (Chinese mode, two-byte GB18030 only), Better BT-532C
p49 (GS r 1).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Literal

from devices.slip import COLUMNS, DOTS, PaperMm, QrCode, Rule, Slip, SlipItem, Space, TextLine, clean, wrap

INIT = b"\x1b\x40"  # ESC @
CHINESE_ON = b"\x1c\x26"  # FS &: on at power-up on Chinese models, asked for anyhow
CUT = b"\x1d\x56\x42\x00"  # GS V 66 0: feed to the cutter, partial cut
FENCE = b"\x1d\x72\x01"  # GS r 1: queued, so its answer tells that everything before it was worked off
LINE_SPACING_DEFAULT = b"\x1b\x32"  # ESC 2, 30 dots at 203 dpi
ALIGN = {"left": b"\x1b\x61\x00", "center": b"\x1b\x61\x01", "right": b"\x1b\x61\x02"}
HALF_LINE_DOTS = 15
GLYPH_DOTS = 24
QR_MODEL_2 = b"\x1d\x28\x6b\x04\x00\x31\x41\x32\x00"  # GS ( k fn165
QR_ERROR_M = b"\x1d\x28\x6b\x03\x00\x31\x45\x31"  # fn169
QR_PRINT = b"\x1d\x28\x6b\x03\x00\x31\x51\x30"  # fn181
QR_MOST_BYTES = 2331  # version 40 at error correction M

StatusKind = Literal[1, 2, 3, 4]
STATUS_KINDS: tuple[StatusKind, ...] = (1, 2, 3, 4)


@dataclass(frozen=True)
class Bitmap:
    """Black where a bit is 1; rows of `width_bytes` bytes, the leftmost dot in the highest bit."""

    width_bytes: int
    rows: bytes

    def __post_init__(self) -> None:
        if self.width_bytes < 1 or len(self.rows) % self.width_bytes:
            raise ValueError(f"{len(self.rows)} bytes are no rows of {self.width_bytes}")


Raster = Callable[[TextLine, int], Bitmap]
"""Draws one line, aligned, on paper of so many dots."""


@dataclass(frozen=True)
class Profile:
    """What a family of printers can do."""

    name: str
    answers_status: bool = True
    """Answers DLE EOT. When False nobody asks, and a job that was sent is all that is known."""
    has_fence: bool = True
    """Answers GS r 1."""
    has_process_id: bool = False
    """Answers GS ( H fn48 (Epson TM); many clones do not."""
    max_size: int = 8
    """Some small printers know single and double size only (Birch BP-002 p49)."""


PROFILES: dict[str, Profile] = {
    profile.name: profile
    for profile in (
        Profile("generic"),
        Profile("epson-tm", has_process_id=True),
        Profile("double-size", max_size=2),
        Profile("one-way", answers_status=False, has_fence=False),
    )
}


def encode(slip: Slip, *, raster: Raster, max_size: int = 8) -> bytes:
    """The whole slip, cut included. Lines the printer has no glyphs for go out as a picture, the others as text."""
    body = b"".join(_item(item, slip.paper_mm, raster, max_size) for item in slip.items)
    return INIT + CHINESE_ON + body + ALIGN["left"] + CUT


def encode_job(slip: Slip, *, raster: Raster, profile: Profile, tag: bytes = b"0001") -> bytes:
    """The slip and, behind its cut, the questions whose answers tell that it came out (none if nothing can answer)."""
    process_id = process_id_request(tag) if profile.has_process_id else b""
    fence = FENCE if profile.has_fence else b""
    return encode(slip, raster=raster, max_size=profile.max_size) + process_id + fence


def process_id_request(tag: bytes) -> bytes:
    """GS ( H fn48; the answer `37 22 tag 00` comes when the data before it was processed. `tag`: 4 printable bytes."""
    if len(tag) != 4 or not all(0x20 <= byte <= 0x7E for byte in tag):
        raise ValueError(f"a process id is 4 printable ASCII bytes, not {tag!r}")
    return b"\x1d\x28\x48\x06\x00\x30\x30" + tag


def status_request(kind: StatusKind) -> bytes:
    """DLE EOT n: answered at once, even off-line; never put it inside another command."""
    return bytes((0x10, 0x04, kind))


def gb18030(text: str) -> bytes | None:
    """The two-byte area that Chinese printers have; None when any character lies outside it."""
    try:
        parts = [char.encode("gb18030") for char in text]
    except UnicodeEncodeError:
        return None
    return None if any(len(part) == 4 for part in parts) else b"".join(parts)


def _item(item: SlipItem, paper_mm: PaperMm, raster: Raster, max_size: int) -> bytes:
    match item:
        case TextLine():
            return b"".join(_text(line, paper_mm, raster) for line in _lines(item, paper_mm, max_size))
        case QrCode():
            return _qr(item)
        case Rule():
            return ALIGN["left"] + _words("─" * (COLUMNS[paper_mm] // 2))
        case Space():
            return b"".join(_feed(dots) for dots in _feeds(item.lines * HALF_LINE_DOTS))


def _lines(line: TextLine, paper_mm: PaperMm, max_size: int) -> Iterator[TextLine]:
    size = min(line.size, max_size, COLUMNS[paper_mm] // 2)
    for text in wrap(line.text, COLUMNS[paper_mm] // size):
        yield TextLine(text, size, line.bold, line.align)


def _text(line: TextLine, paper_mm: PaperMm, raster: Raster) -> bytes:
    data = gb18030(line.text)
    if data is None:
        return ALIGN["left"] + picture(raster(line, DOTS[paper_mm]))
    before, after = _style(line)
    return ALIGN[line.align] + before + data + b"\n" + after


def _words(text: str) -> bytes:
    return (gb18030(clean(text)) or b"") + b"\n"


def _style(line: TextLine) -> tuple[bytes, bytes]:
    """Commands before and after; large lines get leading of their own, or they would touch."""
    before = after = b""
    if line.size > 1:
        spacing = min(255, GLYPH_DOTS * line.size + 6)
        nibble = line.size - 1
        before += bytes((0x1B, 0x33, spacing, 0x1D, 0x21, nibble << 4 | nibble))
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


def _qr(code: QrCode) -> bytes:
    data = code.data.encode()
    if len(data) > QR_MOST_BYTES:
        raise ValueError(f"a QR code holds {QR_MOST_BYTES} bytes at most, not {len(data)}")
    module = b"\x1d\x28\x6b\x03\x00\x31\x43" + bytes((max(1, min(16, code.module_dots)),))  # fn167
    store = b"\x1d\x28\x6b" + (len(data) + 3).to_bytes(2, "little") + b"\x31\x50\x30" + data  # fn180
    return ALIGN["center"] + QR_MODEL_2 + module + QR_ERROR_M + store + QR_PRINT


def _feeds(dots: int) -> Iterator[int]:
    while dots > 0:
        yield min(dots, 255)
        dots -= 255


def _feed(dots: int) -> bytes:
    return bytes((0x1B, 0x4A, dots))  # ESC J


# ---- what comes back ----


@dataclass(frozen=True)
class RealTime:
    """The answer to one DLE EOT; which one is known only by the order of the questions."""

    byte: int


@dataclass(frozen=True)
class AutoStatus:
    """Four bytes sent by the printer itself (ASB, GS a)."""

    data: bytes


@dataclass(frozen=True)
class Fence:
    """The answer to GS r: everything sent before it was worked off."""

    byte: int


@dataclass(frozen=True)
class Processed:
    """The answer to GS ( H fn48."""

    tag: bytes


@dataclass(frozen=True)
class Info:
    """The answer to GS I, without its 5F header and closing 00."""

    data: bytes


@dataclass(frozen=True)
class Noise:
    """Bytes that are none of the known answers."""

    data: bytes


Reply = RealTime | AutoStatus | Fence | Processed | Info | Noise

BLOCK_MOST_BYTES = 80  # GS I texts are 80 bytes at most on every model read
BLOCK_HEADERS = (0x37, 0x5F)  # both have (b & 93h) == 13h, so neither is a status byte


def is_real_time(byte: int) -> bool:
    return byte & 0x93 == 0x12


class StatusParser:
    """Tells a printer's answers apart by their fixed bits; owns nothing but the bytes of an unfinished answer.

    DLE EOT (b & 93) == 12 · ASB first byte (b & 93) == 10, then three with (b & 90) == 00 · GS r (b & 90) == 00 ·
    blocks 37 … 00 (GS ( H) and 5F … 00 (GS I). A DLE EOT answer may come between the bytes of an ASB message.
    """

    def __init__(self) -> None:
        self._auto = b""
        self._block = b""

    def feed(self, data: bytes) -> list[Reply]:
        replies: list[Reply] = []
        for byte in data:
            replies += self._byte(byte)
        return replies

    def forget(self) -> list[Reply]:
        """Drops an answer that never ended; call it when the line was quiet."""
        rest = self._auto + self._block
        self._auto = self._block = b""
        return [Noise(rest)] if rest else []

    def _byte(self, byte: int) -> list[Reply]:
        if self._block:
            return self._in_block(byte)
        if is_real_time(byte):
            return [RealTime(byte)]
        if self._auto:
            return self._in_auto(byte)
        return self._first(byte)

    def _first(self, byte: int) -> list[Reply]:
        if byte in BLOCK_HEADERS:
            self._block = bytes((byte,))
            return []
        if byte & 0x93 == 0x10:
            self._auto = bytes((byte,))
            return []
        return [Fence(byte)] if byte & 0x90 == 0 else [Noise(bytes((byte,)))]

    def _in_auto(self, byte: int) -> list[Reply]:
        if byte & 0x90:
            broken, self._auto = self._auto, b""
            return [Noise(broken), *self._first(byte)]
        self._auto += bytes((byte,))
        if len(self._auto) < 4:
            return []
        whole, self._auto = self._auto, b""
        return [AutoStatus(whole)]

    def _in_block(self, byte: int) -> list[Reply]:
        self._block += bytes((byte,))
        if byte and len(self._block) < BLOCK_MOST_BYTES:
            return []
        whole, self._block = self._block, b""
        return [_block(whole)]


def _block(whole: bytes) -> Reply:
    if whole[-1] == 0 and whole[0] == 0x5F:
        return Info(whole[1:-1])
    if whole[-1] == 0 and whole[1] == 0x22 and len(whole) == 7:
        return Processed(whole[2:6])
    return Noise(whole)


# ---- what it means ----


@dataclass(frozen=True)
class PrinterStatus:
    """None everywhere means unknown: the printer did not say. Unknown is neither fine nor empty."""

    online: bool | None = None
    paper: Literal["ok", "near_end", "out"] | None = None
    cover_open: bool | None = None
    cutter_jam: bool | None = None
    error: bool | None = None

    @property
    def known(self) -> bool:
        return self != PrinterStatus()


def status_from(answers: Mapping[StatusKind, int]) -> PrinterStatus:
    """From the DLE EOT answers by their n; one that is missing leaves its facts unknown."""
    bit = partial(_bit, answers)
    return PrinterStatus(
        online=_not(bit(1, 0x08)),
        paper=_paper(answers),
        cover_open=bit(2, 0x04),
        cutter_jam=bit(3, 0x08),
        error=_either(bit(2, 0x40), bit(3, 0x6C)),
    )


def _bit(answers: Mapping[StatusKind, int], kind: StatusKind, mask: int) -> bool | None:
    return bool(answers[kind] & mask) if kind in answers else None


def _not(value: bool | None) -> bool | None:
    return None if value is None else not value


def _either(one: bool | None, other: bool | None) -> bool | None:
    """True wins; False only if both are known to be False."""
    if one or other:
        return True
    return None if None in (one, other) else False


def _paper(answers: Mapping[StatusKind, int]) -> Literal["ok", "near_end", "out"] | None:
    """n=4 bits 60 out, 0C near end; n=2 bit 20 also tells that printing stopped for want of paper."""
    if _bit(answers, 4, 0x60) or _bit(answers, 2, 0x20):
        return "out"
    if 4 not in answers:
        return None
    return "near_end" if answers[4] & 0x0C else "ok"
