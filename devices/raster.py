"""Draws the lines a printer has no glyphs for (four-byte GB18030 such as 𠮷 or 㐂), as dots it can print."""

from __future__ import annotations

from functools import lru_cache

from PIL import Image, ImageDraw, ImageFont

from devices.escpos_frames import GLYPH_DOTS, Bitmap
from devices.fonts import chinese_font
from devices.slip import TextLine

LEADING_DOTS = 6
"""A printed line is 30 dots high, its glyphs 24."""
BASELINE_DOTS = 21
BLACK_BELOW = 128


def draw_line(line: TextLine, width_dots: int) -> Bitmap:
    """One line as the printer would set it: aligned, magnified, bold; shrunk only if it would not fit otherwise."""
    return bitmap_of(_image(line, width_dots))


def _image(line: TextLine, width_dots: int) -> Image.Image:
    font, stroke = _fitting(line, width_dots)
    height = GLYPH_DOTS * line.size + LEADING_DOTS
    image = Image.new("L", (width_dots, height), 255)
    pen = ImageDraw.Draw(image)
    spare = max(0, width_dots - round(pen.textlength(line.text, font=font)) - 2 * stroke)
    left = stroke + {"left": 0, "center": spare // 2, "right": spare}[line.align]
    pen.text((left, BASELINE_DOTS * line.size), line.text, font=font, fill=0, anchor="ls", stroke_width=stroke)
    return image


def _fitting(line: TextLine, width_dots: int) -> tuple[ImageFont.FreeTypeFont, int]:
    stroke = line.size if line.bold else 0
    size = GLYPH_DOTS * line.size
    width = _font(size).getlength(line.text) + 2 * stroke
    if width > width_dots:
        size = max(8, int(size * width_dots / width))
    return _font(size), stroke if line.size > 1 else int(line.bold)


@lru_cache(maxsize=16)
def _font(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(chinese_font()), size)


def bitmap_of(image: Image.Image) -> Bitmap:
    """Dark becomes black; the width is filled up to whole bytes with white."""
    width_bytes = -(-image.width // 8)
    wide = Image.new("L", (width_bytes * 8, image.height), 255)
    wide.paste(image.convert("L"))
    dots = wide.point(lambda value: 255 if value < BLACK_BELOW else 0).convert("1")
    return Bitmap(width_bytes, dots.tobytes())
