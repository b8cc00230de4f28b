"""Draws what a printer cannot by itself: lines it has no glyphs for (𠮷, 㐂), codes where it knows no GS ( k."""

from __future__ import annotations

from functools import lru_cache

import segno
from PIL import Image, ImageDraw, ImageFont

from devices.escpos_frames import GLYPH_DOTS, LEADING_DOTS, Bitmap
from devices.fonts import chinese_font
from devices.slip import QrCode, TextLine

BASELINE_DOTS = 21
BLACK_BELOW = 128
BOLD_STROKE = 0.4
"""A whole dot all around would fill the small counters of 重 or 测."""


QUIET_MODULES = 4


def draw_item(item: TextLine | QrCode, width_dots: int) -> Bitmap:
    """As the printer would set it on paper of this width."""
    return draw_line(item, width_dots) if isinstance(item, TextLine) else draw_code(item, width_dots)


def draw_code(code: QrCode, width_dots: int) -> Bitmap:
    """In the middle, with its quiet zone, at error correction M as the printers' own are."""
    made = segno.make_qr(code.data, error="m", boost_error=False)
    rows = [bytes(0 if dark else 255 for dark in row) for row in made.matrix_iter(border=QUIET_MODULES)]
    small = Image.frombytes("L", (len(rows[0]), len(rows)), b"".join(rows))
    side = small.width * min(code.module_dots, max(1, width_dots // small.width))
    image = Image.new("L", (width_dots, side), 255)
    image.paste(small.resize((side, side), Image.Resampling.NEAREST), ((width_dots - side) // 2, 0))
    return bitmap_of(image)


def draw_line(line: TextLine, width_dots: int) -> Bitmap:
    """One line as the printer would set it: aligned, magnified, bold; shrunk only if it would not fit otherwise."""
    return bitmap_of(_image(line, width_dots))


def _image(line: TextLine, width_dots: int) -> Image.Image:
    font, stroke = _fitting(line, width_dots)
    height = GLYPH_DOTS * line.size + LEADING_DOTS
    image = Image.new("L", (width_dots, height), 255)
    pen = ImageDraw.Draw(image)
    spare = max(0, width_dots - round(pen.textlength(line.text, font=font) + 2 * stroke))
    left = stroke + {"left": 0, "center": spare // 2, "right": spare}[line.align]
    pen.text((left, BASELINE_DOTS * line.size), line.text, font=font, fill=0, anchor="ls", stroke_width=stroke)
    return image


def _fitting(line: TextLine, width_dots: int) -> tuple[ImageFont.FreeTypeFont, float]:
    stroke = BOLD_STROKE * line.size if line.bold else 0.0
    size = GLYPH_DOTS * line.size
    width = _font(size).getlength(line.text) + 2 * stroke
    if width > width_dots:
        size = max(8, int(size * width_dots / width))
    return _font(size), stroke


@lru_cache(maxsize=16)
def _font(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(chinese_font()), size, layout_engine=ImageFont.Layout.BASIC)


def bitmap_of(image: Image.Image) -> Bitmap:
    """Dark becomes black; the width is filled up to whole bytes with white."""
    width_bytes = -(-image.width // 8)
    wide = Image.new("L", (width_bytes * 8, image.height), 255)
    wide.paste(image.convert("L"))
    dots = wide.point(lambda value: 255 if value < BLACK_BELOW else 0).convert("1")
    return Bitmap(width_bytes, dots.tobytes())
