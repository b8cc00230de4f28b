"""The verbs that wait for the writer, handed over once in a turn of the event loop.

Requests that come together go into one transaction together, and the writer is woken once for all of them: woken for
the first it would fight with the loop over the interpreter while the loop still reads the others.
"""

import asyncio
import queue

from hub.problems import StoreUnavailable
from hub.store.transaction import Work

#: Turns that may wait; beyond it the hub says that it is overloaded instead of growing without bound.
TURNS_MOST = 5000


class Waiting:
    """Filled on event loops, emptied by the writer's thread."""

    def __init__(self) -> None:
        self._gathered: dict[asyncio.AbstractEventLoop, list[Work]] = {}
        self._turns: queue.SimpleQueue[list[Work] | None] = queue.SimpleQueue()
        self._taken: list[Work] = []
        self._closed = False

    def add(self, work: Work) -> None:
        """To be called on the work's loop. Raises StoreUnavailable when too many turns wait already."""
        if self._turns.qsize() >= TURNS_MOST:
            raise StoreUnavailable(why="too many requests are waiting")
        gathered = self._gathered.setdefault(work.loop, [])
        gathered.append(work)
        if len(gathered) == 1:
            work.loop.call_soon(self._hand_over, work.loop)

    def close(self) -> None:
        """Nothing comes any more; what waits is still taken."""
        for loop in list(self._gathered):
            self._hand_over(loop)
        self._turns.put(None)

    def take(self, most: int) -> list[Work]:
        """Everything that waits, at most `most`; waits for something. Empty when it was closed and all is taken."""
        while not self._closed and len(self._taken) < most:
            try:
                turn = self._turns.get(block=not self._taken)
            except queue.Empty:
                break
            if turn is None:
                self._closed = True
            else:
                self._taken += turn
        works, self._taken = self._taken[:most], self._taken[most:]
        return works

    def _hand_over(self, loop: asyncio.AbstractEventLoop) -> None:
        if gathered := self._gathered.pop(loop, None):
            self._turns.put(gathered)
