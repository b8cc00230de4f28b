"""The board: one JSON document and its merge patches, each encoded and framed once for all who read it.

It knows no tickets and no sockets. A reader gets the whole board first and patches afterwards; one that lags, or comes
from another epoch or from too long ago, gets the whole board again. Everything here runs on the event loop.
"""

import json
import secrets
from collections import deque
from datetime import datetime
from typing import Any, Protocol

from hub.frames import text_frame
from hub.wire import merge

#: Patches kept for readers that come back after a short break.
KEPT_PATCHES = 512


class Reader(Protocol):
    """A screen's or a station's end of the stream."""

    def offer(self, frame: bytes) -> bool:
        """Take the next frame; False when the reader lags and has not taken it. Must neither wait nor raise."""


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
        self._current: set[Reader] = set()
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
        taken = all(reader.offer(frame) for frame in missed)
        (self._current if taken else self._lagging).add(reader)

    def catch_up(self, reader: Reader) -> None:
        """A reader that lagged can take frames again: it gets the board as it is now."""
        if reader in self._lagging and reader.offer(self._whole_frame()):
            self._lagging.discard(reader)
            self._current.add(reader)

    def leave(self, reader: Reader) -> None:
        self._current.discard(reader)
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
        behind = [reader for reader in self._current if not reader.offer(frame)]
        self._current.difference_update(behind)
        self._lagging.update(behind)


def _json(document: dict[str, Any]) -> bytes:
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()
