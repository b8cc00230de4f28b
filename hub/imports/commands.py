"""`hall import visits|cases|complaints|attendance|findings|registers`. Imports what it needs only when it runs."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from hub.imports.loading import Imported

File = Annotated[Path, typer.Argument(help="CSV（UTF-8，第一行为表头）· CSV, header on line 1")]
Create = Annotated[
    bool,
    typer.Option(
        "--create-missing",
        help="未知的部门、窗口、人员、业务作为历史记录新增 · unknown departments, counters, clerks, services are added",
    ),
]


def import_visits(file: File, create_missing: Create = False) -> None:
    """导入往年办理记录 · The visits of earlier years."""
    _take("visits", file, create_missing)


def import_cases(file: File, create_missing: Create = False) -> None:
    """导入办件 · Cases; deadlines are computed and kept with their explanation."""
    _take("cases", file, create_missing)


def import_complaints(file: File, create_missing: Create = False) -> None:
    """导入投诉 · Complaints."""
    _take("complaints", file, create_missing)


def import_attendance(file: File, create_missing: Create = False) -> None:
    """导入考勤 · The attendance record."""
    _take("attendance", file, create_missing)


def import_findings(file: File, create_missing: Create = False) -> None:
    """导入扣分/加分记录，视为已认定 · Findings of an assessment; they count as confirmed."""
    _take("findings", file, create_missing)


def import_registers(file: File, create_missing: Create = False) -> None:
    """导入其他登记，由表头识别 · Any other register, told apart by its header."""
    _take("registers", file, create_missing)


def _take(name: str, file: Path, create: bool) -> None:
    import asyncio

    from hub.commands import fail, language
    from hub.problems import HallError

    try:
        done = asyncio.run(_run(name, file, create))
    except HallError as error:
        raise fail(error.sentence("en" if language() == "en" else "zh")) from None
    except OSError as error:
        raise fail(f"{file}: {error.strerror or error}") from None
    except KeyboardInterrupt:
        raise fail("已中断，没有导入任何内容 / interrupted, nothing was taken") from None
    typer.echo(_told(done, language()))


async def _run(name: str, file: Path, create: bool) -> Imported:
    from hub.commands import settings_or_exit
    from hub.imports.loading import Import
    from hub.imports.shelf import BY_COMMAND
    from hub.keys import know_keys, load_keys, secret_path
    from hub.queue.seed import seed
    from hub.store import SYSTEM, Store

    settings = settings_or_exit()
    store = Store(settings.hub.database_url)
    store.open()
    try:
        keys = load_keys(settings)
        await store.write(know_keys, SYSTEM, None, keys, str(secret_path(settings)))
        await store.write(seed, SYSTEM, None, settings)
        return await Import(store, settings, keys, SYSTEM, Telling()).take(file, BY_COMMAND[name], create=create)
    finally:
        store.close()


class Telling:
    """How far an import has come, on standard error: one line on a terminal, else a line every tenth."""

    def __init__(self) -> None:
        self._told = ""

    def __call__(self, step: str, done: int, whole: int, rows: int) -> None:
        percent = 100 * done // max(whole, 1)
        terminal = sys.stderr.isatty()
        key = f"{step} {percent if terminal else percent // 10}"
        if key == self._told:
            return
        self._told = key
        names = {"check": "检查 checked", "load": "导入 loaded"}
        text = f"{names[step]} {percent:3d} %  {rows} 行 rows"
        end = "\n" if not terminal or percent == 100 else ""
        typer.echo(f"\r{text}{end}" if terminal else text, err=True, nl=not terminal)


#: More names than this are counted, not listed.
LISTED_MOST = 10


def _told(done: Imported, language: str) -> str:
    from hub.imports.names import WHAT

    english = language == "en"
    new = [
        f"new as history: {WHAT[kind][1]} {_listed(names, ', ', f'… ({len(names)})')}"
        if english
        else f"新增历史{WHAT[kind][0]}：{_listed(names, '、', f'等 {len(names)} 个')}"
        for kind, names in done.created.items()
    ]
    if english:
        return f"{done.register}: {done.rows} rows taken" + (f" ({'; '.join(new)})" if new else "")
    return f"已导入 {done.register}：{done.rows} 行" + (f"（{'；'.join(new)}）" if new else "")


def _listed(names: list[str], between: str, more: str) -> str:
    told = between.join(names[:LISTED_MOST])
    return told if len(names) <= LISTED_MOST else f"{told} {more}"
