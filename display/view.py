"""From the board's JSON to what a citizen reads. Pure: the moment, the announcements and the page come in.

The board is read leniently (an unknown or missing member never takes a screen down): a hall's screens are
updated after its hub, or never.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from typing import Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from display.calls import Showing
from display.closing import awake, is_closed, why
from display.theme import Mood
from display.words import MONTHS, WEEKDAYS, Languages, say, word
from hub.wire.labels import NAME_COLUMNS, Place, natural, place_of, shorten

HubState = Literal["connecting", "there", "away", "refused", "untrusted"]
Json = Mapping[str, Any]

HALL_COLUMNS = 48
NOTICE_COLUMNS = 120
PAGE_S = 8.0
#: Up to this many minutes of waiting nobody counts them.
SOON_MINUTES = 1


@dataclass(frozen=True)
class CallCard:
    """A call in the newest-call area. `fresh` asks for attention, with `phase` for its ground."""

    caption: str
    lead: str
    number: str
    joint: str
    joint_alone: str
    place: Place
    second: str
    fresh: bool
    phase: int = 0


@dataclass(frozen=True)
class Sign:
    """What stands in the newest-call area when there is no call to show."""

    title: str
    detail: str = ""


@dataclass(frozen=True)
class CounterRow:
    """`short` is the place for a narrow cell."""

    code: str
    place: str
    short: str
    number: str
    state: str
    mood: Mood


@dataclass(frozen=True)
class ServiceRow:
    """`second` is the name in the board's second language."""

    name: str
    second: str
    waiting: str
    wait: str


@dataclass(frozen=True)
class RecentRow:
    number: str
    place: str


@dataclass(frozen=True)
class Headings:
    recent: str
    counters: str
    waiting: str
    missed: str


@dataclass(frozen=True)
class View:
    """Everything on the glass, in words. `warning` is there while the hub is not."""

    hall: str
    opening: str
    clock: str
    date: str
    headings: Headings
    cards: tuple[CallCard, ...] = ()
    sign: Sign | None = None
    counters: tuple[CounterRow, ...] = ()
    services: tuple[ServiceRow, ...] = ()
    recent: tuple[RecentRow, ...] = ()
    missed: tuple[str, ...] = ()
    no_missed: str = ""
    notice: str = ""
    warning: str = ""


@dataclass(frozen=True)
class Moment:
    """What the view depends on besides the board. `turn` counts pages and notices on, `phase` the calm flash."""

    hall_now: datetime | None
    hub: HubState
    as_of: datetime | None = None
    turn: int = 0
    phase: int = 0


def view(board: Json, moment: Moment, showing: Sequence[Showing], languages: Languages) -> View:
    """The whole board at this moment."""
    board = awake(board)
    hall = _part(board, "hall")
    zone = _zone(hall)
    now = moment.hall_now.astimezone(zone) if moment.hall_now else None
    counters = _part(board, "counters")
    cards = _cards(board, moment, showing, languages)
    return View(
        hall=_hall_name(hall, languages),
        opening=_opening(hall, zone, languages) if board else "",
        clock=f"{now:%H:%M}" if now else "--:--",
        date=_date(now, languages) if now else "",
        headings=Headings(*(say(key, languages) for key in ("recent", "counters", "waiting", "missed"))),
        cards=cards,
        sign=None if cards else _sign(board, moment, zone, languages),
        counters=tuple(_counter(code, counters[code], now, languages) for code in sorted(counters, key=natural)),
        services=tuple(
            _service(service, languages, closed=_closed(hall))
            for _, service in sorted(_part(board, "services").items(), key=lambda item: natural(item[0]))
        ),
        recent=tuple(_recent(call, counters, languages) for call in _list(board, "recent")),
        missed=tuple(str(call["number"]) for call in _list(board, "missed")),
        no_missed=word("none", languages[0]),
        notice=_notice(_list(board, "notices"), moment.turn),
        warning=_warning(board, moment, zone, languages),
    )


def _part(document: Json, key: str) -> Json:
    part = document.get(key)
    return part if isinstance(part, Mapping) else {}


def _list(document: Json, key: str) -> list[Any]:
    part = document.get(key)
    return list(part) if isinstance(part, list | tuple) else []


def _place(code: str, counters: Json, language: str) -> Place:
    return place_of(code, str(_part(counters, code).get("label") or ""), language)


def _zone(hall: Json) -> tzinfo | None:
    try:
        return ZoneInfo(str(hall.get("time_zone") or "Asia/Shanghai"))
    except (ZoneInfoNotFoundError, ValueError):
        return None


def _name(names: Json, language: str, most: int = NAME_COLUMNS) -> str:
    """A name in a language; what has no translation stands in Chinese."""
    return shorten(str(names.get(language) or names.get("zh") or ""), most)


def _hall_name(hall: Json, languages: Languages) -> str:
    return _name({"zh": hall.get("name"), **_part(hall, "names")}, languages[0], HALL_COLUMNS)


def _closed(hall: Json) -> bool:
    return is_closed(hall.get("opening"))


def _date(now: datetime, languages: Languages) -> str:
    return word("date", languages[0], **_day(now, languages[0]))


def _day(moment: datetime, language: str) -> dict[str, str]:
    weekday, month = WEEKDAYS[language][moment.weekday()], MONTHS[language][moment.month - 1]
    return {"weekday": weekday, "month": month, "day": str(moment.day)}


def _time(value: Any, zone: tzinfo | None) -> datetime | None:
    try:
        return datetime.fromisoformat(str(value)).astimezone(zone) if value else None
    except ValueError:
        return None


def _opening(hall: Json, zone: tzinfo | None, languages: Languages) -> str:
    if _closed(hall):
        return why(_part(hall, "opening"), languages[0]) or word("not_open", languages[0])
    closes = _time(_part(hall, "opening").get("closes_at"), zone)
    return word("open_until", languages[0], time=f"{closes:%H:%M}") if closes else word("open", languages[0])


def _cards(board: Json, moment: Moment, showing: Sequence[Showing], languages: Languages) -> tuple[CallCard, ...]:
    """The calls that have their time now; else the last one, at rest, while the hall is open."""
    counters = _part(board, "counters")
    if showing:
        return tuple(
            _card(
                shown.call.number,
                shown.call.counter,
                counters,
                _caption(shown.call.times, languages),
                languages,
                moment,
            )
            for shown in showing
        )
    recent = _list(board, "recent")
    if not recent or _closed(_part(board, "hall")):
        return ()
    last = recent[0]
    return (_card(str(last["number"]), str(last["counter"]), counters, say("last_call", languages), languages, None),)


def _caption(times: int, languages: Languages) -> str:
    return say("calling", languages) if times < 2 else say("calling_again", languages, times=times)


def _card(
    number: str, counter: str, counters: Json, caption: str, languages: Languages, moment: Moment | None
) -> CallCard:
    chinese = languages[0] == "zh"
    second = ""
    if len(languages) > 1:
        other = _place(counter, counters, languages[1]).text
        second = f"{number}, please go to {other}" if chinese else f"请 {number} 号到 {other}"
    return CallCard(
        caption=caption,
        lead="请" if chinese else "",
        number=number,
        joint="号到" if chinese else "to",
        joint_alone="请到" if chinese else "to",
        place=_place(counter, counters, languages[0]),
        second=second,
        fresh=moment is not None,
        phase=moment.phase if moment else 0,
    )


def _sign(board: Json, moment: Moment, zone: tzinfo | None, languages: Languages) -> Sign:
    if moment.hub == "refused":
        return Sign(say("refused", languages))
    if moment.hub == "untrusted":
        return Sign(say("untrusted", languages), word("untrusted_hint", languages[0]))
    if not board:
        return Sign(say("no_hub", languages), say("no_hub_hint", languages))
    hall = _part(board, "hall")
    if not _closed(hall):
        return Sign(say("no_calls", languages))
    waiting = any(_part(_part(board, "services"), code).get("waiting") for code in _part(board, "services"))
    served = any(counter.get("number") for counter in _part(board, "counters").values())
    opens = _time(_part(hall, "opening").get("next_opening"), zone)
    detail = ""
    if opens:
        detail = "　".join(word("next_opening", lang, when=_when(opens, moment.hall_now, lang)) for lang in languages)
    return Sign(_closed_title(_part(hall, "opening"), languages, busy=bool(waiting or served)), detail)


def _closed_title(opening: Json, languages: Languages, *, busy: bool) -> str:
    """The reason; who has a number is told that it still counts."""
    reasons = {language: why(opening, language) for language in languages}
    if not all(reasons.values()):
        return say("tickets_ended" if busy else "hall_closed", languages)
    if busy:
        return "　".join(word("still_called", language, why=reason) for language, reason in reasons.items())
    return "　".join(reasons.values())


def _when(moment: datetime, now: datetime | None, language: str) -> str:
    time = f"{moment:%H:%M}"
    today = now.astimezone(moment.tzinfo).date() if now else None
    if today == moment.date():
        return word("today", language, time=time)
    if today and today + timedelta(days=1) == moment.date():
        return word("tomorrow", language, time=time)
    return word("on_day", language, time=time, **_day(moment, language))


_STATES: dict[str, tuple[str, Mood]] = {
    "open": ("idle", "idle"),
    "calling": ("calling_state", "calling"),
    "serving": ("serving", "serving"),
    "away": ("away", "away"),
    "closed": ("shut", "closed"),
}


def _counter(code: str, counter: Json, now: datetime | None, languages: Languages) -> CounterRow:
    key, mood = _STATES.get(str(counter.get("state")), ("shut", "closed"))
    place = _place(code, {code: counter}, languages[0])
    short = place.large + ("号" if place.after else "")
    number = str(counter.get("number") or "")
    state = _back_words(counter, now, languages) or say(key, languages[:1] if number else languages, gap=" ")
    return CounterRow(code, place.text, short, number, state, mood)


def _back_words(counter: Json, now: datetime | None, languages: Languages) -> str:
    """When a paused counter goes on, once for all languages; "" once that has passed or nobody knows."""
    back = _time(_part(counter, "away").get("back_at"), now.tzinfo if now else None)
    if counter.get("state") != "away" or back is None or now is None or back <= now:
        return ""
    until = word("away_until", languages[-1], time=f"{back:%H:%M}")
    return until if len(languages) == 1 else f"{word('away_short', languages[0])} {until}"


def _service(service: Json, languages: Languages, *, closed: bool) -> ServiceRow:
    waiting, wait = int(service.get("waiting") or 0), _part(service, "wait_minutes")
    text = word(_wait_key(wait, waiting), languages[0], low=wait["low"], high=wait["high"]) if wait else ""
    if closed and not waiting:
        text = ""
    elif is_closed(service.get("opening")) and not waiting:
        text = why(_part(service, "opening"), languages[0])
    names = [_name(_part(service, "names"), language) for language in languages]
    second = names[1] if len(names) > 1 and names[1] != names[0] else ""
    return ServiceRow(names[0], second, word("people", languages[0], n=waiting), text)


def _wait_key(wait: Json, waiting: int) -> str:
    if wait["high"] <= SOON_MINUTES:
        return "soon" if waiting else "no_wait"
    return "wait_one" if wait["low"] == wait["high"] else "wait" if wait["low"] else "wait_within"


def _recent(call: Json, counters: Json, languages: Languages) -> RecentRow:
    return RecentRow(str(call["number"]), _place(str(call["counter"]), counters, languages[0]).text)


def _notice(notices: Sequence[Any], turn: int) -> str:
    return shorten(str(notices[turn % len(notices)]), NOTICE_COLUMNS) if notices else ""


def _warning(board: Json, moment: Moment, zone: tzinfo | None, languages: Languages) -> str:
    """The mark of a board that nobody keeps up to date; a screen that never had one says so in the middle."""
    if not board or moment.hub == "there":
        return ""
    texts = [say(moment.hub if moment.hub in ("refused", "untrusted") else "hub_away", languages, gap="　")]
    if moment.as_of:
        texts.append(say("data_until", languages, gap=" ", time=f"{moment.as_of.astimezone(zone):%H:%M}"))
    return "　·　".join(texts)
