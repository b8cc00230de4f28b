"""What `hall.toml` says of time: `[calendar]`, `[[hours]]`, `[[special_day]]`, `[[rota]]`, quotas of services."""

import re
from datetime import date
from itertools import pairwise
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, field_validator, model_validator

from hub.setting_rules import Section
from hub.wire import Names

Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
#: `holiday`: days off of the calendar (none = closed); `make_up`: make-up workdays (none = `make_up_hours_of`).
DayKey = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun", "holiday", "make_up"]

_CLOCK = r"(?:[01]\d|2[0-3]):[0-5]\d"
_SPAN = re.compile(rf"({_CLOCK})-({_CLOCK}|24:00)")
_MONTH_DAY = re.compile(r"(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])")
_WEEK = re.compile(r"(\d{4})-W(\d{2})")


def _span(text: str) -> tuple[str, str]:
    found = _SPAN.fullmatch(text)
    if not found:
        raise ValueError(f"{text!r} is no span of hours; write for example '09:00-12:00'")
    if found[1] >= found[2]:
        raise ValueError(f"{text!r} ends before it begins")
    return found[1], found[2]


def _apart(spans: tuple[str, ...]) -> tuple[str, ...]:
    for before, after in pairwise(sorted(_span(text) for text in spans)):
        if after[0] < before[1]:
            raise ValueError(f"'{before[0]}-{before[1]}' and '{after[0]}-{after[1]}' overlap")
    return spans


Spans = Annotated[tuple[str, ...], AfterValidator(_apart)]
OpenHours = dict[DayKey, Spans]


def _week(text: str) -> str:
    """The week exists: a year has 52 or 53 of them."""
    found = _WEEK.fullmatch(text)
    if not found:
        raise ValueError(f"{text!r} is no ISO week; write for example '2026-W01'")
    try:
        date.fromisocalendar(int(found[1]), int(found[2]), 1)
    except ValueError as error:
        raise ValueError(f"{text!r}: the year has no such week") from error
    return text


Week = Annotated[str, AfterValidator(_week)]


class HoursSeed(Section):
    """Opening hours of a season; `from` and `to` are MM-DD inclusive and may run over New Year."""

    season: str = ""
    from_: str = Field(default="01-01", alias="from")
    to: str = "12-31"
    open: OpenHours

    @field_validator("from_", "to")
    @classmethod
    def _month_day(cls, value: str) -> str:
        if not _MONTH_DAY.fullmatch(value):
            raise ValueError(f"{value!r} is no day of the year; write month-day, for example '05-01'")
        return value


class QuotaSeed(Section):
    """At most so many numbers between two times of a day."""

    from_: str = Field(default="00:00", alias="from")
    to: str = "24:00"
    most: int = Field(gt=0)

    @model_validator(mode="after")
    def _is_a_span(self) -> "QuotaSeed":
        _span(f"{self.from_}-{self.to}")
        return self


def _bands(quota: int | tuple[QuotaSeed, ...]) -> int | tuple[QuotaSeed, ...]:
    if isinstance(quota, tuple):
        _apart(tuple(f"{band.from_}-{band.to}" for band in quota))
    return quota


Quota = Annotated[Annotated[int, Field(gt=0)] | tuple[QuotaSeed, ...], AfterValidator(_bands)]


class CalendarSettings(Section):
    """How the hall lives with its calendar."""

    seed: Literal["china", "empty"] = "china"
    make_up_hours_of: Weekday = "mon"
    tickets_from_minutes_before: int = Field(default=0, ge=0, lt=1440)
    cut_off_before_lunch: bool = False
    cancelled_gives_back: bool = True


class SpecialDaySeed(Section):
    """特殊安排: own hours from day to day inclusive; no hours = closed. Without services it is the whole hall's."""

    from_: date = Field(alias="from")
    to: date | None = None
    names: Names = Field(default={})
    hours: Spans = ()
    services: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _forward(self) -> "SpecialDaySeed":
        if self.to is not None and self.to < self.from_:
            raise ValueError(f"to = {self.to} is before from = {self.from_}")
        return self


class RotaSeed(Section):
    """综合窗口轮值: the departments that a counter serves, week by week from the ISO week `from`, again and again."""

    counter: str
    weeks: tuple[tuple[str, ...], ...] = Field(min_length=1)
    from_: Week = Field(alias="from")
    overrides: dict[Week, tuple[str, ...]] = Field(default={})
