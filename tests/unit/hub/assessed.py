"""Facts of a made-up unit, written by hand: what the tests of the schemes count with."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

from hub.assessment.facts import Absence, Case, Complaint, Facts, Finding, Tally
from hub.assessment.longer import score_period
from hub.assessment.periods import parse_period
from hub.assessment.score import UnitScore
from hub.assessment.shelf import our_schemes


def at(text: str) -> datetime:
    """`2026-01-05` or `2026-01-05 17:31`."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def cases(n: int, day: str = "2026-01-05", *, prefix: str = "c", **told: Any) -> list[Case]:
    return [
        Case(f"{prefix}{i}", closed=at(day), outcome=told.get("outcome", "approved"), **_rest(told)) for i in range(n)
    ]


def _rest(told: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in told.items() if key != "outcome"}


def overdue(case_no: str, due: str = "2026-01-05", **told: Any) -> Case:
    closed = at(due) + timedelta(days=1)
    return Case(case_no, closed=closed, outcome="approved", due=at(due), overdue=True, **told)


def answers(satisfied: int, of: int, month: str = "2026-01") -> Tally:
    return Tally(month, {"satisfied": satisfied, "dissatisfied": of - satisfied}, finished=of)


def verified(n: int, day: str = "2026-01-05") -> list[Complaint]:
    return [Complaint(f"t{i}", at(day), verified=True) for i in range(n)]


def late(n: int, minutes: int = 16, day: str = "2026-01-05", **told: Any) -> list[Absence]:
    return [Absence(f"clerk{i}", date.fromisoformat(day), "late", minutes, **told) for i in range(n)]


def finding(item: str, effect: str, points: str | None = None, **told: Any) -> Finding:
    """On 5 January 2026, confirmed."""
    number = told.pop("number", f"f-{item}-{effect}-{told.get('event', '')}-{points}")
    worth = None if points is None else Fraction(points)
    return Finding(number, item, told.pop("when", at("2026-01-05")), effect, worth, **told)  # type: ignore[arg-type]


def every_manual_item_full(scheme: str) -> list[Finding]:
    return [
        finding(item.code, "score", str(item.points)) for item in our_schemes()[scheme].items if item.kind == "manual"
    ]


def scored(scheme: str, period: str, facts: Facts, **readings: str) -> UnitScore:
    known = our_schemes()[scheme]
    return score_period(known, parse_period(period, known.quarters), facts, readings)


def item(score: UnitScore, code: str) -> Decimal | None:
    return score.item(code).score


def facts(*parts: Sequence[Any], **told: Any) -> Facts:
    """Sorted into their places by what they are."""
    places = {Case: "cases", Complaint: "complaints", Absence: "absences", Tally: "tallies", Finding: "findings"}
    sorted_in: dict[str, Any] = {"unit": "d1", **told}
    for part in parts:
        for one in part:
            place = places[type(one)]
            sorted_in[place] = (*sorted_in.get(place, ()), one)
    return Facts(**sorted_in)
