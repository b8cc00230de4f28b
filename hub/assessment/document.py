"""A score as JSON (the contract's Assessment document): every number with what it comes from. Pure."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from hub.assessment.assessing import Assessment
from hub.assessment.awards import STARS_LEAST, STARS_MOST, Candidate, stars_fault
from hub.assessment.facts import Finding
from hub.assessment.rounding import percent, rounded
from hub.assessment.scheme import Scheme
from hub.assessment.score import GroupScore, ItemScore, Toll, UnitScore
from hub.wire import Language

#: Longer lists of evidence are cut; `behind_more` says how many are left out.
BEHIND_MOST = 200

#: What stands behind the totals.
_EXPLAINS = frozenset({"groups", "items", "readings", "readings_text"})

Json = dict[str, Any]


def document(assessment: Assessment, *, unit: str | None, language: Language) -> Json:
    """One unit's document, or `{"units": […]}` without one."""
    if unit is not None:
        return unit_document(next(one for one in assessment.units if one.unit == unit), language)
    found: Json = {
        "scheme": assessment.scheme.code,
        "period": assessment.period.key,
        "units": [unit_document(one, language) for one in assessment.units],
    }
    if assessment.candidates is not None:
        found["stars"] = _stars(assessment.candidates)
    return found


def shortened(found: Json) -> Json:
    """Without what explains the totals."""
    if "units" in found:
        return found | {"units": [shortened(one) for one in found["units"]]}
    return {name: value for name, value in found.items() if name not in _EXPLAINS}


def unit_document(score: UnitScore, language: Language) -> Json:
    scheme = score.scheme
    found: Json = {
        "scheme": scheme.code,
        "title": scheme.names[language],
        "source": scheme.source[language],
        "period": score.period.key,
        "from": score.period.first.isoformat(),
        "to": score.period.last.isoformat(),
        "unit": score.unit,
        "base": _told(score.base),
        "bonus": _told(score.bonus),
        "deduction": _told(score.deduction),
        "total": _told(score.total),
        "available_points": f"{rounded(scheme.available_points)}",
        "provisional": score.provisional,
        "groups": [_group(one) for one in score.groups],
        "items": [_item(one, score, language) for one in score.items],
        "readings": dict(score.readings),
        "readings_text": readings_text(scheme, score.readings, language),
        "calendar_version": score.calendar_version,
    }
    if score.award is not None:
        found |= {"rank": score.award.rank, "award": score.award.award, "award_reason": score.award.reason}
        if scheme.awards == "grades":
            found["grade"] = score.award.award or None
    if score.class_:
        found["class"] = {"code": score.class_, "title": scheme.classes[score.class_][language]}
    if score.parts:
        found["parts"] = [_part(one.score) for one in score.parts]
    return found


def readings_text(scheme: Scheme, readings: Mapping[str, str], language: Language) -> list[Json]:
    """The readings used, in words, as they are printed below a report."""
    return [
        {
            "name": one.name,
            "title": one.names[language],
            "value": readings[one.name],
            "text": one.choices[readings[one.name]][language] if one.choices else readings[one.name],
            "article": one.article,
            "default": readings[one.name] == one.default,
        }
        for one in scheme.readings
    ]


def items_document(scheme: Scheme, language: Language) -> Json:
    """`hall assess SCHEME --items`: what is assessed, without any score."""
    return {
        "scheme": scheme.code,
        "title": scheme.names[language],
        "source": scheme.source[language],
        "unit": scheme.unit,
        "points": f"{rounded(scheme.points)}",
        "available_points": f"{rounded(scheme.available_points)}",
        "items": [
            {
                "code": one.code,
                "title": one.names[language],
                "group": one.group,
                "points": _points(one.points),
                "kind": one.kind,
                "metric": one.metric or None,
                "article": one.article,
                "readings": list(one.readings),
            }
            for one in scheme.items
        ],
        "readings": [
            {
                "name": one.name,
                "title": one.names[language],
                "default": one.default,
                "choices": {name: names[language] for name, names in one.choices.items()},
                "article": one.article,
            }
            for one in scheme.readings
        ],
    }


def _item(one: ItemScore, whole: UnitScore, language: Language) -> Json:
    item, figure = one.item, one.figure
    found: Json = {
        "code": item.code,
        "title": item.names[language],
        "group": item.group,
        "points": _points(item.points),
        "score": _told(one.score),
        "kind": item.kind,
        "article": item.article,
        "inputs": dict(figure.inputs) | ({} if figure.rate is None else {"rate": percent(figure.rate)}),
        "findings": [_finding(toll, toll.finding) for toll in one.tolls if toll.finding],
        "events": [_event(toll) for toll in one.tolls if not toll.finding],
        "provisional": one.provisional,
    }
    if item.readings:
        found["reading"] = {name: whole.readings.get(name) for name in item.readings}
    if one.extra:
        found["bonus"] = _told(one.extra)
    if one.why:
        found["why"] = one.why
    if figure.behind:
        found["behind"] = [dict(trace) for trace in figure.behind[:BEHIND_MOST]]
        found["behind_more"] = max(0, len(figure.behind) - BEHIND_MOST)
    return found


def _finding(toll: Toll, finding: Finding) -> Json:
    return {
        "id": finding.id,
        "at": finding.at.isoformat(),
        "effect": finding.effect,
        "points": _points(toll.points),
        "quantity": finding.quantity,
        "event": finding.event,
        "compare_to": finding.compare_to,
        "counter": finding.counter,
        "clerk": finding.clerk,
        "note": finding.note,
        "origin": finding.origin,
        "entered_by": finding.entered_by,
        "entered_at": _moment(finding.entered),
        "confirmed_by": finding.confirmed_by,
        "confirmed_at": _moment(finding.confirmed),
        "counted": not toll.because,
        "because": toll.because,
    }


def _event(toll: Toll) -> Json:
    return {
        **toll.trace,
        "points": _points(toll.points),
        "event": toll.key,
        "counted": not toll.because,
        "because": toll.because,
    }


def _group(one: GroupScore) -> Json:
    return {
        "code": one.group.code,
        "points": _points(one.group.points),
        "score": _told(one.score),
        "vetoed": one.vetoed,
    }


def _part(score: UnitScore) -> Json:
    award = score.award.award if score.award else ""
    return {
        "period": score.period.key,
        "total": _told(score.total),
        "provisional": score.provisional,
        "award": award,
        "rank": score.award.rank if score.award else None,
    }


def _stars(known: Sequence[Candidate]) -> Json:
    """服务明星: who may become one, and the first of them by their ballots; the leading group decides."""
    first = [one.clerk for one in known if one.eligible][:STARS_MOST]
    fault = stars_fault(first, known)
    return {
        "least": STARS_LEAST,
        "most": STARS_MOST,
        "candidates": [_candidate(one) for one in known],
        "proposed": [] if fault else first,
        "reason": fault,
    }


def _candidate(one: Candidate) -> Json:
    return {
        "clerk": one.clerk,
        "counter": one.counter,
        "eligible": one.eligible,
        "gates": dict(one.gates),
        "ballots": one.ballots,
        "score": _points(one.score),
    }


def _told(score: Decimal | None) -> str | None:
    return None if score is None else f"{score}"


def _points(exact: Fraction | None) -> str | None:
    return None if exact is None else f"{rounded(exact)}"


def _moment(at: datetime | None) -> str | None:
    return at.isoformat() if at else None
