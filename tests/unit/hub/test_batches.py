"""In what order the verbs of a batch are done."""

import asyncio
from collections.abc import Callable
from typing import Any

from hub.store import SYSTEM, Rank, Tx, in_turn
from hub.store.transaction import Work
from hub.store.turns import turn_of
from hub.store.writer import in_order
from tests.unit.hub.desk import NOON


@in_turn(Rank.NUMBER, str)
def number(_tx: Tx, prefix: str) -> None: ...


@in_turn(Rank.CLAIM)
def claim(_tx: Tx, counter: str) -> None: ...


@in_turn(Rank.SLOW)
def slow(_tx: Tx, name: str) -> None: ...


def ordinary(_tx: Tx, name: str) -> None: ...


def work(loop: asyncio.AbstractEventLoop, verb: Callable[..., Any], name: str) -> Work:
    return Work(
        verb=lambda _tx: name,
        who=SYSTEM,
        now=NOON,
        seed=b"",
        once=None,
        turn=turn_of(verb, (name,), {}),
        loop=loop,
        future=loop.create_future(),
    )


async def test_claims_go_first_numbers_by_their_series_and_slow_verbs_by_themselves() -> None:
    loop = asyncio.get_running_loop()
    arrived = [
        (number, "B"),
        (slow, "import"),
        (number, "A"),
        (ordinary, "finish"),
        (claim, "2"),
        (number, "B2"),
        (slow, "end of day"),
        (claim, "1"),
    ]
    batches = in_order([work(loop, verb, name) for verb, name in arrived])
    done = [[one.verb(None) for one in batch] for batch in batches]  # type: ignore[arg-type]  # they look at nothing
    assert done == [["2", "1", "finish", "A", "B", "B2"], ["import"], ["end of day"]]


async def test_who_came_first_gets_the_first_number_of_a_series() -> None:
    loop = asyncio.get_running_loop()
    arrived = [work(loop, number, "A") for _ in range(5)]
    assert in_order(list(arrived)) == [arrived]


async def test_nothing_waiting_is_no_batch() -> None:
    assert in_order([]) == []
