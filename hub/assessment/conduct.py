"""Figures of people: complaints, attendance, leaders' visits, self-checks. Pure."""

from collections import Counter
from datetime import datetime, timedelta
from fractions import Fraction

from hub.assessment.facts import Absence, Complaint, Facts
from hub.assessment.figure import Asked, Event, Figure
from hub.assessment.readings import choice_of, number_of
from hub.staff.attendance import AttendanceRule, judged

#: 文家市 一（一）1: 每周到窗口研究、指导工作不少于2次.
LEADER_VISITS_A_WEEK = 2
_THURSDAY = 3


def complaints(facts: Facts, asked: Asked) -> Figure:
    """有效投诉: verified ones, on the day they were made."""
    inside = [one for one in facts.complaints if asked.period.holds(_day_of(one, asked).date())]
    verified = [one for one in inside if one.verified]
    return Figure(
        inputs={"verified": len(verified), "complaints": len(inside)},
        events=tuple(
            Event(one.event or one.complaint_no, {"complaint": one.complaint_no, "at": one.made.isoformat()})
            for one in verified
        ),
    )


def attendance(facts: Facts, asked: Asked) -> Figure:
    """迟到、早退、脱岗、缺岗, every person every time; the grace of the scheme does not count, leave neither.

    便民服务大厅制度 出勤: 超过15分钟 — exactly fifteen is not over.
    """
    grace = int(number_of(asked.readings, "grace_minutes") or 0)
    counted = [one for one in facts.absences if asked.period.holds(one.day) and _is_offence(one, grace)]
    kinds = Counter(one.kind for one in counted)
    return Figure(
        inputs={"events": len(counted), **dict(sorted(kinds.items())), "grace_minutes": grace},
        events=tuple(Event(_key(one), _trace(one)) for one in counted),
    )


def half_days_unmanned(facts: Facts, asked: Asked) -> Figure:
    """请假半天无人顶岗 (争星 工作窗口3)."""
    whole = 2 if choice_of(asked.readings, "whole_day") == "two" else 1
    found = [
        one
        for one in facts.absences
        if asked.period.holds(one.day) and one.kind == "absent" and one.excused != "none" and not one.stand_in
    ]
    events = [
        Event(f"{_key(one)}/{half}", _trace(one))
        for one in found
        for half in range(whole if one.session == "day" else 1)
    ]
    return Figure(inputs={"half_days": len(events)}, events=tuple(events))


def self_checks(facts: Facts, asked: Asked) -> Figure:
    """自查自评: the mean of the period's months, 0–100."""
    first, last = f"{asked.period.first:%Y-%m}", f"{asked.period.last:%Y-%m}"
    scores = [check.score for check in facts.self_checks if first <= check.month <= last]
    total = sum(scores, Fraction(0))
    return Figure(
        inputs={"months": len(scores), "sum": _told(total)},
        rate=total / len(scores) / 100 if scores else None,
        incomplete=len(scores) < _months(asked),
    )


def leader_weeks(facts: Facts, asked: Asked) -> Figure:
    """A hint for who scores by hand: weeks with fewer than two visits. A week belongs to the month of its Thursday."""
    thursdays = [
        asked.period.first + timedelta(days=n)
        for n in range((asked.period.last - asked.period.first).days + 1)
        if (asked.period.first + timedelta(days=n)).weekday() == _THURSDAY
    ]
    visits = Counter(visit.at.date().isocalendar()[:2] for visit in facts.leader_visits)
    short = [day for day in thursdays if visits[day.isocalendar()[:2]] < LEADER_VISITS_A_WEEK]
    return Figure(
        inputs={"weeks": len(thursdays), "weeks_short": len(short)},
        behind=tuple({"week": f"{day.isocalendar()[0]}-W{day.isocalendar()[1]:02}"} for day in short),
    )


def _day_of(one: Complaint, asked: Asked) -> datetime:
    decided = choice_of(asked.readings, "complaint_day") == "decided"
    return one.decided if decided and one.decided else one.made


def _is_offence(one: Absence, grace: int) -> bool:
    return judged(one.kind, one.minutes, one.excused, AttendanceRule(grace=grace)).counts


def _key(one: Absence) -> str:
    return f"{one.clerk} {one.day} {one.session} {one.kind}"


def _trace(one: Absence) -> dict[str, str]:
    return {"clerk": one.clerk, "day": one.day.isoformat(), "kind": one.kind, "minutes": str(one.minutes)}


def _months(asked: Asked) -> int:
    first, last = asked.period.first, asked.period.last
    return (last.year - first.year) * 12 + last.month - first.month + 1


def _told(number: Fraction) -> str:
    """A sum of scores as it was entered."""
    return f"{float(number):.2f}"
