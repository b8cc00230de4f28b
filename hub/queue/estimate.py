"""What a forecast tells people: when a ticket is likely to be called, and a range of whole minutes. Pure."""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil, floor

from hub.queue.calling_order import Lane
from hub.queue.forecast import SECOND, Floor, Key, Play
from hub.wire import WaitRange

#: From here on minutes are told in fives: nobody plans by the minute half an hour ahead.
FIVES_FROM = 20
#: A time is told only when at least this share of the plays came to it.
SURE = 0.8
QUANTILES = (0.2, 0.5, 0.8)


@dataclass(frozen=True, slots=True)
class Expected:
    """The hopeful (P20), the middle and the careful (P80) instant of a call, in stored microseconds."""

    low: int
    middle: int
    high: int

    def later(self, span: int) -> "Expected":
        return Expected(self.low + span, self.middle + span, self.high + span)


@dataclass(frozen=True)
class Queue:
    """One queue's places in calling order and when the ticket at each is expected; a newcomer stands behind them."""

    places: Sequence[tuple[int, int]]
    calls: Sequence[Expected | None]

    @property
    def step(self) -> int:
        """How much later each further person is called, in microseconds."""
        if len(self.calls) < 2 or self.calls[0] is None or self.calls[-1] is None:
            return 0
        return (self.calls[-1].middle - self.calls[0].middle) // (len(self.calls) - 1)


@dataclass(frozen=True)
class Outlook:
    """What a forecast made of the floor of one instant."""

    at: int
    tickets: Mapping[str, Expected]
    queues: Mapping[Key, Queue]
    proportional: bool = False

    def of_ticket(self, ticket: str) -> Expected | None:
        return self.tickets.get(ticket)

    def of_place(self, line: str, lane: Lane, rank_at: int, serial: int, ahead: int) -> Expected | None:
        """For a ticket that came after the floor was looked at, with `ahead` people before it now."""
        queue = self.queues.get((line, lane if self.proportional else "ordinary"))
        if queue is None:
            return None
        place = bisect_left(queue.places, (rank_at, serial))
        expected = queue.calls[place]
        joined = ahead - place if place == len(queue.places) else 0
        return expected.later(joined * queue.step) if expected and joined > 0 else expected


def outlook(floor: Floor, plays: Sequence[Play]) -> Outlook:
    """The quantiles over many plays of one floor."""
    proportional = floor.policy.kind == "proportional"
    expected = {name: _expected(floor.at, [p[name] for p in plays if name in p], len(plays)) for name in _names(floor)}
    return Outlook(
        at=floor.at,
        tickets={name: found for name, found in expected.items() if found and isinstance(name, str)},
        queues={
            key: Queue(
                [(ticket.rank_at, ticket.serial) for ticket in queue[:-1]],
                [expected[ticket.id or key] for ticket in queue],
            )
            for key, queue in floor.queues.items()
        },
        proportional=proportional,
    )


def _names(floor: Floor) -> list[str | Key]:
    return [ticket.id or key for key, queue in floor.queues.items() for ticket in queue]


def _expected(at: int, spans_s: list[float], plays: int) -> Expected | None:
    if not spans_s or len(spans_s) < SURE * plays:
        return None
    spans_s.sort()
    low, middle, high = (at + int(quantile(spans_s, share) * SECOND) for share in QUANTILES)
    return Expected(low, middle, high)


def quantile(ordered: Sequence[float], share: float) -> float:
    """Linear between the two nearest of the ordered values."""
    where = share * (len(ordered) - 1)
    below = int(where)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (where - below) * (ordered[above] - ordered[below])


def wait_range(expected: Expected | None, now: int) -> WaitRange | None:
    """What people read: whole minutes, in fives from twenty on; at least a minute wide."""
    if expected is None:
        return None
    low = max(0.0, (expected.low - now) / SECOND / 60)
    high = max(0.0, (expected.high - now) / SECOND / 60)
    start, end = _down(low), _up(high)
    return WaitRange(low=start, high=max(end, start + 1))


def _down(minutes: float) -> int:
    return floor(minutes) if minutes < FIVES_FROM else 5 * floor(minutes / 5)


def _up(minutes: float) -> int:
    return ceil(minutes) if minutes <= FIVES_FROM else 5 * ceil(minutes / 5)
