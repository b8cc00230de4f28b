"""Rectangles on the screen, in pixels. Pure."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Box:
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

    def has(self, x: int, y: int) -> bool:
        return self.x <= x < self.right and self.y <= y < self.bottom

    def inset(self, across: int, down: int | None = None) -> "Box":
        down = across if down is None else down
        return Box(self.x + across, self.y + down, max(0, self.width - 2 * across), max(0, self.height - 2 * down))

    def contains(self, other: "Box") -> bool:
        return self.x <= other.x and self.y <= other.y and other.right <= self.right and other.bottom <= self.bottom

    def meets(self, other: "Box") -> bool:
        return self.x < other.right and other.x < self.right and self.y < other.bottom and other.y < self.bottom

    def top(self, height: int) -> "Box":
        return Box(self.x, self.y, self.width, min(height, self.height))

    def below(self, height: int) -> "Box":
        """What is left under the first `height` pixels."""
        return Box(self.x, self.y + min(height, self.height), self.width, max(0, self.height - height))

    def foot(self, height: int) -> "Box":
        return Box(self.x, self.bottom - min(height, self.height), self.width, min(height, self.height))

    def left(self, width: int) -> "Box":
        return Box(self.x, self.y, min(width, self.width), self.height)

    def after(self, width: int) -> "Box":
        """What is left right of the first `width` pixels."""
        return Box(self.x + min(width, self.width), self.y, max(0, self.width - width), self.height)

    def end(self, width: int) -> "Box":
        return Box(self.right - min(width, self.width), self.y, min(width, self.width), self.height)

    def centred(self, width: int, height: int) -> "Box":
        return Box(self.x + (self.width - width) // 2, self.y + (self.height - height) // 2, width, height)


def rows(box: Box, count: int, gap: int, height: int) -> list[Box]:
    """`count` boxes of `height` from the top down."""
    return [Box(box.x, box.y + at * (height + gap), box.width, height) for at in range(count)]


def columns(box: Box, count: int, gap: int) -> list[Box]:
    """`count` boxes of one width beside each other; the last takes what division left over."""
    width = (box.width - gap * (count - 1)) // count
    boxes = [Box(box.x + at * (width + gap), box.y, width, box.height) for at in range(count)]
    return [*boxes[:-1], Box(boxes[-1].x, box.y, box.right - boxes[-1].x, box.height)]
