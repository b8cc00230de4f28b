"""What citizens say before they take a number: a priority 优先, several services 多项 with one number. Pure."""

from dataclasses import replace

from hub.wire import Service
from kiosk.openings import can_be_taken
from kiosk.presented import Awaiting
from kiosk.state import Browsing, Effect, Issue, Issuing, State, Wish

#: More than these with one number is a matter for the desk.
SERVICES_MOST = 3

Step = tuple[State, tuple[Effect, ...]]


def asked(state: State, service: str, key: str) -> Issue:
    """The question to the hub for this service, with everything the citizen wished."""
    further = (state.wish.services or ())[1:]
    person = state.person.id_number if state.person else None
    return Issue(service, key, state.language, state.wish.priority, further, person)


def take(state: State, service: str, key: str, now_s: float) -> Step:
    """The number; where this hall asks for ID cards and a reader is there, its citizen's card comes first."""
    if state.asks_card and state.has_reader and state.person is None:
        return replace(state, errand=Awaiting(service, now_s)), ()
    return take_now(state, service, key, now_s)


def take_now(state: State, service: str, key: str, now_s: float) -> Step:
    return replace(state, errand=Issuing(service, key, now_s)), (asked(state, service, key),)


def with_service(state: State, code: str) -> State:
    """A service more, or one less when it was chosen already. Beyond the most nothing changes."""
    chosen = state.wish.services or ()
    if code in chosen:
        chosen = tuple(one for one in chosen if one != code)
    elif len(chosen) < SERVICES_MOST:
        chosen = (*chosen, code)
    return replace(state, wish=replace(state.wish, services=chosen))


def several_offered(state: State) -> bool:
    """Whether there is more than one service to choose from."""
    leaves = [service for service in state.services if not state.children(service.code)]
    return sum(can_be_taken(state, leaf) for leaf in leaves) > 1


def service_chosen(state: State, service: Service) -> int:
    """Its place among the chosen ones from 1; 0 for none."""
    chosen = state.wish.services or ()
    return chosen.index(service.code) + 1 if service.code in chosen else 0


def touched_priorities(state: State, what: str, key: str, now_s: float) -> Step:
    """Show the priorities of this hall."""
    return (replace(state, errand=Browsing(priorities=True)) if state.priorities else state), ()


def touched_priority(state: State, name: str, key: str, now_s: float) -> Step:
    """Take one, or none with an empty name, and go on to the services."""
    if name and all(one.name != name for one in state.priorities):
        return state, ()
    return replace(state, errand=Browsing(), wish=replace(state.wish, priority=name or None)), ()


def touched_several(state: State, what: str, key: str, now_s: float) -> Step:
    """Begin to choose several services, or give that up."""
    if not several_offered(state):
        return state, ()
    services = () if state.wish.services is None else None
    return replace(state, wish=Wish(state.wish.priority, services)), ()


def touched_take(state: State, what: str, key: str, now_s: float) -> Step:
    """The number for the chosen services; the first one names its series."""
    if not state.wish.services:
        return state, ()
    return take(state, state.wish.services[0], key, now_s)
