"""The board: one JSON document, its merge patches encoded once, a bounded queue per reader. It knows no tickets.

A reader gets the whole board first and patches afterwards; one that lags, or comes from another epoch or from too
long ago, gets the whole board again. Everything here runs on the event loop.
"""

import asyncio
import json
import secrets
from collections import deque
from datetime import datetime
from typing import Any

from hub.wire import merge

#: Patches kept for readers that come back after a short break.
KEPT_PATCHES = 512
#: Messages that may wait for one reader; then they are dropped and it is sent the whole board.
READER_QUEUE = 64


def changed(old: dict[str, Any], new: dict[str, Any]) -> dict[str, Any]:
    """The merge patch (RFC 7396) that makes `new` of `old`; empty when nothing differs."""
    patch: dict[str, Any] = {key: None for key in old if key not in new}
    for key, value in new.items():
        before = old.get(key)
        if isinstance(value, dict) and isinstance(before, dict):
            deeper = changed(before, value)
            if deeper:
                patch[key] = deeper
        elif key not in old or before != value:
            patch[key] = value
    return patch


class Reader:
    """One screen's place in the stream; `await next()` gives the next message as text."""

    def __init__(self, board: "Board") -> None:
        self._board = board
        self._waiting: deque[str] = deque()
        self._wake = asyncio.Event()
        self._whole = False
        self._told: deque[str] = deque()

    @property
    def needs_whole(self) -> bool:
        """Whether the whole board comes before any patch."""
        return self._whole

    def tell(self, message: str) -> None:
        """A message for this reader alone; it goes out before board messages and is never dropped."""
        self._told.append(message)
        self._wake.set()

    def offer(self, message: str) -> None:
        if len(self._waiting) >= READER_QUEUE:
            self._waiting.clear()
            self._whole = True
        if not self._whole:
            self._waiting.append(message)
        self._wake.set()

    def offer_whole(self) -> None:
        """Let the next message be the whole board as it is then."""
        self._whole = True
        self._wake.set()

    async def next(self) -> str:
        while not self._told and not self._whole and not self._waiting:
            self._wake.clear()
            await self._wake.wait()
        if self._told:
            return self._told.popleft()
        if self._whole:
            self._whole = False
            self._waiting.clear()
            return self._board.whole()
        return self._waiting.popleft()


class Board:
    """The document and its readers."""

    def __init__(self, *, epoch: str | None = None) -> None:
        self.epoch = epoch or secrets.token_hex(6)
        self.seq = 0
        self.document: dict[str, Any] = {}
        self._patches: deque[tuple[int, str]] = deque(maxlen=KEPT_PATCHES)
        self._readers: set[Reader] = set()
        self._whole_text: str | None = None

    @property
    def readers(self) -> int:
        return len(self._readers)

    def update(self, changes: dict[str, Any]) -> None:
        """Put new values in: a dict of a section's members replaces those members, a list replaces the section."""
        patch: dict[str, Any] = {}
        for section, value in changes.items():
            old = self.document.get(section)
            if isinstance(value, dict) and isinstance(old, dict):
                known = {key: old[key] for key in value if key in old}
                deeper = changed(known, value)
                if deeper:
                    patch[section] = deeper
            elif old != value:
                patch[section] = value
        if patch:
            self._publish(patch)

    def read(self, epoch: str | None, since: int | None) -> Reader:
        """A new reader, continued after `since` when that is still possible. Pair it with `leave`."""
        reader = Reader(self)
        oldest = self._patches[0][0] if self._patches else self.seq + 1
        if epoch == self.epoch and since is not None and oldest - 1 <= since <= self.seq:
            for seq, message in self._patches:
                if seq > since:
                    reader.offer(message)
        else:
            reader.offer_whole()
        self._readers.add(reader)
        return reader

    def leave(self, reader: Reader) -> None:
        self._readers.discard(reader)

    def beat(self, at: datetime, speed: float) -> None:
        """Tell every reader that the hub is there and what time it is in the hall."""
        self._send(self._beat_text(at, speed))

    def beat_for(self, reader: Reader, at: datetime, speed: float) -> None:
        """The time for one new reader, at once."""
        reader.tell(self._beat_text(at, speed))

    def whole(self) -> str:
        """The whole board as one message; encoded once for all who need it."""
        if self._whole_text is None:
            self._whole_text = _text(self.whole_document())
        return self._whole_text

    def whole_document(self) -> dict[str, Any]:
        return {"kind": "board", "epoch": self.epoch, "seq": self.seq, "board": self.document}

    def _publish(self, patch: dict[str, Any]) -> None:
        self.document = merge(self.document, patch)
        self.seq += 1
        self._whole_text = None
        message = _text({"kind": "patch", "epoch": self.epoch, "seq": self.seq, "patch": patch})
        self._patches.append((self.seq, message))
        self._send(message)

    def _beat_text(self, at: datetime, speed: float) -> str:
        return _text({"kind": "beat", "epoch": self.epoch, "seq": self.seq, "at": at.isoformat(), "speed": speed})

    def _send(self, message: str) -> None:
        for reader in self._readers:
            reader.offer(message)


def _text(document: dict[str, Any]) -> str:
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"))
