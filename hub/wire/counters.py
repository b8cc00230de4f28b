"""Counters 窗口: opening, calling, finishing."""

from typing import Annotated, Any

from pydantic import AwareDatetime, Field

from hub.wire.message import Message
from hub.wire.names import CounterState, Level, TicketState, VisitOutcome
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


Reason = Annotated[str, Field(min_length=1, max_length=200)]


class CallChosen(Message):
    """Call this ticket out of turn; the reason is kept in the journal."""

    ticket: str = Field(min_length=1, max_length=80)
    reason: Reason


class Hold(Message):
    """The citizen fetches or fills in something; expected back after `minutes` (the hall's setting when absent)."""

    minutes: float | None = Field(default=None, gt=0, le=600)
    reason: str = Field(default="", max_length=200)


class Resume(Message):
    """A held citizen is served on."""

    ticket: str = Field(min_length=1, max_length=80)


class Transfer(Message):
    """Send the citizen on: to another service, to one counter, or to one clerk (never both).

    With `keep_place` the place in the queue is kept, else the hall's head start for transfers counts from now.
    """

    service: str | None = Field(default=None, min_length=1, max_length=40)
    counter: str | None = Field(default=None, min_length=1, max_length=40)
    clerk: str | None = Field(default=None, min_length=1, max_length=80)
    keep_place: bool = False
    reason: str = Field(default="", max_length=200)


class Away(Message):
    """暂停服务: why, and when the clerk will be back; `stand_in` is who takes over (AB岗)."""

    reason: Reason
    back_at: AwareDatetime
    stand_in: str | None = Field(default=None, max_length=80)


class CallAnswer(Message):
    """`ticket` is null when nobody waits: an ordinary answer, not an error."""

    ticket: Ticket | None

    def wire(self) -> dict[str, Any]:
        """`{"ticket": null}` is the one null that goes over the wire."""
        return {"ticket": self.ticket.wire() if self.ticket else None}

    def json_text(self) -> str:
        return f'{{"ticket":{self.ticket.json_text() if self.ticket else "null"}}}'


class CounterAway(Message):
    """When the clerk will be back. The reason is for staff and stays off the screens."""

    back_at: AwareDatetime


class Counter(Message):
    """A counter as clerks and managers see it. `services` are the ones it serves now; `second_services` come into
    play by the counter's rule."""

    code: str
    label: str
    zone: str | None = None
    state: CounterState
    services: list[str]
    number: str | None = None
    visit: str | None = None
    second_services: list[str] | None = None
    waiting: int
    away: CounterAway | None = None
    evaluator_levels: list[Level]


class Queued(Message):
    """A ticket in a counter's lists; `directed` when a transfer sent it to this one counter or clerk."""

    id: str
    number: str
    service: str
    state: TicketState
    priority: str
    issued_at: AwareDatetime
    directed: bool = False
    returns: int = 0
    held_at: AwareDatetime | None = None
    held_until: AwareDatetime | None = None
    counter: str | None = None
    services_left: list[str] | None = None


class AtCounter(Message):
    """The ticket at the counter now, and when it may be called again; without `recall_from` it may not any more."""

    ticket: Queued
    recalls_left: int
    recall_from: AwareDatetime | None = None


class LeftCounter(Message):
    """How the last stay at the counter ended."""

    number: str
    outcome: VisitOutcome


class Seated(Message):
    """A clerk who sits at another counter now."""

    clerk: str
    counter: str


class CounterQueue(Message):
    """What a clerk may choose from: who waits for the counter in calling order, who is held, who did not come today.

    At most 100 of each. `may_choose`: the asker may call out of turn. `hold_minutes` is the hall's own setting.
    """

    waiting: list[Queued]
    held: list[Queued]
    missed: list[Queued]
    now: AtCounter | None = None
    last: LeftCounter | None = None
    clerks: list[Seated]
    may_choose: bool
    hold_minutes: float
