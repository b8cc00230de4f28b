"""Figures by name: what a scheme's items ask of the facts. Pure.

Every figure carries the numbers behind it, and the cases, complaints and people that moved it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from hub.assessment import answers, cases, conduct
from hub.assessment.facts import Facts
from hub.assessment.figure import Asked, Figure

Measure = Callable[[Facts, Asked], Figure]


@dataclass(frozen=True)
class Metric:
    """`gives` is what items of a kind can be scored by; `readings` are the switches it looks at."""

    measure: Measure
    gives: frozenset[str]
    readings: tuple[str, ...] = ()


_RATE = frozenset({"rate", "threshold"})
_EVENTS = frozenset({"zero", "each", "deduct"})
_BONUS = frozenset({"bonus"})
_HINT = frozenset({"manual"})

METRICS: Mapping[str, Metric] = {
    "on_site_rate": Metric(cases.on_site_rate, _RATE, ("on_site_cases",)),
    "on_time_rate": Metric(cases.on_time_rate, _RATE, ("overdue_period",)),
    "overdue": Metric(cases.overdue, _EVENTS, ("overdue_period",)),
    "joint_cases": Metric(cases.joint_cases, _EVENTS, ("overdue_period", "joint_satisfaction", "satisfied_levels")),
    "online_overdue": Metric(cases.online_overdue, _EVENTS, ("overdue_period",)),
    "incomplete_steps": Metric(cases.incomplete_steps, _EVENTS),
    "shortened": Metric(cases.shortened, _RATE, ("shortened_by",)),
    "satisfaction": Metric(answers.satisfaction, _RATE, ("satisfied_levels",)),
    "online_desk": Metric(answers.online_desk, _EVENTS, ("desk_days",)),
    "online_bonus": Metric(answers.online_bonus, _BONUS, ("online_cap", "satisfaction_steps", "satisfied_levels")),
    "complaints": Metric(conduct.complaints, _EVENTS, ("complaint_day",)),
    "attendance": Metric(conduct.attendance, _EVENTS, ("grace_minutes",)),
    "half_days_unmanned": Metric(conduct.half_days_unmanned, _EVENTS, ("whole_day",)),
    "self_checks": Metric(conduct.self_checks, _RATE),
    "leader_weeks": Metric(conduct.leader_weeks, _HINT),
}


def measure(name: str, facts: Facts, asked: Asked) -> Figure:
    """The figure; nothing of no metric."""
    return METRICS[name].measure(facts, asked) if name else Figure()
