"""The evaluation page that a tablet opens: five buttons, both languages, nothing from outside."""

import html
import json
from importlib.resources import files

from hub.wire import Language, Level

WORDS: dict[Level, tuple[str, str]] = {
    "very_satisfied": ("非常满意", "Very satisfied"),
    "satisfied": ("满意", "Satisfied"),
    "basically_satisfied": ("基本满意", "Fairly satisfied"),
    "dissatisfied": ("不满意", "Dissatisfied"),
    "very_dissatisfied": ("非常不满意", "Very dissatisfied"),
}
#: Mouths of the five faces: how far a smile bends down, in units of the drawing.
_BENDS = (16, 10, 3, -6, -13)


def page_for(number: str, counter: str, hall: str, levels: tuple[Level, ...], language: Language) -> str:
    """The button's value is its place in `levels`; the buttons stand from the best to the worst."""
    order = [level for level in WORDS if level in levels]
    buttons = "".join(_button(levels.index(level), level) for level in order)
    told = {"NUMBER": number, "COUNTER": counter, "HALL": hall, "LANGUAGE": "zh-CN" if language == "zh" else "en"}
    text = files("counter.tablet").joinpath("page.html").read_text(encoding="utf-8")
    for name, value in told.items():
        text = text.replace(f"[[{name}]]", html.escape(value))
    return text.replace("[[BUTTONS]]", buttons).replace('"[[LANG]]"', json.dumps(language))


def _button(value: int, level: Level) -> str:
    zh, en = WORDS[level]
    bend = _BENDS[list(WORDS).index(level)]
    face = (
        '<svg viewBox="0 0 64 64" aria-hidden="true"><circle cx="32" cy="32" r="28"/>'
        '<circle class="eye" cx="22" cy="26" r="3.5"/><circle class="eye" cx="42" cy="26" r="3.5"/>'
        f'<path d="M19 {42 - bend // 2} Q32 {42 + bend} 45 {42 - bend // 2}"/></svg>'
    )
    return (
        f'<button type="button" class="{level}" data-value="{value}">{face}'
        f'<span class="zh" lang="zh-CN">{zh}</span><span class="en" lang="en">{en}</span></button>'
    )
