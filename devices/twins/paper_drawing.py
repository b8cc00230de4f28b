"""Draws a printed slip as it lies in the hand: 203 dpi, 24-dot glyphs, magnified dot by dot like the real thing."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

from PIL import Image, ImageDraw, ImageFont, ImageOps

from devices.fonts import chinese_font
from devices.twins.paper import FeedRow, Glyph, PictureRow, PrintedSlip, Row, TextRow

DOTS_A_MM = 8
PAPER_DOTS = {58: 464, 80: 640}
PRINTABLE_DOTS = {58: 384, 80: 576}
WHITE, INK = 252, 24
"""Thermal paper is not quite white and its print not quite black."""
EDGE_DOTS = 10
MARGIN_DOTS = 32
BASELINE_DOTS = 21
LATIN_DOTS = 20
"""Latin letters of a Chinese face are proportional; this size fits most into 12 dots, wider ones are squeezed."""
TOOTH_DOTS = 8


def draw(slip: PrintedSlip, paper_mm: int) -> Image.Image:
    rows = [(_DRAW[type(row)](row, PRINTABLE_DOTS[paper_mm]), row) for row in slip.rows]
    height = 2 * MARGIN_DOTS + sum(picture.height for picture, _ in rows)
    paper = Image.new("L", (PAPER_DOTS[paper_mm], height), WHITE)
    left = (PAPER_DOTS[paper_mm] - PRINTABLE_DOTS[paper_mm]) // 2
    y = MARGIN_DOTS
    for picture, _ in rows:
        paper.paste(INK, (left, y), ImageOps.invert(picture))
        y += picture.height
    return _torn(paper, slip)


def _torn(paper: Image.Image, slip: PrintedSlip) -> Image.Image:
    """The cut edge: a partial cut leaves a bridge in the middle, a slip not cut yet has a torn edge."""
    pen = ImageDraw.Draw(paper)
    y = paper.height - EDGE_DOTS
    middle = paper.width // 2
    if slip.cut == "partial":
        pen.line([(0, y), (middle - 8, y)], fill=150, width=2)
        pen.line([(middle + 8, y), (paper.width, y)], fill=150, width=2)
    elif slip.cut == "full":
        pen.line([(0, y), (paper.width, y)], fill=150, width=2)
    else:
        for x in range(0, paper.width, 2 * TOOTH_DOTS):
            pen.polygon([(x, paper.height), (x + TOOTH_DOTS, y), (x + 2 * TOOTH_DOTS, paper.height)], fill=150)
    return paper


def _text(row: Row, width: int) -> Image.Image:
    assert isinstance(row, TextRow)
    tallest = max((24 * glyph.style.height for glyph in row.glyphs if isinstance(glyph, Glyph)), default=0)
    line = Image.new("L", (width, max(tallest, row.spacing)), 255)
    used = sum(glyph.dots for glyph in row.glyphs)
    x = row.left + (0, (width - used) // 2, width - used)[row.align]
    for glyph in row.glyphs:
        if isinstance(glyph, Glyph):
            picture = _glyph(glyph)
            line.paste(picture, (x, tallest - picture.height))
        x += glyph.dots
    return line


@lru_cache(maxsize=4096)
def _glyph(glyph: Glyph) -> Image.Image:
    cell = _cell(glyph)
    if glyph.style.underline:
        ImageDraw.Draw(cell).line([(0, 23), (cell.width, 23)], fill=0, width=glyph.style.underline)
    dots = cell.point(lambda value: 0 if value < 150 else 255)
    if glyph.style.inverted:
        dots = ImageOps.invert(dots)
    size = dots.width * glyph.style.width, dots.height * glyph.style.height
    return dots.resize(size, Image.Resampling.NEAREST)


def _cell(glyph: Glyph) -> Image.Image:
    width = 24 if glyph.wide else 12
    font = _font(24 if glyph.wide else LATIN_DOTS)
    room = max(width, round(font.getlength(glyph.char)) + 1)
    cell = Image.new("L", (room, 24), 255)
    stroke = 0.3 if glyph.style.bold else 0
    pen = ImageDraw.Draw(cell)
    pen.text((room / 2, BASELINE_DOTS), glyph.char, font=font, fill=0, anchor="ms", stroke_width=stroke)
    return cell.resize((width, 24), Image.Resampling.LANCZOS)


@lru_cache(maxsize=2)
def _font(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(chinese_font()), size, layout_engine=ImageFont.Layout.BASIC)


def _picture(row: Row, width: int) -> Image.Image:
    assert isinstance(row, PictureRow)
    picture = row.picture.convert("L")
    line = Image.new("L", (width, picture.height), 255)
    line.paste(picture, ((0, (width - picture.width) // 2, width - picture.width)[row.align], 0))
    return line


def _feed(row: Row, width: int) -> Image.Image:
    assert isinstance(row, FeedRow)
    return Image.new("L", (width, row.dots), 255)


_DRAW: dict[type[Row], Callable[[Row, int], Image.Image]] = {TextRow: _text, PictureRow: _picture, FeedRow: _feed}
