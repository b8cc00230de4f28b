"""What the board means for one counter's keypad. Pure."""

from dataclasses import dataclass, replace
from typing import Any

from counter.keys import Pad


@dataclass(frozen=True)
class Shown:
    """The pad's two fields; None is blank: not known, or no number at the counter."""

    waiting: int | None = None
    number: str | None = None


def pad_with(board: dict[str, Any], counter: str, pad: Pad) -> Pad:
    """The pad's knowledge after a change of the board."""
    entry = board.get("counters", {}).get(counter, {})
    return replace(pad, counter=entry.get("state"), number=entry.get("number"))


def shown_on(board: dict[str, Any], counter: str, pad: Pad) -> Shown:
    """Without a hub the waiting count is unknown and blank; the number at the counter stays."""
    entry = board.get("counters", {}).get(counter)
    if entry is None or not pad.connected:
        return Shown(number=pad.number)
    services = board.get("services", {})
    waiting = sum(services[code]["waiting"] for code in entry["services"] if code in services)
    return Shown(waiting, pad.number)
