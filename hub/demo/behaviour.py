"""How the demo's people behave. Pure: chance comes in as a random.Random, times are hall seconds."""

from dataclasses import dataclass
from math import exp
from random import Random
from typing import Literal

#: Citizens a minute through a morning: a crowd at the doors, a calm, a peak towards eleven, an ebb at noon.
CROWD_AT_DOORS = 10
BASE_PER_MINUTE = 0.75
PEAK_PER_MINUTE = 0.35
PEAK_MINUTE = 105.0
PEAK_WIDTH = 45.0

SERVICE_WEIGHTS = {"A": 16, "B": 14, "C": 8, "D": 12, "E": 14, "F": 20, "G": 16}

#: Keys of the evaluator, best to worst, as people press them.
PRESS_WEIGHTS = (70, 17, 7, 4, 2)

SHARE_ABSENT = 0.07
SHARE_COMES_ON_RECALL = 0.5
SHARE_RATES = 0.8
SHARE_ASKED_BY_KEY = 0.6
SHARE_RETURNS = 0.6
SHARE_HELD = 0.06
SHARE_SENT_ON = 0.05
SHARE_BREAK_AFTER = 0.03

#: Who says a priority at the kiosk, in a hundred citizens.
PRIORITY_WEIGHTS = {None: 88, "elderly": 7, "disabled": 2, "military": 1, "pregnant": 2}

#: Who lays an ID card on the kiosk's reader, and who scans the slip there later to see how far it is.
SHARE_CARD = 0.2
SHARE_SCANS = 0.08

#: Clerks eat one after the other; seconds after 09:00, and how long.
MEAL_FROM_S, MEAL_TO_S, MEAL_S = 9900.0, 12600.0, 1800.0


@dataclass(frozen=True)
class Citizen:
    """Someone who comes at `arrives_s` seconds after the doors opened.

    `card` is which of the virtual reader's made-up cards they lay, `scans_after_s` when they scan their slip.
    """

    arrives_s: float
    service: str
    priority: str | None = None
    card: int | None = None
    scans_after_s: float | None = None


@dataclass(frozen=True)
class Call:
    """What happens to one call: does somebody come, how long are they served, what do they press.

    Who does not come may be back `returns_after_s` later. In the `turn` of a service somebody has to fetch something
    for `held_s`, or belongs to another counter. Afterwards the clerk may take a break.
    """

    comes: Literal["at once", "on recall", "never"]
    walk_s: float
    service_s: float
    asked_by_key: bool
    presses: int | None
    presses_after_s: float
    returns_after_s: float | None
    turn: Literal["served", "held", "sent on"]
    held_s: float
    break_s: float | None


def per_minute(minute: float) -> float:
    """The arrival rate `minute` minutes after the doors opened."""
    return BASE_PER_MINUTE + PEAK_PER_MINUTE * exp(-(((minute - PEAK_MINUTE) / PEAK_WIDTH) ** 2))


def citizens(chance: Random, minutes: float) -> list[Citizen]:
    """Who comes in the first `minutes`: a crowd at the doors, then a Poisson stream along the curve (thinning)."""
    arrivals = sorted(chance.uniform(0, 45) for _ in range(CROWD_AT_DOORS))
    fastest = BASE_PER_MINUTE + PEAK_PER_MINUTE
    at = 0.0
    while (at := at + chance.expovariate(fastest)) < minutes:
        if chance.random() < per_minute(at) / fastest:
            arrivals.append(at * 60)
    services = chance.choices(list(SERVICE_WEIGHTS), list(SERVICE_WEIGHTS.values()), k=len(arrivals))
    said = chance.choices(list(PRIORITY_WEIGHTS), list(PRIORITY_WEIGHTS.values()), k=len(arrivals))
    cards = [at if chance.random() < SHARE_CARD else None for at in range(len(arrivals))]
    scans = [chance.uniform(120, 400) if chance.random() < SHARE_SCANS else None for _ in arrivals]
    return [Citizen(*citizen) for citizen in zip(sorted(arrivals), services, said, cards, scans, strict=True)]


def call(chance: Random) -> Call:
    """One call's fate; service times are lognormal around three and a half minutes."""
    absent = chance.random() < SHARE_ABSENT
    returns = chance.random() < SHARE_COMES_ON_RECALL
    rates = chance.random() < SHARE_RATES
    return Call(
        comes=("on recall" if returns else "never") if absent else "at once",
        walk_s=chance.uniform(8, 30),
        service_s=min(900.0, 60 + chance.lognormvariate(5.0, 0.5)),
        asked_by_key=chance.random() < SHARE_ASKED_BY_KEY,
        presses=chance.choices(range(5), PRESS_WEIGHTS)[0] if rates else None,
        presses_after_s=chance.uniform(0.4, 1.2),
        returns_after_s=chance.uniform(120, 480) if chance.random() < SHARE_RETURNS else None,
        turn=_turn(chance),
        held_s=chance.uniform(180, 600),
        break_s=chance.uniform(180, 420) if chance.random() < SHARE_BREAK_AFTER else None,
    )


def _turn(chance: Random) -> Literal["served", "held", "sent on"]:
    drawn = chance.random()
    return "held" if drawn < SHARE_HELD else "sent on" if drawn < SHARE_HELD + SHARE_SENT_ON else "served"
