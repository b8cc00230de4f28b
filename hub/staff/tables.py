"""Rows of the staff's registers. Columns are named as in their CSV; days are ISO text, instants UTC microseconds.

`imported` names the import that brought a row (none: entered here); rows of an import count once it is published:
every reader asks `WHERE SEEN`. `person` is a keyed hash.
"""

from sqlalchemy import BigInteger, Index
from sqlmodel import Field, SQLModel

#: The condition under which a row counts.
SEEN = "(imported IS NULL OR imported IN (SELECT id FROM import_run WHERE published))"


class ImportRunRow(SQLModel, table=True):
    """One `hall import`. Its rows come in pieces and are seen from the moment `published` is set."""

    __tablename__ = "import_run"

    id: str = Field(primary_key=True)
    kind: str
    file: str
    sha256: str
    rows: int
    loaded: int = 0
    published: bool = False
    begun_at: int = Field(sa_type=BigInteger)
    touched_at: int = Field(sa_type=BigInteger)
    begun_by: str


class DepartmentRow(SQLModel, table=True):
    """部门. `historical` came with imported history and is not asked for on the floor."""

    __tablename__ = "department"

    code: str = Field(primary_key=True)
    name: str
    historical: bool = False


class HistoricRow(SQLModel, table=True):
    """A `counter`, `service` or `clerk` that only imported history knows."""

    __tablename__ = "historic"

    kind: str = Field(primary_key=True)
    code: str = Field(primary_key=True)
    department: str = ""


class StaffRow(SQLModel, table=True):
    """窗口人员: where a clerk works from `valid_from` to `valid_to` inclusive (empty: still).

    `established` 在编, `chief_representative` 首席代表.
    """

    __tablename__ = "staff"

    clerk: str = Field(primary_key=True)
    valid_from: str = Field(primary_key=True)
    valid_to: str | None = None
    department: str = Field(index=True)
    counter: str
    rank: str = ""
    established: bool | None = None
    chief_representative: bool | None = None
    imported: str | None = None
    made_at: int = Field(sa_type=BigInteger)
    made_by: str


class PostRow(SQLModel, table=True):
    """岗位 with its A岗 `clerk` and B岗 `stand_ins` in order, joined by `|` (empty: nobody is named)."""

    __tablename__ = "post"

    post: str = Field(primary_key=True)
    valid_from: str = Field(primary_key=True)
    valid_to: str | None = None
    department: str = Field(index=True)
    counter: str
    clerk: str
    stand_ins: str = ""
    imported: str | None = None
    made_at: int = Field(sa_type=BigInteger)
    made_by: str


class AttendanceRow(SQLModel, table=True):
    """考勤: what was recorded (`late early off_post absent`); hub.staff.attendance says what it amounts to."""

    __tablename__ = "attendance"
    __table_args__ = (Index("attendance_date", "date"),)

    clerk: str = Field(primary_key=True)
    date: str = Field(primary_key=True)
    session: str = Field(primary_key=True)
    kind: str = Field(primary_key=True)
    department: str
    counter: str | None = None
    minutes: int
    excused: str = "none"
    stand_in: str | None = None
    whereabouts: str | None = None
    imported: str | None = None
    made_at: int = Field(sa_type=BigInteger)
    made_by: str


class CounterStateRow(SQLModel, table=True):
    """What a counter was from `state_from` until `state_to`."""

    __tablename__ = "counter_state"

    counter: str = Field(primary_key=True)
    state_from: int = Field(primary_key=True, sa_type=BigInteger)
    state_to: int = Field(sa_type=BigInteger)
    state: str
    reason: str | None = None
    back_at: int | None = Field(default=None, sa_type=BigInteger)
    stand_in: str | None = None
    imported: str | None = None
    made_at: int = Field(sa_type=BigInteger)
    made_by: str


class LeaderVisitRow(SQLModel, table=True):
    """领导到窗口: `rank` is `principal` 主要领导 or `in_charge` 分管领导."""

    __tablename__ = "leader_visit"

    at: int = Field(primary_key=True, sa_type=BigInteger)
    department: str = Field(primary_key=True)
    person: str = Field(primary_key=True)
    rank: str
    imported: str | None = None
    made_at: int = Field(sa_type=BigInteger)
    made_by: str


class BallotRow(SQLModel, table=True):
    """民主测评: what one ballot gives one target (a counter or a clerk), 0–100."""

    __tablename__ = "ballot"

    year: int = Field(primary_key=True)
    ballot_no: str = Field(primary_key=True)
    kind: str = Field(primary_key=True)
    target: str = Field(primary_key=True)
    voter_group: str
    score: str
    imported: str | None = None
    made_at: int = Field(sa_type=BigInteger)
    made_by: str


class SelfCheckRow(SQLModel, table=True):
    """自查自评 of a counter in a month (`2026-03`). `score` is exact decimal text."""

    __tablename__ = "self_check"

    month: str = Field(primary_key=True)
    counter: str = Field(primary_key=True)
    score: str
    by: str
    submitted_at: int = Field(sa_type=BigInteger)
    imported: str | None = None
    made_at: int = Field(sa_type=BigInteger)
    made_by: str
