"""Warnings about the calendar that stay until somebody imports what is missing. Pure."""

from collections.abc import Iterator
from datetime import date

from hub.calendar.dates import Calendar
from hub.wire import Standing

CODES = ("calendar_missing", "calendar_next_year_missing")
#: The arrangement of a year is announced in the autumn before (2026's on 2025-11-04).
WARN_FROM = (11, 1)


def warnings(calendar: Calendar, today: date) -> list[Standing]:
    """What is missing today: this year's data, and from 1 November next year's."""
    return list(_warnings(calendar, today))


def _warnings(calendar: Calendar, today: date) -> Iterator[Standing]:
    year = today.year
    if year not in calendar.years:
        yield Standing(
            code="calendar_missing",
            names={
                "zh": f"日历中没有 {year} 年的放假安排：大厅暂按星期作息开放，不计算工作日和期限。"
                f"请导入：hall import calendar 文件.csv",
                "en": f"The calendar knows nothing of {year}: the hall opens by weekdays only, and no working days"
                " or deadlines are computed. Import it: hall import calendar FILE.csv",
            },
        )
    if (today.month, today.day) >= WARN_FROM and year + 1 not in calendar.years:
        yield Standing(
            code="calendar_next_year_missing",
            names={
                "zh": f"日历中还没有 {year + 1} 年的放假安排，请在年底前导入：hall import calendar 文件.csv",
                "en": f"The calendar knows nothing of {year + 1} yet; import it before the year ends:"
                " hall import calendar FILE.csv",
            },
        )
