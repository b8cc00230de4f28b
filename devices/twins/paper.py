"""The paper of the printer twin: what was printed, as rows, text and pictures."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from PIL import Image

Cut = Literal["none", "partial", "full"]


@dataclass(frozen=True)
class Style:
    width: int = 1
    height: int = 1
    bold: bool = False
    underline: int = 0
    inverted: bool = False


@dataclass(frozen=True)
class Glyph:
    char: str
    style: Style
    wide: bool
    """24 dots instead of 12 (before magnification)."""

    @property
    def dots(self) -> int:
        return (24 if self.wide else 12) * self.style.width


@dataclass(frozen=True)
class Gap:
    """White paper inside a line, where a command moved on to a position (ESC $, ESC \\)."""

    dots: int
    char = " "


@dataclass(frozen=True)
class TextRow:
    glyphs: tuple[Glyph | Gap, ...]
    align: int
    spacing: int
    left: int = 0

    @property
    def text(self) -> str:
        return "".join(glyph.char for glyph in self.glyphs)


@dataclass(frozen=True)
class PictureRow:
    picture: Image.Image
    align: int
    kind: Literal["raster", "qr", "barcode"]
    data: str = ""
    """What the code says; empty for a raster."""


@dataclass(frozen=True)
class FeedRow:
    dots: int


Row = TextRow | PictureRow | FeedRow


@dataclass
class PrintedSlip:
    """From one cut to the next."""

    number: int
    rows: list[Row] = field(default_factory=list)
    cut: Cut = "none"

    @property
    def text_lines(self) -> list[str]:
        return [row.text for row in self.rows if isinstance(row, TextRow) and row.text.strip()]

    @property
    def codes(self) -> list[str]:
        return [row.data for row in self.rows if isinstance(row, PictureRow) and row.data]
