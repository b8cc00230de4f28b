"""Recordings: what went over a wire, a JSON object a line, and the pipes that write one and play one back.

First line: `{"recording": 1, "kind": "ff68", "model": "PS-50 1.02", "twin": false, "url": …, "baud": 9600, "at": …}`;
`twin` true = made from a virtual device, which proves nothing about real ones. Then, in order,
`{"t": 0.25, "sent": "ff 68 …"}` or `{"t": 0.31, "came": "ff 68 …"}` with seconds since the first, `{"t": 9.1, "event":
"open" | "lost" | "closed"}`, and for a private port `{"t": 0.31, "came_bytes": 18}`: what it said is not kept.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from devices.transports.pipe import Pipe

Line = dict[str, Any]


class RecordingPipe:
    """Passes everything on and writes it down, appending to `path`."""

    def __init__(self, pipe: Pipe, path: Path, *, private: bool, clock: Callable[[], float]) -> None:
        self._pipe = pipe
        self._private = private
        self._clock = clock
        self._start = clock()
        self._file = path.open("a", encoding="utf-8")
        self._write(event="open")

    async def receive(self) -> bytes:
        try:
            data = await self._pipe.receive()
        except OSError:
            self._write(event="lost")
            raise
        if not data:
            self._write(event="lost")
        elif self._private:
            self._write(came_bytes=len(data))
        else:
            self._write(came=data.hex(" "))
        return data

    async def send(self, data: bytes) -> None:
        self._write(sent=data.hex(" "))
        await self._pipe.send(data)

    async def close(self) -> None:
        self._write(event="closed")
        self._file.close()
        await self._pipe.close()

    def _write(self, **what: str | int) -> None:
        self._file.write(json.dumps({"t": round(self._clock() - self._start, 4), **what}) + "\n")
        self._file.flush()


def start_recording(path: Path, **head: Any) -> None:
    """Writes the first line. Raises FileExistsError: a recording is never overwritten."""
    with path.open("x", encoding="utf-8") as file:
        file.write(json.dumps({"recording": 1, **head}, ensure_ascii=False) + "\n")


# ---- playing back ----


class Deviated(ConnectionError):
    """The driver did something else than when the recording was made."""


@dataclass(frozen=True)
class Step:
    sent: bytes = b""
    came: bytes = b""
    lost: bool = False


def steps_of(lines: list[Line]) -> list[Step]:
    """Raises ValueError for a recording that cannot be played, as one whose answers were about persons."""
    found = []
    for line in lines:
        if "came_bytes" in line:
            raise ValueError("what came in was personal and was not recorded; it cannot be played back")
        if "sent" in line:
            found.append(Step(sent=bytes.fromhex(line["sent"])))
        elif "came" in line:
            found.append(Step(came=bytes.fromhex(line["came"])))
        elif line.get("event") == "lost":
            found.append(Step(lost=True))
    return found


class Player:
    """Plays the device's part, as fast as the driver goes: what came after a frame comes once that frame was sent."""

    def __init__(self, steps: list[Step]) -> None:
        self._steps = steps
        self._at = 0
        self._sent = bytearray()
        self._moved = asyncio.Event()
        self.ended = asyncio.Event()
        self.deviation: Deviated | None = None

    async def receive(self) -> bytes:
        while not (self._next.came or self._next.lost):
            self._moved.clear()
            await self._moved.wait()
        came = self._next.came
        self._step()
        return came

    async def send(self, data: bytes) -> None:
        """Frames may be cut differently than they were then; their bytes may not differ."""
        self._sent += data
        while self._sent:
            expected = self._next.sent
            if not expected or not (expected.startswith(self._sent) or self._sent.startswith(expected)):
                raise self._deviates(expected)
            if len(self._sent) < len(expected):
                return
            del self._sent[: len(expected)]
            self._step()

    async def close(self) -> None: ...

    @property
    def _next(self) -> Step:
        return self._steps[self._at] if self._at < len(self._steps) else Step()

    def _step(self) -> None:
        self._at += 1
        self._moved.set()
        if self._at >= len(self._steps):
            self.ended.set()

    def _deviates(self, expected: bytes) -> Deviated:
        then = f"{expected.hex(' ')} was sent" if expected else "nothing was sent"
        self.deviation = Deviated(f"at step {self._at + 1}: {self._sent.hex(' ')}, but then {then}")
        self.ended.set()
        return self.deviation


def load(path: Path) -> tuple[Line, list[Step]]:
    """The first line and the steps. Raises OSError, ValueError."""
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line]
    if not lines or lines[0].get("recording") != 1:
        raise ValueError(f"{path} is no recording of ours")
    return lines[0], steps_of(lines[1:])


_PLAYING: dict[str, Player] = {}


def player_at(path: str) -> Player:
    """The player of `replay:PATH`; a driver that opens it again goes on where it was. Raises OSError, ValueError."""
    if path not in _PLAYING:
        _PLAYING[path] = Player(load(Path(path))[1])
    return _PLAYING[path]


@contextlib.contextmanager
def played(path: Path) -> Iterator[tuple[str, Player]]:
    """A URL for a driver, and who plays it; at the end raises Deviated when the driver did otherwise, or too little."""
    _PLAYING.pop(str(path), None)
    player = player_at(str(path))
    try:
        yield f"replay:{path}", player
    finally:
        _PLAYING.pop(str(path), None)
    if player.deviation:
        raise player.deviation
    if not player.ended.is_set():
        raise Deviated(f"the driver stopped before the end, at step {player._at + 1}")
