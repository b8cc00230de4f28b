"""Empties the outbox whenever the hub is there: oldest first, with back-off, until the hub has answered each press."""

import asyncio
import contextlib
import logging
from collections.abc import Callable
from datetime import UTC, datetime

from counter.outbox import Outbox, OutboxError
from hub.link import HubAway, Link, Refused
from hub.wire import Evaluate

log = logging.getLogger("hall.counter")

BACKOFF_S = (0.5, 1.0, 2.0, 5.0)

#: The hub will give the same answer for ever. Others (401, 403, 429, 5xx) are about its own state: tried again.
FOR_EVER = frozenset({400, 404, 409, 413, 422})


class Sender:
    """One at a time. `on_change` hears that the outbox failed (its error) or was written well (None)."""

    def __init__(
        self,
        outbox: Outbox,
        link: Link,
        *,
        on_change: Callable[[OutboxError | None], None],
        utc_now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._outbox = outbox
        self._link = link
        self._on_change = on_change
        self._utc_now = utc_now
        self._wake = asyncio.Event()
        self._one_round = asyncio.Lock()

    def wake(self) -> None:
        """There is a new press, or the hub is back."""
        self._wake.set()

    async def run(self) -> None:
        """Until cancelled."""
        attempt = 0
        while True:
            self._wake.clear()
            attempt = 0 if await self.empty() else attempt + 1
            await self._pause(BACKOFF_S[min(attempt, len(BACKOFF_S)) - 1] if attempt else None)

    async def drain(self, within_s: float) -> int:
        """Send what waits, at the end of the program; how many presses stay on the disk for the next start."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(within_s):
                self._wake.clear()
                while not await self.empty() and self._link.connected:
                    await self._pause(BACKOFF_S[0])
        return len(self._outbox.waiting())

    async def empty(self) -> bool:
        """One round over all that waits; True when nothing waits any more."""
        async with self._one_round:
            try:
                waiting = self._outbox.waiting()
                for press in waiting:
                    await self._send(press)
                left = bool(self._outbox.waiting()) if waiting else False
            except HubAway:
                return False
            except OutboxError as error:
                self._on_change(error)
                return False
        if waiting:  # something was written
            self._on_change(None)
        return not left

    async def _send(self, press: Evaluate) -> None:
        """Raises HubAway: then it is sent again with the same request_id, which the hub takes once."""
        facts = {"visit": press.visit, "request_id": press.request_id}
        try:
            await self._link.post("/evaluations", press, key=press.request_id)
        except Refused as refused:
            self._refused(press, refused)
            return
        self._outbox.done(press.request_id)
        log.info("evaluation stored by the hub", extra=facts)

    def _refused(self, press: Evaluate, refused: Refused) -> None:
        problem = refused.problem
        facts = {"visit": press.visit, "request_id": press.request_id, "status": problem.status, "code": problem.code}
        if problem.status not in FOR_EVER or problem.code == "unexpected_answer":
            log.warning("evaluation not taken now, will be sent again", extra=facts)
            return
        self._outbox.refuse(press.request_id, code=problem.code, detail=problem.detail, at=self._utc_now())
        log.error("evaluation refused for ever, put aside in the outbox", extra=facts)

    async def _pause(self, longest_s: float | None) -> None:
        """Until woken, at longest so many seconds."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(longest_s):
                await self._wake.wait()
