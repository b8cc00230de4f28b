"""Counters 窗口: opening, calling, finishing."""

from typing import Any

from pydantic import Field

from hub.wire.message import Message
from hub.wire.names import CounterState, Level
from hub.wire.tickets import Ticket


class OpenCounter(Message):
    """Open a counter, for all its services or only some of them today."""

    services: list[str] | None = Field(default=None, max_length=200)


class CallNext(Message):
    """Call the next ticket; with `finish_current` the open visit is finished in the same transaction."""

    finish_current: bool = False


class Finish(Message):
    """End the open visit. `outcome` is the clerk's own short word for how it ended, `case` a case number 办件编号."""

    outcome: str | None = Field(default=None, max_length=80)
    case: str | None = Field(default=None, max_length=80)


class CallAnswer(Message):
    """`ticket` is null when nobody waits: an ordinary answer, not an error."""

    ticket: Ticket | None

    def wire(self) -> dict[str, Any]:
        """`{"ticket": null}` is the one null that goes over the wire."""
        return {"ticket": self.ticket.wire() if self.ticket else None}

    def json_text(self) -> str:
        return f'{{"ticket":{self.ticket.json_text() if self.ticket else "null"}}}'


class Counter(Message):
    """A counter as clerks and managers see it. `services` are the ones it serves now, first choices first."""

    code: str
    label: str
    zone: str | None = None
    state: CounterState
    services: list[str]
    number: str | None = None
    visit: str | None = None
    waiting: int
    evaluator_levels: list[Level]
