"""Rows of the cases' registers. Columns are named as in their CSV; instants are UTC microseconds, days ISO text.

`imported` as in hub.staff.tables (read only rows that are SEEN). `applicant` and `person` are keyed hashes. Lists are
joined by `|`.
"""

from sqlalchemy import BigInteger, Index
from sqlmodel import Field, SQLModel


class CaseRow(SQLModel, table=True):
    """办件. `state` is received, correcting, accepted, suspended or closed.

    `due_at` is the promised deadline as last computed (empty: it does not run, or waits for the applicant), found in
    `calendar_version`; `deemed_on_time`: the applicant missed the appointed time, which counts as done in time.
    Overdue = `due_at` before `closed_at` (or before now), unless deemed on time.
    """

    __tablename__ = "case_file"
    __table_args__ = (
        Index("case_file_department_closed", "department", "closed_at"),
        Index("case_file_closed", "closed_at"),
        Index("case_file_due", "due_at"),
    )

    case_no: str = Field(primary_key=True)
    service: str
    department: str
    counter: str
    clerk: str
    kind: str
    online: bool
    on_site: bool
    state: str
    received_at: int = Field(sa_type=BigInteger, index=True)
    accepted_at: int | None = Field(default=None, sa_type=BigInteger)
    legal_days: int
    promised_days: int
    suspended_days: int = 0
    suspensions: str = ""
    correction_notice_at: int | None = Field(default=None, sa_type=BigInteger)
    corrected_at: int | None = Field(default=None, sa_type=BigInteger)
    extension_days: int = 0
    extension_told_at: int | None = Field(default=None, sa_type=BigInteger)
    appointed_at: int | None = Field(default=None, sa_type=BigInteger)
    citizen_missed: bool = False
    closed_at: int | None = Field(default=None, sa_type=BigInteger)
    outcome: str = "open"
    corrections: int = 0
    return_reason: str | None = None
    applicant: str | None = None
    offsite_stages: str = ""
    council_approved: bool = False
    signed_by: str | None = None
    issued_counter: str | None = None
    level: str | None = None
    level_source: str | None = None
    prereview_due: int | None = Field(default=None, sa_type=BigInteger)
    prereview_at: int | None = Field(default=None, sa_type=BigInteger)
    prereview_passed: bool | None = None
    due_day: str | None = None
    due_at: int | None = Field(default=None, sa_type=BigInteger)
    legal_due_at: int | None = Field(default=None, sa_type=BigInteger)
    calendar_version: int
    deemed_on_time: bool = False
    imported: str | None = None
    made_at: int = Field(sa_type=BigInteger)
    made_by: str


class DeadlineRow(SQLModel, table=True):
    """A deadline as it was computed, and why: never changed, a new one has the next `number`.

    `lines` and `legal_lines` are JSON lists of texts by language.
    """

    __tablename__ = "case_deadline"

    case_no: str = Field(primary_key=True)
    number: int = Field(primary_key=True)
    cause: str
    due_at: int | None = Field(default=None, sa_type=BigInteger)
    legal_due_at: int | None = Field(default=None, sa_type=BigInteger)
    calendar_version: int
    lines: str
    legal_lines: str
    imported: str | None = None
    made_at: int = Field(sa_type=BigInteger)
    made_by: str


class SuspensionRow(SQLModel, table=True):
    """A span that does not count (听证、检验、专家评审 …), `first` to `last` inclusive; open while `last` is empty."""

    __tablename__ = "case_suspension"

    case_no: str = Field(primary_key=True)
    number: int = Field(primary_key=True)
    first: str
    last: str | None = None
    reason: str
    imported: str | None = None
    made_at: int = Field(sa_type=BigInteger)
    made_by: str


class StepRow(SQLModel, table=True):
    """What was done to a case, in order; `kind` and `state` are those after it."""

    __tablename__ = "case_step"

    case_no: str = Field(primary_key=True)
    number: int = Field(primary_key=True)
    verb: str
    kind: str
    state: str
    reason: str | None = None
    made_at: int = Field(sa_type=BigInteger)
    made_by: str


class NoticeRow(SQLModel, table=True):
    """告知单/通知书 given for a case."""

    __tablename__ = "case_notice"

    case_no: str = Field(primary_key=True)
    kind: str = Field(primary_key=True)
    notice_no: str = Field(primary_key=True)
    at: int = Field(sa_type=BigInteger)
    imported: str | None = None
    made_at: int = Field(sa_type=BigInteger)
    made_by: str


class ComplaintRow(SQLModel, table=True):
    """投诉. Only `verified` 经查属实 counts, on the day it was made; `event` links what is the same happening."""

    __tablename__ = "complaint"

    complaint_no: str = Field(primary_key=True)
    at: int = Field(sa_type=BigInteger, index=True)
    department: str
    counter: str | None = None
    clerk: str | None = None
    finding: str = "open"
    decided_at: int | None = Field(default=None, sa_type=BigInteger)
    decided_by: str | None = None
    reason: str | None = None
    case_no: str | None = None
    event: str | None = None
    imported: str | None = None
    made_at: int = Field(sa_type=BigInteger)
    made_by: str


class ServiceTermsRow(SQLModel, table=True):
    """What a service is bound to and promises from `valid_from` on (empty: ever since), in working days."""

    __tablename__ = "service_terms"

    service: str = Field(primary_key=True)
    valid_from: str = Field(primary_key=True)
    department: str
    legal_days: int
    promised_days: int
    steps_complete: bool | None = None
    sample: bool | None = None
    guide: bool | None = None
    imported: str | None = None
    made_at: int = Field(sa_type=BigInteger)
    made_by: str


class ConsultationRow(SQLModel, table=True):
    """咨询, at the counter or online."""

    __tablename__ = "consultation"
    __table_args__ = (Index("consultation_person", "person", "service"),)

    consult_no: str = Field(primary_key=True)
    department: str
    clerk: str | None = None
    service: str | None = None
    channel: str
    person: str | None = None
    asked_at: int = Field(sa_type=BigInteger, index=True)
    answered_at: int | None = Field(default=None, sa_type=BigInteger)
    case_no: str | None = None
    level: str | None = None
    level_source: str | None = None
    imported: str | None = None
    made_at: int = Field(sa_type=BigInteger)
    made_by: str


class OnlineDeskRow(SQLModel, table=True):
    """在线咨询窗口 of a department: on line from, until."""

    __tablename__ = "online_desk"

    department: str = Field(primary_key=True)
    online_from: int = Field(primary_key=True, sa_type=BigInteger)
    online_to: int = Field(sa_type=BigInteger)
    imported: str | None = None
    made_at: int = Field(sa_type=BigInteger)
    made_by: str


class PastAppointmentRow(SQLModel, table=True):
    """预约 as imported history."""

    __tablename__ = "past_appointment"

    appointment_no: str = Field(primary_key=True)
    service: str
    department: str
    channel: str
    requested_at: int = Field(sa_type=BigInteger)
    slot_at: int = Field(sa_type=BigInteger, index=True)
    state: str
    reason: str | None = None
    number: str | None = None
    imported: str | None = None
    made_at: int = Field(sa_type=BigInteger)
    made_by: str
