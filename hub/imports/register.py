"""What a register's file looks like and what becomes of a line."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from hub.imports.cells import Column, Context, Unfit
from hub.problems import BadLine

#: Rows to store, each with its table.
Rows = list[tuple[str, dict[str, Any]]]


def as_it_is(table: str) -> Callable[[dict[str, Any], Context], Rows]:
    """One row with the file's columns."""

    def make(line: dict[str, Any], _: Context) -> Rows:
        return [(table, line)]

    return make


def nothing_more(line: Mapping[str, Any]) -> Iterator[Unfit]:
    """A register whose lines need no look at several columns at once."""
    del line
    return iter(())


@dataclass(frozen=True)
class Register:
    """One kind of file. `key` are the columns that name a row once; the first table of `tables` holds it.

    Where nothing names a row (findings), the same file is not taken twice instead. `probe` is the column of the key by
    which rows that are stored already are looked up, many at a time. `check` looks at a line whose cells could all be
    read; `rows` makes what is stored, and may raise Unfit.
    """

    name: str
    tables: tuple[str, ...]
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    rows: Callable[[dict[str, Any], Context], Rows]
    check: Callable[[Mapping[str, Any]], Iterator[Unfit]] = nothing_more
    probe: str = ""
    days: tuple[str, ...] = ()
    """Columns of the first table that name hall days whose figures the rows change."""

    @property
    def table(self) -> str:
        return self.tables[0]

    @property
    def probed(self) -> str:
        """Only of a register that has a key."""
        return self.probe or self.key[0]

    @property
    def needed(self) -> frozenset[str]:
        return frozenset(column.name for column in self.columns if column.needed)

    @property
    def names(self) -> frozenset[str]:
        return frozenset(column.name for column in self.columns)


def header_faults(register: Register, header: tuple[str, ...]) -> Iterator[BadLine]:
    """What is missing from, unknown in or repeated in the header."""
    if missing := sorted(register.needed - set(header)):
        told = ", ".join(missing)
        yield BadLine(1, f"表头缺少：{told}", f"the header lacks {told}")
    if unknown := sorted(set(header) - register.names):
        told = ", ".join(name or "(empty)" for name in unknown)
        yield BadLine(1, f"表头有未知的列：{told}", f"the header has unknown columns: {told}")
    if twice := sorted({name for name in header if header.count(name) > 1} & register.names):
        told = ", ".join(twice)
        yield BadLine(1, f"表头重复：{told}", f"the header repeats {told}")


def told_apart(registers: tuple[Register, ...], header: tuple[str, ...]) -> Register | None:
    """The one register whose columns these are; None when none fits or several do."""
    found = [one for one in registers if one.needed <= set(header) <= one.names]
    return found[0] if len(found) == 1 else None


def read_line(
    register: Register, header: tuple[str, ...], cells: list[str], context: Context
) -> tuple[dict[str, Any], list[Unfit]]:
    """The line's values and everything that is wrong with it."""
    given = dict(zip(header, (cell.strip() for cell in cells), strict=True))
    values: dict[str, Any] = {}
    wrong: list[Unfit] = []
    for column in register.columns:
        cell = given.get(column.name, "")
        if not cell:
            values[column.name] = column.default
            if column.needed:
                wrong.append(Unfit(f"{column.name} 不能为空", f"{column.name} is empty"))
            continue
        try:
            values[column.name] = column.read(cell, context)
        except Unfit as unfit:
            wrong.append(Unfit(f"{column.name}：{unfit.zh}", f"{column.name}: {unfit.en}"))
    return values, wrong or list(register.check(values))
