"""Second-generation ID-card readers 二代身份证阅读器 with a SAM: bytes as facts and back. Pure.

115200 8N1 (57600, 38400, 19200, 9600 by command 60). A frame:

    host    AA AA AA 96 69  LH LL  CMD PARA [data] CHK
    reader  AA AA AA 96 69  LH LL  SW1 SW2 SW3 [data] CHK

L counts what follows it, CHK included; CHK = XOR of everything after AA AA AA 96 69 but itself.
Sources: yzsam.com CNvfzM.html, eastcoms.com 508, two open drivers; every frame below was recomputed.

What a card carries is personal: nothing here shows a name, a number or a frame's bytes in a `repr` or an error.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import reduce
from operator import xor
from typing import Literal

from devices.errors import BadFrame

BAUD = 115200
PREAMBLE = bytes.fromhex("AA AA AA 96 69")
FROM_READER = (4, 2323)
"""Smallest and largest L: no card is 4; text 256, photo 1024 and fingerprint 1024 with their lengths are 2314."""
FROM_HOST = (3, 64)
GAP_TIMEOUT_S = 0.3
"""1295 bytes take 112 ms at 115200 baud, in pieces; a longer pause inside a frame ends it."""
NOISE_MOST_BYTES = 64
"""Noise is reported in pieces of this size at most."""


@dataclass(frozen=True)
class Command:
    cmd: int
    para: int
    data: bytes = b""


@dataclass(frozen=True)
class Reply:
    """SW1 and SW2 are 0 in every source; SW3 says what happened."""

    sw3: int
    data: bytes = field(default=b"", repr=False)


FIND = Command(0x20, 0x01)
SELECT = Command(0x20, 0x02)
READ = Command(0x30, 0x01)
READ_FINGER = Command(0x30, 0x10)
READ_APPENDED = Command(0x30, 0x03)
STATUS = Command(0x11, 0xFF)
SAM_ID = Command(0x12, 0xFF)
RESET = Command(0x10, 0xFF)

OK, FOUND, NO_CARD, NOT_SELECTED, NOT_READ = 0x90, 0x9F, 0x80, 0x81, 0x41

Standing = Literal["fine", "no_card", "card", "line", "reader"]


@dataclass(frozen=True)
class Word:
    """What an SW3 means: `card` = lay it down again, `line` = bytes were damaged, `reader` = the reader itself."""

    standing: Standing
    zh: str
    en: str


WORDS: dict[int, Word] = {
    OK: Word("fine", "操作成功", "done"),
    FOUND: Word("fine", "找到身份证", "a card was found"),
    NO_CARD: Word("no_card", "没有身份证", "no card is there"),
    NOT_SELECTED: Word("card", "选卡失败，请拿起身份证重新放置", "the card was not selected; lay it down again"),
    NOT_READ: Word("card", "读卡失败，请拿起身份证重新放置", "the card was not read; lay it down again"),
    0x31: Word("card", "身份证认证机具失败，请重新放置", "the card did not accept the reader; lay it down again"),
    0x32: Word("card", "机具认证身份证失败，请核对证件", "the reader did not accept the card; check the document"),
    0x10: Word("line", "读卡器收到的数据校验和错误", "the reader received a wrong checksum"),
    0x11: Word("line", "读卡器收到的数据长度错误", "the reader received a wrong length"),
    0x21: Word("line", "读卡器不认识此命令", "the reader does not know this command"),
    0x60: Word("reader", "读卡器自检失败，请断电重启，仍失败请报修", "the reader failed its self test; restart it"),
    0x66: Word(
        "reader", "读卡器的安全模块未经授权，请联系供应商", "the reader's SAM is not authorised; call the supplier"
    ),
}
_UNKNOWN = Word("reader", "读卡器报告未知状态", "the reader reports something unknown")


def word_of(sw3: int) -> Word:
    """91 and whatever else no source explains counts as a fault of the reader."""
    return WORDS.get(sw3, _UNKNOWN)


def frame(body: bytes) -> bytes:
    """The body of either direction with preamble, length and checksum."""
    counted = (len(body) + 1).to_bytes(2, "big") + body
    return PREAMBLE + counted + bytes((reduce(xor, counted),))


def encode(command: Command) -> bytes:
    return frame(bytes((command.cmd, command.para)) + command.data)


def command_of(body: bytes) -> Command:
    return Command(body[0], body[1], body[2:])


def reply_of(body: bytes) -> Reply:
    return Reply(body[2], body[3:])


def answers(command: Command, reply: Reply) -> bool:
    """Whether a sound reply can belong to this command: replies do not name theirs, and a late one may still come."""
    if word_of(reply.sw3).standing in ("line", "reader"):
        return True
    good, bad, size = _ANSWERS.get(command, (OK, (), 0))
    return (reply.sw3 == good and len(reply.data) >= size) or reply.sw3 in bad


_ANSWERS: dict[Command, tuple[int, tuple[int, ...], int]] = {
    FIND: (FOUND, (NO_CARD,), 0),
    SELECT: (OK, (NOT_SELECTED,), 8),
    READ: (OK, (NOT_READ, 0x31, 0x32), 4 + 256),
    SAM_ID: (OK, (), 16),
}

# ---- what stands on the card ----

TEXT_BYTES = 256
#: UTF-16LE; where each field ends. Only three are taken.
_NAME, _BIRTH, _NUMBER = slice(0, 30), slice(36, 52), slice(122, 158)
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"
TAIL = 4


@dataclass(frozen=True)
class IdCard:
    """Name, number and birth date, and none of it in a `repr`. Address, nation, photo and the rest are not taken."""

    name: str = field(repr=False)
    number: str = field(repr=False)
    birth: date = field(repr=False)


def check_character(number: str) -> str:
    """Of the first 17 digits: GB 11643-1999, ISO 7064 MOD 11-2."""
    return _CHECKS[sum(int(digit) * weight for digit, weight in zip(number[:17], _WEIGHTS, strict=True)) % 11]


def card_of(reply: Reply) -> IdCard:
    """The holder, out of the answer to READ. Raises BadFrame, which says what is wrong but not what stood there."""
    text_length = int.from_bytes(reply.data[:2], "big")
    if text_length != TEXT_BYTES or len(reply.data) < 4 + TEXT_BYTES:
        raise BadFrame(f"the card's text has {text_length} bytes instead of {TEXT_BYTES}")
    text = reply.data[4 : 4 + TEXT_BYTES]
    number = _words(text[_NUMBER])
    return IdCard(_words(text[_NAME]), _checked(number), _day(_words(text[_BIRTH]), number))


def _words(field_bytes: bytes) -> str:
    try:
        return field_bytes.decode("utf-16-le").strip(" \0\u3000")
    except UnicodeDecodeError:
        raise BadFrame("a field of the card is no text") from None


def _checked(number: str) -> str:
    known = len(number) == 18 and number.isascii() and number[:17].isdigit()
    if not known or number[17] != check_character(number):
        raise BadFrame("the card's number is no citizen's number, or its check character is wrong")
    return number


def _day(birth: str, number: str) -> date:
    if birth != number[6:14]:
        raise BadFrame("the card's birth date is not that of its number")
    try:
        return date(int(birth[:4]), int(birth[4:6]), int(birth[6:]))
    except ValueError:
        raise BadFrame("the card's birth date is no day") from None


# ---- the line ----


class Parser:
    """Finds the bodies of sound frames in whatever the line brings; owns a bytearray and nothing else.

    Noise, wrong sums, impossible lengths and half frames come out as `BadFrame` values that tell how many bytes were
    dropped but never which (they may be somebody's). The search goes on at the next byte, so no sound frame is lost.
    """

    def __init__(self, limits: tuple[int, int] = FROM_READER, *, gap_timeout_s: float = GAP_TIMEOUT_S) -> None:
        self._limits = limits
        self.gap_timeout_s = gap_timeout_s
        self._waiting = bytearray()
        self._dropped = 0
        self._reason = ""
        self._last_at = float("-inf")

    def feed(self, data: bytes, at: float) -> list[bytes | BadFrame]:
        """What `data`, read at `at` (monotonic seconds), completes."""
        found = self.expire(at)
        self._last_at = at
        self._waiting += data
        return [*found, *self._search()]

    def expire(self, at: float) -> list[bytes | BadFrame]:
        """What a pause ended: call it when nothing came for a while, or let the next `feed` do it."""
        if at - self._last_at < self.gap_timeout_s or not self.unfinished:
            return []
        found: list[bytes | BadFrame] = []
        while self._waiting:
            found += [*self._drop("half a frame"), *self._search()]
        return [*found, *self._end_noise()]

    @property
    def unfinished(self) -> bool:
        """Bytes are held that a pause would turn into a report."""
        return bool(self._waiting or self._dropped)

    def _search(self) -> Iterator[bytes | BadFrame]:
        while self._waiting:
            head = self._waiting[: len(PREAMBLE)]
            length = int.from_bytes(self._waiting[5:7], "big") if len(self._waiting) >= 7 else None
            if not PREAMBLE.startswith(head):
                yield from self._drop("noise")
            elif length is None:
                return
            elif not self._limits[0] <= length <= self._limits[1]:
                yield from self._drop(f"length {length} outside {self._limits[0]} to {self._limits[1]}")
            elif len(self._waiting) < 7 + length:
                return
            else:
                yield from self._take(7 + length)

    def _take(self, size: int) -> Iterator[bytes | BadFrame]:
        *counted, told = self._waiting[5:size]
        if told != reduce(xor, counted):
            yield from self._drop("wrong checksum")
            return
        yield from self._end_noise()
        del self._waiting[:size]
        yield bytes(counted[2:])

    def _drop(self, reason: str) -> Iterator[BadFrame]:
        del self._waiting[0]
        self._reason = self._reason or reason
        self._dropped += 1
        if self._dropped == NOISE_MOST_BYTES:
            yield from self._end_noise()

    def _end_noise(self) -> Iterator[BadFrame]:
        if self._dropped:
            yield BadFrame(f"{self._reason}: {self._dropped} bytes dropped")
        self._dropped, self._reason = 0, ""
