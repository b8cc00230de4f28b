"""Dynamic areas 动态区 of BX font cards: texts with a place of their own on the screen, several in one frame. Pure.

Sources as in `led_bx_frames`; text marks (`\\FO000` …) from BX4K.h and a published capture.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from devices.errors import BadFrame
from devices.led_bx_frames import AREAS, MUST_REPLY, Request

Align = Literal["left", "right", "centre"]
Vertical = Literal["top", "bottom", "middle"]

LOOP, ONCE_AND_STAY, LOOP_UNTIL_SILENCE, LOOP_THEN_LAST, ONCE, ONCE_WITH_TIMEOUT = range(6)
"""Run modes (BX4K.h). 2 goes dark when nothing new came for `timeout_s`."""
STATIC, QUICK, LEFT, RIGHT, UP, DOWN = range(1, 7)
"""Display modes."""
SLOWEST = 0x18
PIXELS = 0x8000
"""Set in X and W: they are pixels, else bytes of eight pixels."""
ALL_AREAS = 0xFF

_ALIGNS: tuple[Align, ...] = ("left", "right", "centre")
_VERTICALS: tuple[Vertical, ...] = ("top", "bottom", "middle")
_PLACE = struct.Struct("<BHHHHBBBHB")
_LOOK = struct.Struct("<BBBBBBBI")


@dataclass(frozen=True)
class Speech:
    """For cards with a voice chip (…-YY); `text` None: the area's own text is spoken."""

    voice: int
    volume: int
    speed: int
    text: bytes | None = None


@dataclass(frozen=True)
class Area:
    """`text` are the bytes for the card (see `marked`). X, Y, width and height are pixels.

    With `by_bytes` X and width are sent as bytes of eight pixels, which old firmware wants; they must divide by eight.
    """

    number: int
    x: int
    y: int
    width: int
    height: int
    text: bytes
    by_bytes: bool = True
    line_space: int = 0
    run_mode: int = LOOP
    timeout_s: int = 0
    speech: Speech | None = None
    layout: int | None = None
    """排版方式; None: the byte is not sent."""
    align: Align = "left"
    vertical: Vertical = "top"
    single_line: bool = True
    wraps: bool = False
    display_mode: int = STATIC
    exit_mode: int = 0
    speed: int = 4
    """0 fast … 24 slow."""
    stay_half_s: int = 4


@dataclass(frozen=True)
class Areas:
    """What one frame changes. `delete` names areas by number; (ALL_AREAS,) means all there are."""

    areas: tuple[Area, ...]
    delete: tuple[int, ...] = ()
    response: int = MUST_REPLY
    process_mode: int = 0


def command(change: Areas) -> Request:
    """Raises ValueError for an area that cannot be told."""
    payload = _deleted(change.delete) + bytes((len(change.areas),))
    for area in change.areas:
        body = _area(area)
        payload += len(body).to_bytes(2, "little") + body
    return Request(*AREAS, payload, change.response, bytes((change.process_mode, 0)))


def _deleted(numbers: tuple[int, ...]) -> bytes:
    return bytes((ALL_AREAS,)) if numbers == (ALL_AREAS,) else bytes((len(numbers), *numbers))


def _area(area: Area) -> bytes:
    sound = 0 if area.speech is None else 1 if area.speech.text is None else 2
    place = _PLACE.pack(
        0,
        _columns(area.x, area.by_bytes),
        area.y,
        _columns(area.width, area.by_bytes),
        area.height,
        area.number,
        area.line_space,
        area.run_mode,
        area.timeout_s,
        sound,
    )
    more = b"\0" if area.layout is None else bytes((1, area.layout))
    look = _LOOK.pack(
        _ALIGNS.index(area.align) | _VERTICALS.index(area.vertical) << 2,
        1 if area.single_line else 2,
        2 if area.wraps else 1,
        area.display_mode,
        area.exit_mode,
        area.speed,
        area.stay_half_s,
        len(area.text),
    )
    return place + _spoken(area.speech) + more + look + area.text


def _columns(pixels: int, by_bytes: bool) -> int:
    if not by_bytes:
        return pixels | PIXELS
    if pixels % 8:
        raise ValueError(f"{pixels} pixels are no whole bytes: choose a multiple of 8, or pixels")
    return pixels // 8


def _spoken(speech: Speech | None) -> bytes:
    if speech is None:
        return b""
    marks = bytes((speech.voice, speech.volume, speech.speed))
    return marks if speech.text is None else marks + len(speech.text).to_bytes(4, "little") + speech.text


# ---- reading it back ----


class _Reader:
    """Takes fields off the front; raises BadFrame when too little is left."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    @property
    def left(self) -> int:
        return len(self._data) - self._at

    def take(self, count: int) -> bytes:
        if count > self.left:
            raise BadFrame(f"an area ends {count - self.left} bytes too early", data=self._data)
        self._at += count
        return self._data[self._at - count : self._at]

    def byte(self) -> int:
        return self.take(1)[0]

    def number(self, size: int) -> int:
        return int.from_bytes(self.take(size), "little")


def areas_of(request: Request) -> Areas:
    """What `command` made. Raises BadFrame."""
    if (request.group, request.command) != AREAS:
        raise BadFrame("no dynamic areas", data=request.data)
    reader = _Reader(request.payload)
    count = reader.byte()
    delete = (ALL_AREAS,) if count == ALL_AREAS else tuple(reader.take(count))
    areas = tuple(_area_of(_Reader(reader.take(reader.number(2)))) for _ in range(reader.byte()))
    if reader.left:
        raise BadFrame(f"{reader.left} bytes after the last area", data=request.payload)
    return Areas(areas, delete, request.response, request.extra[0])


def _area_of(reader: _Reader) -> Area:
    _, x, y, width, height, number, line_space, run_mode, timeout_s, sound = _PLACE.unpack(reader.take(_PLACE.size))
    speech = _speech_of(reader, sound)
    more = reader.take(reader.byte())
    align, single, new_line, display_mode, exit_mode, speed, stay, length = _LOOK.unpack(reader.take(_LOOK.size))
    text = reader.take(length)
    by_bytes = not (x | width) & PIXELS
    beyond = not by_bytes and max(_pixels(x), _pixels(width)) >= PIXELS
    if reader.left or align & 3 > 2 or align >> 2 & 3 > 2 or beyond:
        raise BadFrame("an area that is none", data=text)
    return Area(
        number=number,
        x=_pixels(x),
        y=y,
        width=_pixels(width),
        height=height,
        text=text,
        by_bytes=by_bytes,
        line_space=line_space,
        run_mode=run_mode,
        timeout_s=timeout_s,
        speech=speech,
        layout=more[0] if more else None,
        align=_ALIGNS[align & 3],
        vertical=_VERTICALS[align >> 2 & 3],
        single_line=single == 1,
        wraps=new_line == 2,
        display_mode=display_mode,
        exit_mode=exit_mode,
        speed=speed,
        stay_half_s=stay,
    )


def _pixels(columns: int) -> int:
    return columns & ~PIXELS if columns & PIXELS else columns * 8


def _speech_of(reader: _Reader, sound: int) -> Speech | None:
    if sound == 0:
        return None
    if sound > 2:
        raise BadFrame(f"unknown sound mode {sound}", data=bytes((sound,)))
    voice, volume, speed = reader.take(3)
    return Speech(voice, volume, speed, reader.take(reader.number(4)) if sound == 2 else None)


# ---- text ----

SIZES = {16: 0, 24: 1, 32: 2}
"""Font heights in pixels that the cards have, and their mark."""


def marked(text: str, *, size: int = 16) -> bytes:
    """The text behind its font mark: `\\FO` + encoding + font (0 Song 宋体) + size.

    A backslash begins a mark, so one in the text goes out as ＼; line ends become blanks; what GBK lacks becomes □.
    """
    plain = " ".join(text.replace("\\", "＼").split())
    encoding, encoded = _encoded(plain)
    return f"\\FO{encoding}0{SIZES[size]}".encode() + encoded


def _encoded(text: str) -> tuple[int, bytes]:
    """GB2312 where it is enough (mark 0), else GBK (1)."""
    try:
        return 0, text.encode("gb2312")
    except UnicodeEncodeError:
        return 1, b"".join(_known(character) for character in text)


def _known(character: str) -> bytes:
    try:
        return character.encode("gbk")
    except UnicodeEncodeError:
        return "□".encode("gbk")


def width_of(text: str, size: int) -> int:
    """Pixels: Chinese takes a whole cell, ASCII half of one."""
    return sum(size if ord(character) > 0x7F else size // 2 for character in text)


def fitting(area: Area, text: str, *, size: int) -> Area:
    """The area with this text: centred where it fits, else running to the left, so that all of it can be read."""
    data = marked(text, size=size)
    fits = width_of(text, size) <= area.width
    if fits:
        return replace(area, text=data, align="centre", display_mode=STATIC)
    return replace(area, text=data, align="left", display_mode=LEFT)


def changed(before: Sequence[Area], after: Sequence[Area]) -> tuple[Area, ...]:
    """The areas that do not stand there like this already."""
    return tuple(area for area in after if area not in before)
