"""Tickets 号票: taking one, what is known of it, what became of its paper."""

from typing import Annotated, Literal

from pydantic import AwareDatetime, Field

from hub.wire.calendar import Opening
from hub.wire.message import Message, Names, WaitRange
from hub.wire.names import Language, PrintOutcome, TicketChannel, TicketState
from hub.wire.persons import Holder

ServiceCode = Annotated[str, Field(min_length=1, max_length=40)]


class IssueTicket(Message):
    """Take the next number of a service; `services` are the further ones that the same ticket visits in turn."""

    service: str = Field(min_length=1, max_length=40)
    services: list[ServiceCode] = Field(default=[], max_length=9)
    priority: str | None = Field(default=None, max_length=40)
    channel: TicketChannel = "kiosk"
    language: Language = "zh"
    person: Holder | None = None


class Ticket(Message):
    """`T` of the contract. `counters` are the counters that serve it, `counter` the one that called it.

    `services_left` are the services still to come after this one, `returns` how often it came back after a no-show,
    `only_counter` and `only_clerk` whom a transfer directed it to. `held_until` is when a held citizen is expected.
    `paper` is what the printer last said about its slip; absent before it said anything.
    """

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
    services_left: list[str] | None = None
    held_until: AwareDatetime | None = None
    returns: int | None = None
    only_counter: str | None = None
    only_clerk: str | None = None
    paper: PrintOutcome | None = None
    status_url: str


class PublicTicket(Message):
    """What a citizen's phone shows of a ticket; found by its secret token, carries no id and no person.

    `may_return`: it was missed and may join the queue again.
    `pause`: it waits while its service is not at work (lunch, after closing), and until when.
    """

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
    held_until: AwareDatetime | None = None
    services_left: list[Names] | None = None
    may_return: bool | None = None
    pause: Opening | None = None


class PrintFailed(Message):
    """The paper did not come out, nobody can tell (`unknown`), or the printer holds it and prints it later (`held`).

    Should it come out after all, `POST /tickets/{id}/printed` says so.
    """

    outcome: Literal["not_printed", "unknown", "held"] = "not_printed"
    reason: str = Field(default="", max_length=200)
