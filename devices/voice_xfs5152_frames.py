"""The voice chip XFS5152CE (科大讯飞): sentences as bytes and back. Pure.

4800, 9600, 57600 or 115200 8N1, chosen by its pins. `FD lenH lenL CMD [PARAM text]` without any check sum; the length
counts everything after it, under 4 kB. PARAM names the encoding: 0 GB2312, 1 GBK, 2 BIG5, 3 UNICODE, **low** byte
first. Source: the maker's user developer guide (in github mbigger/xfs5152ce, doc/). Its second family of answers,
framed by FC (recognition and codec), is only sent to those who ask for it, which we never do.
"""

from __future__ import annotations

from collections.abc import Sequence

from devices.voice_frames import Command, Frame, FrameParser, Framing, Manner, Marks, Part, texts

BAUD = 9600
FRAMING = Framing(longest=4095, closed_by_xor=False)
TEXT_MOST_BYTES = FRAMING.longest - 2
BETWEEN_FRAMES_S = 0.016

STATUS = FRAMING.encode(Frame(Command.STATUS))
STOP = FRAMING.encode(Frame(Command.STOP))
PAUSE = FRAMING.encode(Frame(Command.PAUSE))
RESUME = FRAMING.encode(Frame(Command.RESUME))
POWER_SAVE = FRAMING.encode(Frame(Command.POWER_DOWN))
WAKE = FRAMING.encode(Frame(Command.WAKE))


def say(text: bytes, encoding: int = 0) -> bytes:
    """Raises ValueError for more than 4 kB of text."""
    if not 1 <= len(text) <= TEXT_MOST_BYTES:
        raise ValueError(f"an XFS5152CE takes 1 to {TEXT_MOST_BYTES} bytes of text, not {len(text)}")
    if encoding not in range(4):
        raise ValueError(f"there is no encoding {encoding}: 0 to 3")
    return FRAMING.encode(Frame(Command.SAY, bytes((encoding,)) + text))


def marks(manner: Manner) -> Marks:
    """[v0..10] volume, [s0..10] speed ([t] is the pitch here), [h1] letters spelled, [y0] 幺 or [y1] 一, [n0..2]."""
    before = f"[v{manner.volume}][s{manner.speed}][h1][y{0 if manner.yao else 1}]"
    return Marks(before, {"text": "[n0]", "digits": "[n1]", "value": "[n2]"})


def utter(parts: Sequence[Part], manner: Manner) -> list[bytes]:
    """The frames that say this sentence, to be sent one after the other's end."""
    cut = texts(parts, marks(manner), wide="utf-16-le", most=TEXT_MOST_BYTES)
    return [say(text, encoding) for encoding, text in cut]


def parser() -> FrameParser:
    """Reads what a host sends to this chip."""
    return FrameParser(FRAMING)
