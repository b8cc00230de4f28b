"""`hall export`."""

from __future__ import annotations

import os
import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from hub.figures.exports import Question
    from hub.store import Reader


def export(
    kind: Annotated[
        str, typer.Argument(help="satisfaction 满意度 | reasons 原因 | waits 等候 | counters 窗口 | arrivals 取号")
    ],
    first: Annotated[datetime, typer.Option("--from", formats=["%Y-%m-%d"], help="起始日期（含）· first day")],
    last: Annotated[datetime, typer.Option("--to", formats=["%Y-%m-%d"], help="截止日期（含）· last day")],
    by: Annotated[str, typer.Option(help="counter,service,department,clerk,day,week,month,weekday,hour")] = "",
    form: Annotated[str, typer.Option("--format", help="csv | xlsx | json")] = "csv",
    out: Annotated[Path | None, typer.Option(help="文件；不写则输出到屏幕 · file, else standard output")] = None,
) -> None:
    """导出统计 · Exports figures."""
    from hub.commands import fail, language, settings_or_exit
    from hub.figures.exports import question
    from hub.figures.groups import parse_by
    from hub.offline import read_beside
    from hub.problems import HallError

    wanted = "en" if language() == "en" else "zh"
    try:
        asked = question(kind, form, first.date(), last.date(), parse_by(by))
        settings = settings_or_exit()
        body = read_beside(settings, _export, asked, settings.figures.wait_limit_minutes, wanted)
    except HallError as error:
        raise fail(error.sentence("en" if wanted == "en" else "zh")) from None
    if out is None:
        sys.stdout.buffer.write(body)
        return
    try:
        out.write_bytes(body)
    except OSError as error:
        raise fail(f"{out}: {os.strerror(error.errno or 0)}") from None


def _export(reader: Reader, asked: Question, limit_minutes: float, lang: str) -> bytes:
    from hub.figures import exports

    limit_s = round(limit_minutes * 60)
    return exports.export(reader.rows, asked, now=reader.now, limit_s=limit_s, language="en" if lang == "en" else "zh")
