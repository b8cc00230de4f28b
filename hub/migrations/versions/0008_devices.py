"""What happened to the stations' devices: up and down, with their reasons; alerts, and what the webhook must hear.

Revision ID: 0008
Revises: 0007
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "device_spell",
        *_texts("id", "station", "role", "device", "model", "state", "code", "detail"),
        sa.Column("begun_at", sa.BigInteger(), nullable=False),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        *_texts("heard_by"),
        sa.PrimaryKeyConstraint("id"),
    )
    _one_that_stands("device_spell_now", "device_spell", ["station", "device"])
    op.create_index("device_spell_begun", "device_spell", ["begun_at"])
    op.create_table(
        "device_hub",
        *_texts("epoch"),
        sa.Column("seen_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("epoch"),
    )
    _alerts()


def _alerts() -> None:
    op.create_table(
        "alert",
        *_texts("id", "rule", "roles", "station", "device", "state", "code", "detail"),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("raised_at", sa.BigInteger(), nullable=False),
        sa.Column("acknowledged_by", sa.String(), nullable=True),
        sa.Column("acknowledged_at", sa.BigInteger(), nullable=True),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    _one_that_stands("alert_standing", "alert", ["rule", "station", "device"])
    op.create_index("alert_raised", "alert", ["raised_at"])
    op.create_table(
        "alert_letter",
        *_texts("id", "body"),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("next_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_alert_letter_next_at", "alert_letter", ["next_at"])


def _one_that_stands(name: str, table: str, columns: list[str]) -> None:
    open_ = sa.text("ended_at IS NULL")
    op.create_index(name, table, columns, unique=True, sqlite_where=open_, postgresql_where=open_)


def _texts(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.String(), nullable=False) for name in names]
