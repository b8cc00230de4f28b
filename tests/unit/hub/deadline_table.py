"""Deadlines of the real calendars of 2024 to 2026, counted by hand from the State Council's notices.

Each row: what it is about, what happened to the case, the day on which it is due (empty: nothing runs), and the lines
of its explanation that matter.
"""

from datetime import date
from typing import Any

from hub.cases.deadlines import Course, Stop
from tests.unit.hub.plans import local

_TIMES = {"notice": "correction_notice_at", "corrected": "corrected_at", "told": "extension_told_at"}
_TIMES |= {"appointed": "appointed_at"}
_NUMBERS = {"suspended": "suspended_days", "ext": "extension_days", "missed": "citizen_missed"}


TOLD_TOO_LATE = (
    "2026年3月9日：发出补正通知，补正通知应在 5 个工作日内（2026年3月9日前），"
    "已逾期：自收到申请之日起即为受理（行政许可法第三十二条）"
)


def a_course(received: str, days: int, **happened: Any) -> Course:
    """Times as on the hall's wall; `stops` as (first, last, reason)."""
    stops = tuple(
        Stop(date.fromisoformat(first), date.fromisoformat(last) if last else None, reason)
        for first, last, reason in happened.pop("stops", ())
    )
    facts: dict[str, Any] = {
        **{_TIMES[name]: local(value) for name, value in happened.items() if name in _TIMES},
        **{_NUMBERS[name]: value for name, value in happened.items() if name in _NUMBERS},
    }
    return Course(local(received), days, stops=stops, **facts)


DEADLINES: list[tuple[str, Course, str, list[str]]] = [
    (
        "one day in an ordinary week",
        a_course("2025-03-03 09:10", 1),
        "2025-03-04",
        ["2025年3月3日：收到申请，当日不计入（民法典第二百零一条）", "2025年3月4日：第 1 个工作日"],
    ),
    (
        "the last minute of a day is still that day",
        a_course("2025-03-03 16:59", 3),
        "2025-03-06",
        ["2025年3月6日：第 3 个工作日"],
    ),
    (
        "received after hours the day itself does not count either",
        a_course("2025-03-03 19:30", 3),
        "2025-03-06",
        ["2025年3月6日：第 3 个工作日"],
    ),
    (
        "over a weekend",
        a_course("2025-03-06 10:00", 5),
        "2025-03-13",
        ["2025年3月8日至2025年3月9日：周末，不计入", "2025年3月13日：第 5 个工作日"],
    ),
    (
        "received on a Saturday",
        a_course("2025-03-08 10:00", 1),
        "2025-03-10",
        ["2025年3月9日：周末，不计入", "2025年3月10日：第 1 个工作日"],
    ),
    ("received on a Sunday", a_course("2025-03-09 23:59", 2), "2025-03-11", ["2025年3月11日：第 2 个工作日"]),
    (
        "twenty days, the law's own limit",
        a_course("2025-06-03 09:00", 20),
        "2025-07-01",
        ["2025年7月1日：第 20 个工作日"],
    ),
    (
        "forty-five days over a summer",
        a_course("2026-06-01 09:00", 45),
        "2026-08-04",
        ["2026年6月19日至2026年6月21日：端午节，不计入", "2026年8月4日：第 45 个工作日"],
    ),
    ("sixty days", a_course("2025-10-09 09:00", 60), "2025-12-31", ["2025年10月11日：周六调休上班，计入"]),
    (
        "New Year 2025 is one day",
        a_course("2024-12-31 09:00", 1),
        "2025-01-02",
        ["2025年1月1日：元旦，不计入", "2025年1月2日：第 1 个工作日"],
    ),
    (
        "New Year 2025 within three days",
        a_course("2024-12-30 09:00", 3),
        "2025-01-03",
        ["2025年1月1日：元旦，不计入", "2025年1月3日：第 3 个工作日"],
    ),
    (
        "New Year 2026 and its worked Sunday",
        a_course("2025-12-31 10:00", 1),
        "2026-01-04",
        ["2026年1月1日至2026年1月3日：元旦，不计入", "2026年1月4日：周日调休上班，计入"],
    ),
    (
        "New Year 2026, the day after the worked Sunday",
        a_course("2025-12-31 10:00", 2),
        "2026-01-05",
        ["2026年1月4日：周日调休上班，计入", "2026年1月5日：第 2 个工作日"],
    ),
    (
        "five days over New Year 2026",
        a_course("2025-12-29 10:00", 5),
        "2026-01-06",
        ["2026年1月1日至2026年1月3日：元旦，不计入", "2026年1月4日：周日调休上班，计入"],
    ),
    ("received on the worked Sunday", a_course("2026-01-04 10:00", 1), "2026-01-05", ["2026年1月5日：第 1 个工作日"]),
    (
        "Spring Festival 2025 from the Friday before",
        a_course("2025-01-24 09:00", 1),
        "2025-01-26",
        ["2025年1月26日：周日调休上班，计入"],
    ),
    ("Spring Festival 2025, two days", a_course("2025-01-24 09:00", 2), "2025-01-27", ["2025年1月27日：第 2 个工作日"]),
    (
        "Spring Festival 2025, three days end after it",
        a_course("2025-01-24 09:00", 3),
        "2025-02-05",
        ["2025年1月28日至2025年2月4日：春节，不计入", "2025年2月5日：第 3 个工作日"],
    ),
    (
        "Spring Festival 2025 and its worked Saturday",
        a_course("2025-01-27 09:00", 4),
        "2025-02-08",
        [
            "2025年1月28日至2025年2月4日：春节，不计入",
            "2025年2月8日：周六调休上班，计入",
            "2025年2月8日：第 4 个工作日",
        ],
    ),
    (
        "Spring Festival 2025, the Sunday after the worked Saturday is free",
        a_course("2025-01-27 09:00", 5),
        "2025-02-10",
        ["2025年2月9日：周末，不计入", "2025年2月10日：第 5 个工作日"],
    ),
    (
        "received on New Year's Eve",
        a_course("2025-01-28 11:00", 1),
        "2025-02-05",
        ["2025年1月29日至2025年2月4日：春节，不计入", "2025年2月5日：第 1 个工作日"],
    ),
    (
        "ten days over the Spring Festival 2025",
        a_course("2025-01-20 09:00", 10),
        "2025-02-08",
        ["2025年1月26日：周日调休上班，计入", "2025年1月28日至2025年2月4日：春节，不计入"],
    ),
    (
        "Spring Festival 2026, the worked Saturday before it",
        a_course("2026-02-13 09:00", 1),
        "2026-02-14",
        ["2026年2月14日：周六调休上班，计入", "2026年2月14日：第 1 个工作日"],
    ),
    (
        "Spring Festival 2026, nine days off",
        a_course("2026-02-13 09:00", 2),
        "2026-02-24",
        ["2026年2月15日至2026年2月23日：春节，不计入", "2026年2月24日：第 2 个工作日"],
    ),
    (
        "Spring Festival 2026 and both worked Saturdays",
        a_course("2026-02-13 09:00", 6),
        "2026-02-28",
        ["2026年2月14日：周六调休上班，计入", "2026年2月28日：周六调休上班，计入", "2026年2月28日：第 6 个工作日"],
    ),
    (
        "Spring Festival 2026, into March",
        a_course("2026-02-13 09:00", 7),
        "2026-03-02",
        ["2026年3月1日：周末，不计入", "2026年3月2日：第 7 个工作日"],
    ),
    (
        "received in the festival",
        a_course("2026-02-18 09:00", 3),
        "2026-02-26",
        ["2026年2月19日至2026年2月23日：春节，不计入", "2026年2月26日：第 3 个工作日"],
    ),
    (
        "there is no 29 February in 2026",
        a_course("2026-02-26 09:00", 2),
        "2026-02-28",
        ["2026年2月28日：第 2 个工作日"],
    ),
    (
        "29 February 2024 is a working day",
        a_course("2024-02-27 09:00", 2),
        "2024-02-29",
        ["2024年2月29日：第 2 个工作日"],
    ),
    (
        "Qingming 2025",
        a_course("2025-04-03 09:00", 1),
        "2025-04-07",
        ["2025年4月4日至2025年4月6日：清明节，不计入", "2025年4月7日：第 1 个工作日"],
    ),
    (
        "Qingming 2026 takes the Monday",
        a_course("2026-04-03 09:00", 1),
        "2026-04-07",
        ["2026年4月4日至2026年4月6日：清明节，不计入", "2026年4月7日：第 1 个工作日"],
    ),
    (
        "Labour Day 2025 with its worked Sunday before",
        a_course("2025-04-25 09:00", 1),
        "2025-04-27",
        ["2025年4月26日：周末，不计入", "2025年4月27日：周日调休上班，计入"],
    ),
    (
        "Labour Day 2025, five days",
        a_course("2025-04-25 09:00", 5),
        "2025-05-06",
        ["2025年5月1日至2025年5月5日：劳动节，不计入", "2025年5月6日：第 5 个工作日"],
    ),
    (
        "Labour Day 2026",
        a_course("2026-04-30 09:00", 1),
        "2026-05-06",
        ["2026年5月1日至2026年5月5日：劳动节，不计入", "2026年5月6日：第 1 个工作日"],
    ),
    (
        "Labour Day 2026 and its worked Saturday",
        a_course("2026-04-30 09:00", 4),
        "2026-05-09",
        ["2026年5月9日：周六调休上班，计入", "2026年5月9日：第 4 个工作日"],
    ),
    (
        "Dragon Boat 2025 begins on a Saturday",
        a_course("2025-05-30 09:00", 1),
        "2025-06-03",
        ["2025年5月31日至2025年6月2日：端午节，不计入", "2025年6月3日：第 1 个工作日"],
    ),
    (
        "Dragon Boat 2026",
        a_course("2026-06-18 09:00", 1),
        "2026-06-22",
        ["2026年6月19日至2026年6月21日：端午节，不计入", "2026年6月22日：第 1 个工作日"],
    ),
    (
        "National Day 2025, worked Sunday before it",
        a_course("2025-09-26 09:00", 1),
        "2025-09-28",
        ["2025年9月27日：周末，不计入", "2025年9月28日：周日调休上班，计入"],
    ),
    (
        "National Day 2025 takes eight days",
        a_course("2025-09-30 09:00", 1),
        "2025-10-09",
        ["2025年10月6日：中秋节，不计入", "2025年10月9日：第 1 个工作日"],
    ),
    (
        "National Day 2025 and the worked Saturday after it",
        a_course("2025-09-30 09:00", 3),
        "2025-10-11",
        ["2025年10月11日：周六调休上班，计入", "2025年10月11日：第 3 个工作日"],
    ),
    (
        "National Day 2025, five days from before",
        a_course("2025-09-28 09:00", 5),
        "2025-10-11",
        ["2025年10月11日：第 5 个工作日"],
    ),
    (
        "Mid-Autumn 2026",
        a_course("2026-09-24 09:00", 1),
        "2026-09-28",
        ["2026年9月25日至2026年9月27日：中秋节，不计入", "2026年9月28日：第 1 个工作日"],
    ),
    (
        "National Day 2026, the worked Sunday ten days before",
        a_course("2026-09-18 09:00", 1),
        "2026-09-20",
        ["2026年9月20日：周日调休上班，计入"],
    ),
    (
        "National Day 2026",
        a_course("2026-09-30 09:00", 1),
        "2026-10-08",
        ["2026年10月1日至2026年10月7日：国庆节，不计入", "2026年10月8日：第 1 个工作日"],
    ),
    (
        "National Day 2026 and its worked Saturday",
        a_course("2026-09-30 09:00", 3),
        "2026-10-10",
        ["2026年10月10日：周六调休上班，计入", "2026年10月10日：第 3 个工作日"],
    ),
    (
        "National Day 2026 between two festivals",
        a_course("2026-09-24 09:00", 6),
        "2026-10-10",
        ["2026年9月25日至2026年9月27日：中秋节，不计入", "2026年10月1日至2026年10月7日：国庆节，不计入"],
    ),
    (
        "at once, in the morning",
        a_course("2026-03-02 09:30", 0),
        "2026-03-02",
        ["2026年3月2日：收到申请，当日办结", "2026年3月2日：17:00 停止办公时期限届满（民法典第二百零三条）"],
    ),
    ("at once, at the very close", a_course("2026-03-02 17:00", 0), "2026-03-02", ["2026年3月2日：当日办结的工作日"]),
    (
        "at once, but after the close",
        a_course("2026-03-02 17:01", 0),
        "2026-03-03",
        ["2026年3月2日：已过停止办公时间，从次日起", "2026年3月3日：当日办结的工作日"],
    ),
    (
        "at once, received online on National Day",
        a_course("2026-10-02 10:00", 0),
        "2026-10-08",
        ["2026年10月2日至2026年10月7日：国庆节，不计入", "2026年10月8日：当日办结的工作日"],
    ),
    (
        "at once, on a worked Saturday",
        a_course("2026-02-28 10:00", 0),
        "2026-02-28",
        ["2026年2月28日：周六调休上班，计入"],
    ),
    (
        "told on the day, corrected two days later",
        a_course("2026-03-02 09:00", 5, notice="2026-03-02 10:00", corrected="2026-03-04 15:00"),
        "2026-03-11",
        [
            "2026年3月2日：发出补正通知；补正通知应在 5 个工作日内（2026年3月9日前）（行政许可法第三十二条）",
            "2026年3月4日：材料补齐，自次日起重新计算",
            "2026年3月11日：第 5 个工作日",
        ],
    ),
    (
        "told on the fifth working day at the close",
        a_course("2026-03-02 09:00", 5, notice="2026-03-09 17:00", corrected="2026-03-12 09:00"),
        "2026-03-19",
        ["2026年3月12日：材料补齐，自次日起重新计算"],
    ),
    (
        "told a minute after the fifth working day's close: accepted on receipt",
        a_course("2026-03-02 09:00", 5, notice="2026-03-09 17:01", corrected="2026-03-12 09:00"),
        "2026-03-09",
        [
            TOLD_TOO_LATE,
            "2026年3月9日：第 5 个工作日",
        ],
    ),
    (
        "the five days for the notice skip the festival",
        a_course("2026-02-13 09:00", 3, notice="2026-02-27 16:00", corrected="2026-03-03 09:00"),
        "2026-03-06",
        ["2026年2月27日：发出补正通知；补正通知应在 5 个工作日内（2026年2月27日前）（行政许可法第三十二条）"],
    ),
    (
        "corrected on a Saturday",
        a_course("2026-03-02 09:00", 2, notice="2026-03-03 09:00", corrected="2026-03-07 10:00"),
        "2026-03-10",
        ["2026年3月7日：材料补齐，自次日起重新计算", "2026年3月10日：第 2 个工作日"],
    ),
    (
        "corrected after a year: the count begins anew",
        a_course("2025-03-03 09:00", 10, notice="2025-03-04 09:00", corrected="2026-03-02 09:00"),
        "2026-03-16",
        ["2026年3月2日：材料补齐，自次日起重新计算", "2026年3月16日：第 10 个工作日"],
    ),
    (
        "not corrected yet",
        a_course("2026-03-02 09:00", 5, notice="2026-03-03 09:00"),
        "",
        ["2026年3月3日：已通知补正，材料补齐之前不计期限"],
    ),
    (
        "not corrected, but told too late",
        a_course("2026-03-02 09:00", 10, notice="2026-03-13 09:00"),
        "2026-03-16",
        ["2026年3月16日：第 10 个工作日"],
    ),
    (
        "at once, corrected the same afternoon",
        a_course("2026-03-02 09:00", 0, notice="2026-03-02 09:20", corrected="2026-03-02 15:00"),
        "2026-03-02",
        ["2026年3月2日：材料补齐，自当日起重新计算"],
    ),
    (
        "a hearing of three days",
        a_course("2026-03-02 09:00", 5, stops=[("2026-03-04", "2026-03-06", "hearing")]),
        "2026-03-12",
        ["2026年3月4日至2026年3月6日：听证，3 个工作日不计入（行政许可法第四十五条）", "2026年3月12日：第 5 个工作日"],
    ),
    (
        "an inspection over a weekend",
        a_course("2026-03-02 09:00", 5, stops=[("2026-03-06", "2026-03-09", "inspection")]),
        "2026-03-11",
        [
            "2026年3月6日：检验，1 个工作日不计入（行政许可法第四十五条）",
            "2026年3月9日：检验，1 个工作日不计入（行政许可法第四十五条）",
        ],
    ),
    (
        "a suspension that lies on rest days only",
        a_course("2026-03-02 09:00", 5, stops=[("2026-03-07", "2026-03-08", "testing")]),
        "2026-03-09",
        ["2026年3月9日：第 5 个工作日"],
    ),
    (
        "two suspensions that overlap count once",
        a_course(
            "2026-03-02 09:00",
            5,
            stops=[("2026-03-03", "2026-03-04", "inspection"), ("2026-03-04", "2026-03-05", "expert_review")],
        ),
        "2026-03-12",
        [
            "2026年3月3日至2026年3月4日：检验，2 个工作日不计入（行政许可法第四十五条）",
            "2026年3月5日：专家评审，1 个工作日不计入（行政许可法第四十五条）",
            "2026年3月12日：第 5 个工作日",
        ],
    ),
    (
        "a suspension over the Spring Festival",
        a_course("2026-02-12 09:00", 5, stops=[("2026-02-13", "2026-02-24", "appraisal")]),
        "2026-03-02",
        [
            "2026年2月13日至2026年2月14日：鉴定，2 个工作日不计入（行政许可法第四十五条）",
            "2026年2月24日：鉴定，1 个工作日不计入（行政许可法第四十五条）",
        ],
    ),
    (
        "a suspension on the last day moves it",
        a_course("2026-03-02 09:00", 5, stops=[("2026-03-09", "2026-03-09", "quarantine")]),
        "2026-03-10",
        ["2026年3月9日：检疫，1 个工作日不计入（行政许可法第四十五条）", "2026年3月10日：第 5 个工作日"],
    ),
    (
        "a suspension that begins after the end changes nothing",
        a_course("2026-03-02 09:00", 5, stops=[("2026-03-10", "2026-03-20", "hearing")]),
        "2026-03-09",
        ["2026年3月9日：第 5 个工作日"],
    ),
    (
        "a suspension on the day of receipt changes nothing",
        a_course("2026-03-02 09:00", 5, stops=[("2026-03-02", "2026-03-02", "hearing")]),
        "2026-03-09",
        ["2026年3月9日：第 5 个工作日"],
    ),
    (
        "a suspension before the correction changes nothing",
        a_course(
            "2026-03-02 09:00",
            5,
            notice="2026-03-02 10:00",
            corrected="2026-03-04 15:00",
            stops=[("2026-03-03", "2026-03-04", "hearing")],
        ),
        "2026-03-11",
        ["2026年3月11日：第 5 个工作日"],
    ),
    (
        "a suspension without an end",
        a_course("2026-03-02 09:00", 5, stops=[("2026-03-04", None, "hearing")]),
        "",
        ["2026年3月4日：中止，尚未恢复，期限不再计算"],
    ),
    (
        "only the number of suspended days is known",
        a_course("2026-03-02 09:00", 5, suspended=4),
        "2026-03-13",
        ["登记的不计入天数：4 个工作日（起止日期不足的部分在期限末尾补足）"],
    ),
    (
        "number and dates say the same",
        a_course("2026-03-02 09:00", 5, suspended=3, stops=[("2026-03-04", "2026-03-06", "hearing")]),
        "2026-03-12",
        ["2026年3月4日至2026年3月6日：听证，3 个工作日不计入（行政许可法第四十五条）", "2026年3月12日：第 5 个工作日"],
    ),
    (
        "the number is longer than the dates",
        a_course("2026-03-02 09:00", 5, suspended=3, stops=[("2026-03-04", "2026-03-04", "hearing")]),
        "2026-03-12",
        ["2026年3月4日：听证，1 个工作日不计入（行政许可法第四十五条）"],
    ),
    (
        "at once, while an expert review lasts",
        a_course("2026-03-02 09:00", 0, stops=[("2026-03-02", "2026-03-03", "expert_review")]),
        "2026-03-04",
        ["2026年3月2日至2026年3月3日：专家评审，2 个工作日不计入（行政许可法第四十五条）"],
    ),
    (
        "told on the last day before the close",
        a_course("2026-03-02 09:00", 5, ext=3, told="2026-03-09 16:59"),
        "2026-03-12",
        ["2026年3月9日：延期前的期限", "2026年3月9日：期限届满前告知延期 3 个工作日（限时办结制第九条）"],
    ),
    (
        "told at the very close",
        a_course("2026-03-02 09:00", 5, ext=3, told="2026-03-09 17:00"),
        "2026-03-12",
        ["2026年3月9日：期限届满前告知延期 3 个工作日（限时办结制第九条）"],
    ),
    (
        "told a minute too late",
        a_course("2026-03-02 09:00", 5, ext=3, told="2026-03-09 17:01"),
        "2026-03-09",
        ["2026年3月9日：期限届满后才告知，期限不延长"],
    ),
    (
        "nobody knows when they were told",
        a_course("2026-03-02 09:00", 5, ext=3),
        "2026-03-09",
        ["没有告知延期的记录，期限不延长"],
    ),
    (
        "an extension over National Day",
        a_course("2026-09-21 09:00", 5, ext=5, told="2026-09-28 09:00"),
        "2026-10-12",
        ["2026年10月1日至2026年10月7日：国庆节，不计入", "2026年10月10日：周六调休上班，计入"],
    ),
    (
        "a suspension within the extension",
        a_course(
            "2026-03-02 09:00", 5, ext=3, told="2026-03-06 09:00", stops=[("2026-03-11", "2026-03-11", "inspection")]
        ),
        "2026-03-13",
        ["2026年3月11日：检验，1 个工作日不计入（行政许可法第四十五条）"],
    ),
    (
        "a suspension makes room for the telling",
        a_course(
            "2026-03-02 09:00", 5, ext=2, told="2026-03-10 09:00", stops=[("2026-03-05", "2026-03-06", "hearing")]
        ),
        "2026-03-13",
        ["2026年3月10日：期限届满前告知延期 2 个工作日（限时办结制第九条）"],
    ),
]
