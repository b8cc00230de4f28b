"""The first hall: queue, visits, evaluations, journal, tokens.

Revision ID: 0001
Revises:
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "hall",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("name_en", sa.String(), nullable=False),
        sa.Column("time_zone", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("hours", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "idempotency",
        sa.Column("scope", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("body_hash", sa.String(), nullable=False),
        sa.Column("answer", sa.String(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("scope", "key"),
    )
    with op.batch_alter_table("idempotency", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_idempotency_at"), ["at"], unique=False)

    op.create_table(
        "journal",
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("who", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("ticket", sa.String(), nullable=True),
        sa.Column("visit", sa.String(), nullable=True),
        sa.Column("counter", sa.String(), nullable=True),
        sa.Column("service", sa.String(), nullable=True),
        sa.Column("data", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("seq"),
    )
    op.create_table(
        "journal_head",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "priority",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("names", sa.String(), nullable=False),
        sa.Column("head_start_minutes", sa.Float(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_table(
        "service",
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("names", sa.String(), nullable=False),
        sa.Column("prefix", sa.String(), nullable=False),
        sa.Column("parent", sa.String(), nullable=True),
        sa.Column("department", sa.String(), nullable=False),
        sa.Column("documents", sa.String(), nullable=False),
        sa.Column("estimate_minutes", sa.Float(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["parent"],
            ["service.code"],
        ),
        sa.PrimaryKeyConstraint("code"),
    )
    op.create_table(
        "zone",
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("names", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("code"),
    )
    op.create_table(
        "counter",
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("zone", sa.String(), nullable=True),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("evaluator_levels", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["zone"],
            ["zone.code"],
        ),
        sa.PrimaryKeyConstraint("code"),
    )
    op.create_table(
        "series",
        sa.Column("hall", sa.Integer(), nullable=False),
        sa.Column("day", sa.String(), nullable=False),
        sa.Column("prefix", sa.String(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.Column("last_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["hall"],
            ["hall.id"],
        ),
        sa.PrimaryKeyConstraint("hall", "day", "prefix"),
    )
    op.create_table(
        "counter_service",
        sa.Column("counter", sa.String(), nullable=False),
        sa.Column("service", sa.String(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["counter"],
            ["counter.code"],
        ),
        sa.ForeignKeyConstraint(
            ["service"],
            ["service.code"],
        ),
        sa.PrimaryKeyConstraint("counter", "service"),
    )
    op.create_table(
        "ticket",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("hall", sa.Integer(), nullable=False),
        sa.Column("day", sa.String(), nullable=False),
        sa.Column("prefix", sa.String(), nullable=False),
        sa.Column("serial", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("service", sa.String(), nullable=False),
        sa.Column("priority", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("rank_at", sa.BigInteger(), nullable=False),
        sa.Column("issued_at", sa.BigInteger(), nullable=False),
        sa.Column("issued_by", sa.String(), nullable=False),
        sa.Column("status_token", sa.String(), nullable=False),
        sa.Column("counter", sa.String(), nullable=True),
        sa.Column("visit", sa.String(), nullable=True),
        sa.Column("called_at", sa.BigInteger(), nullable=True),
        sa.Column("started_at", sa.BigInteger(), nullable=True),
        sa.Column("finished_at", sa.BigInteger(), nullable=True),
        sa.Column("paper", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["counter"],
            ["counter.code"],
        ),
        sa.ForeignKeyConstraint(
            ["hall"],
            ["hall.id"],
        ),
        sa.ForeignKeyConstraint(
            ["service"],
            ["service.code"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("hall", "day", "prefix", "serial", name="ticket_number_once"),
        sa.UniqueConstraint("status_token"),
    )
    with op.batch_alter_table("ticket", schema=None) as batch_op:
        batch_op.create_index("ticket_day", ["day"], unique=False)
        batch_op.create_index(
            "ticket_waiting",
            ["day", "service", "rank_at", "serial"],
            unique=False,
            sqlite_where=sa.text("state = 'waiting'"),
            postgresql_where=sa.text("state = 'waiting'"),
        )

    op.create_table(
        "token",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("counter", sa.String(), nullable=True),
        sa.Column("hash", sa.String(), nullable=False),
        sa.Column("added_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["counter"],
            ["counter.code"],
        ),
        sa.PrimaryKeyConstraint("name"),
        sa.UniqueConstraint("hash"),
    )
    op.create_table(
        "visit",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("ticket", sa.String(), nullable=False),
        sa.Column("counter", sa.String(), nullable=False),
        sa.Column("service", sa.String(), nullable=False),
        sa.Column("clerk", sa.String(), nullable=False),
        sa.Column("called_at", sa.BigInteger(), nullable=False),
        sa.Column("announced", sa.Integer(), nullable=False),
        sa.Column("started_at", sa.BigInteger(), nullable=True),
        sa.Column("finished_at", sa.BigInteger(), nullable=True),
        sa.Column("finished_day", sa.String(), nullable=True),
        sa.Column("outcome", sa.String(), nullable=True),
        sa.Column("result", sa.String(), nullable=True),
        sa.Column("case_no", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["counter"],
            ["counter.code"],
        ),
        sa.ForeignKeyConstraint(
            ["service"],
            ["service.code"],
        ),
        sa.ForeignKeyConstraint(
            ["ticket"],
            ["ticket.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("visit", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_visit_ticket"), ["ticket"], unique=False)
        batch_op.create_index("visit_called", ["called_at"], unique=False)
        batch_op.create_index("visit_finished_day", ["finished_day"], unique=False)
        batch_op.create_index(
            "visit_open_at_counter",
            ["counter"],
            unique=True,
            sqlite_where=sa.text("outcome IS NULL"),
            postgresql_where=sa.text("outcome IS NULL"),
        )
        batch_op.create_index(
            "visit_open_of_ticket",
            ["ticket"],
            unique=True,
            sqlite_where=sa.text("outcome IS NULL"),
            postgresql_where=sa.text("outcome IS NULL"),
        )
        batch_op.create_index("visit_service_called", ["service", "called_at"], unique=False)
        batch_op.create_index("visit_service_finished", ["service", "finished_at"], unique=False)

    op.create_table(
        "call",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("visit", sa.String(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("counter", sa.String(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["visit"],
            ["visit.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("call", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_call_expires_at"), ["expires_at"], unique=False)

    op.create_table(
        "evaluation",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("visit", sa.String(), nullable=False),
        sa.Column("level", sa.String(), nullable=False),
        sa.Column("reasons", sa.String(), nullable=False),
        sa.Column("comment", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("pressed_at", sa.BigInteger(), nullable=True),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("taken_by", sa.String(), nullable=False),
        sa.Column("request_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["visit"],
            ["visit.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("request_id"),
        sa.UniqueConstraint("visit"),
    )
    op.create_table(
        "invitation",
        sa.Column("visit", sa.String(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["visit"],
            ["visit.id"],
        ),
        sa.PrimaryKeyConstraint("visit"),
    )
    op.execute("INSERT INTO journal_head (id, seq) VALUES (1, 0)")


def downgrade() -> None:
    op.drop_table("invitation")
    op.drop_table("evaluation")
    with op.batch_alter_table("call", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_call_expires_at"))

    op.drop_table("call")
    with op.batch_alter_table("visit", schema=None) as batch_op:
        batch_op.drop_index("visit_service_finished")
        batch_op.drop_index("visit_service_called")
        batch_op.drop_index(
            "visit_open_of_ticket", sqlite_where=sa.text("outcome IS NULL"), postgresql_where=sa.text("outcome IS NULL")
        )
        batch_op.drop_index(
            "visit_open_at_counter",
            sqlite_where=sa.text("outcome IS NULL"),
            postgresql_where=sa.text("outcome IS NULL"),
        )
        batch_op.drop_index("visit_finished_day")
        batch_op.drop_index("visit_called")
        batch_op.drop_index(batch_op.f("ix_visit_ticket"))

    op.drop_table("visit")
    op.drop_table("token")
    with op.batch_alter_table("ticket", schema=None) as batch_op:
        batch_op.drop_index(
            "ticket_waiting", sqlite_where=sa.text("state = 'waiting'"), postgresql_where=sa.text("state = 'waiting'")
        )
        batch_op.drop_index("ticket_day")

    op.drop_table("ticket")
    op.drop_table("counter_service")
    op.drop_table("series")
    op.drop_table("counter")
    op.drop_table("zone")
    op.drop_table("service")
    op.drop_table("priority")
    op.drop_table("journal_head")
    op.drop_table("journal")
    with op.batch_alter_table("idempotency", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_idempotency_at"))

    op.drop_table("idempotency")
    op.drop_table("hall")
