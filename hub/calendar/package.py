"""The years that the installed `chinesecalendar` knows, as days of our own table.

The package refuses years it does not know (NotImplementedError), as we do; what it knows is the notices of the State
Council's office, 2004 to the last announced year.
"""

from datetime import date
from functools import cache
from importlib.metadata import version

import chinese_calendar
from chinese_calendar import Holiday

from hub.calendar.dates import NamedDay
from hub.wire import DateKind

FIRST_YEAR = 2004
CHINESE: dict[str, str] = {
    Holiday.new_years_day.value: "元旦",
    Holiday.spring_festival.value: "春节",
    Holiday.tomb_sweeping_day.value: "清明节",
    Holiday.labour_day.value: "劳动节",
    Holiday.dragon_boat_festival.value: "端午节",
    Holiday.mid_autumn_festival.value: "中秋节",
    Holiday.national_day.value: "国庆节",
    Holiday.anti_fascist_70th_day.value: "抗战胜利纪念日",
}


def source() -> str:
    return f"chinesecalendar {version('chinesecalendar')}"


def known_years() -> list[int]:
    """Every year from 2004 on for which the package does not refuse to answer."""
    years = []
    year = FIRST_YEAR
    while _knows(year):
        years.append(year)
        year += 1
    return years


def _knows(year: int) -> bool:
    try:
        chinese_calendar.is_workday(date(year, 1, 1))
    except NotImplementedError:
        return False
    return True


@cache
def named_days(year: int) -> tuple[NamedDay, ...]:
    """The year's days off and make-up workdays. Raises NotImplementedError for a year it does not know."""
    days = chinese_calendar.get_dates(date(year, 1, 1), date(year, 12, 31))
    return tuple(named for day in days if (named := _named(day)))


def _named(day: date) -> NamedDay | None:
    off, name = chinese_calendar.get_holiday_detail(day)
    if name is None:
        return None
    kind: DateKind = "make_up_work"
    if off:
        kind = "make_up_rest" if chinese_calendar.is_in_lieu(day) else "statutory"
    return NamedDay(day, kind, CHINESE.get(name, name))
