"""The FF68 bus of caller keypads (叫号器) and evaluators (评价器): bytes as facts and back. Pure.

9600 8N1, many devices on one line. A frame, both ways:

    FF 68  L L  68  ADDR FUNC DATA...  SUM 16        L = 2 + len(DATA), twice; SUM = (ADDR + FUNC + DATA) mod 256

Source: JackQChen/QueueSystem, CallSystem/frmMain.cs (one deployed system; the layout is certain, captures are not
public).
Devices send L = 3..5, the host up to 8 (six digits), hence limits per direction.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from devices.errors import BadFrame

BAUD = 9600
HEAD, TURN, END = 0xFF, 0x68, 0x16
FROM_DEVICE = (3, 5)
"""Smallest and largest L a device sends (the source refuses others)."""
FROM_HOST = (2, 8)
GAP_TIMEOUT_S = 0.2
"""A frame of 15 bytes takes 16 ms at 9600 baud; USB adapters add some 20 ms. A longer pause ends a half frame."""
NOISE_MOST_BYTES = 64
"""Noise is reported in pieces of this size at most."""

HOST_FUNC = 0x01
DISPLAY_FUNC = 0x02
BEEP_FUNC = 0x03
KEY_FUNC = 0x01
EVALUATION_FUNC = 0x11
START_EVALUATION = 0x0B
BLANK = 0x0A
STARS_MOST = 5

KeyName = Literal[
    "call_next", "recall", "evaluate", "cancel", "ok", "give_up", "hang", "call_back", "one_metre", "pause", "transfer",
    "unknown",
]  # fmt: skip

KEYS: dict[int, KeyName] = {
    0x0B: "evaluate",  # 评价
    0x0C: "call_next",  # 呼叫
    0x0D: "recall",  # 重呼
    0x0E: "cancel",  # 取消, unused by the source
    0x0F: "ok",  # 确定, with one digit before it: see OK_KEYS
    0x11: "one_metre",  # 一米线, unused by the source
    0x12: "pause",  # 暂停/等候
    0x13: "transfer",  # 转移
}
OK_KEYS: dict[tuple[int, ...], KeyName] = {
    (6,): "give_up",  # 弃号
    (0,): "hang",  # 挂起
    (3,): "call_back",  # 回呼
}


@dataclass(frozen=True)
class Frame:
    address: int
    func: int
    data: bytes = b""


@dataclass(frozen=True)
class Key:
    """A press on a caller keypad: what it means, and the digits typed before the function key."""

    address: int
    name: KeyName
    code: int
    digits: tuple[int, ...] = ()


def encode(frame: Frame) -> bytes:
    length = 2 + len(frame.data)
    if length > FROM_HOST[1]:
        raise ValueError(f"a frame carries at most {FROM_HOST[1] - 2} data bytes, not {len(frame.data)}")
    body = bytes((frame.address, frame.func)) + frame.data
    return bytes((HEAD, TURN, length, length, TURN)) + body + bytes((sum(body) & 0xFF, END))


def key_of(frame: Frame) -> Key | None:
    """The key that was pressed; None for an evaluator's frame. The last data byte is the function key."""
    if frame.func == EVALUATION_FUNC or not frame.data:
        return None
    code, digits = frame.data[-1], tuple(frame.data[:-1])
    name = KEYS.get(code, "unknown")
    return Key(frame.address, OK_KEYS.get(digits, name) if name == "ok" else name, code, digits)


def evaluation_of(frame: Frame) -> int | None:
    """The value an evaluator sent; which level it means is a setting, the source does not tell."""
    return frame.data[-1] if frame.func == EVALUATION_FUNC and frame.data else None


def echo(frame: Frame) -> bytes:
    """The host's answer to a keypad: the same bytes."""
    return encode(frame)


def display(address: int, waiting: int | None = None, number: str | int | None = None) -> bytes:
    """Six digits: how many wait, then the last three digits of the number (the pad has no letters). None = blank."""
    digits = "".join(char for char in str("" if number is None else number) if char in "0123456789")
    waits = "" if waiting is None else str(min(max(waiting, 0), 999))
    return encode(Frame(address, DISPLAY_FUNC, _three(waits) + _three(digits[-3:])))


def _three(digits: str) -> bytes:
    return bytes(map(int, digits.zfill(3))) if digits else bytes((BLANK,)) * 3


def beep(address: int) -> bytes:
    return encode(Frame(address, BEEP_FUNC))


def star_level(address: int, stars: int) -> bytes:
    """How many stars the evaluator shows of its clerk. The source sends 5 and names no other; raises ValueError."""
    if not 1 <= stars <= STARS_MOST:
        raise ValueError(f"an evaluator shows 1 to {STARS_MOST} stars, not {stars}")
    return encode(Frame(address, DISPLAY_FUNC, bytes((stars,))))


def start_evaluation(address: int) -> bytes:
    """Asks the citizen; the echo of a keypad's 0B key is the same frame and does the same."""
    return encode(Frame(address, HOST_FUNC, bytes((START_EVALUATION,))))


def acknowledge_evaluation(frame: Frame) -> bytes:
    """FUNC 01 and the same data (so SUM is 10h less): the evaluator may forget the press."""
    return encode(Frame(frame.address, HOST_FUNC, frame.data))


class Parser:
    """Finds sound frames in whatever the line brings; owns a bytearray and nothing else.

    Noise before, between and after frames, wrong sums, unequal lengths and half frames come out as `BadFrame` values
    (they are not raised), and the next sound frame is still read: after a fault the search goes on at the next byte.
    Noise is gathered until a frame, a pause or 64 bytes end it, so how the bytes were cut into reads does not matter.
    """

    def __init__(self, limits: tuple[int, int] = FROM_DEVICE, *, gap_timeout_s: float = GAP_TIMEOUT_S) -> None:
        self._limits = limits
        self._gap_timeout_s = gap_timeout_s
        self._waiting = bytearray()
        self._noise = bytearray()
        self._reason = ""
        self._told = 0
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
        """What a pause ended: call it when nothing came for a while, or let the next `feed` do it."""
        if at - self._last_at < self._gap_timeout_s or not (self._waiting or self._noise):
            return []
        found: list[Frame | BadFrame] = []
        while self._waiting:
            self._drop("half a frame")
            found += self._search()
        return [*found, *self._end_noise()]

    @property
    def unfinished(self) -> bool:
        """Bytes are held that a pause would turn into a report."""
        return bool(self._waiting or self._noise)

    def _search(self) -> Iterator[Frame | BadFrame]:
        while self._waiting:
            fault = self._fault()
            if fault:
                yield from self._drop_and_tell(fault)
            elif len(self._waiting) < 5 or len(self._waiting) < self._waiting[2] + 7:
                return
            else:
                yield from self._take()

    def _fault(self) -> str:
        """Why the waiting bytes cannot begin a frame; empty while they can."""
        for at, byte in enumerate(self._waiting[:5]):
            fault = self._header_fault(at, byte)
            if fault:
                return fault
        return ""

    def _header_fault(self, at: int, byte: int) -> str:
        low, high = self._limits
        match at:
            case 0 if byte != HEAD:
                return "noise"
            case 1 | 4 if byte != TURN:
                return "no 68 where the header has one"
            case 2 if not low <= byte <= high:
                return f"length {byte} outside {low} to {high}"
            case 3 if byte != self._waiting[2]:
                return f"lengths {self._waiting[2]} and {byte} differ"
        return ""

    def _take(self) -> Iterator[Frame | BadFrame]:
        size = self._waiting[2] + 7
        whole = bytes(self._waiting[:size])
        body, (told, end) = whole[5:-2], whole[-2:]
        if end != END:
            yield from self._drop_and_tell("no 16 at the end")
        elif told != sum(body) & 0xFF:
            yield from self._wrong_sum(whole, told, sum(body) & 0xFF)
        else:
            yield from self._end_noise()
            del self._waiting[:size]
            self._told = 0
            yield Frame(body[0], body[1], body[2:])

    def _wrong_sum(self, whole: bytes, told: int, right: int) -> Iterator[BadFrame]:
        """Reported as a whole; the search goes on inside it, in case a lost byte hides the next frame's head there."""
        yield from self._end_noise()
        yield BadFrame(f"sum {told:02X} instead of {right:02X}", data=whole)
        self._told = len(whole)
        yield from self._drop_and_tell("")

    def _drop_and_tell(self, reason: str) -> Iterator[BadFrame]:
        self._drop(reason)
        if len(self._noise) >= NOISE_MOST_BYTES:
            yield from self._end_noise()

    def _drop(self, reason: str) -> None:
        byte = self._waiting.pop(0)
        if self._told:
            self._told -= 1
            return
        self._noise.append(byte)
        if self._reason in ("", "noise"):
            self._reason = reason

    def _end_noise(self) -> list[BadFrame]:
        if not self._noise:
            return []
        report = BadFrame(f"{self._reason}: {len(self._noise)} bytes", data=bytes(self._noise))
        self._noise.clear()
        self._reason = ""
        return [report]
