"""A sheet on a pygame surface. Only pixels here: what stands where was decided in `layout`."""

import math
from collections.abc import Callable
from functools import lru_cache
from io import BytesIO
from itertools import pairwise
from pathlib import Path

import pygame
import segno

from kiosk.box import Box
from kiosk.lettering import Line
from kiosk.sheet import Item, Sheet
from kiosk.theme import BRAND, EDGES, FILLS, GOLD, GROUND, GROUND_LOW, INKS, MARKS, SHADOW, Colour, Look

#: Quiet zone around a QR code, in modules (ISO/IEC 18004 asks for 4).
QUIET = 4
BOLD_WHOLE_PIXELS = 66


class Typeface:
    """One font file in every size asked for. `pygame.font` must be initialised.

    Bold is the regular face with an even outline: SDL's own bold only smears to the right, which eats
    the white inside of Chinese glyphs. Small sizes are drawn at twice the size, for an outline is whole pixels.
    """

    def __init__(self, path: Path) -> None:
        self._path = str(path)
        self.font = lru_cache(maxsize=64)(self._font)
        self.width = lru_cache(maxsize=8192)(self._width)

    def render(self, text: str, size: int, bold: bool, colour: Colour) -> pygame.Surface:
        if not bold:
            return self.font(size).render(text, True, colour)
        if size >= BOLD_WHOLE_PIXELS:
            return self._bold(text, size, _outline(size), colour)
        return pygame.transform.smoothscale_by(self._bold(text, 2 * size, _outline(2 * size), colour), 0.5)

    def _bold(self, text: str, size: int, outline: int, colour: Colour) -> pygame.Surface:
        font = self.font(size)
        inside = font.render(text, True, colour)
        font.outline = outline
        whole = font.render(text, True, colour)
        font.outline = 0
        whole.blit(inside, (outline, outline))
        return whole

    def _font(self, size: int) -> pygame.font.Font:
        return pygame.font.Font(self._path, size)

    def _width(self, text: str, size: int, bold: bool) -> int:
        if not text:
            return 0
        return self.font(size).size(text)[0] + (2 * _outline(size) if bold else 0)


def _outline(size: int) -> int:
    return max(1, round(size / 44))


def draw(surface: pygame.Surface, sheet: Sheet, face: Typeface) -> None:
    """The whole screen anew."""
    surface.fill(GROUND)
    pygame.draw.rect(surface, GROUND_LOW, (0, sheet.height * 92 // 100, sheet.width, sheet.height))
    radius = max(8, min(sheet.width, sheet.height) // 54)
    for item in sheet.items:
        painter = _PAINTERS.get(item.look, _paint_box)
        painter(surface, item, radius)
        for line in item.lines:
            _write(surface, line, face)


def picture(surface: pygame.Surface) -> bytes:
    """The surface as PNG."""
    file = BytesIO()
    pygame.image.save(surface, file, "screen.png")
    return file.getvalue()


def _write(surface: pygame.Surface, line: Line, face: Typeface) -> None:
    if not line.text:
        return
    ink = face.render(line.text, line.size, line.bold, INKS[line.ink])
    surface.blit(ink, (line.box.x, line.box.y + (line.box.height - ink.get_height()) // 2))


def _rect(box: Box) -> pygame.Rect:
    return pygame.Rect(box.x, box.y, box.width, box.height)


def _paint_nothing(surface: pygame.Surface, item: Item, radius: int) -> None:
    """Text alone."""


def _paint_box(surface: pygame.Surface, item: Item, radius: int) -> None:
    rect = _rect(item.box)
    if item.look in ("card", "panel", "primary", "secondary"):
        pygame.draw.rect(surface, SHADOW, rect.move(0, max(3, radius // 4)), border_radius=radius)
    pygame.draw.rect(surface, FILLS[item.look], rect, border_radius=radius)
    if item.look in EDGES:
        pygame.draw.rect(surface, EDGES[item.look], rect, width=max(2, radius // 10), border_radius=radius)


def _paint_header(surface: pygame.Surface, item: Item, radius: int) -> None:
    rect = _rect(item.box)
    for y in range(rect.height):
        share = y / max(1, rect.height - 1)
        pygame.draw.line(surface, _between(FILLS["header"], BRAND, share), (0, y), (rect.right, y))
    pygame.draw.rect(surface, GOLD, (0, rect.bottom - max(4, radius // 4), rect.width, max(4, radius // 4)))


def _between(one: Colour, other: Colour, share: float) -> Colour:
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(one, other, strict=True))
    return red, green, blue


def _paint_chevron(surface: pygame.Surface, item: Item, radius: int) -> None:
    box = item.box
    reach = box.width
    points = [
        (box.x, box.y + box.height // 2 - reach),
        (box.right, box.y + box.height // 2),
        (box.x, box.y + box.height // 2 + reach),
    ]
    _stroke(surface, EDGES["secondary"], points, max(3, reach // 4))


def _stroke(surface: pygame.Surface, colour: Colour, points: list[tuple[int, int]], width: int) -> None:
    """A line with round joints: pygame's own thick lines have gaps at their corners."""
    for start, end in pairwise(points):
        pygame.draw.line(surface, colour, start, end, width)
        across, down = end[0] - start[0], end[1] - start[1]
        length = max(1.0, math.hypot(across, down))
        off_x, off_y = -down / length * width / 2, across / length * width / 2
        corners = [
            (start[0] + off_x, start[1] + off_y),
            (end[0] + off_x, end[1] + off_y),
            (end[0] - off_x, end[1] - off_y),
            (start[0] - off_x, start[1] - off_y),
        ]
        pygame.draw.polygon(surface, colour, corners)
    for point in points:
        pygame.draw.aacircle(surface, colour, point, width // 2)


def _paint_line(surface: pygame.Surface, item: Item, radius: int) -> None:
    box = item.box
    pygame.draw.line(surface, EDGES["panel"], (box.x, box.y), (box.right, box.y), max(2, radius // 10))


def _paint_perforation(surface: pygame.Surface, item: Item, radius: int) -> None:
    """The tear-off edge of a ticket: dashes, and a notch on either side."""
    box = item.box
    dash = radius
    for x in range(box.x + 2 * dash, box.right - 2 * dash, 2 * dash):
        pygame.draw.line(surface, EDGES["secondary"], (x, box.y), (x + dash, box.y), max(2, radius // 8))
    clip = surface.get_clip()
    surface.set_clip(_rect(Box(box.x, box.y - 2 * dash, box.width, 4 * dash)))
    for x in (box.x, box.right):
        pygame.draw.aacircle(surface, GROUND, (x, box.y), dash)
        pygame.draw.aacircle(surface, EDGES["panel"], (x, box.y), dash, max(2, radius // 10))
    surface.set_clip(clip)


def _paint_qr(surface: pygame.Surface, item: Item, radius: int) -> None:
    surface.blit(qr_surface(item.text, item.box.width), (item.box.x, item.box.y))


@lru_cache(maxsize=4)
def qr_surface(data: str, side: int) -> pygame.Surface:
    """Whole pixels per module, so that every phone reads it; centred on white."""
    matrix = [[bool(module) for module in row] for row in segno.make_qr(data, error="m").matrix]
    count = len(matrix) + 2 * QUIET
    small = pygame.Surface((count, count))
    small.fill((255, 255, 255))
    for y, row in enumerate(matrix):
        for x, dark in enumerate(row):
            if dark:
                small.set_at((x + QUIET, y + QUIET), (0, 0, 0))
    scale = max(1, side // count)
    large = pygame.Surface((side, side))
    large.fill((255, 255, 255))
    offset = (side - scale * count) // 2
    large.blit(pygame.transform.scale(small, (scale * count, scale * count)), (offset, offset))
    return large


def _paint_wait(surface: pygame.Surface, item: Item, radius: int) -> None:
    """Three dots: somebody is at work."""
    colour, box = MARKS[item.look], item.box
    _disc(surface, box, colour)
    for at in (-1, 0, 1):
        x = box.x + box.width // 2 + at * box.width // 5
        pygame.draw.aacircle(surface, (255, 255, 255), (x, box.y + box.height // 2), max(3, box.width // 15))


def _paint_closed(surface: pygame.Surface, item: Item, radius: int) -> None:
    """The hands of a clock."""
    box = item.box
    _disc(surface, box, MARKS[item.look])
    centre = (box.x + box.width // 2, box.y + box.height // 2)
    hands = [(centre[0], centre[1] - box.height * 30 // 100), centre]
    _stroke(surface, (255, 255, 255), [*hands, (centre[0] + box.width * 21 // 100, centre[1] + box.height * 12 // 100)],
            max(4, box.width // 14))  # fmt: skip


def _paint_card(surface: pygame.Surface, item: Item, radius: int) -> None:
    """A card with a portrait and two lines."""
    colour, box = MARKS[item.look], item.box
    _disc(surface, box, colour)
    card = _rect(box.centred(box.width * 60 // 100, box.height * 40 // 100))
    pygame.draw.rect(surface, (255, 255, 255), card, border_radius=max(3, box.width // 24))
    face = (card.right - card.width // 4, card.centery)
    pygame.draw.aacircle(surface, colour, face, card.height // 4)
    for share in (36, 62):
        line = pygame.Rect(card.x + card.width // 9, card.y + card.height * share // 100, card.width * 42 // 100, 0)
        pygame.draw.rect(surface, colour, line.inflate(0, max(4, card.height // 9)))


def _paint_bad(surface: pygame.Surface, item: Item, radius: int) -> None:
    """An exclamation mark."""
    box = item.box
    _disc(surface, box, MARKS[item.look])
    x, width = box.x + box.width // 2, max(6, box.width // 9)
    stem = pygame.Rect(x - width // 2, box.y + box.height * 24 // 100, width, box.height * 34 // 100)
    pygame.draw.rect(surface, (255, 255, 255), stem, border_radius=width // 2)
    pygame.draw.aacircle(surface, (255, 255, 255), (x, box.y + box.height * 71 // 100), width * 6 // 10)


def _disc(surface: pygame.Surface, box: Box, colour: Colour) -> None:
    pygame.draw.aacircle(surface, colour, (box.x + box.width // 2, box.y + box.height // 2), box.width // 2)


_PAINTERS: dict[Look, Callable[[pygame.Surface, Item, int], None]] = {
    "plain": _paint_nothing,
    "header": _paint_header,
    "chevron": _paint_chevron,
    "line": _paint_line,
    "perforation": _paint_perforation,
    "qr": _paint_qr,
    "mark_wait": _paint_wait,
    "mark_closed": _paint_closed,
    "mark_bad": _paint_bad,
    "mark_card": _paint_card,
}
