"""Spells of devices, alerts, and what is still to be told to the webhook."""

from sqlalchemy import BigInteger, Index, text
from sqlmodel import Field, SQLModel


class DeviceSpellRow(SQLModel, table=True):
    """A device was in one state for a while; `ended_at` is empty while it is. Instants are UTC microseconds.

    `heard_by` is the hub process that its station is or was connected to.
    """

    __tablename__ = "device_spell"
    __table_args__ = (
        Index(
            "device_spell_now",
            "station",
            "device",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
        Index("device_spell_begun", "begun_at"),
    )

    id: str = Field(primary_key=True)
    station: str
    role: str
    device: str
    model: str
    state: str
    code: str
    detail: str
    begun_at: int = Field(sa_type=BigInteger)
    ended_at: int | None = Field(default=None, sa_type=BigInteger)
    heard_by: str


class DeviceHubRow(SQLModel, table=True):
    """A hub process that watches devices; who is not seen for long has ended, and nobody hears its stations."""

    __tablename__ = "device_hub"

    epoch: str = Field(primary_key=True)
    seen_at: int = Field(sa_type=BigInteger)


class AlertRow(SQLModel, table=True):
    """Somebody was told that a device fails; one at a time by rule and device. `roles` are joined by `|`."""

    __tablename__ = "alert"
    __table_args__ = (
        Index(
            "alert_standing",
            "rule",
            "station",
            "device",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
        Index("alert_raised", "raised_at"),
    )

    id: str = Field(primary_key=True)
    rule: str
    roles: str
    station: str
    device: str
    state: str
    code: str
    detail: str
    since: int = Field(sa_type=BigInteger)
    raised_at: int = Field(sa_type=BigInteger)
    acknowledged_by: str | None = None
    acknowledged_at: int | None = Field(default=None, sa_type=BigInteger)
    ended_at: int | None = Field(default=None, sa_type=BigInteger)


class AlertLetterRow(SQLModel, table=True):
    """Something the webhook has to hear; deleted when it has. `next_at` is empty once it was given up."""

    __tablename__ = "alert_letter"

    id: str = Field(primary_key=True)
    body: str
    tries: int = 0
    made_at: int = Field(sa_type=BigInteger)
    next_at: int | None = Field(default=None, sa_type=BigInteger, index=True)
