"""The three things every wire can do, and the two shapes most wires share."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Protocol


class Pipe(Protocol):
    """Bytes there and back. `OSError` means that the wire broke; `receive` gives `b""` when the far end hung up."""

    async def receive(self) -> bytes:
        """At least one byte, or b"" at the end. Cancelling it loses nothing."""

    async def send(self, data: bytes) -> None: ...

    async def close(self) -> None: ...


class Untouched(OSError):
    """The wire refused what it was given as a whole: not one byte of it went out."""


class Inbox:
    """Bytes that somebody else delivers, for one reader."""

    def __init__(self) -> None:
        self._bytes = bytearray()
        self._arrived = asyncio.Event()
        self._ended = False

    def deliver(self, data: bytes) -> None:
        self._bytes += data
        self._arrived.set()

    def end(self) -> None:
        self._ended = True
        self._arrived.set()

    async def receive(self) -> bytes:
        while not self._bytes and not self._ended:
            self._arrived.clear()
            await self._arrived.wait()
        data = bytes(self._bytes)
        self._bytes.clear()
        return data


class LocalPipe:
    """A wire inside this process: what is sent goes to `outward`, the far end delivers into `inbox`."""

    def __init__(
        self, inbox: Inbox, outward: Callable[[bytes], None], hang_up: Callable[[], None] = lambda: None
    ) -> None:
        self.inbox = inbox
        self._outward = outward
        self._hang_up = hang_up

    async def receive(self) -> bytes:
        return await self.inbox.receive()

    async def send(self, data: bytes) -> None:
        self._outward(data)

    async def close(self) -> None:
        self._hang_up()
        self.inbox.end()


class ThreadedPipe:
    """Blocking calls in threads, for wires that have nothing the event loop could watch.

    `read` must come back within a second, with b"" when there was nothing; it raises `OSError` when the wire is gone.
    """

    def __init__(self, read: Callable[[], bytes], write: Callable[[bytes], object], close: Callable[[], None]) -> None:
        self._read = read
        self._write = write
        self._close = close
        self._reading: asyncio.Task[bytes] | None = None

    async def receive(self) -> bytes:
        while True:
            # Shielded and kept: a thread cannot be cancelled, and what it reads belongs to the next receive().
            self._reading = self._reading or asyncio.create_task(asyncio.to_thread(self._read))
            data = await asyncio.shield(self._reading)
            self._reading = None
            if data:
                return data

    async def send(self, data: bytes) -> None:
        await asyncio.to_thread(self._write, data)

    async def close(self) -> None:
        if self._reading:
            await asyncio.wait([self._reading])
            self._reading.exception()
        await asyncio.to_thread(self._close)


class OneWayPipe:
    """For what takes bytes and has nothing to say; `write` and `close` are blocking calls."""

    def __init__(self, write: Callable[[bytes], object], close: Callable[[], None] = lambda: None) -> None:
        self._write = write
        self._close = close
        self._closed = asyncio.Event()

    async def receive(self) -> bytes:
        """Waits until it is closed."""
        await self._closed.wait()
        return b""

    async def send(self, data: bytes) -> None:
        await asyncio.to_thread(self._write, data)

    async def close(self) -> None:
        self._closed.set()
        await asyncio.to_thread(self._close)
