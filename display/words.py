"""What stands on the board, in both languages. 简体中文 first, English."""

from collections.abc import Sequence

WORDS: dict[str, dict[str, str]] = {
    "calling": {"zh": "正在呼叫", "en": "Now calling"},
    "calling_again": {"zh": "第 {times} 次呼叫", "en": "Call no. {times}"},
    "last_call": {"zh": "最近一次叫号", "en": "Last call"},
    "no_calls": {"zh": "请留意叫号", "en": "Please watch for your number"},
    "recent": {"zh": "最近叫号", "en": "Recent"},
    "counters": {"zh": "办理窗口", "en": "Counters"},
    "waiting": {"zh": "等候情况", "en": "Waiting"},
    "missed": {"zh": "过号", "en": "Missed"},
    "people": {"zh": "{n} 人", "en": "{n}"},
    "wait": {"zh": "约 {low}–{high} 分钟", "en": "{low}–{high} min"},
    "wait_one": {"zh": "约 {high} 分钟", "en": "{high} min"},
    "wait_within": {"zh": "{high} 分钟以内", "en": "within {high} min"},
    "no_wait": {"zh": "无需等候", "en": "no wait"},
    "soon": {"zh": "很快叫到", "en": "very soon"},
    "idle": {"zh": "空闲", "en": "Free"},
    "calling_state": {"zh": "呼叫中", "en": "Calling"},
    "serving": {"zh": "办理中", "en": "Serving"},
    "away": {"zh": "暂停服务", "en": "Paused"},
    "away_until": {"zh": "暂停至 {time}", "en": "Back {time}"},
    "away_short": {"zh": "暂停", "en": "Paused"},
    "shut": {"zh": "未开放", "en": "Closed"},
    "open_until": {"zh": "取号至 {time}", "en": "Tickets until {time}"},
    "open": {"zh": "正在服务", "en": "Open"},
    "not_open": {"zh": "暂停取号", "en": "No tickets now"},
    "hall_closed": {"zh": "大厅暂未开放", "en": "The hall is closed"},
    "tickets_ended": {"zh": "已停止取号，已取号请等候叫号", "en": "No more tickets; yours will still be called"},
    "why_holiday": {"zh": "{name}放假", "en": "Closed: {name}"},
    "why_closed_day": {"zh": "今天不开放", "en": "Closed today"},
    "why_special": {"zh": "{name}", "en": "{name}"},
    "why_before_opening": {"zh": "还没到取号时间", "en": "Not open yet"},
    "why_lunch": {"zh": "午间休息", "en": "Lunch break"},
    "why_after_closing": {"zh": "今日取号已结束", "en": "Closed for today"},
    "why_cut_off": {"zh": "已停止取号", "en": "No more numbers"},
    "why_quota": {"zh": "号已取完", "en": "All numbers taken"},
    "a_holiday": {"zh": "节假日", "en": "public holiday"},
    "still_called": {"zh": "{why}，已取号请等候", "en": "{why}; please wait"},
    "next_opening": {"zh": "下次开放　{when}", "en": "Opens {when}"},
    "hub_away": {"zh": "信号中断，数据可能不是最新", "en": "Connection lost, numbers may be out of date"},
    "data_until": {"zh": "数据截至 {time}", "en": "as of {time}"},
    "no_hub": {"zh": "正在连接叫号系统", "en": "Connecting to the queue system"},
    "no_hub_hint": {"zh": "请以窗口人员口头叫号为准", "en": "Please listen to the staff"},
    "refused": {
        "zh": "本屏未获授权，请联系管理员",
        "en": "This screen is not authorised; please tell the administrator",
    },
    "untrusted": {
        "zh": "不能确认服务端身份，请联系管理员",
        "en": "The hub cannot be trusted; please tell the administrator",
    },
    "untrusted_hint": {
        "zh": "证书与配对时不同；确已更换的，重新配对：hall display --pair-again",
        "en": "Its certificate was changed; if that is right: hall display --pair-again",
    },
    "pairing": {"zh": "请管理员配对本屏", "en": "A manager needs to pair this screen"},
    "pairing_how": {
        "zh": "十分钟内在管理页面“终端”中输入配对码",
        "en": "Within ten minutes, enter the code on the page Stations",
    },
    "pairing_command": {"zh": "或在服务端执行　hall pair {code}", "en": "or run on the hub:  hall pair {code}"},
    "pairing_compare": {
        "zh": "确认前核对服务端证书指纹，不同则不要确认",
        "en": "Compare the hub's certificate first; if it differs, do not confirm",
    },
    "pairing_hub": {"zh": "服务端　{hub}", "en": "Hub: {hub}"},
    "none": {"zh": "无", "en": "none"},
    "today": {"zh": "今天 {time}", "en": "today {time}"},
    "tomorrow": {"zh": "明天 {time}", "en": "tomorrow {time}"},
    "on_day": {"zh": "{month}月{day}日 {weekday} {time}", "en": "{weekday} {day} {month}, {time}"},
    "date": {"zh": "{month}月{day}日　{weekday}", "en": "{weekday} {day} {month}"},
}

WEEKDAYS: dict[str, tuple[str, ...]] = {
    "zh": ("周一", "周二", "周三", "周四", "周五", "周六", "周日"),
    "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
}

MONTHS: dict[str, tuple[str, ...]] = {
    "zh": tuple(str(month) for month in range(1, 13)),
    "en": ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
}

Languages = Sequence[str]


def word(key: str, language: str, **values: object) -> str:
    """One language's text."""
    return WORDS[key][language].format(**values)


def say(key: str, languages: Languages, gap: str = "　", **values: object) -> str:
    """The text in every language of the board, the first one first."""
    return gap.join(word(key, language, **values) for language in languages)
