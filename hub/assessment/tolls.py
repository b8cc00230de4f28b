"""What happenings cost or bring, and that one happening counts once. Pure.

泸州 第十九条: 同一事项按最高加分计算，不重复加分; 第二十条: 同一事件应减分的，按最高标准减分，不重复减分.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from fractions import Fraction

from hub.assessment.facts import Finding
from hub.assessment.figure import Figure
from hub.assessment.readings import Readings, choice_of
from hub.assessment.scheme import Item, Scheme
from hub.assessment.score import Toll


def tolls_of(scheme: Scheme, item: Item, figure: Figure, findings: Iterable[Finding]) -> list[Toll]:
    """Of computed events and confirmed findings; one happening stands there once, at its highest."""
    computed = [Toll(item.code, event.key, item.points or Fraction(0), trace=event.trace) for event in figure.events]
    found = [
        Toll(item.code, one.event or one.id, _worth(scheme, item, one) * one.quantity, one.quantity, finding=one)
        for one in findings
    ]
    return once(computed + found)


def once(tolls: Sequence[Toll]) -> list[Toll]:
    """Of several with one key the highest counts, the first of equals; the others name it."""
    highest: dict[str, Toll] = {}
    for toll in tolls:
        if not toll.because and (toll.key not in highest or toll.points > highest[toll.key].points):
            highest[toll.key] = toll
    return [
        toll if toll.because or highest[toll.key] is toll else replace(toll, because=highest[toll.key].item)
        for toll in tolls
    ]


def adds(item: Item, toll: Toll) -> bool:
    """Whether it brings points; what is not named goes by the clause it is compared to (泸州 第二十一条)."""
    return item.kind == "bonus" or (item.by_analogy and toll.finding is not None and toll.finding.effect == "bonus")


def cost(item: Item, tolls: Iterable[Toll], readings: Readings) -> Fraction:
    """The sum, after what makes several events one deduction."""
    counted = [toll for toll in tolls if not toll.because]
    events = sum(toll.quantity for toll in counted)
    only_once = item.once or (bool(item.once_reading) and choice_of(readings, item.once_reading) == "once")
    if item.step > 1:
        times = events // item.step
        if item.step_reading and choice_of(readings, item.step_reading) == "once":
            times = min(times, 1)
        return (item.points or Fraction(0)) * times
    if only_once:
        return max((toll.points / toll.quantity for toll in counted), default=Fraction(0))
    return sum((toll.points for toll in counted), Fraction(0))


def tariff(item: Item, events: int) -> Fraction:
    """What so many events take from an item of its own: the last amount for all further ones (泸州 第十五条（四）)."""
    amounts = item.tariff or (item.points or Fraction(0),)
    return sum((amounts[min(n, len(amounts) - 1)] for n in range(events)), Fraction(0))


def _worth(scheme: Scheme, item: Item, finding: Finding) -> Fraction:
    if finding.points is not None:
        return finding.points
    if item.by_analogy:
        return scheme.item(finding.compare_to).points or Fraction(0)
    return item.points or Fraction(0)
