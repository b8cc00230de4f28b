"""How a twin's lamps look from the hall: dots of light on a dark panel, or seven segments."""

from __future__ import annotations

from functools import lru_cache

from PIL import Image, ImageChops, ImageDraw

DOT = 4
"""Pixels of the picture for a lamp."""
PANEL = (22, 20, 20)
UNLIT = (46, 40, 40)
COLOURS = {"red": (255, 60, 40), "green": (60, 255, 90), "blue": (80, 140, 255), "amber": (255, 180, 40)}
_SEGMENTS = {
    "0": "abcdef", "1": "bc", "2": "abged", "3": "abgcd", "4": "fgbc", "5": "afgcd",
    "6": "afgedc", "7": "abc", "8": "abcdefg", "9": "abcdfg", " ": "",
}  # fmt: skip
_LINES = {  # in a digit of 20 × 36
    "a": (3, 2, 17, 2), "b": (18, 3, 18, 17), "c": (18, 19, 18, 33), "d": (3, 34, 17, 34),
    "e": (2, 19, 2, 33), "f": (2, 3, 2, 17), "g": (3, 18, 17, 18),
}  # fmt: skip


def lamps(dots: Image.Image) -> Image.Image:
    """RGB, a pixel a lamp, black = unlit."""
    lit = ImageChops.lighter(dots, Image.new("RGB", dots.size, UNLIT))
    large = lit.resize((dots.width * DOT, dots.height * DOT), Image.Resampling.NEAREST)
    panel = Image.new("RGB", large.size, PANEL)
    panel.paste(large, mask=_grid(large.size))
    return panel


@lru_cache(maxsize=4)
def _grid(size: tuple[int, int]) -> Image.Image:
    lamp = Image.new("L", (DOT * 4, DOT * 4))
    ImageDraw.Draw(lamp).ellipse((0, 0, DOT * 4 - 3, DOT * 4 - 3), fill=255)
    lamp = lamp.resize((DOT, DOT), Image.Resampling.BOX)
    grid = Image.new("L", size)
    for left in range(0, size[0], DOT):
        grid.paste(lamp, (left, 0))
    row = grid.crop((0, 0, size[0], DOT))
    for top in range(DOT, size[1], DOT):
        grid.paste(row, (0, top))
    return grid


def seven_segments(text: str, colour: tuple[int, int, int], *, digits: int = 4) -> Image.Image:
    """The last `digits` characters of digits and blanks."""
    picture = Image.new("RGB", (16 + digits * 30, 60), PANEL)
    pen = ImageDraw.Draw(picture)
    for place, digit in enumerate(text[-digits:].rjust(digits)):
        for name, (left, top, right, bottom) in _LINES.items():
            lit = name in _SEGMENTS[digit]
            points = [(14 + place * 30 + left, 12 + top), (14 + place * 30 + right, 12 + bottom)]
            pen.line(points, fill=colour if lit else UNLIT, width=4)
    return picture.resize((picture.width * 2, picture.height * 2), Image.Resampling.LANCZOS)
