"""What becomes of a counter whose clerk goes: signs out, or is signed out."""

from hub.queue.counters import shut
from hub.queue.hall import HallFacts
from hub.queue.seats import must_be_free, open_visit, seat
from hub.store import Tx


def leave_counter(tx: Tx, hall: HallFacts, counter: str, *, by_force: bool) -> None:
    """Close it when nobody is there. With a citizen it raises NotAllowed, or (`by_force`) the visit simply goes on."""
    found = seat(tx, counter)
    if found.status == "closed" or (by_force and open_visit(tx, counter)):
        return
    must_be_free(tx, counter)
    shut(tx, hall, counter, found.clerk, why="signed_out")


class Leaving:
    """The same for one hall, to be hung into the people's room."""

    def __init__(self, hall: HallFacts) -> None:
        self._hall = hall

    def __call__(self, tx: Tx, counter: str, *, by_force: bool) -> None:
        leave_counter(tx, self._hall, counter, by_force=by_force)
