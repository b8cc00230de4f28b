"""The first reading of a file: everything that is wrong with it, and nothing stored."""

import sqlite3
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any

from hub.imports.cells import Context, Unfit
from hub.imports.lines import Lines, not_utf8
from hub.imports.register import Register, header_faults, read_line, told_apart
from hub.problems import BadLine, BadLines

#: More bad lines than this are counted, not named.
NAMED_MOST = 10_000
#: Lines that are looked up in the database together.
TOGETHER = 400

Key = tuple[Any, ...]
#: Which of these keys are stored already.
Stored = Callable[[Register, Sequence[Key]], Awaitable[set[Key]]]
Progress = Callable[[str, int, int, int], None]


@dataclass
class Faults:
    """What is wrong with a file."""

    lines: list[BadLine] = field(default_factory=list)
    more: int = 0

    def add(self, line: int, zh: str, en: str) -> None:
        if len(self.lines) < NAMED_MOST:
            self.lines.append(BadLine(line, zh, en))
        else:
            self.more += 1

    def stop(self) -> None:
        """Raises BadLines when there is any fault."""
        if not self.lines:
            return
        if self.more:
            last = self.lines[-1].line
            self.lines.append(BadLine(last, f"此后还有 {self.more} 处错误", f"{self.more} more mistakes after this"))
        raise BadLines(self.lines)


class SeenKeys:
    """The keys of a file, each with its line, beside the memory: a file may have millions."""

    def __init__(self) -> None:
        self._kept = sqlite3.connect("")  # a temporary database of its own, gone when it is closed
        self._kept.execute("CREATE TABLE seen (key TEXT PRIMARY KEY, line INTEGER) WITHOUT ROWID")

    def first_line(self, key: Key, line: int) -> int:
        """The line on which the key came first; this one, when it is new."""
        text = "\x1f".join(str(part) for part in key)
        added = self._kept.execute("INSERT OR IGNORE INTO seen VALUES (?, ?)", (text, line))
        if added.rowcount:
            return line
        return int(self._kept.execute("SELECT line FROM seen WHERE key = ?", (text,)).fetchone()[0])

    def close(self) -> None:
        self._kept.close()


def register_of(lines: Lines, registers: tuple[Register, ...]) -> Register:
    """Which of the registers the file is. Raises BadLines."""
    header = header_of(lines)
    register = registers[0] if len(registers) == 1 else told_apart(registers, header)
    faults = Faults()
    if register is None:
        known = " · ".join(one.name for one in registers)
        told = ", ".join(header) or "—"
        faults.add(
            1,
            f"由表头（{told}）看不出是哪一种登记；可导入：{known}",
            f"the header ({told}) is none of these registers: {known}",
        )
        faults.stop()
    assert register is not None
    faults.lines += header_faults(register, header)
    faults.stop()
    return register


def header_of(lines: Lines) -> tuple[str, ...]:
    """Line 1, as it is."""
    number, cells = next(iter(lines), (1, BadLine(1, "文件是空的", "the file is empty")))
    if isinstance(cells, BadLine):
        raise BadLines([cells])
    if number != 1:
        raise BadLines([BadLine(1, "第 1 行应为表头", "line 1 must be the header")])
    return tuple(cell.strip() for cell in cells)


def good_lines(
    register: Register, lines: Lines, context: Context, faults: Faults
) -> Iterator[tuple[int, dict[str, Any]]]:
    """Number and values of every line that can be read; the others are told to `faults`."""
    header: tuple[str, ...] = ()
    for number, cells in lines:
        if isinstance(cells, BadLine):
            faults.add(number, cells.zh, cells.en)
        elif not header:
            header = tuple(cell.strip() for cell in cells)
        elif not_utf8(cells):
            faults.add(number, "不是 UTF-8 编码", "this is not UTF-8")
        elif len(cells) != len(header):
            told = f"{len(cells)} cells, not {len(header)}"
            faults.add(number, f"应有 {len(header)} 列，而不是 {len(cells)} 列", told)
        else:
            values, wrong = read_line(register, header, cells, context)
            for unfit in wrong:
                faults.add(number, unfit.zh, unfit.en)
            if not wrong:
                yield number, values


async def check(register: Register, lines: Lines, context: Context, stored: Stored, progress: Progress) -> int:
    """How many rows the file has. Raises BadLines naming every bad line."""
    faults, count = Faults(), 0
    waiting: list[tuple[int, Key]] = []
    with closing(SeenKeys()) as seen:
        for number, values in good_lines(register, lines, context, faults):
            count += 1
            key = _key_of(register, values, number, context, faults)
            if not key:
                continue
            first = seen.first_line(key, number)
            if first != number:
                told = _told(register, key)
                faults.add(number, f"{told} 重复（第 {first} 行已有）", f"{told} stands on line {first} already")
                continue
            waiting.append((number, key))
            if len(waiting) == TOGETHER:
                await _look_up(register, waiting, stored, faults)
                progress("check", lines.read_bytes, lines.size, count)
        await _look_up(register, waiting, stored, faults)
    if not count and not faults.lines:
        faults.add(1, "没有任何数据行", "there is not one row")
    faults.stop()
    progress("check", lines.size, lines.size, count)
    return count


def _key_of(register: Register, values: dict[str, Any], number: int, context: Context, faults: Faults) -> Key | None:
    """As it will be stored; None when the line cannot become a row after all."""
    try:
        _, row = register.rows(values, context)[0]
    except Unfit as unfit:
        faults.add(number, unfit.zh, unfit.en)
        return None
    return tuple(row[name] for name in register.key)


async def _look_up(register: Register, waiting: list[tuple[int, Key]], stored: Stored, faults: Faults) -> None:
    known = await stored(register, [key for _, key in waiting]) if waiting else set()
    for number, key in waiting:
        if key in known:
            told = _told(register, key)
            faults.add(number, f"{told} 已在登记中", f"{told} is in the register already")
    waiting.clear()


def _told(register: Register, key: Key) -> str:
    """The key for people, without what was hashed."""
    hashed = {"person", "applicant"}
    return " ".join(f"{name}={part}" for name, part in zip(register.key, key, strict=True) if name not in hashed)
