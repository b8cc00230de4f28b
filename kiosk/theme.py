"""Colours of the ticket machine, and which ink stands on which ground. Pure.

Contrast after WCAG 2.1: text at least 4.5:1, large text and marks at least 3:1; a test computes every pair.
"""

from typing import Literal

Colour = tuple[int, int, int]

Ink = Literal["text", "quiet", "brand", "white", "white_quiet", "good", "bad", "warn", "off"]
Look = Literal[
    "plain",
    "header",
    "card",
    "card_off",
    "badge",
    "badge_off",
    "card_chosen",
    "badge_chosen",
    "chevron",
    "panel",
    "primary",
    "secondary",
    "info",
    "good",
    "bad",
    "warn",
    "qr",
    "mark_wait",
    "mark_closed",
    "mark_bad",
    "mark_card",
    "line",
    "perforation",
]

INKS: dict[Ink, Colour] = {
    "text": (22, 34, 54),
    "quiet": (76, 90, 112),
    "brand": (15, 76, 146),
    "white": (255, 255, 255),
    "white_quiet": (205, 222, 243),
    "good": (13, 94, 60),
    "bad": (150, 24, 24),
    "warn": (118, 66, 0),
    "off": (92, 103, 120),
}

GROUND: Colour = (238, 243, 249)
GROUND_LOW: Colour = (226, 234, 244)
EDGE: Colour = (206, 217, 231)
SHADOW: Colour = (214, 223, 235)
BRAND: Colour = (15, 76, 146)
BRAND_DEEP: Colour = (10, 54, 109)
GOLD: Colour = (214, 168, 77)

#: The ground of a look, where it has one.
FILLS: dict[Look, Colour] = {
    "header": BRAND_DEEP,
    "card": (255, 255, 255),
    "card_off": (233, 237, 243),
    "badge": BRAND,
    "badge_off": (120, 132, 150),
    "card_chosen": (220, 242, 230),
    "badge_chosen": (13, 94, 60),
    "panel": (255, 255, 255),
    "primary": BRAND,
    "secondary": (255, 255, 255),
    "info": (223, 235, 250),
    "good": (220, 242, 230),
    "bad": (252, 228, 226),
    "warn": (254, 240, 212),
}

#: Edges of looks that have one.
EDGES: dict[Look, Colour] = {
    "card": EDGE,
    "card_off": (214, 221, 231),
    "card_chosen": (13, 94, 60),
    "panel": EDGE,
    "secondary": (120, 142, 172),
    "info": (178, 205, 238),
    "good": (160, 214, 184),
    "bad": (238, 178, 174),
    "warn": (240, 206, 138),
}

#: Marks of the message screens: a ring or disc in this colour on the panel.
MARKS: dict[Look, Colour] = {
    "mark_wait": (38, 108, 188),
    "mark_closed": (76, 98, 128),
    "mark_bad": (184, 92, 10),
    "mark_card": (38, 108, 188),
}


def luminance(colour: Colour) -> float:
    """Relative luminance (WCAG 2.1)."""
    parts = [value / 255 for value in colour]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: Colour, other: Colour) -> float:
    """1 for equal colours, 21 for black on white."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)
