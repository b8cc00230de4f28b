"""Cases 办件 and complaints 投诉 as they cross a process."""

from datetime import date
from typing import Annotated, Literal

from pydantic import AwareDatetime, Field, StringConstraints

from hub.wire.message import Message, Names

CaseKind = Literal["immediate", "promised", "joint", "reported"]
CaseOutcome = Literal["approved", "refused", "withdrawn", "returned", "not_accepted", "open"]
CaseState = Literal["received", "correcting", "accepted", "suspended", "closed"]
CaseVerb = Literal[
    "accept",
    "correction",
    "corrected",
    "suspend",
    "resume",
    "extend",
    "appoint",
    "missed",
    "change-kind",
    "notice",
    "close",
    "withdraw",
]
Stage = Literal["consult", "apply", "accept", "approve", "close", "collect"]
StopReason = Literal[
    "hearing",
    "bidding",
    "auction",
    "inspection",
    "testing",
    "survey",
    "quarantine",
    "appraisal",
    "expert_review",
    "other",
]
NoticeKind = Literal[
    "acceptance", "correction", "refusal", "not_accepted", "returned", "extension", "suspension", "overdue", "result"
]
ComplaintFinding = Literal["open", "verified", "unfounded", "unproven"]

#: A number that stands in an address: no blanks, no slashes.
RecordNo = Annotated[str, StringConstraints(pattern=r"^[^\s/?#%]{1,64}$")]
Code = Annotated[str, StringConstraints(min_length=1, max_length=80)]
Days = Annotated[int, Field(ge=0, le=2000)]
Reason = Annotated[str, StringConstraints(strip_whitespace=True, min_length=4, max_length=200)]


class NewCase(Message):
    """收件. Days left out are those that the service promises now; the applicant is kept as a keyed hash."""

    case_no: RecordNo
    service: Code
    kind: CaseKind
    department: Code | None = None
    counter: Code | None = None
    clerk: Code | None = None
    online: bool = False
    on_site: bool = True
    received_at: AwareDatetime | None = None
    legal_days: Days | None = None
    promised_days: Days | None = None
    applicant: Code | None = None


class CaseCorrection(Message):
    """一次性告知: what is missing was told. `reason` without anybody's name."""

    reason: Reason
    notice_no: RecordNo | None = None


class CaseSuspend(Message):
    """From `first` (today) to `last` inclusive; without `last` until it resumes."""

    reason: StopReason
    first: date | None = None
    last: date | None = None
    notice_no: RecordNo | None = None


class CaseResume(Message):
    """The last day that does not count; left out: the day before today."""

    last: date | None = None


class CaseExtend(Message):
    """The applicant was told at `told_at` (now) of so many working days more."""

    days: Annotated[int, Field(ge=1, le=2000)]
    reason: Reason
    told_at: AwareDatetime | None = None
    notice_no: RecordNo | None = None


class CaseAppoint(Message):
    """The time at which the applicant is to come."""

    at: AwareDatetime


class CaseChangeKind(Message):
    """With the days that the new kind promises."""

    kind: CaseKind
    promised_days: Days
    reason: Reason


class CaseNoticeGiven(Message):
    kind: NoticeKind
    notice_no: RecordNo


class CaseClose(Message):
    """办结. A return needs its reason."""

    outcome: Literal["approved", "refused", "returned", "not_accepted"]
    return_reason: Reason | None = None
    signed_by: Code | None = None
    issued_counter: Code | None = None
    offsite_stages: tuple[Stage, ...] = ()
    on_site: bool | None = None
    notice_no: RecordNo | None = None


class CaseWithdraw(Message):
    reason: Reason


class CaseDeadline(Message):
    """A deadline as it was computed: `lines` explain the promised one, `legal_lines` the law's."""

    cause: str
    at: AwareDatetime
    due_at: AwareDatetime | None = None
    legal_due_at: AwareDatetime | None = None
    calendar_version: int
    lines: list[Names]
    legal_lines: list[Names]


class CaseStep(Message):
    verb: str
    kind: CaseKind
    state: CaseState
    at: AwareDatetime
    by: str
    reason: str | None = None


class CaseSuspension(Message):
    first: date
    last: date | None = None
    reason: str


class CaseNotice(Message):
    kind: str
    notice_no: str
    at: AwareDatetime


class Case(Message):
    """One case. `overdue` as of now; the applicant is not told."""

    case_no: str
    service: str
    department: str
    counter: str
    clerk: str
    kind: CaseKind
    state: CaseState
    outcome: CaseOutcome
    online: bool
    on_site: bool
    received_at: AwareDatetime
    accepted_at: AwareDatetime | None = None
    legal_days: int
    promised_days: int
    suspended_days: int
    corrections: int
    correction_notice_at: AwareDatetime | None = None
    corrected_at: AwareDatetime | None = None
    extension_days: int
    extension_told_at: AwareDatetime | None = None
    appointed_at: AwareDatetime | None = None
    citizen_missed: bool
    closed_at: AwareDatetime | None = None
    return_reason: str | None = None
    due_at: AwareDatetime | None = None
    legal_due_at: AwareDatetime | None = None
    calendar_version: int
    deemed_on_time: bool
    overdue: bool
    imported: bool


class CaseWhole(Message):
    """A case with all that was done to it, newest deadline last."""

    case: Case
    deadlines: list[CaseDeadline]
    steps: list[CaseStep]
    suspensions: list[CaseSuspension]
    notices: list[CaseNotice]


class Cases(Message):
    """`next` is the `after` of the following page."""

    cases: list[Case]
    next: str | None = None


class NewComplaint(Message):
    """投诉登记. Nothing of the person who complains is kept here."""

    complaint_no: RecordNo
    department: Code
    at: AwareDatetime | None = None
    counter: Code | None = None
    clerk: Code | None = None
    case_no: str | None = None
    event: Code | None = None


class DecideComplaint(Message):
    """经查属实 verified, 不属实 unfounded, 无法核实 unproven."""

    finding: Literal["verified", "unfounded", "unproven"]
    reason: Reason


class ReopenComplaint(Message):
    """重新核实."""

    reason: Reason


class Complaint(Message):
    complaint_no: str
    at: AwareDatetime
    department: str
    counter: str | None = None
    clerk: str | None = None
    finding: ComplaintFinding
    decided_at: AwareDatetime | None = None
    decided_by: str | None = None
    reason: str | None = None
    case_no: str | None = None
    event: str | None = None
    imported: bool


class Complaints(Message):
    complaints: list[Complaint]
    next: str | None = None
