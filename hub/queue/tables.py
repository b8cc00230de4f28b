"""Rows of the queue. Times are UTC microseconds, days ISO text in the hall's zone, texts by language JSON.

What must never happen is refused by the database itself: a number twice, two open visits at a counter,
one ticket in two open visits.
"""

from sqlalchemy import BigInteger, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel


class HallRow(SQLModel, table=True):
    """The hall; one row."""

    __tablename__ = "hall"

    id: int = Field(primary_key=True)
    name: str
    name_en: str
    time_zone: str
    language: str
    hours: str


class ZoneRow(SQLModel, table=True):
    """区域/楼层"""

    __tablename__ = "zone"

    code: str = Field(primary_key=True)
    names: str
    position: int


class ServiceRow(SQLModel, table=True):
    """业务/事项. One with children is a heading and gives no tickets."""

    __tablename__ = "service"

    code: str = Field(primary_key=True)
    names: str
    prefix: str
    parent: str | None = Field(default=None, foreign_key="service.code")
    department: str = ""
    documents: str = "[]"
    estimate_minutes: float
    position: int


class CounterRow(SQLModel, table=True):
    """窗口. `status` is what its people decided; calling and serving follow from the open visit.

    `clerk` is who sits there: one clerk at one counter. `second_after_minutes` is the wait after which second choices
    compete with first ones (empty: only when nobody waits for a first choice). `ordinary_run` counts ordinary calls
    since the last priority call, for proportional calling.
    """

    __tablename__ = "counter"
    __table_args__ = (Index("counter_clerk_once", "clerk", unique=True),)

    code: str = Field(primary_key=True)
    label: str
    zone: str | None = Field(default=None, foreign_key="zone.code")
    department: str = ""
    status: str = "closed"
    evaluator_levels: str
    position: int
    clerk: str | None = None
    second_after_minutes: float | None = None
    ordinary_run: int = 0
    away_reason: str | None = None
    back_at: int | None = Field(default=None, sa_type=BigInteger)
    stand_in: str | None = None


class CounterServiceRow(SQLModel, table=True):
    """Which services a counter can serve as first or second choice, and which of them it serves now."""

    __tablename__ = "counter_service"

    counter: str = Field(primary_key=True, foreign_key="counter.code")
    service: str = Field(primary_key=True, foreign_key="service.code")
    active: bool = True
    position: int
    choice: int = 1


class PriorityRow(SQLModel, table=True):
    """优先级 and its head start in the queue."""

    __tablename__ = "priority"

    name: str = Field(primary_key=True)
    names: str
    head_start_minutes: float
    position: int
    at_kiosk: bool = False


class SeriesRow(SQLModel, table=True):
    """Gives the numbers of a prefix on a day. `last_at` keeps places in order when the clock jumps back."""

    __tablename__ = "series"

    hall: int = Field(primary_key=True, foreign_key="hall.id")
    day: str = Field(primary_key=True)
    prefix: str = Field(primary_key=True)
    last: int
    last_at: int = Field(sa_type=BigInteger)


class TicketRow(SQLModel, table=True):
    """号票. `visit` and `counter` are those of its last call.

    A waiting ticket stands in a line: `s:<service>`, or after a transfer `c:<counter>` or `p:<clerk>`. Its lane
    (`ordinary`, `priority`) matters to proportional calling. `services_left` is a JSON list of service codes.
    """

    __tablename__ = "ticket"
    __table_args__ = (
        UniqueConstraint("hall", "day", "prefix", "serial", name="ticket_number_once"),
        # the head of each line and lane is its first entry
        Index(
            "ticket_waiting",
            "day",
            "line",
            "lane",
            "rank_at",
            "serial",
            sqlite_where=text("state = 'waiting'"),
            postgresql_where=text("state = 'waiting'"),
        ),
        # in calling order over all lines; counting who waits reads nothing else
        Index(
            "ticket_waiting_rank",
            "day",
            "rank_at",
            "serial",
            "service",
            sqlite_where=text("state = 'waiting'"),
            postgresql_where=text("state = 'waiting'"),
        ),
        Index(
            "ticket_held",
            "day",
            sqlite_where=text("state = 'held'"),
            postgresql_where=text("state = 'held'"),
        ),
        Index("ticket_day", "day"),
    )

    id: str = Field(primary_key=True)
    hall: int = Field(foreign_key="hall.id")
    day: str
    prefix: str
    serial: int
    number: str
    service: str = Field(foreign_key="service.code")
    priority: str
    channel: str
    language: str
    state: str
    rank_at: int = Field(sa_type=BigInteger)
    issued_at: int = Field(sa_type=BigInteger)
    issued_by: str
    status_token: str = Field(unique=True)
    counter: str | None = Field(default=None, foreign_key="counter.code")
    visit: str | None = None
    called_at: int | None = Field(default=None, sa_type=BigInteger)
    started_at: int | None = Field(default=None, sa_type=BigInteger)
    finished_at: int | None = Field(default=None, sa_type=BigInteger)
    paper: str = ""
    line: str
    lane: str = "ordinary"
    returns: int = 0
    held_until: int | None = Field(default=None, sa_type=BigInteger)
    services_left: str = "[]"


class VisitRow(SQLModel, table=True):
    """办理: one ticket at one counter from call to finish; open while `outcome` is empty.

    `clerk` is who sat at the counter. `announced` counts calls and recalls, the last of them at `announced_at`; 0 for
    a visit that resumed without a call. `how` says which rule brought the ticket (`next`, `second_choice`,
    `proportional`, `chosen`, `resumed`), `reason` why a person chose it.
    """

    __tablename__ = "visit"
    __table_args__ = (
        Index(
            "visit_open_at_counter",
            "counter",
            unique=True,
            sqlite_where=text("outcome IS NULL"),
            postgresql_where=text("outcome IS NULL"),
        ),
        Index(
            "visit_open_of_ticket",
            "ticket",
            unique=True,
            sqlite_where=text("outcome IS NULL"),
            postgresql_where=text("outcome IS NULL"),
        ),
        Index("visit_finished_day", "finished_day"),
        Index("visit_service_finished", "service", "finished_at"),
        Index("visit_service_called", "service", "called_at"),
        Index("visit_called", "called_at"),
    )

    id: str = Field(primary_key=True)
    ticket: str = Field(foreign_key="ticket.id", index=True)
    counter: str = Field(foreign_key="counter.code")
    service: str = Field(foreign_key="service.code")
    clerk: str
    called_at: int = Field(sa_type=BigInteger)
    announced: int = 1
    started_at: int | None = Field(default=None, sa_type=BigInteger)
    finished_at: int | None = Field(default=None, sa_type=BigInteger)
    finished_day: str | None = None
    outcome: str | None = None
    result: str | None = None
    case_no: str | None = None
    announced_at: int | None = Field(default=None, sa_type=BigInteger)
    how: str = "next"
    reason: str | None = None


class CallRow(SQLModel, table=True):
    """An announcement 呼叫: made by a call or a recall, shown until it expires."""

    __tablename__ = "call"

    id: str = Field(primary_key=True)
    visit: str = Field(foreign_key="visit.id")
    number: str
    counter: str
    at: int = Field(sa_type=BigInteger)
    times: int
    expires_at: int = Field(sa_type=BigInteger, index=True)
