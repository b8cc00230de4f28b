"""What can stand on the glass: plates and lines of text, gathered in panels that are redrawn when they differ. Pure."""

from dataclasses import dataclass
from typing import Literal

from display.boxes import Box
from display.theme import Colour


@dataclass(frozen=True)
class Run:
    """Text of one size and colour; `heavy` draws it with a stroke."""

    text: str
    size: int
    colour: Colour
    heavy: bool = False


@dataclass(frozen=True)
class Line:
    """Runs on one baseline, their capitals centred in the box.

    Too wide a line gets smaller down to `least` of its size; then it is cut with `…`.
    """

    name: str
    runs: tuple[Run, ...]
    box: Box
    align: Literal["left", "centre", "right"] = "centre"
    least: float = 0.6

    @property
    def text(self) -> str:
        return "".join(run.text for run in self.runs)


@dataclass(frozen=True)
class Plate:
    """A filled rectangle with round corners; `border` is drawn inside it."""

    box: Box
    colour: Colour
    radius: int = 0
    border: Colour | None = None
    border_width: int = 0


@dataclass(frozen=True)
class Panel:
    """A part of the glass that is redrawn as one."""

    name: str
    box: Box
    marks: tuple[Plate | Line, ...]


def line(
    name: str,
    text: str,
    size: float,
    colour: Colour,
    box: Box,
    align: Literal["left", "centre", "right"] = "left",
    *,
    heavy: bool = False,
    least: float = 0.6,
) -> Line:
    """A line of one run."""
    return Line(name, (Run(text, int(size), colour, heavy),), box, align, least)
