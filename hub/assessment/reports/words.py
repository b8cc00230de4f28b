"""Words of the assessment's papers. Pure."""

from collections.abc import Mapping
from typing import Any

from hub.wire import Language

WORDS: dict[str, dict[Language, str]] = {
    "report": {"zh": "考核报告", "en": "Assessment report"},
    "circular": {"zh": "关于{period}考核结果的通报", "en": "Results of the assessment, {period}"},
    "basis": {
        "zh": "根据{source}，现将{first}至{last}的考核结果通报如下。",
        "en": "According to {source}, the results from {first} to {last} are as follows.",
    },
    "provisional": {
        "zh": "暂定：标“暂定”的指标没有数据或尚未评定，定案前不得作为依据。",
        "en": "Provisional: items marked so have no data or were not scored yet; not to be relied on before they are.",
    },
    "closed": {
        "zh": "本期已由{by}于{at}定案，校验码 {sha256}。",
        "en": "Closed by {by} at {at}; seal {sha256}.",
    },
    "not_closed": {"zh": "本期尚未定案，结果仍会变化。", "en": "The period is not closed; results may still change."},
    "incomplete_text": {
        "zh": "办法原文只给出{points}分的规则，其余分值无规则，不计分。",
        "en": "The text has rules for {points} points only; the others are left empty.",
    },
    "overview": {"zh": "总表", "en": "Overview"},
    "readings": {"zh": "本次采用的读法", "en": "Readings used"},
    "details": {"zh": "计算明细", "en": "How it was computed"},
    "happenings": {"zh": "扣分、加分事项", "en": "Findings and events"},
    "groups": {"zh": "大项得分", "en": "Groups"},
    "rank": {"zh": "名次", "en": "Rank"},
    "unit": {"zh": "单位", "en": "Unit"},
    "base": {"zh": "基础分", "en": "Base"},
    "bonus": {"zh": "加分", "en": "Bonus"},
    "deduction": {"zh": "减分", "en": "Deduction"},
    "total": {"zh": "总分", "en": "Total"},
    "award": {"zh": "评定", "en": "Award"},
    "state": {"zh": "状态", "en": "State"},
    "code": {"zh": "编号", "en": "Item"},
    "title": {"zh": "指标", "en": "What is assessed"},
    "article": {"zh": "条款", "en": "Article"},
    "points": {"zh": "分值", "en": "Points"},
    "score": {"zh": "得分", "en": "Score"},
    "extra": {"zh": "另计加分", "en": "Booked as bonus"},
    "inputs": {"zh": "计算依据", "en": "Computed from"},
    "counts_as": {"zh": "计入", "en": "Counts as"},
    "findings": {"zh": "事项", "en": "Findings"},
    "what": {"zh": "事项", "en": "What"},
    "when": {"zh": "时间", "en": "When"},
    "who": {"zh": "录入/确认", "en": "Entered/confirmed"},
    "reading": {"zh": "读法", "en": "Reading"},
    "choice": {"zh": "采用", "en": "Choice"},
    "is_provisional": {"zh": "暂定", "en": "provisional"},
    "is_final": {"zh": "", "en": ""},
    "no_data": {"zh": "无数据", "en": "no data"},
    "calendar": {"zh": "工作日历版本", "en": "calendar version"},
    "instead": {"zh": "同一事件已按{item}计", "en": "the same event counts under {item}"},
    "signed_head": {"zh": "考核领导小组组长（签字）：", "en": "Head of the group (signature):"},
    "signed_reviewer": {"zh": "复核人（签字）：", "en": "Reviewed by (signature):"},
    "signed_maker": {"zh": "制表人（签字）：", "en": "Made by (signature):"},
    "sealed": {"zh": "{year}年　　月　　日（盖章）", "en": "Date and seal, {year}"},
    "made": {"zh": "制表时间 {at}", "en": "made {at}"},
}

#: Names of the inputs; one that is missing here is shown as it is.
INPUTS: dict[str, dict[Language, str]] = {
    "on_site": {"zh": "现场办结", "en": "done on site"},
    "closed": {"zh": "办结", "en": "closed"},
    "on_time": {"zh": "按时办结", "en": "in time"},
    "due": {"zh": "应办结", "en": "due"},
    "overdue": {"zh": "超期", "en": "overdue"},
    "satisfied": {"zh": "满意", "en": "satisfied"},
    "answers": {"zh": "有效评价", "en": "answers"},
    "finished": {"zh": "办结服务", "en": "finished"},
    "verified": {"zh": "属实投诉", "en": "verified complaints"},
    "complaints": {"zh": "投诉", "en": "complaints"},
    "events": {"zh": "次数", "en": "events"},
    "late": {"zh": "迟到", "en": "late"},
    "early": {"zh": "早退", "en": "left early"},
    "off_post": {"zh": "脱岗", "en": "off post"},
    "absent": {"zh": "缺勤", "en": "absent"},
    "grace_minutes": {"zh": "宽限分钟", "en": "grace minutes"},
    "half_days": {"zh": "空岗半天", "en": "half days unmanned"},
    "saved_days": {"zh": "压缩工作日", "en": "working days saved"},
    "legal_days": {"zh": "法定工作日", "en": "legal working days"},
    "services": {"zh": "事项", "en": "services"},
    "below": {"zh": "未达标事项", "en": "services below"},
    "incomplete": {"zh": "不完整", "en": "incomplete"},
    "unrecorded": {"zh": "未登记", "en": "not recorded"},
    "working_days": {"zh": "工作日", "en": "working days"},
    "days_offline": {"zh": "离线日", "en": "days offline"},
    "days_slow": {"zh": "应答超时日", "en": "days with slow answers"},
    "prereviews_overdue": {"zh": "预审超期", "en": "pre-reviews overdue"},
    "prereviews_passed": {"zh": "预审通过", "en": "pre-reviews passed"},
    "consultations_satisfied": {"zh": "网上咨询满意", "en": "online consultations satisfied"},
    "consultations_answers": {"zh": "网上咨询评价", "en": "answers about online consultations"},
    "prereviews_satisfied": {"zh": "网上预审满意", "en": "pre-reviews satisfied"},
    "prereviews_answers": {"zh": "网上预审评价", "en": "answers about pre-reviews"},
    "approvals_satisfied": {"zh": "网上审批满意", "en": "online approvals satisfied"},
    "approvals_answers": {"zh": "网上审批评价", "en": "answers about online approvals"},
    "defaulted": {"zh": "默认评价", "en": "defaulted"},
    "typed": {"zh": "补录评价", "en": "typed in"},
    "weeks": {"zh": "周数", "en": "weeks"},
    "weeks_short": {"zh": "不足周", "en": "weeks short"},
    "months": {"zh": "月数", "en": "months"},
    "sum": {"zh": "合计", "en": "sum"},
    "ballots": {"zh": "选票", "en": "ballots"},
    "groups": {"zh": "群体", "en": "groups"},
    "rate": {"zh": "比率（%）", "en": "rate (%)"},
    "base": {"zh": "基础分", "en": "base"},
    "bonus": {"zh": "加分", "en": "bonus"},
    "deduction": {"zh": "减分", "en": "deduction"},
}

AWARDS: dict[str, dict[Language, str]] = {
    "flag": {"zh": "红旗窗口", "en": "red flag"},
    "excellent": {"zh": "优胜窗口", "en": "excellent"},
    "standard": {"zh": "达标窗口", "en": "up to standard"},
    "ordinary": {"zh": "一般窗口", "en": "ordinary"},
}


def word(name: str, language: Language, **values: object) -> str:
    """The word with its values filled in."""
    return WORDS[name][language].format(**values)


def inputs_text(inputs: Mapping[str, Any], language: Language) -> str:
    """`现场办结 197，办结 200，比率（%） 98.50`"""
    told = [
        f"{INPUTS.get(name, {}).get(language, name)} {value}" for name, value in inputs.items() if value is not None
    ]
    return ("，" if language == "zh" else ", ").join(told)


def award_text(award: str | None, language: Language) -> str:
    return AWARDS.get(award or "", {}).get(language, award or "")


def happenings(item: Mapping[str, Any], language: Language) -> list[dict[str, str]]:
    """Findings and events of an item as a reader wants them: what, when, points, who."""
    rows = []
    for one in [*item["findings"], *item.get("events", [])]:
        because = one.get("because") or ""
        what = one.get("note") or one.get("case") or one.get("complaint") or one.get("event") or ""
        who = " / ".join(str(one[name]) for name in ("entered_by", "confirmed_by") if one.get(name))
        quantity = f" ×{one['quantity']}" if one.get("quantity", 1) not in (1, None) else ""
        rows.append(
            {
                "what": f"{what}{quantity}" + (f"（{word('instead', language, item=because)}）" if because else ""),
                "when": str(one.get("at") or "")[:16].replace("T", " "),
                "points": "0.00" if because else str(one.get("points") or ""),
                "who": who,
            }
        )
    return rows
