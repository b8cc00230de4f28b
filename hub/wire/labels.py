"""Names made to fit: counters in a sentence, texts within so many columns. Pure, for screens, strips and voice."""

import re
import unicodedata
from dataclasses import dataclass

NAME_COLUMNS = 32


@dataclass(frozen=True)
class Place:
    """A counter in a sentence: `3` large, what stands around it small; a counter with a name has only `large`."""

    before: str
    large: str
    after: str

    @property
    def text(self) -> str:
        gap = " " if self.before else ""
        return f"{self.before}{gap}{self.large}{self.after}"


def natural(code: str) -> tuple[tuple[int, int, str], ...]:
    """A key that sorts 2 before 10 and A2 before A10."""
    parts = re.findall(r"\d+|\D+", code)
    return tuple((0, int(part), "") if part.isdecimal() else (1, 0, part) for part in parts)


def columns(text: str) -> int:
    """Width in columns: a Chinese character takes two."""
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)


def shorten(text: str, most: int) -> str:
    """The text within `most` columns; what is cut is marked by `…`, and no character is halved."""
    text = " ".join(text.split())
    if columns(text) <= most:
        return text
    kept = ""
    for character in text:
        if columns(kept + character) > most - 1:
            break
        kept += character
    return kept.rstrip() + "…"


def place_of(code: str, label: str, language: str) -> Place:
    """How a counter is told: a short label is a number (`3号窗口`), a longer one a name of its own.

    Labels have one language: who reads no Chinese is sent to the counter's code.
    """
    text = label.strip() or code
    short = re.fullmatch(r"第?\s*([A-Za-z0-9-]{1,4})\s*(?:号?\s*窗口|号)?", text)
    if short:
        return Place("", short[1], "号窗口") if language == "zh" else Place("Counter", short[1], "")
    if language == "zh" or text.isascii():
        return Place("", shorten(text, NAME_COLUMNS), "")
    return Place("Counter", shorten(code, NAME_COLUMNS), "")
