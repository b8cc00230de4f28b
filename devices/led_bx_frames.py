"""Onbon 仰邦 BX-5K and BX-6K font cards 字库卡: frames, commands, replies. Pure.

Frame = A5 eight times, ESC(header of 14 + data + CRC), 5A. The same over serial lines and TCP or UDP port 5005.
Sources: BX4K.c/.h (vendor's demo), Onbon-Protocol-Analysis Form1.cs @082a063, deanled.cn Documents 147, 165, 194.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from devices.errors import BadFrame

PORT = 5005
BAUD = 57600
"""What cards leave the factory with is in no public source; set in the card with the vendor's tool."""

HEAD, END = 0xA5, 0x5A
HEADS = 8
CARD, HOST = 0x0001, 0x8000
ANY_CARD = 0xFE
PROTOCOL = 0x02
MUST_REPLY, NO_REPLY = 0x01, 0x02

_HEADER = struct.Struct("<HH3sBBBBBH")  # Form1.cs: everything little-endian
_BARCODE_BYTES = 16
NOISE_MOST_BYTES = 64
BODY_MOST_BYTES = 2 * (_HEADER.size + 0xFFFF + 2)
"""The longest escaped body; more without an end is noise."""

_ESCAPES = {0xA5: b"\xa6\x02", 0xA6: b"\xa6\x01", 0x5A: b"\x5b\x02", 0x5B: b"\x5b\x01"}
_PLAIN = {(0xA6, 2): 0xA5, (0xA6, 1): 0xA6, (0x5B, 2): 0x5A, (0x5B, 1): 0x5B}


@dataclass(frozen=True)
class Frame:
    """One frame without its escapes; `check` 0 = CRC, 1 = sum of all bytes."""

    data: bytes
    destination: int = CARD
    source: int = HOST
    device_type: int = ANY_CARD
    protocol: int = PROTOCOL
    check: int = 0
    display_mode: int = 0
    barcode: bytes = b""


def encode(frame: Frame) -> bytes:
    """The bytes on the wire. Raises ValueError for more data than a length of 16 bits can tell."""
    if len(frame.data) > 0xFFFF:
        raise ValueError(f"{len(frame.data)} bytes do not fit into one frame")
    header = _HEADER.pack(
        frame.destination,
        frame.source,
        bytes(3),
        1 if frame.barcode else 0,
        frame.check,
        frame.display_mode,
        frame.device_type,
        frame.protocol,
        len(frame.data),
    )
    body = header + frame.barcode + frame.data
    return bytes((HEAD,)) * HEADS + escape(body + _CHECKS[frame.check](body).to_bytes(2, "little")) + bytes((END,))


def decode(body: bytes) -> Frame:
    """A frame from what stood between the heads and the end. Raises BadFrame."""
    plain = unescape(body)
    if len(plain) < _HEADER.size + 2:
        raise BadFrame(f"{len(plain)} bytes are no frame", data=body)
    fields = _HEADER.unpack_from(plain)
    destination, source, _, barcode, check, display_mode, device_type, protocol, length = fields
    start = _HEADER.size + (_BARCODE_BYTES if barcode & 1 else 0)
    if len(plain) != start + length + 2:
        raise BadFrame(f"{len(plain) - start - 2} data bytes instead of {length}", data=body)
    if check not in _CHECKS:
        raise BadFrame(f"unknown kind of check {check}", data=body)
    told, right = int.from_bytes(plain[-2:], "little"), _CHECKS[check](plain[:-2])
    if told != right:
        raise BadFrame(f"check {told:04X} instead of {right:04X}", data=body)
    data, code = plain[start:-2], plain[_HEADER.size : start]
    return Frame(data, destination, source, device_type, protocol, check, display_mode, code)


def escape(plain: bytes) -> bytes:
    return b"".join(_ESCAPES.get(byte) or bytes((byte,)) for byte in plain)


def unescape(body: bytes) -> bytes:
    """Raises BadFrame for a mark without its second byte."""
    plain = bytearray()
    reading = iter(body)
    for byte in reading:
        if byte in (0xA6, 0x5B):
            second = next(reading, -1)
            if (byte, second) not in _PLAIN:
                raise BadFrame(f"{byte:02X} is followed by neither 01 nor 02", data=body)
            plain.append(_PLAIN[byte, second])
        else:
            plain.append(byte)
    return bytes(plain)


def _crc_of_byte(byte: int) -> int:
    for _ in range(8):
        byte = byte >> 1 ^ 0xA001 if byte & 1 else byte >> 1
    return byte


_CRC = tuple(_crc_of_byte(byte) for byte in range(256))


def crc16_arc(data: bytes) -> int:
    """Polynomial 8005h reflected, from 0; over the bytes before they are escaped."""
    crc = 0
    for byte in data:
        crc = crc >> 8 ^ _CRC[(crc ^ byte) & 0xFF]
    return crc


def _sum16(data: bytes) -> int:
    return sum(data) & 0xFFFF


_CHECKS: dict[int, Callable[[bytes], int]] = {0: crc16_arc, 1: _sum16}


# ---- commands ----


@dataclass(frozen=True)
class Request:
    """A command of the host; `extra` are two bytes, which dynamic areas use for their process mode."""

    group: int
    command: int
    payload: bytes = b""
    response: int = MUST_REPLY
    extra: bytes = b"\0\0"

    @property
    def data(self) -> bytes:
        return bytes((self.group, self.command, self.response)) + self.extra + self.payload


PING = Request(0xA2, 0x00)
RESET = Request(0xA2, 0x01)
FORMAT = Request(0xA1, 0x00)
"""Deletes every stored program."""
STATUS = Request(0xA1, 0x02)
CLEAR = Request(0xA3, 0x10)
POWER_ON, POWER_OFF = Request(0xA3, 0x00, b"\x01"), Request(0xA3, 0x00, b"\x02")
AREAS = (0xA3, 0x06)


def request_of(frame: Frame) -> Request:
    """Raises BadFrame for data too short for a command."""
    if len(frame.data) < 5:
        raise BadFrame("no command", data=frame.data)
    group, command, response = frame.data[:3]
    return Request(group, command, frame.data[5:], response, frame.data[3:5])


def request(command: Request, *, card: int = CARD) -> bytes:
    """The whole frame of a command; `card` is the address of one card on an RS-485 line."""
    return encode(Frame(command.data, destination=card))


# ---- replies ----

ACK = (0xA0, 0x00)

ERRORS: dict[int, tuple[str, str]] = {  # BX4K.h
    0x01: ("命令组错误", "no such group of commands"),
    0x02: ("没有此命令", "no such command"),
    0x03: ("控制卡忙", "the card is busy"),
    0x04: ("存储空间不足", "its memory is full"),
    0x05: ("校验错误", "the check of the frame was wrong"),
    0x06: ("文件不存在", "there is no such file"),
    0x07: ("闪存错误", "its flash memory fails"),
    0x08: ("文件下载错误", "a file was not received well"),
    0x09: ("文件名错误", "wrong name of a file"),
    0x0A: ("文件类型错误", "wrong type of a file"),
    0x0B: ("文件校验错误", "the check of a file was wrong"),
    0x0C: ("没有字库", "it has no font"),
    0x0D: ("固件型号不符", "the firmware is for another card"),
    0x0E: ("时间格式错误", "wrong form of the time"),
    0x0F: ("文件已存在", "the file exists already"),
    0x10: ("数据块号错误", "wrong number of a block"),
}
BUSY, WRONG_CHECK = 0x03, 0x05


@dataclass(frozen=True)
class Reply:
    """What a card answers; `error` 0 is success, see ERRORS."""

    group: int
    command: int
    error: int
    payload: bytes = b""

    @property
    def acknowledges(self) -> bool:
        return (self.group, self.command, self.error) == (*ACK, 0)

    @property
    def data(self) -> bytes:
        return bytes((self.group, self.command, self.error, 0, 0)) + self.payload


def reply_of(frame: Frame) -> Reply:
    """Raises BadFrame for data too short for a reply."""
    if len(frame.data) < 5:
        raise BadFrame("no reply", data=frame.data)
    group, command, error = frame.data[:3]
    return Reply(group, command, error, frame.data[5:])


@dataclass(frozen=True)
class Status:
    """What a card says of itself. `clock` is its time as it stands there, eight BCD bytes of undocumented order."""

    on: bool
    brightness: int
    clock: bytes
    programs: int
    program: bytes
    special_area: bool
    pages: int
    areas: tuple[int, ...]
    barcode: bytes
    network: bytes


_STATUS_HEAD = struct.Struct("<BB8sB4sBBB")


def status_of(reply: Reply) -> Status:
    """Raises BadFrame when it is not the answer to STATUS."""
    if (reply.group, reply.command) != (STATUS.group, STATUS.command) or len(reply.payload) < _STATUS_HEAD.size:
        raise BadFrame("no status", data=reply.data)
    on, brightness, clock, programs, program, special, pages, count = _STATUS_HEAD.unpack_from(reply.payload)
    rest = reply.payload[_STATUS_HEAD.size :]
    if len(rest) < count:
        raise BadFrame(f"{count} areas are told, {len(rest)} are named", data=reply.data)
    areas, rest = rest[:count], rest[count:]
    return Status(
        on == 1, brightness, clock, programs, program, bool(special), pages, tuple(areas), rest[:16], rest[16:28]
    )


# ---- reading ----


class Parser:
    """Finds frames in whatever the line brings, of either direction; owns bytes and nothing else.

    A5 and 5A stand nowhere inside a frame, so an A5 always begins one anew: after any fault the next frame is read.
    What is no frame comes out as BadFrame values, noise in pieces of 64 bytes at most.
    """

    def __init__(self, *, most_bytes: int = BODY_MOST_BYTES) -> None:
        self._most_bytes = most_bytes
        self._noise = bytearray()
        self._body: bytearray | None = None

    def feed(self, data: bytes) -> list[Frame | BadFrame]:
        return [found for byte in data for found in self._take(byte)]

    def _take(self, byte: int) -> Iterator[Frame | BadFrame]:
        if byte == HEAD:
            yield from self._begin()
        elif self._body is None:
            self._noise.append(byte)
            if len(self._noise) >= NOISE_MOST_BYTES:
                yield from self._end_noise()
        elif byte == END:
            yield self._end()
        else:
            self._body.append(byte)
            if len(self._body) > self._most_bytes:
                yield BadFrame("a frame without an end", data=bytes(self._body[:NOISE_MOST_BYTES]))
                self._body = None

    def _begin(self) -> Iterator[BadFrame]:
        yield from self._end_noise()
        if self._body:
            yield BadFrame("half a frame", data=bytes(self._body))
        self._body = bytearray()

    def _end(self) -> Frame | BadFrame:
        body, self._body = bytes(self._body or b""), None
        try:
            return decode(body)
        except BadFrame as fault:
            return fault

    def _end_noise(self) -> Iterator[BadFrame]:
        if self._noise:
            yield BadFrame(f"noise: {len(self._noise)} bytes", data=bytes(self._noise))
            self._noise.clear()
