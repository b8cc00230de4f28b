"""Why no numbers are given, as sentences of a refusal, in both languages. Pure."""

from datetime import datetime

from hub.calendar.opening import OpeningState
from hub.wire import ClosedReason, Names

REASONS: dict[ClosedReason, tuple[str, str]] = {
    "holiday": ("{name}放假", "it is {name}"),
    "closed_day": ("今天不开放", "the hall is closed today"),
    "before_opening": ("还没到取号时间", "it is before the opening time"),
    "lunch": ("现在是午间休息", "it is the lunch break"),
    "after_closing": ("今天的取号时间已过", "the hours of today are over"),
    "cut_off": ("临近下班，已停止取号", "it is too close to the closing time"),
    "quota": ("号已取完", "all numbers are taken"),
}


def closed_sentence(state: OpeningState) -> Names:
    """`zh` and `en` for ServiceClosed: the reason, and when tickets are given again."""
    zh, en = REASONS[state.reason or "closed_day"]
    names = state.names or {"zh": "节假日", "en": "a public holiday"}
    zh, en = zh.format(name=names["zh"]), en.format(name=names.get("en", names["zh"]))
    if state.reason == "closed_day" and state.names:
        zh, en = names["zh"], names.get("en", names["zh"])
    return _with_when(zh, en[:1].upper() + en[1:], state.next_opening)


def full_sentence(most: int, following: datetime | None) -> Names:
    """`zh` and `en` for QuotaReached."""
    return _with_when(f"本时段 {most} 个号已取完", f"all {most} numbers of this time are taken", following)


def _with_when(zh: str, en: str, at: datetime | None) -> Names:
    if at is None:
        return {
            "zh": f"{zh}，恢复取号的时间请咨询工作人员。",
            "en": f"{en}; ask the staff when numbers are given again.",
        }
    return {
        "zh": f"{zh}，{at.month}月{at.day}日 {at:%H:%M} 恢复取号。",
        "en": f"{en}; numbers are given again from {at:%Y-%m-%d %H:%M}.",
    }
