"""The hall's calendar 日历: days off, make-up workdays, and why no tickets are given."""

from datetime import date
from typing import Literal

from pydantic import AwareDatetime, Field

from hub.wire.message import Message, Names

#: 法定节假日、调休放假、调休上班、地方假. `statutory` is a public holiday as announced, its weekends included.
DateKind = Literal["statutory", "make_up_rest", "make_up_work", "local_holiday"]

#: Why no tickets are given now. Only `cut_off` and `quota` leave who already waits to be served today.
ClosedReason = Literal["holiday", "closed_day", "before_opening", "lunch", "after_closing", "cut_off", "quota"]


class Opening(Message):
    """Whether tickets are given now, until when, and when next; `names` are those of a holiday or special day.

    `last_ticket_at` is when tickets end, `closes_at` when work does.
    """

    state: Literal["open", "closed"]
    reason: ClosedReason | None = None
    names: Names | None = None
    closes_at: AwareDatetime | None = None
    last_ticket_at: AwareDatetime | None = None
    next_opening: AwareDatetime | None = None


class CalendarDay(Message):
    """One day that is not what its weekday says."""

    date: date
    kind: DateKind
    name: str = Field(min_length=1, max_length=80)


class Standing(Message):
    """A warning that stays until somebody mends its cause."""

    code: str
    names: Names


class CalendarAnswer(Message):
    """One year of the active calendar. `known` is false for a year without data; then nothing is computed in it."""

    version: int
    made_at: AwareDatetime
    made_by: str
    source: str
    years: list[int]
    year: int
    known: bool
    working_days: int | None = None
    dates: list[CalendarDay]
    warnings: list[Standing]


class NewCalendar(Message):
    """Days for one or more years; with `year` all of them must be in it."""

    source: str = Field(default="", max_length=200)
    year: int | None = Field(default=None, ge=2000, le=2199)
    dates: list[CalendarDay] = Field(min_length=1, max_length=4000)
