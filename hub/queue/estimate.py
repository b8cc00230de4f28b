"""How long a citizen will wait, as a range of minutes. Pure.

People before the citizen are shared among the open counters that serve the service; each takes about the mean of
the service's recent visits (its configured estimate until there are some). The range is the Poisson-like spread of
the sum of that many service times: one standard deviation, with a coefficient of variation of 0.6.
"""

from math import ceil, floor, sqrt

from hub.wire import WaitRange

#: Service times at counters scatter about this much around their mean.
VARIATION = 0.6
#: Fewer finished visits than this say less than the configured estimate.
ENOUGH_VISITS = 5


def mean_minutes(recent_minutes: list[float], configured_minutes: float) -> float:
    """The service's mean: recent visits once there are enough of them, else what the hall configured."""
    if len(recent_minutes) < ENOUGH_VISITS:
        return configured_minutes
    return sum(recent_minutes) / len(recent_minutes)


def wait_range(ahead: int, open_counters: int, service_minutes: float) -> WaitRange | None:
    """The range for a citizen with `ahead` people before them; None when no counter serves the service now."""
    if open_counters == 0:
        return None
    turns = ahead / open_counters
    middle = turns * service_minutes
    spread = VARIATION * service_minutes * sqrt(turns + 0.5 if ahead else 0.25) / sqrt(open_counters)
    return WaitRange(low=max(0, floor(middle - spread)), high=max(1, ceil(middle + spread)))
