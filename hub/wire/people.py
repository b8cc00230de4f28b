"""Staff accounts, log-in and sessions. Passwords are never shown in a representation or a log."""

from typing import Any

from pydantic import AwareDatetime, Field, SecretStr

from hub.wire.message import Message
from hub.wire.names import Role, StaffRole

Password = SecretStr


class SignIn(Message):
    """`POST /session`."""

    name: str = Field(min_length=1, max_length=200)
    password: Password = Field(max_length=1000)


class SessionAnswer(Message):
    """Who is signed in. `csrf_token` goes into the header `X-CSRF-Token` of every change this session asks for.

    `seconds_left` until it ends by itself if nothing is done; asking for this answer does not count as doing.
    """

    name: str
    display_name: str
    role: Role
    counter: str | None = None
    home_counter: str | None = None
    must_change: bool
    csrf_token: str
    seconds_left: int
    ends_at: AwareDatetime


class TakeCounter(Message):
    """`POST /session/counter`: sit down there."""

    counter: str = Field(min_length=1, max_length=40)


class ChangePassword(Message):
    """`POST /session/password`: one's own."""

    old: Password = Field(max_length=1000)
    new: Password = Field(max_length=1000)


class AddPerson(Message):
    """`POST /people`. `counter` is the home counter of a clerk who sits nowhere else."""

    name: str = Field(min_length=2, max_length=40)
    display_name: str = Field(default="", max_length=80)
    role: StaffRole
    counter: str | None = Field(default=None, max_length=40)
    password: Password = Field(max_length=1000)


class ChangePerson(Message):
    """`POST /people/{name}`: what is given replaces what was."""

    display_name: str | None = Field(default=None, min_length=1, max_length=80)
    role: StaffRole | None = None
    counter: str | None = Field(default=None, max_length=40)
    any_counter: bool = False


class ResetPassword(Message):
    """`POST /people/{name}/password`: it must be changed at the next sign-in."""

    password: Password = Field(max_length=1000)


class Person(Message):
    """An account as administrators and auditors see it."""

    name: str
    display_name: str
    role: StaffRole
    counter: str | None = None
    active: bool
    must_change: bool
    locked: bool
    sessions: int
    added_at: AwareDatetime
    password_at: AwareDatetime


class People(Message):
    """`GET /people`."""

    people: list[Person]


class OpenSession(Message):
    """One session of the list; `current` is the asker's own."""

    id: str
    name: str
    display_name: str
    role: StaffRole
    counter: str | None = None
    address: str
    started_at: AwareDatetime
    seen_at: AwareDatetime
    current: bool


class OpenSessions(Message):
    """`GET /sessions`."""

    sessions: list[OpenSession]


class JournalEntry(Message):
    """One entry of the journal, as an auditor reads it."""

    seq: int
    at: AwareDatetime
    who: str
    role: str
    kind: str
    ticket: str | None = None
    visit: str | None = None
    counter: str | None = None
    service: str | None = None
    data: dict[str, Any]


class JournalPage(Message):
    """`GET /journal`, newest first. `before` asks for the next page; absent on the last one."""

    entries: list[JournalEntry]
    before: int | None = None
