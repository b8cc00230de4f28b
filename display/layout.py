"""Where things stand, for any size of glass: lying (16:9) or standing (9:16). Pure."""

import math
from dataclasses import dataclass

from display.boxes import Box
from display.theme import CAPITAL, CHARACTER, NUMBER_SHARE

Size = tuple[int, int]

#: The smallest number in a counter's cell, in units; below it the counters go on pages.
LEAST_NUMBER = 44
MOST_COLUMNS = 6


@dataclass(frozen=True)
class Regions:
    """The parts of the glass; `warning`, `recent` and `footer` only while there is something to say."""

    header: Box
    calls: Box
    counters: Box
    services: Box
    missed: Box
    warning: Box | None = None
    recent: Box | None = None
    footer: Box | None = None


def standing(size: Size) -> bool:
    return size[1] > size[0]


def unit(size: Size) -> float:
    """The length that is one pixel on a 1920x1080 (or 1080x1920) screen."""
    width, height = size
    return min(width / 1080, height / 1920) if standing(size) else min(width / 1920, height / 1080)


def regions(size: Size, *, warning: bool, recent: bool, footer: bool) -> Regions:
    """Cut the glass from top to bottom; what is not there leaves its room to the counters."""
    u = unit(size)
    gap, upright = round(14 * u), standing(size)
    page = Box(0, 0, *size).inset(round(28 * u), round(18 * u))
    heights = {"header": 84 * u}
    if warning:
        heights["warning"] = 60 * u
    heights["calls"] = size[1] * (0.5 if upright else 0.36)
    if recent:
        heights["recent"] = 66 * u
    below = {"footer": 58 * u} if footer else {}
    taken = sum(heights.values()) + sum(below.values()) + gap * (len(heights) + len(below))
    heights = {**heights, "rest": page.height - taken, **below}
    named = dict(zip(heights, page.rows(list(heights.values()), gap), strict=True))
    parts = _standing_rest if upright else _lying_rest
    counters, services, missed = parts(named.pop("rest"), gap)
    return Regions(counters=counters, services=services, missed=missed, **named)


def _lying_rest(rest: Box, gap: int) -> tuple[Box, Box, Box]:
    counters, services, missed = rest.columns([0.54, 0.30, 0.16], gap)
    return counters, services, missed


def _standing_rest(rest: Box, gap: int) -> tuple[Box, Box, Box]:
    counters, lower = rest.rows([0.60, 0.40], gap)
    services, missed = lower.columns([0.6, 0.4], gap)
    return counters, services, missed


def number_size(size: Size) -> int:
    """Type size of the newest call's number, so that its capitals are NUMBER_SHARE of the screen's height."""
    return math.ceil(size[1] * NUMBER_SHARE / CAPITAL)


def slots(size: Size, longest_number: int) -> int:
    """How many calls fit side by side (lying) or one below the other (standing) with their numbers at full height."""
    if standing(size):
        return 2
    room = size[0] - 2 * round(28 * unit(size))
    card = number_size(size) * CHARACTER * max(longest_number, 4) + 48 * unit(size)
    return max(1, min(3, int(room / card)))


def card_boxes(area: Box, count: int, *, upright: bool, gap: int) -> list[Box]:
    """The newest-call area cut for as many cards as it shows now."""
    shares = [1.0] * max(count, 1)
    return area.rows(shares, gap) if upright else area.columns(shares, gap)


@dataclass(frozen=True)
class Grid:
    """The counters' cells of one page. `number` is the type size that fits every cell."""

    cells: tuple[Box, ...]
    number: int
    wide: bool
    pages: int


def counter_grid(area: Box, count: int, longest_number: int, u: float) -> Grid:
    """As few pages as keep numbers readable, then the number of columns that makes them largest."""
    gap = round(10 * u)
    for pages in range(1, max(count, 1) + 1):
        per_page = math.ceil(count / pages) or 1
        best = max(
            (_grid(area, per_page, columns, longest_number, gap) for columns in range(1, MOST_COLUMNS + 1)),
            key=lambda grid: grid.number,
        )
        if best.number >= LEAST_NUMBER * u:
            break
    return Grid(best.cells, min(best.number, round(150 * u)), best.wide, pages)


def _grid(area: Box, count: int, columns: int, longest_number: int, gap: int) -> Grid:
    rows = math.ceil(count / columns)
    lines = area.rows([1.0] * rows, gap)
    cells = [cell for line in lines for cell in line.columns([1.0] * columns, gap)][:count]
    width, height = cells[0].width, cells[-1].height
    wide = width >= 3.4 * height
    characters = max(longest_number, 4) * CHARACTER
    size = min(height * 0.74, width * 0.38 / characters) if wide else min(height * 0.52, width * 0.86 / characters)
    return Grid(tuple(cells), int(size), wide, 1)


def page_of(turn: int, pages: int) -> int:
    return turn % pages if pages else 0
