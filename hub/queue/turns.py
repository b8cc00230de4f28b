"""What the counters' recent turns say about the next ones. Pure.

A turn 轮次 is what one ticket takes of a counter: from its call to the end of the visit, no-shows included. What a
service takes now is learnt from today's last turns, from the same hour of earlier days, and, while there are few of
them, from the minutes that the hall configured.
"""

from collections import defaultdict, deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import exp, log, sqrt
from statistics import NormalDist, fmean, pstdev

from hub.queue.forecast import SECOND, Pace

#: Turns of a service that are remembered: of today, and of each hour of earlier days.
TODAY_MOST = 40
HOUR_MOST = 30
#: The configured minutes weigh as much as this many turns, and for as long as there are fewer than PRIOR_UNTIL.
PRIOR_TURNS = 6
PRIOR_UNTIL = 15
#: Service times scatter about this much around their mean (standard deviation over mean) until measured.
VARIATION = 0.6
#: Call, walk and greeting come on top of the configured minutes.
WALK_S = 30.0
#: A longer pause between two turns while people wait is an absence, not a gap.
GAP_MOST_S = 900.0
GAPS_KEPT = 80
#: Means wander within a day by about this much (standard deviation of the logarithm) whatever was measured.
WANDER = 0.1


@dataclass(frozen=True, slots=True)
class Turn:
    """One finished stay of a ticket at a counter; instants in stored microseconds, `hour` is the hall's hour of day."""

    service: str
    counter: str
    day: str
    hour: int
    issued_at: int
    called_at: int
    finished_at: int

    @property
    def seconds(self) -> float:
        return (self.finished_at - self.called_at) / SECOND


class Turns:
    """A bounded memory of turns, given in the order in which they ended."""

    def __init__(self) -> None:
        self._today: dict[str, deque[Turn]] = defaultdict(lambda: deque(maxlen=TODAY_MOST))
        self._hours: dict[tuple[str, int], deque[Turn]] = defaultdict(lambda: deque(maxlen=HOUR_MOST))
        self._gaps: deque[float] = deque([5.0, 10.0, 15.0, 20.0, 30.0], maxlen=GAPS_KEPT)
        self._ended: dict[str, int] = {}
        self._day = ""

    def add(self, turn: Turn) -> None:
        if turn.day != self._day:
            self._today.clear()
            self._day = turn.day
        self._today[turn.service].append(turn)
        self._hours[turn.service, turn.hour].append(turn)
        ended = self._ended.get(turn.counter, turn.called_at)
        if turn.issued_at <= ended and 0 <= turn.called_at - ended <= GAP_MOST_S * SECOND:
            self._gaps.append((turn.called_at - ended) / SECOND)
        self._ended[turn.counter] = turn.finished_at

    def counters(self, day: str) -> set[str]:
        """The counters that have ended a turn on this day."""
        return {turn.counter for turns in self._today.values() for turn in turns} if day == self._day else set()

    def pace(self, day: str, hour: int, configured_minutes: Mapping[str, float]) -> Pace:
        """How long turns last now, by the services' lines."""
        samples = {service: self._samples(service, day, hour, m) for service, m in configured_minutes.items()}
        return Pace(
            any_turn=sorted(second for turns in samples.values() for second in turns[:: max(1, len(turns) // 5)]),
            turns={f"s:{service}": turns for service, turns in samples.items()},
            gaps=sorted(self._gaps),
            doubt={f"s:{service}": doubt(turns) for service, turns in samples.items()},
        )

    def _samples(self, service: str, day: str, hour: int, minutes: float) -> list[float]:
        today = self._today[service] if day == self._day else ()
        earlier = [turn for turn in self._hours.get((service, hour), ()) if turn.day != day]
        samples = [turn.seconds for turn in (*today, *earlier)]
        if len(samples) < PRIOR_UNTIL:
            samples += prior(minutes * 60 + WALK_S)
        return sorted(samples)


def prior(mean_s: float) -> list[float]:
    """A few turns as they are likely before any is known: quantiles of a lognormal distribution with this mean."""
    sigma = sqrt(log(1 + VARIATION**2))
    normal = NormalDist(log(mean_s) - sigma**2 / 2, sigma)
    return [exp(normal.inv_cdf((n + 0.5) / PRIOR_TURNS)) for n in range(PRIOR_TURNS)]


def doubt(turns: Sequence[float]) -> float:
    """How uncertain the mean of these turns is, as a standard deviation of its logarithm."""
    mean = fmean(turns)
    return sqrt(WANDER**2 + (pstdev(turns) / mean) ** 2 / len(turns)) if mean else 0.0
