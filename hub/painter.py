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
from hub.notices import verbs as notices
from hub.queue import drawing
from hub.queue.hall import CONFIGURED, HallFacts, load_hall
from hub.queue.rules import BOARD_LIST_MOST
from hub.renewal import RIGHTS
from hub.store import Reader

#: Calls looked through for those that newer ones have pushed off the board: two minutes of a very large hall.
CALLS_MOST = 2000


def picture(reader: Reader, hall: HallFacts) -> dict[str, Any]:
    """Every section of the board, whole."""
    return drawing.draw_all(reader.rows, hall, reader.now) | {"notices": notices.board_lines(reader.rows)}


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
                passed = self._passed(entries, changes, reader)
            except BaseException:
                self.behind = True
                raise
            for calls in passed:
                self._send({"calls": calls}, [])
            self._send(changes, entries)

    def whole(self, reader: Reader) -> None:
        """Draw everything."""
        with self._lock:
            self._send(picture(reader, self.hub.hall), [])
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
            changes = drawing.draw(reader.rows, self.hub.hall, entries, reader.now)
            told = any(entry.kind in notices.KINDS for entry in entries)
            return changes | ({"notices": notices.board_lines(reader.rows)} if told else {})
        rules = self.hub.settings
        hall = load_hall(reader.rows, self.hub.hall.public_url, rules.queue, rules.calendar)
        self.hub.hall = replace(hall, waits=self.hub.hall.waits)
        return picture(reader, self.hub.hall)

    def _passed(self, entries: list[Entry], changes: dict[str, Any], reader: Reader) -> list[list[dict[str, Any]]]:
        """Calls of these entries that so many newer ones have pushed off the board's list already: lists of their own,
        oldest first, so that every screen is told of every call."""
        wanted = {(entry.data["number"], entry.counter) for entry in entries if entry.kind in drawing.CALLING}
        wanted -= {(call["number"], call["counter"]) for call in changes.get("calls", [])}
        if not wanted:
            return []
        calls = drawing.calls(reader.rows, self.hub.hall, reader.now, most=CALLS_MOST)
        passed = [call for call in calls if (call["number"], call["counter"]) in wanted]
        return [passed[start : start + BOARD_LIST_MOST] for start in range(0, len(passed), BOARD_LIST_MOST)][::-1]

    def _send(self, changes: dict[str, Any], entries: list[Entry]) -> None:
        # one turn of the loop later: whose verb this was is answered before it is told to a thousand screens
        self.loop.call_soon_threadsafe(self.loop.call_soon, self._apply, changes, entries)

    def _apply(self, changes: dict[str, Any], entries: list[Entry]) -> None:
        self.hub.board.update(changes)
        for entry in entries:
            if entry.kind == "evaluation_invited":
                self.hub.stations.invite(entry)
            if entry.role == "counter" and entry.counter is not None:
                self.hub.entrance.present.busy_at(entry.counter, self.hub.entrance.now())
        if not RIGHTS.isdisjoint(entry.kind for entry in entries):
            self.hub.rights_changed.set()
