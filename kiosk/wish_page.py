"""What a citizen may say before taking a number: the row under the services, and the page of priorities. Pure."""

from kiosk.box import Box, columns
from kiosk.lettering import line_height, set_text
from kiosk.screens import screen_of
from kiosk.sheet import Glance, Item
from kiosk.wishes import several_offered
from kiosk.words import name_of, say

TOOL_WIDTH = 232
#: Where more than three stand beside the machine's own words.
TOOL_WIDTH_MANY = 208
CARD_MOST = 150


def wish_row(glance: Glance, body: Box, foot: Box) -> tuple[list[Item], Box, Box]:
    """The buttons under the services, and what is left of body and foot: a landscape screen has them in its foot."""
    tools = _tools(glance) if screen_of(glance.state) == "services" else []
    if not tools:
        return [], body, foot
    if glance.portrait:
        row = body.foot(glance.touch)
        body = Box(body.x, body.y, body.width, body.height - row.height - glance.gap)
    else:
        width = TOOL_WIDTH if len(tools) < 4 else TOOL_WIDTH_MANY
        row = foot.end(glance.px(width) * len(tools) + glance.gap * (len(tools) - 1))
        foot = foot.left(foot.width - row.width - glance.gap)
    boxes = columns(row, len(tools), glance.gap)
    return [_tool(glance, *tool, box) for tool, box in zip(tools, boxes, strict=True)], body, foot


def _tools(glance: Glance) -> list[tuple[str, str]]:
    """Name and text of each button, left to right."""
    state, lang = glance.state, glance.language
    tools = []
    if state.priorities:
        chosen = next((one for one in state.priorities if one.name == state.wish.priority), None)
        text = say("priority_is", lang, which=name_of(chosen.names, lang)) if chosen else say("priority", lang)
        tools.append(("priorities", text))
    if several_offered(state):
        tools.append(("several", say("several" if state.wish.services is None else "just_one", lang)))
    if state.person:
        tools.append(("forget", say("forget", lang)))
    if state.wish.services:
        tools.append(("take", say("take", lang, n=len(state.wish.services))))
    return tools


def _tool(glance: Glance, name: str, text: str, box: Box) -> Item:
    if name != "priorities" or glance.state.wish.priority is None:
        return glance.button(name, text, box, primary=name == "take")
    style = glance.style(38, 18, ink="good", bold=True, across="centre")
    return Item(
        name, "good", box, text, set_text(text, box.inset(glance.px(14), glance.px(6)), style, glance.measure), True
    )


def priorities_page(glance: Glance, box: Box) -> list[Item]:
    """One large button for each priority of the hall, and one for none."""
    state, lang = glance.state, glance.language
    head = box.top(max(glance.touch, line_height(glance.letters(52)) + line_height(glance.letters(32))))
    area = box.below(head.height + glance.gap)
    choices = [(one.name, name_of(one.names, lang)) for one in state.priorities] + [("", say("no_priority", lang))]
    across = 1 if glance.portrait else 2
    down = -(-len(choices) // across)
    height = min(glance.px(CARD_MOST), (area.height - glance.gap * (down - 1)) // down)
    boxes = columns(area, across, glance.gap)
    items = _head(glance, head)
    for at, (name, text) in enumerate(choices):
        column, row = boxes[at % across], at // across
        place = Box(column.x, area.y + row * (height + glance.gap), column.width, height)
        items.append(_choice(glance, name, text, place))
    return items


def _head(glance: Glance, box: Box) -> list[Item]:
    lang, width = glance.language, glance.px(200)
    back = glance.button("back", say("back", lang), box.left(width).centred(width, glance.touch))
    box = box.after(width + glance.px(32))
    lines = line_height(glance.letters(52)), line_height(glance.letters(32))
    box = box.centred(box.width, sum(lines))
    title = glance.style(52, 26, bold=True, most_lines=1)
    hint = glance.style(32, ink="quiet", most_lines=1)
    return [
        back,
        glance.reading("title", say("priority", lang), box.top(lines[0]), title),
        glance.reading("hint", say("priority_hint", lang), box.below(lines[0]), hint),
    ]


def _choice(glance: Glance, name: str, text: str, box: Box) -> Item:
    chosen = bool(name) and glance.state.wish.priority == name
    style = glance.style(46, 24, ink="good" if chosen else "text", bold=True, across="centre", most_lines=2)
    lines = set_text(text, box.inset(glance.px(28), glance.px(12)), style, glance.measure)
    return Item(f"priority:{name}", "good" if chosen else "card", box, text, lines, touchable=True)
