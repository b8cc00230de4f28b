"""A keypad alone on its line, whose keys come one by one: a key box or a USB number pad."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from typing import Protocol

from devices.errors import BadFrame, PortLost
from devices.keypad_ff68_frames import Key
from devices.keypad_typing import Evaluated, Meaning, Typing
from devices.ports import Port

KEYS_WAITING = 32
"""Presses that may wait while one is worked on; more is a jammed key, and the rest is dropped and reported."""

STORING_GRACE_S = 3.5
"""How long a press that waits for the hub's question may hold up the end of `run`."""


class Parser(Protocol):
    def feed(self, data: bytes, at: float) -> list[Meaning | BadFrame]: ...

    def expire(self, at: float) -> list[Meaning | BadFrame]: ...

    @property
    def unfinished(self) -> bool: ...


class SingleKeypad:
    """Reads the line for ever: `await SingleKeypad(port, parser, …).run()`.

    Keys are handed over one at a time, in order. `answer` goes back for a key at once, for an evaluation when
    `on_evaluation(value)` says that it is kept.
    """

    def __init__(
        self,
        port: Port,
        parser: Parser,
        *,
        on_key: Callable[[Key], Awaitable[None]],
        on_evaluation: Callable[[int], Awaitable[bool]],
        on_bad_frame: Callable[[BadFrame], None] = lambda fault: None,
        clock: Callable[[], float],
        gap_timeout_s: float,
        answer: bytes = b"",
        ask: bytes = b"",
        beep: bytes = b"",
    ) -> None:
        self._port = port
        self._parser = parser
        self._on_key = on_key
        self._on_evaluation = on_evaluation
        self._on_bad_frame = on_bad_frame
        self._clock = clock
        self._gap_timeout_s = gap_timeout_s
        self._answer, self._ask, self._beep = answer, ask, beep
        self._typing = Typing()
        self._storing: set[asyncio.Task[None]] = set()
        self._keys: asyncio.Queue[Key] = asyncio.Queue(KEYS_WAITING)

    async def run(self) -> None:
        """Raises PortLost when the line breaks, and whatever the callbacks raise."""
        self._failed = asyncio.get_running_loop().create_future()
        tasks = [asyncio.create_task(self._read()), asyncio.create_task(self._hand_over())]
        try:
            ended, _ = await asyncio.wait([*tasks, self._failed], return_when=asyncio.FIRST_COMPLETED)
            for one in ended:
                one.result()
        finally:
            await self._stop(tasks)

    async def _stop(self, tasks: list[asyncio.Task[None]]) -> None:
        """Presses that are being stored are let finish, also when the plug was pulled after them."""
        for task in tasks:
            task.cancel()
        if self._storing:
            _, hanging = await asyncio.wait(self._storing, timeout=STORING_GRACE_S)
            for task in hanging:
                task.cancel()
        self._failed.cancel()
        await asyncio.gather(*tasks, *self._storing, return_exceptions=True)

    async def show(self, address: int, *, waiting: int | None = None, number: str | int | None = None) -> None:
        """It has no display."""

    async def stars(self, address: int, stars: int) -> None:
        """It has no stars either."""

    async def beep(self, address: int = 1) -> None:
        """Where the device has a sound. Alone on its line, it has no address."""
        if self._beep:
            await self._port.write(self._beep)

    async def ask(self, address: int = 1) -> None:
        """Where the device can ask."""
        if self._ask:
            await self._port.write(self._ask)

    async def _hand_over(self) -> None:
        while True:
            await self._on_key(await self._keys.get())

    async def _read(self) -> None:
        while True:
            for found in await self._found():
                if isinstance(found, BadFrame):
                    self._port.explain(found)
                    self._on_bad_frame(found)
                else:
                    await self._take(found)

    async def _found(self) -> list[Meaning | BadFrame]:
        """Reads on; half a key is given up after the gap even if nothing follows it."""
        try:
            async with asyncio.timeout(self._gap_timeout_s if self._parser.unfinished else None):
                data = await self._port.read()
        except TimeoutError:
            return self._parser.expire(self._clock())
        return self._parser.feed(data, self._clock())

    async def _take(self, pressed: Meaning) -> None:
        done = self._typing.feed(pressed, self._clock())
        if isinstance(done, Evaluated):
            storing = asyncio.create_task(self._evaluated(done.value))
            self._storing.add(storing)
            storing.add_done_callback(self._stored)
            return
        if self._answer and pressed.kind != "nothing":
            await self._port.write(self._answer)
        if done:
            self._queue(done)

    def _stored(self, task: asyncio.Task[None]) -> None:
        self._storing.discard(task)
        fault = None if task.cancelled() else task.exception()
        if fault and not self._failed.done():
            self._failed.set_exception(fault)

    async def _evaluated(self, value: int) -> None:
        if await self._on_evaluation(value) and self._answer:
            with contextlib.suppress(PortLost):  # it is kept; the reader tells the loss
                await self._port.write(self._answer)

    def _queue(self, key: Key) -> None:
        try:
            self._keys.put_nowait(key)
        except asyncio.QueueFull:
            text = f"{KEYS_WAITING} presses wait already, this one was dropped"
            self._on_bad_frame(BadFrame(text, url=self._port.url, data=bytes((key.code,))))
