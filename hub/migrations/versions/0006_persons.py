"""Personal data of tickets: hashed, sealed, deleted when the retention ends.

Revision ID: 0006
Revises: 0005
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "person",
        sa.Column("ticket", sa.String(), nullable=False),
        sa.Column("id_hash", sa.String(), nullable=True),
        sa.Column("id_tail", sa.String(), nullable=True),
        sa.Column("phone_sealed", sa.String(), nullable=True),
        sa.Column("phone_tail", sa.String(), nullable=True),
        sa.Column("kept_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("ticket"),
        sa.ForeignKeyConstraint(["ticket"], ["ticket.id"]),
    )
    op.create_index("ix_person_id_hash", "person", ["id_hash"])
    op.create_index("ix_person_kept_at", "person", ["kept_at"])
