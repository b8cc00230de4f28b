"""Findings, manual scores, appeals and the periods that are closed.

Revision ID: 0010
Revises: 0009
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _findings()
    _of_findings()
    _periods()
    _choices()


def _made() -> tuple[sa.Column[int], sa.Column[str]]:
    return (
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("made_by", sa.String(), nullable=False),
    )


def _text(name: str, *, needed: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.String(), nullable=not needed)


def _findings() -> None:
    op.create_table(
        "finding",
        _text("id", needed=True),
        _text("scheme", needed=True),
        _text("item", needed=True),
        sa.Column("at", sa.BigInteger(), nullable=False),
        _text("day", needed=True),
        _text("department", needed=True),
        _text("counter"),
        _text("clerk"),
        _text("effect", needed=True),
        _text("points"),
        sa.Column("quantity", sa.Integer(), nullable=False),
        _text("event"),
        _text("compare_to"),
        _text("note"),
        _text("state", needed=True),
        _text("lead"),
        _text("imported"),
        *_made(),
        sa.Column("decided_at", sa.BigInteger(), nullable=True),
        _text("decided_by"),
        _text("reason"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("finding_scheme_day", "finding", ["scheme", "day"])
    op.create_index("finding_lead_once", "finding", ["lead"], unique=True)


def _of_findings() -> None:
    op.create_table(
        "finding_appeal",
        _text("id", needed=True),
        _text("finding", needed=True),
        _text("grounds", needed=True),
        *_made(),
        _text("outcome"),
        _text("reason"),
        sa.Column("reviewed_at", sa.BigInteger(), nullable=True),
        _text("reviewed_by"),
        sa.ForeignKeyConstraint(["finding"], ["finding.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_finding_appeal_finding", "finding_appeal", ["finding"])
    is_open = sa.text("outcome IS NULL")
    op.create_index(
        "finding_appeal_open",
        "finding_appeal",
        ["finding"],
        unique=True,
        sqlite_where=is_open,
        postgresql_where=is_open,
    )
    op.create_table(
        "finding_evidence",
        _text("finding", needed=True),
        _text("sha256", needed=True),
        _text("name", needed=True),
        _text("media_type", needed=True),
        sa.Column("bytes", sa.Integer(), nullable=False),
        *_made(),
        sa.ForeignKeyConstraint(["finding"], ["finding.id"]),
        sa.PrimaryKeyConstraint("finding", "sha256"),
    )


def _periods() -> None:
    op.create_table(
        "period_closing",
        _text("id", needed=True),
        _text("scheme", needed=True),
        _text("period", needed=True),
        _text("first", needed=True),
        _text("last", needed=True),
        _text("document", needed=True),
        _text("sha256", needed=True),
        sa.Column("closed_at", sa.BigInteger(), nullable=False),
        _text("closed_by", needed=True),
        sa.Column("reopened_at", sa.BigInteger(), nullable=True),
        _text("reopened_by"),
        _text("reason"),
        sa.PrimaryKeyConstraint("id"),
    )
    is_closed = sa.text("reopened_at IS NULL")
    op.create_index(
        "period_closing_once",
        "period_closing",
        ["scheme", "period"],
        unique=True,
        sqlite_where=is_closed,
        postgresql_where=is_closed,
    )


def _choices() -> None:
    op.create_table(
        "scheme_reading",
        _text("scheme", needed=True),
        _text("name", needed=True),
        _text("value", needed=True),
        *_made(),
        sa.PrimaryKeyConstraint("scheme", "name"),
    )
    op.create_table(
        "unit_class",
        _text("scheme", needed=True),
        sa.Column("year", sa.Integer(), nullable=False),
        _text("unit", needed=True),
        _text("class_code", needed=True),
        *_made(),
        sa.PrimaryKeyConstraint("scheme", "year", "unit"),
    )
