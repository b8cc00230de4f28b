"""`hall assess`."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from hub.assessment.reports.lines import as_csv

if TYPE_CHECKING:
    from hub.assessment.results import Question
    from hub.settings import Settings
    from hub.store import Reader
    from hub.wire import Language


def assess(
    scheme: Annotated[
        str, typer.Argument(help="luzhou 泸州 | star 窗口争星 | wenjiashi 文家市 | hall 便民大厅 | 自定")
    ],
    period: Annotated[str, typer.Argument(help="2026-03 | 2026Q1 | 2026")] = "",
    unit: Annotated[str | None, typer.Option(help="部门或窗口 · one department or counter")] = None,
    form: Annotated[str, typer.Option("--format", help="json | csv | xlsx | pdf")] = "json",
    items: Annotated[bool, typer.Option("--items", help="只列指标和理解 · items and readings only")] = False,
    out: Annotated[Path | None, typer.Option(help="文件；不写则输出到屏幕 · file, else standard output")] = None,
) -> None:
    """考核计分 · Scores of an assessment scheme."""
    from hub.commands import fail, language, settings_or_exit
    from hub.problems import HallError
    from hub.settings import SettingsError

    if form not in FORMS or (items and form not in WRITERS):
        raise typer.BadParameter(" | ".join(WRITERS if items else FORMS), param_hint="--format")
    if not items and not period:
        raise typer.BadParameter("2026-03 | 2026Q1 | 2026", param_hint="PERIOD")
    wanted: Language = "en" if language() == "en" else "zh"
    try:
        body = _body(settings_or_exit(), form, scheme, period, unit, wanted, items=items)
    except HallError as error:
        raise fail(error.sentence(wanted)) from None
    except SettingsError as error:
        raise fail(str(error)) from None
    if out is None:
        sys.stdout.buffer.write(body)
        return
    try:
        out.write_bytes(body)
    except OSError as error:
        raise fail(f"{out}: {os.strerror(error.errno or 0)}") from None


def _body(
    settings: Settings, form: str, code: str, period: str, unit: str | None, language: Language, *, items: bool
) -> bytes:
    from hub.assessment.document import items_document
    from hub.assessment.results import question
    from hub.assessment.shelf import scheme_named
    from hub.offline import read_beside, write_beside

    scheme = scheme_named(settings.assessment.schemes, code)
    if items:
        return WRITERS[form](items_document(scheme, language))
    if settings.schemes:
        from hub.assessment.closing import seed_readings

        write_beside(settings, seed_readings, settings)
    return read_beside(settings, _scored, question(scheme, period, unit), settings, form, language)


def _scored(reader: Reader, asked: Question, settings: Settings, form: str, language: Language) -> bytes:
    from hub.assessment.results import result

    document = result(reader.rows, asked, settings.calendar, now=reader.now, language=language)
    if form in WRITERS:
        return WRITERS[form](document)
    from hub.assessment.reports.files import report

    return report(reader, asked.scheme, document, form, language)


def as_json(document: dict[str, Any]) -> bytes:
    return (json.dumps(document, ensure_ascii=False, indent=2) + "\n").encode()


#: By `--format`; xlsx and pdf are made in `reports`.
WRITERS = {"json": as_json, "csv": as_csv}
FORMS = (*WRITERS, "xlsx", "pdf")
