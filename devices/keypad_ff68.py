"""One line of FF68 caller keypads and evaluators. The bytes are in `keypad_ff68_frames`."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable

from devices.errors import BadFrame
from devices.keypad_ff68_frames import (
    GAP_TIMEOUT_S,
    START_EVALUATION,
    Frame,
    Key,
    Parser,
    acknowledge_evaluation,
    beep,
    display,
    echo,
    evaluation_of,
    key_of,
    star_level,
    start_evaluation,
)
from devices.ports import Port

log = logging.getLogger("devices.keypad_ff68")

KEYS_WAITING = 32
"""Presses that may wait while one is worked on; more is a jammed key, and the rest is dropped and reported."""

STORING_GRACE_S = 2.0
"""How long a press that is being stored may hold up the end of `run`."""


class Ff68Bus:
    """Reads the line for ever: `await Ff68Bus(port, …).run()`.

    Every keypad frame is echoed at once, before `on_key` hears of it; keys are handed over one at a time, in order.
    An evaluation is acknowledged to the device only after `on_evaluation(address, value)` has returned: the answer
    means "it is on our disk". If `on_evaluation` raises, nothing is acknowledged and `run` ends with that exception.
    A repeat of a press that is being stored, or was stored for the same question, is not reported a second time.
    """

    def __init__(
        self,
        port: Port,
        *,
        on_key: Callable[[Key], Awaitable[None]],
        on_evaluation: Callable[[int, int], Awaitable[None]],
        on_bad_frame: Callable[[BadFrame], None] = lambda fault: None,
        clock: Callable[[], float],
        gap_timeout_s: float = GAP_TIMEOUT_S,
    ) -> None:
        self.last_heard: dict[int, float] = {}
        """By address, on `clock`: when a sound frame came from it. A device never heard is unknown, not broken."""
        self._port = port
        self._on_key = on_key
        self._on_evaluation = on_evaluation
        self._on_bad_frame = on_bad_frame
        self._clock = clock
        self._gap_timeout_s = gap_timeout_s
        self._parser = Parser(gap_timeout_s=gap_timeout_s)
        self._keys: asyncio.Queue[Key] = asyncio.Queue(KEYS_WAITING)
        self._storing: dict[tuple[int, int], asyncio.Task[None]] = {}
        self._stored: dict[int, int] = {}

    async def run(self) -> None:
        """Raises PortLost when the line breaks, and whatever the callbacks raise."""
        failed: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._failed = failed
        tasks = [asyncio.create_task(self._read()), asyncio.create_task(self._hand_over_keys())]
        try:
            done, _ = await asyncio.wait([*tasks, failed], return_when=asyncio.FIRST_COMPLETED)
            for ended in done:
                ended.result()
        finally:
            await self._stop(tasks)

    async def show(self, address: int, *, waiting: int | None = None, number: str | int | None = None) -> None:
        """The pad's six digits: how many wait, and the last three digits of the number; None = blank."""
        await self._port.write(display(address, waiting, number))

    async def beep(self, address: int) -> None:
        await self._port.write(beep(address))

    async def stars(self, address: int, stars: int) -> None:
        """The star level 星级 of the clerk, on the evaluator."""
        await self._port.write(star_level(address, stars))

    async def ask(self, address: int) -> None:
        """Opens an invitation on the evaluator: one press within its time."""
        self._stored.pop(address, None)
        await self._port.write(start_evaluation(address))

    # ---- reading ----

    async def _read(self) -> None:
        while True:
            for found in await self._frames():
                if isinstance(found, BadFrame):
                    self._port.explain(found)
                    self._on_bad_frame(found)
                else:
                    await self._take(found)

    async def _frames(self) -> list[Frame | BadFrame]:
        """Reads on; half a frame is given up after the gap even if nothing follows it."""
        try:
            async with asyncio.timeout(self._gap_timeout_s if self._parser.unfinished else None):
                data = await self._port.read()
        except TimeoutError:
            return self._parser.expire(self._clock())
        return self._parser.feed(data, self._clock())

    async def _take(self, frame: Frame) -> None:
        self.last_heard[frame.address] = self._clock()
        value = evaluation_of(frame)
        if value is not None:
            await self._evaluation(frame, value)
            return
        await self._port.write(echo(frame))
        if frame.data == bytes((START_EVALUATION,)):
            self._stored.pop(frame.address, None)  # this echo asks the evaluator
        key = key_of(frame)
        if key:
            self._queue(key, frame)

    def _queue(self, key: Key, frame: Frame) -> None:
        try:
            self._keys.put_nowait(key)
        except asyncio.QueueFull:
            text = f"{KEYS_WAITING} presses wait already, this one was dropped"
            self._on_bad_frame(BadFrame(text, url=self._port.url, data=echo(frame)))

    async def _hand_over_keys(self) -> None:
        while True:
            await self._on_key(await self._keys.get())

    # ---- evaluations ----

    async def _evaluation(self, frame: Frame, value: int) -> None:
        if self._stored.get(frame.address) == value:
            log.info("evaluation repeated, acknowledged again: address %d", frame.address)
            await self._port.write(acknowledge_evaluation(frame))
        elif (frame.address, value) not in self._storing:
            task = asyncio.create_task(self._store(frame, value))
            self._storing[frame.address, value] = task
            task.add_done_callback(self._store_ended)

    async def _store(self, frame: Frame, value: int) -> None:
        try:
            await self._on_evaluation(frame.address, value)
            self._stored[frame.address] = value
        finally:
            del self._storing[frame.address, value]
        await self._port.write(acknowledge_evaluation(frame))

    def _store_ended(self, task: asyncio.Task[None]) -> None:
        if task.cancelled() or self._failed.done():
            return
        fault = task.exception()
        if fault:
            self._failed.set_exception(fault)

    async def _stop(self, tasks: list[asyncio.Task[None]]) -> None:
        """Presses that are being stored are let finish: they may already be half on the disk."""
        for task in tasks:
            task.cancel()
        storing = list(self._storing.values())
        if storing:
            _, hanging = await asyncio.wait(storing, timeout=STORING_GRACE_S)
            for task in hanging:
                task.cancel()
        await asyncio.gather(*tasks, *storing, return_exceptions=True)
        if not self._failed.done():
            self._failed.cancel()
        elif not self._failed.cancelled():
            self._failed.exception()
