"""The checker of the long proofs sees what it is there to see."""

import pytest

from hub.evaluation.verbs import invite
from hub.store import SYSTEM, Tx
from tests.consistency import consistent, journaled
from tests.unit.hub.desk import Desk


async def a_busy_morning(desk: Desk) -> None:
    """Every kind of end that a visit can have, and a citizen who is called."""
    assert desk.store.hooks["visit_finished"] == [invite]
    for counter in ("1", "2"):
        await desk.open_counter(counter)
    for _ in range(8):
        await desk.take()
    done = await desk.next("1")
    assert done is not None
    assert done.visit is not None
    await desk.start("1")
    await desk.finish("1")
    await desk.evaluate(done.visit)
    await desk.next("1")
    await desk.no_show("1")
    held = await desk.next("1")
    assert held is not None
    await desk.hold("1", 5)
    await desk.next("1")
    await desk.transfer("1", service="B")
    await desk.resume("1", held.id)
    await desk.finish("1")
    await desk.next("2")
    waiting = await desk.take("C")
    await desk.cancel(waiting.id)


async def look(desk: Desk) -> None:
    await desk.store.read(lambda reader: consistent(reader.rows))


async def test_a_busy_morning_is_consistent_and_goes_over_midnight_so(desk: Desk) -> None:
    await a_busy_morning(desk)
    await look(desk)
    desk.clock.forward(days=1)
    await desk.end_day()
    await look(desk)
    kinds = {kind for kind, _ in await desk.store.read(lambda reader: journaled(reader.rows))}
    assert {"ticket_expired", "ticket_resumed", "ticket_transferred", "evaluation_given"} <= kinds


MISDEEDS = {
    "an evaluation without its entry": "DELETE FROM evaluation",
    "an invitation lost": "DELETE FROM invitation WHERE visit NOT IN (SELECT visit FROM evaluation)",
    "a ticket called without a visit": "UPDATE ticket SET state = 'called' WHERE state = 'waiting'",
    "a ticket that waits in a visit": "UPDATE ticket SET state = 'waiting' WHERE state = 'called'",
    "a visit that ended alone": "UPDATE visit SET outcome = 'served' WHERE outcome IS NULL",
    "a visit at another counter": "UPDATE visit SET counter = '3' WHERE outcome IS NULL AND counter = '2'",
    "an announcement lost": "DELETE FROM call",
    "a number left out": "UPDATE series SET last = last + 1",
    "a ticket lost": "DELETE FROM ticket WHERE state = 'cancelled'",
    "a counter closed over a visit": "UPDATE counter SET status = 'closed'",
    "a head that ran ahead": "UPDATE journal_head SET seq = seq + 1",
    "another end of a visit": "UPDATE visit SET outcome = 'held' WHERE outcome = 'no_show'",
}


@pytest.mark.parametrize("misdeed", MISDEEDS.values(), ids=list(MISDEEDS))
async def test_a_contradiction_is_seen(desk: Desk, misdeed: str) -> None:
    await a_busy_morning(desk)

    def does_half(tx: Tx) -> None:
        tx.rows(misdeed)

    await desk.store.write(does_half, SYSTEM, None)
    with pytest.raises(AssertionError):
        await look(desk)
