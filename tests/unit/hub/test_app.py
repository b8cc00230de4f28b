"""What the hub does by itself goes on when a step of it fails."""

import asyncio

from hub.app import steadily
from hub.problems import StoreUnavailable


async def test_a_step_that_fails_is_taken_again() -> None:
    taken: list[int] = []
    enough = asyncio.Event()

    async def step() -> None:
        taken.append(len(taken))
        if len(taken) == 1:
            raise StoreUnavailable(why="locked")
        if len(taken) == 2:
            raise ZeroDivisionError
        enough.set()

    task = asyncio.create_task(steadily(step, 0))
    async with asyncio.timeout(10):
        await enough.wait()
    task.cancel()
    assert taken[:3] == [0, 1, 2]
