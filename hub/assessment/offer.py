"""What a page offers of a scheme: the periods and units to ask for, what may be entered by hand, and the words."""

from datetime import date
from fractions import Fraction
from typing import Any

from hub.assessment.periods import Period, PeriodKind, period_of
from hub.assessment.reports.words import AWARDS, INPUTS
from hub.assessment.rounding import rounded
from hub.assessment.rules import EFFECTS
from hub.assessment.scheme import Item, Scheme
from hub.journal import RunSql
from hub.wire import Language

#: How far back a page offers periods; older ones are asked for by the API.
BACK: dict[PeriodKind, int] = {"month": 36, "quarter": 16, "year": 6}
_UNITS = {
    "department": "SELECT code, name FROM department",
    "counter": "SELECT code, label FROM counter",
    "person": "SELECT clerk, clerk FROM staff",
}

Json = dict[str, Any]


def offer(run: RunSql, scheme: Scheme, today: date, language: Language) -> Json:
    """Beside the items: groups, periods newest first, names of units, words of inputs and awards."""
    return {
        "groups": [{"code": one.code, "title": one.names[language]} for one in scheme.groups],
        "offered": {rule.kind: [one.key for one in back(scheme, rule.kind, today)] for rule in scheme.periods},
        "units": unit_names(run, scheme),
        "entries": {one.code: entry(scheme, one) for one in scheme.items if EFFECTS[one.kind] or one.by_analogy},
        "words": {
            "inputs": {name: words[language] for name, words in INPUTS.items()},
            "awards": {name: words[language] for name, words in AWARDS.items()},
        },
    }


def unit_names(run: RunSql, scheme: Scheme) -> dict[str, str]:
    """What departments or counters are called, by their code."""
    return {str(code): str(name) for code, name in run(_UNITS[scheme.unit])}


def back(scheme: Scheme, kind: PeriodKind, today: date) -> list[Period]:
    """The period that today falls into, and those before it."""
    found = [period_of(today, kind, scheme.quarters)]
    while len(found) < BACK[kind]:
        found.append(period_of(date.fromordinal(found[-1].first.toordinal() - 1), kind, scheme.quarters))
    return found


def entry(scheme: Scheme, item: Item) -> Json:
    """What a finding may say about the item: `amounts` to choose from, or `most` where the text leaves a choice.

    `compare_to` names the clauses that what is not named can be compared to.
    """
    effects = EFFECTS[item.kind]
    free = item.free_points or "score" in effects
    priced = not free and bool({"deduct", "bonus"} & set(effects))
    amounts = sorted({*item.tariff, *({item.points} if item.points is not None else set())}) if priced else []
    comparable = [one.code for one in scheme.items if one.kind in ("bonus", "deduct") and not one.by_analogy]
    return {
        "effects": [] if item.by_analogy else list(effects),
        "amounts": [_told(one) for one in amounts],
        "most": _told(item.points) if item.points is not None else None,
        "free": free,
        "compare_to": comparable if item.by_analogy else list(item.clauses),
        "must_compare": item.by_analogy,
    }


def _told(exact: Fraction) -> str:
    return f"{rounded(exact)}"
