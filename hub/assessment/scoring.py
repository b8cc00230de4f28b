"""From facts to a score: exact fractions, two decimals half-up per item, totals of the rounded items. Pure.

"No data" is neither zero nor full: such an item has no score until somebody decides, and the result is provisional.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from hub.assessment.facts import Facts, Finding
from hub.assessment.figure import Asked, Figure, steps_above
from hub.assessment.metrics import measure
from hub.assessment.periods import Period
from hub.assessment.readings import Readings, choice_of
from hub.assessment.rounding import rounded
from hub.assessment.scheme import Group, Item, Scheme
from hub.assessment.score import ZERO, GroupScore, ItemScore, Toll, UnitScore
from hub.assessment.tolls import adds, cost, once, tariff, tolls_of

_HUNDRED = Fraction(100)


def score_unit(scheme: Scheme, period: Period, facts: Facts, chosen: Mapping[str, str]) -> UnitScore:
    """The score of one unit in one period, from the items. `chosen` are the hall's readings."""
    readings = scheme.read_as(chosen)
    found = [one for one in facts.findings if period.holds(one.at.date())]
    figures = {item.code: measure(item.metric, facts, Asked(item, period, readings)) for item in scheme.items}
    tolls = _all_tolls(scheme, figures, found)
    scored = [
        _SCORE[item.kind](item, figures[item.code], tolls[item.code], _other(scheme, item, found, readings), readings)
        for item in scheme.items
    ]
    items = _redistributed(scheme, scored, readings)
    groups = tuple(_group(scheme, group, items, readings) for group in scheme.groups)
    base = _base(scheme, items, groups)
    bonus = _bonus(scheme, items)
    deduction = _deduction(scheme, items, most=None if base is None else base + bonus, readings=readings)
    return UnitScore(
        scheme=scheme,
        period=period,
        unit=facts.unit,
        base=base,
        bonus=bonus,
        deduction=deduction,
        total=None if base is None else base + bonus - deduction,
        items=tuple(items),
        groups=groups,
        readings=readings,
        provisional=any(one.provisional for one in items),
        calendar_version=facts.calendar_version,
    )


# -- happenings


def _all_tolls(scheme: Scheme, figures: Mapping[str, Figure], found: list[Finding]) -> dict[str, tuple[Toll, ...]]:
    """By item. What is added to or taken from the total counts each happening once over all its items."""
    by_item = {
        item.code: tolls_of(scheme, item, figures[item.code], [one for one in found if one.item == item.code])
        for item in scheme.items
    }
    outside = [
        toll
        for item in scheme.items
        if item.kind in ("bonus", "deduct") and not _in_pool(scheme, item)
        for toll in by_item[item.code]
    ]
    adding = [toll for toll in outside if adds(scheme.item(toll.item), toll)]
    taking = [toll for toll in outside if not adds(scheme.item(toll.item), toll)]
    settled = [*once(adding), *once(taking)]
    for code in {toll.item for toll in settled}:
        by_item[code] = [toll for toll in settled if toll.item == code]
    return {code: tuple(tolls) for code, tolls in by_item.items()}


def _other(scheme: Scheme, item: Item, found: Iterable[Finding], readings: Readings) -> list[Finding]:
    """Findings of another item by which this one is lost too."""
    rule = item.zero_with
    if rule is None or choice_of(readings, rule.reading) != rule.choice:
        return []
    return [one for one in found if one.item == rule.item and one.compare_to == rule.clause]


# -- kinds of items

_Scorer = Callable[[Item, Figure, tuple[Toll, ...], list[Finding], Readings], ItemScore]


def _rate(item: Item, figure: Figure, tolls: tuple[Toll, ...], _: list[Finding], readings: Readings) -> ItemScore:
    if figure.rate is None:
        return _without_data(item, figure, tolls, readings)
    exact = (item.points or Fraction(0)) * figure.rate
    return ItemScore(item, rounded(exact), figure, tolls=tolls, provisional=figure.incomplete)


def _threshold(item: Item, figure: Figure, tolls: tuple[Toll, ...], _: list[Finding], readings: Readings) -> ItemScore:
    """Compared exactly: 94.996 % is not 95 %, and 95.00 % is enough (民法典 第一千二百五十九条 以上包括本数)."""
    if figure.rate is None:
        return _without_data(item, figure, tolls, readings)
    points, least = item.points or Fraction(0), item.least or _HUNDRED
    if figure.rate * 100 < least:
        return ItemScore(item, ZERO, figure, tolls=tolls, provisional=figure.incomplete)
    above = steps_above(figure.rate, least, choice_of(readings, "satisfaction_steps"))
    excess = above * (item.excess or Fraction(0))
    if choice_of(readings, "satisfaction_excess") == "base":
        return ItemScore(item, rounded(points + excess), figure, tolls=tolls, provisional=figure.incomplete)
    return ItemScore(item, rounded(points), figure, extra=rounded(excess), tolls=tolls, provisional=figure.incomplete)


def _without_data(item: Item, figure: Figure, tolls: tuple[Toll, ...], readings: Readings) -> ItemScore:
    decided = _decided(tolls)
    if decided is not None:
        return ItemScore(item, rounded(_within(decided, item)), figure, tolls=tolls, why="decided")
    way = choice_of(readings, "no_data")
    if way in ("full", "zero"):
        points = (item.points or Fraction(0)) if way == "full" else Fraction(0)
        return ItemScore(item, rounded(points), figure, tolls=tolls, why=f"no_data {way}")
    return ItemScore(item, None, figure, tolls=tolls, provisional=True, why="no_data")


def _zero(item: Item, figure: Figure, tolls: tuple[Toll, ...], other: list[Finding], _: Readings) -> ItemScore:
    lost = bool(tolls or other)
    score = ZERO if lost else rounded(item.points or Fraction(0))
    why = "with another item" if other and not tolls else ""
    return ItemScore(item, score, figure, tolls=tolls, provisional=figure.incomplete and not lost, why=why)


def _each(item: Item, figure: Figure, tolls: tuple[Toll, ...], _: list[Finding], readings: Readings) -> ItemScore:
    events = sum(toll.quantity for toll in tolls if not toll.because)
    left = (item.points or Fraction(0)) - tariff(item, events)
    stops = not item.floor_reading or choice_of(readings, item.floor_reading) == "zero"
    return ItemScore(item, rounded(max(left, Fraction(0)) if stops else left), figure, tolls=tolls)


def _deduct(item: Item, figure: Figure, tolls: tuple[Toll, ...], _: list[Finding], readings: Readings) -> ItemScore:
    adding = [toll for toll in tolls if adds(item, toll)]
    taking = [toll for toll in tolls if not adds(item, toll)]
    extra = rounded(cost(item, adding, readings))
    return ItemScore(item, rounded(-cost(item, taking, readings)), figure, extra=extra, tolls=tolls)


def _bonus_item(item: Item, figure: Figure, tolls: tuple[Toll, ...], _: list[Finding], readings: Readings) -> ItemScore:
    exact = figure.amount + cost(item, tolls, readings)
    capped = item.cap is not None and choice_of(readings, "online_cap") == "clause"
    return ItemScore(item, rounded(min(exact, item.cap or exact) if capped else exact), figure, tolls=tolls)


def _veto(item: Item, figure: Figure, tolls: tuple[Toll, ...], _: list[Finding], __: Readings) -> ItemScore:
    return ItemScore(item, ZERO, figure, tolls=tolls)


def _manual(item: Item, figure: Figure, tolls: tuple[Toll, ...], _: list[Finding], __: Readings) -> ItemScore:
    """Full until somebody scores it, and provisional so long. The newest score counts; deductions come off it."""
    points = item.points or Fraction(0)
    if not tolls:
        return ItemScore(item, rounded(points), figure, provisional=True, why="not scored")
    if any(toll.finding and toll.finding.effect == "zero" for toll in tolls):
        return ItemScore(item, ZERO, figure, tolls=tolls)
    decided = _decided(tolls)
    taken = sum(
        (toll.points for toll in tolls if toll.finding and toll.finding.effect == "deduct" and not toll.because),
        Fraction(0),
    )
    left = (points if decided is None else decided) - taken
    return ItemScore(item, rounded(_within(left, item)), figure, tolls=tolls)


def _unknown(item: Item, figure: Figure, tolls: tuple[Toll, ...], _: list[Finding], __: Readings) -> ItemScore:
    return ItemScore(item, None, figure, tolls=tolls, why="not in the text")


_SCORE: Mapping[str, _Scorer] = {
    "rate": _rate,
    "threshold": _threshold,
    "zero": _zero,
    "each": _each,
    "deduct": _deduct,
    "bonus": _bonus_item,
    "veto": _veto,
    "manual": _manual,
    "unknown": _unknown,
}


def _decided(tolls: Iterable[Toll]) -> Fraction | None:
    """The newest score that a person gave."""
    given = [toll.finding for toll in tolls if toll.finding and toll.finding.effect == "score"]
    newest = max(given, key=lambda one: (one.at, one.id), default=None)
    return None if newest is None else newest.points


def _within(score: Fraction, item: Item) -> Fraction:
    return max(Fraction(0), min(score, item.points or Fraction(0)))


# -- sums


def _in_pool(scheme: Scheme, item: Item) -> bool:
    return scheme.group(item.group).pool


def _own(scheme: Scheme, item: Item) -> bool:
    """Whether the item is part of the base by points of its own."""
    return item.kind not in ("bonus", "deduct", "veto") and not _in_pool(scheme, item)


def _redistributed(scheme: Scheme, scored: list[ItemScore], readings: Readings) -> list[ItemScore]:
    """An item without data gets what the others reached in proportion, where the hall has chosen so."""
    if choice_of(readings, "no_data") != "redistribute":
        return scored
    own = [one for one in scored if _own(scheme, one.item) and one.score is not None]
    points = sum((one.item.points or Fraction(0) for one in own), Fraction(0))
    if not points:
        return scored
    reached = sum((Fraction(one.score) for one in own if one.score is not None), Fraction(0)) / points
    return [
        replace(one, score=rounded((one.item.points or Fraction(0)) * reached), provisional=False)
        if one.score is None and one.why == "no_data"
        else one
        for one in scored
    ]


def _group(scheme: Scheme, group: Group, items: list[ItemScore], readings: Readings) -> GroupScore:
    mine = [one for one in items if one.item.group == group.code]
    scores = [one.score for one in mine if one.score is not None]
    if not group.pool:
        return GroupScore(group, sum(scores, ZERO) if scores else None)
    if any(one.item.kind == "veto" and one.tolls for one in mine):
        return GroupScore(group, ZERO, vetoed=True)
    left = Decimal(rounded(group.points or Fraction(0))) + sum(scores, ZERO)
    stops = choice_of(readings, "half_floor") == "zero"
    return GroupScore(group, max(left, ZERO) if stops else left)


def _base(scheme: Scheme, items: list[ItemScore], groups: Iterable[GroupScore]) -> Decimal | None:
    own = [one.score for one in items if _own(scheme, one.item) and one.score is not None]
    pools = [one.score for one in groups if one.group.pool and one.score is not None]
    return sum(own + pools, ZERO) if own or pools else None


def _outside(scheme: Scheme, items: list[ItemScore]) -> list[Decimal]:
    """Scores of what is added to or taken from the base."""
    return [
        one.score
        for one in items
        if one.item.kind in ("bonus", "deduct") and not _in_pool(scheme, one.item) and one.score is not None
    ]


def _bonus(scheme: Scheme, items: list[ItemScore]) -> Decimal:
    whole = sum((score for score in _outside(scheme, items) if score > 0), ZERO)
    whole += sum((one.extra for one in items), ZERO)
    return whole if scheme.bonus_cap is None else min(whole, rounded(scheme.bonus_cap))


def _deduction(scheme: Scheme, items: list[ItemScore], *, most: Decimal | None, readings: Readings) -> Decimal:
    """Without a low limit, unless the scheme has a switch for one: then no more than there is."""
    whole = -sum((score for score in _outside(scheme, items) if score < 0), ZERO)
    stops = readings.get("total_floor") == "zero" and most is not None
    return min(whole, most) if stops and most is not None else whole
