"""The floor that a forecast plays on: put together from what is seen of the queue, which the database tells here."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from hub.clock import micros
from hub.journal import RunSql
from hub.queue import sql
from hub.queue.arrivals import Came, streams
from hub.queue.calling_order import CounterView, Policy, Waiting, place
from hub.queue.forecast import SECOND, CounterPlan, Floor

if TYPE_CHECKING:
    from hub.queue.hall import HallFacts

#: Arrivals of this long back tell how many are likely to come.
CAME_OVER_US = 3600 * SECOND
#: So many are played; who stands behind them in a longer line is told by that line's own step.
PLAYED_MOST = 600
NOTHING: tuple[frozenset[str], frozenset[str]] = (frozenset(), frozenset())


@dataclass(frozen=True)
class CounterSeen:
    """A counter as it stands; `service` and `busy_since` tell of its open visit. Instants in stored microseconds."""

    code: str
    status: str
    clerk: str | None = None
    second_after: float | None = None
    ordinary_run: int = 0
    back_at: int | None = None
    service: str | None = None
    busy_since: int | None = None


@dataclass(frozen=True)
class Seen:
    """The queue at an instant: who waits (and for which service), the counters, and what they serve.

    `served` gives each counter's services of first and of second choice. `returning` are closed counters that are
    expected to open again when the hall does.
    """

    waiting: Sequence[tuple[Waiting, str]]
    counters: Sequence[CounterSeen]
    served: Mapping[str, tuple[frozenset[str], frozenset[str]]]
    came: Came
    returning: Collection[str] = field(default=())


def floor_of(hall: HallFacts, now: datetime, seen: Seen) -> Floor:
    """What is seen, the hall's policy and hours, and who is likely to come in between."""
    closes, reopens = _break(hall, now)
    policy = Policy(hall.rules.policy, hall.rules.ordinary_per_priority)
    expected = seen.returning if reopens is not None and closes is None else ()
    plans = [
        CounterPlan(
            view=CounterView(c.code, c.clerk, *seen.served.get(c.code, NOTHING), c.second_after, c.ordinary_run),
            line=f"s:{c.service}" if c.service else "",
            busy_since=c.busy_since,
            back_at=reopens if c.status == "closed" else c.back_at,
        )
        for c in seen.counters
        if c.status == "open" or (c.status == "away" and c.back_at) or c.busy_since or c.code in expected
    ]
    played = first_of_each(seen.waiting, PLAYED_MOST)
    return Floor(
        at=micros(now),
        waiting=[ticket for ticket, _ in played],
        services=dict(Counter(service for _, service in played)),
        counters=plans,
        lines=[f"s:{service}" for service in hall.estimate_minutes],
        policy=policy,
        streams=streams(seen.came, hall.estimate_minutes, hall.head_starts, [plan.view for plan in plans], policy),
        pause=(closes, reopens) if closes is not None and reopens is not None else None,
    )


def first_of_each(waiting: Sequence[tuple[Waiting, str]], most: int) -> Sequence[tuple[Waiting, str]]:
    """Everybody, or in a crowd the same number from the head of every longer line, together about `most`."""
    if len(waiting) <= most:
        return waiting
    lines: dict[tuple[str, str], list[tuple[Waiting, str]]] = defaultdict(list)
    for one in sorted(waiting, key=lambda one: place(one[0])):
        lines[one[0].line, one[0].lane].append(one)
    left, kept = most, []
    for number, line in enumerate(sorted(lines.values(), key=len)):
        taken = line[: left // (len(lines) - number)]
        left -= len(taken)
        kept += taken
    return kept


def _break(hall: HallFacts, now: datetime) -> tuple[int | None, int | None]:
    """When the hall's next break of this day begins (None: it has) and ends (None: there is none)."""
    state = hall.opening(now)
    begins = state.closes_at if state.state == "open" else None
    ends = hall.opening(begins).next_opening if begins else state.next_opening
    if ends is None or hall.day(ends) != hall.day(now) or (state.state == "open" and begins is None):
        return None, None
    return micros(begins) if begins else None, micros(ends)


def floor_now(run: RunSql, hall: HallFacts, now: datetime, *, returning: Collection[str] = ()) -> Floor:
    """The floor as the database holds it."""
    seen = Seen(
        waiting=[(Waiting(*row[:6]), row[6]) for row in run(sql.WAITING_NOW, day=hall.day(now))],
        counters=[CounterSeen(*row) for row in run(sql.COUNTERS_NOW)],
        served=_served(run),
        came=_came(run, hall, now),
        returning=returning,
    )
    return floor_of(hall, now, seen)


def _served(run: RunSql) -> dict[str, tuple[frozenset[str], frozenset[str]]]:
    choices: dict[str, tuple[set[str], set[str]]] = {}
    for counter, service, choice in run(sql.SERVED_NOW):
        choices.setdefault(counter, (set(), set()))[choice - 1].add(service)
    return {counter: (frozenset(first), frozenset(second)) for counter, (first, second) in choices.items()}


def _came(run: RunSql, hall: HallFacts, now: datetime) -> Came:
    """Ids are ordered by time, so that the last hour is one piece of the primary key."""
    since = micros(now) - CAME_OVER_US
    rows = run(sql.CAME, since_id=f"{since // 1000:011x}", since=since, day=hall.day(now))
    first = min((row[3] for row in rows), default=micros(now))
    minutes = (micros(now) - first) / SECOND / 60
    return Came(minutes, {(service, priority): count for service, priority, count, _ in rows})
