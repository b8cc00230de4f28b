"""What stands in one cell of a CSV file: text in, value out, or Unfit with the reason in both languages."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from hub.clock import micros

FIRST_YEAR, LAST_YEAR = 2000, 2199
TEXT_MOST = 200

_TIME = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?(Z|[+-]\d{2}:?\d{2})?", re.ASCII)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])", re.ASCII)
_INTEGER = re.compile(r"\d{1,9}", re.ASCII)
_BOOLEANS = {"true": True, "1": True, "false": False, "0": False}


class Unfit(ValueError):
    """Why a cell or a row cannot be taken."""

    def __init__(self, zh: str, en: str) -> None:
        self.zh, self.en = zh, en
        super().__init__(en)


class Names(Protocol):
    """Finds what a code or a name stands for."""

    def code(self, kind: str, text: str) -> str:
        """Raises Unfit for what is unknown or ambiguous."""


@dataclass(frozen=True)
class Context:
    """What reading needs of the hall. `hashed` makes the keyed hash of a person."""

    zone: ZoneInfo
    names: Names
    hashed: Callable[[str], str]
    tools: Mapping[str, Any] = field(default_factory=dict)


Read = Callable[[str, Context], Any]


@dataclass(frozen=True)
class Column:
    """A column of a file. An empty cell gives `default`; a `needed` column must be there and filled."""

    name: str
    read: Read
    needed: bool = True
    default: Any = None


def text(cell: str, _: Context) -> str:
    if len(cell) > TEXT_MOST:
        raise Unfit(f"超过 {TEXT_MOST} 个字", f"longer than {TEXT_MOST} characters")
    return cell


def boolean(cell: str, _: Context) -> bool:
    found = _BOOLEANS.get(cell.lower())
    if found is None:
        raise Unfit(f"“{cell}”应为 true、false、1 或 0", f"{cell!r} must be true, false, 1 or 0")
    return found


def integer(least: int = 0, most: int = 100_000) -> Read:
    def read(cell: str, _: Context) -> int:
        if not _INTEGER.fullmatch(cell) or not least <= int(cell) <= most:
            raise Unfit(f"“{cell}”应为 {least} 到 {most} 的整数", f"{cell!r} must be a whole number, {least} to {most}")
        return int(cell)

    return read


def decimal(least: int, most: int) -> Read:
    """Exact: kept as the text of the number."""

    def read(cell: str, _: Context) -> str:
        try:
            value = Decimal(cell)
        except InvalidOperation:
            value = Decimal("NaN")
        if not value.is_finite() or not least <= value <= most:
            raise Unfit(f"“{cell}”应为 {least} 到 {most} 的数", f"{cell!r} must be a number, {least} to {most}")
        return f"{value:f}"

    return read


def choice(*values: str) -> Read:
    def read(cell: str, _: Context) -> str:
        if cell not in values:
            told = " ".join(values)
            raise Unfit(f"“{cell}”应为 {told} 之一", f"{cell!r} must be one of {told}")
        return cell

    return read


def several(one: Read) -> Read:
    """A list joined by `|`, kept as such."""

    def read(cell: str, context: Context) -> str:
        return "|".join(str(one(part.strip(), context)) for part in cell.split("|") if part.strip())

    return read


def instant(cell: str, context: Context) -> int:
    """UTC microseconds; without an offset it is the hall's wall time."""
    try:
        at = datetime.fromisoformat(cell) if _TIME.fullmatch(cell) else None
    except ValueError:
        at = None
    if at is None or not FIRST_YEAR <= at.year <= LAST_YEAR:
        raise Unfit(
            f"“{cell}”不是时间，应写作 2026-03-02T09:30:00+08:00 或 2026-03-02 09:30",
            f"{cell!r} is no time; write 2026-03-02T09:30:00+08:00 or 2026-03-02 09:30",
        )
    return micros(at if at.tzinfo else at.replace(tzinfo=context.zone))


def day(cell: str, _: Context) -> str:
    return a_date(cell).isoformat()


def a_date(cell: str) -> date:
    """Raises Unfit."""
    try:
        found = date.fromisoformat(cell) if _DAY.fullmatch(cell) else None
    except ValueError:
        found = None
    if found is None or not FIRST_YEAR <= found.year <= LAST_YEAR:
        raise Unfit(f"“{cell}”不是日期，应写作 2026-03-02", f"{cell!r} is no date; write 2026-03-02")
    return found


def month(cell: str, _: Context) -> str:
    if not _MONTH.fullmatch(cell):
        raise Unfit(f"“{cell}”不是月份，应写作 2026-03", f"{cell!r} is no month; write 2026-03")
    return cell


def person(cell: str, context: Context) -> str:
    return context.hashed(cell)


def reference(kind: str) -> Read:
    """To a department, counter, clerk or service, by code or name."""

    def read(cell: str, context: Context) -> str:
        return context.names.code(kind, cell)

    return read


def days_off(cell: str, _: Context) -> tuple[tuple[date, date], ...]:
    """`from/to;from/to`, both inclusive. Raises Unfit."""
    return tuple(_span(part.strip()) for part in cell.split(";") if part.strip())


def _span(part: str) -> tuple[date, date]:
    first, slash, last = part.partition("/")
    if not slash:
        raise Unfit(
            f"“{part}”应写作 起/止，如 2026-03-02/2026-03-05", f"{part!r}: write from/to, 2026-03-02/2026-03-05"
        )
    span = a_date(first.strip()), a_date(last.strip())
    if span[0] > span[1]:
        raise Unfit(f"“{part}”的结束早于开始", f"{part!r} ends before it begins")
    return span
