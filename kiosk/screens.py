"""The ticket machine's behaviour: (state, event, now) → (state, effects). Pure; seconds are monotonic."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Literal

from kiosk.cards import card_read, card_unread, forget_unread, reader_seen, touched_forget, touched_without_card
from kiosk.idling import idle_at_s, shows, start_again
from kiosk.openings import can_be_taken, closed_why, hall_opening, opens_at
from kiosk.presented import (
    Awaiting,
    CardRead,
    CardUnread,
    Looking,
    Placed,
    PlaceTold,
    PlaceUntold,
    ReaderSeen,
    Scanned,
    Unplaced,
)
from kiosk.scans import place_told, place_untold, scanned, touched_rejoin
from kiosk.slips import forget_unprinted, paper_done, printer_seen, touched_reprint
from kiosk.state import (
    BoardSeen,
    Browsing,
    Effect,
    Errand,
    Event,
    HallRead,
    HallUnread,
    HubFound,
    HubMissing,
    IssueRefused,
    IssueUnanswered,
    Issuing,
    LoadHall,
    NoNumber,
    PaperDone,
    Print,
    PrinterSeen,
    Report,
    Shown,
    State,
    Stopping,
    Ticked,
    TicketIssued,
    Touched,
)
from kiosk.wishes import asked, take, touched_priorities, touched_priority, touched_several, touched_take, with_service

ScreenName = Literal[
    "starting", "hub_away", "hub_refused", "hub_untrusted", "pairing", "closed", "empty", "services", "priorities",
    "issuing", "ticket", "no_number", "stopping", "looking", "place", "unplaced",
    "card",
]  # fmt: skip

#: Waits before the second, third … question with the same key; a citizen stands there while they run.
RETRY_AFTER_S = (0.5, 1.0, 2.0, 3.0)
#: But not longer than this in all, for each question may itself wait for an answer.
ISSUE_PATIENCE_S = 15.0
HALL_AGAIN_S = 2.0

Step = tuple[State, tuple[Effect, ...]]


def step(state: State, event: Event, now_s: float) -> Step:
    """What the machine becomes, and what it wants done."""
    return _EVENTS[type(event)](state, event, now_s)


def screen_of(state: State) -> ScreenName:
    """What is shown: the citizen's errand first, then what the hall allows."""
    if not isinstance(state.errand, Browsing):
        return _ERRAND_SCREENS[type(state.errand)]
    if state.stopping:
        return "stopping"
    if state.hub != "there" or state.hall is None:
        return _HUB_SCREENS[state.hub]
    if any(can_be_taken(state, service) for service in state.services):
        return "priorities" if state.errand.priorities else "services"
    if hall_opening(state).state == "closed":
        return "closed"
    return "services" if any(closed_why(state, service) for service in state.services) else "empty"


_ERRAND_SCREENS: dict[type[Errand], ScreenName] = {
    Issuing: "issuing",
    Shown: "ticket",
    NoNumber: "no_number",
    Awaiting: "card",
    Looking: "looking",
    Placed: "place",
    Unplaced: "unplaced",
}
_HUB_SCREENS: dict[str, ScreenName] = {
    "starting": "starting",
    "there": "starting",
    "away": "hub_away",
    "refused": "hub_refused",
    "untrusted": "hub_untrusted",
    "pairing": "pairing",
}


# --- touches ---------------------------------------------------------------------------------------------------------


def _touched(state: State, event: Touched, now_s: float) -> Step:
    verb, _, what = event.name.partition(":")
    if verb not in _TOUCHES or (event.bouncing and now_s < state.deaf_until_s):
        return state, ()
    return _TOUCHES[verb](replace(state, touched_at_s=now_s), what, event.fresh_key, now_s)


def _touched_service(state: State, code: str, key: str, now_s: float) -> Step:
    service = state.service(code)
    if screen_of(state) != "services" or service is None or not can_be_taken(state, service):
        return state, ()
    if state.children(code):
        return replace(state, errand=Browsing(parent=code)), ()
    if state.wish.services is not None:
        return with_service(state, code), ()
    return take(state, code, key, now_s)


#: Nothing was asked of the hub yet: what ends these loses no number.
_CHOOSING = (Browsing, Awaiting)


def _touched_back(state: State, what: str, key: str, now_s: float) -> Step:
    return (replace(state, errand=Browsing()) if isinstance(state.errand, _CHOOSING) else state), ()


def _touched_page(state: State, what: str, key: str, now_s: float) -> Step:
    if not isinstance(state.errand, Browsing) or not what.isdecimal():
        return state, ()
    return replace(state, errand=replace(state.errand, page=int(what))), ()


def _touched_language(state: State, what: str, key: str, now_s: float) -> Step:
    after = (state.languages.index(state.language) + 1) % len(state.languages)
    return replace(state, language=state.languages[after]), ()


#: Errands that end with a touch on "done".
_TO_BE_READ = (Shown, NoNumber, Placed, Unplaced)


def _touched_done(state: State, what: str, key: str, now_s: float) -> Step:
    return (start_again(state, now_s) if isinstance(state.errand, _TO_BE_READ) else state), ()


def _touched_retry(state: State, what: str, key: str, now_s: float) -> Step:
    """With the old key if one is kept: if the hub made a number after all, it gives that one."""
    errand = state.errand
    if not may_retry(state) or not isinstance(errand, NoNumber):
        return state, ()
    again = Issuing(errand.service, errand.key or key, now_s)
    return replace(state, errand=again), (asked(state, again.service, again.key),)


def may_retry(state: State) -> bool:
    return isinstance(state.errand, NoNumber) and state.errand.key is not None and not state.stopping


def _while_choosing(then: Callable[[State, str, str, float], Step]) -> Callable[[State, str, str, float], Step]:
    """A wish is said before the number is asked for, and only while numbers are given."""

    def touched(state: State, what: str, key: str, now_s: float) -> Step:
        return then(state, what, key, now_s) if screen_of(state) in ("services", "priorities") else (state, ())

    return touched


_TOUCHES: dict[str, Callable[[State, str, str, float], Step]] = {
    "priorities": _while_choosing(touched_priorities),
    "priority": _while_choosing(touched_priority),
    "several": _while_choosing(touched_several),
    "take": _while_choosing(touched_take),
    "forget": _while_choosing(touched_forget),
    "rejoin": touched_rejoin,
    "without_card": touched_without_card,
    "service": _touched_service,
    "back": _touched_back,
    "page": _touched_page,
    "language": _touched_language,
    "done": _touched_done,
    "reprint": touched_reprint,
    "retry": _touched_retry,
}


# --- time ------------------------------------------------------------------------------------------------------------


def _ticked(state: State, event: Ticked, now_s: float) -> Step:
    state = forget_unread(forget_unprinted(state, now_s), now_s)
    effects: tuple[Effect, ...] = ()
    if state.reload_at_s is not None and now_s >= state.reload_at_s:
        state, effects = _load(state)
    errand = state.errand
    if isinstance(errand, Issuing) and errand.again_at_s is not None and now_s >= errand.again_at_s:
        again = replace(errand, again_at_s=None, tries=errand.tries + 1)
        return replace(state, errand=again), (*effects, asked(state, again.service, again.key))
    idle_at = idle_at_s(state)
    if idle_at is not None and now_s >= idle_at:
        state = start_again(state, now_s)
    return state, effects


# --- hub and hall ----------------------------------------------------------------------------------------------------


def _load(state: State) -> Step:
    """Read the hall, or once more after the reading that is under way."""
    if state.loading:
        return replace(state, stale=True, reload_at_s=None), ()
    return replace(state, loading=True, stale=False, reload_at_s=None), (LoadHall(),)


def _hub_found(state: State, event: HubFound, now_s: float) -> Step:
    return _load(replace(state, hub="there"))


def _hub_missing(state: State, event: HubMissing, now_s: float) -> Step:
    """The hall is forgotten: after an outage its counts and hours would be a guess."""
    choosing = isinstance(state.errand, _CHOOSING)
    errand, person = (Browsing(), None) if choosing else (state.errand, state.person)
    forgotten = replace(state, person=person, hall=None, board=None, opening=None, reload_at_s=None)
    return replace(forgotten, hub=event.why, code=event.code, errand=errand), ()


def _hall_read(state: State, event: HallRead, now_s: float) -> Step:
    state = replace(state, loading=False)
    if state.hub != "there":
        return state, ()
    state = replace(state, hall=event.hall, opening=event.hall.opening)
    if isinstance(state.errand, Browsing) and state.errand.parent and not state.children(state.errand.parent):
        state = replace(state, errand=Browsing())
    return _load(state) if state.stale else (state, ())


def _hall_unread(state: State, event: HallUnread, now_s: float) -> Step:
    state = replace(state, loading=False, reload_at_s=now_s + HALL_AGAIN_S if state.hub == "there" else None)
    return state, ()


def _board_seen(state: State, event: BoardSeen, now_s: float) -> Step:
    """Counts are taken from the board; when its services or hours change, the hall is read again."""
    known = state.board
    state = replace(state, board=event, opening=event.opening)
    return (state, ()) if known is None or _outline(known) == _outline(event) else _load(state)


def _outline(board: BoardSeen) -> Any:
    return board.opening, {code: service.names for code, service in board.services.items()}


# --- the number ------------------------------------------------------------------------------------------------------


def _waits_for(state: State, key: str) -> str | None:
    """The service whose citizen still waits for the answer to `key`."""
    errand = state.errand
    return errand.service if isinstance(errand, (Issuing, NoNumber)) and errand.key == key else None


def _ticket_issued(state: State, event: TicketIssued, now_s: float) -> Step:
    """A number that came too late for the screen is printed all the same: it exists."""
    paper: tuple[Effect, ...] = (Print(event.ticket, state.language),)
    if not state.has_printer:
        paper = (Report(event.ticket.id, "not_printed", "no printer is configured"),)
    if _waits_for(state, event.key) is None:
        return state, paper
    shown = Shown(event.ticket, "printing" if state.has_printer else "none", now_s)
    return shows(replace(state, person=None), shown, now_s), paper


def _issue_refused(state: State, event: IssueRefused, now_s: float) -> Step:
    """A fault of the hub's own (5xx) is no answer: asked again like silence."""
    if event.problem.status >= 500:
        return _issue_unanswered(state, IssueUnanswered(event.key), now_s)
    service = _waits_for(state, event.key)
    if service is None:
        return state, ()
    state, effects = _load(state)
    problem = event.problem
    number = str((problem.model_extra or {}).get("number", ""))
    refused = NoNumber(service, problem.code, now_s, problem.detail, opens_at=opens_at(problem), number=number)
    return shows(replace(state, person=None), refused, now_s), effects


def _issue_unanswered(state: State, event: IssueUnanswered, now_s: float) -> Step:
    errand = state.errand
    if not isinstance(errand, Issuing) or errand.key != event.key:
        return state, ()
    tired = errand.tries > len(RETRY_AFTER_S) or now_s - errand.since_s > ISSUE_PATIENCE_S or state.stopping
    if tired:
        return shows(state, NoNumber(errand.service, "no_answer", now_s, key=errand.key), now_s), ()
    return replace(state, errand=replace(errand, again_at_s=now_s + RETRY_AFTER_S[errand.tries - 1])), ()


# --- cards, and the end ----------------------------------------------------------------------------------------------


def _card_read(state: State, event: CardRead, now_s: float) -> Step:
    """A card is of use only where numbers are given."""
    after = card_read(state, event, now_s)
    return after if screen_of(after[0]) in ("services", "priorities", "issuing") else (state, ())


def _stopping(state: State, event: Stopping, now_s: float) -> Step:
    errand = Browsing() if isinstance(state.errand, _CHOOSING) else state.errand
    return replace(state, stopping=True, errand=errand), ()


_EVENTS: dict[type[Event], Callable[[State, Any, float], Step]] = {
    Touched: _touched,
    Ticked: _ticked,
    HubFound: _hub_found,
    HubMissing: _hub_missing,
    HallRead: _hall_read,
    HallUnread: _hall_unread,
    BoardSeen: _board_seen,
    TicketIssued: _ticket_issued,
    IssueRefused: _issue_refused,
    IssueUnanswered: _issue_unanswered,
    PaperDone: paper_done,
    PrinterSeen: printer_seen,
    CardRead: _card_read,
    CardUnread: card_unread,
    Scanned: scanned,
    PlaceTold: place_told,
    PlaceUntold: place_untold,
    ReaderSeen: reader_seen,
    Stopping: _stopping,
}
