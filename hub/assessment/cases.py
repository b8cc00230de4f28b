"""Figures of cases 办件 and services 事项: on the spot, on time, joint, online, promised days. Pure.

A closed case belongs to the day it was closed, an overdue one to the day on which its time ended, once.
"""

from collections.abc import Iterable
from datetime import date, datetime
from fractions import Fraction

from hub.assessment.answers import satisfied_of
from hub.assessment.facts import Case, Facts, terms_at
from hub.assessment.figure import Asked, Event, Figure, rate_of
from hub.assessment.periods import Period
from hub.assessment.readings import choice_of

#: Results that were decided in the centre; withdrawn, returned and not accepted cases never came so far.
DECIDED = frozenset({"approved", "refused"})


def on_site_rate(facts: Facts, asked: Asked) -> Figure:
    """现场办结率 (泸州 第十五条（一）; not defined there): closed on the spot of all closed."""
    closed = [case for case in facts.cases if asked.period.holds(_day(case.closed)) and _counts(case, asked)]
    on_site = [case for case in closed if case.on_site]
    return Figure(
        inputs={"on_site": len(on_site), "closed": len(closed)},
        rate=rate_of(len(on_site), len(closed)),
        behind=tuple({"case": case.case_no} for case in closed if not case.on_site),
    )


def on_time_rate(facts: Facts, asked: Asked) -> Figure:
    """按时办结率: of the closed cases and those that ran over."""
    late = _overdue(facts.cases, asked)
    closed = {case.case_no for case in facts.cases if asked.period.holds(_day(case.closed)) and not case.overdue}
    whole = len(closed) + len(late)
    return Figure(
        inputs={"on_time": len(closed), "due": whole},
        rate=rate_of(len(closed), whole),
        behind=tuple({"case": case.case_no} for case in late),
    )


def overdue(facts: Facts, asked: Asked) -> Figure:
    """超期件: every case once (泸州 第十五条（二）, 第二十条（六）; 争星 工作窗口4)."""
    late = _overdue(facts.cases, asked)
    return Figure(inputs={"overdue": len(late)}, events=tuple(_late(case) for case in late))


def joint_cases(facts: Facts, asked: Asked) -> Figure:
    """并联审批 (泸州 第十二条（三）): an overdue case, or too few satisfied; without answers there is no rate."""
    joint = [case for case in facts.cases if case.kind == "joint"]
    late = _overdue(joint, asked)
    answered = [case.level for case in joint if case.level and asked.period.holds(_day(case.closed))]
    satisfied = satisfied_of(answered, asked)
    rate = rate_of(satisfied, len(answered))
    events = [_late(case) for case in late]
    least = asked.item.least
    if choice_of(asked.readings, "joint_satisfaction") == "on" and rate is not None and least and rate * 100 < least:
        events.append(Event(f"joint satisfaction {asked.period.key}", {"satisfied": f"{satisfied}/{len(answered)}"}))
    return Figure(inputs={"overdue": len(late), "satisfied": satisfied, "answers": len(answered)}, events=tuple(events))


def online_overdue(facts: Facts, asked: Asked) -> Figure:
    """网上审批、网上预审不在时限内 (泸州 第十四条（四）); a pre-review has its own time."""
    cases_late = _overdue([case for case in facts.cases if case.online], asked)
    reviews_late = [case for case in facts.cases if _review_late(case, facts.now, asked.period)]
    events = [_late(case) for case in cases_late]
    events += [Event(f"prereview {case.case_no}", {"case": case.case_no}) for case in reviews_late]
    return Figure(inputs={"overdue": len(cases_late), "prereviews_overdue": len(reviews_late)}, events=tuple(events))


def incomplete_steps(facts: Facts, asked: Asked) -> Figure:
    """未配置标准流程 (泸州 第十三条（四）)."""
    services = terms_at(facts.services, asked.period.last)
    missing = [service for service in services if service.steps_complete is False]
    unrecorded = sum(service.steps_complete is None for service in services)
    return Figure(
        inputs={"services": len(services), "incomplete": len(missing), "unrecorded": unrecorded},
        events=tuple(Event(f"steps {one.service}", {"service": one.service}) for one in missing),
    )


def shortened(facts: Facts, asked: Asked) -> Figure:
    """承诺时限比法定时限精简 (泸州 第十六条（二）), in working days, of services that have a legal limit."""
    known = [
        (one.service, one.legal_days, one.promised_days)
        for one in terms_at(facts.services, asked.period.last)
        if one.legal_days and one.promised_days is not None
    ]
    legal = sum(days for _, days, _ in known)
    saved = legal - sum(days for _, _, days in known)
    overall = rate_of(saved, legal)
    least = asked.item.least or Fraction(0)
    below = [name for name, law, promised in known if Fraction(law - promised, law) * 100 < least]
    each = min((Fraction(law - promised, law) for _, law, promised in known), default=None)
    return Figure(
        inputs={"saved_days": saved, "legal_days": legal, "services": len(known), "below": len(below)},
        rate=overall if choice_of(asked.readings, "shortened_by") == "overall" else each,
        behind=tuple({"service": name} for name in below),
    )


def _overdue(among: Iterable[Case], asked: Asked) -> list[Case]:
    by_due = choice_of(asked.readings, "overdue_period") == "due"
    return [case for case in among if case.overdue and asked.period.holds(_day(case.due if by_due else case.closed))]


def _late(case: Case) -> Event:
    return Event(case.case_no, {"case": case.case_no, "due": case.due.isoformat() if case.due else ""})


def _review_late(case: Case, now: datetime | None, period: Period) -> bool:
    if case.prereview_due is None or not period.holds(_day(case.prereview_due)):
        return False
    reviewed = case.prereview_at or now
    return reviewed is not None and reviewed > case.prereview_due


def _counts(case: Case, asked: Asked) -> bool:
    return choice_of(asked.readings, "on_site_cases") == "closed" or case.outcome in DECIDED


def _day(moment: datetime | None) -> date | None:
    return moment.date() if moment else None
