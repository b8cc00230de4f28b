"""Attendance 考勤 as it crosses a process."""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from hub.wire.message import Message

Name = Annotated[str, StringConstraints(min_length=1, max_length=80)]


class NewAttendance(Message):
    """What was seen; the rules decide by the minutes."""

    clerk: Name
    department: Name
    date: date
    kind: Literal["late", "early", "off_post", "absent"]
    minutes: Annotated[int, Field(ge=0, le=1440)]
    session: Literal["am", "pm", "day"] = "day"
    counter: Name | None = None
    excused: Literal["none", "leave", "public"] = "none"
    stand_in: Name | None = None
    whereabouts: Annotated[str, StringConstraints(max_length=200)] | None = None


class Attendance(NewAttendance):
    """With what it amounts to by the hall's minutes; `to_decide`: the rule's text ends before this."""

    verdict: Literal["none", "grace", "late", "early", "off_post", "absent"]
    counts: bool
    to_decide: bool
    imported: bool


class AttendanceList(Message):
    entries: list[Attendance]
    next: str | None = None


class RegisterRows(Message):
    """A register to look at, by its columns; what is empty is absent."""

    kind: str
    rows: list[dict[str, str | bool]]
    more: bool = False
