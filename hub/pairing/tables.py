"""Requests of stations that want to be let in, and codes that were entered wrongly."""

from sqlalchemy import BigInteger
from sqlmodel import Field, SQLModel


class PairingRow(SQLModel, table=True):
    """One request. `state` is open, confirmed or refused; expired is a matter of `expires_at` (UTC microseconds).

    The code is one for all time that the row is kept, and a key is asked for once at a time.
    """

    __tablename__ = "pairing"

    key_hash: str = Field(primary_key=True)
    code: str = Field(unique=True)
    request: str = Field(unique=True)
    role: str
    station: str
    counter: str | None = None
    address: str
    state: str
    asked_at: int = Field(sa_type=BigInteger, index=True)
    expires_at: int = Field(sa_type=BigInteger)


class PairingMissRow(SQLModel, table=True):
    """A code that did not exist when somebody confirmed it."""

    __tablename__ = "pairing_miss"

    id: str = Field(primary_key=True)
    who: str = Field(index=True)
    at: int = Field(sa_type=BigInteger, index=True)
