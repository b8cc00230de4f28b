"""Where a scanned ticket stands: its number, who is before it, where to go. Pure: (glance, box) → items."""

from hub.wire import PublicTicket
from kiosk.box import Box, columns
from kiosk.lettering import line_height
from kiosk.presented import Placed
from kiosk.sheet import Glance, Item
from kiosk.state import State
from kiosk.ticket_words import counter_labels
from kiosk.words import SOON_MINUTES, ahead_words, go_words, name_of, say, wait_words


def place_page(glance: Glance, box: Box) -> list[Item]:
    """The number large, its place under it, the buttons at the foot of one panel."""
    errand = glance.state.errand
    assert isinstance(errand, Placed)
    buttons = _buttons(glance, errand.ticket)
    wide = min(box.width, glance.px(1000 if glance.portrait else 1240))
    panel = box.centred(wide, min(box.height, glance.px(1180 if glance.portrait else 820)))
    inner = panel.inset(glance.px(48), glance.px(32))
    foot = inner.foot(glance.touch)
    room = Box(inner.x, inner.y, inner.width, foot.y - inner.y - glance.gap)
    head = room.top(round(room.height * 0.55))
    cut = Box(inner.x, head.bottom + glance.px(8), inner.width, 1)
    return [
        Item("", "panel", panel),
        *_head(glance, errand.ticket, head),
        Item("", "line", cut),
        *_lines(glance, errand.ticket, room.below(head.height + glance.px(16))),
        *(
            glance.button(name, text, at, primary=name == "rejoin" or len(buttons) == 1)
            for (name, text), at in zip(buttons, columns(foot, len(buttons), glance.gap), strict=True)
        ),
    ]


def _buttons(glance: Glance, ticket: PublicTicket) -> list[tuple[str, str]]:
    lang = glance.language
    done = say("done_in", lang, s=glance.seconds_left) if glance.seconds_left is not None else say("done", lang)
    return [*([("rejoin", say("rejoin", lang))] if ticket.may_return else []), ("done", done)]


def _head(glance: Glance, ticket: PublicTicket, box: Box) -> list[Item]:
    label = box.top(line_height(glance.letters(36)))
    name = box.foot(round(box.height * 0.27))
    number = Box(box.x, label.bottom, box.width, name.y - label.bottom)
    large = glance.style(number.height / glance.unit, 40, ink="brand", bold=True, across="centre", most_lines=1)
    service = name_of(ticket.service_names, glance.language)
    return [
        glance.reading(
            "your_number",
            say("your_number", glance.language),
            label,
            glance.style(36, ink="quiet", across="centre"),
        ),
        glance.reading("number", ticket.number, number, large),
        glance.reading("service_name", service, name, glance.style(44, 22, bold=True, most_lines=2, across="centre")),
    ]


def _lines(glance: Glance, ticket: PublicTicket, box: Box) -> list[Item]:
    sentences = place_lines(glance.state, ticket)
    height = min(box.height // len(sentences), glance.px(92))
    top = box.y + (box.height - height * len(sentences)) // 2
    first = glance.style(48, 20, ink="brand", bold=True, across="centre", most_lines=2)
    rest = glance.style(42, 20, across="centre", most_lines=2)
    return [
        glance.reading(
            "reading" if at else "place", text, Box(box.x, top + at * height, box.width, height), rest if at else first
        )
        for at, text in enumerate(sentences)
    ]


def place_lines(state: State, ticket: PublicTicket) -> list[str]:
    """What a citizen should know of the ticket now, the most important line first."""
    lang = state.language
    if ticket.state != "waiting":
        return _elsewhere(state, ticket)
    lines = [ahead_words(ticket.ahead or 0, lang)]
    if ticket.pause:
        lines.append(say("place_pause", lang))
    elif ticket.wait_minutes is not None and (not ticket.ahead or ticket.wait_minutes.high > SOON_MINUTES):
        lines.append(wait_words(ticket.wait_minutes, lang))
    return [*lines, go_words(counter_labels(ticket.counters, state.hall, lang), lang)]


def _elsewhere(state: State, ticket: PublicTicket) -> list[str]:
    """It waits no longer: where it is, or that it is over."""
    lang = state.language
    labels = counter_labels([ticket.counter], state.hall, lang) if ticket.counter else []
    counter = say("counters", lang, list=labels[0]) if labels and labels[0].isascii() else "".join(labels)
    words = say(f"place_{ticket.state}", lang, counter=counter or say("place_counter", lang))
    if ticket.state != "no_show":
        return [words]
    return [words, say("place_return" if ticket.may_return else "place_no_return", lang)]
