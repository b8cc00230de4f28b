"""Rows as files, written piece by piece: csv (UTF-8 with BOM), json, xlsx up to what a sheet can hold."""

import csv
import io
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from hub.figures.lists import Row
from hub.problems import Invalid

#: A sheet of xlsx ends here (ECMA-376 leaves it open; every spreadsheet program stops at 2^20).
SHEET_ROWS = 2**20


def csv_head(columns: tuple[str, ...]) -> bytes:
    return (",".join(columns) + "\r\n").encode("utf-8-sig")


def csv_rows(columns: tuple[str, ...], rows: Iterable[Row]) -> bytes:
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, lineterminator="\r\n")
    writer.writerows({name: _safe(value) for name, value in row.items()} for row in rows)
    return text.getvalue().encode()


def _safe(value: Any) -> Any:
    """A text that a spreadsheet would run as a formula is kept a text (CSV injection)."""
    return f"'{value}" if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r") else value


def json_rows(rows: Iterable[Row]) -> bytes:
    """An object a line, each ended by a comma; absent members are absent."""
    return b"".join(json.dumps(_present(row), ensure_ascii=False).encode() + b",\n" for row in rows)


def _present(row: Row) -> Row:
    return {name: value for name, value in row.items() if value is not None}


class SheetFile:
    """An xlsx that is written row by row into a temporary file; `data` is the whole of it."""

    def __init__(self, out: Path, title: str, columns: tuple[str, ...]) -> None:
        import xlsxwriter

        self._columns = columns
        self._line = 1
        self._book = xlsxwriter.Workbook(out, {"constant_memory": True})
        self._sheet = self._book.add_worksheet(title)
        head = self._book.add_format({"bold": True, "bg_color": "#1F4E79", "font_color": "#FFFFFF"})
        for column, name in enumerate(columns):
            self._sheet.write_string(0, column, name, head)
            self._sheet.set_column(column, column, max(10, len(name) + 2))
        self._sheet.freeze_panes(1, 0)

    def write(self, rows: Iterable[Row]) -> None:
        """Raises Invalid when a sheet cannot hold the rows: then csv can."""
        for row in rows:
            if self._line >= SHEET_ROWS:
                raise Invalid("format", f"xlsx > {SHEET_ROWS - 1:,} 行 / rows → csv")
            for column, name in enumerate(self._columns):
                self._cell(column, row[name])
            self._line += 1

    def _cell(self, column: int, value: Any) -> None:
        if isinstance(value, int):
            self._sheet.write_number(self._line, column, value)
        elif value is not None:
            self._sheet.write_string(self._line, column, value)

    def close(self) -> None:
        self._book.close()
