"""The assessment as xlsx: a sheet for each unit whose totals are formulas over its items, and an overview over them.

Every formula is stored together with its value, so that viewers that do not compute show the same.
"""

import io
import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from hub.assessment.reports.words import award_text, happenings, inputs_text, word
from hub.assessment.scheme import Group, Scheme
from hub.wire import Language

Json = Mapping[str, Any]

_HEAD = 5
"""Row of the items' heading, from 0."""
_ITEMS = ("code", "title", "article", "points", "score", "extra", "counts_as", "inputs", "reading", "state")
_WIDTHS = (8, 46, 14, 9, 10, 11, 12, 44, 30, 10)
_SUMS = ("base", "bonus", "deduction", "total")
_OVERVIEW = ("rank", "unit", *_SUMS, "award", "state")


def book(document: Json, scheme: Scheme, *, hall: str, language: Language) -> bytes:
    """The file's bytes. `document` is the contract's, of one unit or of all."""
    import xlsxwriter

    memory = io.BytesIO()
    workbook = xlsxwriter.Workbook(memory, {"in_memory": True})
    made = _Book(workbook, scheme, language)
    units = document.get("units") or [document]
    overview = workbook.add_worksheet(word("overview", language))
    places = {unit["unit"]: made.unit(unit) for unit in units}
    made.overview(overview, units, places, hall)
    workbook.close()
    return memory.getvalue()


@dataclass(frozen=True)
class _Place:
    """Where a unit's sums stand."""

    sheet: str
    cells: dict[str, str]


class _Book:
    def __init__(self, workbook: Any, scheme: Scheme, language: Language) -> None:
        self._book = workbook
        self._scheme = scheme
        self._language: Language = language
        self._names: set[str] = {word("overview", language).lower()}
        font = {"font_name": "微软雅黑", "font_size": 10, "valign": "vcenter"}
        boxed = {**font, "border": 1, "text_wrap": True}
        self.title = workbook.add_format({**font, "bold": True, "font_size": 15})
        self.plain = workbook.add_format({**font})
        self.head = workbook.add_format({**boxed, "bold": True, "bg_color": "#1F4E79", "font_color": "#FFFFFF"})
        self.text = workbook.add_format({**boxed, "num_format": "@"})
        self.cents = workbook.add_format({**boxed, "num_format": "0.00", "align": "right"})
        self.sum = workbook.add_format({**boxed, "num_format": "0.00", "align": "right", "bold": True})

    # -- one unit

    def unit(self, unit: Json) -> _Place:
        sheet = self._book.add_worksheet(self._name(unit["unit"]))
        self._unit_head(sheet, unit)
        for column, (name, width) in enumerate(zip(_ITEMS, _WIDTHS, strict=True)):
            sheet.set_column(column, column, width)
            sheet.write_string(_HEAD, column, word(name, self._language), self.head)
        items = unit["items"]
        for row, item in enumerate(items, _HEAD + 1):
            self._item(sheet, row, item, unit)
        last = _HEAD + len(items)
        after, groups = self._groups(sheet, last + 2, unit, last)
        cells = self._sums(sheet, after + 1, unit, last, groups)
        self._happenings(sheet, after + 7, unit)
        sheet.freeze_panes(_HEAD + 1, 2)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(_HEAD)
        return _Place(sheet.get_name(), cells)

    def _name(self, unit: str) -> str:
        """A name that a sheet may have: 31 characters, none of []:*?/\\, no other sheet's."""
        wanted = re.sub(r"[\[\]:*?/\\']", " ", unit).strip()[:28] or "-"
        name, again = wanted, 1
        while name.lower() in self._names:
            again += 1
            name = f"{wanted} {again}"
        self._names.add(name.lower())
        return name

    def _unit_head(self, sheet: Any, unit: Json) -> None:
        language = self._language
        sheet.write_string(0, 0, f"{unit['title']}　{unit['unit']}", self.title)
        sheet.write_string(1, 0, f"{unit['period']}（{unit['from']} – {unit['to']}）", self.plain)
        sheet.write_string(2, 0, unit["source"], self.plain)
        sheet.write_string(3, 0, word("provisional", language) if unit["provisional"] else "", self.plain)
        sheet.set_row(0, 24)

    def _item(self, sheet: Any, row: int, item: Json, unit: Json) -> None:
        language = self._language
        sheet.write_string(row, 0, item["code"], self.text)
        sheet.write_string(row, 1, item["title"], self.text)
        sheet.write_string(row, 2, item.get("article", ""), self.text)
        self._number(sheet, row, 3, item["points"])
        self._number(sheet, row, 4, item["score"])
        self._number(sheet, row, 5, item.get("bonus"))
        sheet.write_string(row, 6, self._counts_as(item, unit), self.text)
        sheet.write_string(row, 7, inputs_text(item["inputs"], language), self.text)
        sheet.write_string(row, 8, self._readings(item, unit), self.text)
        state = word("no_data", language) if item["score"] is None else ""
        sheet.write_string(row, 9, word("is_provisional", language) if item["provisional"] else state, self.text)

    def _number(self, sheet: Any, row: int, column: int, value: str | None) -> None:
        if value is None:
            sheet.write_blank(row, column, None, self.cents)
        else:
            sheet.write_number(row, column, float(value), self.cents)

    def _counts_as(self, item: Json, unit: Json) -> str:
        """The word that the formulas look for: base, outside (added or taken), pool and its group, part, or nothing."""
        if _longer(unit):
            return "part" if item["kind"] == "part" else "base"
        group = self._group(item)
        if group is not None and group.pool:
            return f"pool {group.code}" if item["kind"] != "veto" else "veto"
        return "outside" if item["kind"] in ("bonus", "deduct") else "base"

    def _group(self, item: Json) -> Group | None:
        return next((one for one in self._scheme.groups if one.code == item.get("group")), None)

    def _readings(self, item: Json, unit: Json) -> str:
        texts = {one["name"]: f"{one['title']}：{one['text']}" for one in unit["readings_text"]}
        return "\n".join(texts[name] for name in item.get("reading", {}) if name in texts)

    def _groups(self, sheet: Any, row: int, unit: Json, last: int) -> tuple[int, dict[str, str]]:
        """Halves that have a pool are sums of their own; the cells they stand in, by group."""
        cells: dict[str, str] = {}
        for one in unit["groups"]:
            group = next(known for known in self._scheme.groups if known.code == one["code"])
            if not group.pool:
                continue
            sheet.write_string(row, 1, group.names[self._language], self.text)
            self._number(sheet, row, 3, one["points"])
            taken = f'SUMIFS({_range("E", last)},{_range("G", last)},"pool {group.code}")'
            left = f"ROUND(D{row + 1}+{taken},2)"
            floored = unit["readings"].get("half_floor", "zero") == "zero"
            formula = "=0" if one["vetoed"] else f"=MAX(0,{left})" if floored else f"={left}"
            sheet.write_formula(row, 4, formula, self.sum, float(one["score"]))
            cells[group.code] = f"E{row + 1}"
            row += 1
        return row, cells

    def _sums(self, sheet: Any, row: int, unit: Json, last: int, groups: Mapping[str, str]) -> dict[str, str]:
        """Base, bonus, deduction, total: each a formula with its value."""
        formulas = self._formulas(unit, last, groups, row)
        cells = {}
        for name in _SUMS:
            sheet.write_string(row, 3, word(name, self._language), self.head)
            value = unit[name]
            if value is None:
                sheet.write_string(row, 4, word("no_data", self._language), self.text)
            else:
                sheet.write_formula(row, 4, formulas[name], self.sum, float(value))
            cells[name] = f"E{row + 1}"
            row += 1
        return cells

    def _formulas(self, unit: Json, last: int, groups: Mapping[str, str], row: int) -> dict[str, str]:
        base, bonus, deduction, total = (f"E{row + at}" for at in range(1, 5))
        score, extra, kind = (_range(column, last) for column in "EFG")
        adding = f"{base}+{bonus}-{deduction}"
        if _longer(unit) and any(item["kind"] == "part" for item in unit["items"]):
            together = "SUM" if unit["readings"].get("annual") == "sum" else "AVERAGE"
            parts = {name: _array(unit, name) for name in ("bonus", "deduction")}
            return {
                "base": f"=ROUND({total}-{bonus}+{deduction},2)",
                "bonus": f"=ROUND({together}({parts['bonus']}),2)",
                "deduction": f"=ROUND({together}({parts['deduction']}),2)",
                "total": f"=ROUND({together}({score}),2)",
            }
        pools = "".join(f"+{cell}" for cell in groups.values())
        gained = f'ROUND(SUMIFS({score},{kind},"outside",{score},">0")+SUM({extra}),2)'
        taken = f'ROUND(-SUMIFS({score},{kind},"outside",{score},"<0"),2)'
        cap = self._scheme.bonus_cap
        stops = unit["readings"].get("total_floor") == "zero" and unit["base"] is not None
        return {
            "base": f'=ROUND(SUMIFS({score},{kind},"base"){pools},2)',
            "bonus": f"={gained}" if cap is None else f"=MIN({gained},{float(cap):g})",
            "deduction": f"=MIN({taken},{base}+{bonus})" if stops else f"={taken}",
            "total": f"=ROUND({adding},2)",
        }

    def _happenings(self, sheet: Any, row: int, unit: Json) -> None:
        """Below the sums: what each score is made of, line by line."""
        names = ("code", "what", "when", "points", "who")
        rows = [(item["code"], one) for item in unit["items"] for one in happenings(item, self._language)]
        if not rows:
            return
        sheet.write_string(row, 0, word("happenings", self._language), self.title)
        for column, name in enumerate(names):
            sheet.write_string(row + 1, column, word(name, self._language), self.head)
        for line, (code, one) in enumerate(rows, row + 2):
            for column, value in enumerate((code, one["what"], one["when"], one["points"], one["who"])):
                sheet.write_string(line, column, value, self.text)

    # -- all units

    def overview(self, sheet: Any, units: list[Json], places: Mapping[str, _Place], hall: str) -> None:
        language, first = self._language, units[0] if units else None
        sheet.write_string(0, 0, f"{hall}　{word('report', language)}", self.title)
        if first:
            sheet.write_string(
                1, 0, f"{first['title']}　{first['period']}（{first['from']} – {first['to']}）", self.plain
            )
        for column, (name, width) in enumerate(zip(_OVERVIEW, (7, 30, 11, 11, 11, 11, 16, 10), strict=True)):
            sheet.set_column(column, column, width)
            sheet.write_string(3, column, word(name, language), self.head)
        for row, unit in enumerate(sorted(units, key=_by_rank), 4):
            self._overview_row(sheet, row, unit, places[unit["unit"]])
        sheet.freeze_panes(4, 2)
        sheet.fit_to_pages(1, 0)

    def _overview_row(self, sheet: Any, row: int, unit: Json, place: _Place) -> None:
        language = self._language
        rank = unit.get("rank")
        sheet.write_string(row, 0, "" if rank is None else str(rank), self.text)
        sheet.write_string(row, 1, unit["unit"], self.text)
        for column, name in enumerate(_SUMS, 2):
            if unit[name] is None:
                sheet.write_string(row, column, word("no_data", language), self.text)
            else:
                formula = f"='{place.sheet}'!{place.cells[name]}"
                sheet.write_formula(row, column, formula, self.cents, float(unit[name]))
        sheet.write_string(row, 6, award_text(unit.get("award") or unit.get("grade"), language), self.text)
        sheet.write_string(row, 7, word("is_provisional", language) if unit["provisional"] else "", self.text)


def _longer(unit: Json) -> bool:
    """A period made of shorter ones."""
    return "parts" in unit


def _array(unit: Json, name: str) -> str:
    """The parts' own sums, as they are printed in what the item was computed from."""
    values = [item["inputs"][name] for item in unit["items"] if item["score"] is not None]
    return ",".join(str(Decimal(value)) for value in values if value is not None)


def _range(column: str, last: int) -> str:
    return f"{column}{_HEAD + 2}:{column}{last + 1}"


def _by_rank(unit: Json) -> tuple[int, str]:
    rank = unit.get("rank")
    return (10**6 if rank is None else rank, unit["unit"])
