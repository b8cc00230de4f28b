"""Tickets 号票: taking one, what is known of it, what became of its paper."""

from pydantic import AwareDatetime, Field

from hub.wire.message import Message, Names, WaitRange
from hub.wire.names import Language, TicketChannel, TicketState


class IssueTicket(Message):
    """Take the next number of a service."""

    service: str = Field(min_length=1, max_length=40)
    priority: str | None = Field(default=None, max_length=40)
    channel: TicketChannel = "kiosk"
    language: Language = "zh"


class Ticket(Message):
    """`T` of the contract. `counters` are the counters that serve it, `counter` the one that called it."""

    id: str
    number: str
    service: str
    state: TicketState
    priority: str
    ahead: int | None = None
    wait_minutes: WaitRange | None = None
    zone: str | None = None
    counters: list[str]
    counter: str | None = None
    visit: str | None = None
    issued_at: AwareDatetime
    called_at: AwareDatetime | None = None
    started_at: AwareDatetime | None = None
    finished_at: AwareDatetime | None = None
    status_url: str


class PublicTicket(Message):
    """What a citizen's phone shows of a ticket; found by its secret token, carries no id and no person."""

    number: str
    state: TicketState
    service_names: Names
    hall_names: Names
    ahead: int | None = None
    wait_minutes: WaitRange | None = None
    counters: list[str]
    counter: str | None = None
    issued_at: AwareDatetime
    called_at: AwareDatetime | None = None
    finished_at: AwareDatetime | None = None


class PrintFailed(Message):
    """The paper did not come out, or nobody can tell (`unknown`: the printer may hold it and print it later)."""

    outcome: str = Field(default="not_printed", pattern="^(not_printed|unknown)$")
    reason: str = Field(default="", max_length=200)
