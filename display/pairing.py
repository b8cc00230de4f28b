"""The code of a screen that is not paired yet, over the whole glass, for whoever lets it in. Pure."""

from dataclasses import dataclass

from display.boxes import Box
from display.layout import Size, standing, unit
from display.marks import Line, Panel, Plate, line
from display.theme import AMBER, INK, INK_SOFT, PANEL, RULE, Colour
from display.words import Languages, say, word


@dataclass(frozen=True)
class Code:
    """`fingerprint` is empty where nothing is to be compared."""

    code: str
    hub: str
    fingerprint: str = ""


@dataclass(frozen=True)
class Row:
    name: str
    text: str
    share: float
    size: int
    colour: Colour = INK
    heavy: bool = False


def pairing_panels(code: Code, size: Size, languages: Languages) -> tuple[Panel, ...]:
    """One panel: the code as large as it goes, what to do with it, what to compare before."""
    u = unit(size)
    box = Box(0, 0, *size).inset(round(28 * u), round(18 * u))
    rows = _rows(code, languages, upright=standing(size))
    boxes = box.inset(round(40 * u), round(30 * u)).rows([row.share for row in rows])
    lines = [
        line(row.name, row.text, row.size * u, row.colour, place, "centre", heavy=row.heavy, least=0.4)
        for row, place in zip(rows, boxes, strict=True)
    ]
    marks: tuple[Plate | Line, ...] = (Plate(box, PANEL, round(20 * u), RULE, max(2, round(2 * u))), *lines)
    return (Panel("pairing", box, marks),)


def _rows(code: Code, languages: Languages, *, upright: bool) -> list[Row]:
    language = languages[0]
    rows = [
        Row("pairing", say("pairing", languages[:1] if upright else languages), 0.14, 72, heavy=True),
        Row("pairing.code", code.code, 0.3, 170 if upright else 260, AMBER, heavy=True),
        Row("pairing.how", word("pairing_how", language), 0.1, 52),
        Row("pairing.command", word("pairing_command", language, code=code.code), 0.1, 52),
    ]
    if code.fingerprint:
        groups = code.fingerprint.split()
        in_line = 4 if upright else 8
        parts = ["  ".join(groups[at : at + in_line]) for at in range(0, len(groups), in_line)]
        rows.append(Row("pairing.compare", word("pairing_compare", language), 0.1, 44, INK_SOFT))
        rows += [Row(f"pairing.fingerprint.{at}", part, 0.1, 72, heavy=True) for at, part in enumerate(parts)]
    return [*rows, Row("pairing.hub", word("pairing_hub", language, hub=code.hub), 0.08, 40, INK_SOFT)]
