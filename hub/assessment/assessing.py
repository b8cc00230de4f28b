"""The scores of all units of a hall in a period, with places, flags, grades and stars. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass

from hub.assessment.awards import (
    Candidate,
    candidates,
    flagged,
    flags_of_year,
    graded,
    ranked,
    tie_of,
)
from hub.assessment.facts import Ballot, Facts
from hub.assessment.longer import Frozen, from_parts, is_assessed, score_period
from hub.assessment.periods import Period, parts
from hub.assessment.readings import choice_of, number_of
from hub.assessment.scheme import Scheme
from hub.assessment.score import Part, UnitScore

#: Places of a month that the text names (争星 二（二）1), where the hall has set no other number.
_FLAGS = 18


@dataclass(frozen=True)
class Assessment:
    """All units of a period, in the order of their codes. `candidates` are those for 服务明星, once a year."""

    scheme: Scheme
    period: Period
    units: tuple[UnitScore, ...]
    candidates: tuple[Candidate, ...] | None = None


def assess(
    scheme: Scheme,
    period: Period,
    units: Mapping[str, Facts],
    chosen: Mapping[str, str],
    people: tuple[Ballot, ...] = (),
    frozen: Frozen | None = None,
) -> Assessment:
    """`people` are the ballots about persons, `frozen` the closed periods' results.

    Raises Invalid for a kind of period that the scheme does not know.
    """
    rule = scheme.rule(period)
    known = dict(sorted(units.items()))
    if scheme.awards == "flags" and rule.basis != "items":
        return _of_months(scheme, period, known, chosen, people, frozen or {})
    scores = [score_period(scheme, period, facts, chosen, frozen) for facts in known.values()]
    return Assessment(scheme, period, tuple(_awarded(scheme, period, scores, known, chosen)))


def _awarded(
    scheme: Scheme, period: Period, scores: list[UnitScore], units: Mapping[str, Facts], chosen: Mapping[str, str]
) -> list[UnitScore]:
    readings = scheme.read_as(chosen)
    if scheme.awards != "flags":
        placed = ranked(scores, {})
        return graded(placed, readings) if scheme.awards == "grades" and period.kind == "quarter" else placed
    ties = {unit: tie_of(facts, period, readings) for unit, facts in units.items()}
    number = number_of(readings, "flags")
    return flagged(scores, ties, _FLAGS if number is None else int(number))


def _of_months(
    scheme: Scheme,
    period: Period,
    units: Mapping[str, Facts],
    chosen: Mapping[str, str],
    people: tuple[Ballot, ...],
    frozen: Frozen,
) -> Assessment:
    """A circular or a year of 争星: every month with its flags first, then the months together."""
    rule, readings = scheme.rule(period), scheme.read_as(chosen)
    by_unit: dict[str, list[Part]] = {unit: [] for unit in units}
    for month in parts(period, rule.of, scheme.quarters):
        there = {unit: facts for unit, facts in units.items() if is_assessed(month, facts)}
        for score in assess(scheme, month, there, chosen).units:
            by_unit[score.unit].append(Part(month, frozen.get((month.key, score.unit)) or score))
    scores = [from_parts(scheme, rule, period, facts, chosen, by_unit[unit]) for unit, facts in units.items()]
    if rule.basis != "votes":
        return Assessment(scheme, period, tuple(ranked(scores, {})))
    ties = {unit: tie_of(facts, period, readings) for unit, facts in units.items()}
    awarded = flagged(scores, ties, flags_of_year(len(units), readings))
    winners = _winners(awarded, readings)
    stars = candidates(winners, units, people, period, readings)
    return Assessment(scheme, period, tuple(awarded), tuple(stars))


def _winners(scores: list[UnitScore], readings: Mapping[str, str]) -> list[str]:
    """Windows that won a red flag: of the year, or (default) of any of its months too."""
    of_year = choice_of(readings, "star_windows") == "year"
    return [
        one.unit for one in scores if _has_flag(one) or (not of_year and any(_has_flag(p.score) for p in one.parts))
    ]


def _has_flag(score: UnitScore) -> bool:
    return score.award is not None and score.award.award == "flag"
