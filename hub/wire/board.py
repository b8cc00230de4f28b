"""The board: one live JSON picture of the hall, sent whole once and then as merge patches (RFC 7396)."""

from typing import Any, Literal

from pydantic import AwareDatetime

from hub.wire.calendar import Opening
from hub.wire.counters import CounterAway
from hub.wire.message import Message, Names, WaitRange
from hub.wire.names import CounterState


class BoardHall(Message):
    """What stands at the top of every screen."""

    name: str
    names: Names
    time_zone: str
    opening: Opening


class BoardCounter(Message):
    """`number` is the ticket at the counter now; `services` the codes it serves."""

    label: str
    state: CounterState
    zone: str | None = None
    number: str | None = None
    services: list[str]
    away: CounterAway | None = None


class BoardService(Message):
    """A service on the screens; `waiting` people, the wait a new citizen should expect, the last number called.

    `opening`: whether its tickets can be taken now; `quota_left`: how many more in this band of the day.
    """

    names: Names
    opening: Opening | None = None
    quota_left: int | None = None
    waiting: int
    wait_minutes: WaitRange | None = None
    last_called: str | None = None


class BoardCall(Message):
    """One announcement, made by a call or a recall. A screen that was away shows it if `expires_at` is still ahead."""

    id: str
    number: str
    counter: str
    at: AwareDatetime
    times: int
    expires_at: AwareDatetime


class BoardRecent(Message):
    """A number called lately, newest first."""

    number: str
    counter: str
    at: AwareDatetime


class BoardMissed(Message):
    """过号: called, not there."""

    number: str
    counter: str
    at: AwareDatetime


class Board(Message):
    """Numbers only, never a person. Arrays are newest first, stay at 20 or fewer and are replaced whole."""

    hall: BoardHall
    counters: dict[str, BoardCounter]
    services: dict[str, BoardService]
    calls: list[BoardCall]
    recent: list[BoardRecent]
    missed: list[BoardMissed]
    notices: list[str]


class BoardMessage(Message):
    """The whole board, at connecting and whenever a reader lagged or came from another epoch."""

    kind: Literal["board"] = "board"
    epoch: str
    seq: int
    board: dict[str, Any]


class PatchMessage(Message):
    """What changed since `seq - 1`."""

    kind: Literal["patch"] = "patch"
    epoch: str
    seq: int
    patch: dict[str, Any]


class BeatMessage(Message):
    """Every 5 s: the hub is there, this is hall time, and hall time runs `speed` times as fast as the real one."""

    kind: Literal["beat"] = "beat"
    epoch: str
    seq: int
    at: AwareDatetime
    speed: float


def merge(document: dict[str, Any], patch: dict[str, Any]) -> dict[str, Any]:
    """The document with a merge patch applied (RFC 7396 section 2); the old document is left as it was."""
    merged = dict(document)
    for key, value in patch.items():
        if value is None:
            merged.pop(key, None)
        elif isinstance(value, dict):
            old = merged.get(key)
            merged[key] = merge(old if isinstance(old, dict) else {}, value)
        else:
            merged[key] = value
    return merged
