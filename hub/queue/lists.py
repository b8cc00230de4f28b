"""What a clerk sees of the own counter: who is there, who left last, who may be chosen. Rows in, lists out."""

import json
from datetime import datetime, timedelta
from typing import Any

from hub.clock import instant
from hub.journal import RunSql
from hub.problems import Unknown
from hub.queue import sql
from hub.queue.hall import HallFacts
from hub.store import Who
from hub.wire import AtCounter, CounterQueue, LeftCounter, Queued, Seated

#: A clerk looks at the first of a list; more would only make the answer long.
QUEUED_MOST = 100


def counter_queue(run: RunSql, hall: HallFacts, who: Who, code: str, now: datetime) -> CounterQueue:
    """Raises Unknown."""
    if code not in hall.counters:
        raise Unknown("counter", code)
    day = hall.day(now)
    return CounterQueue(
        waiting=[_queued(hall, row) for row in run(sql.WAITING_FOR_COUNTER, counter=code, day=day, most=QUEUED_MOST)],
        held=[_queued(hall, row) for row in run(sql.HELD, day=day, most=QUEUED_MOST)],
        missed=[_queued(hall, row) for row in run(sql.MISSED_TODAY, day=day, most=QUEUED_MOST)],
        now=_at_counter(run, hall, code),
        last=_last(run, hall, code, now),
        clerks=[Seated(clerk=clerk, counter=at) for at, clerk in run(sql.SEATED, counter=code)],
        may_choose=who.role in hall.rules.chosen_call_roles,
        hold_minutes=hall.rules.hold_minutes,
    )


def _at_counter(run: RunSql, hall: HallFacts, code: str) -> AtCounter | None:
    for announced, announced_at, *queued in run(sql.AT_COUNTER, counter=code):
        left = max(0, hall.rules.recall_most + 1 - announced)
        since = hall.local(instant(announced_at or 0))
        again = since + timedelta(seconds=hall.rules.recall_interval_seconds)
        return AtCounter(ticket=_queued(hall, queued), recalls_left=left, recall_from=again if left else None)
    return None


def _last(run: RunSql, hall: HallFacts, code: str, now: datetime) -> LeftCounter | None:
    for number, outcome in run(sql.LEFT_LAST, counter=code, since=hall.day_began(now)):
        return LeftCounter(number=number, outcome=outcome)
    return None


def _queued(hall: HallFacts, row: Any) -> Queued:
    ticket, number, service, state, priority, issued_at, line, returns, held_until, counter, left, *held_at = row
    return Queued(
        id=ticket,
        number=number,
        service=service,
        state=state,
        priority=priority,
        issued_at=hall.local(instant(issued_at)),
        directed=not line.startswith("s:"),
        returns=returns,
        held_at=hall.local(instant(held_at[0])) if held_at else None,
        held_until=None if held_until is None else hall.local(instant(held_until)),
        counter=counter,
        services_left=json.loads(left) or None,
    )
