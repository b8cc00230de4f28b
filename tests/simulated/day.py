"""A day played out in truth: citizens come, clerks call by the queue's own verbs."""

from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from heapq import heappop, heappush
from itertools import count
from random import Random
from typing import Any, Protocol

from tests.simulated.shapes import Post, Shape

#: A clerk presses next some seconds after a finish; now and then a pause of minutes comes first.
GAP_MINUTES = (0.07, 0.5)
PAUSE_MINUTES = (2.0, 6.0)
WALK_MINUTES = (0.15, 0.6)
#: A no-show is recalled and waited for.
PATIENCE_MINUTES = (0.8, 2.2)
LATE_BACK_MINUTES = (0.0, 5.0)


class Queue(Protocol):
    """The verbs of the queue, at the minute to which the day has come."""

    async def move_to(self, minute: float) -> None: ...
    async def take(self, service: str, *, priority: bool) -> str: ...
    async def cancel(self, ticket: str) -> None: ...
    async def open(self, counter: str) -> None: ...
    async def close(self, counter: str) -> None: ...
    async def away(self, counter: str, back_minute: float) -> None: ...
    async def back(self, counter: str) -> None: ...
    async def call(self, counter: str) -> tuple[str, str] | None: ...
    async def start(self, counter: str) -> None: ...
    async def no_show(self, counter: str) -> None: ...
    async def finish(self, counter: str) -> None: ...


@dataclass
class Desk:
    """A counter and its clerk."""

    code: str
    post: Post
    there: bool = False
    busy: bool = False
    absences: list[tuple[float, float]] = field(default_factory=list)

    def serves(self, service: str) -> bool:
        return service in self.post.services + self.post.second


@dataclass
class Day:
    """One day's events in order."""

    shape: Shape
    queue: Queue
    chance: Random
    counts: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self._events: list[tuple[float, int, Callable[..., Awaitable[None]], tuple[Any, ...]]] = []
        self._order = count()
        self._waiting: set[str] = set()
        self._desks = [Desk(str(n + 1), post, absences=list(post.away)) for n, post in enumerate(self.shape.posts)]

    async def run(self) -> None:
        """Until the last citizen has been served."""
        for minute, service, priority in arrivals(self.shape, self.chance):
            self._plan(minute, self._arrive, service, priority)
        for desk in self._desks:
            self._plan(desk.post.opens, self._come, desk)
            for leaves, _ in desk.post.away:
                self._plan(leaves, self._look_at_the_clock, desk)
            self._plan(desk.post.closes, self._look_at_the_clock, desk)
        while self._events:
            minute, _, event, about = heappop(self._events)
            await self.queue.move_to(minute)
            await event(minute, *about)

    def _plan(self, minute: float, event: Callable[..., Awaitable[None]], *about: Any) -> None:
        heappush(self._events, (minute, next(self._order), event, about))

    # -- citizens

    async def _arrive(self, minute: float, service: str, priority: bool) -> None:
        ticket = await self.queue.take(service, priority=priority)
        self._waiting.add(ticket)
        self.counts["came"] += 1
        if self.chance.random() < self.shape.gives_up:
            self._plan(minute + self.chance.uniform(5, 40), self._give_up, ticket)
        for desk in self._desks:
            if desk.there and not desk.busy and desk.serves(service):
                desk.busy = True
                self._plan(minute + self.chance.uniform(0.03, 0.2), self._call, desk)

    async def _give_up(self, _: float, ticket: str) -> None:
        if ticket in self._waiting:
            self._waiting.remove(ticket)
            self.counts["gave up"] += 1
            await self.queue.cancel(ticket)

    # -- clerks

    async def _come(self, minute: float, desk: Desk) -> None:
        await self.queue.open(desk.code)
        desk.there = desk.busy = True
        await self._call(minute, desk)

    async def _return(self, minute: float, desk: Desk) -> None:
        await self.queue.back(desk.code)
        desk.there = desk.busy = True
        await self._call(minute, desk)

    async def _look_at_the_clock(self, minute: float, desk: Desk) -> None:
        """An idle clerk leaves at once, a busy one after the visit."""
        if desk.there and not desk.busy:
            desk.busy = True
            await self._call(minute, desk)

    async def _call(self, minute: float, desk: Desk) -> None:
        if desk.absences and minute >= desk.absences[0][0]:
            _, until = desk.absences.pop(0)
            desk.there = False
            await self.queue.away(desk.code, until)
            self._plan(max(minute + 1, until + self.chance.uniform(*LATE_BACK_MINUTES)), self._return, desk)
            return
        if minute >= desk.post.closes < self.shape.minutes:
            desk.there = False
            await self.queue.close(desk.code)
            return
        taken = await self.queue.call(desk.code)
        if taken is None:
            desk.busy = False
            return
        ticket, service = taken
        self._waiting.discard(ticket)
        if self.chance.random() < self.shape.no_shows:
            self.counts["no-shows"] += 1
            self._plan(minute + self.chance.uniform(*PATIENCE_MINUTES), self._miss, desk)
            return
        starts = minute + self.chance.uniform(*WALK_MINUTES)
        takes = self.shape.works[service].draw(self.chance) * desk.post.pace * self.shape.drift(minute)
        self._plan(starts, self._start, desk)
        self._plan(starts + max(0.3, takes), self._finish, desk)

    async def _start(self, _: float, desk: Desk) -> None:
        await self.queue.start(desk.code)

    async def _miss(self, minute: float, desk: Desk) -> None:
        await self.queue.no_show(desk.code)
        self._plan(minute + self._gap(), self._call, desk)

    async def _finish(self, minute: float, desk: Desk) -> None:
        await self.queue.finish(desk.code)
        self.counts["served"] += 1
        self._plan(minute + self._gap(), self._call, desk)

    def _gap(self) -> float:
        paused = self.chance.random() < self.shape.pause_share
        return self.chance.uniform(*GAP_MINUTES) + (self.chance.uniform(*PAUSE_MINUTES) if paused else 0.0)


def arrivals(shape: Shape, chance: Random) -> Iterator[tuple[float, str, bool]]:
    """Who comes: a crowd in the first minutes, then a Poisson stream along the curve (by thinning)."""
    fastest = max(shape.per_minute(minute) for minute in range(int(shape.minutes) + 1))
    minutes = [chance.uniform(0, 6) for _ in range(shape.crowd)]
    at = 0.0
    while (at := at + chance.expovariate(fastest)) < shape.minutes:
        if chance.random() < shape.per_minute(at) / fastest:
            minutes.append(at)
    weights = [work.weight for work in shape.works.values()]
    for minute in sorted(minutes):
        yield minute, chance.choices(list(shape.works), weights)[0], chance.random() < shape.priorities
