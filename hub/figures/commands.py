"""`hall export`."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import IO, TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from hub.figures.exports import Question
    from hub.settings import Settings
    from hub.store import Reader, Store
    from hub.wire import Language


def export(
    kind: Annotated[
        str,
        typer.Argument(
            help="satisfaction | reasons | waits | counters | arrivals | summary"
            " · tickets | evaluations | cases | journal"
        ),
    ],
    first: Annotated[datetime, typer.Option("--from", formats=["%Y-%m-%d"], help="起始日期（含）· first day")],
    last: Annotated[datetime, typer.Option("--to", formats=["%Y-%m-%d"], help="截止日期（含）· last day")],
    by: Annotated[str, typer.Option(help="counter,service,department,clerk,day,week,month,weekday,hour")] = "",
    form: Annotated[str, typer.Option("--format", help="csv | xlsx | json | pdf")] = "csv",
    codes: Annotated[str | None, typer.Option(help="另加代码列 · code columns: gbt39046 | zhejiang")] = None,
    out: Annotated[Path | None, typer.Option(help="文件；不写则输出到屏幕 · file, else standard output")] = None,
) -> None:
    """导出统计和明细 · Exports figures and rows."""
    from hub.commands import fail, language, settings_or_exit
    from hub.figures.lists import LISTS
    from hub.problems import HallError

    wanted: Language = "en" if language() == "en" else "zh"
    settings = settings_or_exit()
    days = (first.date(), last.date())
    try:
        with _opened(out) as file:
            if kind in LISTS:
                _rows(settings, file, kind, form, *days, codes)
            else:
                file.write(_figures(settings, kind, form, *days, by, wanted))
    except HallError as error:
        raise fail(error.sentence(wanted)) from None
    except OSError as error:
        raise fail(f"{out}: {os.strerror(error.errno or 0)}") from None


@contextmanager
def _opened(out: Path | None) -> Iterator[IO[bytes]]:
    """Standard output, or a draft that takes the file's name once it is whole."""
    if out is None:
        yield sys.stdout.buffer
        return
    draft = out.with_name(f".{out.name}.part")
    try:
        with draft.open("wb") as file:
            yield file
        draft.replace(out)
    finally:
        draft.unlink(missing_ok=True)


def _figures(settings: Settings, kind: str, form: str, first: date, last: date, by: str, wanted: Language) -> bytes:
    from hub.figures.exports import question
    from hub.figures.groups import parse_by
    from hub.offline import read_beside

    asked = question(kind, form, first, last, parse_by(by))
    return read_beside(settings, _export, asked, settings.figures.wait_limit_minutes, wanted)


def _rows(
    settings: Settings, file: IO[bytes], kind: str, form: str, first: date, last: date, codes: str | None
) -> None:
    from hub.figures.list_exports import list_question, stream
    from hub.offline import with_store
    from hub.queue.hall import zone_of

    async def write(store: Store) -> None:
        asked = list_question(kind, form, first, last, await store.read(lambda reader: zone_of(reader.rows)), codes)
        with typer.progressbar(length=(last - first).days + 1, label=kind, file=sys.stderr) as bar:
            async for piece in stream(store.read, asked, lambda done: bar.update(1)):
                file.write(piece)

    with_store(settings, write)


def _export(reader: Reader, asked: Question, limit_minutes: float, language: Language) -> bytes:
    from hub.figures import exports

    limit_s = round(limit_minutes * 60)
    return exports.export(reader.rows, asked, now=reader.now, limit_s=limit_s, language=language)
