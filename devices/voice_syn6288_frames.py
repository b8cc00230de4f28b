"""The voice chip SYN6288 (宇音天下): sentences as bytes and back. Pure.

9600 8N1. `FD lenH lenL CMD [PARAM text] XOR`; the length counts everything after it, the XOR byte too. PARAM: the
low three bits name the encoding (0 GB2312, 1 GBK, 2 BIG5, 3 UNICODE, high byte first), the rest background music 0..15.
Source: the maker's datasheet of 2016-03-09 (in github libdriver/syn6288, datasheet/).
"""

from __future__ import annotations

from collections.abc import Sequence

from devices.voice_frames import Command, Frame, FrameParser, Framing, Manner, Marks, Part, texts

BAUD = 9600
BAUDS = (9600, 19200, 38400)
TEXT_MOST_BYTES = 200
FRAMING = Framing(longest=203, closed_by_xor=True)
BETWEEN_FRAMES_S = 0.016
"""More than 8 ms between two frames; 16 ms after waking up or a new baud rate."""
MUSIC = range(16)

STATUS = FRAMING.encode(Frame(Command.STATUS))
STOP = FRAMING.encode(Frame(Command.STOP))
PAUSE = FRAMING.encode(Frame(Command.PAUSE))
RESUME = FRAMING.encode(Frame(Command.RESUME))
POWER_DOWN = FRAMING.encode(Frame(Command.POWER_DOWN))


def say(text: bytes, encoding: int = 0, music: int = 0) -> bytes:
    """Raises ValueError for more than 200 bytes of text."""
    if not 1 <= len(text) <= TEXT_MOST_BYTES:
        raise ValueError(f"a SYN6288 takes 1 to {TEXT_MOST_BYTES} bytes of text, not {len(text)}")
    if encoding not in range(4) or music not in MUSIC:
        raise ValueError(f"there is no encoding {encoding} with music {music}: 0 to 3, 0 to 15")
    return FRAMING.encode(Frame(Command.SAY, bytes((music << 3 | encoding,)) + text))


def baud(rate: int) -> bytes:
    if rate not in BAUDS:
        raise ValueError(f"a SYN6288 talks at {', '.join(map(str, BAUDS))} baud, not {rate}")
    return FRAMING.encode(Frame(Command.BAUD, bytes((BAUDS.index(rate),))))


def marks(manner: Manner) -> Marks:
    """[v0..16] volume, [m0] no music, [t0..5] speed, [y0] 幺 or [y1] 一, [n0..2] how figures are read.

    [v] and [m] are only understood at the beginning of a frame.
    """
    volume, speed = (manner.volume * 16 + 5) // 10, (manner.speed * 5 + 5) // 10
    before = f"[v{volume}][m0][t{speed}][y{0 if manner.yao else 1}]"
    return Marks(before, {"text": "[n0]", "digits": "[n1]", "value": "[n2]"})


def utter(parts: Sequence[Part], manner: Manner) -> list[bytes]:
    """The frames that say this sentence, to be sent one after the other's end."""
    cut = texts(parts, marks(manner), wide="utf-16-be", most=TEXT_MOST_BYTES)
    return [say(text, encoding) for encoding, text in cut]


def parser() -> FrameParser:
    """Reads what a host sends to this chip."""
    return FrameParser(FRAMING)
