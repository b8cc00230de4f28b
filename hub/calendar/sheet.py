"""Reading the calendar's CSV: the whole file is looked at, every bad line is named. Pure.

UTF-8 with or without BOM, header = line 1, columns `date, kind, name` in any order.
"""

import csv
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from io import StringIO
from typing import TYPE_CHECKING, get_args

from hub.calendar.dates import NATIONAL, Calendar, NamedDay, missing_fixed
from hub.problems import BadLine, BadLines
from hub.wire import DateKind

if TYPE_CHECKING:
    from _csv import Reader

COLUMNS = ("date", "kind", "name")
KINDS: tuple[DateKind, ...] = get_args(DateKind)
NAME_MOST = 80
FIRST_YEAR, LAST_YEAR = 2000, 2199
SATURDAY = 5

Numbered = tuple[int, NamedDay]


@dataclass(frozen=True)
class Sheet:
    """The days that could be read, each with its line, and the lines that could not."""

    rows: tuple[Numbered, ...]
    bad: tuple[BadLine, ...] = ()


def sheet_of(days: Iterable[NamedDay]) -> Sheet:
    """Days that come without lines count from 1."""
    return Sheet(tuple(enumerate(days, start=1)))


def read_sheet(text: str) -> Sheet:
    rows, bad = _rows(text)
    return Sheet(tuple(rows), tuple(bad))


def checked(sheet: Sheet, known: Calendar, *, year: int | None = None, whole_years: bool = True) -> list[NamedDay]:
    """The days, if all of them can be taken together. Raises BadLines.

    With `whole_years` a year needs its national arrangement: the sheet's, or the one the calendar knows already.
    """
    rows = sheet.rows
    found = [*sheet.bad, *_twice(rows), *(line for row in rows for line in _wrong(row, year))]
    if not found and not rows:
        found = [BadLine(1, "没有任何日期", "there is not one date")]
    if whole_years and not found:
        found = [line for one in sorted({day.date.year for _, day in rows}) for line in _torn(rows, known, one)]
    if found:
        raise BadLines(found)
    return [day for _, day in rows]


def _rows(text: str) -> tuple[list[Numbered], list[BadLine]]:
    reader = csv.reader(StringIO(text.removeprefix("\ufeff"), newline=""))
    try:
        header = [cell.strip() for cell in next(reader, [])]
        if sorted(header) != sorted(COLUMNS):
            told = ", ".join(header) or "—"
            return [], [
                BadLine(
                    1, f"表头应为 date, kind, name，而不是 {told}", f"the header must be date, kind, name; it is {told}"
                )
            ]
        return _parsed(reader, header)
    except csv.Error as error:
        return [], [BadLine(reader.line_num, f"不是有效的 CSV：{error}", f"not valid CSV: {error}")]


def _parsed(reader: "Reader", header: list[str]) -> tuple[list[Numbered], list[BadLine]]:
    rows: list[Numbered] = []
    bad: list[BadLine] = []
    for cells in reader:
        line = reader.line_num
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) != len(header):
            bad.append(
                BadLine(
                    line, f"应有 {len(header)} 列，而不是 {len(cells)} 列", f"{len(cells)} cells, not {len(header)}"
                )
            )
            continue
        row = {name: cell.strip() for name, cell in zip(header, cells, strict=True)}
        try:
            rows.append((line, _day(row)))
        except ValueError:
            bad.extend(_unreadable(line, row))
    return rows, bad


def _day(row: dict[str, str]) -> NamedDay:
    """Raises ValueError; `_unreadable` says why."""
    if row["kind"] not in KINDS or not 0 < len(row["name"]) <= NAME_MOST:
        raise ValueError(row)
    return NamedDay(_date(row["date"]), row["kind"], row["name"])


def _date(text: str) -> date:
    """Only `2026-10-01`: the other forms of ISO 8601 look too much like something else."""
    day = date.fromisoformat(text)
    if day.isoformat() != text:
        raise ValueError(text)
    return day


def _unreadable(line: int, row: dict[str, str]) -> Iterator[BadLine]:
    try:
        _date(row["date"])
    except ValueError:
        yield BadLine(
            line, f"“{row['date']}”不是日期，应写作 2026-10-01", f"{row['date']!r} is no date; write 2026-10-01"
        )
    if row["kind"] not in KINDS:
        kinds = " ".join(KINDS)
        yield BadLine(line, f"kind “{row['kind']}”应为 {kinds} 之一", f"kind {row['kind']!r} must be one of {kinds}")
    if not row["name"]:
        yield BadLine(line, "缺少名称 name", "the name is missing")
    if len(row["name"]) > NAME_MOST:
        yield BadLine(line, f"名称超过 {NAME_MOST} 个字", f"the name is longer than {NAME_MOST} characters")


def _twice(rows: Sequence[Numbered]) -> Iterator[BadLine]:
    first: dict[date, int] = {}
    for line, day in rows:
        if day.date in first:
            at = first[day.date]
            yield BadLine(line, f"{day.date} 重复（第 {at} 行已有）", f"{day.date} stands on line {at} already")
        first.setdefault(day.date, line)


def _wrong(row: Numbered, year: int | None) -> Iterator[BadLine]:
    line, day = row
    if year is not None and day.date.year != year:
        yield BadLine(line, f"{day.date} 不在 {year} 年内", f"{day.date} is not in {year}")
    if not FIRST_YEAR <= day.date.year <= LAST_YEAR:
        yield BadLine(line, f"{day.date} 不是合理的年份", f"{day.date} is no sensible year")
    if day.kind == "make_up_work" and day.date.weekday() < SATURDAY:
        yield BadLine(
            line,
            f"{day.date} 不是周末，不能是调休上班（make_up_work）",
            f"{day.date} is no weekend, so it cannot be make_up_work",
        )


def _torn(rows: Sequence[Numbered], known: Calendar, year: int) -> Iterator[BadLine]:
    """A year whose national arrangement would not be whole, told at the first of its lines."""
    of_year = [(line, day) for line, day in rows if day.date.year == year]
    national = [day for _, day in of_year if day.kind in NATIONAL]
    line = of_year[0][0]
    if not national and year not in known.years:
        yield BadLine(
            line,
            f"{year} 年的全国放假安排还没有导入，不能只导入地方假",
            f"{year} has no national arrangement yet; local holidays alone do not make a year",
        )
    for missing in missing_fixed(national, year) if national else []:
        yield BadLine(
            line,
            f"{year} 年的安排不完整：缺少法定节假日 {missing}",
            f"{year} is not whole: the public holiday {missing} is missing",
        )
