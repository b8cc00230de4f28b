"""Facts of cases, complaints, consultations, services and bookings, by unit."""

from datetime import date
from typing import Any

from hub.assessment.facts import (
    Booking,
    Case,
    Complaint,
    Consultation,
    DeskTime,
    KindChange,
    ServiceTerms,
)
from hub.assessment.floor import Belongs, Window
from hub.cases.deadlines import overdue
from hub.clock import instant
from hub.figures.rows import PUBLISHED
from hub.journal import RunSql
from hub.staff.tables import SEEN

_CASES = f"""
SELECT case_no, department, counter, clerk, kind, online, on_site, closed_at, outcome, due_at, deemed_on_time,
       level, level_source, prereview_due, prereview_at, prereview_passed, service, applicant, corrections,
       return_reason, offsite_stages, council_approved, signed_by, issued_counter,
       EXISTS (SELECT 1 FROM case_notice n WHERE n.case_no = case_file.case_no AND n.kind = 'result')
FROM case_file
WHERE {SEEN} AND (
  (closed_at >= :since AND closed_at < :until) OR (due_at >= :since AND due_at < :until)
  OR (prereview_due >= :since AND prereview_due < :until) OR (prereview_at >= :since AND prereview_at < :until)
)
"""
#: A case whose visit was evaluated by its citizen was answered there; it is one answer, not two.
_ANSWERED = f"""
SELECT v.case_no FROM visit v JOIN evaluation e ON e.visit = v.id
WHERE v.case_no IS NOT NULL AND e.source = 'citizen' AND v.finished_day BETWEEN :first AND :last
UNION
SELECT p.case_no FROM past_visit p WHERE p.case_no IS NOT NULL AND p.level_source = 'citizen'
  AND p.finished_day BETWEEN :first AND :last AND {PUBLISHED}
"""
_RATED = f"""
SELECT 1 FROM case_file WHERE level IS NOT NULL AND closed_at >= :since AND closed_at < :until AND {SEEN} LIMIT 1
"""
_COMPLAINTS = f"""
SELECT complaint_no, department, counter, clerk, at, finding, decided_at, event FROM complaint
WHERE {SEEN} AND ((at >= :since AND at < :until) OR (decided_at >= :since AND decided_at < :until)) ORDER BY at
"""
_CONSULTATIONS = f"""
SELECT consult_no, department, clerk, service, channel, person, asked_at, answered_at, case_no, level, level_source
FROM consultation WHERE {SEEN} AND asked_at >= :since AND asked_at < :until ORDER BY asked_at
"""
_DESK = f"""
SELECT department, online_from, online_to FROM online_desk
WHERE {SEEN} AND online_from >= :since AND online_from < :until
"""
_TERMS = f"""
SELECT service, department, legal_days, promised_days, steps_complete, sample, guide, valid_from FROM service_terms
WHERE {SEEN} AND (valid_from = '' OR valid_from <= :last)
"""
_BOOKINGS = f"""
SELECT appointment_no, department, channel, requested_at, slot_at, state FROM past_appointment
WHERE {SEEN} AND ((slot_at >= :since AND slot_at < :until) OR (requested_at >= :since AND requested_at < :until))
"""
_CHANGES = """
SELECT s.case_no, c.department, c.counter, s.made_at, s.kind, s.made_by,
       (SELECT p.kind FROM case_step p WHERE p.case_no = s.case_no AND p.number < s.number
        ORDER BY p.number DESC LIMIT 1)
FROM case_step s JOIN case_file c ON c.case_no = s.case_no
WHERE s.verb = 'change-kind' AND s.made_at >= :since AND s.made_at < :until
"""

_BY_TELEPHONE = frozenset({"phone", "staff", "kiosk"})


def read(run: RunSql, window: Window, belongs: Belongs) -> dict[str, dict[str, list[Any]]]:
    """By the place in Facts, then by unit."""
    answered = _answered(run, window)
    return {
        "cases": belongs.group(
            run(_CASES, **window.span), lambda row: _case(row, window, answered), lambda row: (row[1], row[2])
        ),
        "complaints": belongs.group(
            run(_COMPLAINTS, **window.span), lambda row: _complaint(row, window), lambda row: (row[1], row[2])
        ),
        "consultations": belongs.group(
            run(_CONSULTATIONS, **window.span), lambda row: _consultation(row, window), lambda row: (row[1], None)
        ),
        "desk_times": belongs.group(
            run(_DESK, **window.span),
            lambda row: DeskTime(window.local(row[1]), window.local(row[2])),
            lambda row: (row[0], None),
        ),
        "services": belongs.group(run(_TERMS, last=window.last.isoformat()), _terms, lambda row: (row[1], None)),
        "bookings": belongs.group(
            run(_BOOKINGS, **window.span), lambda row: _booking(row, window), lambda row: (row[1], None)
        ),
        "kind_changes": belongs.group(
            run(_CHANGES, **window.span),
            lambda row: KindChange(row[0], window.local(row[3]), row[6] or "", row[4], row[5]),
            lambda row: (row[1], row[2]),
        ),
    }


def _answered(run: RunSql, window: Window) -> frozenset[str]:
    """Only looked for when a case carries an answer of its own: it walks over the visits."""
    if not run(_RATED, **window.span):
        return frozenset()
    return frozenset(row[0] for row in run(_ANSWERED, **window.days))


def _case(row: Any, window: Window, answered: frozenset[str]) -> Case:
    closed, due = row[7], row[9]
    own_answer = row[11] if row[12] == "citizen" and row[0] not in answered else None
    return Case(
        case_no=row[0],
        counter=row[2],
        clerk=row[3],
        kind=row[4],
        online=bool(row[5]),
        on_site=bool(row[6]),
        closed=window.local_or_none(closed),
        outcome=row[8],
        due=window.local_or_none(due),
        overdue=overdue(
            None if due is None else instant(due),
            bool(row[10]),
            None if closed is None else instant(closed),
            window.now,
        ),
        level=own_answer,
        prereview_due=window.local_or_none(row[13]),
        prereview_at=window.local_or_none(row[14]),
        prereview_passed=bool(row[15]),
        service=row[16],
        applicant=row[17] or "",
        corrections=row[18],
        return_reason=row[19] or "",
        offsite_stages=tuple(stage for stage in row[20].split("|") if stage),
        council_approved=bool(row[21]),
        signed_by=row[22] or "",
        issued_counter=row[23] or "",
        has_paper=bool(row[24]),
    )


def _complaint(row: Any, window: Window) -> Complaint:
    return Complaint(
        complaint_no=row[0],
        made=window.local(row[4]),
        verified=row[5] == "verified",
        decided=window.local_or_none(row[6]),
        event=row[7] or "",
        clerk=row[3] or "",
    )


def _consultation(row: Any, window: Window) -> Consultation:
    return Consultation(
        consult_no=row[0],
        asked=window.local(row[6]),
        answered=window.local_or_none(row[7]),
        channel=row[4],
        service=row[3] or "",
        person=row[5] or "",
        case_no=row[8] or "",
        level=row[9] if row[10] == "citizen" else None,
    )


def _terms(row: Any) -> ServiceTerms:
    return ServiceTerms(
        service=row[0],
        legal_days=row[2],
        promised_days=row[3],
        steps_complete=_flag(row[4]),
        sample=_flag(row[5]),
        guide=_flag(row[6]),
        valid_from=date.fromisoformat(row[7]) if row[7] else None,
    )


def _booking(row: Any, window: Window) -> Booking:
    return Booking(
        appointment_no=row[0],
        slot=window.local(row[4]),
        state=row[5],
        requested=window.local(row[3]),
        online=row[2] not in _BY_TELEPHONE,
    )


def _flag(stored: Any) -> bool | None:
    return None if stored is None else bool(stored)
