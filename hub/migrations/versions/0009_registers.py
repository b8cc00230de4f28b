"""Departments, posts, attendance, cases and complaints: the registers that the assessment reads.

Revision ID: 0009
Revises: 0008
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

#: What services name already.
_KNOWN = """
INSERT INTO department (code, name, historical)
SELECT DISTINCT department, department, (1 = 0) FROM service WHERE department <> ''
"""


def upgrade() -> None:
    """New tables, and the department of a counter."""
    op.add_column("counter", sa.Column("department", sa.String(), nullable=False, server_default=""))
    _imports_and_names()
    _people()
    _counters()
    _cases()
    _of_cases()
    _further()
    _online()
    op.execute(_KNOWN)


def _origin() -> tuple[sa.Column[str], sa.Column[int], sa.Column[str]]:
    return (
        sa.Column("imported", sa.String(), nullable=True),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("made_by", sa.String(), nullable=False),
    )


def _imports_and_names() -> None:
    op.create_table(
        "import_run",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("file", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("loaded", sa.Integer(), nullable=False),
        sa.Column("published", sa.Boolean(), nullable=False),
        sa.Column("begun_at", sa.BigInteger(), nullable=False),
        sa.Column("touched_at", sa.BigInteger(), nullable=False),
        sa.Column("begun_by", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "department",
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("historical", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("code"),
    )
    op.create_table(
        "historic",
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("department", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("kind", "code"),
    )


def _people() -> None:
    op.create_table(
        "staff",
        sa.Column("clerk", sa.String(), nullable=False),
        sa.Column("valid_from", sa.String(), nullable=False),
        sa.Column("valid_to", sa.String(), nullable=True),
        sa.Column("department", sa.String(), nullable=False),
        sa.Column("counter", sa.String(), nullable=False),
        sa.Column("rank", sa.String(), nullable=False),
        sa.Column("established", sa.Boolean(), nullable=True),
        sa.Column("chief_representative", sa.Boolean(), nullable=True),
        *_origin(),
        sa.PrimaryKeyConstraint("clerk", "valid_from"),
    )
    op.create_index("ix_staff_department", "staff", ["department"])
    op.create_table(
        "post",
        sa.Column("post", sa.String(), nullable=False),
        sa.Column("valid_from", sa.String(), nullable=False),
        sa.Column("valid_to", sa.String(), nullable=True),
        sa.Column("department", sa.String(), nullable=False),
        sa.Column("counter", sa.String(), nullable=False),
        sa.Column("clerk", sa.String(), nullable=False),
        sa.Column("stand_ins", sa.String(), nullable=False),
        *_origin(),
        sa.PrimaryKeyConstraint("post", "valid_from"),
    )
    op.create_index("ix_post_department", "post", ["department"])
    op.create_table(
        "attendance",
        sa.Column("clerk", sa.String(), nullable=False),
        sa.Column("date", sa.String(), nullable=False),
        sa.Column("session", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("department", sa.String(), nullable=False),
        sa.Column("counter", sa.String(), nullable=True),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("excused", sa.String(), nullable=False),
        sa.Column("stand_in", sa.String(), nullable=True),
        sa.Column("whereabouts", sa.String(), nullable=True),
        *_origin(),
        sa.PrimaryKeyConstraint("clerk", "date", "session", "kind"),
    )
    op.create_index("attendance_date", "attendance", ["date"])
    op.create_table(
        "self_check",
        sa.Column("month", sa.String(), nullable=False),
        sa.Column("counter", sa.String(), nullable=False),
        sa.Column("score", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("submitted_at", sa.BigInteger(), nullable=False),
        *_origin(),
        sa.PrimaryKeyConstraint("month", "counter"),
    )


def _counters() -> None:
    op.create_table(
        "counter_state",
        sa.Column("counter", sa.String(), nullable=False),
        sa.Column("state_from", sa.BigInteger(), nullable=False),
        sa.Column("state_to", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("back_at", sa.BigInteger(), nullable=True),
        sa.Column("stand_in", sa.String(), nullable=True),
        *_origin(),
        sa.PrimaryKeyConstraint("counter", "state_from"),
    )
    op.create_table(
        "leader_visit",
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("department", sa.String(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("rank", sa.String(), nullable=False),
        *_origin(),
        sa.PrimaryKeyConstraint("at", "department", "person"),
    )
    op.create_table(
        "ballot",
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("ballot_no", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("target", sa.String(), nullable=False),
        sa.Column("voter_group", sa.String(), nullable=False),
        sa.Column("score", sa.String(), nullable=False),
        *_origin(),
        sa.PrimaryKeyConstraint("year", "ballot_no", "kind", "target"),
    )


def _cases() -> None:
    op.create_table(
        "case_file",
        sa.Column("case_no", sa.String(), nullable=False),
        sa.Column("service", sa.String(), nullable=False),
        sa.Column("department", sa.String(), nullable=False),
        sa.Column("counter", sa.String(), nullable=False),
        sa.Column("clerk", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("online", sa.Boolean(), nullable=False),
        sa.Column("on_site", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("received_at", sa.BigInteger(), nullable=False),
        sa.Column("accepted_at", sa.BigInteger(), nullable=True),
        sa.Column("legal_days", sa.Integer(), nullable=False),
        sa.Column("promised_days", sa.Integer(), nullable=False),
        sa.Column("suspended_days", sa.Integer(), nullable=False),
        sa.Column("suspensions", sa.String(), nullable=False),
        sa.Column("correction_notice_at", sa.BigInteger(), nullable=True),
        sa.Column("corrected_at", sa.BigInteger(), nullable=True),
        sa.Column("extension_days", sa.Integer(), nullable=False),
        sa.Column("extension_told_at", sa.BigInteger(), nullable=True),
        sa.Column("appointed_at", sa.BigInteger(), nullable=True),
        sa.Column("citizen_missed", sa.Boolean(), nullable=False),
        sa.Column("closed_at", sa.BigInteger(), nullable=True),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("corrections", sa.Integer(), nullable=False),
        sa.Column("return_reason", sa.String(), nullable=True),
        sa.Column("applicant", sa.String(), nullable=True),
        sa.Column("offsite_stages", sa.String(), nullable=False),
        sa.Column("council_approved", sa.Boolean(), nullable=False),
        sa.Column("signed_by", sa.String(), nullable=True),
        sa.Column("issued_counter", sa.String(), nullable=True),
        sa.Column("level", sa.String(), nullable=True),
        sa.Column("level_source", sa.String(), nullable=True),
        sa.Column("prereview_due", sa.BigInteger(), nullable=True),
        sa.Column("prereview_at", sa.BigInteger(), nullable=True),
        sa.Column("prereview_passed", sa.Boolean(), nullable=True),
        sa.Column("due_day", sa.String(), nullable=True),
        sa.Column("due_at", sa.BigInteger(), nullable=True),
        sa.Column("legal_due_at", sa.BigInteger(), nullable=True),
        sa.Column("calendar_version", sa.Integer(), nullable=False),
        sa.Column("deemed_on_time", sa.Boolean(), nullable=False),
        *_origin(),
        sa.PrimaryKeyConstraint("case_no"),
    )
    op.create_index("case_file_closed", "case_file", ["closed_at"])
    op.create_index("case_file_department_closed", "case_file", ["department", "closed_at"])
    op.create_index("case_file_due", "case_file", ["due_at"])
    op.create_index("ix_case_file_received_at", "case_file", ["received_at"])


def _of_cases() -> None:
    op.create_table(
        "case_deadline",
        sa.Column("case_no", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("cause", sa.String(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=True),
        sa.Column("legal_due_at", sa.BigInteger(), nullable=True),
        sa.Column("calendar_version", sa.Integer(), nullable=False),
        sa.Column("lines", sa.String(), nullable=False),
        sa.Column("legal_lines", sa.String(), nullable=False),
        *_origin(),
        sa.PrimaryKeyConstraint("case_no", "number"),
    )
    op.create_table(
        "case_suspension",
        sa.Column("case_no", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("first", sa.String(), nullable=False),
        sa.Column("last", sa.String(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        *_origin(),
        sa.PrimaryKeyConstraint("case_no", "number"),
    )
    op.create_table(
        "case_step",
        sa.Column("case_no", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("verb", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("made_by", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("case_no", "number"),
    )
    op.create_table(
        "case_notice",
        sa.Column("case_no", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("notice_no", sa.String(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        *_origin(),
        sa.PrimaryKeyConstraint("case_no", "kind", "notice_no"),
    )


def _further() -> None:
    op.create_table(
        "complaint",
        sa.Column("complaint_no", sa.String(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("department", sa.String(), nullable=False),
        sa.Column("counter", sa.String(), nullable=True),
        sa.Column("clerk", sa.String(), nullable=True),
        sa.Column("finding", sa.String(), nullable=False),
        sa.Column("decided_at", sa.BigInteger(), nullable=True),
        sa.Column("decided_by", sa.String(), nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("case_no", sa.String(), nullable=True),
        sa.Column("event", sa.String(), nullable=True),
        *_origin(),
        sa.PrimaryKeyConstraint("complaint_no"),
    )
    op.create_index("ix_complaint_at", "complaint", ["at"])
    op.create_table(
        "service_terms",
        sa.Column("service", sa.String(), nullable=False),
        sa.Column("valid_from", sa.String(), nullable=False),
        sa.Column("department", sa.String(), nullable=False),
        sa.Column("legal_days", sa.Integer(), nullable=False),
        sa.Column("promised_days", sa.Integer(), nullable=False),
        sa.Column("steps_complete", sa.Boolean(), nullable=True),
        sa.Column("sample", sa.Boolean(), nullable=True),
        sa.Column("guide", sa.Boolean(), nullable=True),
        *_origin(),
        sa.PrimaryKeyConstraint("service", "valid_from"),
    )


def _online() -> None:
    op.create_table(
        "consultation",
        sa.Column("consult_no", sa.String(), nullable=False),
        sa.Column("department", sa.String(), nullable=False),
        sa.Column("clerk", sa.String(), nullable=True),
        sa.Column("service", sa.String(), nullable=True),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("person", sa.String(), nullable=True),
        sa.Column("asked_at", sa.BigInteger(), nullable=False),
        sa.Column("answered_at", sa.BigInteger(), nullable=True),
        sa.Column("case_no", sa.String(), nullable=True),
        sa.Column("level", sa.String(), nullable=True),
        sa.Column("level_source", sa.String(), nullable=True),
        *_origin(),
        sa.PrimaryKeyConstraint("consult_no"),
    )
    op.create_index("consultation_person", "consultation", ["person", "service"])
    op.create_index("ix_consultation_asked_at", "consultation", ["asked_at"])
    op.create_table(
        "online_desk",
        sa.Column("department", sa.String(), nullable=False),
        sa.Column("online_from", sa.BigInteger(), nullable=False),
        sa.Column("online_to", sa.BigInteger(), nullable=False),
        *_origin(),
        sa.PrimaryKeyConstraint("department", "online_from"),
    )
    op.create_table(
        "past_appointment",
        sa.Column("appointment_no", sa.String(), nullable=False),
        sa.Column("service", sa.String(), nullable=False),
        sa.Column("department", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("requested_at", sa.BigInteger(), nullable=False),
        sa.Column("slot_at", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("number", sa.String(), nullable=True),
        *_origin(),
        sa.PrimaryKeyConstraint("appointment_no"),
    )
    op.create_index("ix_past_appointment_slot_at", "past_appointment", ["slot_at"])
