"""A whole screen: header with hall and clock, the page, footer with language and printer. Pure."""

from kiosk.box import Box
from kiosk.lettering import line_height, set_text
from kiosk.pages import page_of
from kiosk.screens import screen_of
from kiosk.sheet import Glance, Item, Sheet
from kiosk.state import State
from kiosk.wish_page import wish_row
from kiosk.words import date_words, hall_name, printer_words, say

HEADER = 168
HEADER_LANDSCAPE = 136
MARGIN = 48
#: Letters of the header's second line.
SMALL = 30


def lay_out(glance: Glance) -> Sheet:
    """Where everything stands and what it says; drawing, hit-testing and `Screen` all read this."""
    whole = Box(0, 0, glance.width, glance.height)
    header = whole.top(glance.px(HEADER if glance.portrait else HEADER_LANDSCAPE))
    footer = whole.foot(glance.touch + 2 * glance.px(20))
    body = Box(0, header.bottom, whole.width, footer.y - header.bottom)
    body = body.inset(glance.px(MARGIN), glance.px(36 if glance.portrait else 26))
    body = Box(body.x, body.y, body.width, footer.y - body.y - glance.px(8))
    foot, language = _footer(glance, footer)
    tools, body, foot = wish_row(glance, body, foot)
    page = page_of(glance, body, foot)
    status = [] if screen_of(glance.state) == "ticket" and not glance.portrait else _status(glance, foot)
    items = (*_header(glance, header), *page, *tools, *status, *language)
    return Sheet(screen_of(glance.state), glance.width, glance.height, items)


def _header(glance: Glance, box: Box) -> list[Item]:
    lang = glance.language
    inner = box.inset(glance.px(MARGIN), glance.px(18 if glance.portrait else 12))
    clock_width = glance.px(330)
    left = Box(inner.x, inner.y, inner.width - clock_width - glance.gap, inner.height)
    upper = left.top(left.height - line_height(glance.letters(SMALL)))
    name, machine = hall_name(glance.state.hall, lang), say("machine", lang)
    items = [Item("", "header", box)]
    if name == machine:
        upper = left
    items.append(glance.reading("hall", name, upper, glance.style(50, 24, ink="white", bold=True, most_lines=2)))
    if name != machine:
        style = glance.style(SMALL, 18, ink="white_quiet", most_lines=1)
        items.append(glance.reading("machine", machine, left.below(upper.height), style))
    return items + _clock(glance, inner.end(clock_width))


def _clock(glance: Glance, box: Box) -> list[Item]:
    """Hall time by the hub; without a hub there is no time that could be trusted."""
    if glance.clock is None:
        return []
    upper = box.top(box.height - line_height(glance.letters(SMALL)))
    return [
        glance.reading(
            "clock",
            f"{glance.clock:%H:%M}",
            upper,
            glance.style(64, ink="white", bold=True, across="right", most_lines=1),
        ),
        glance.reading(
            "date",
            date_words(glance.clock, glance.language),
            box.below(upper.height),
            glance.style(SMALL, 18, ink="white_quiet", across="right", most_lines=1),
        ),
    ]


def _footer(glance: Glance, box: Box) -> tuple[Box, list[Item]]:
    """The foot's free room, and the button of the other language beside it."""
    inner = box.inset(glance.px(MARGIN), glance.px(20))
    if len(glance.state.languages) < 2:
        return inner, []
    width = glance.px(230)
    button = glance.button("language", say("language", glance.language), inner.end(width))
    return inner.left(inner.width - width - glance.gap), [button]


def _status(glance: Glance, box: Box) -> list[Item]:
    status = status_words(glance.state)
    if not status:
        return []
    text = "\n".join(status)
    style = glance.style(28, 18, ink="warn", most_lines=2)
    lines = set_text(text, box.inset(glance.px(24), glance.px(4)), style, glance.measure)
    return [Item("status", "warn", box, text, lines)]


def status_words(state: State) -> list[str]:
    """At most two short lines for whoever looks after the machine, and for the citizen of a lost slip."""
    said = [say("unprinted", state.language, number=one.number) for one in state.unprinted[-1:]]
    if state.printer and screen_of(state) != "ticket":
        said.append(printer_words(state.printer, state.language))
    return said
