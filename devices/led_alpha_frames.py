"""Alpha and BetaBrite signs: one text frame. Pure; no driver, for these signs have no Chinese font.

NUL ×5, SOH, type, address, STX, command, ETX, sum of STX to ETX as four hexadecimal digits, EOT; 9600 7E1.
Positions from tastewar/BetaBrite BBDEFS.h; the frame of PyPI alphasignpy 0.1.1 is among the tests.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from devices.errors import BadFrame

MIDDLE, TOP, BOTTOM, FILL = " ", '"', "&", "0"
ROTATE, HOLD = "a", "b"
_FRAME = re.compile(rb"\0{5,}\x01(.)(..)(\x02A(.)\x1b(.)(.)([^\x03]*)\x03)([0-9A-F]{4})\x04", re.DOTALL)


@dataclass(frozen=True)
class SignText:
    """A text file of a sign: label `0` is the one of highest priority, address `00` every sign."""

    text: str
    label: str = "0"
    position: str = BOTTOM
    mode: str = HOLD
    kind: str = "Z"
    address: str = "00"


def encode(sign: SignText) -> bytes:
    """Raises UnicodeEncodeError for what is not ASCII."""
    body = f"\x02A{sign.label}\x1b{sign.position}{sign.mode}{sign.text}\x03".encode("ascii")
    head = b"\0" * 5 + b"\x01" + f"{sign.kind}{sign.address}".encode("ascii")
    return head + body + b"%04X\x04" % (sum(body) & 0xFFFF)


def decode(frame: bytes) -> SignText:
    """Raises BadFrame."""
    parts = _FRAME.fullmatch(frame)
    if parts is None or sum(parts[3]) & 0xFFFF != int(parts[8], 16) or not frame.isascii():
        raise BadFrame("no text for a sign", data=frame)
    kind, address, _, label, position, mode, text, _ = (part.decode("ascii") for part in parts.groups())
    return SignText(text, label, position, mode, kind, address)
