"""Figures as files: csv (UTF-8 with BOM, for spreadsheets), json, xlsx. Headings in the reader's language."""

import csv
import io
import json
from datetime import datetime
from decimal import Decimal
from typing import Any, Literal, get_args

from hub.figures.summary import sentence
from hub.figures.sums import Value
from hub.figures.tables import Figures, Kind
from hub.wire import Language

Format = Literal["csv", "json", "xlsx", "pdf"]
FORMATS: tuple[Format, ...] = get_args(Format)

MEDIA_TYPES: dict[Format, str] = {
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pdf": "application/pdf",
}

TITLES: dict[Kind, dict[Language, str]] = {
    "satisfaction": {"zh": "满意度统计", "en": "Satisfaction"},
    "reasons": {"zh": "评价原因统计", "en": "Reasons given"},
    "waits": {"zh": "等候时间统计", "en": "Waits"},
    "counters": {"zh": "窗口时间统计", "en": "Counters' time"},
    "arrivals": {"zh": "取号量统计", "en": "Arrivals"},
    "summary": {"zh": "工作小结", "en": "Summary of the work"},
}

HEADINGS: dict[str, dict[Language, str]] = {
    "counter": {"zh": "窗口", "en": "Counter"},
    "service": {"zh": "业务", "en": "Service"},
    "department": {"zh": "部门", "en": "Department"},
    "clerk": {"zh": "窗口人员", "en": "Clerk"},
    "day": {"zh": "日期", "en": "Day"},
    "week": {"zh": "周", "en": "Week"},
    "month": {"zh": "月份", "en": "Month"},
    "weekday": {"zh": "星期", "en": "Weekday"},
    "hour": {"zh": "时段", "en": "Hour"},
    "finished": {"zh": "办结量", "en": "Finished"},
    "evaluated": {"zh": "主动评价量", "en": "Evaluated"},
    "satisfied": {"zh": "满意及以上（前三级）", "en": "Satisfied (top three)"},
    "dissatisfied": {"zh": "差评（后两级）", "en": "Dissatisfied (last two)"},
    "satisfied_level": {"zh": "满意", "en": "Satisfied"},
    "dissatisfied_level": {"zh": "不满意", "en": "Dissatisfied"},
    "very_satisfied": {"zh": "非常满意", "en": "Very satisfied"},
    "basically_satisfied": {"zh": "基本满意", "en": "Basically satisfied"},
    "very_dissatisfied": {"zh": "非常不满意", "en": "Very dissatisfied"},
    "defaulted": {"zh": "默认评价量", "en": "By default"},
    "typed": {"zh": "代录量", "en": "Typed in"},
    "good": {"zh": "好评量（含默认和代录）", "en": "Good with defaults and forms"},
    "answers": {"zh": "评价总量（含默认和代录）", "en": "All answers with defaults and forms"},
    "satisfaction_rate": {"zh": "满意率（%）", "en": "Satisfaction rate (%)"},
    "evaluation_rate": {"zh": "评价率（%）", "en": "Evaluation rate (%)"},
    "good_rate": {"zh": "好评率（含默认和代录，%）", "en": "Good rate with defaults and forms (%)"},
    "bad_rate": {"zh": "差评率（%）", "en": "Bad rate (%)"},
    "answer_mean_s": {"zh": "平均评价用时（秒）", "en": "Mean time to rate (s)"},
    "answer_p50_s": {"zh": "评价用时 P50（秒）", "en": "Time to rate P50 (s)"},
    "reason": {"zh": "原因", "en": "Reason"},
    "times": {"zh": "次数", "en": "Times"},
    "n": {"zh": "叫号量", "en": "Called"},
    "no_shows": {"zh": "过号量", "en": "No-shows"},
    "mean_s": {"zh": "平均等候（秒）", "en": "Mean wait (s)"},
    "p50_s": {"zh": "等候 P50（秒）", "en": "Wait P50 (s)"},
    "p80_s": {"zh": "等候 P80（秒）", "en": "Wait P80 (s)"},
    "p90_s": {"zh": "等候 P90（秒）", "en": "Wait P90 (s)"},
    "p95_s": {"zh": "等候 P95（秒）", "en": "Wait P95 (s)"},
    "max_s": {"zh": "最长等候（秒）", "en": "Longest wait (s)"},
    "service_mean_s": {"zh": "平均办理（秒）", "en": "Mean service (s)"},
    "service_p50_s": {"zh": "办理 P50（秒）", "en": "Service P50 (s)"},
    "service_p90_s": {"zh": "办理 P90（秒）", "en": "Service P90 (s)"},
    "walk_mean_s": {"zh": "平均到窗（秒）", "en": "Mean walk to the counter (s)"},
    "walk_p50_s": {"zh": "到窗 P50（秒）", "en": "Walk P50 (s)"},
    "over_limit": {"zh": "超时等候量", "en": "Waits over the limit"},
    "over_limit_rate": {"zh": "超时等候率（%）", "en": "Over the limit (%)"},
    "visits": {"zh": "办理量", "en": "Visits"},
    "open_s": {"zh": "开放（秒）", "en": "Open (s)"},
    "busy_s": {"zh": "占用（秒）", "en": "Busy (s)"},
    "away_s": {"zh": "暂离（秒）", "en": "Paused (s)"},
    "idle_s": {"zh": "空闲（秒）", "en": "Idle (s)"},
    "pauses": {"zh": "暂离次数", "en": "Pauses"},
    "busy_rate": {"zh": "占用率（%）", "en": "Busy (%)"},
    "away_rate": {"zh": "暂离率（%）", "en": "Paused (%)"},
    "issued": {"zh": "取号量", "en": "Issued"},
    "called": {"zh": "叫到量", "en": "Called"},
    "cancelled": {"zh": "取消量", "en": "Cancelled"},
    "expired": {"zh": "过期量", "en": "Expired"},
    "accepted": {"zh": "受理", "en": "Accepted"},
    "closed": {"zh": "办结", "en": "Closed"},
    "immediate": {"zh": "即办", "en": "On the spot"},
    "closing_rate": {"zh": "办结率（%）", "en": "Closing rate (%)"},
    "consultations": {"zh": "咨询人次", "en": "Consultations"},
}


def write(figures: Figures, form: Format, *, hall: str, language: Language, made_at: datetime) -> bytes:
    """The file's bytes. `made_at` stands at the foot of a pdf, in hall time."""
    if form == "pdf":
        return _pdf(figures, hall, language, made_at)
    if form == "csv":
        return _csv(figures)
    if form == "json":
        return _json(figures, language)
    return _xlsx(figures, hall, language)


def _csv(figures: Figures) -> bytes:
    """Column names of the contract; empty where there is no value. The BOM lets spreadsheets read Chinese."""
    text = io.StringIO()
    writer = csv.DictWriter(text, figures.columns, lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(figures.rows)
    return text.getvalue().encode("utf-8-sig")


def _json(figures: Figures, language: Language) -> bytes:
    return (json.dumps(document(figures, language), ensure_ascii=False, indent=2) + "\n").encode()


def document(figures: Figures, language: Language) -> dict[str, Any]:
    """The figures as JSON tells them; a summary of everything with its sentence."""
    told = {
        "kind": figures.kind,
        "from": figures.first.isoformat(),
        "to": figures.last.isoformat(),
        "by": list(figures.by),
        "rows": [{name: _number(value) for name, value in row.items()} for row in figures.rows],
    }
    return told | ({"sentence": said} if (said := _said(figures, language)) else {})


def _said(figures: Figures, language: Language) -> str:
    """The sentence of a summary of everything; of other figures none."""
    if figures.kind != "summary" or figures.by:
        return ""
    return sentence(figures.rows[0], figures.first, figures.last, language)


def _number(value: Value) -> str | int | float | None:
    return float(value) if isinstance(value, Decimal) else value


def _xlsx(figures: Figures, hall: str, language: Language) -> bytes:
    import xlsxwriter

    memory = io.BytesIO()
    book = xlsxwriter.Workbook(memory, {"in_memory": True})
    font = {"font_name": "微软雅黑", "font_size": 11, "valign": "vcenter"}
    title = book.add_format({**font, "bold": True, "font_size": 16, "align": "left"})
    head = book.add_format(
        {**font, "bold": True, "bg_color": "#1F4E79", "font_color": "#FFFFFF", "border": 1, "text_wrap": True}
        | {"align": "center"}
    )
    cells = {
        kind: book.add_format({**font, "border": 1, "num_format": form, "align": align})
        for kind, form, align in (("text", "@", "left"), ("whole", "0", "right"), ("cents", "0.00", "right"))
    }
    sheet = book.add_worksheet(TITLES[figures.kind][language])
    sheet.write(0, 0, f"{hall}　{TITLES[figures.kind][language]}", title)
    sheet.write(1, 0, f"{figures.first.isoformat()} – {figures.last.isoformat()}", book.add_format(font))
    sheet.write(2, 0, _said(figures, language), book.add_format({**font, "bold": True}))
    sheet.set_row(0, 28)
    sheet.set_row(3, 36)
    for column, name in enumerate(figures.columns):
        sheet.write(3, column, HEADINGS[name][language], head)
        sheet.set_column(column, column, _width(figures, name, language))
    for line, row in enumerate(figures.rows, start=4):
        for column, name in enumerate(figures.columns):
            value = row[name]
            kind = "text" if isinstance(value, str) else "cents" if isinstance(value, Decimal) else "whole"
            sheet.write(line, column, "" if value is None else _number(value), cells[kind])
    sheet.freeze_panes(4, len(figures.by))
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(3)
    book.close()
    return memory.getvalue()


def _pdf(figures: Figures, hall: str, language: Language, made_at: datetime) -> bytes:
    from hub.papers.paper import Column, Paper

    title = f"{hall}{'' if language == 'zh' else ': '}{TITLES[figures.kind][language]}"
    made = {"zh": "制表时间", "en": "Made"}[language]
    paper = Paper(title, f"{made} {made_at:%Y-%m-%d %H:%M}", made_at, landscape=len(figures.columns) > 8, lang=language)
    paper.heading(title, 16)
    paper.text_block(f"{figures.first.isoformat()} – {figures.last.isoformat()}", align="center")
    if said := _said(figures, language):
        paper.text_block(said)
    columns = [
        Column(HEADINGS[name][language], _share(figures, name), "left" if name in figures.by else "right")
        for name in figures.columns
    ]
    rows = [["" if value is None else str(value) for value in row.values()] for row in figures.rows]
    paper.grid(columns, rows, size=7 if len(columns) > 12 else 9)
    return paper.data()


def _share(figures: Figures, name: str) -> float:
    """Wide enough for the longest value; headings break."""
    longest = max((_columns(str(row[name])) for row in figures.rows if row[name] is not None), default=0)
    return min(24.0, max(6.0, longest + 1.5))


def _width(figures: Figures, name: str, language: Language) -> float:
    """Wide enough for the longest value and half the heading (which may wrap)."""
    longest = max((_columns(str(row[name])) for row in figures.rows if row[name] is not None), default=0)
    return min(40.0, max(9.0, longest + 2.0, _columns(HEADINGS[name][language]) * 0.65 + 2))


def _columns(text: str) -> int:
    return sum(2 if ord(character) > 0x2E7F else 1 for character in text)
