"""The middle of every screen: the services, a ticket, a message. Pure: (glance, box) → items."""

from dataclasses import replace
from datetime import datetime

from kiosk.box import Box, columns
from kiosk.closing_words import closed_title, closed_words, refused_words
from kiosk.lettering import line_height, set_text
from kiosk.openings import hall_opening, next_numbers
from kiosk.pairing_page import pairing_page
from kiosk.place_page import place_page
from kiosk.presented import Awaiting, Unplaced
from kiosk.screens import may_retry, screen_of
from kiosk.service_grid import services_page
from kiosk.sheet import Glance, Item
from kiosk.slips import may_reprint
from kiosk.state import Issuing, NoNumber, Shown, State
from kiosk.theme import Ink, Look
from kiosk.ticket_words import bring_words, ticket_lines
from kiosk.wish_page import priorities_page
from kiosk.words import (
    paper_words,
    problem_words,
    say,
    service_name,
)

#: Height of the strip about the paper; a landscape screen higher than this (in units) gives it a row of its own.
STRIP = 100
ROOMY = 980

_STRIPS: dict[str, Look] = {
    "none": "info",
    "printing": "info",
    "printed": "good",
    "not_printed": "bad",
    "unknown": "warn",
    "held": "warn",
}

_MARKS: dict[str, Look] = {
    "starting": "mark_wait",
    "issuing": "mark_wait",
    "looking": "mark_wait",
    "card": "mark_card",
    "unplaced": "mark_bad",
    "stopping": "mark_closed",
    "closed": "mark_closed",
    "empty": "mark_closed",
    "hub_away": "mark_bad",
    "hub_refused": "mark_bad",
    "hub_untrusted": "mark_bad",
    "no_number": "mark_bad",
}


def page_of(glance: Glance, box: Box, foot: Box) -> list[Item]:
    """`foot` is free room in the footer; a landscape ticket puts its buttons there and leaves the box to the number."""
    screen = screen_of(glance.state)
    if screen == "services":
        return services_page(glance, box)
    if screen == "priorities":
        return priorities_page(glance, box)
    if screen == "place":
        return place_page(glance, box)
    if screen == "pairing":
        return pairing_page(glance, box)
    return ticket_page(glance, box, foot) if screen == "ticket" else message_page(glance, box)


# --- a ticket --------------------------------------------------------------------------------------------------------


def ticket_page(glance: Glance, box: Box, foot: Box) -> list[Item]:
    """The number as large as it goes, its QR, what the paper does, and the way back."""
    errand = glance.state.errand
    assert isinstance(errand, Shown)
    if not glance.portrait:
        roomy = glance.height >= ROOMY * glance.unit
        strip = box.foot(glance.px(STRIP)) if roomy else None
        above = glance.px(STRIP) + 2 * glance.px(14) if roomy else glance.px(14)
        panel = Box(box.x, box.y, box.width, box.height - above)
        if strip:
            strip = Box(strip.x, panel.bottom + glance.px(18), strip.width, strip.height)
        return [
            Item("", "panel", panel),
            *_ticket_landscape(glance, errand, panel),
            *_ticket_foot(glance, errand, foot, strip),
        ]
    foot = box.foot(glance.px(150) + glance.gap + glance.touch)
    panel = Box(box.x, box.y, box.width, box.height - foot.height - glance.gap)
    return [
        Item("", "panel", panel),
        *_ticket_portrait(glance, errand, panel),
        *_ticket_foot(glance, errand, foot, None),
    ]


def _ticket_portrait(glance: Glance, errand: Shown, panel: Box) -> list[Item]:
    inner = panel.inset(glance.px(56), glance.px(40))
    head = inner.top(round(inner.height * 0.38))
    rest = inner.below(head.height + glance.px(36))
    code = rest.foot(min(glance.px(450), round(rest.height * 0.54)))
    text = Box(rest.x, rest.y, rest.width, rest.height - code.height - glance.gap)
    cut = Box(panel.x, head.bottom + glance.px(18), panel.width, 1)
    return [
        *_number(glance, errand, head),
        Item("", "perforation", cut),
        *_facts(glance, errand, text),
        *_code(glance, errand, code),
    ]


def _ticket_landscape(glance: Glance, errand: Shown, panel: Box) -> list[Item]:
    inner = panel.inset(glance.px(48), glance.px(28))
    side = min(round(inner.width * 0.30), inner.height)
    left = Box(inner.x, inner.y, inner.width - side - glance.px(56), inner.height)
    head = left.top(round(left.height * 0.56))
    cut = Box(left.x, head.bottom + glance.px(8), left.width, 1)
    return [
        *_number(glance, errand, head),
        Item("", "line", cut),
        *_facts(glance, errand, left.below(head.height + glance.px(16))),
        *_code(glance, errand, inner.end(side)),
    ]


def _number(glance: Glance, errand: Shown, box: Box) -> list[Item]:
    lang, ticket = glance.language, errand.ticket
    label = box.top(line_height(glance.letters(36)))
    name = box.foot(round(box.height * 0.26))
    number = Box(box.x, label.bottom, box.width, name.y - label.bottom)
    large = glance.style(number.height / glance.unit, 40, ink="brand", bold=True, across="centre", most_lines=1)
    service = service_name(ticket.service, glance.state.hall, lang)
    return [
        glance.reading("your_number", say("your_number", lang), label, glance.style(36, ink="quiet", across="centre")),
        glance.reading("number", ticket.number, number, large),
        glance.reading("service_name", service, name, glance.style(44, 22, bold=True, most_lines=2, across="centre")),
    ]


def _facts(glance: Glance, errand: Shown, box: Box) -> list[Item]:
    lang, hall = glance.language, glance.state.hall
    *reading, where = ticket_lines(errand.ticket, hall, lang)
    sentences = [("reading", line) for line in reading] + [("where", where)]
    bring = bring_words(errand.ticket, hall, lang)
    if bring:
        sentences.append(("bring", bring))
    height = min(box.height // len(sentences), glance.px(92))
    top = box.y + (box.height - height * len(sentences)) // 2
    looks = {
        "reading": glance.style(46, 20, across="centre", most_lines=2),
        "where": glance.style(48, 20, ink="brand", bold=True, across="centre", most_lines=2),
        "bring": glance.style(36, 18, ink="quiet", across="centre", most_lines=2),
    }
    return [
        glance.reading(name, text, Box(box.x, top + at * height, box.width, height), looks[name])
        for at, (name, text) in enumerate(sentences)
    ]


def _code(glance: Glance, errand: Shown, box: Box) -> list[Item]:
    """The QR of the ticket's page; without an address there is none to show."""
    if not errand.ticket.status_url:
        return []
    caption_height = line_height(glance.letters(30)) * (1 if glance.portrait else 2)
    side = min(box.width, box.height - caption_height)
    code = Box(box.x + (box.width - side) // 2, box.y + (box.height - side - caption_height) // 2, side, side)
    caption = Box(box.x, code.bottom, box.width, caption_height)
    style = glance.style(30, 18, ink="quiet", across="centre", most_lines=2)
    return [
        Item("qr", "qr", code, errand.ticket.status_url),
        glance.reading("scan", say("scan", glance.language), caption, style),
    ]


def _ticket_foot(glance: Glance, errand: Shown, box: Box, strip: Box | None) -> list[Item]:
    """What the paper does and the buttons: under each other in portrait, beside each other elsewhere."""
    lang = glance.language
    done = say("done_in", lang, s=glance.seconds_left) if glance.seconds_left is not None else say("done", lang)
    buttons = [("done", done, True)]
    if may_reprint(glance.state):
        buttons.insert(0, ("reprint", say("reprint", lang), False))
    if glance.portrait:
        strip, row = box.top(glance.px(150)), box.foot(glance.touch)
    else:
        width = glance.px(250) * len(buttons) + glance.gap * (len(buttons) - 1)
        strip, row = strip or box.left(box.width - width - glance.gap), box.end(width)
    boxes = columns(row, len(buttons), glance.gap)
    return [
        _strip(glance, errand, strip),
        *(glance.button(name, text, at, primary=main) for (name, text, main), at in zip(buttons, boxes, strict=True)),
    ]


def _strip(glance: Glance, errand: Shown, box: Box) -> Item:
    look: Look = "warn" if errand.trouble == "one_way" else _STRIPS[errand.paper]
    text = paper_words(errand.paper, errand.trouble, glance.language)
    inks: dict[Look, Ink] = {"good": "good", "bad": "bad", "warn": "warn", "info": "brand"}
    style = glance.style(36, 18, ink=inks[look], bold=True, across="centre")
    return Item("paper", look, box, text, set_text(text, box.inset(glance.px(24), glance.px(8)), style, glance.measure))


# --- a message -------------------------------------------------------------------------------------------------------


def message_page(glance: Glance, box: Box) -> list[Item]:
    """One thing to know, and what to do about it; the panel is as high as that needs."""
    screen = screen_of(glance.state)
    buttons = _message_buttons(glance)
    wide = min(box.width, glance.px(1000 if glance.portrait else 1120))
    across, gap = glance.px(56), glance.px(24)
    down, mark, title, size = (
        (glance.px(64), glance.px(190), glance.px(140), 46)
        if glance.portrait
        else (glance.px(40), glance.px(136), glance.px(88), 40)
    )
    row = glance.touch + 2 * gap if buttons else 0
    style = glance.style(size, 20, ink="quiet", across="centre", down="top")
    room = Box(0, 0, wide - 2 * across, max(1, box.height - 2 * down - mark - title - 2 * gap - row))
    more = set_text(_more(glance), room, style, glance.measure)
    more_height = sum(line.box.height for line in more)
    panel = box.centred(wide, 2 * down + mark + title + 2 * gap + more_height + row)
    inner = panel.inset(across, down)
    title_box = Box(inner.x, inner.y + mark + gap, inner.width, title)
    more_box = Box(inner.x, title_box.bottom + gap, inner.width, more_height)
    title_style = glance.style(68 if glance.portrait else 58, 30, bold=True, across="centre", most_lines=2)
    foot = columns(inner.foot(glance.touch), max(1, len(buttons)), glance.gap)
    return [
        Item("", "panel", panel),
        Item("", _MARKS[screen], inner.top(mark).centred(mark, mark)),
        glance.reading("title", _title(glance), title_box, title_style),
        glance.reading("more", _more(glance), more_box, replace(style, size=more[0].size)),
        *(
            glance.button(name, text, at, primary=name == "done")
            for (name, text), at in zip(buttons, foot, strict=False)
        ),
    ]


def _message_buttons(glance: Glance) -> list[tuple[str, str]]:
    lang = glance.language
    if isinstance(glance.state.errand, Awaiting):
        return [("back", say("back", lang)), ("without_card", say("without_card", lang))]
    if screen_of(glance.state) not in ("no_number", "unplaced"):
        return []
    done = say("done_in", lang, s=glance.seconds_left) if glance.seconds_left is not None else say("done", lang)
    return [*([("retry", say("retry", lang))] if may_retry(glance.state) else []), ("done", done)]


def _title(glance: Glance) -> str:
    screen: str = screen_of(glance.state)
    lang = glance.language
    if isinstance(glance.state.errand, Unplaced):
        screen = f"unplaced_{glance.state.errand.code}"
    if isinstance(glance.state.errand, NoNumber) and glance.state.errand.number:
        return say("live_ticket_title", lang, number=glance.state.errand.number)
    return closed_title(hall_opening(glance.state), lang) if screen == "closed" else say(screen, lang)


def _more(glance: Glance) -> str:
    state, lang = glance.state, glance.language
    errand = state.errand
    if isinstance(errand, Issuing):
        name = service_name(errand.service, state.hall, lang)
        return f"{name}\n{say('issuing_again', lang)}" if errand.tries > 1 or errand.again_at_s else name
    if isinstance(errand, Awaiting):
        return f"{service_name(errand.service, state.hall, lang)}\n{say(_card_hint(state), lang)}"
    if isinstance(errand, Unplaced):
        return say(f"unplaced_{errand.code}_more", lang)
    if isinstance(errand, NoNumber):
        if errand.number:
            return say("live_ticket", lang, number=errand.number)
        refused = refused_words(errand.code, _in_hall_time(glance, errand.opens_at), glance.clock, lang)
        return refused or problem_words(errand.code, errand.detail, lang)
    if screen_of(state) == "closed":
        return closed_words(_in_hall_time(glance, next_numbers(state)), glance.clock, lang)
    return say(f"{screen_of(state)}_more", lang)


def _card_hint(state: State) -> str:
    if not state.has_reader:
        return "card_away"
    return "card_unread" if state.unread_until_s is not None else "card_more"


def _in_hall_time(glance: Glance, at: datetime | None) -> datetime | None:
    return at.astimezone(glance.clock.tzinfo) if at and glance.clock else at
