"""`GET /exports/tickets.csv` and `hall export tickets`: rows a day at a time, into the response or a file."""

import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

from hub.figures.codes import CODE_TABLES
from hub.figures.files import FORMATS, Format
from hub.figures.list_files import SheetFile, csv_head, csv_rows, json_rows
from hub.figures.lists import LISTS, Listing, listing, pages
from hub.journal import RunSql
from hub.problems import Invalid, Unknown
from hub.store import Reader

PIECE_BYTES = 1 << 20

#: Runs a query, as `Store.read` does.
Read = Callable[[Callable[[Reader], bytes | None]], Awaitable[bytes | None]]


@dataclass(frozen=True)
class ListQuestion:
    """Which rows as which kind of file."""

    rows: Listing
    form: Format


def list_question(kind: str, form: str, first: date, last: date, zone: ZoneInfo, codes: str | None) -> ListQuestion:
    """Raises Unknown (export, format, codes), Invalid for days in the wrong order."""
    known = next((name for name in LISTS if name == kind), None)
    chosen = next((name for name in FORMATS if name == form and name != "pdf"), None)  # years of rows are no paper
    table = next((name for name in CODE_TABLES if name == codes), None)
    if known is None:
        raise Unknown("export", kind)
    if chosen is None:
        raise Unknown("format", form)
    if codes and table is None:
        raise Unknown("codes", codes)
    if last < first:
        raise Invalid("to", f"{last} < {first}")
    return ListQuestion(listing(known, first, last, zone, table), chosen)


async def stream(
    read: Read, asked: ListQuestion, on_day: Callable[[int], None] = lambda days: None
) -> AsyncIterator[bytes]:
    """The file in pieces. `on_day` hears how many days are done. Raises Invalid when xlsx cannot hold the rows."""
    if asked.form == "xlsx":
        async for piece in _sheet(read, asked.rows, on_day):
            yield piece
        return
    columns = asked.rows.columns
    yield csv_head(columns) if asked.form == "csv" else b"[\n"
    held = b""
    for done, page in enumerate(pages(asked.rows), 1):
        made = await read(
            _piece(page, lambda rows: csv_rows(columns, rows) if asked.form == "csv" else json_rows(rows))
        )
        on_day(done)
        if asked.form == "csv":
            yield made or b""
        elif made:  # the last comma is taken back
            yield held
            held = made
    if asked.form == "json":
        yield held.removesuffix(b",\n") + (b"\n" if held else b"") + b"]\n"


def _piece(
    page: Callable[[RunSql], Iterator[dict[str, str | int | None]]], made: Callable[..., bytes | None]
) -> Callable[[Reader], bytes | None]:
    return lambda reader: made(page(reader.rows))


async def _sheet(read: Read, asked: Listing, on_day: Callable[[int], None]) -> AsyncIterator[bytes]:
    with tempfile.TemporaryDirectory(prefix="hall-export-") as folder:
        file = Path(folder) / "rows.xlsx"
        with closing(SheetFile(file, asked.kind, asked.columns)) as sheet:
            for done, page in enumerate(pages(asked), 1):
                await read(_piece(page, sheet.write))
                on_day(done)
        with file.open("rb") as data:
            while piece := data.read(PIECE_BYTES):
                yield piece
