"""Colours and proportions: dark, calm, readable from the last row. Colour is never the only signal."""

from typing import Literal

Colour = tuple[int, int, int]
Mood = Literal["idle", "calling", "serving", "away", "closed"]

GROUND: Colour = (6, 16, 28)
PANEL: Colour = (13, 30, 50)
PANEL_HIGH: Colour = (20, 46, 76)
RULE: Colour = (38, 68, 102)
INK: Colour = (244, 248, 252)
INK_SOFT: Colour = (178, 198, 220)
AMBER: Colour = (255, 200, 61)
AMBER_PALE: Colour = (255, 224, 138)
AMBER_INK: Colour = (22, 16, 6)
WARNING: Colour = (140, 22, 26)
WARNING_INK: Colour = (255, 255, 255)

#: The two grounds of a fresh call. Both are bright: the change draws the eye without a flash in the sense of
#: WCAG 2.3.1 (the darker one is above 0.5 relative luminance), and it comes less than once a second.
CALL_GROUNDS: tuple[Colour, Colour] = (AMBER, AMBER_PALE)
FLASH_PHASE_S = 0.8

MOOD_INK: dict[Mood, Colour] = {
    "idle": INK_SOFT,
    "calling": AMBER,
    "serving": INK,
    "away": INK_SOFT,
    "closed": INK_SOFT,
}

#: Height of a capital or a digit of the packaged face, in shares of its size (Noto Sans SC: 733/1000).
CAPITAL = 0.733
#: The newest call's number: a share of the screen's height, a hair over the promised 15 %.
NUMBER_SHARE = 0.155
#: The widest character of a number (`W` of the packaged face, with its stroke), in shares of the size.
CHARACTER = 0.60
#: The stroke that makes a heavy weight of the only one we have, in shares of the size.
STROKE = 0.022


def luminance(colour: Colour) -> float:
    """Relative luminance (WCAG 2.x)."""
    red, green, blue = (_linear(channel / 255) for channel in colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: Colour, other: Colour) -> float:
    """Contrast ratio, 1 to 21 (WCAG 2.x)."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4
