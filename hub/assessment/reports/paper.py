"""The assessment as the paper that a hall signs: 通报 of all units, or the 考核报告 of one, as PDF."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from hub.assessment.reports.words import award_text, happenings, inputs_text, word
from hub.papers.paper import Column, Paper
from hub.wire import Language

Json = Mapping[str, Any]


def paper(document: Json, *, hall: str, language: Language, made_at: datetime) -> bytes:
    """The file's bytes. `document` is the contract's, of one unit or of all; `made_at` in hall time."""
    units = sorted(document.get("units") or [document], key=_by_rank)
    first = units[0] if units else None
    one = len(units) == 1 and "units" not in document
    period = first["period"] if first else document.get("period", "")
    title = word("report", language) if one else word("circular", language, period=period)
    made = Paper(title, f"{hall}　{word('made', language, at=f'{made_at:%Y-%m-%d %H:%M}')}", made_at, lang=language)
    made.heading(hall, 13)
    made.heading(title)
    if first:
        _opening(made, first, document, units, language)
        if not one:
            _overview(made, units, language)
        for unit in units:
            _unit(made, unit, language, alone=one)
        _readings(made, first, language)
    signed = [word(f"signed_{who}", language) for who in ("head", "reviewer", "maker")]
    made.signatures(signed, word("sealed", language, year=made_at.year))
    return made.data()


def _opening(made: Paper, first: Json, document: Json, units: list[Json], language: Language) -> None:
    source = first["source"]
    made.text_block(
        word("basis", language, source=source, first=first["from"], last=first["to"]), indent=language == "zh"
    )
    if first["available_points"] != "100.00":
        made.text_block(word("incomplete_text", language, points=first["available_points"]), indent=language == "zh")
    closed = document.get("closed")
    if closed:
        told = {"by": closed["by"], "at": closed["at"][:16].replace("T", " "), "sha256": closed["sha256"][:16]}
        made.text_block(word("closed", language, **told), indent=language == "zh")
    else:
        made.text_block(word("not_closed", language), indent=language == "zh")
    if any(unit["provisional"] for unit in units):
        made.text_block(word("provisional", language), indent=language == "zh")


def _overview(made: Paper, units: list[Json], language: Language) -> None:
    names = (("rank", 1.2), ("unit", 5), ("base", 2), ("bonus", 2), ("deduction", 2), ("total", 2), ("award", 3))
    columns = [
        Column(word(name, language), share, "right" if name in ("base", "bonus", "deduction", "total") else "left")
        for name, share in names
    ] + [Column(word("state", language), 2)]
    rows = [
        [
            "" if unit.get("rank") is None else str(unit["rank"]),
            unit["unit"],
            *(unit[name] if unit[name] is not None else word("no_data", language) for name, _ in names[2:6]),
            award_text(unit.get("award") or unit.get("grade"), language),
            word("is_provisional", language) if unit["provisional"] else "",
        ]
        for unit in units
    ]
    made.section(word("overview", language))
    made.grid(columns, rows)


def _unit(made: Paper, unit: Json, language: Language, *, alone: bool) -> None:
    made.section(unit["unit"] if not alone else f"{unit['unit']}　{unit['title']}　{unit['period']}", keep_mm=50)
    totals = "　".join(
        f"{word(name, language)} {unit[name] if unit[name] is not None else word('no_data', language)}"
        for name in ("base", "bonus", "deduction", "total")
    )
    made.text_block(totals)
    if unit.get("class"):
        made.text_block(unit["class"]["title"])
    columns = [
        Column(word("code", language), 1.3),
        Column(word("title", language), 6),
        Column(word("points", language), 1.5, "right"),
        Column(word("score", language), 1.6, "right"),
        Column(word("inputs", language), 5),
    ]
    made.grid(columns, [_item(item, language) for item in unit["items"]], size=8)
    rows = [
        [item["code"], one["what"], one["when"], one["points"], one["who"]]
        for item in unit["items"]
        for one in happenings(item, language)
    ]
    if rows:
        heads = (("code", 1.3), ("what", 7), ("when", 3), ("points", 1.5), ("who", 3))
        made.grid([Column(word(name, language), share) for name, share in heads], rows, size=8)


def _item(item: Json, language: Language) -> list[str]:
    score = word("no_data", language) if item["score"] is None else item["score"]
    if item.get("bonus"):
        score = f"{score}\n+{item['bonus']}"
    marks = [inputs_text(item["inputs"], language), word("is_provisional", language) if item["provisional"] else ""]
    return [item["code"], item["title"], item["points"] or "", score, "\n".join(mark for mark in marks if mark)]


def _readings(made: Paper, unit: Json, language: Language) -> None:
    """What the text leaves open and how it was read: printed on every report."""
    if not unit["readings_text"]:
        return
    made.section(word("readings", language))
    columns = [
        Column(word("reading", language), 4),
        Column(word("choice", language), 6),
        Column(word("article", language), 2),
    ]
    rows = [[one["title"], one["text"], one["article"]] for one in unit["readings_text"]]
    made.grid(columns, rows, size=8)


def _by_rank(unit: Json) -> tuple[int, str]:
    rank = unit.get("rank")
    return (10**6 if rank is None else rank, unit["unit"])
