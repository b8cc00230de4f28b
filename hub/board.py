"""The board: one JSON document and its merge patches, each encoded and framed once for all who read it.

It knows no tickets and no sockets. A reader gets the whole board first and patches afterwards; one that lags, or comes
from another epoch or from too long ago, gets the whole board again. Everything here runs on the event loop.
"""

import json
import secrets
from collections import deque
from collections.abc import Callable
from datetime import datetime
from typing import Any, Protocol

from hub.frames import text_frame
from hub.wire import merge

#: Patches kept for readers that come back after a short break.
KEPT_PATCHES = 512


class Reader(Protocol):
    """A screen's or a station's end of the stream. It tells the board when it lags, and when it has caught up."""

    @property
    def write(self) -> Callable[[bytes], None]:
        """Sends a frame; must neither wait nor raise."""


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


class Board:
    """The document and its readers."""

    def __init__(self, *, epoch: str | None = None) -> None:
        self.epoch = epoch or secrets.token_hex(6)
        self.seq = 0
        self.document: dict[str, Any] = {}
        self._patches: deque[tuple[int, bytes]] = deque(maxlen=KEPT_PATCHES)
        self._current: dict[Reader, Callable[[bytes], None]] = {}
        self._lagging: set[Reader] = set()
        self._whole: bytes | None = None

    @property
    def readers(self) -> int:
        return len(self._current) + len(self._lagging)

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

    def resumes(self, epoch: str | None, since: int | None) -> bool:
        """Whether a reader that has seen `since` gets what it missed instead of the whole board."""
        oldest = self._patches[0][0] if self._patches else self.seq + 1
        return epoch == self.epoch and since is not None and oldest - 1 <= since <= self.seq

    def join(self, reader: Reader, epoch: str | None, since: int | None) -> None:
        """Send what the reader has not seen, at once, and from now on every change. Pair it with `leave`."""
        if since is not None and self.resumes(epoch, since):
            missed = [frame for seq, frame in self._patches if seq > since]
        else:
            missed = [self._whole_frame()]
        self._current[reader] = reader.write
        for frame in missed:
            if reader in self._current:  # else it lags already
                reader.write(frame)

    def lag(self, reader: Reader) -> None:
        """A reader takes no more for now: it is passed over, so that nothing piles up for it."""
        if self._current.pop(reader, None):
            self._lagging.add(reader)

    def catch_up(self, reader: Reader) -> None:
        """A reader that lagged can take frames again: it gets the board as it is now."""
        if reader in self._lagging:
            self._lagging.discard(reader)
            self._current[reader] = reader.write
            reader.write(self._whole_frame())

    def leave(self, reader: Reader) -> None:
        self._current.pop(reader, None)
        self._lagging.discard(reader)

    def beat(self, at: datetime, speed: float) -> None:
        """Tell every reader that the hub is there and what time it is in the hall."""
        self._send(self.beat_frame(at, speed))

    def beat_frame(self, at: datetime, speed: float) -> bytes:
        """The time, for one new reader as well."""
        beat = {"kind": "beat", "epoch": self.epoch, "seq": self.seq, "at": at.isoformat(), "speed": speed}
        return text_frame(_json(beat))

    def whole(self) -> bytes:
        """The whole board as one JSON message; encoded once for all who need it."""
        if self._whole is None:
            self._whole = _json({"kind": "board", "epoch": self.epoch, "seq": self.seq, "board": self.document})
        return self._whole

    def _whole_frame(self) -> bytes:
        return text_frame(self.whole())

    def _publish(self, patch: dict[str, Any]) -> None:
        self.document = merge(self.document, patch)
        self.seq += 1
        self._whole = None
        frame = text_frame(_json({"kind": "patch", "epoch": self.epoch, "seq": self.seq, "patch": patch}))
        self._patches.append((self.seq, frame))
        self._send(frame)

    def _send(self, frame: bytes) -> None:
        # nothing is asked of anybody here: at a thousand screens each look costs a quarter of a millisecond
        for write in list(self._current.values()):
            write(frame)


def _json(document: dict[str, Any]) -> bytes:
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()
