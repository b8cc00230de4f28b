"""Text as dots, cell by cell like a font card: Chinese in a square, ASCII in half of one."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from PIL import Image, ImageDraw, ImageFont

from devices.fonts import chinese_font
from devices.led_bx_areas import width_of

LIT_FROM = 96
"""Grey above this is a lit dot: thin strokes of a small font stay whole."""
Colour = tuple[int, int, int]


def dots_of(text: str, size: int) -> Image.Image:
    """One line of text, `size` dots high, as grey 0 or 255."""
    line = Image.new("L", (max(1, width_of(text, size)), size))
    left = 0
    for character in text:
        cell = _cell(character, size)
        line.paste(cell, (left, 0))
        left += cell.width
    return line


@lru_cache(maxsize=4096)
def _cell(character: str, size: int) -> Image.Image:
    width = width_of(character, size)
    cell = Image.new("L", (width, size))
    pen = ImageDraw.Draw(cell)
    pen.text((width / 2, size * 0.85), character, font=_font(size * 15 // 16), fill=255, anchor="ms")
    return cell.point(lambda grey: 255 if grey > LIT_FROM else 0)


@lru_cache(maxsize=8)
def _font(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(chinese_font()), size, layout_engine=ImageFont.Layout.BASIC)


def wall(texts: Sequence[str], *, columns: int, size: tuple[int, int], font: int, colour: Colour) -> Image.Image:
    """The whole picture of a pixel wall: texts row by row; what is too long is shortened, at `…`."""
    picture = Image.new("RGB", size)
    width, height = size[0] // columns, size[1] // max(1, -(-len(texts) // columns))
    for number, text in enumerate(texts):
        row, column = divmod(number, columns)
        dots = dots_of(shortened(text, width, font), font)
        left = column * width + max(0, (width - dots.width) // 2)
        picture.paste(colour, (left, row * height + max(0, height - font) // 2), dots)
    return picture


def shortened(text: str, width: int, size: int) -> str:
    """The text within so many pixels; what is cut is marked by `…`."""
    if width_of(text, size) <= width:
        return text
    while text and width_of(text + "…", size) > width:
        text = text[:-1]
    return text + "…"
