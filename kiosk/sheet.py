"""What a laid-out screen is made of: named boxes with a look and set text. Pure."""

from dataclasses import dataclass
from datetime import datetime

from hub.wire import Language, Target
from kiosk.box import Box
from kiosk.lettering import Across, Down, Line, Measure, Style, set_text
from kiosk.state import State
from kiosk.theme import Ink, Look

#: A finger's width on a 21–32 inch screen of 1080 lines, and the least on any screen.
TOUCH_AT_1080 = 96
TOUCH_AT_LEAST = 60
TEXT_AT_LEAST = 18


@dataclass(frozen=True)
class Item:
    """`name` is empty for decoration. `text` is what it says, whole, however it was broken into `lines`."""

    name: str
    look: Look
    box: Box
    text: str = ""
    lines: tuple[Line, ...] = ()
    touchable: bool = False


@dataclass(frozen=True)
class Sheet:
    """A whole screen, back to front."""

    screen: str
    width: int
    height: int
    items: tuple[Item, ...]

    def touched(self, x: int, y: int) -> str | None:
        """The name of the target under a finger."""
        return next((item.name for item in reversed(self.items) if item.touchable and item.box.has(x, y)), None)

    def targets(self) -> list[Target]:
        """Everything that can be touched or read, for `Screen`."""
        return [
            Target(
                name=item.name,
                text=item.text,
                x=item.box.x,
                y=item.box.y,
                width=item.box.width,
                height=item.box.height,
            )
            for item in self.items
            if item.name
        ]


@dataclass(frozen=True)
class Glance:
    """Everything a screen is drawn from: the state, the hall's clock and how long the screen stays."""

    state: State
    width: int
    height: int
    clock: datetime | None
    seconds_left: int | None
    measure: Measure

    @property
    def language(self) -> Language:
        return self.state.language

    @property
    def portrait(self) -> bool:
        return self.height > self.width

    @property
    def unit(self) -> float:
        """1.0 on a portrait screen of 1080×1920, 1.2 on a landscape one of 1920×1080."""
        if self.portrait:
            return min(self.width / 1080, self.height / 1600)
        return min(self.width / 1600, self.height / 900)

    def px(self, length: float) -> int:
        return max(1, round(length * self.unit))

    @property
    def touch(self) -> int:
        return max(TOUCH_AT_LEAST, self.px(TOUCH_AT_1080))

    @property
    def gap(self) -> int:
        return self.px(24)

    def letters(self, length: float) -> int:
        return max(TEXT_AT_LEAST, self.px(length))

    def style(
        self,
        size: float,
        least: float | None = None,
        *,
        ink: Ink = "text",
        bold: bool = False,
        across: Across = "left",
        most_lines: int = 99,
        down: Down = "middle",
    ) -> Style:
        """Sizes in units; without a least one letters may shrink to 60 %."""
        small = self.letters(size * 0.6 if least is None else least)
        return Style(self.letters(size), small, ink, bold, across, down, most_lines)

    def reading(self, name: str, text: str, box: Box, style: Style) -> Item:
        """Text on the ground it stands on."""
        return Item(name, "plain", box, text, set_text(text, box, style, self.measure))

    def button(self, name: str, text: str, box: Box, *, primary: bool = False) -> Item:
        style = self.style(38, 24, ink="white" if primary else "brand", bold=True, across="centre")
        lines = set_text(text, box.inset(self.px(20), self.px(6)), style, self.measure)
        return Item(name, "primary" if primary else "secondary", box, text, lines, touchable=True)
