"""ID cards 身份证 laid on the machine: whose number the next ticket is. Pure."""

from dataclasses import replace

from kiosk.idling import start_again
from kiosk.presented import Awaiting, CardRead, CardUnread, Person, Placed, ReaderSeen, Unplaced
from kiosk.state import Browsing, Effect, NoNumber, Shown, State
from kiosk.wishes import take_now

UNREAD_SAID_S = 8.0

Step = tuple[State, tuple[Effect, ...]]


def card_read(state: State, event: CardRead, now_s: float) -> Step:
    """While somebody chooses it is theirs; where an errand is over the next citizen begins with it."""
    errand = state.errand
    if isinstance(errand, Awaiting):
        state = replace(state, person=Person(event.id_number), unread_until_s=None)
        return take_now(state, errand.service, event.fresh_key, now_s)
    if not isinstance(state.errand, Browsing):
        if not errand_over(state):
            return state, ()
        state = start_again(state, now_s)
    return replace(state, person=Person(event.id_number), unread_until_s=None, touched_at_s=now_s), ()


def errand_over(state: State) -> bool:
    """Nothing on the screen is needed any longer: the slip is out, or a message was for the one before."""
    errand = state.errand
    if isinstance(errand, Shown):
        return errand.paper == "printed"
    return isinstance(errand, (Placed, Unplaced)) or (isinstance(errand, NoNumber) and errand.key is None)


def card_unread(state: State, event: CardUnread, now_s: float) -> Step:
    return replace(state, unread_until_s=now_s + UNREAD_SAID_S), ()


def forget_unread(state: State, now_s: float) -> State:
    over = state.unread_until_s is not None and now_s >= state.unread_until_s
    return replace(state, unread_until_s=None) if over else state


def touched_without_card(state: State, what: str, key: str, now_s: float) -> Step:
    errand = state.errand
    if not isinstance(errand, Awaiting) or state.stopping:
        return state, ()
    return take_now(state, errand.service, key, now_s)


def touched_forget(state: State, what: str, key: str, now_s: float) -> Step:
    """The number shall be nobody's after all."""
    return replace(state, person=None), ()


def reader_seen(state: State, event: ReaderSeen, now_s: float) -> Step:
    if event.device == "scanner":
        return replace(state, has_scanner=event.usable), ()
    return replace(state, has_reader=event.usable), ()
