"""All verbs of the queue: lines and lanes, holds, returns, clerks at counters, second choices.

Revision ID: 0002
Revises: 0001
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_WAITING = sa.text("state = 'waiting'")
_HELD = sa.text("state = 'held'")


def upgrade() -> None:
    """Tickets that wait stand in the line of their service."""
    _counters()
    op.add_column("priority", sa.Column("at_kiosk", sa.Boolean(), nullable=False, server_default=sa.false()))
    _tickets()
    op.add_column("visit", sa.Column("announced_at", sa.BigInteger(), nullable=True))
    op.add_column("visit", sa.Column("how", sa.String(), nullable=False, server_default="next"))
    op.add_column("visit", sa.Column("reason", sa.String(), nullable=True))
    op.execute("UPDATE visit SET announced_at = called_at")
    op.create_index("ix_journal_ticket", "journal", ["ticket"])


def _counters() -> None:
    op.add_column("counter", sa.Column("clerk", sa.String(), nullable=True))
    op.add_column("counter", sa.Column("second_after_minutes", sa.Float(), nullable=True))
    op.add_column("counter", sa.Column("ordinary_run", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("counter", sa.Column("away_reason", sa.String(), nullable=True))
    op.add_column("counter", sa.Column("back_at", sa.BigInteger(), nullable=True))
    op.add_column("counter", sa.Column("stand_in", sa.String(), nullable=True))
    op.create_index("counter_clerk_once", "counter", ["clerk"], unique=True)
    op.add_column("counter_service", sa.Column("choice", sa.Integer(), nullable=False, server_default="1"))


def _tickets() -> None:
    op.add_column("ticket", sa.Column("line", sa.String(), nullable=False, server_default=""))
    op.add_column("ticket", sa.Column("lane", sa.String(), nullable=False, server_default="ordinary"))
    op.add_column("ticket", sa.Column("returns", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("ticket", sa.Column("held_until", sa.BigInteger(), nullable=True))
    op.add_column("ticket", sa.Column("services_left", sa.String(), nullable=False, server_default="[]"))
    op.execute("UPDATE ticket SET line = 's:' || service")
    op.execute("UPDATE ticket SET lane = 'priority' WHERE priority <> 'ordinary'")
    op.drop_index("ticket_waiting", "ticket")
    _index("ticket_waiting", ["day", "line", "lane", "rank_at", "serial"], _WAITING)
    _index("ticket_waiting_rank", ["day", "rank_at", "serial", "service"], _WAITING)
    _index("ticket_held", ["day"], _HELD)


def _index(name: str, columns: list[str], where: sa.TextClause) -> None:
    op.create_index(name, "ticket", columns, sqlite_where=where, postgresql_where=where)
