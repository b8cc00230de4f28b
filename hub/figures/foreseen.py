"""A day's forecast beside what came, hour by hour. Pure.

What people were told is not stored: it is foretold anew from the journal, as `hall estimate` does it, with a forecast
a minute instead of one every 20 seconds. Arrivals are not forecast by the hall: beside them stands the mean of
the same weekday of the weeks before.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from statistics import fmean, median
from typing import Any
from zoneinfo import ZoneInfo

from hub.clock import instant
from hub.figures.rules import rate
from hub.figures.sums import Value
from hub.queue.backtest import Foretold
from hub.queue.forecast import SECOND

#: A forecast serves so many hall seconds. At 300 s the foretold waits come out too short (inside 29 % instead of 37 %
#: on a morning of the demo), at 60 s they are those of the running hall within the noise (35 %).
FRESH_S = 60.0
#: How many weeks the usual arrivals are the mean of.
WEEKS = 4


def same_weekdays(day: date) -> list[date]:
    return [day - timedelta(weeks=back) for back in range(1, WEEKS + 1)]


def usual(arrivals: Iterable[Mapping[str, Value]]) -> dict[str, float]:
    """Mean arrivals by hour over the days that had any; `arrivals` are lines by day and hour."""
    days: set[Value] = set()
    sums: Counter[str] = Counter()
    for line in arrivals:
        days.add(line["day"])
        sums[str(line["hour"])] += int(str(line["issued"]))
    return {hour: total / len(days) for hour, total in sums.items()}


def by_hour(
    arrivals: Iterable[Mapping[str, Value]],
    before: Iterable[Mapping[str, Value]],
    foretold: Sequence[Foretold],
    zone: ZoneInfo,
    until: str = "24",
) -> list[dict[str, Any]]:
    """A line an hour with anything in it; waits in minutes. In the hours from `until` on nobody has come yet.

    What was foretold and what came are of the same tickets: those that were called.
    """
    came = {str(line["hour"]): line["issued"] for line in arrivals}
    expected = usual(before)
    waits: dict[str, list[Foretold]] = defaultdict(list)
    for one in foretold:
        waits[f"{instant(one.issued_at).astimezone(zone).hour:02d}"].append(one)
    return [
        {
            "hour": hour,
            "issued": came.get(hour, 0 if hour < until else None),
            "usual": _rounded(expected.get(hour)),
            **_waits(waits[hour]),
        }
        for hour in sorted({*came, *expected, *waits})
    ]


def _waits(tickets: Sequence[Foretold]) -> dict[str, Any]:
    """Middle and range of what was foretold, and the median of what came; `inside` of `foretold` fell in the range."""
    known = [(one, one.expected) for one in tickets if one.expected]
    inside = sum(e.low <= one.issued_at + one.waited * 60 * SECOND <= e.high for one, e in known)
    share = rate(inside, len(known))
    return {
        "waited": _rounded(median(one.waited for one, _ in known)) if known else None,
        "low": _mean([(e.low - one.issued_at) for one, e in known]),
        "middle": _mean([(e.middle - one.issued_at) for one, e in known]),
        "high": _mean([(e.high - one.issued_at) for one, e in known]),
        "foretold": len(known),
        "inside": inside,
        "inside_rate": None if share is None else float(share),
    }


def _mean(spans: Sequence[int]) -> float | None:
    return _rounded(fmean(max(0, span) for span in spans) / SECOND / 60) if spans else None


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 1)
