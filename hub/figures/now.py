"""The hall at this moment, for the page that a manager keeps open. Rows in, one document out."""

from datetime import date, datetime
from typing import Any

from hub.clock import instant
from hub.figures.rows import Floor, Span
from hub.figures.rules import rate
from hub.figures.tables import figures
from hub.journal import RunSql
from hub.queue.hall import HallFacts
from hub.queue.rules import counter_state

_COUNTERS = """
SELECT c.code, c.label, c.status, c.clerk, c.away_reason, c.back_at, c.stand_in,
       t.state, COALESCE(v.started_at, v.called_at), v.service, t.number
FROM counter c LEFT JOIN visit v ON v.counter = c.code AND v.outcome IS NULL LEFT JOIN ticket t ON t.id = v.ticket
ORDER BY c.position
"""
#: Since when an idle counter stands as it does: its last visit's end or its people's last decision today.
_LAST_VISITS = "SELECT counter, max(finished_at) FROM visit WHERE finished_day = :day GROUP BY counter"
_LAST_DECISIONS = """
SELECT counter, max(at) FROM journal
WHERE at >= :since AND kind IN ('counter_opened', 'counter_closed', 'counter_away', 'counter_back') GROUP BY counter
"""
_LONGEST = """
SELECT number, service, issued_at FROM ticket WHERE day = :day AND state = 'waiting' ORDER BY issued_at, id LIMIT 1
"""
_LEFT = "SELECT state, count(*) FROM ticket WHERE day = :day GROUP BY state"


def hall_now(run: RunSql, hall: HallFacts, floor: Floor, now: datetime, *, limit_s: int) -> dict[str, Any]:
    """Counters, today's sums with both numbers of each rate, and who has waited longest; absent members are absent."""
    day = hall.day(now)
    longest = [
        {"number": number, "service": service, "since": _local(hall, at)}
        for number, service, at in run(_LONGEST, day=day)
    ]
    return {
        "at": hall.local(now).isoformat(timespec="seconds"),
        "day": day,
        "counters": _counters(run, hall, now),
        "today": _today(run, floor, day, limit_s),
        **({"longest": longest[0]} if longest else {}),
    }


def _counters(run: RunSql, hall: HallFacts, now: datetime) -> list[dict[str, Any]]:
    left = dict(run(_LAST_VISITS, day=hall.day(now)))
    decided = dict(run(_LAST_DECISIONS, since=hall.day_began(now)))
    found = []
    for code, label, status, clerk, reason, back_at, stand_in, ticket, since, service, number in run(_COUNTERS):
        state = counter_state(status, ticket)
        idle = max(left.get(code) or 0, decided.get(code) or 0) if state == "open" else decided.get(code)
        told = {
            "code": code,
            "label": label,
            "state": state,
            "clerk": clerk,
            "number": number,
            "service": service,
            "since": _local(hall, since or idle),
            "reason": reason if state == "away" else None,
            "back_at": _local(hall, back_at) if state == "away" else None,
            "stand_in": stand_in if state == "away" else None,
        }
        found.append({name: value for name, value in told.items() if value is not None})
    return found


def _today(run: RunSql, floor: Floor, day: str, limit_s: int) -> dict[str, Any]:
    """The same figures as the exports of this day."""
    span = Span(date.fromisoformat(day), date.fromisoformat(day))
    [said] = figures(run, floor, "satisfaction", span.first, span.last, (), limit_s=limit_s).rows
    [waits] = figures(run, floor, "waits", span.first, span.last, (), limit_s=limit_s).rows
    states = dict(run(_LEFT, day=day))
    issued, satisfied, evaluated = sum(states.values()), said["satisfied"], said["evaluated"]
    assert isinstance(satisfied, int)
    assert isinstance(evaluated, int)
    found = rate(satisfied, evaluated)
    return {
        "issued": issued,
        "waiting": states.get("waiting", 0),
        "held": states.get("held", 0),
        "served": said["finished"],
        "no_shows": states.get("no_show", 0),
        "satisfied": satisfied,
        "evaluated": evaluated,
        "satisfaction_rate": None if found is None else float(found),
        **{name: waits[name] for name in ("n", "p50_s", "p90_s", "over_limit")},
    }


def _local(hall: HallFacts, at: int | None) -> str | None:
    return hall.local(instant(at)).isoformat(timespec="seconds") if at else None
