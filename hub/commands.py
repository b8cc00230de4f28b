"""`hall hub`, `hall check`, `hall token`. Imports what it needs only when it runs."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from hub.calendar.commands import import_calendar
from hub.imports.commands import (
    import_attendance,
    import_cases,
    import_complaints,
    import_findings,
    import_registers,
    import_visits,
)

if TYPE_CHECKING:
    from hub.settings import Settings

imports = typer.Typer(help="导入 · What comes from files: each one taken whole or not at all", no_args_is_help=True)
imports.command("calendar")(import_calendar)
imports.command("visits")(import_visits)
imports.command("cases")(import_cases)
imports.command("complaints")(import_complaints)
imports.command("attendance")(import_attendance)
imports.command("findings")(import_findings)
imports.command("registers")(import_registers)
token = typer.Typer(help="程序和终端的访问令牌 · Tokens of stations and programs", no_args_is_help=True)


def fail(text: str) -> typer.Exit:
    """A sentence on standard error and exit status 1: `raise fail("…")`."""
    typer.echo(text, err=True)
    return typer.Exit(1)


def language() -> str:
    return "en" if os.environ.get("HALL_LANG") == "en" else "zh"


def settings_or_exit() -> Settings:
    from hub.settings import SettingsError, load_settings

    try:
        return load_settings()
    except SettingsError as error:
        raise fail(str(error)) from None


def hub(
    host: Annotated[str | None, typer.Option(help="监听地址 · address to listen on")] = None,
    port: Annotated[int | None, typer.Option(help="端口 · port")] = None,
) -> None:
    """大厅服务 · The service."""
    import gc
    import logging

    gc.disable()  # until the hub is ready: hub.serving

    from hub.app import create_app, public_url
    from hub.holding import AlreadyServed
    from hub.logs import log_to_folder, log_to_stderr
    from hub.problems import StoreUnavailable
    from hub.serving import PortTaken, serve
    from hub.settings import SettingsError
    from hub.store import database_place, logs_folder

    settings = settings_or_exit()
    told = {key: value for key, value in (("host", host), ("port", port)) if value is not None}
    settings = settings.model_copy(update={"hub": settings.hub.model_copy(update=told)})
    log_to_stderr()
    try:
        log_to_folder(logs_folder(settings), "hub", keep_days=settings.logs.keep_days, zone=settings.hall.zone_info)
        logging.getLogger("hall.hub").info(
            "hub starts",
            extra={
                "address": f"{settings.hub.host}:{settings.hub.port}",
                "pages": public_url(settings),
                "database": database_place(settings.hub.database_url),
            },
        )
        serve(create_app(settings), settings)
    except StoreUnavailable as error:
        raise fail(error.sentence("en" if language() == "en" else "zh")) from None
    except (PortTaken, AlreadyServed, SettingsError) as error:
        raise fail(str(error)) from None
    except OSError as error:
        # a folder that cannot be written, say: the system's own sentence names it
        raise fail(f"{error} / 请检查文件夹是否存在、能否写入") from None


def check() -> None:
    """配置、数据库、磁盘、字体、终端连接，逐项检查 · Looks at configuration, database, disk, fonts and hub."""
    from hub.check import results

    worst = 0
    for result in results(language()):
        worst = max(worst, result.severity)
        typer.echo(result.line())
    sys.exit(1 if worst == 2 else 0)


@token.command("add")
def add(
    name: Annotated[str, typer.Argument(help="终端或程序的名称 · name of the station or program")],
    role: Annotated[str, typer.Option(help="kiosk display counter clerk duty_leader manager administrator auditor")],
    counter: Annotated[
        str | None, typer.Option(help="counter 和 clerk 必填：窗口号 · the counter it is bound to")
    ] = None,
) -> None:
    """新增令牌，只显示一次 · Adds a token and shows it once."""
    from hub.access import add_token, new_token
    from hub.offline import write_beside
    from hub.problems import HallError

    secret = new_token()
    try:
        write_beside(settings_or_exit(), add_token, name, role, counter, secret)
    except HallError as error:
        raise fail(error.sentence("en" if language() == "en" else "zh")) from None
    typer.echo(secret)


@token.command("remove")
def remove(name: Annotated[str, typer.Argument(help="令牌的名称 · name of the token")]) -> None:
    """删除令牌，立即失效 · Takes a token away; it is refused everywhere at once."""
    from hub.access import remove_token
    from hub.offline import write_beside
    from hub.problems import HallError

    try:
        write_beside(settings_or_exit(), remove_token, name)
    except HallError as error:
        raise fail(error.sentence("en" if language() == "en" else "zh")) from None


@token.command("list")
def list_tokens() -> None:
    """现有令牌（不显示内容）· The tokens that exist, without their secrets."""
    from hub.offline import read_beside
    from hub.problems import HallError

    def rows(reader: object) -> list[tuple[str, str, str | None]]:
        return reader.rows("SELECT name, role, counter FROM token ORDER BY name")  # type: ignore[attr-defined, no-any-return]

    try:
        for name, role, counter in read_beside(settings_or_exit(), rows):
            typer.echo(f"{name}\t{role}\t{counter or ''}")
    except HallError as error:
        raise fail(error.sentence("en" if language() == "en" else "zh")) from None
