"""Rows of the evaluations. One invitation and at most one evaluation a visit, held by constraints."""

from sqlalchemy import BigInteger
from sqlmodel import Field, SQLModel


class InvitationRow(SQLModel, table=True):
    """The question to the citizen, opened when a visit finishes."""

    __tablename__ = "invitation"

    visit: str = Field(primary_key=True, foreign_key="visit.id")
    at: int = Field(sa_type=BigInteger)


class EvaluationRow(SQLModel, table=True):
    """评价. `source` is `citizen` for a person's own act; `default` and `typed` never enter the satisfaction rate."""

    __tablename__ = "evaluation"

    id: str = Field(primary_key=True)
    visit: str = Field(unique=True, foreign_key="visit.id")
    level: str
    reasons: str = "[]"
    comment: str = ""
    channel: str
    source: str
    pressed_at: int | None = Field(default=None, sa_type=BigInteger)
    at: int = Field(sa_type=BigInteger)
    taken_by: str
    request_id: str = Field(unique=True)
