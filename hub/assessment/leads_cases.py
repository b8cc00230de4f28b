"""Leads that cases, consultations and bookings show. Pure."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime

from hub.assessment.facts import Case, Consultation, Facts
from hub.assessment.periods import Period
from hub.assessment.readings import Readings, choice_of
from hub.assessment.sight import Seen

#: 泸州 第二十条（五）: 三次以上（含三次）.
THREE = 3
_REFUSED = frozenset({"refused", "rejected"})
_KEPT = frozenset({"served", "done", "finished", "kept", "checked_in", "completed"})


def off_site_stage(facts: Facts, period: Period, _: Readings) -> Iterator[Seen]:
    """A stage outside the hall (泸州 第十一条（一）); of matters the city agreed to, approval may be elsewhere."""
    for case, closed in _closed(facts, period):
        stages = [one for one in case.offsite_stages if not (one == "approve" and case.council_approved)]
        if stages or not case.on_site:
            told = ", ".join(stages) or "close"
            yield _of(case, closed, f"非现场环节 stages outside the hall: {told}")


def signed_by_other(facts: Facts, period: Period, readings: Readings) -> Iterator[Seen]:
    """Signed by neither the chief representative nor (default) staff of the window (泸州 第十一条（二）)."""
    only_chief = choice_of(readings, "signer") == "chief"
    may = {one.clerk for one in facts.colleagues if one.chief or not only_chief}
    for case, closed in _closed(facts, period):
        if may and case.signed_by and case.signed_by not in may and not case.council_approved:
            yield _of(case, closed, f"签发人 signed by {case.signed_by}")


def issued_elsewhere(facts: Facts, period: Period, _: Readings) -> Iterator[Seen]:
    """Not issued at a counter of the unit (泸州 第十一条（二）第三款)."""
    counters = {one.counter for one in facts.colleagues} | {case.counter for case in facts.cases}
    for case, closed in _closed(facts, period):
        if case.outcome == "approved" and case.issued_counter and case.issued_counter not in counters:
            yield _of(case, closed, f"发放地点 issued at {case.issued_counter}")


def second_correction(facts: Facts, period: Period, _: Readings) -> Iterator[Seen]:
    """一次性告知: the first list of what is missing was not complete."""
    for case, closed in _closed(facts, period):
        if case.corrections > 1:
            yield _of(case, closed, f"补正通知 {case.corrections} 次 · corrections: {case.corrections}")


def three_corrections(facts: Facts, period: Period, _: Readings) -> Iterator[Seen]:
    for case, closed in _closed(facts, period):
        if case.corrections >= THREE:
            yield _of(
                case, closed, f"更正材料 {case.corrections} 次 · corrected {case.corrections} times", "corrections"
            )


def consulted_three_times(facts: Facts, period: Period, _: Readings) -> Iterator[Seen]:
    """The same person about the same service, and no case of it."""
    asked: dict[tuple[str, str], list[Consultation]] = defaultdict(list)
    for one in facts.consultations:
        if one.person and one.service and period.holds(one.asked.date()):
            asked[one.person, one.service].append(one)
    applied = {(case.applicant, case.service) for case in facts.cases}
    for key, several in sorted(asked.items()):
        if len(several) >= THREE and key not in applied and not any(one.case_no for one in several):
            last = several[-1]
            numbers = ", ".join(one.consult_no for one in several)
            yield Seen(
                last.consult_no, last.asked, f"咨询 {len(several)} 次未转申请 · asked: {numbers}", last.consult_no
            )


def returned_without_reason(facts: Facts, period: Period, _: Readings) -> Iterator[Seen]:
    for case, closed in _closed(facts, period):
        if case.outcome == "returned" and not case.return_reason:
            yield _of(case, closed, "退件无理由 returned without a reason", "return")


def returned_twice(facts: Facts, period: Period, _: Readings) -> Iterator[Seen]:
    """The same applicant, service and reason again."""
    before: dict[tuple[str, str, str], str] = {}
    for case, closed in sorted(_closed(facts, period), key=lambda pair: pair[1]):
        if case.outcome == "returned" and case.return_reason and case.applicant:
            key = (case.applicant, case.service, case.return_reason)
            if key in before:
                yield _of(case, closed, f"以相同理由再次退件，前件 · returned again, before: {before[key]}", "return")
            before[key] = case.case_no


def refused_booking(facts: Facts, period: Period, _: Readings) -> Iterator[Seen]:
    """网上预约不予受理; that all places were taken is none."""
    for one in facts.bookings:
        if one.online and one.state in _REFUSED and period.holds(one.requested.date()):
            yield Seen(one.appointment_no, one.requested, "网上预约未受理 booking refused", one.appointment_no)


def after_hours(facts: Facts, period: Period, _: Readings) -> Iterator[Seen]:
    """Closed at the counter after the hall's own closing time of a working day (17:30 is 泸州's)."""
    for case, closed in _closed(facts, period):
        ends = facts.closing.get(closed.date())
        if ends and closed > ends and closed.date() in facts.working_days and case.on_site and not case.online:
            yield _of(case, closed, f"{closed:%H:%M} 办结，下班 {ends:%H:%M} · closed after hours")


def holiday_booking(facts: Facts, period: Period, readings: Readings) -> Iterator[Seen]:
    """A booking kept on a day off; a weekend that is worked is none."""
    statutory = choice_of(readings, "holiday") == "statutory"
    for one in facts.bookings:
        day = one.slot.date()
        free = day in facts.statutory_days if statutory else day not in facts.working_days
        if one.state in _KEPT and free and facts.working_days and period.holds(day):
            yield Seen(one.appointment_no, one.slot, "节假日预约办件 booked on a day off", one.appointment_no)


def reported_online(facts: Facts, period: Period, _: Readings) -> Iterator[Seen]:
    for case, closed in _closed(facts, period):
        if case.kind == "reported" and case.online:
            yield _of(case, closed, "上报件网上办理 reported online")


def kind_changed(facts: Facts, period: Period, _: Readings) -> Iterator[Seen]:
    """To an immediate case, after it was taken in as one with a deadline."""
    for one in facts.kind_changes:
        if one.after == "immediate" and one.before != "immediate" and period.holds(one.at.date()):
            key, note = f"{one.case_no}/kind", f"{one.before} → {one.after}"
            yield Seen(key, one.at, f"受理后改变办件类型 kind changed: {note}", key, clerk=one.clerk)


def no_paper(facts: Facts, period: Period, _: Readings) -> Iterator[Seen]:
    """Approved, and no result document was given; only where the hall registers its papers at all."""
    closed = [(case, at) for case, at in _closed(facts, period) if case.outcome == "approved"]
    if any(case.has_paper for case, _ in closed):
        for case, at in closed:
            if not case.has_paper and case.kind != "immediate":
                yield _of(case, at, "办结无结果文书 closed without a result paper", "paper")


def dissatisfied(facts: Facts, period: Period, _: Readings) -> Iterator[Seen]:
    """差评 to be verified (文家市 一（三）1: 不满意，经查实)."""
    for bad in facts.bad_answers:
        if bad.level in ("dissatisfied", "very_dissatisfied") and period.holds(bad.at.date()):
            yield Seen(bad.visit, bad.at, f"差评待查实 bad review of {bad.number}", f"visit {bad.visit}", bad.counter)


def _closed(facts: Facts, period: Period) -> Iterator[tuple[Case, datetime]]:
    for case in facts.cases:
        if case.closed is not None and period.holds(case.closed.date()):
            yield case, case.closed


def _of(case: Case, at: datetime, note: str, part: str = "") -> Seen:
    key = f"{case.case_no}/{part}" if part else case.case_no
    return Seen(key, at, note, key, case.counter, case.clerk)
