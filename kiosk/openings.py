"""Which services give numbers now, why the others do not, and when they do again. Pure."""

from datetime import datetime

from hub.wire import Opening, Problem, Service
from kiosk.state import State


def can_be_taken(state: State, service: Service) -> bool:
    """Whether a touch on it leads to a ticket; a heading leads there as long as one of its services does."""
    leaves = state.children(service.code) or (service,)
    return any(_gives_numbers(state, leaf) for leaf in leaves)


def _gives_numbers(state: State, leaf: Service) -> bool:
    opening = state.opening_of(leaf)
    return opening.state == "open" if opening else leaf.open and hall_opening(state).state == "open"


def hall_opening(state: State) -> Opening:
    """The hall's own hours; before anything was heard it is closed."""
    return state.opening or (state.hall.opening if state.hall else Opening(state="closed"))


def closed_why(state: State, service: Service) -> Opening | None:
    """The opening that tells why a service gives no numbers; a heading's if all its services have the same reason."""
    openings = [state.opening_of(leaf) for leaf in state.children(service.code) or (service,)]
    reasons = {opening.reason if opening else None for opening in openings}
    return openings[0] if len(reasons) == 1 and None not in reasons else None


def next_numbers(state: State) -> datetime | None:
    """When the first service gives numbers again, or the hall opens."""
    leaves = (service for service in state.services if not state.children(service.code))
    openings = [hall_opening(state), *(opening for leaf in leaves if (opening := state.opening_of(leaf)))]
    return min((at for one in openings if (at := one.next_opening)), default=None)


def opens_at(problem: Problem) -> datetime | None:
    """What the hub says of the next numbers, if it can be read."""
    told = (problem.model_extra or {}).get("next_opening")
    try:
        at = datetime.fromisoformat(str(told)) if told else None
    except ValueError:
        return None
    return at if at and at.tzinfo else None
