"""The paper of a number: what is said while it moves, printed again, or told as lost. Pure; seconds are monotonic."""

from dataclasses import replace

from kiosk.idling import shows
from kiosk.state import Effect, PaperDone, Print, PrinterSeen, Report, Shown, State, Unprinted

UNPRINTED_SAID_S = 60.0
UNPRINTED_SAID_AT_MOST = 3

Step = tuple[State, tuple[Effect, ...]]


def touched_reprint(state: State, what: str, key: str, now_s: float) -> Step:
    if not may_reprint(state) or not isinstance(state.errand, Shown):
        return state, ()
    errand = replace(state.errand, paper="printing", trouble="", since_s=now_s)
    return shows(state, errand, now_s), (
        Report(errand.ticket.id, "reprinted"),
        Print(errand.ticket, state.language),
    )


def may_reprint(state: State) -> bool:
    """Only a slip that surely did not come out is printed again: one that may still come would come twice."""
    errand = state.errand
    return isinstance(errand, Shown) and errand.paper == "not_printed" and state.has_printer and not state.stopping


def paper_done(state: State, event: PaperDone, now_s: float) -> Step:
    report = Report(event.ticket.id, event.outcome, event.detail)
    errand = state.errand
    if isinstance(errand, Shown) and errand.ticket.id == event.ticket.id:
        told = replace(errand, paper=event.outcome, trouble=event.trouble, since_s=now_s)
        return replace(state, errand=told), (report,)
    if event.outcome == "printed":
        said = tuple(one for one in state.unprinted if one.number != event.ticket.number)
        return replace(state, unprinted=said), (report,)
    return _say_unprinted(state, event.ticket.number, now_s), (report,)


def _say_unprinted(state: State, number: str, now_s: float) -> State:
    said = (*state.unprinted, Unprinted(number, now_s + UNPRINTED_SAID_S))
    return replace(state, unprinted=said[-UNPRINTED_SAID_AT_MOST:])


def printer_seen(state: State, event: PrinterSeen, now_s: float) -> Step:
    return replace(state, printer=event.code, slips_left=event.slips_left), ()


def forget_unprinted(state: State, now_s: float) -> State:
    said = tuple(one for one in state.unprinted if now_s < one.until_s)
    return state if said == state.unprinted else replace(state, unprinted=said)
