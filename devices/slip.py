"""What stands on the paper, before it is bytes. Pure: columns are counted here, drawing and printing happen elsewhere.

A printer's font A is 12x24 dots for ASCII and 24x24 for Chinese, so one Chinese glyph is two columns:
58 mm paper = 384 dots = 32 columns, 80 mm paper = 576 dots = 48 columns (203 dpi).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

PaperMm = Literal[58, 80]
Align = Literal["left", "center", "right"]

COLUMN_DOTS = 12


@dataclass(frozen=True)
class Paper:
    """`dots` is what the head prints across, `columns` the letters that stand in it."""

    mm: PaperMm
    dots: int
    columns: int


PAPERS: dict[PaperMm, Paper] = {58: Paper(58, 384, 32), 80: Paper(80, 576, 48)}

CANNOT_BEGIN = frozenset("，。、；：！？）】》〉」』”’…—％℃,.;:!?)]}%")
"""Never first in a line (避头), unless the line has room for nothing else."""
CANNOT_END = frozenset("（【《〈「『“‘([{")
"""Never last in a line (避尾)."""

CLEANED = {"Cc": " ", "Zs": " ", "Zl": " ", "Zp": " ", "Cf": "", "Cs": "\ufffd"}
"""By Unicode category: controls and separators become a blank, joiners and direction marks go, lone surrogates show."""

PLAIN = {0x2013: "-", 0x3000: "  "}
"""The en dash is missing in GB2312 fonts (GBK/5 has it); a full-width blank is two."""

NUMBER_SIZE: dict[PaperMm, int] = {58: 6, 80: 8}
QR_DOTS: dict[PaperMm, int] = {58: 200, 80: 224}
"""How wide the code may be: 25 and 28 mm scan from an arm's length and leave the margins free."""
QR_CAPACITY_M = (14, 26, 42, 62, 84, 106, 122, 152, 180, 213, 251, 287, 331, 362, 412)
"""Bytes in a QR code of version 1, 2, … at error correction M (ISO/IEC 18004 table 7)."""


@dataclass(frozen=True)
class TextLine:
    """One paragraph. `size` magnifies width and height alike, 1..8 (ESC/POS `GS !`)."""

    text: str
    size: int = 1
    bold: bool = False
    align: Align = "left"

    def __post_init__(self) -> None:
        if not 1 <= self.size <= 8:
            raise ValueError(f"a printer magnifies 1 to 8 times, not {self.size}")


@dataclass(frozen=True)
class QrCode:
    data: str
    module_dots: int = 6


@dataclass(frozen=True)
class Rule:
    """A line across the paper."""


@dataclass(frozen=True)
class Space:
    """White paper of this many half lines (15 dots, about 2 mm)."""

    lines: int = 1


SlipItem = TextLine | QrCode | Rule | Space


@dataclass(frozen=True)
class Slip:
    items: tuple[SlipItem, ...]
    paper_mm: PaperMm = 80


@dataclass(frozen=True)
class TicketFacts:
    """Everything a ticket says, already in the citizen's language."""

    hall: str
    number: str
    service: str
    lines: tuple[str, ...]
    """Sentences: how many are ahead, the wait's range, where to go. The last one is set off: it says where to go."""
    time: str
    url: str = ""
    """Printed as QR; empty = no code."""
    url_caption: str = ""
    footer: str = ""


def clean(text: str) -> str:
    """Without control characters: a name from a database must not be able to command the printer."""
    return "".join(CLEANED.get(unicodedata.category(char), char) for char in text.translate(PLAIN))


def columns(text: str) -> int:
    """Print columns; what lies beyond ASCII is a full-width glyph in a Chinese printer, a combining mark is none."""
    return sum(map(_char_columns, text))


def _char_columns(char: str) -> int:
    if char < "\x80":
        return 1
    if unicodedata.category(char) in ("Mn", "Me"):
        return 0
    return 1 if unicodedata.east_asian_width(char) in ("Na", "H") else 2


def wrap(text: str, width: int) -> list[str]:
    """Lines of at most `width` columns (at least 2); nothing but blanks at the breaks is dropped. Newlines break."""
    if width < 2:
        raise ValueError(f"a Chinese glyph needs 2 columns, the line has {width}")
    return [line for paragraph in text.split("\n") for line in _wrap_paragraph(clean(paragraph), width)]


def _wrap_paragraph(text: str, width: int) -> list[str]:
    lines: list[str] = []
    line: list[str] = []
    for piece in _pieces(text, width):
        if columns("".join(line) + piece.rstrip()) > width:
            keep = _break_at([*line, piece], width)
            lines.append("".join(line[:keep]).rstrip())
            line = line[keep:]
        if line or piece.strip() or not lines:
            line.append(piece)
    lines.append("".join(line).rstrip())
    return lines


def _break_at(pieces: list[str], width: int) -> int:
    """How many pieces stay in the line: as many as fit, fewer where that spares a line a bad beginning or end."""
    last = len(pieces) - 1
    for keep in range(last, 0, -1):
        begins_badly = pieces[keep][0] in CANNOT_BEGIN
        ends_badly = pieces[keep - 1].rstrip()[-1:] in CANNOT_END
        if columns("".join(pieces[keep:]).rstrip()) > width:
            break
        if not (begins_badly or ends_badly):
            return keep
    return last


def _pieces(text: str, width: int) -> Iterator[str]:
    """Smallest parts that are not broken: a Chinese glyph, or a word with the blanks after it."""
    for word in re.findall(r"[!-~]+ *| +|[^ -~][\u0300-\u036f\ufe00-\ufe0f\U000e0100-\U000e01ef]*", text):
        if columns(word.rstrip()) <= width:
            yield word
        else:
            yield from (word[at : at + width] for at in range(0, len(word), width))


def qr_module_dots(data: str, room_dots: int) -> int:
    """The largest module (3..8 dots) with which the code stays inside `room_dots`."""
    size = len(data.encode())
    version = next((at for at, most in enumerate(QR_CAPACITY_M, 1) if size <= most), 40)
    return max(3, min(8, room_dots // (17 + 4 * version)))


def ticket_slip(facts: TicketFacts, *, paper_mm: PaperMm, columns: int | None = None) -> Slip:
    """A queue ticket (号票): the number first for the eye, then what it is for, then what to do, then the code.

    `columns`: of a head that differs from the usual one of this paper.
    """
    paper = PAPERS[paper_mm] if columns is None else replace(PAPERS[paper_mm], columns=columns)
    items = [
        *_paragraph(facts.hall, paper, bold=True),
        Rule(),
        Space(1),
        _number(facts.number, paper),
        Space(1),
        *_headline(facts.service, paper),
        Space(1),
        Rule(),
        *_sentences(facts.lines, paper),
        *_code(facts, paper),
        *_paragraph(facts.time, paper),
        *_paragraph(facts.footer, paper),
    ]
    return Slip(tuple(items), paper.mm)


def _number(number: str, paper: Paper) -> TextLine:
    text = clean(number).strip() or "-"
    size = max(1, min(NUMBER_SIZE[paper.mm], paper.columns // columns(text)))
    return TextLine(text, size=size, bold=True, align="center")


def _headline(text: str, paper: Paper) -> list[SlipItem]:
    """Twice as large while it takes two lines at most; longer names smaller, and whole."""
    large = wrap(text, paper.columns // 2)
    if len(large) <= 2:
        return [TextLine(line, size=2, align="center") for line in _balanced(text, paper.columns // 2)]
    return _paragraph(text, paper, bold=True)


def _paragraph(text: str, paper: Paper, *, bold: bool = False) -> list[SlipItem]:
    if not text.strip():
        return []
    return [TextLine(line, bold=bold, align="center") for line in _balanced(text, paper.columns)]


def _balanced(text: str, width: int) -> list[str]:
    """Wrapped into lines of similar length: a single glyph alone in the last line looks like a mistake."""
    lines = wrap(text, width)
    narrower = max(2, -(-columns(text) // max(1, len(lines))))
    tries = (wrap(text, room) for room in range(narrower, width))
    return next((better for better in tries if len(better) <= len(lines)), lines)


def _sentences(lines: tuple[str, ...], paper: Paper) -> list[SlipItem]:
    if not lines:
        return []
    items: list[SlipItem] = [Space(1)]
    for sentence in lines[:-1]:
        items += _paragraph(sentence, paper)
    return [*items, *_where_to_go(lines[-1], paper), Space(1)]


def _where_to_go(text: str, paper: Paper) -> list[SlipItem]:
    if columns(text) > paper.columns // 2:
        return _paragraph(text, paper, bold=True)
    return [Space(1), TextLine(text, size=2, align="center")]


def _code(facts: TicketFacts, paper: Paper) -> list[SlipItem]:
    if not facts.url:
        return []
    code = QrCode(facts.url, qr_module_dots(facts.url, QR_DOTS[paper.mm]))
    return [code, *_paragraph(facts.url_caption, paper), Space(1)]
