"""How the ticket machine goes from one screen to the next, and when back to its start. Pure; seconds are monotonic."""

from dataclasses import replace

from kiosk.presented import Looking
from kiosk.state import Browsing, Errand, Issuing, Shown, State, Wish

#: Reading a list of services, or what went wrong, takes longer than picking up a slip.
UNHURRIED = 3.0
#: A slip that still moves keeps its number on the screen at least so long.
PAPER_PATIENCE_S = 20.0
#: A finger that bounces or taps twice is not a new wish: deaf for so long after the screen became another one.
BOUNCE_S = 0.3


def start_again(state: State, now_s: float) -> State:
    """The next citizen begins: top of the list, the hall's own language, nobody's card."""
    state = replace(state, errand=Browsing(), wish=Wish(), person=None, unread_until_s=None)
    return replace(state, language=state.languages[0], touched_at_s=now_s, deaf_until_s=now_s + BOUNCE_S)


def shows(state: State, errand: Errand, now_s: float) -> State:
    return replace(state, errand=errand, deaf_until_s=now_s + BOUNCE_S)


def idle_at_s(state: State) -> float | None:
    """When the screen goes back to the start by itself; None = it stays."""
    errand = state.errand
    if isinstance(errand, (Issuing, Looking)):
        return None
    if isinstance(errand, Browsing):
        untouched = errand == Browsing() and state.language == state.languages[0] and state.wish == Wish()
        at_start = untouched and state.person is None
        return None if at_start else state.touched_at_s + state.idle_s * UNHURRIED
    since = max(errand.since_s, state.touched_at_s)
    if isinstance(errand, Shown) and errand.paper == "printing":
        return since + max(state.idle_s, PAPER_PATIENCE_S)
    printed = isinstance(errand, Shown) and errand.paper == "printed"
    return since + state.idle_s * (1.0 if printed else UNHURRIED)
