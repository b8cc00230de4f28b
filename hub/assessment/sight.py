"""Something that the system saw. Pure."""

from dataclasses import dataclass
from datetime import date, datetime, time

from hub.assessment.facts import Facts


@dataclass(frozen=True)
class Seen:
    """`event` ties it to other findings of the same happening; `note` tells what was seen, without personal text."""

    key: str
    at: datetime
    note: str
    event: str = ""
    counter: str = ""
    clerk: str = ""


def noon(facts: Facts, day: date) -> datetime:
    """A moment inside a hall day, for what has no time of its own."""
    assert facts.now is not None, "facts that are read carry the time"
    return datetime.combine(day, time(12), facts.now.tzinfo)
