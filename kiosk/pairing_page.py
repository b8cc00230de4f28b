"""The code of a machine that is not paired yet, for whoever lets it in. Pure: (glance, box) → items."""

from dataclasses import dataclass

from kiosk.box import Box
from kiosk.lettering import Style
from kiosk.sheet import Glance, Item
from kiosk.words import say

#: The panel is never higher than this much of the free room, in units.
MOST_HEIGHT = 1240


@dataclass(frozen=True)
class Row:
    """A text and its share of the panel's height."""

    name: str
    text: str
    share: float
    style: Style


def pairing_page(glance: Glance, box: Box) -> list[Item]:
    """The code as large as it goes, what to do with it, and what to compare before."""
    rows = _rows(glance)
    wide = min(box.width, glance.px(1000 if glance.portrait else 1320))
    whole = sum(row.share for row in rows)
    panel = box.centred(wide, min(box.height, round(glance.px(MOST_HEIGHT) * whole)))
    inner = panel.inset(glance.px(48), glance.px(30))
    items, top = [Item("", "panel", panel)], inner.y
    for row in rows:
        height = round(inner.height * row.share / whole)
        items.append(glance.reading(row.name, row.text, Box(inner.x, top, inner.width, height), row.style))
        top += height
    return items


def _rows(glance: Glance) -> list[Row]:
    lang, code = glance.language, glance.state.code
    assert code is not None
    quiet = glance.style(36 if glance.portrait else 28, 18, ink="quiet", across="centre", most_lines=4)
    rows = [
        Row("title", say("pairing", lang), 0.13, glance.style(60, 26, bold=True, across="centre", most_lines=2)),
        Row("code", code.code, 0.24, glance.style(190, 60, ink="brand", bold=True, across="centre", most_lines=1)),
        Row(
            "how",
            say("pairing_how", lang, code=code.code),
            0.21,
            glance.style(40 if glance.portrait else 34, 18, across="centre", most_lines=4),
        ),
    ]
    if code.fingerprint:
        groups = code.fingerprint.split()
        in_line = 4 if glance.portrait else len(groups)
        lines = "\n".join("  ".join(groups[at : at + in_line]) for at in range(0, len(groups), in_line))
        rows += [
            Row("compare", say("pairing_compare", lang), 0.1, quiet),
            Row(
                "fingerprint",
                lines,
                0.16 if glance.portrait else 0.11,
                glance.style(56 if glance.portrait else 46, 20, bold=True, across="centre", most_lines=2),
            ),
        ]
    return [
        *rows,
        Row("hub", say("pairing_hub", lang, hub=code.hub), 0.07, quiet),
        Row("visitors", say("pairing_visitors", lang), 0.09, quiet),
    ]
