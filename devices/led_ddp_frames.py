"""DDP, the Distributed Display Protocol of pixel walls, UDP 4048. Pure.

Header of ten bytes, big-endian: flags, sequence 1 to 15, kind of data, destination, offset, length (docs.rs ddp-rs;
kno.wled.ge/interfaces/ddp).
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

from devices.errors import BadFrame

PORT = 4048
VERSION_1, VERSION_BITS = 0x40, 0xC0
TIMECODE, STORAGE, REPLY, QUERY, PUSH = 0x10, 0x08, 0x04, 0x02, 0x01
RGB_KINDS = (0x0B, 0x0D, 0x01)
"""All three mean 8-bit RGB to somebody: 0B by the specification, 0D from python-led-ddp, 01 from old senders."""
RGB = RGB_KINDS[0]
SCREEN = 1
DATA_MOST_BYTES = 1440
"""480 pixels: the packet stays whole on Ethernet."""

_HEADER = struct.Struct(">BBBBIH")


@dataclass(frozen=True)
class Packet:
    """`offset` in bytes; with `push` the wall shows what it has been sent."""

    data: bytes
    offset: int = 0
    push: bool = False
    sequence: int = 0
    kind: int = RGB
    destination: int = SCREEN
    flags: int = 0
    """TIMECODE, STORAGE, REPLY, QUERY."""


def encode(packet: Packet) -> bytes:
    flags = VERSION_1 | packet.flags | (PUSH if packet.push else 0)
    told = (flags, packet.sequence, packet.kind, packet.destination, packet.offset, len(packet.data))
    return _HEADER.pack(*told) + packet.data


def decode(datagram: bytes) -> Packet:
    """Raises BadFrame. A time code (four bytes more) is passed over."""
    if len(datagram) < _HEADER.size:
        raise BadFrame("no header", data=datagram)
    flags, sequence, kind, destination, offset, length = _HEADER.unpack_from(datagram)
    start = _HEADER.size + (4 if flags & TIMECODE else 0)
    data = datagram[start:]
    if flags & VERSION_BITS != VERSION_1:
        raise BadFrame(f"version bits {flags >> 6} instead of 1", data=datagram[: _HEADER.size])
    if len(data) != length:
        raise BadFrame(f"{len(data)} bytes instead of {length}", data=datagram[: _HEADER.size])
    others = flags & (STORAGE | REPLY | QUERY)
    return Packet(data, offset, bool(flags & PUSH), sequence & 0x0F, kind, destination, others)


def packets(pixels: bytes, *, sequence: int = 0) -> list[bytes]:
    """A whole picture as datagrams, push on the last. `pixels` are rows of RGB; sequence 0 = not used, else 1 to 15."""
    starts = range(0, len(pixels), DATA_MOST_BYTES)
    return [
        encode(Packet(pixels[at : at + DATA_MOST_BYTES], at, at == starts[-1], _sequence(sequence, number)))
        for number, at in enumerate(starts)
    ]


def _sequence(first: int, more: int) -> int:
    return (first - 1 + more) % 15 + 1 if first else 0
