"""Rows of the people who work here. Times are UTC microseconds of real time, whatever clock the hall runs on.

What must never happen is refused by the database: two sessions at one counter.
"""

from sqlalchemy import BigInteger
from sqlmodel import Field, SQLModel


class AccountRow(SQLModel, table=True):
    """账号. `counter` is the home counter of a clerk who sits nowhere else."""

    __tablename__ = "account"

    name: str = Field(primary_key=True)
    display_name: str
    role: str
    counter: str | None = Field(default=None, foreign_key="counter.code")
    active: bool = True
    password_hash: str
    password_at: int = Field(sa_type=BigInteger)
    must_change: bool
    added_at: int = Field(sa_type=BigInteger)


class SessionRow(SQLModel, table=True):
    """Somebody who has signed in. `hash` is the cookie's SHA-256; `counter` is where they sit."""

    __tablename__ = "session"

    hash: str = Field(primary_key=True)
    id: str = Field(unique=True)
    account: str = Field(foreign_key="account.name", index=True)
    counter: str | None = Field(default=None, foreign_key="counter.code", unique=True)
    address: str
    started_at: int = Field(sa_type=BigInteger)
    seen_at: int = Field(sa_type=BigInteger)


class FailureRow(SQLModel, table=True):
    """Wrong attempts, by `account:<name>`, `name:<keyed hash>` of names that do not exist, `address:<address>`."""

    __tablename__ = "sign_in_failure"

    key: str = Field(primary_key=True)
    count: int
    since: int = Field(sa_type=BigInteger)
    locked_until: int = Field(sa_type=BigInteger)
