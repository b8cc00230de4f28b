"""The lines that say how a deadline was found, in both languages. Pure."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from itertools import groupby
from zoneinfo import ZoneInfo

from hub.calendar.dates import Calendar
from hub.calendar.working_days import SATURDAY, free_line, line, span_line, told, why_free, worked_line
from hub.wire import Names

#: What takes time that does not count (限时办结制 第十条, 行政许可法 第四十五条).
STOPS: dict[str, Names] = {
    "hearing": {"zh": "听证", "en": "hearing"},
    "bidding": {"zh": "招标", "en": "bidding"},
    "auction": {"zh": "拍卖", "en": "auction"},
    "inspection": {"zh": "检验", "en": "inspection"},
    "testing": {"zh": "检测", "en": "testing"},
    "survey": {"zh": "勘测", "en": "survey"},
    "quarantine": {"zh": "检疫", "en": "quarantine"},
    "appraisal": {"zh": "鉴定", "en": "appraisal"},
    "expert_review": {"zh": "专家评审", "en": "expert review"},
    "other": {"zh": "依法不计入的时间", "en": "time that by law does not count"},
}


def received(day: date) -> Names:
    return line(
        day, "收到申请，当日不计入（民法典第二百零一条）", "received; the day itself does not count (Civil Code 201)"
    )


def same_day(day: date) -> Names:
    return line(day, "收到申请，当日办结", "received; to be done on the day itself")


def after_hours(day: date) -> Names:
    return line(day, "已过停止办公时间，从次日起", "after the close of business: from the next day on")


def notice(day: date, limit_days: int, limit: date, in_time: bool) -> Names:
    zh, en = f"补正通知应在 {limit_days} 个工作日内（{told(limit)}前）", f"notice of correction, due by {limit}"
    if in_time:
        return line(
            day, f"发出补正通知；{zh}（行政许可法第三十二条）", f"{en} ({limit_days} working days; Licensing Law 32)"
        )
    return line(
        day,
        f"发出补正通知，{zh}，已逾期：自收到申请之日起即为受理（行政许可法第三十二条）",
        f"{en}, came too late: the case counts as accepted on receipt (Licensing Law 32)",
    )


def awaited(day: date) -> Names:
    return line(
        day, "已通知补正，材料补齐之前不计期限", "the applicant was told; nothing runs until the material is whole"
    )


def restarted(day: date, same_day: bool) -> Names:
    if same_day:
        return line(day, "材料补齐，自当日起重新计算", "material whole: counted anew from this day on")
    return line(day, "材料补齐，自次日起重新计算", "material whole: counted anew from the day after")


def passed(calendar: Calendar, days: Sequence[tuple[date, str, str]]) -> Iterator[Names]:
    """What was left out and why; worked weekends too. Ordinary working days need no words."""
    for (mark, reason, free), run in groupby(days, key=lambda one: (one[1], one[2], why_free(calendar, one[0]))):
        span = [day for day, _, _ in run]
        if mark == "free":
            yield free_line(span, free)
        elif mark == "stopped":
            names = STOPS.get(reason, STOPS["other"])
            yield span_line(
                span,
                f"{names['zh']}，{len(span)} 个工作日不计入（行政许可法第四十五条）",
                f"{names['en']}, {len(span)} working days not counted (Licensing Law 45)",
            )
        else:
            yield from (worked_line(calendar, day) for day in span if day.weekday() >= SATURDAY)


def unwritten(days: int) -> Names:
    return {
        "zh": f"登记的不计入天数：{days} 个工作日（起止日期不足的部分在期限末尾补足）",
        "en": f"{days} working days are recorded as not counted (what the dates leave open is added at the end)",
    }


def stands_still(since: date) -> Names:
    return line(since, "中止，尚未恢复，期限不再计算", "suspended and not resumed yet: the deadline does not run")


def found(day: date, days: int) -> Names:
    if days:
        return line(day, f"第 {days} 个工作日", f"working day {days}")
    return line(day, "当日办结的工作日", "the working day for what is done at once")


def end_before_extension(day: date) -> Names:
    return line(day, "延期前的期限", "the end before any extension")


def extended(day: date, days: int) -> Names:
    return line(
        day,
        f"期限届满前告知延期 {days} 个工作日（限时办结制第九条）",
        f"told before the end: {days} working days more (time-limit rules, article 9)",
    )


def not_extended(day: date | None) -> Names:
    if day is None:
        return {"zh": "没有告知延期的记录，期限不延长", "en": "nothing shows that the applicant was told: no extension"}
    return line(day, "期限届满后才告知，期限不延长", "told after the end: no extension")


def close_of_business(day: date, minute: int | None) -> Names:
    if minute is None:
        return line(day, "没有设定办公时间，至当日 24:00 为止", "no office hours are set: until 24:00")
    clock = f"{minute // 60:02d}:{minute % 60:02d}"
    return line(
        day,
        f"{clock} 停止办公时期限届满（民法典第二百零三条）",
        f"due at {clock}, the close of business (Civil Code 203)",
    )


def missed(at: datetime | None, zone: ZoneInfo, deemed: bool) -> list[Names]:
    if at is None:
        return [
            {
                "zh": "申请人未到，但没有约定时间的记录，不予认定",
                "en": "the applicant stayed away, but no time was appointed",
            }
        ]
    wall = at.astimezone(zone)
    if deemed:
        zh, en = "视为按时办结（限时办结制第九条）", "the office counts as in time (time-limit rules, article 9)"
    else:
        zh, en = "约定时间已在期限之后，不予认定", "it was appointed after the end: it does not count"
    return [
        line(
            wall.date(),
            f"约定 {wall:%H:%M}，申请人未到：{zh}",
            f"{wall:%H:%M} was appointed, the applicant stayed away: {en}",
        )
    ]


def version(calendar: Calendar) -> Names:
    return {"zh": f"日历第 {calendar.version} 版", "en": f"calendar version {calendar.version}"}
