"""The services a citizen chooses from, in pages of large cards. Pure."""

from dataclasses import dataclass, replace
from datetime import datetime

from hub.wire import Language, Service, WaitRange
from kiosk.box import Box, columns
from kiosk.closing_words import closed_short
from kiosk.lettering import Line, line_height, set_text
from kiosk.openings import can_be_taken, closed_why
from kiosk.sheet import Glance, Item
from kiosk.state import Browsing, State
from kiosk.theme import Ink, Look
from kiosk.wishes import SERVICES_MOST, service_chosen
from kiosk.words import name_of, say, service_name, waiting_words

CARD_LEAST = 138
#: With names that take three lines.
CARD_LEAST_WORDY = 204
CARD_MOST = 220
CARD_WIDTH_LEAST = 400
#: Badge, arrow and margins of a card; and the letters a long name is never pressed under.
BESIDE_NAME = 250
NAME_READABLE = 32


@dataclass(frozen=True)
class Grid:
    """How many cards fit."""

    across: int
    down: int

    @property
    def room(self) -> int:
        return self.across * self.down


def services_page(glance: Glance, box: Box) -> list[Item]:
    browsing = glance.state.errand
    assert isinstance(browsing, Browsing)
    services = glance.state.children(browsing.parent)
    head = box.top(max(glance.touch, line_height(glance.letters(52)) + line_height(glance.letters(32))))
    area = box.below(head.height + glance.gap)
    grid = _grid(glance, area, services)
    pager = None
    if len(services) > grid.room and glance.portrait:
        pager, area = area.foot(glance.touch), Box(area.x, area.y, area.width, area.height - glance.touch - glance.gap)
        grid = Grid(grid.across, _down(glance, area, services))
    elif len(services) > grid.room:
        width = glance.px(250) * 2 + glance.px(170)
        pager, head = head.end(width), head.left(head.width - width - glance.gap)
    pages = -(-len(services) // grid.room)
    page = min(browsing.page, pages - 1)
    shown = services[page * grid.room : (page + 1) * grid.room]
    items = [*_heading(glance, browsing, head), *_cards(glance, shown, grid, area, pages)]
    return items + (_pager(glance, pager, page, pages) if pager else [])


def _down(glance: Glance, area: Box, services: tuple[Service, ...]) -> int:
    wordy = _longest(glance, services) > glance.px(CARD_WIDTH_LEAST)
    least = max(glance.touch, glance.px(CARD_LEAST_WORDY if wordy else CARD_LEAST))
    return max(1, (area.height + glance.gap) // (least + glance.gap))


def _grid(glance: Glance, area: Box, services: tuple[Service, ...]) -> Grid:
    """The fewest columns that show everything; when nothing does, as many as the longest name allows."""
    down = _down(glance, area, services)
    widest = max(1, (area.width + glance.gap) // (_card_width(glance, services) + glance.gap))
    fewest = 1 if glance.portrait or len(services) == 1 else min(2, widest)
    across = next((across for across in range(fewest, widest + 1) if len(services) <= across * down), widest)
    return Grid(across, down)


def _card_width(glance: Glance, services: tuple[Service, ...]) -> int:
    """Wide enough for the longest name in three lines of readable letters."""
    return max(glance.px(CARD_WIDTH_LEAST), _longest(glance, services) * 2 // 5 + glance.px(BESIDE_NAME))


def _longest(glance: Glance, services: tuple[Service, ...]) -> int:
    size = glance.letters(NAME_READABLE)
    return max((glance.measure(name_of(one.names, glance.language), size, True) for one in services), default=0)


def _heading(glance: Glance, browsing: Browsing, box: Box) -> list[Item]:
    lang, state = glance.language, glance.state
    parent = state.service(browsing.parent) if browsing.parent else None
    title, hint = say("choose", lang), _offers(state)
    if state.wish.services is not None:
        title, hint = say("choose_several", lang, most=SERVICES_MOST), _chosen(state, lang)
    items = []
    if parent is not None:
        title = name_of(parent.names, lang)
        hint = say("choose_in", lang) if state.wish.services is None else hint
        width = glance.px(200)
        items = [glance.button("back", say("back", lang), box.left(width).centred(width, glance.touch))]
        box = box.after(width + glance.px(32))
    ink: Ink = "text"
    card = _card_words(state)
    if card:
        hint = title if state.wish.services is None else hint
        title, ink = card
    lines = line_height(glance.letters(52)), line_height(glance.letters(32))
    box = box.centred(box.width, sum(lines))
    top = box.top(lines[0])
    return [
        *items,
        glance.reading("title", title, top, glance.style(52, 26, ink=ink, bold=True, most_lines=2)),
        glance.reading("hint", hint, box.below(top.height), glance.style(32, ink="quiet", most_lines=1)),
    ]


def _card_words(state: State) -> tuple[str, Ink] | None:
    """What became of a card that was laid on the reader; it comes before everything else."""
    if state.unread_until_s is not None:
        return say("card_unread", state.language), "warn"
    if state.person:
        return say("card_read", state.language, tail=state.person.tail), "good"
    return None


def _offers(state: State) -> str:
    """What can be presented here; a device that is away is not offered."""
    offers = [("present_card", state.has_reader), ("present_code", state.has_scanner)]
    said = [say(name, state.language) for name, there in offers if there]
    return ("；" if state.language != "en" else "; ").join(said) or say("choose_hint", state.language)


def _chosen(state: State, lang: Language) -> str:
    names = [service_name(code, state.hall, lang) for code in state.wish.services or ()]
    return say("chosen", lang, n=len(names), list=" → ".join(names)) if names else say("nothing_chosen", lang)


def _cards(glance: Glance, services: tuple[Service, ...], grid: Grid, area: Box, pages: int) -> list[Item]:
    """Cards grow to fill the page, but not beyond what a finger and an eye need."""
    down = grid.down if pages > 1 else -(-len(services) // grid.across)
    height = min(glance.px(CARD_MOST), (area.height - glance.gap * (down - 1)) // max(1, down))
    across = columns(area, grid.across, glance.gap)
    items: list[Item] = []
    for at, service in enumerate(services):
        column, row = across[at % grid.across], at // grid.across
        items += _card(glance, service, Box(column.x, area.y + row * (height + glance.gap), column.width, height))
    return items


def _card(glance: Glance, service: Service, box: Box) -> list[Item]:
    state, lang = glance.state, glance.language
    on = can_be_taken(state, service)
    inner = box.inset(glance.px(28), glance.px(12))
    side = min(glance.px(104), inner.height, round(box.width * 0.2))
    badge = Box(inner.x, inner.y + (inner.height - side) // 2, side, side)
    arrow = glance.px(18)
    left = badge.right + glance.px(26)
    text = Box(left, inner.y, inner.right - left - (2 * arrow if on else 0), inner.height)
    name, wait = name_of(service.names, lang), _second_line(state, service, on, glance.clock)
    place = service_chosen(state, service)
    letter = str(place) if place else service.prefix or name[:1]
    card: Look = "card_chosen" if place else "card" if on else "card_off"
    mark: Look = "badge_chosen" if place else "badge" if on else "badge_off"
    leads_on = on and (state.wish.services is None or bool(state.children(service.code)))
    letter_style = glance.style(side * 0.56 / glance.unit, 18, ink="white", bold=True, across="centre", most_lines=1)
    items = [
        Item(
            f"service:{service.code}",
            card,
            box,
            f"{name}\n{wait}",
            _card_lines(glance, name, wait, text, on),
            touchable=on,
        ),
        Item(
            "",
            mark,
            badge,
            letter,
            set_text(letter, badge.inset(side // 12), letter_style, glance.measure),
        ),
    ]
    return [*items, Item("", "chevron", Box(inner.right - arrow, inner.y, arrow, inner.height))] if leads_on else items


def _card_lines(glance: Glance, name: str, wait: str, box: Box, on: bool) -> tuple[Line, ...]:
    """The name with the wait right under it, both together in the middle of the card."""
    wait_height = line_height(glance.letters(34))
    ink: Ink = "text" if on else "off"
    room = Box(box.x, box.y, box.width, box.height - wait_height)
    name_lines = set_text(
        name, room, glance.style(46, 22, ink=ink, bold=True, most_lines=3, down="top"), glance.measure
    )
    height = sum(line.box.height for line in name_lines)
    lower = (box.height - height - wait_height) // 2
    named = tuple(replace(line, box=replace(line.box, y=line.box.y + lower)) for line in name_lines)
    under = Box(box.x, box.y + lower + height, box.width, wait_height)
    style = glance.style(34, 18, ink="brand" if on else "off", most_lines=1)
    return (*named, *set_text(wait, under, style, glance.measure))


def _second_line(state: State, service: Service, on: bool, now: datetime | None) -> str:
    language = state.language
    if not on:
        return closed_short(closed_why(state, service), now, language)
    children = state.children(service.code)
    if children:
        return say("items", language, n=len(children))
    waiting, wait = live_wait(state, service)
    return waiting_words(waiting, wait, language, numbers_left(state, service))


def live_wait(state: State, service: Service) -> tuple[int, WaitRange | None]:
    """From the board if it has the service, else as the hall was read."""
    live = state.live.get(service.code)
    return (live.waiting, live.wait_minutes) if live else (service.waiting, service.wait_minutes)


def numbers_left(state: State, service: Service) -> int | None:
    live = state.live.get(service.code)
    return live.quota_left if live else service.quota_left


def _pager(glance: Glance, box: Box, page: int, pages: int) -> list[Item]:
    lang = glance.language
    side = (box.width - glance.px(170)) // 2
    before, middle, after = box.left(side), box.after(side).left(glance.px(170)), box.end(side)
    where = say("page", lang, page=page + 1, pages=pages)
    style = glance.style(34, 20, ink="quiet", across="centre", most_lines=1)
    items = [glance.reading("pages", where, middle, style)]
    if page > 0:
        items.append(glance.button(f"page:{page - 1}", say("previous", lang), before))
    if page < pages - 1:
        items.append(glance.button(f"page:{page + 1}", say("next", lang), after, primary=True))
    return items
