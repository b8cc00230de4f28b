"""What the voice chips SYN6288 and XFS5152CE have in common: their framing, their answers, and a text cut to fit. Pure.

Both take `FD lenH lenL CMD [PARAM text]` and answer with one byte; a SYN6288 closes a frame with the XOR of all bytes
before, an XFS5152CE with nothing, and a mark such as `[t3]` means speed for one and pitch for the other. So each chip
has a module of its own (`voice_syn6288_frames`, `voice_xfs5152_frames`) which says what is different.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import reduce
from operator import xor
from typing import Literal

from devices.errors import BadFrame

HEAD = 0xFD
GAP_TIMEOUT_S = 0.2
"""The chips drop a frame whose bytes are 8 ms apart; serial servers and USB adapters blur that, hence more patience."""
NOISE_MOST_BYTES = 64
"""Noise is reported in pieces of this size at most."""


class Answer(IntEnum):
    """The one byte a chip says (SYN6288 datasheet 2016, XFS5152CE developer guide: the same values)."""

    STARTED = 0x4A
    ACCEPTED = 0x41
    REJECTED = 0x45
    BUSY = 0x4E
    IDLE = 0x4F
    """Also said unasked, when a text was spoken to its end."""


class Command(IntEnum):
    SAY = 0x01
    STOP = 0x02
    PAUSE = 0x03
    RESUME = 0x04
    STATUS = 0x21
    BAUD = 0x31
    """SYN6288; the XFS5152CE keeps a text for later with the same number."""
    PLAY_STORED = 0x32
    POWER_DOWN = 0x88
    WAKE = 0xFF


@dataclass(frozen=True)
class Frame:
    """Host to chip: a command and what follows it."""

    command: int
    data: bytes = b""


Reading = Literal["text", "digits", "value"]
"""How figures are read: `digits` one by one (零零五), `value` as a number (十二), `text` as the chip thinks best."""


@dataclass(frozen=True)
class Part:
    """A piece of a sentence. Its text may be anything: it cannot give the chip orders."""

    text: str
    reading: Reading = "text"


@dataclass(frozen=True)
class Manner:
    """How the chip speaks. `volume` and `speed` are 0 to 10, 5 in the middle; `yao`: a digit 1 is read 幺, not 一."""

    volume: int = 5
    speed: int = 5
    yao: bool = True

    def __post_init__(self) -> None:
        for name, value in (("volume", self.volume), ("speed", self.speed)):
            if not 0 <= value <= 10:
                raise ValueError(f"{name} is 0 to 10, not {value}")


@dataclass(frozen=True)
class Framing:
    """How one chip's frames are built; `longest` is the most bytes after the two of the length."""

    longest: int
    closed_by_xor: bool

    def encode(self, frame: Frame) -> bytes:
        """Raises ValueError for a frame that the chip would not take."""
        length = 1 + len(frame.data) + self.closed_by_xor
        if length > self.longest:
            raise ValueError(f"a frame carries at most {self.longest} bytes, not {length}")
        whole = bytes((HEAD, length >> 8, length & 0xFF, frame.command)) + frame.data
        return whole + bytes((reduce(xor, whole),)) if self.closed_by_xor else whole


# ---- bytes from the host: what a chip, a recording or a sniffer reads ----


class FrameParser:
    """Finds the host's frames; owns a bytearray and nothing else.

    What is no frame comes out as a `BadFrame` value, and the search goes on at the next byte.
    """

    def __init__(self, framing: Framing, *, gap_timeout_s: float = GAP_TIMEOUT_S) -> None:
        self._framing = framing
        self._gap_timeout_s = gap_timeout_s
        self._waiting = bytearray()
        self._noise = bytearray()
        self._reason = ""
        self._last_at = float("-inf")

    def feed(self, data: bytes, at: float) -> list[Frame | BadFrame]:
        """What `data`, read at `at` (monotonic seconds), completes."""
        found = self.expire(at)
        self._last_at = at
        for byte in data:
            self._waiting.append(byte)
            found += self._search()
        return found

    def expire(self, at: float) -> list[Frame | BadFrame]:
        """What a pause ended."""
        if at - self._last_at < self._gap_timeout_s:
            return []
        found: list[Frame | BadFrame] = []
        while self._waiting:
            self._drop("half a frame")
            found += self._search()
        return [*found, *self._end_noise()]

    def _search(self) -> Iterator[Frame | BadFrame]:
        while self._waiting:
            fault = self._fault()
            if fault:
                self._drop(fault)
                if len(self._noise) >= NOISE_MOST_BYTES:
                    yield from self._end_noise()
            elif len(self._waiting) < 3 or len(self._waiting) < 3 + self._length:
                return
            else:
                yield from self._end_noise()
                yield self._take()

    @property
    def _length(self) -> int:
        return self._waiting[1] << 8 | self._waiting[2]

    def _fault(self) -> str:
        """Why the waiting bytes cannot begin a frame; empty while they can."""
        if self._waiting[0] != HEAD:
            return "noise"
        if len(self._waiting) < 3:
            return ""
        least = 1 + self._framing.closed_by_xor
        if not least <= self._length <= self._framing.longest:
            return f"length {self._length} outside {least} to {self._framing.longest}"
        if self._framing.closed_by_xor and len(self._waiting) >= 3 + self._length:
            whole = self._waiting[: 3 + self._length]
            told, right = whole[-1], reduce(xor, whole[:-1])
            return f"sum {told:02X} instead of {right:02X}" if told != right else ""
        return ""

    def _take(self) -> Frame:
        whole = bytes(self._waiting[: 3 + self._length])
        del self._waiting[: len(whole)]
        body = whole[3:-1] if self._framing.closed_by_xor else whole[3:]
        return Frame(body[0], body[1:])

    def _drop(self, reason: str) -> None:
        self._noise.append(self._waiting.pop(0))
        if self._reason in ("", "noise"):
            self._reason = reason

    def _end_noise(self) -> list[BadFrame]:
        if not self._noise:
            return []
        report = BadFrame(f"{self._reason}: {len(self._noise)} bytes", data=bytes(self._noise))
        self._noise.clear()
        self._reason = ""
        return [report]


# ---- bytes from the chip ----


class AnswerParser:
    """One byte an answer; what a chip never says comes out as a `BadFrame` value."""

    def feed(self, data: bytes) -> list[Answer | BadFrame]:
        return [_answer(byte) for byte in data]


def _answer(byte: int) -> Answer | BadFrame:
    try:
        return Answer(byte)
    except ValueError:
        return BadFrame(f"no answer of a voice chip: {byte:02X}", data=bytes((byte,)))


# ---- a sentence as text with marks ----

Encode = Callable[[str], bytes]

_ENCODINGS: tuple[tuple[int, str], ...] = ((0, "gb2312"), (1, "gbk"))
UNICODE = 3


@dataclass(frozen=True)
class Marks:
    """A chip's marks 控制标记. `before` opens every frame; `readings` come where the reading of figures changes."""

    before: str
    readings: dict[Reading, str]


_BRACKETS = str.maketrans({"[": "（", "]": "）"})
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]+")
_BEYOND = re.compile(r"[\U00010000-\U0010ffff]")


def plain(text: str) -> str:
    """Text that cannot carry a mark: brackets become round ones; what no chip can say becomes a space."""
    return _BEYOND.sub(" ", _CONTROL.sub(" ", text)).translate(_BRACKETS)


def spelled(text: str) -> str:
    """Letters stand alone, so that they are read one by one: `AB12` → `A B12`."""
    return re.sub(r"(?<=[A-Za-z])(?=[A-Za-z])", " ", text)


def coding_of(text: str, wide: str) -> tuple[int, str]:
    """The chip's number for the narrowest encoding that has every character, and its Python name; else `wide`."""
    for number, name in _ENCODINGS:
        try:
            text.encode(name)
        except UnicodeEncodeError:
            continue
        return number, name
    return UNICODE, wide


def texts(parts: Sequence[Part], marks: Marks, *, wide: str, most: int) -> list[tuple[int, bytes]]:
    """The sentence as texts of at most `most` bytes, each with its marks and the number of its encoding.

    A text that is too long is cut after a full stop, else after a comma or a space, else between two characters, but
    never inside a number or a mark.
    """
    atoms = [atom for part in parts for atom in _atoms(part, marks)]
    number, coding = coding_of("".join(text for _, text in atoms), wide)

    def size(text: str) -> int:
        return len(text.encode(coding))

    found: list[str] = []
    rest = atoms
    while rest:
        rest, line = _line(rest, size, most, marks.before)
        found.append(line)
    return [(number, line.encode(coding)) for line in found]


def _atoms(part: Part, marks: Marks) -> list[tuple[str, str]]:
    """What must not be cut, each with the mark of its reading."""
    mark = marks.readings[part.reading]
    pieces = re.findall(r"[A-Za-z0-9]{1,24}|.", plain(part.text), re.DOTALL)
    return [(mark, spelled(piece) if part.reading == "digits" else piece) for piece in pieces]


_STOPS = ("。！？；.!?;", "，、：,: ")


def _line(
    atoms: list[tuple[str, str]], size: Callable[[str], int], most: int, before: str
) -> tuple[list[tuple[str, str]], str]:
    """As many as fit, up to the best place to stop; gives back what is left and the text."""
    fits = _fitting(atoms, size, most - size(before))
    stop = fits if fits == len(atoms) else _stop(atoms, fits)
    return atoms[stop:], before + _joined(atoms[:stop])


def _fitting(atoms: list[tuple[str, str]], size: Callable[[str], int], room: int) -> int:
    mark = ""
    for at, (its_mark, text) in enumerate(atoms):
        room -= size(text) + (size(its_mark) if its_mark != mark else 0)
        mark = its_mark
        if room < 0:
            return at
    return len(atoms)


def _stop(atoms: list[tuple[str, str]], fits: int) -> int:
    """In the second half of the line, so that the pieces do not become many."""
    for stops in _STOPS:
        for at in range(fits, fits // 2, -1):
            if atoms[at - 1][1] in stops:
                return at
    return fits


def _joined(atoms: list[tuple[str, str]]) -> str:
    line, mark = "", ""
    for its_mark, text in atoms:
        line += its_mark + text if its_mark != mark else text
        mark = its_mark
    return line


def seconds_to_say(parts: Sequence[Part], speed: int = 5) -> float:
    """About how long a chip speaks: four characters a second in the middle, seven at the fastest."""
    spoken = sum(1 for part in parts for character in part.text if character.isalnum())
    return 0.3 + spoken / (2.5 + 0.3 * speed + 0.015 * speed * speed)
