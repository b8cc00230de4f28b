"""Which calls of the board are to be spoken, each once, in their order. Pure.

As on the glass (`display.calls`): what expired while the station was away is never announced.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from display.calls import Announcements, heard


@dataclass(frozen=True)
class Due:
    """A call to be spoken; `until` is hall time."""

    number: str
    counter: str
    until: datetime

    @property
    def key(self) -> str:
        """A recall of the same number to the same counter takes the place of a call that still waits for its turn."""
        return f"{self.number} {self.counter}"


def due(
    state: Announcements, calls: Sequence[Mapping[str, Any]], hall_now: datetime, quiet: Iterable[str] = ()
) -> tuple[Announcements, list[Due]]:
    """What this board brings to the ear, oldest first; in quiet hours calls are known but not spoken."""
    ends = {str(call["id"]): _moment(call["expires_at"]) for call in calls}
    state = heard(state, calls, hall_now)
    found = [Due(call.number, call.counter, ends[call.ids[-1]]) for call in state.waiting]
    return replace(state, waiting=()), [] if is_quiet(hall_now, quiet) else found


def is_quiet(local: datetime, spans: Iterable[str]) -> bool:
    """`local` stands in one of the spans `12:00-14:00`."""
    now = f"{local:%H:%M}"
    return any(begin <= now < end for begin, _, end in (span.partition("-") for span in spans))


def _moment(text: str | datetime) -> datetime:
    return text if isinstance(text, datetime) else datetime.fromisoformat(text)
