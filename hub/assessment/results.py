"""`GET /assessments/…` and `hall assess`: the same question, the same answer. A closed period answers as frozen."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from hub.assessment.assessing import Assessment, assess
from hub.assessment.document import Json, document
from hub.assessment.longer import Frozen
from hub.assessment.periods import Period, parse_period, parts
from hub.assessment.reading import read_facts
from hub.assessment.scheme import Scheme
from hub.assessment.score import ZERO, Award, UnitScore
from hub.clock import instant
from hub.journal import RunSql
from hub.opening_hours import CalendarSettings
from hub.problems import Unknown
from hub.wire import Language

_READINGS = "SELECT name, value FROM scheme_reading WHERE scheme = :scheme"
_CLOSED = """
SELECT document, sha256, closed_at, closed_by FROM period_closing
WHERE scheme = :scheme AND period = :period AND reopened_at IS NULL
"""


@dataclass(frozen=True)
class Question:
    """What is to be scored; `unit` None means all of them."""

    scheme: Scheme
    period: Period
    unit: str | None = None


def question(scheme: Scheme, period: str, unit: str | None = None) -> Question:
    """Raises Invalid for a period that the scheme has no score for."""
    parsed = parse_period(period, scheme.quarters)
    scheme.rule(parsed)
    return Question(scheme, parsed, unit)


def readings_of(run: RunSql, scheme: Scheme) -> dict[str, str]:
    """The hall's own choices."""
    return {str(name): str(value) for name, value in run(_READINGS, scheme=scheme.code)}


def result(run: RunSql, asked: Question, rules: CalendarSettings, *, now: datetime, language: Language) -> Json:
    """The document: frozen of a closed period, else computed now. Raises Unknown (unit)."""
    for stored, sha256, closed_at, closed_by in run(_CLOSED, scheme=asked.scheme.code, period=asked.period.key):
        closed = {"at": instant(closed_at).isoformat(), "by": closed_by, "sha256": sha256}
        return _one(json.loads(stored)[language], asked.unit) | {"closed": closed}
    found = computed(run, asked, rules, now=now)
    if asked.unit is not None and all(one.unit != asked.unit for one in found.units):
        raise Unknown("unit", asked.unit, field="unit")
    return document(found, unit=asked.unit, language=language)


def computed(run: RunSql, asked: Question, rules: CalendarSettings, *, now: datetime) -> Assessment:
    """Scored from what the registers say now; closed periods inside a longer one as they were frozen."""
    known = read_facts(run, asked.scheme, asked.period, rules, now, unit=asked.unit)
    chosen = readings_of(run, asked.scheme)
    return assess(asked.scheme, asked.period, known.units, chosen, known.people, frozen=_frozen(run, asked))


def _one(frozen: Json, unit: str | None) -> Json:
    if unit is None:
        return frozen
    for one in frozen["units"]:
        if one["unit"] == unit:
            return dict(one)
    raise Unknown("unit", unit, field="unit")


def _frozen(run: RunSql, asked: Question) -> Frozen:
    rule = asked.scheme.rule(asked.period)
    if rule.basis == "items":
        return {}
    found: dict[tuple[str, str], UnitScore] = {}
    for part in parts(asked.period, rule.of, asked.scheme.quarters):
        for stored, *_ in run(_CLOSED, scheme=asked.scheme.code, period=part.key):
            for one in json.loads(stored)["zh"]["units"]:
                found[part.key, one["unit"]] = _thawed(asked.scheme, part, one)
    return found


def _thawed(scheme: Scheme, period: Period, stored: Mapping[str, Any]) -> UnitScore:
    """What longer periods need of a frozen score."""
    return UnitScore(
        scheme=scheme,
        period=period,
        unit=stored["unit"],
        base=_score(stored["base"]),
        bonus=_score(stored["bonus"]) or ZERO,
        deduction=_score(stored["deduction"]) or ZERO,
        total=_score(stored["total"]),
        items=(),
        readings=stored["readings"],
        provisional=stored["provisional"],
        calendar_version=stored["calendar_version"],
        award=Award(stored.get("award", ""), stored.get("award_reason", ""), stored.get("rank")),
    )


def _score(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)
