"""Codes before the scanner: a ticket's QR shows its place, anything else gets a clear sentence. Pure."""

import re
from dataclasses import replace
from typing import Literal

from kiosk.cards import errand_over
from kiosk.idling import shows
from kiosk.presented import Looking, LookUp, Placed, PlaceTold, PlaceUntold, Scanned, Unplaced
from kiosk.state import Browsing, Effect, State

Step = tuple[State, tuple[Effect, ...]]

#: The end of a ticket's `status_url`. Which host stands before it does not matter: our hub is asked.
_TICKET = re.compile(r"(?:https?://[^/\s]+)?/t/([A-Za-z0-9_-]{8,64})/?(?:[?#]\S*)?", re.ASCII)
#: Pages of the booking, and its codes as other systems print them (预约号, YY + digits).
_APPOINTMENT = re.compile(r"(?:https?://[^/\s]+)?/(?:book|a)/\S+|预约\S*|YY-?\d{6,20}", re.ASCII)

Kind = Literal["ticket", "appointment", "unknown"]


def kind_of(text: str) -> tuple[Kind, str]:
    """What a code is, and a ticket's token."""
    text = text.strip()
    ticket = _TICKET.fullmatch(text)
    if ticket:
        return "ticket", ticket[1]
    return ("appointment" if _APPOINTMENT.fullmatch(text) else "unknown"), ""


def scanned(state: State, event: Scanned, now_s: float) -> Step:
    """Nothing that a citizen still needs is pushed away by somebody's code."""
    if not isinstance(state.errand, Browsing) and not errand_over(state):
        return state, ()
    if state.stopping or state.hub != "there":
        return _said(state, Unplaced("no_answer", now_s), now_s)
    kind, token = kind_of(event.text)
    if kind == "ticket":
        return _said(state, Looking(token, now_s), now_s, LookUp(token))
    return _said(state, Unplaced("appointment" if kind == "appointment" else "unknown", now_s), now_s)


def _said(state: State, errand: Looking | Unplaced | Placed, now_s: float, *effects: Effect) -> Step:
    return replace(shows(state, errand, now_s), touched_at_s=now_s), effects


def place_told(state: State, event: PlaceTold, now_s: float) -> Step:
    errand = state.errand
    if not isinstance(errand, Looking) or errand.token != event.token:
        return state, ()
    return _said(state, Placed(event.token, event.ticket, now_s), now_s)


def place_untold(state: State, event: PlaceUntold, now_s: float) -> Step:
    errand = state.errand
    if not isinstance(errand, Looking) or errand.token != event.token:
        return state, ()
    return _said(state, Unplaced(event.code, now_s), now_s)


def touched_rejoin(state: State, what: str, key: str, now_s: float) -> Step:
    """The citizen who was missed is back, and joins the queue again by the hall's rule."""
    errand = state.errand
    if not isinstance(errand, Placed) or not errand.ticket.may_return:
        return state, ()
    return _said(state, Looking(errand.token, now_s, rejoins=True), now_s, LookUp(errand.token, key))
