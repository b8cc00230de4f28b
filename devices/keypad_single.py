"""A keypad alone on its line, whose keys come one by one: a key box or a USB number pad."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Protocol

from devices.errors import BadFrame
from devices.keypad_ff68_frames import Key
from devices.keypad_typing import Evaluated, Meaning, Typing
from devices.ports import Port

KEYS_WAITING = 32
"""Presses that may wait while one is worked on; more is a jammed key, and the rest is dropped and reported."""


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
        self._keys: asyncio.Queue[Key] = asyncio.Queue(KEYS_WAITING)

    async def run(self) -> None:
        """Raises PortLost when the line breaks, and whatever the callbacks raise."""
        try:
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self._hand_over())
                tasks.create_task(self._read(tasks))
        except* Exception as faults:
            raise faults.exceptions[0] from None

    async def beep(self) -> None:
        """Where the device has a sound."""
        if self._beep:
            await self._port.write(self._beep)

    async def ask(self) -> None:
        """Where the device can ask."""
        if self._ask:
            await self._port.write(self._ask)

    async def _hand_over(self) -> None:
        while True:
            await self._on_key(await self._keys.get())

    async def _read(self, tasks: asyncio.TaskGroup) -> None:
        while True:
            for found in await self._found():
                if isinstance(found, BadFrame):
                    found.url = self._port.url
                    self._on_bad_frame(found)
                else:
                    await self._take(found, tasks)

    async def _found(self) -> list[Meaning | BadFrame]:
        """Reads on; half a key is given up after the gap even if nothing follows it."""
        try:
            async with asyncio.timeout(self._gap_timeout_s if self._parser.unfinished else None):
                data = await self._port.read()
        except TimeoutError:
            return self._parser.expire(self._clock())
        return self._parser.feed(data, self._clock())

    async def _take(self, pressed: Meaning, tasks: asyncio.TaskGroup) -> None:
        done = self._typing.feed(pressed, self._clock())
        if isinstance(done, Evaluated):
            tasks.create_task(self._evaluated(done.value))
            return
        if self._answer and pressed.kind != "nothing":
            await self._port.write(self._answer)
        if done:
            self._queue(done)

    async def _evaluated(self, value: int) -> None:
        if await self._on_evaluation(value) and self._answer:
            await self._port.write(self._answer)

    def _queue(self, key: Key) -> None:
        try:
            self._keys.put_nowait(key)
        except asyncio.QueueFull:
            text = f"{KEYS_WAITING} presses wait already, this one was dropped"
            self._on_bad_frame(BadFrame(text, url=self._port.url, data=bytes((key.code,))))
