"""What a clerk's lists hold."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio

from hub.queue import lists, moves
from hub.queue.hall import HallFacts
from hub.store import Reader, Who
from hub.wire import CounterQueue, Hold, Transfer
from tests.unit.hub.desk import Desk, clerk


@pytest_asyncio.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    desk = await Desk.open(tmp_path / "hall.db")
    await desk.open_counter("1")
    yield desk
    desk.store.close()


def _read(reader: Reader, hall: HallFacts, who: Who, counter: str) -> CounterQueue:
    return lists.counter_queue(reader.rows, hall, who, counter, reader.now)


async def seen(desk: Desk, counter: str = "1", *, who: Who | None = None) -> CounterQueue:
    return await desk.store.read(_read, desk.hall, who or clerk(counter), counter)


async def test_who_is_there_and_when_to_recall(desk: Desk) -> None:
    ticket = await desk.take()
    assert (await seen(desk)).now is None
    await desk.next("1")
    there = (await seen(desk)).now
    assert there is not None
    assert (there.ticket.number, there.recalls_left) == (ticket.number, 3)
    assert there.recall_from is not None
    assert (there.recall_from - desk.hall.local(desk.clock())).total_seconds() == 10
    for _ in range(3):
        desk.clock.forward(seconds=10)
        await desk.recall("1")
    there = (await seen(desk)).now
    assert there is not None
    assert (there.recalls_left, there.recall_from) == (0, None)


async def test_who_left_and_how(desk: Desk) -> None:
    await desk.take()
    await desk.take()
    await desk.next("1")
    await desk.no_show("1")
    last = (await seen(desk)).last
    assert last is not None
    assert (last.number, last.outcome) == ("A001", "no_show")
    desk.clock.forward(seconds=1)
    await desk.next("1")
    await desk.store.write(moves.hold, clerk("1"), None, desk.hall, "1", Hold())
    last = (await seen(desk)).last
    assert last is not None
    assert (last.number, last.outcome) == ("A002", "held")


async def test_a_transferred_ticket_stands_in_the_list_of_its_counter_only(desk: Desk) -> None:
    await desk.open_counter("2")
    await desk.take()
    await desk.next("1")
    await desk.store.write(moves.transfer, clerk("1"), None, desk.hall, "1", Transfer(counter="2"))
    assert (await seen(desk)).waiting == []
    assert [(one.number, one.directed) for one in (await seen(desk, "2")).waiting] == [("A001", True)]


async def test_only_the_halls_roles_may_choose_and_others_are_named_with_their_counters(desk: Desk) -> None:
    await desk.open_counter("2")
    told = await seen(desk)
    assert told.may_choose
    assert [(one.clerk, one.counter) for one in told.clerks] == [("clerk-2", "2")]
    assert not (await seen(desk, who=Who("counter-1", "counter", "1"))).may_choose
