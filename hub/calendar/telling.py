"""What is told of the opening: states and counts in, wire messages out."""

from datetime import date, datetime

from hub.calendar.opening import OpeningState, after_band, band_at, opening
from hub.calendar.plan import Band, Plan
from hub.journal import RunSql
from hub.wire import Opening

_IN_BAND = "WHERE day = :day AND service = :service AND band = :band"
_TAKEN = (
    f"SELECT coalesce(sum(taken), 0) - (SELECT count(*) FROM quota_returned {_IN_BAND}) FROM quota_taken {_IN_BAND}"
)


def hall_opening(plan: Plan, at: datetime) -> Opening:
    """The hall's own hours; a service may have others."""
    return _told(opening(plan, None, at))


def service_opening(run: RunSql, plan: Plan, service: str, at: datetime) -> tuple[Opening, int | None]:
    """Whether a ticket of the service can be taken now, and how many more in this band (None: no quota now)."""
    state = opening(plan, service, at)
    inside = band_at(plan, service, at)
    if state.state == "closed" or inside is None:
        return _told(state), None
    left = _left(run, service, *inside)
    if left:
        return _told(state), left
    full = OpeningState("closed", "quota", next_opening=after_band(plan, service, at))
    return _told(full), 0


def pause(plan: Plan, service: str, at: datetime) -> Opening | None:
    """Why nobody who waits for the service is called now; None while it works, also after tickets have ended."""
    state = opening(plan, service, at)
    return None if state.state == "open" or state.reason == "cut_off" else _told(state)


def _left(run: RunSql, service: str, day: date, band: Band) -> int:
    taken = int(run(_TAKEN, day=day.isoformat(), service=service, band=band.key)[0][0])
    return max(0, band.most - taken)


def _told(state: OpeningState) -> Opening:
    return Opening(
        state=state.state,
        reason=state.reason,
        names=state.names or None,
        closes_at=state.closes_at,
        last_ticket_at=state.last_ticket_at,
        next_opening=state.next_opening,
    )
