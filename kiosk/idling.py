"""When the ticket machine goes back to its start by itself. Pure; seconds are monotonic."""

from kiosk.state import Browsing, Issuing, Shown, State, Wish

#: Reading a list of services, or what went wrong, takes longer than picking up a slip.
UNHURRIED = 3.0
#: A slip that still moves keeps its number on the screen at least so long.
PAPER_PATIENCE_S = 20.0


def idle_at_s(state: State) -> float | None:
    """When the screen goes back to the start by itself; None = it stays."""
    errand = state.errand
    if isinstance(errand, Issuing):
        return None
    if isinstance(errand, Browsing):
        at_start = errand == Browsing() and state.language == state.languages[0] and state.wish == Wish()
        return None if at_start else state.touched_at_s + state.idle_s * UNHURRIED
    since = max(errand.since_s, state.touched_at_s)
    if isinstance(errand, Shown) and errand.paper == "printing":
        return since + max(state.idle_s, PAPER_PATIENCE_S)
    printed = isinstance(errand, Shown) and errand.paper == "printed"
    return since + state.idle_s * (1.0 if printed else UNHURRIED)
