"""Text set into a box: broken into lines, made smaller until it fits. Pure; the typeface measures."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from kiosk.box import Box
from kiosk.theme import Ink

Across = Literal["left", "centre", "right"]
Down = Literal["top", "middle", "bottom"]

#: Width in pixels of a text at a size (pixels of the em), bold or not.
Measure = Callable[[str, int, bool], int]

#: Line height over letter size (an ink height of Chinese is about 1.0; rules for old readers ask for ≥ 1.3).
LEADING = 1.36
SMALLER = 0.94
_CANNOT_BEGIN = "，。、；：！？）》”’…,.;:!?)%·–"
_PIECES = re.compile(r"[!-~–·]+ *| +|[^ -~–·] *")


@dataclass(frozen=True)
class Line:
    """One line of text; the box is the room it stands in, `size` the em in pixels."""

    text: str
    box: Box
    size: int
    ink: Ink
    bold: bool = False


@dataclass(frozen=True)
class Style:
    """How a text wants to look: as large as `size`, never smaller than `least`."""

    size: int
    least: int
    ink: Ink = "text"
    bold: bool = False
    across: Across = "left"
    down: Down = "top"
    most_lines: int = 99


def line_height(size: int) -> int:
    return round(size * LEADING)


def wrap(text: str, width: int, size: int, bold: bool, measure: Measure) -> list[str]:
    """Lines no wider than `width`; Chinese breaks anywhere except before closing marks, other words at blanks."""
    return [line for part in text.split("\n") for line in _wrap_paragraph(part, width, size, bold, measure)]


def _wrap_paragraph(text: str, width: int, size: int, bold: bool, measure: Measure) -> list[str]:
    lines = [""]
    for piece in _PIECES.findall(text):
        if measure((lines[-1] + piece).rstrip(), size, bold) <= width or not lines[-1]:
            lines[-1] += piece
        elif piece[0] in _CANNOT_BEGIN and len(lines[-1]) > 1 and not lines[-1][-1].isascii():
            lines[-1], carried = lines[-1][:-1], lines[-1][-1]
            lines.append(carried + piece)
        else:
            lines.append(piece)
    return [line.rstrip() for line in lines]


def set_text(text: str, box: Box, style: Style, measure: Measure) -> tuple[Line, ...]:
    """The text inside the box; at the least size what has no room is cut with an ellipsis."""
    size = style.size
    lines = wrap(text, box.width, size, style.bold, measure)
    while size > style.least and not _fits(lines, box, size, style, measure):
        size = max(style.least, int(size * SMALLER))
        lines = wrap(text, box.width, size, style.bold, measure)
    if _fits(lines, box, size, style, measure):
        lines = [line for part in text.split("\n") for line in _balanced(part, box.width, size, style.bold, measure)]
    else:
        lines = _shortened(lines, box, size, style, measure)
    return _placed(lines, box, size, style, measure)


def _fits(lines: list[str], box: Box, size: int, style: Style, measure: Measure) -> bool:
    return (
        len(lines) <= style.most_lines
        and len(lines) * line_height(size) <= box.height
        and all(measure(line, size, style.bold) <= box.width for line in lines)
    )


def _balanced(text: str, width: int, size: int, bold: bool, measure: Measure) -> list[str]:
    """Lines of similar length: one full line and a lonely glyph look like a mistake."""
    lines = _wrap_paragraph(text, width, size, bold, measure)
    fair = measure(text, size, bold) // len(lines)
    tries = (_wrap_paragraph(text, narrower, size, bold, measure) for narrower in range(fair, width, max(1, size // 3)))
    fitting = (
        better
        for better in tries
        if len(better) <= len(lines) and all(measure(line, size, bold) <= width for line in better)
    )
    return lines if len(lines) == 1 else next(fitting, lines)


def _shortened(lines: list[str], box: Box, size: int, style: Style, measure: Measure) -> list[str]:
    most = max(1, min(style.most_lines, box.height // line_height(size)))
    if len(lines) > most:
        blank = " " if lines[most - 1][-1:].isascii() and lines[most][:1].isascii() else ""
        lines = [*lines[: most - 1], lines[most - 1] + blank + lines[most]]
    return [
        line if measure(line, size, style.bold) <= box.width else _cut(line, box.width, size, style.bold, measure)
        for line in lines
    ]


def _cut(text: str, width: int, size: int, bold: bool, measure: Measure) -> str:
    while text and measure(text + "…", size, bold) > width:
        text = text[:-1]
    return text.rstrip() + "…"


def _placed(lines: list[str], box: Box, size: int, style: Style, measure: Measure) -> tuple[Line, ...]:
    height = line_height(size)
    room = box.height - height * len(lines)
    y = box.y + {"top": 0, "middle": room // 2, "bottom": room}[style.down]
    placed = []
    for text in lines:
        width = measure(text, size, style.bold)
        x = box.x + {"left": 0, "centre": (box.width - width) // 2, "right": box.width - width}[style.across]
        placed.append(Line(text, Box(x, y, width, height), size, style.ink, style.bold))
        y += height
    return tuple(placed)
