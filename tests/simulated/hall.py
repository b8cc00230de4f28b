"""The simulated day on the real thing: the queue's own verbs on a real database, at the day's own clock."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from hub.clock import micros
from hub.queue.backtest import Foretold, Naive, naive
from hub.queue.calling_order import MINUTE
from hub.queue.estimate import Expected
from hub.wire import Ticket, WaitRange
from tests.simulated.day import Day
from tests.simulated.shapes import Shape
from tests.unit.hub.desk import Desk

#: Monday 2026-03-02, 09:00 in the hall; each further day of the same hall is the next one.
DOORS_OPEN = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
PRIORITY = "elderly"


def document(shape: Shape) -> dict[str, Any]:
    """The hall.toml of a shape."""
    return {
        "queue": {"policy": shape.policy},
        "service": [
            {"code": code, "prefix": code, "names": {"zh": code}, "estimate_minutes": work.configured}
            for code, work in shape.works.items()
        ],
        "counter": [
            {
                "code": str(number + 1),
                "services": list(post.services),
                "second_services": list(post.second),
                "second_after_minutes": post.second_after,
            }
            for number, post in enumerate(shape.posts)
        ],
        "priority": [
            {"name": "ordinary", "head_start_minutes": 0},
            {"name": PRIORITY, "head_start_minutes": shape.head_start},
        ],
    }


@dataclass
class Asked:
    """What a ticket was told, and its service for the naive estimate."""

    issued_at: int
    expected: Expected | None
    told: WaitRange | None
    naive: Naive | None


@dataclass
class RealQueue:
    """`Queue` of a day on a desk's database; every ticket is asked for its wait as it is taken."""

    desk: Desk
    begins: datetime
    asks: bool = True
    foretold: list[Foretold] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._asked: dict[str, Asked] = {}
        self._served: dict[str, list[float]] = defaultdict(list)
        self._visits: dict[str, tuple[str, datetime]] = {}

    async def move_to(self, minute: float) -> None:
        self.desk.clock.at = self.begins + timedelta(minutes=minute)

    async def take(self, service: str, *, priority: bool) -> str:
        if self.asks:
            await self.desk.foresee()
        ticket = await self.desk.take(service, priority=PRIORITY if priority else None)
        if self.asks:
            self._asked[ticket.id] = await self._ask(ticket)
        return ticket.id

    async def _ask(self, ticket: Ticket) -> Asked:
        assert ticket.ahead is not None
        row = (await self.desk.rows("SELECT line, lane, rank_at, serial FROM ticket WHERE id = :id", id=ticket.id))[0]
        open_counters = (await self.desk.rows(OPEN_COUNTERS, service=ticket.service))[0][0]
        configured = self.desk.hall.estimate_minutes[ticket.service]
        return Asked(
            issued_at=micros(self.desk.clock.at),
            expected=self.desk.hall.waits.expected(*row, ahead=ticket.ahead),
            told=ticket.wait_minutes,
            naive=naive(ticket.ahead, open_counters, self._served[ticket.service], configured),
        )

    async def call(self, counter: str) -> tuple[str, str] | None:
        ticket = await self.desk.next(counter)
        if ticket is None:
            return None
        asked = self._asked.pop(ticket.id, None)
        if asked:
            waited = (micros(self.desk.clock.at) - asked.issued_at) / MINUTE
            self.foretold.append(Foretold(asked.issued_at, waited, asked.expected, asked.told, asked.naive))
        return ticket.id, ticket.service

    async def start(self, counter: str) -> None:
        ticket = await self.desk.start(counter)
        assert ticket
        self._visits[counter] = ticket.service, self.desk.clock.at

    async def finish(self, counter: str) -> None:
        await self.desk.finish(counter)
        service, started = self._visits.pop(counter)
        self._served[service].append((self.desk.clock.at - started) / timedelta(minutes=1))

    async def no_show(self, counter: str) -> None:
        await self.desk.no_show(counter)

    async def cancel(self, ticket: str) -> None:
        await self.desk.cancel(ticket)

    async def open(self, counter: str) -> None:
        await self.desk.open_counter(counter)

    async def close(self, counter: str) -> None:
        await self.desk.close_counter(counter)

    async def away(self, counter: str, back_minute: float) -> None:
        back_at = self.begins + timedelta(minutes=back_minute)
        await self.desk.away(counter, max(1.0, (back_at - self.desk.clock.at) / timedelta(minutes=1)))

    async def back(self, counter: str) -> None:
        await self.desk.back(counter)


OPEN_COUNTERS = """
SELECT count(*) FROM counter_service cs JOIN counter c ON c.code = cs.counter
WHERE cs.service = :service AND cs.active AND c.status = 'open'
"""


async def live_through(folder: Path, shape: Shape, seed: int) -> list[Foretold]:
    """A usual day that nobody looks at, then the day itself: what was foretold and what came."""
    desk = await Desk.open(folder / "hall.db", document(shape))
    try:
        usual = RealQueue(desk, DOORS_OPEN, asks=False)
        await Day(shape.usual or shape, usual, Random(f"{seed} usual")).run()
        await usual.move_to(12 * 60)
        for counter in await desk.rows("SELECT code FROM counter WHERE status <> 'closed'"):
            await desk.close_counter(counter[0])
        queue = RealQueue(desk, DOORS_OPEN + timedelta(days=1))
        await Day(shape, queue, Random(seed)).run()
        return queue.foretold
    finally:
        desk.store.close()
