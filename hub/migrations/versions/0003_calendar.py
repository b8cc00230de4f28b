"""Calendar, cut-offs, quotas, rota.

Revision ID: 0003
Revises: 0002
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """New tables only: a hall without rows in them has its hours as before, and holidays from its first start on."""
    _calendar()
    _opening()
    _rota()


def _calendar() -> None:
    op.create_table(
        "calendar_version",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("made_by", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("years", sa.String(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("number"),
    )
    op.create_index(
        "calendar_version_active",
        "calendar_version",
        ["active"],
        unique=True,
        sqlite_where=sa.text("active"),
        postgresql_where=sa.text("active"),
    )
    op.create_table(
        "calendar_date",
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("day", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["version"], ["calendar_version.number"]),
        sa.PrimaryKeyConstraint("version", "day"),
    )


def _opening() -> None:
    op.create_table(
        "special_day",
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("first", sa.String(), nullable=False),
        sa.Column("last", sa.String(), nullable=False),
        sa.Column("names", sa.String(), nullable=False),
        sa.Column("hours", sa.String(), nullable=False),
        sa.Column("services", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("position"),
    )
    op.create_table(
        "service_opening",
        sa.Column("service", sa.String(), nullable=False),
        sa.Column("hours", sa.String(), nullable=False),
        sa.Column("cut_off_minutes", sa.Integer(), nullable=False),
        sa.Column("quota", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["service"], ["service.code"]),
        sa.PrimaryKeyConstraint("service"),
    )
    op.create_table(
        "quota_taken",
        sa.Column("day", sa.String(), nullable=False),
        sa.Column("service", sa.String(), nullable=False),
        sa.Column("band", sa.String(), nullable=False),
        sa.Column("taken", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["service"], ["service.code"]),
        sa.PrimaryKeyConstraint("day", "service", "band"),
    )
    op.create_table(
        "quota_returned",
        sa.Column("ticket", sa.String(), nullable=False),
        sa.Column("service", sa.String(), nullable=False),
        sa.Column("day", sa.String(), nullable=False),
        sa.Column("band", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["ticket"], ["ticket.id"]),
        sa.PrimaryKeyConstraint("ticket", "service"),
    )
    op.create_index("quota_returned_band", "quota_returned", ["day", "service", "band"])


def _rota() -> None:
    op.create_table(
        "rota",
        sa.Column("counter", sa.String(), nullable=False),
        sa.Column("first_week", sa.String(), nullable=False),
        sa.Column("weeks", sa.String(), nullable=False),
        sa.Column("overrides", sa.String(), nullable=False),
        sa.Column("applied", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["counter"], ["counter.code"]),
        sa.PrimaryKeyConstraint("counter"),
    )
