"""Rows of the figures: finished days kept as sums, and the visits of years before the hall had this system.

A day is kept twice: once by counter, service, department and clerk (`hour` −1), once by hour, service and department.
"""

from sqlalchemy import BigInteger, Index, LargeBinary
from sqlmodel import Field, SQLModel


class FigureDayRow(SQLModel, table=True):
    """A hall day with something in it; `built_at` is empty while its sums are missing or older than its visits."""

    __tablename__ = "figure_day"

    day: str = Field(primary_key=True)
    built_at: int | None = Field(default=None, sa_type=BigInteger)


class FigureHeadRow(SQLModel, table=True):
    """The one row that says up to which journal entry the days were looked through."""

    __tablename__ = "figure_head"

    id: int = Field(primary_key=True)
    seq: int = Field(sa_type=BigInteger)


class _Group(SQLModel):
    """Whose sums. `counter` and `clerk` are empty in the rows by hour."""

    hour: int = Field(primary_key=True)
    day: str = Field(primary_key=True)
    counter: str = Field(primary_key=True)
    service: str = Field(primary_key=True)
    department: str = Field(primary_key=True)
    clerk: str = Field(primary_key=True)


class FigureAnswersRow(_Group, table=True):
    """Finished visits of the day and what citizens said; `levels` and `other` are JSON lists from best to worst."""

    __tablename__ = "figure_answers"

    finished: int
    defaulted: int
    typed: int
    levels: str
    other: str
    answer_s: bytes = Field(sa_type=LargeBinary)
    reasons: str


class FigureWaitsRow(_Group, table=True):
    """Called tickets of the day; the seconds are packed (hub.figures.seconds)."""

    __tablename__ = "figure_waits"

    no_shows: int
    wait_s: bytes = Field(sa_type=LargeBinary)
    walk_s: bytes = Field(sa_type=LargeBinary)
    service_s: bytes = Field(sa_type=LargeBinary)


class FigureArrivalsRow(_Group, table=True):
    """Tickets of the day by what became of them; by hour, service and department only."""

    __tablename__ = "figure_arrivals"

    issued: int
    called: int
    cancelled: int
    expired: int


class FigureDeskRow(_Group, table=True):
    """How long a counter was open, paused and busy, by clerk; without a service."""

    __tablename__ = "figure_desk"

    open_s: int
    away_s: int
    pauses: int
    visits: int
    busy_s: int


class PastVisitRow(SQLModel, table=True):
    """A visit brought by `hall import visits`: flat, beside the living tickets, so that the queue stays small.

    `imported` names the import; its visits count once it is published (hub.staff.tables.SEEN). `day` is the hall day
    of issue, `person` a keyed hash.
    """

    __tablename__ = "past_visit"
    __table_args__ = (
        Index("past_visit_day", "day"),
        Index("past_visit_finished_day", "finished_day"),
        Index("past_visit_imported", "imported"),
    )

    id: str = Field(primary_key=True)
    """Issue, call and number together: the same visit cannot be taken twice, not even by another import."""
    imported: str
    number: str
    service: str
    department: str
    counter: str
    clerk: str
    priority: str = ""
    channel: str
    day: str
    issued_at: int = Field(sa_type=BigInteger)
    called_at: int | None = Field(default=None, sa_type=BigInteger)
    started_at: int | None = Field(default=None, sa_type=BigInteger)
    finished_at: int | None = Field(default=None, sa_type=BigInteger)
    finished_day: str | None = None
    outcome: str
    purpose: str = ""
    person: str | None = None
    appointment_at: int | None = Field(default=None, sa_type=BigInteger)
    case_no: str | None = None
    level: str | None = None
    level_source: str | None = None
    reasons: str = "[]"
    made_at: int = Field(sa_type=BigInteger)
    made_by: str
