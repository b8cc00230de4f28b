"""Scores of longer periods: a year from its quarters, a circular from its months, months and ballots together. Pure."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from hub.assessment.facts import Ballot, Facts
from hub.assessment.figure import Figure
from hub.assessment.periods import Period, parts
from hub.assessment.readings import choice_of
from hub.assessment.rounding import mean, rounded
from hub.assessment.scheme import Item, PeriodRule, Scheme
from hub.assessment.score import ZERO, ItemScore, Part, UnitScore
from hub.assessment.scoring import score_unit

#: 争星 二（二）2: 月评实际得分占年评总分值的60%；民主测评得分占总分值的40%.
MONTHS_SHARE, BALLOTS_SHARE = Fraction(60), Fraction(40)


#: Results of closed periods, by period and unit: a longer period takes them as they were frozen.
Frozen = Mapping[tuple[str, str], UnitScore]


def score_period(
    scheme: Scheme, period: Period, facts: Facts, chosen: Mapping[str, str], frozen: Frozen | None = None
) -> UnitScore:
    """The score of a unit in any period the scheme knows. Raises Invalid for another kind of period."""
    rule = scheme.rule(period)
    if rule.basis == "items":
        return replace(score_unit(scheme, period, facts, chosen), class_=facts.class_)
    return from_parts(scheme, rule, period, facts, chosen, _parts(scheme, rule, period, facts, chosen, frozen or {}))


def from_parts(
    scheme: Scheme, rule: PeriodRule, period: Period, facts: Facts, chosen: Mapping[str, str], known: list[Part]
) -> UnitScore:
    """The longer period's score, when the scores of its parts are known."""
    made = _votes if rule.basis == "votes" else _mean
    return made(scheme, rule, period, facts, chosen, known)


def _parts(
    scheme: Scheme, rule: PeriodRule, period: Period, facts: Facts, chosen: Mapping[str, str], frozen: Frozen
) -> list[Part]:
    """Those that have begun, from the first on in which anything is known of the unit."""
    inside = [one for one in parts(period, rule.of, scheme.quarters) if is_assessed(one, facts)]
    return [Part(one, frozen.get((one.key, facts.unit)) or score_period(scheme, one, facts, chosen)) for one in inside]


def is_assessed(part: Period, facts: Facts) -> bool:
    begun = facts.now is None or part.first <= facts.now.date()
    return begun and (facts.since is None or facts.since <= part.last)


def _mean(
    scheme: Scheme, rule: PeriodRule, period: Period, facts: Facts, chosen: Mapping[str, str], known: list[Part]
) -> UnitScore:
    readings = scheme.read_as(chosen)
    together = _sum if choice_of(readings, "annual") == "sum" else mean
    scored = [part.score for part in known if part.score.total is not None]
    total = together([one.total for one in scored if one.total is not None])
    bonus = rounded(together([one.bonus for one in scored]) or Fraction(0))
    deduction = rounded(together([one.deduction for one in scored]) or Fraction(0))
    # the total is what counts: the base is what is left, so that the paper adds up to the cent
    base = None if total is None else rounded(total) - bonus + deduction
    return UnitScore(
        scheme=scheme,
        period=period,
        unit=facts.unit,
        base=base,
        bonus=bonus,
        deduction=deduction,
        total=None if total is None else rounded(total),
        items=tuple(_part_item(scheme, part) for part in known),
        readings=readings,
        provisional=_is_provisional(scheme, rule, period, facts, known),
        calendar_version=facts.calendar_version,
        parts=tuple(known),
        class_=facts.class_,
    )


def _votes(
    scheme: Scheme, rule: PeriodRule, period: Period, facts: Facts, chosen: Mapping[str, str], known: list[Part]
) -> UnitScore:
    readings = scheme.read_as(chosen)
    months = mean([part.score.total for part in known if part.score.total is not None])
    cast = [ballot for ballot in facts.ballots if ballot.year == period.year]
    items = (
        _share("months", {"zh": "月评得分 60%", "en": "Months 60 %"}, MONTHS_SHARE, months, _months_read(known)),
        _share(
            "ballots",
            {"zh": "民主测评 40%", "en": "Ballots 40 %"},
            BALLOTS_SHARE,
            ballots_mean(cast, choice_of(readings, "ballots")),
            {"ballots": len(cast), "groups": len({ballot.voter_group for ballot in cast})},
        ),
    )
    scores = [one.score for one in items if one.score is not None]
    base = sum(scores, ZERO) if scores else None
    waiting = _is_provisional(scheme, rule, period, facts, known) or any(one.provisional for one in items)
    return UnitScore(
        scheme=scheme,
        period=period,
        unit=facts.unit,
        base=base,
        bonus=ZERO,
        deduction=ZERO,
        total=base,
        items=items,
        readings=readings,
        provisional=waiting,
        calendar_version=facts.calendar_version,
        parts=tuple(known),
        class_=facts.class_,
    )


def ballots_mean(ballots: list[Ballot], way: str) -> Fraction | None:
    """Of all ballots alike, or of the voter groups' means; None without any."""
    by_group: dict[str, list[Fraction]] = defaultdict(list)
    for ballot in ballots:
        by_group[ballot.voter_group if way == "groups" else ""].append(ballot.score)
    means = [sum(scores, Fraction(0)) / len(scores) for scores in by_group.values()]
    return sum(means, Fraction(0)) / len(means) if means else None


def _share(
    code: str, names: dict[str, str], points: Fraction, of_hundred: Fraction | None, inputs: dict[str, int | str | None]
) -> ItemScore:
    item = Item(code, names, "rate", points=points, article="二（二）2")
    rate = None if of_hundred is None else of_hundred / 100
    figure = Figure(inputs, rate)
    if rate is None:
        return ItemScore(item, None, figure, provisional=True, why="no_data")
    return ItemScore(item, rounded(points * rate), figure)


def _months_read(known: list[Part]) -> dict[str, int | str | None]:
    totals = [part.score.total for part in known if part.score.total is not None]
    return {"months": len(totals), "sum": f"{sum(totals, ZERO)}"}


def _part_item(scheme: Scheme, part: Part) -> ItemScore:
    item = Item(part.period.key, {"zh": part.period.key, "en": part.period.key}, "part", points=scheme.points)
    inputs = {
        "base": _told(part.score.base),
        "bonus": _told(part.score.bonus),
        "deduction": _told(part.score.deduction),
    }
    return ItemScore(item, part.score.total, Figure(inputs), provisional=part.score.provisional)


def _told(score: Decimal | None) -> str | None:
    return None if score is None else f"{score}"


def _is_provisional(scheme: Scheme, rule: PeriodRule, period: Period, facts: Facts, known: list[Part]) -> bool:
    """While a part is, and while parts are still to come; parts before the unit existed are not missing."""
    over = facts.now is None or facts.now.date() > period.last
    return not over or not known or any(part.score.provisional or part.score.total is None for part in known)


def _sum(scores: list[Decimal]) -> Fraction | None:
    return sum((Fraction(score) for score in scores), Fraction(0)) if scores else None
