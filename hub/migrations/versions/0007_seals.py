"""The journal's hash chain and its seals, which the database refuses to change or delete; when backups were made.

A later migration that rebuilds `journal` or `seal` on SQLite (batch_alter_table) loses their triggers and must make
them again: `append_only` does.

Revision ID: 0007
Revises: 0006
"""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op

from hub.chain import COLUMNS, GENESIS, entry_hash

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

AT_ONCE = 5000


def upgrade() -> None:
    for table in ("journal", "journal_head"):
        op.add_column(table, sa.Column("hash", sa.String(), nullable=False, server_default=""))
    op.create_table(
        "seal",
        sa.Column("first_seq", sa.BigInteger(), nullable=False),
        sa.Column("last_seq", sa.BigInteger(), nullable=False),
        sa.Column("day", sa.String(), nullable=False),
        sa.Column("count", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.Column("mac", sa.String(), nullable=False),
        sa.Column("sealed_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("first_seq"),
    )
    op.create_table(
        "backup",
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("file", sa.String(), nullable=False),
        sa.Column("last_seq", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("at"),
    )
    _chain_what_is_there(op.get_bind())
    append_only("journal")
    append_only("seal")


def _chain_what_is_there(connection: sa.Connection) -> None:
    """Entries of an older database get the hashes that they would have had."""
    select = sa.text(f"SELECT {', '.join(COLUMNS)} FROM journal WHERE seq > :seq ORDER BY seq LIMIT :most")
    update = sa.text("UPDATE journal SET hash = :hash WHERE seq = :seq")
    seq, before = 0, GENESIS
    while rows := connection.execute(select, {"seq": seq, "most": AT_ONCE}).fetchall():
        hashed = _hashed(before, rows)
        connection.execute(update, hashed)
        seq, before = hashed[-1]["seq"], hashed[-1]["hash"]
    connection.execute(sa.text("UPDATE journal_head SET hash = :hash WHERE id = 1"), {"hash": before})


def _hashed(before: str, rows: Sequence[Sequence[Any]]) -> list[dict[str, Any]]:
    hashed = []
    for row in rows:
        before = entry_hash(before, tuple(row))
        hashed.append({"seq": row[0], "hash": before})
    return hashed


def append_only(table: str) -> None:
    """Triggers that refuse UPDATE, DELETE and TRUNCATE."""
    statements = _POSTGRESQL if op.get_bind().dialect.name == "postgresql" else _SQLITE
    for statement in statements:
        op.execute(statement.format(table=table))


_SQLITE = (
    "CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table}"
    " BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END",
    "CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table}"
    " BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END",
)
_POSTGRESQL = (
    "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS"
    " $$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';"
    " END $$",
    "CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION refuse_change()",
    "CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()",
)
