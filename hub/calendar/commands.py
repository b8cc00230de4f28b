"""`hall import calendar`. Imports what it needs only when it runs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def import_calendar(
    file: Annotated[Path, typer.Argument(help="CSV: date,kind,name")],
    year: Annotated[int | None, typer.Option(help="只含这一年 · all dates must be in this year")] = None,
) -> None:
    """导入放假安排（整份检查，全收或全不收）· Days off and make-up workdays, taken whole or not at all."""
    from hub.calendar.sheet import read_sheet
    from hub.calendar.verbs import import_sheet
    from hub.commands import fail, language, settings_or_exit
    from hub.offline import write_beside
    from hub.problems import HallError

    settings = settings_or_exit()
    text = _text(file)
    whole_years = settings.calendar.seed == "china"
    try:
        made = write_beside(
            settings, import_sheet, read_sheet(text), source=file.name, year=year, whole_years=whole_years
        )
    except HallError as error:
        raise fail(error.sentence("en" if language() == "en" else "zh")) from None
    years = ", ".join(str(one) for one in sorted(made.years)[-3:])
    typer.echo(
        f"calendar version {made.version}; it knows … {years}"
        if language() == "en"
        else f"日历已更新为第 {made.version} 版，已有年份：… {years}"
    )


def _text(file: Path) -> str:
    from hub.commands import fail

    try:
        return file.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise fail(f"{file}: {error.strerror}") from None
    except UnicodeDecodeError as error:
        raise fail(f"{file}: not UTF-8 / 不是 UTF-8 编码 ({error.reason}, byte {error.start})") from None
