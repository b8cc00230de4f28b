"""What devices' reports mean: when an alert begins and ends, what share of a day a device was up. Pure."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from hub.alert_settings import AlertRule
from hub.wire import DeviceState

DETAIL_LONGEST = 200
AWAY = "station_away"
UNOBSERVED = frozenset({"not_heard", "one_way"})
"""A device that cannot be asked and has not spoken yet, or never does."""
STATES = ("fine", "degraded", "faulty", "silent")
UP = ("fine", "degraded")

Key = tuple[str, str]
"""Station and device."""

#: Seven digits or more are a telephone, an ID or a ticket's secret, never an address or a count.
_PERSONAL = re.compile(r"\d{7,}[\dXx]*")


@dataclass(frozen=True)
class Seen:
    """A device as its station told it, or as it is when the station is away."""

    station: str
    role: str
    device: str
    model: str
    state: str
    code: str = ""
    detail: str = ""

    @property
    def key(self) -> Key:
        return self.station, self.device


@dataclass(frozen=True)
class Spell:
    """A device in one state since `begun_at`, until `ended_at` (microseconds; None: it still is)."""

    seen: Seen
    begun_at: int
    ended_at: int | None = None


@dataclass(frozen=True)
class Standing:
    """An alert that was told and is not over."""

    id: str
    rule: str
    station: str
    device: str

    @property
    def key(self) -> tuple[str, str, str]:
        return self.rule, self.station, self.device


def seen(station: str, role: str, state: DeviceState) -> Seen:
    """A report without anything personal in it."""
    detail = _PERSONAL.sub("***", " ".join(state.detail.split()))[:DETAIL_LONGEST]
    return Seen(station, role, state.name[:60], state.device[:100], state.state, state.code[:60], detail)


def away(spell: Seen) -> Seen:
    """Nobody hears the station: how its devices are is unknown."""
    return Seen(spell.station, spell.role, spell.device, spell.model, "silent", AWAY)


def matches(rule: AlertRule, told: Seen) -> bool:
    return (
        told.state in rule.states
        and (not rule.codes or told.code in rule.codes)
        and told.code not in rule.except_codes
        and (not rule.devices or told.device in rule.devices or told.device.partition("-")[0] in rule.devices)
    )


@dataclass(frozen=True)
class Judged:
    """`since` is when each match began, for the next time; `fresh` are new alerts with their begin, `over` ended."""

    since: Mapping[tuple[str, str, str], int]
    fresh: tuple[tuple[AlertRule, Seen, int], ...]
    over: tuple[str, ...]


def judge(
    spells: Sequence[Spell],
    standing: Iterable[Standing],
    rules: Sequence[AlertRule],
    since: Mapping[tuple[str, str, str], int],
    now: int,
) -> Judged:
    """Which alerts begin and end now. A device that changes from silent to faulty has not been well in between."""
    told = {one.key: one.id for one in standing}
    matching: dict[tuple[str, str, str], int] = {}
    fresh: list[tuple[AlertRule, Seen, int]] = []
    for rule in rules:
        for spell in spells:
            if not matches(rule, spell.seen):
                continue
            key = (rule.name, *spell.seen.key)
            matching[key] = min(since.get(key, spell.begun_at), spell.begun_at)
            if key not in told and now - matching[key] >= rule.after_seconds * 1_000_000:
                fresh.append((rule, spell.seen, matching[key]))
    over = tuple(id_ for key, id_ in told.items() if key not in matching)
    return Judged(matching, tuple(fresh), over)


def shares(spells: Iterable[Spell], windows: Sequence[tuple[int, int]], now: int) -> dict[str, float]:
    """Seconds in each state within the windows [from, until), up to now; who cannot be heard is not observed."""
    found = dict.fromkeys(STATES, 0.0)
    for spell in spells:
        if spell.seen.code in UNOBSERVED:
            continue
        end = min(now, spell.ended_at if spell.ended_at is not None else now)
        for begin, until in windows:
            found[spell.seen.state] += max(0, min(end, until) - max(spell.begun_at, begin)) / 1_000_000
    return found


def uptime(seconds: Mapping[str, float]) -> float | None:
    """Percent of the observed time that the device worked, two decimals; None when nothing was observed.

    Silence is unknown and counts as not up.
    """
    observed = sum(seconds.values())
    return round(100 * sum(seconds[state] for state in UP) / observed, 2) if observed else None


#: Real seconds until the next try of a letter that was not taken.
_AGAIN_S = (5, 15, 60, 300, 900, 3600)


def again_after(tries: int) -> timedelta:
    return timedelta(seconds=_AGAIN_S[min(tries, len(_AGAIN_S)) - 1])


def letter(event: str, alert: Mapping[str, Any], hall: str) -> dict[str, Any]:
    """What the webhook hears; nothing personal is in an alert."""
    return {"event": event, "hall": hall, **alert}
