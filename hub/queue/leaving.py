"""What becomes of a counter whose clerk goes: signs out, or is signed out."""

from hub.problems import NotAllowed
from hub.queue import sql
from hub.queue.hall import HallFacts
from hub.queue.visits import close_counter
from hub.store import Tx


def leave_counter(tx: Tx, hall: HallFacts, counter: str, *, by_force: bool) -> None:
    """Close it when nobody is there. With a citizen it raises NotAllowed, or (`by_force`) the visit simply goes on."""
    rows = tx.rows(sql.COUNTER_STATUS, counter=counter)
    if not rows or rows[0][0] == "closed":
        return
    try:
        close_counter(tx, hall, counter)
    except NotAllowed:
        if not by_force:
            raise
