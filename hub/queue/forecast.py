"""The hall played forward: when will everybody who waits be called, and when somebody who comes now? Pure.

A play takes the floor as it stands, draws how long every turn lasts, and calls by the hall's own calling order until
all are called. Many plays give the spread. Chance comes in as a seeded generator; spans are seconds from `Floor.at`.
"""

from bisect import bisect_right, insort
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from heapq import heapify, heappop, heappush
from math import exp
from typing import Protocol

from hub.queue.calling_order import CounterView, Lane, Policy, Waiting, choose, place

SECOND = 1_000_000
#: Nobody is played further than this; a line that moves slower has no estimate worth telling.
HORIZON_S = 12 * 3600.0
#: A visit that has lasted longer than every known one goes on for about this share of the mean.
OVERDUE_SHARE = 0.5


class Chance(Protocol):
    """A seeded generator: `random.Random` is one."""

    def random(self) -> float: ...
    def gauss(self, mu: float, sigma: float) -> float: ...
    def expovariate(self, lambd: float) -> float: ...


#: A queue: a line, and its lane where the policy has lanes.
Key = tuple[str, Lane]
#: When each ticket (by id) and a newcomer of each queue is called; absent when never.
Play = dict[str | Key, float]


@dataclass(frozen=True)
class CounterPlan:
    """A counter that calls or will. `line` and `busy_since` tell of its open visit, `back_at` ends an absence."""

    view: CounterView
    line: str = ""
    busy_since: int | None = None
    back_at: int | None = None


@dataclass(frozen=True)
class Stream:
    """Tickets still to come that may be called before those who wait now: so many a minute, until they cannot."""

    line: str
    lane: Lane
    head_start_s: float
    per_minute: float
    until_s: float


@dataclass(frozen=True)
class Pace:
    """How long turns last, call to finish, in seconds: sorted samples by line, and the gaps between two turns.

    `any_turn` stands for lines without samples. `doubt` is the standard deviation of the logarithm of a line's mean.
    """

    any_turn: Sequence[float]
    turns: Mapping[str, Sequence[float]] = field(default_factory=dict)
    gaps: Sequence[float] = (0.0,)
    doubt: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Floor:
    """The hall at an instant: who waits, who serves, by what policy, and who is likely to come in between.

    `services` counts who waits for each service, whatever the line. In the `pause` (from, until, in stored
    microseconds) nobody is called: the hall's own midday break.
    """

    at: int
    waiting: Sequence[Waiting]
    counters: Sequence[CounterPlan]
    lines: Sequence[str]
    policy: Policy
    streams: Sequence[Stream] = ()
    pause: tuple[int, int] | None = None
    services: Mapping[str, int] = field(default_factory=dict)

    def resumes_s(self, at_s: float) -> float:
        """When somebody who is free then can be called: at once, or after the pause."""
        begins, ends = self._pause_s
        return ends if begins <= at_s < ends else at_s

    @cached_property
    def _pause_s(self) -> tuple[float, float]:
        if self.pause is None:
            return HORIZON_S, HORIZON_S
        return (self.pause[0] - self.at) / SECOND, (self.pause[1] - self.at) / SECOND

    def key(self, ticket: Waiting) -> Key:
        return ticket.line, ticket.lane if self.policy.kind == "proportional" else "ordinary"

    @cached_property
    def queues(self) -> dict[Key, list[Waiting]]:
        """Every queue from its head to its end, where a newcomer stands who takes nobody's turn."""
        lanes: tuple[Lane, ...] = ("ordinary", "priority") if self.policy.kind == "proportional" else ("ordinary",)
        queues: dict[Key, list[Waiting]] = {(line, lane): [] for line in self.lines for lane in lanes}
        for ticket in sorted(self.waiting, key=place):
            queues.setdefault(self.key(ticket), []).append(ticket)
        behind = max([self.at, *(ticket.rank_at for ticket in self.waiting)]) + 1
        for (line, lane), queue in queues.items():
            queue.append(Waiting("", line, lane, behind, 0, self.at))
        return queues

    @cached_property
    def served(self) -> list[tuple[list[Key], list[Key]]]:
        """Which queues each counter calls from, by first and by second choice."""
        return [
            (
                [key for key in self.queues if key[0] in counter.view.first_lines],
                [key for key in self.queues if key[0] in counter.view.second_lines],
            )
            for counter in self.counters
        ]

    @cached_property
    def reachable(self) -> int:
        """How many will be called, newcomers included, if the plays go on long enough."""
        keys = {key for first, second in self.served for key in first + second}
        return sum(len(self.queues[key]) for key in keys)


def play(floor: Floor, pace: Pace, chance: Chance) -> Play:
    """One way in which the floor may go on."""
    draw = _Draw(pace, chance)
    lines = _Lines(floor)
    events = [(draw.free_s(counter, floor.at), n) for n, counter in enumerate(floor.counters)]
    events += [(draw.arrival_s(stream), ~n) for n, stream in enumerate(floor.streams)]
    heapify(events)
    while events and len(lines.told) < floor.reachable and events[0][0] < HORIZON_S:
        at_s, n = heappop(events)
        if n < 0:
            stream = floor.streams[~n]
            if at_s < stream.until_s:
                lines.join(stream, at_s)
                heappush(events, (at_s + draw.arrival_s(stream), n))
        elif (resumes_s := floor.resumes_s(at_s)) > at_s:
            heappush(events, (resumes_s + draw.gap_s(), n))
        elif called := lines.call(n, at_s):
            heappush(events, (at_s + draw.turn_s(called.line), n))
    return lines.told


class _Lines:
    """The queues of one play, who has been called from them, and when."""

    def __init__(self, floor: Floor) -> None:
        self.told: Play = {}
        self._floor = floor
        self._queues = {key: queue.copy() for key, queue in floor.queues.items()}
        self._heads = {key: queue[0] for key, queue in floor.queues.items()}
        self._passed = dict.fromkeys(floor.queues, 0)
        self._runs = [counter.view.ordinary_run for counter in floor.counters]

    def join(self, stream: Stream, at_s: float) -> None:
        """Somebody comes and takes the place that the head start gives."""
        floor = self._floor
        now = floor.at + int(at_s * SECOND)
        ticket = Waiting("+", stream.line, stream.lane, now - int(stream.head_start_s * SECOND), 0, now)
        key = floor.key(ticket)
        queue, passed = self._queues[key], self._passed[key]
        insort(queue, ticket, lo=passed, key=place)
        self._heads[key] = queue[passed]

    def call(self, n: int, at_s: float) -> Waiting | None:
        """Whom the counter calls; newcomers are told their time and pass. None when nobody is left for it."""
        floor, heads, view = self._floor, self._heads, self._floor.counters[n].view
        first, second = floor.served[n]
        while True:
            ticket = choose(
                [heads[key] for key in first if key in heads],
                [heads[key] for key in second if key in heads],
                floor.at + int(at_s * SECOND),
                view.second_after,
                self._runs[n],
                floor.policy,
            )
            if ticket is None:
                return None
            key = floor.key(ticket)
            self._pass(key)
            if ticket.id:
                break
            self.told[key] = at_s
        if ticket.id != "+":
            self.told[ticket.id] = at_s
        self._runs[n] = 0 if ticket.lane == "priority" else self._runs[n] + 1
        return ticket

    def _pass(self, key: Key) -> None:
        self._passed[key] = passed = self._passed[key] + 1
        queue = self._queues[key]
        if passed < len(queue):
            self._heads[key] = queue[passed]
        else:
            del self._heads[key]


class _Draw:
    """What chance decides in one play."""

    def __init__(self, pace: Pace, chance: Chance) -> None:
        self._pace = pace
        self._random = chance.random
        self._chance = chance
        self._factor = {line: exp(chance.gauss(0, doubt)) for line, doubt in pace.doubt.items()}

    def arrival_s(self, stream: Stream) -> float:
        return self._chance.expovariate(stream.per_minute / 60)

    def turn_s(self, line: str) -> float:
        """From a call to the counter's next one."""
        turns = self._pace.turns.get(line, self._pace.any_turn)
        return turns[int(self._random() * len(turns))] * self._factor.get(line, 1.0) + self.gap_s()

    def free_s(self, counter: CounterPlan, at: int) -> float:
        """Until the counter calls: the rest of its visit and a gap, or of its absence."""
        if counter.busy_since is not None:
            return self._rest_s(counter, (at - counter.busy_since) / SECOND) + self.gap_s()
        if counter.back_at is not None:
            return max(0.0, (counter.back_at - at) / SECOND) + self.gap_s()
        return self.gap_s() * self._random()

    def _rest_s(self, counter: CounterPlan, lasted_s: float) -> float:
        turns = self._pace.turns.get(counter.line, self._pace.any_turn)
        factor = self._factor.get(counter.line, 1.0)
        longer = bisect_right(turns, lasted_s / factor)
        if longer == len(turns):
            return self._chance.expovariate(1 / (OVERDUE_SHARE * factor * sum(turns) / len(turns)))
        return turns[longer + int(self._random() * (len(turns) - longer))] * factor - lasted_s

    def gap_s(self) -> float:
        gaps = self._pace.gaps
        return gaps[int(self._random() * len(gaps))]
