"""Rectangles on the glass, in pixels, cut up by rule."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Box:
    """`x`, `y` is the upper left corner."""

    x: int
    y: int
    width: int
    height: int

    @property
    def right(self) -> int:
        return self.x + self.width

    @property
    def bottom(self) -> int:
        return self.y + self.height

    def inset(self, across: int, down: int | None = None) -> "Box":
        down = across if down is None else down
        return Box(self.x + across, self.y + down, self.width - 2 * across, self.height - 2 * down)

    def columns(self, shares: Sequence[float], gap: int = 0) -> list["Box"]:
        """Side by side, as wide as their shares."""
        return [Box(self.x + start, self.y, length, self.height) for start, length in _cut(self.width, shares, gap)]

    def rows(self, shares: Sequence[float], gap: int = 0) -> list["Box"]:
        """One below the other, as high as their shares."""
        return [Box(self.x, self.y + start, self.width, length) for start, length in _cut(self.height, shares, gap)]

    def contains(self, other: "Box") -> bool:
        return other.x >= self.x and other.y >= self.y and other.right <= self.right and other.bottom <= self.bottom

    def touches(self, other: "Box") -> bool:
        return self.x < other.right and other.x < self.right and self.y < other.bottom and other.y < self.bottom


def _cut(length: int, shares: Sequence[float], gap: int) -> list[tuple[int, int]]:
    """Starts and lengths; rounding never loses or adds a pixel."""
    free, total = length - gap * (len(shares) - 1), sum(shares)
    edges = [round(free * sum(shares[:count]) / total) for count in range(len(shares) + 1)]
    return [(edges[i] + gap * i, edges[i + 1] - edges[i]) for i in range(len(shares))]
