"""Draws the hall onto the board, one look at the database after the other.

The relay and the clock draw on their own threads. Each reads and hands over under one lock, so that an older look
never covers a newer one.
"""

import asyncio
import threading
from dataclasses import dataclass, field, replace
from typing import Any

from hub.edges import Hub
from hub.journal import Entry
from hub.queue import drawing
from hub.queue.hall import CONFIGURED, load_hall
from hub.queue.rules import BOARD_LIST_MOST
from hub.renewal import RIGHTS
from hub.store import Reader


@dataclass
class Painter:
    """Its methods run on any thread; what they found goes to the board on the hub's event loop."""

    hub: Hub
    loop: asyncio.AbstractEventLoop
    #: A drawing failed: the board may be behind until it is drawn whole.
    behind: bool = False
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def committed(self, entries: list[Entry], reader: Reader) -> None:
        """Draw what these entries changed, whichever process wrote them."""
        with self._lock:
            try:
                changes = self._changes(entries, reader)
                pages = self._pages(entries, reader)
            except BaseException:
                self.behind = True
                raise
            for calls in pages:
                self._send({"calls": calls}, [])
            self._send(changes, entries)

    def whole(self, reader: Reader) -> None:
        """Draw everything."""
        with self._lock:
            self._send(drawing.draw_all(reader.rows, self.hub.hall, reader.now), [])
            self.behind = False

    def timely(self, reader: Reader) -> None:
        """Draw what time alone changes: announcements expire, the hall and its services open."""
        with self._lock:
            shown = self.hub.board.document.get("services", {})
            changes = {
                "services": drawing.reopened(reader.rows, self.hub.hall, shown, reader.now),
                "hall": drawing.hall_section(self.hub.hall, reader.now),
                "calls": drawing.calls(reader.rows, self.hub.hall, reader.now),
            }
            self._send(changes, [])

    def _changes(self, entries: list[Entry], reader: Reader) -> dict[str, Any]:
        """What the entries change; the hall itself is read again first where they say so."""
        if all(entry.kind not in CONFIGURED for entry in entries):
            return drawing.draw(reader.rows, self.hub.hall, entries, reader.now)
        rules = self.hub.settings
        hall = load_hall(reader.rows, self.hub.hall.public_url, rules.queue, rules.calendar)
        self.hub.hall = replace(hall, waits=self.hub.hall.waits)
        return drawing.draw_all(reader.rows, self.hub.hall, reader.now)

    def _pages(self, entries: list[Entry], reader: Reader) -> list[list[dict[str, Any]]]:
        """More calls at once than the board's list holds: the older ones, a list each, so that none is missed."""
        fresh = sum(entry.kind in drawing.CALLING for entry in entries)
        if fresh <= BOARD_LIST_MOST:
            return []
        calls = drawing.calls(reader.rows, self.hub.hall, reader.now, most=fresh)
        return [calls[start : start + BOARD_LIST_MOST] for start in range(BOARD_LIST_MOST, fresh, BOARD_LIST_MOST)][
            ::-1
        ]

    def _send(self, changes: dict[str, Any], entries: list[Entry]) -> None:
        self.loop.call_soon_threadsafe(self._apply, changes, entries)

    def _apply(self, changes: dict[str, Any], entries: list[Entry]) -> None:
        self.hub.board.update(changes)
        for entry in entries:
            if entry.kind == "evaluation_invited":
                self.hub.stations.invite(entry)
            if entry.role == "counter" and entry.counter is not None:
                self.hub.entrance.present.busy_at(entry.counter, self.hub.entrance.now())
        if not RIGHTS.isdisjoint(entry.kind for entry in entries):
            self.hub.rights_changed.set()
