"""Why no numbers are given, in a few words for a screen. Pure."""

from collections.abc import Mapping
from typing import Any

from display.words import WORDS, word

Json = Mapping[str, Any]


def is_closed(opening: Any) -> bool:
    return isinstance(opening, Mapping) and opening.get("state") == "closed"


def why(opening: Json, language: str) -> str:
    """The reason; "" from a hub that tells none, or one that this screen does not know yet."""
    key = f"why_{opening.get('reason')}"
    names = opening.get("names")
    names = names if isinstance(names, Mapping) else {}
    name = str(names.get(language) or names.get("zh") or "")
    if key == "why_closed_day" and name:
        key = "why_special"
    return word(key, language, name=name or word("a_holiday", language)) if key in WORDS else ""


def awake(board: Json) -> Json:
    """A hall outside its own hours is open as long as one of its services is."""
    hall, services = board.get("hall"), board.get("services")
    if not isinstance(hall, Mapping) or not isinstance(services, Mapping) or not is_closed(hall.get("opening")):
        return board
    openings = [one.get("opening") for one in services.values() if isinstance(one, Mapping)]
    if any(isinstance(opening, Mapping) and opening.get("state") == "open" for opening in openings):
        return {**board, "hall": {**hall, "opening": {"state": "open"}}}
    return board
