"""The order of announcements: each call gets the newest-call area once, in order, none skipped.

Pure. Hall time decides whether a call is still worth announcing, monotonic seconds how long it is shown.
A call is shown at once while there is a free slot; when calls pile up, all of them get less time.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

#: At three calls a second a board keeps pace for as long as it lasts: a slot turns over after 0.3 s times the slots.
LEAST_S_PER_SLOT = 0.3
#: Ids remembered; the board carries 20 at most.
REMEMBERED = 200


@dataclass(frozen=True)
class Call:
    """What is announced. `ids` holds several when a number was recalled before its first call had its turn."""

    ids: tuple[str, ...]
    number: str
    counter: str
    times: int


@dataclass(frozen=True)
class Showing:
    """A call in a slot; `since_s` and `recalled` restart with a recall."""

    call: Call
    since_s: float


@dataclass(frozen=True)
class Announcements:
    """Known ids, oldest first; calls that wait for a slot; calls in the slots, each keeping its place."""

    known: tuple[str, ...] = ()
    waiting: tuple[Call, ...] = ()
    showing: tuple[Showing, ...] = ()

    @property
    def ids_showing(self) -> tuple[str, ...]:
        return tuple(id_ for shown in self.showing for id_ in shown.call.ids)


def heard(state: Announcements, calls: Iterable[Mapping[str, Any]], hall_now: datetime) -> Announcements:
    """Take in the board's `calls` (newest first). What has expired is remembered but never announced."""
    in_order = list(calls)[::-1]
    in_order.sort(key=lambda call: _moment(call["at"]))
    for call in in_order:
        if call["id"] in state.known:
            continue
        state = replace(state, known=(*state.known, str(call["id"]))[-REMEMBERED:])
        if _moment(call["expires_at"]) > hall_now:
            new = Call((str(call["id"]),), str(call["number"]), str(call["counter"]), int(call.get("times", 1)))
            state = replace(state, waiting=_queued(state.waiting, new))
    return state


def step(state: Announcements, now_s: float, *, slots: int, call_seconds: float) -> Announcements:
    """The slots at this moment: what had its time leaves, what waits comes in."""
    showing, waiting = list(state.showing[:slots]), [*(cut.call for cut in state.showing[slots:]), *state.waiting]
    waiting = _recall_in_place(showing, waiting, now_s)
    least_s = seconds_each(len(waiting), slots=slots, call_seconds=call_seconds)
    for place in _oldest_first(showing):
        if waiting and now_s - showing[place].since_s >= least_s:
            showing[place] = Showing(waiting.pop(0), now_s)
    showing = [shown for shown in showing if now_s - shown.since_s < call_seconds]
    while waiting and len(showing) < slots:
        showing.append(Showing(waiting.pop(0), now_s))
    return replace(state, waiting=tuple(waiting), showing=tuple(showing))


def seconds_each(waiting: int, *, slots: int, call_seconds: float) -> float:
    """How long a call keeps its slot: all of `call_seconds` when nobody waits, else a third of it or less."""
    if not waiting:
        return call_seconds
    return min(call_seconds, max(LEAST_S_PER_SLOT * slots, call_seconds / (3 * waiting)))


def _moment(text: str | datetime) -> datetime:
    return text if isinstance(text, datetime) else datetime.fromisoformat(text)


def _queued(waiting: tuple[Call, ...], new: Call) -> tuple[Call, ...]:
    """A recall of a number that still waits for its slot takes that place: one showing stands for both."""
    for index, old in enumerate(waiting):
        if _same_ticket(old, new):
            return (*waiting[:index], replace(new, ids=old.ids + new.ids), *waiting[index + 1 :])
    return (*waiting, new)


def _recall_in_place(showing: list[Showing], waiting: Sequence[Call], now_s: float) -> list[Call]:
    """A recall of a number on the glass gets attention where it stands; gives back what still waits."""
    left = []
    for call in waiting:
        place = next((i for i, shown in enumerate(showing) if _same_ticket(shown.call, call)), None)
        if place is None:
            left.append(call)
        else:
            showing[place] = Showing(call, now_s)
    return left


def _same_ticket(one: Call, other: Call) -> bool:
    return (one.number, one.counter) == (other.number, other.counter)


def _oldest_first(showing: Sequence[Showing]) -> list[int]:
    return sorted(range(len(showing)), key=lambda place: showing[place].since_s)


@dataclass(frozen=True)
class Acknowledgements:
    """Which drawn calls the hub still has to hear of. Every id once per connection, again when sending failed."""

    drawn: tuple[str, ...] = ()
    told: frozenset[str] = frozenset()

    @property
    def open(self) -> tuple[str, ...]:
        """What to tell, oldest first; a frame holds 20."""
        return tuple(id_ for id_ in self.drawn if id_ not in self.told)[:20]


def on_glass(state: Acknowledgements, ids: Iterable[str]) -> Acknowledgements:
    """These stand on the glass now."""
    new = tuple(id_ for id_ in ids if id_ not in state.drawn)
    return replace(state, drawn=(state.drawn + new)[-REMEMBERED:]) if new else state


def told(state: Acknowledgements, ids: Iterable[str]) -> Acknowledgements:
    """The hub has these."""
    return replace(state, told=(state.told | frozenset(ids)) & frozenset(state.drawn))


def connected(state: Acknowledgements, calls: Iterable[Mapping[str, Any]]) -> Acknowledgements:
    """A new connection: what was told may have died with the old one, so all that the board still carries is open."""
    carried = {str(call["id"]) for call in calls}
    kept = tuple(id_ for id_ in state.drawn if id_ in carried or id_ not in state.told)
    return Acknowledgements(drawn=kept)
