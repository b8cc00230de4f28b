"""Finished days kept as sums, and the visits of years before this system.

Revision ID: 0011
Revises: 0010
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_TIMES = sa.text("kind IN ('counter_opened', 'counter_closed', 'counter_away', 'counter_back')")


def upgrade() -> None:
    op.create_table(
        "figure_day",
        sa.Column("day", sa.String(), primary_key=True),
        sa.Column("built_at", sa.BigInteger(), nullable=True),
    )
    op.create_table(
        "figure_head",
        sa.Column("id", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
    )
    _sums(
        "figure_answers", [*_whole("finished", "defaulted", "typed"), *_texts("levels", "other", "reasons")], "answer_s"
    )
    _sums("figure_waits", _whole("no_shows"), "wait_s", "walk_s", "service_s")
    _sums("figure_arrivals", _whole("issued", "called", "cancelled", "expired"))
    _sums("figure_desk", _whole("open_s", "away_s", "pauses", "visits", "busy_s"))
    _past_visits()
    # a counter's times of one day, without looking at the rest of the journal
    op.create_index("journal_counter_times", "journal", ["at"], sqlite_where=_TIMES, postgresql_where=_TIMES)


def _sums(table: str, columns: list[sa.Column[object]], *packed: str) -> None:
    columns += [sa.Column(name, sa.LargeBinary(), nullable=False) for name in packed]
    group = [sa.Column("hour", sa.Integer(), primary_key=True, autoincrement=False)]
    names = ("day", "counter", "service", "department", "clerk")
    op.create_table(table, *group, *(sa.Column(name, sa.String(), primary_key=True) for name in names), *columns)


def _whole(*names: str) -> list[sa.Column[object]]:
    return [sa.Column(name, sa.Integer(), nullable=False) for name in names]


def _texts(*names: str) -> list[sa.Column[object]]:
    return [sa.Column(name, sa.String(), nullable=False) for name in names]


def _past_visits() -> None:
    moments = [sa.Column(f"{what}_at", sa.BigInteger(), nullable=True) for what in ("called", "started", "finished")]
    op.create_table(
        "past_visit",
        sa.Column("id", sa.String(), primary_key=True),
        *_texts("imported", "made_by"),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        *_texts("number", "service", "department", "counter", "clerk", "priority", "channel", "day"),
        sa.Column("issued_at", sa.BigInteger(), nullable=False),
        *moments,
        sa.Column("finished_day", sa.String(), nullable=True),
        *_texts("outcome", "purpose", "reasons"),
        sa.Column("person", sa.String(), nullable=True),
        sa.Column("appointment_at", sa.BigInteger(), nullable=True),
        sa.Column("case_no", sa.String(), nullable=True),
        sa.Column("level", sa.String(), nullable=True),
        sa.Column("level_source", sa.String(), nullable=True),
    )
    op.create_index("past_visit_day", "past_visit", ["day"])
    op.create_index("past_visit_finished_day", "past_visit", ["finished_day"])
    op.create_index("past_visit_imported", "past_visit", ["imported"])
