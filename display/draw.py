"""Panels on a pygame surface. Only what differs from the glass is drawn again; `paint` tells which rectangles."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pygame

from display.boxes import Box
from display.marks import Line, Panel, Plate, Run
from display.theme import CAPITAL, GROUND, STROKE, Colour

#: Rendered texts kept; a board shows about 200 at once.
KEPT = 600


@dataclass(frozen=True)
class Standing:
    """A text on the glass and the rectangle of its ink."""

    name: str
    text: str
    box: Box


class Typeface:
    """One face in every size, and the texts that were set in it lately."""

    def __init__(self, path: Path) -> None:
        self._path = str(path)
        self._fonts: dict[int, pygame.font.Font] = {}
        self._set: dict[Run, pygame.Surface] = {}

    def width(self, runs: Sequence[Run]) -> int:
        return sum(self._font(run.size).size(run.text)[0] + 2 * _stroke(run) for run in runs)

    def ascent(self, run: Run) -> int:
        """From the top of the set text to its baseline."""
        return self._font(run.size).get_ascent() + _stroke(run)

    def set(self, run: Run) -> pygame.Surface:
        if run not in self._set:
            if len(self._set) >= KEPT:
                self._set.clear()
            self._set[run] = _text(self._font(run.size), run.text, run.colour, _stroke(run))
        return self._set[run]

    def fitted(self, runs: tuple[Run, ...], room: int, least: float) -> tuple[Run, ...]:
        """Smaller as long as it stays readable, then cut at the end of a character."""
        share, wanted = 1.0, runs
        while self.width(runs) > room and share > least:
            share = max(least, min(share - 0.02, share * room / self.width(runs)))
            runs = tuple(replace(run, size=max(8, int(run.size * share))) for run in wanted)
        while self.width(runs) > room and len(runs[-1].text) > 1:
            runs = (*runs[:-1], replace(runs[-1], text=runs[-1].text.rstrip("…")[:-1] + "…"))
        return runs

    def _font(self, size: int) -> pygame.font.Font:
        if size not in self._fonts:
            self._fonts[size] = pygame.font.Font(self._path, size)
        return self._fonts[size]


class Painter:
    """Remembers what stands on its surface."""

    def __init__(self, surface: pygame.Surface, typeface: Typeface) -> None:
        self.surface = surface
        self._typeface = typeface
        self._panels: dict[str, Panel] = {}
        self._texts: dict[str, tuple[Standing, ...]] = {}
        surface.fill(GROUND)

    @property
    def texts(self) -> list[Standing]:
        """Everything that can be read on the glass now."""
        return [text for panel in self._texts.values() for text in panel]

    def paint(self, panels: Sequence[Panel]) -> list[pygame.Rect]:
        """Bring the surface to these panels; gives the rectangles that changed."""
        new = {panel.name: panel for panel in panels}
        cleared = [old.box for name, old in self._panels.items() if name not in new or new[name].box != old.box]
        for name in self._panels.keys() - new.keys():
            self._texts.pop(name, None)
        changed = [
            panel
            for panel in panels
            if self._panels.get(panel.name) != panel or any(panel.box.touches(box) for box in cleared)
        ]
        boxes = cleared + [panel.box for panel in changed]
        for box in boxes:
            self.surface.fill(GROUND, _rect(box))
        for panel in changed:
            self._texts[panel.name] = tuple(self._draw(panel))
        self._panels = new
        return [_rect(box) for box in boxes]

    def _draw(self, panel: Panel) -> list[Standing]:
        self.surface.set_clip(_rect(panel.box))
        texts = []
        for mark in panel.marks:
            if isinstance(mark, Plate):
                self._plate(mark)
            elif mark.text.strip():
                texts.append(self._line(mark))
        self.surface.set_clip(None)
        return texts

    def _plate(self, plate: Plate) -> None:
        rect = _rect(plate.box)
        pygame.draw.rect(self.surface, plate.colour, rect, border_radius=plate.radius)
        if plate.border:
            pygame.draw.rect(self.surface, plate.border, rect, plate.border_width, border_radius=plate.radius)

    def _line(self, mark: Line) -> Standing:
        runs = self._typeface.fitted(mark.runs, mark.box.width, mark.least)
        pieces = [self._typeface.set(run) for run in runs]
        width = sum(piece.get_width() for piece in pieces)
        x = {"left": mark.box.x, "centre": mark.box.x + (mark.box.width - width) // 2, "right": mark.box.right - width}[
            mark.align
        ]
        baseline = mark.box.y + round((mark.box.height + CAPITAL * max(run.size for run in runs)) / 2)
        ink: list[pygame.Rect] = []
        for run, piece in zip(runs, pieces, strict=True):
            y = baseline - self._typeface.ascent(run)
            self.surface.blit(piece, (x, y))
            if run.text.strip():
                ink.append(piece.get_bounding_rect().move(x, y))
            x += piece.get_width()
        around = ink[0].unionall(ink[1:])
        text = "".join(run.text for run in runs)
        return Standing(mark.name, text, Box(around.x, around.y, around.width, around.height))


def _stroke(run: Run) -> int:
    return max(1, round(run.size * STROKE)) if run.heavy else 0


def _text(font: pygame.font.Font, text: str, colour: Colour, stroke: int) -> pygame.Surface:
    """The text; with a stroke it looks heavier, since the packaged face has one weight only."""
    fill = font.render(text, True, colour)
    if not stroke:
        return fill
    font.outline = stroke
    heavy = font.render(text, True, colour)
    font.outline = 0
    heavy.blit(fill, (stroke, stroke))
    return heavy


def _rect(box: Box) -> pygame.Rect:
    return pygame.Rect(box.x, box.y, box.width, box.height)
