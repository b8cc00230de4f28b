"""Breaking Chinese text into lines (避头尾, GB/T 15834—2011 5.1). Pure: the width of a text comes in as a function.

Han characters break anywhere; words of Latin letters and numbers stay whole; closing marks never begin a line and
opening marks never end one.
"""

import re
from collections.abc import Callable

NEVER_FIRST = frozenset("，。、；：？！）】》〉」』”’％%‰℃·…—～,.;:?!)]}")
NEVER_LAST = frozenset("（【《〈「『“‘￥¥([{")

_PIECES = re.compile(r"[0-9A-Za-z.,:/_+\-#&@=]+%?|\s|.", re.S)


def broken(text: str, width: float, measure: Callable[[str], float]) -> list[str]:
    """Lines no wider than `width`, unless a single word or a mark that may not stand first is."""
    return [line for paragraph in text.split("\n") for line in _paragraph(paragraph, width, measure)]


def _paragraph(text: str, width: float, measure: Callable[[str], float]) -> list[str]:
    lines: list[str] = []
    line = ""
    for piece in _units(text, width, measure):
        if line and measure(line + piece) > width:
            lines.append(line.rstrip())
            line = "" if piece.isspace() else piece
        else:
            line += piece
    return [*lines, line.rstrip()]


def _units(text: str, width: float, measure: Callable[[str], float]) -> list[str]:
    """What may not be parted: a word, a character with the closing marks behind and the opening marks before it."""
    units: list[str] = []
    for piece in _PIECES.findall(text):
        glued = units and not units[-1].isspace() and (piece in NEVER_FIRST or units[-1][-1] in NEVER_LAST)
        if glued and measure(units[-1] + piece) <= width:
            units[-1] += piece
        elif measure(piece) > width:
            units.extend(piece)  # a word wider than the column has to break somewhere
        else:
            units.append(piece)
    return units
