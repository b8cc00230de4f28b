"""Rows of the calendar. Days are ISO text in the hall's zone, hours and texts by language JSON."""

from sqlalchemy import BigInteger, Index, text
from sqlmodel import Field, SQLModel


class CalendarVersionRow(SQLModel, table=True):
    """A version of the calendar, never changed afterwards; one of them is active. `years` are those it knows."""

    __tablename__ = "calendar_version"
    __table_args__ = (
        Index(
            "calendar_version_active",
            "active",
            unique=True,
            sqlite_where=text("active"),
            postgresql_where=text("active"),
        ),
    )

    number: int = Field(primary_key=True)
    made_at: int = Field(sa_type=BigInteger)
    made_by: str
    source: str
    years: str
    active: bool


class CalendarDateRow(SQLModel, table=True):
    """A day that is not what its weekday says, in one version."""

    __tablename__ = "calendar_date"

    version: int = Field(primary_key=True, foreign_key="calendar_version.number")
    day: str = Field(primary_key=True)
    kind: str
    name: str
    year: int


class SpecialDayRow(SQLModel, table=True):
    """特殊安排: own hours from day to day inclusive."""

    __tablename__ = "special_day"

    position: int = Field(primary_key=True)
    first: str
    last: str
    names: str
    hours: str
    services: str


class ServiceOpeningRow(SQLModel, table=True):
    """A service's own hours (`{}` = the hall's), cut-off and quota bands; only for services that have any."""

    __tablename__ = "service_opening"

    service: str = Field(primary_key=True, foreign_key="service.code")
    hours: str
    cut_off_minutes: int
    quota: str


class QuotaTakenRow(SQLModel, table=True):
    """Numbers ever taken in a band of a day; the statement that counts up is what keeps the quota."""

    __tablename__ = "quota_taken"

    day: str = Field(primary_key=True)
    service: str = Field(primary_key=True, foreign_key="service.code")
    band: str = Field(primary_key=True)
    taken: int


class QuotaReturnedRow(SQLModel, table=True):
    """A cancelled ticket whose number another may take."""

    __tablename__ = "quota_returned"
    __table_args__ = (Index("quota_returned_band", "day", "service", "band"),)

    ticket: str = Field(primary_key=True, foreign_key="ticket.id")
    service: str = Field(primary_key=True)
    day: str
    band: str


class RotaRow(SQLModel, table=True):
    """综合窗口轮值 of a counter. `applied` is the week whose services the counter was last given."""

    __tablename__ = "rota"

    counter: str = Field(primary_key=True, foreign_key="counter.code")
    first_week: str
    weeks: str
    overrides: str
    applied: str = ""
