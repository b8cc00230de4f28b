"""The link and a station's other waiting work on one event loop in one background thread."""

import asyncio
import queue
import threading
from collections.abc import Coroutine
from concurrent.futures import Future
from typing import Any, TypeVar

from hub.link.events import Event
from hub.link.link import Link
from hub.settings import Settings
from hub.wire import StationRole

T = TypeVar("T")


class LinkThread:
    """The link and a station's other waiting work on one event loop in one background thread.

    `events` is what the station's own loop drains; nothing here touches pygame.
    """

    def __init__(self, settings: Settings, *, station: str, role: StationRole | None = None) -> None:
        self.events: queue.SimpleQueue[Event] = queue.SimpleQueue()
        self.link = Link(settings, station=station, role=role, on_event=self.events.put)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._serve, name="hall-link", daemon=True)
        self._tasks: list[Future[None]] = []

    def start(self) -> None:
        self._thread.start()
        self._tasks.append(asyncio.run_coroutine_threadsafe(self.link.run(), self._loop))

    def submit(self, work: Coroutine[Any, Any, T]) -> "Future[T]":
        """Run a coroutine beside the link, for example `thread.submit(thread.link.post(…))`."""
        return asyncio.run_coroutine_threadsafe(work, self._loop)

    def stop(self, *, timeout_s: float = 3.0) -> None:
        """Cancel everything that still runs and wait for the thread to end."""
        if not self._thread.is_alive():
            return
        asyncio.run_coroutine_threadsafe(self._cancel_all(), self._loop).result(timeout_s)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(timeout_s)

    async def _cancel_all(self) -> None:
        others = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    def _serve(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_forever()
        self._loop.close()
