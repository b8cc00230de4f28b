"""Places in the queue explained: why a ticket is where it is."""

from typing import Literal

from pydantic import AwareDatetime

from hub.wire.message import Message
from hub.wire.names import Language, TicketState

Why = Literal["came_earlier", "head_start", "moved", "same_moment"]


class Before(Message):
    """A ticket that will be called before this one, and why."""

    number: str
    priority: str
    issued_at: AwareDatetime
    rank_at: AwareDatetime
    why: Why


class Overtaken(Message):
    """A ticket with a later place that was called first all the same: a person's decision, with name and reason."""

    number: str
    counter: str
    clerk: str
    called_at: AwareDatetime
    how: Literal["chosen", "moved", "second_choice", "proportional"]
    reason: str | None = None


class Server(Message):
    """A counter that serves the ticket's line; a second choice only as its rule says."""

    counter: str
    state: str
    choice: Literal[1, 2]
    second_after_minutes: float | None = None


class Move(Message):
    """Something that happened to the ticket, from the journal."""

    at: AwareDatetime
    kind: str
    who: str
    counter: str | None = None
    reason: str | None = None


class Place(Message):
    """Why a ticket is where it is: its place, who is before it, who passed it, who may call it."""

    number: str
    state: TicketState
    policy: Literal["head_start", "proportional"]
    issued_at: AwareDatetime
    head_start_minutes: float
    rank_at: AwareDatetime
    ahead: int | None = None
    before: list[Before]
    overtaken_by: list[Overtaken]
    counters: list[Server]
    moves: list[Move]
    sentences: dict[Language, list[str]]
