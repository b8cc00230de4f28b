"""Rows of the assessment. Columns of a finding are named as in its CSV; instants are UTC microseconds, days ISO text.

What must never happen is refused by the database: a lead proposed twice, a period closed twice at a time, two open
appeals against one finding.
"""

from sqlalchemy import BigInteger, Index, text
from sqlmodel import Field, SQLModel


class FindingRow(SQLModel, table=True):
    """扣分/加分事件. `state` is proposed, confirmed or dismissed; only confirmed ones count.

    `day` is the hall day of `at`; `points` exact decimal text for one of `quantity`; `lead` is the system's own key of
    what it saw, so that it proposes it once; `imported` as in hub.staff.tables (read only rows that are SEEN).
    """

    __tablename__ = "finding"
    __table_args__ = (Index("finding_scheme_day", "scheme", "day"), Index("finding_lead_once", "lead", unique=True))

    id: str = Field(primary_key=True)
    scheme: str
    item: str
    at: int = Field(sa_type=BigInteger)
    day: str
    department: str = ""
    counter: str | None = None
    clerk: str | None = None
    effect: str
    points: str | None = None
    quantity: int = 1
    event: str | None = None
    compare_to: str | None = None
    note: str | None = None
    state: str
    lead: str | None = None
    imported: str | None = None
    made_at: int = Field(sa_type=BigInteger)
    made_by: str
    decided_at: int | None = Field(default=None, sa_type=BigInteger)
    decided_by: str | None = None
    reason: str | None = None


class AppealRow(SQLModel, table=True):
    """申诉 against a confirmed finding, reviewed 复核 by another person. `outcome` is empty while it is open."""

    __tablename__ = "finding_appeal"
    __table_args__ = (
        Index(
            "finding_appeal_open",
            "finding",
            unique=True,
            sqlite_where=text("outcome IS NULL"),
            postgresql_where=text("outcome IS NULL"),
        ),
    )

    id: str = Field(primary_key=True)
    finding: str = Field(foreign_key="finding.id", index=True)
    grounds: str
    made_at: int = Field(sa_type=BigInteger)
    made_by: str
    outcome: str | None = None
    reason: str | None = None
    reviewed_at: int | None = Field(default=None, sa_type=BigInteger)
    reviewed_by: str | None = None


class EvidenceRow(SQLModel, table=True):
    """佐证材料: a file beside the database under its SHA-256."""

    __tablename__ = "finding_evidence"

    finding: str = Field(primary_key=True, foreign_key="finding.id")
    sha256: str = Field(primary_key=True)
    name: str
    media_type: str
    bytes: int
    made_at: int = Field(sa_type=BigInteger)
    made_by: str


class ClosingRow(SQLModel, table=True):
    """A closed period: its result as JSON text with its SHA-256. Reopened ones stay, with who and why."""

    __tablename__ = "period_closing"
    __table_args__ = (
        Index(
            "period_closing_once",
            "scheme",
            "period",
            unique=True,
            sqlite_where=text("reopened_at IS NULL"),
            postgresql_where=text("reopened_at IS NULL"),
        ),
    )

    id: str = Field(primary_key=True)
    scheme: str
    period: str
    first: str
    last: str
    document: str
    sha256: str
    closed_at: int = Field(sa_type=BigInteger)
    closed_by: str
    reopened_at: int | None = Field(default=None, sa_type=BigInteger)
    reopened_by: str | None = None
    reason: str | None = None


class SchemeReadingRow(SQLModel, table=True):
    """How the hall reads a scheme where that differs from its default."""

    __tablename__ = "scheme_reading"

    scheme: str = Field(primary_key=True)
    name: str = Field(primary_key=True)
    value: str
    made_at: int = Field(sa_type=BigInteger)
    made_by: str


class UnitClassRow(SQLModel, table=True):
    """“双目标” class of a unit in a year: shown beside its score, never part of it."""

    __tablename__ = "unit_class"

    scheme: str = Field(primary_key=True)
    year: int = Field(primary_key=True)
    unit: str = Field(primary_key=True)
    class_code: str
    made_at: int = Field(sa_type=BigInteger)
    made_by: str
