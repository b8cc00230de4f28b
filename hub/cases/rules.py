"""What a case can be and what may be done to it when. Pure.

Kinds: 即办件 immediate, 承诺件 promised, 联办件 joint, 上报件 reported. 退回, 补办, 答复 are no kinds but what a
case becomes: outcome and state.
"""

from hub.wire import CaseOutcome, CaseState, CaseVerb, Names

#: The state after a verb; what is missing is not allowed.
NEXT: dict[tuple[CaseState, CaseVerb], CaseState] = {
    ("received", "accept"): "accepted",
    ("received", "correction"): "correcting",
    ("correcting", "corrected"): "accepted",
    # a second notice tells that the first one was not complete: it is counted, and restarts nothing
    ("accepted", "correction"): "accepted",
    ("accepted", "suspend"): "suspended",
    ("suspended", "resume"): "accepted",
    ("accepted", "extend"): "accepted",
    ("suspended", "extend"): "suspended",
    ("accepted", "appoint"): "accepted",
    ("accepted", "missed"): "accepted",
    ("received", "close"): "closed",
    ("accepted", "close"): "closed",
    ("correcting", "close"): "closed",
    ("suspended", "close"): "closed",
    **{(state, "change-kind"): state for state in ("received", "correcting", "accepted", "suspended")},
    **{(state, "notice"): state for state in ("received", "correcting", "accepted", "suspended", "closed")},
    **{(state, "withdraw"): "closed" for state in ("received", "correcting", "accepted", "suspended")},
}

#: How a case may end from where it stands.
OUTCOMES: dict[CaseState, frozenset[CaseOutcome]] = {
    "received": frozenset({"approved", "refused", "returned", "not_accepted"}),
    "correcting": frozenset({"returned", "not_accepted"}),
    "accepted": frozenset({"approved", "refused", "returned"}),
    "suspended": frozenset({"refused", "returned"}),
}

#: After these the deadline is computed anew.
MOVES_DEADLINE: frozenset[CaseVerb] = frozenset(
    {"correction", "corrected", "suspend", "resume", "extend", "appoint", "missed", "change-kind"}
)

STATES: dict[CaseState, Names] = {
    "received": {"zh": "已收件", "en": "received"},
    "correcting": {"zh": "补正中", "en": "waiting for corrected material"},
    "accepted": {"zh": "已受理", "en": "accepted"},
    "suspended": {"zh": "已中止", "en": "suspended"},
    "closed": {"zh": "已办结", "en": "closed"},
}


def next_state(state: CaseState, verb: CaseVerb) -> CaseState | None:
    """None when it is not allowed."""
    return NEXT.get((state, verb))


def state_of(outcome: str, *, awaiting: bool, suspended: bool) -> CaseState:
    """The state of an imported case, which has no history of its own."""
    if outcome != "open":
        return "closed"
    if awaiting:
        return "correcting"
    return "suspended" if suspended else "accepted"
