"""Who is likely to come and be called before those who wait now. Pure.

Under head starts these are priorities, for as long as their head start still reaches those who wait; under
proportional calling every priority; and where counters have second choices, everybody who comes for a first one.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from hub.queue.calling_order import CounterView, Lane, Policy
from hub.queue.forecast import HORIZON_S, Stream

ORDINARY: Lane = "ordinary"
#: Rates are counted over the last hour, or since the first ticket of the day, but never over less than this.
SPAN_LEAST_MINUTES = 10.0


@dataclass(frozen=True)
class Came:
    """How many tickets of the last `minutes` were taken by (service, priority)."""

    minutes: float
    tickets: Mapping[tuple[str, str], int]

    def per_minute(self, service: str) -> float:
        taken = sum(count for (code, _), count in self.tickets.items() if code == service)
        return taken / max(self.minutes, SPAN_LEAST_MINUTES)

    def share(self, priority: str) -> float:
        """Of a priority among all who came, whatever they came for: one service alone has too few of them."""
        everybody = sum(self.tickets.values())
        return sum(count for (_, name), count in self.tickets.items() if name == priority) / max(everybody, 1)


def streams(
    came: Came,
    services: Collection[str],
    head_starts_minutes: Mapping[str, float],
    counters: Collection[CounterView],
    policy: Policy,
) -> list[Stream]:
    """The arrivals that matter to those who wait now; `head_starts_minutes` by priority."""
    found: list[Stream] = []
    by_head_start = policy.kind == "head_start"
    second = {service for counter in counters for service in counter.second}
    for service in services:
        rate = came.per_minute(service)
        for priority, minutes in head_starts_minutes.items():
            lane: Lane = ORDINARY if priority == ORDINARY else "priority"
            first_choice = lane == ORDINARY and second and any(service in counter.first for counter in counters)
            overtakes = minutes > 0 if by_head_start else lane == "priority"
            per_minute = rate * came.share(priority)
            if per_minute and (overtakes or first_choice):
                head_start_s = minutes * 60 if by_head_start else 0.0
                until_s = HORIZON_S if first_choice or not by_head_start else head_start_s
                found.append(Stream(f"s:{service}", lane, head_start_s, per_minute, until_s))
    return found
