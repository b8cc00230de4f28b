"""What a forecast tells people: when a ticket is likely to be called, and a range of whole minutes. Pure."""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import ceil, floor

from hub.queue.calling_order import Lane
from hub.queue.forecast import SECOND, Floor, Key, Play
from hub.wire import WaitRange

#: From here on minutes are told in fives: nobody plans by the minute half an hour ahead.
FIVES_FROM = 20
#: A time is told only when at least this share of the plays came to it.
SURE = 0.8
#: A range on a screen stays while its ends move by less than this.
STEADY_MINUTES = 1.0
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
    queues: Mapping[Key, Queue]
    #: How many waited for each service, whatever line they stood in.
    waiting: Mapping[str, int] = field(default_factory=dict)
    proportional: bool = False

    def before(self, line: str, rank_at: int, serial: int) -> int:
        """How many stood before this place in the line when the floor was looked at."""
        lanes = [queue for (name, _), queue in self.queues.items() if name == line]
        return sum(bisect_left(queue.places, (rank_at, serial)) for queue in lanes)

    def of_place(self, line: str, lane: Lane, rank_at: int, serial: int, *, joined: int = 0) -> Expected | None:
        """When a ticket at this place is called; behind everybody, `joined` more have come before it since the look."""
        queue = self.queues.get((line, lane if self.proportional else "ordinary"))
        if queue is None:
            return None
        place = bisect_left(queue.places, (rank_at, serial))
        expected = queue.calls[place]
        if expected and joined > 0 and place == len(queue.places):
            return expected.later(joined * queue.step)
        return expected


def outlook(floor: Floor, plays: Sequence[Play]) -> Outlook:
    """The quantiles over many plays of one floor."""
    expected = {name: _expected(floor.at, [p[name] for p in plays if name in p], len(plays)) for name in _names(floor)}
    return Outlook(
        at=floor.at,
        queues={
            key: Queue(
                [(ticket.rank_at, ticket.serial) for ticket in queue[:-1]],
                [expected[ticket.id or key] for ticket in queue],
            )
            for key, queue in floor.queues.items()
        },
        waiting=floor.services,
        proportional=floor.policy.kind == "proportional",
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
    """Between the two nearest of the ordered values, so that a further value falls below it with this chance."""
    where = min(max(share * (len(ordered) + 1) - 1, 0.0), len(ordered) - 1.0)
    below = int(where)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (where - below) * (ordered[above] - ordered[below])


def wait_range(expected: Expected | None, now: int) -> WaitRange | None:
    """What people read: whole minutes, in fives from twenty on; at least one such step wide."""
    if expected is None:
        return None
    low = _down((expected.low - now) / SECOND / 60)
    narrowest = 1 if low < FIVES_FROM else 5
    return WaitRange(low=low, high=max(low + narrowest, _up((expected.high - now) / SECOND / 60)))


def steadied(told: WaitRange | None, expected: Expected | None, now: int) -> WaitRange | None:
    """The range as it was told, as long as it is right within STEADY_MINUTES; then the fresh one."""
    if expected is None or told is None:
        return wait_range(expected, now)
    low, high = (expected.low - now) / SECOND / 60, (expected.high - now) / SECOND / 60
    low_holds = _down(low - STEADY_MINUTES) <= told.low <= _down(low + STEADY_MINUTES)
    high_holds = _up(high - STEADY_MINUTES) <= told.high <= max(1, _up(high + STEADY_MINUTES))
    return told if low_holds and high_holds else wait_range(expected, now)


def _down(minutes: float) -> int:
    return max(0, floor(minutes) if minutes < FIVES_FROM else 5 * floor(minutes / 5))


def _up(minutes: float) -> int:
    return max(0, ceil(minutes) if minutes <= FIVES_FROM else 5 * ceil(minutes / 5))
