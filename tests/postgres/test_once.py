"""An Idempotency-Key that reaches two hub processes at the same moment."""

import asyncio
import threading
from collections.abc import AsyncIterator

import pytest

from hub.problems import KeyReused, NotAllowed
from hub.queue import tickets
from hub.store import Once, Tx
from hub.wire import IssueTicket, Ticket
from tests.running import PATIENCE_S
from tests.unit.hub.desk import KIOSK, Desk

ONCE = Once("kiosk POST /tickets", "key-1", "same", Ticket)


@pytest.fixture
async def other(desk: Desk, database: str) -> AsyncIterator[Desk]:
    opened = await Desk.open(database)
    yield opened
    opened.store.close()


async def until_waiting(desk: Desk) -> None:
    """Until some session waits for another's transaction."""
    async with asyncio.timeout(PATIENCE_S):
        while await desk.rows("SELECT count(*) FROM pg_locks WHERE NOT granted") == [(0,)]:  # noqa: ASYNC110
            await asyncio.sleep(0.01)


class Slow:
    """Takes a ticket, and ends when it may; or is refused then."""

    def __init__(self, *, refused: bool = False) -> None:
        self.begun = threading.Event()
        self.may_end = threading.Event()
        self.refused = refused

    def __call__(self, tx: Tx, desk: Desk) -> Ticket:
        ticket = tickets.issue(tx, desk.hall, IssueTicket(service="A"))
        self.begun.set()
        assert self.may_end.wait(PATIENCE_S)
        if self.refused:
            raise NotAllowed(state="test", zh="不", en="no")
        return ticket


async def take(desk: Desk, once: Once = ONCE) -> Ticket:
    return await desk.store.write(tickets.issue, KIOSK, once, desk.hall, IssueTicket(service="A"))


async def test_the_second_process_waits_and_gives_the_same_answer(desk: Desk, other: Desk) -> None:
    slow = Slow()
    first = asyncio.create_task(desk.store.write(slow, KIOSK, ONCE, desk))
    await asyncio.to_thread(slow.begun.wait, PATIENCE_S)
    second = asyncio.create_task(take(other))
    await until_waiting(desk)
    slow.may_end.set()
    assert await first == await second
    assert await desk.rows("SELECT count(*) FROM ticket") == [(1,)]


async def test_when_the_first_is_refused_the_second_is_done(desk: Desk, other: Desk) -> None:
    slow = Slow(refused=True)
    first = asyncio.create_task(desk.store.write(slow, KIOSK, ONCE, desk))
    await asyncio.to_thread(slow.begun.wait, PATIENCE_S)
    second = asyncio.create_task(take(other))
    await until_waiting(desk)
    slow.may_end.set()
    with pytest.raises(NotAllowed):
        await first
    assert (await second).number == "A001"
    assert await desk.rows("SELECT count(*) FROM ticket") == [(1,)]


async def test_many_at_once_on_both_are_done_once(desk: Desk, other: Desk) -> None:
    answers = await asyncio.gather(*(take(taker) for _ in range(20) for taker in (desk, other)))
    assert len({answer.id for answer in answers}) == 1
    assert await desk.rows("SELECT count(*) FROM ticket") == [(1,)]


async def test_another_body_under_the_key_is_refused_by_the_other_process_too(desk: Desk, other: Desk) -> None:
    await take(desk)
    with pytest.raises(KeyReused):
        await take(other, Once(ONCE.scope, ONCE.key, "another", Ticket))


async def test_an_evaluation_sent_to_two_processes_at_once_is_one(desk: Desk, other: Desk) -> None:
    await desk.open_counter("1")
    await desk.take()
    called = await desk.next("1")
    assert called
    assert called.visit
    await desk.finish("1")
    answers = await asyncio.gather(*(one.evaluate(called.visit) for _ in range(5) for one in (desk, other)))
    assert len({answer.id for answer in answers}) == 1
    assert await desk.rows("SELECT count(*) FROM evaluation") == [(1,)]
