"""What stands on an LED strip 条屏: a window's own, all windows, or the last calls. Pure; plain strings in and out.

A number stands always whole. A text has several forms, the longest that fits is taken; one that fits in no form runs
through or is shortened (a driver's matter). Widths are counted in half cells: a Chinese character takes two, a letter
or digit one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from devices.slip import columns

Languages = Sequence[str]

WORDS: dict[str, dict[str, str]] = {
    "calling": {"zh": "请办理", "en": "please come"},
    "serving": {"zh": "办理中", "en": "serving"},
    "open": {"zh": "空闲", "en": "free"},
    "away": {"zh": "暂停服务", "en": "paused"},
    "closed": {"zh": "暂未开放", "en": "closed"},
    "watch": {"zh": "请留意叫号", "en": "Please watch for your number"},
    "lost": {"zh": "信号中断 请听窗口叫号", "en": "No signal, please listen"},
}
_CALL_FORMS = {
    "zh": ("请 {number} 号到 {place}", "{number} 请到{place}", "{number} {place}", "{number} {code}"),
    "en": ("{number}, please go to {place}", "{number} {place}", "{number} {code}"),
}
_WINDOW_FORMS = ("{place} {number} {word}", "{place} {number}", "{code} {number}")
_NO_NUMBER_FORMS = ("{place} {word}", "{code} {word}", "{word}")


@dataclass(frozen=True)
class Window:
    """One counter. `state` as in WORDS; `place` as in a sentence (3号窗口); `more`: services, or when it is back."""

    code: str
    place: str
    state: str = "closed"
    number: str = ""
    more: str = ""


@dataclass(frozen=True)
class Called:
    number: str
    code: str
    place: str


@dataclass(frozen=True)
class Sign:
    """Texts row by row, each row with `columns` of them; `number` for boards that can show nothing else."""

    texts: tuple[str, ...]
    columns: int = 1
    number: str = ""


@dataclass(frozen=True)
class Size:
    """Of a strip: rows of text, and half cells in a row."""

    rows: int = 1
    half_cells: int = 24


def one_window(window: Window, size: Size, languages: Languages) -> Sign:
    """A strip over its counter; with one row everything runs in it."""
    word = _words(window.state if window.state in WORDS else "closed", languages)
    detail = window.more if window.state in ("away", "open") and window.more else ""
    if size.rows == 1:
        return Sign((_joined(window.place, window.number, word, detail),), number=window.number)
    second = _joined(word, detail) if window.state == "away" else detail or word
    texts = [window.place, window.number, second]
    if size.rows == 2 or not window.number:
        texts = [_joined(window.place, window.number), second]
    return Sign(_filled(texts, size.rows), number=window.number)


def all_windows(windows: Sequence[Window], size: Size, languages: Languages) -> Sign:
    """A wall with a cell for every counter: as many columns as the rows need."""
    side = max(1, -(-len(windows) // size.rows))
    half_cells = size.half_cells // side
    texts = [
        _fitting(
            _WINDOW_FORMS if window.number else _NO_NUMBER_FORMS,
            half_cells,
            code=window.code,
            place=window.place,
            number=window.number,
            word=_words(window.state if window.state in WORDS else "closed", languages[:1]),
        )
        for window in windows
    ]
    return Sign(_filled(texts, size.rows * side), columns=side)


def last_calls(calls: Sequence[Called], size: Size, languages: Languages, *, closed: bool = False) -> Sign:
    """The summary wall 综合屏: the newest call on top, a row each."""
    if not calls:
        return Sign(_filled((_words("closed" if closed else "watch", languages),), size.rows))
    forms = _CALL_FORMS["en" if languages[0] == "en" else "zh"]
    texts = [
        _fitting(forms, size.half_cells, number=call.number, place=call.place, code=call.code)
        for call in calls[: size.rows]
    ]
    return Sign(_filled(texts, size.rows), number=calls[0].number)


def without_signal(sign: Sign, languages: Languages) -> Sign:
    """The hub is away: numbers stay where they are, the last row (or an empty strip) says that nothing new can come."""
    if sign.number and len(sign.texts) == 1:
        return sign
    return Sign((*sign.texts[:-1], _words("lost", languages)), sign.columns, sign.number)


def _fitting(forms: Sequence[str], half_cells: int, **facts: str) -> str:
    texts = [form.format(**facts) for form in forms]
    return next((text for text in texts if columns(text) <= half_cells), texts[-1])


def _words(key: str, languages: Languages) -> str:
    return "  ".join(WORDS[key]["en" if language == "en" else "zh"] for language in languages)


def _joined(*parts: str) -> str:
    return " ".join(part for part in parts if part)


def _filled(texts: Sequence[str], count: int) -> tuple[str, ...]:
    return tuple([*texts, *[""] * count][:count])


# ---- from a board ----


def window_on(board: dict[str, Any], code: str, *, place: str, language: str, now: datetime | None) -> Window:
    """A counter as the hall's board tells it; one it does not know is closed. `now` is hall time, None = not known."""
    entry = board.get("counters", {}).get(code, {})
    state = str(entry.get("state", "closed"))
    more = ""
    if state == "away":
        more = _back(entry.get("away") or {}, language, now)
    elif state == "open":
        names = [board.get("services", {}).get(service, {}).get("names", {}) for service in entry.get("services", ())]
        more = " ".join(name.get(language) or name.get("zh", "") for name in names if name)
    return Window(code, place, state, str(entry.get("number") or ""), more)


def _back(away: dict[str, Any], language: str, now: datetime | None) -> str:
    """When the clerk will be back, as long as that lies ahead; the reason is for staff and on no screen."""
    if now is None or not away.get("back_at"):
        return ""
    back = datetime.fromisoformat(str(away["back_at"])).astimezone(now.tzinfo)
    return (f"back at {back:%H:%M}" if language == "en" else f"{back:%H:%M} 恢复") if back > now else ""
