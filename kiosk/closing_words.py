"""Why no numbers are given and when they are again, for citizens at the machine. Pure."""

from datetime import datetime

from hub.wire import ClosedReason, Language, Opening
from kiosk.words import MONTHS, Pair, date_words, name_of

#: Title of the whole screen; `{name}` is the holiday's or special day's.
TITLES: dict[ClosedReason, Pair] = {
    "holiday": ("{name}放假", "Closed: {name}"),
    "closed_day": ("今天不开放", "Closed today"),
    "before_opening": ("还没到取号时间", "Not open yet"),
    "lunch": ("午间休息", "Lunch break"),
    "after_closing": ("今天的取号时间已结束", "No more numbers today"),
    "cut_off": ("已停止取号", "No more numbers for now"),
    "quota": ("号已取完", "All numbers are taken"),
}

#: On a service's card, with the time or day at which numbers are given again.
SHORT: dict[ClosedReason, Pair] = {
    "holiday": ("{name}放假", "{name}"),
    "closed_day": ("今天不办理", "Not today"),
    "before_opening": ("未到时间", "Not yet"),
    "lunch": ("午休", "Lunch"),
    "after_closing": ("今天已结束", "Over today"),
    "cut_off": ("已停止取号", "No more now"),
    "quota": ("号已取完", "All taken"),
}
AGAIN: Pair = ("{short}，{when} 恢复", "{short}, again {when}")

CLOSED: Pair = ("现在不在取号时间", "The hall is closed")
NOT_NOW: Pair = ("现在不能取号", "No numbers now")
NEXT: Pair = ("{when} 恢复取号", "Numbers again: {when}")
TODAY: Pair = ("今天 {time}", "today at {time}")
UNKNOWN: Pair = ("下次开放时间请咨询工作人员。", "Please ask the staff when it opens again.")

#: After a number was refused: the whole reason, and when to come.
REFUSED: dict[str, Pair] = {
    "service_closed": (
        "这项业务现在停止取号，{when} 恢复取号。\n您也可以选择其他业务，或到导办台咨询。",
        "This service gives numbers again {when}.\nYou may choose another one or ask at the desk.",
    ),
    "quota_reached": (
        "这项业务本时段的号已取完，{when} 恢复取号。\n您也可以选择其他业务，或到导办台咨询。",
        "All numbers of this service are taken for now; there are more {when}.\n"
        "You may choose another one or ask at the desk.",
    ),
}


def closed_title(opening: Opening | None, lang: Language) -> str:
    """The reason as a heading; a hub that tells none gets the general one."""
    if opening is None or opening.reason is None:
        return CLOSED[lang == "en"]
    return _named(TITLES, opening, lang)


def closed_short(opening: Opening | None, now: datetime | None, lang: Language) -> str:
    """The reason in a few words, with the time (today) or the day of the next numbers."""
    if opening is None or opening.reason is None:
        return NOT_NOW[lang == "en"]
    short = _named(SHORT, opening, lang)
    following = opening.next_opening
    if following is None:
        return short
    if now is not None:
        following = following.astimezone(now.tzinfo)
    today = now is not None and following.date() == now.date()
    when = f"{following:%H:%M}" if today else _short_date(following, lang)
    return AGAIN[lang == "en"].format(short=short, when=when)


def closed_words(opens_at: datetime | None, now: datetime | None, lang: Language) -> str:
    """When numbers are given again (in the hall's time zone); if nobody knows, the staff must be asked."""
    if opens_at is None:
        return UNKNOWN[lang == "en"]
    return NEXT[lang == "en"].format(when=_when(opens_at, now, lang))


def refused_words(code: str, opens_at: datetime | None, now: datetime | None, lang: Language) -> str | None:
    """Why a number was refused and when the next ones are given; None for other refusals, or when nobody knows."""
    pair = REFUSED.get(code)
    if pair is None or opens_at is None:
        return None
    return pair[lang == "en"].format(when=_when(opens_at, now, lang))


def _when(at: datetime, now: datetime | None, lang: Language) -> str:
    if now is not None and at.date() == now.date():
        return TODAY[lang == "en"].format(time=f"{at:%H:%M}")
    return f"{date_words(at, lang)} {at:%H:%M}"


def _short_date(at: datetime, lang: Language) -> str:
    return f"{at.day} {MONTHS[at.month - 1]}" if lang == "en" else f"{at.month}月{at.day}日"


def _named(table: dict[ClosedReason, Pair], opening: Opening, lang: Language) -> str:
    """A special day is told by its own name; a holiday without one by the general word."""
    assert opening.reason is not None
    name = name_of(opening.names, lang) if opening.names else ""
    if opening.reason == "closed_day" and name:
        return name
    return table[opening.reason][lang == "en"].format(name=name or ("节假日", "public holiday")[lang == "en"])
