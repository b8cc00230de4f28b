"""Rows of the notices."""

from sqlalchemy import BigInteger
from sqlmodel import Field, SQLModel


class HallNoticeRow(SQLModel, table=True):
    """公告 of the hall's screens. Lines of one `source` stand and are withdrawn together, in the order of `place`."""

    __tablename__ = "hall_notice"

    id: str = Field(primary_key=True)
    source: str = Field(index=True)
    place: int
    text: str
    made_at: int = Field(sa_type=BigInteger)
    made_by: str
    withdrawn_at: int | None = Field(default=None, sa_type=BigInteger)
    withdrawn_by: str | None = None
