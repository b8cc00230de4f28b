"""A view laid out on the glass: every text with its place, size and colour. Pure; `draw` puts it on a surface."""

from collections.abc import Iterator

from display.boxes import Box
from display.layout import Regions, Size, card_boxes, counter_grid, number_size, page_of, regions, standing, unit
from display.marks import Line, Panel, Plate, Run, line
from display.theme import (
    AMBER,
    AMBER_INK,
    CALL_GROUNDS,
    CAPITAL,
    INK,
    INK_SOFT,
    MOOD_INK,
    PANEL,
    PANEL_HIGH,
    RULE,
    WARNING,
    WARNING_INK,
)
from display.view import CallCard, CounterRow, Headings, ServiceRow, Sign, View
from hub.wire.labels import columns


def panels(view: View, size: Size, turn: int) -> tuple[Panel, ...]:
    """All panels of the screen; `turn` says which page of a long list is shown."""
    u = unit(size)
    if not view.counters and not view.services:
        return _empty(view, size, u)
    places = regions(size, warning=bool(view.warning), recent=bool(view.recent), footer=bool(view.notice))
    return (
        _header(view, places.header, u),
        *_warning(view, places, u),
        *(_calls(view, places.calls, size)),
        *_recent(view, places, u),
        *_counters(view, places.counters, u, turn),
        _services(view.services, view.headings, places.services, u, turn),
        _missed(view, places.missed, u),
        *_footer(view, places, u),
    )


def _empty(view: View, size: Size, u: float) -> tuple[Panel, ...]:
    """A screen that never had a board, or a hall without counters: one sentence over the whole glass."""
    places = regions(size, warning=False, recent=False, footer=False)
    area = Box(places.calls.x, places.calls.y, places.calls.width, places.missed.bottom - places.calls.y)
    return (_header(view, places.header, u), _sign(view.sign or Sign(""), area, u))


def _header(view: View, box: Box, u: float) -> Panel:
    narrow = box.width < 1300 * u
    shares = [0.43, 0.18, 0.21, 0.18] if narrow else [0.56, 0.16, 0.16, 0.12]
    left, middle, date, clock = box.columns(shares, round(10 * u))
    small = (28 if narrow else 32) * u
    return Panel(
        "header",
        box,
        (
            line("hall", view.hall, 50 * u, INK, left, heavy=True),
            line("opening", view.opening, small, INK_SOFT, middle, "right"),
            line("date", view.date, small, INK_SOFT, date, "right"),
            line("clock", view.clock, 66 * u, INK, clock, "right", heavy=True),
        ),
    )


def _warning(view: View, places: Regions, u: float) -> Iterator[Panel]:
    if places.warning:
        box = places.warning
        text = line(
            "warning", "！" + view.warning, 34 * u, WARNING_INK, box.inset(round(20 * u), 0), "centre", heavy=True
        )
        yield Panel("warning", box, (Plate(box, WARNING, round(12 * u), WARNING_INK, max(2, round(3 * u))), text))


def _calls(view: View, area: Box, size: Size) -> Iterator[Panel]:
    upright = standing(size)
    if not view.cards:
        yield _sign(view.sign or Sign(""), area, unit(size))
        return
    boxes = card_boxes(area, len(view.cards), upright=upright, gap=round(14 * unit(size)))
    for place, (card, box) in enumerate(zip(view.cards, boxes, strict=True), 1):
        alone = len(view.cards) == 1 and not upright
        yield (_card_alone if alone else _card_stacked)(f"call.{place}", card, box, size)


def _sign(sign: Sign, box: Box, u: float) -> Panel:
    inner = box.inset(round(40 * u), round(30 * u))
    title, detail = inner.rows([0.6, 0.4]) if sign.detail else (inner, None)
    marks: list[Plate | Line] = [
        Plate(box, PANEL, round(20 * u), RULE, max(2, round(2 * u))),
        line("sign", sign.title, 96 * u, INK, title, "centre", heavy=True),
    ]
    if detail:
        marks.append(line("sign.detail", sign.detail, 60 * u, AMBER, detail, "centre"))
    return Panel("call.sign", box, tuple(marks))


def _card_plate(card: CallCard, box: Box, u: float) -> Plate:
    radius = round(20 * u)
    if card.fresh:
        return Plate(box, CALL_GROUNDS[card.phase % 2], radius)
    return Plate(box, PANEL_HIGH, radius, AMBER, max(2, round(4 * u)))


def _inks(card: CallCard) -> tuple[tuple[int, int, int], tuple[int, int, int]]:
    """Colours of the number and of the words around it."""
    return (AMBER_INK, AMBER_INK) if card.fresh else (AMBER, INK)


def _card_alone(name: str, card: CallCard, box: Box, size: Size) -> Panel:
    """One call on a lying screen: a sentence over the whole width, number and counter equally large."""
    u = unit(size)
    strong, soft = _inks(card)
    inner = box.inset(round(36 * u), round(14 * u))
    caption, sentence, *second = inner.rows([0.17, 0.68, 0.15] if card.second else [0.17, 0.83])
    big = max(number_size(size), round(min(sentence.height * 0.86, 0.24 * size[1]) / CAPITAL))
    words, gap = round(big * 0.36), " "
    named = len(card.place.large) > 4
    runs = (
        Run(card.lead + gap if card.lead else "", words, soft, heavy=True),
        Run(card.number, big, strong, heavy=True),
        Run(gap + card.joint + gap + card.place.before + gap * bool(card.place.before), words, soft, heavy=True),
        Run(card.place.large, round(big * 0.55) if named else big, strong, heavy=True),
        Run(gap + card.place.after if card.place.after else "", words, soft, heavy=True),
    )
    parts = [run for run in runs if run.text]
    marks: list[Plate | Line] = [
        _card_plate(card, box, u),
        line(f"{name}.caption", card.caption, 40 * u, soft, caption, heavy=card.fresh),
        Line(f"{name}.number", tuple(parts), sentence, least=0.3),
    ]
    marks += [line(f"{name}.second", card.second, 38 * u, soft, row, "centre") for row in second]
    return Panel(name, box, tuple(marks))


def _card_stacked(name: str, card: CallCard, box: Box, size: Size) -> Panel:
    """Number above, counter below: several calls at once, and every call on a standing screen."""
    u = unit(size)
    strong, soft = _inks(card)
    inner = box.inset(round(16 * u), round(12 * u))
    tall = max(number_size(size) * CAPITAL * 1.11, inner.height * 0.42)
    free = inner.height - tall
    shares = [free * 0.28, tall, *([free * 0.50, free * 0.22] if card.second else [free * 0.72])]
    caption, number, place, *second = inner.rows(shares)
    big = max(number_size(size), round(number.height * 0.8 / CAPITAL))
    low = min(round(place.height * 0.68 / CAPITAL), big)
    words = round(low * 0.56)
    named = len(card.place.large) > 4
    runs = (
        Run(card.joint_alone + " ", words, soft, heavy=True),
        Run(card.place.before + " " if card.place.before else "", words, soft, heavy=True),
        Run(card.place.large, round(low * 0.7) if named else low, strong, heavy=True),
        Run(" " + card.place.after if card.place.after else "", words, soft, heavy=True),
    )
    marks: list[Plate | Line] = [
        _card_plate(card, box, u),
        line(
            f"{name}.caption",
            card.caption,
            min(40 * u, caption.height * 0.74),
            soft,
            caption,
            "centre",
            heavy=card.fresh,
        ),
        line(f"{name}.number", card.number, big, strong, number, "centre", heavy=True, least=0.3),
        Line(f"{name}.place", tuple(run for run in runs if run.text), place, least=0.3),
    ]
    marks += [line(f"{name}.second", card.second, min(34 * u, row.height * 0.7), soft, row, "centre") for row in second]
    return Panel(name, box, tuple(marks))


def _recent(view: View, places: Regions, u: float) -> Iterator[Panel]:
    """The last calls side by side, the newest first: what a glance away missed."""
    box = places.recent
    if box is None:
        return
    count = max(2, int(box.width / (330 * u)))
    share = 0.62 if columns(view.headings.recent) <= 8 else 0.85
    heading, *rest = box.columns([share] + [1.0] * min(count, max(len(view.recent), 4)), round(10 * u))
    marks: list[Plate | Line] = [line("recent", view.headings.recent, 32 * u, INK_SOFT, heading.inset(round(6 * u), 0))]
    for index, (row, cell) in enumerate(zip(view.recent, rest, strict=False), 1):
        runs = (Run(row.number, int(42 * u), INK, heavy=True), Run("　" + row.place, int(30 * u), INK_SOFT))
        marks += [Plate(cell, PANEL, round(12 * u)), Line(f"recent.{index}", runs, cell.inset(round(14 * u), 0))]
    yield Panel("recent", box, tuple(marks))


def _heading(name: str, text: str, box: Box, u: float, note: str = "") -> list[Plate | Line]:
    marks: list[Plate | Line] = [line(name, text, 32 * u, INK_SOFT, box.inset(round(6 * u), 0))]
    if note:
        marks.append(line(f"{name}.note", note, 28 * u, INK_SOFT, box.inset(round(6 * u), 0), "right"))
    return marks


def _under_heading(box: Box, u: float) -> tuple[Box, Box]:
    height = round(46 * u)
    return Box(box.x, box.y, box.width, height), Box(box.x, box.y + height, box.width, box.height - height)


def _counters(view: View, box: Box, u: float, turn: int) -> Iterator[Panel]:
    top, area = _under_heading(box, u)
    longest = max((len(row.number) for row in view.counters), default=4)
    grid = counter_grid(area, len(view.counters), longest, u)
    page, per_page = page_of(turn, grid.pages), len(grid.cells)
    note = f"{page + 1}/{grid.pages}" if grid.pages > 1 else ""
    yield Panel("counters", top, tuple(_heading("counters", view.headings.counters, top, u, note)))
    rows = view.counters[page * per_page : (page + 1) * per_page]
    for row, cell in zip(rows, grid.cells, strict=False):
        yield (_wide_cell if grid.wide else _high_cell)(row, cell, grid.number, u)


def _cell_plate(row: CounterRow, cell: Box, u: float) -> Plate | Line:
    if row.mood == "calling":
        return Plate(cell, PANEL_HIGH, round(12 * u), AMBER, max(2, round(4 * u)))
    return Plate(cell, PANEL, round(12 * u))


def _wide_cell(row: CounterRow, cell: Box, number: int, u: float) -> Panel:
    name, ink = f"counter.{row.code}", MOOD_INK[row.mood]
    label, middle, state = cell.inset(round(18 * u), 0).columns([0.32, 0.40, 0.28])
    words = min(40 * u, cell.height * 0.5)
    marks = [_cell_plate(row, cell, u), line(f"{name}.place", row.place, words, INK, label)]
    if row.number:
        marks.append(line(f"{name}.number", row.number, number, ink, middle, "centre", heavy=True))
    marks.append(line(f"{name}.state", row.state, words * 0.82, ink, state, "right"))
    return Panel(name, cell, tuple(marks))


def _high_cell(row: CounterRow, cell: Box, number: int, u: float) -> Panel:
    """Place and state above, the number below; a counter without a number has its state there."""
    name, ink = f"counter.{row.code}", MOOD_INK[row.mood]
    top, below = cell.inset(round(12 * u), round(6 * u)).rows([0.38, 0.62])
    words = min(34 * u, top.height * 0.92, top.width / 5.7)
    roomy = (columns(row.place) * 0.54 + 3.4) * words <= top.width
    place = row.place if roomy else row.short
    label, state = top.columns([columns(place) * 0.56, columns(row.state) * 0.5]) if row.number else (top, top)
    marks = [_cell_plate(row, cell, u), line(f"{name}.place", place, words, INK, label)]
    if row.number:
        marks.append(line(f"{name}.state", row.state, words * 0.9, ink, state, "right"))
        marks.append(line(f"{name}.number", row.number, number, ink, below, "centre", heavy=True))
    else:
        marks.append(line(f"{name}.state", row.state, min(34 * u, number * 0.6), ink, below, "centre"))
    return Panel(name, cell, tuple(marks))


def _services(services: tuple[ServiceRow, ...], headings: Headings, box: Box, u: float, turn: int) -> Panel:
    """Who waits for what: as many rows as stay readable, more on the next page."""
    top, area = _under_heading(box, u)
    per_page = max(1, int(area.height / (48 * u)))
    pages = max(1, -(-len(services) // per_page))
    page = page_of(turn, pages)
    note = f"{page + 1}/{pages}" if pages > 1 else ""
    shown = services[page * per_page : (page + 1) * per_page]
    height = min(round(72 * u), area.height // max(1, min(per_page, len(services))))
    marks: list[Plate | Line] = [
        Plate(area, PANEL, round(12 * u)),
        *_heading("services", headings.waiting, top, u, note),
    ]
    for index, row in enumerate(shown):
        cell = Box(area.x, area.y + index * height, area.width, height).inset(round(18 * u), 0)
        marks += _service_row(row, cell, index, u)
    return Panel("services", box, tuple(marks))


def _service_row(row: ServiceRow, cell: Box, index: int, u: float) -> list[Plate | Line]:
    name, waiting, wait = cell.columns([0.47, 0.16, 0.37])
    size = min(36 * u, cell.height * 0.6)
    first, *second = name.inset(0, round(cell.height * 0.06)).rows([0.56, 0.44]) if row.second else [name]
    rule: list[Plate | Line] = [Plate(Box(cell.x, cell.y, cell.width, max(1, round(u))), RULE)] if index else []
    return [
        *rule,
        line(f"service.{index + 1}.name", row.name, size if not second else size * 0.86, INK, first, least=0.75),
        *(line(f"service.{index + 1}.second", row.second, size * 0.62, INK_SOFT, low, least=0.8) for low in second),
        line(f"service.{index + 1}.waiting", row.waiting, size, INK, waiting, "right", heavy=True),
        line(f"service.{index + 1}.wait", row.wait, size * 0.86, INK_SOFT, wait, "right"),
    ]


def _missed(view: View, box: Box, u: float) -> Panel:
    """Missed numbers in a grid; what has no room is counted."""
    top, area = _under_heading(box, u)
    longest = max((columns(number) for number in view.missed), default=4)
    across = max(1, int(area.width / (max(longest, 4) * 26 * u + 24 * u)))
    down = max(1, int(area.height / (58 * u)))
    room = across * down
    shown = view.missed if len(view.missed) <= room else view.missed[: room - 1]
    rest = len(view.missed) - len(shown)
    texts = [*shown, f"+{rest}"] if rest else list(shown)
    height = min(round(66 * u), area.height // down)
    cells = [
        cell
        for r in range(down)
        for cell in Box(area.x, area.y + r * height, area.width, height).columns([1.0] * across)
    ]
    marks: list[Plate | Line] = [Plate(area, PANEL, round(12 * u)), *_heading("missed", view.headings.missed, top, u)]
    marks += [
        line(f"missed.{index}", text, 38 * u, INK_SOFT, cell.inset(round(12 * u), 0), "centre")
        for index, (text, cell) in enumerate(zip(texts, cells, strict=False), 1)
    ]
    if not shown:
        marks.append(line("missed.none", view.no_missed, 36 * u, INK_SOFT, area, "centre"))
    return Panel("missed", box, tuple(marks))


def _footer(view: View, places: Regions, u: float) -> Iterator[Panel]:
    if places.footer:
        box = places.footer
        text = line("notice", view.notice, 32 * u, INK, box.inset(round(24 * u), 0), "centre")
        yield Panel("footer", box, (Plate(box, PANEL_HIGH, round(12 * u)), text))
