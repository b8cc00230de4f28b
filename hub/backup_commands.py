"""`hall backup` and `hall restore`, in words."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hub.commands import fail, language, settings_or_exit

if TYPE_CHECKING:
    from hub.backup import Moment
    from hub.restore import Restored
    from hub.settings import Settings
    from hub.wire import Language


def backup(
    file: Annotated[Path, typer.Argument(help="备份文件，不能已存在 · the file to write, which must not exist")],
) -> None:
    """备份数据库，服务运行时也可以 · A checked copy of the database, beside a running hub too."""
    from hub.backup import record_backup
    from hub.offline import write_beside
    from hub.problems import HallError
    from hub.settings import SettingsError

    settings = settings_or_exit()
    try:
        moment = _copied(settings, file)
        write_beside(settings, record_backup, file.name, moment)
    except HallError as error:
        raise fail(error.sentence(_told())) from None
    except (SettingsError, OSError) as error:
        raise fail(str(error)) from None
    for line in _backup_lines(settings, file, moment):
        typer.echo(line)


def _copied(settings: Settings, file: Path) -> Moment:
    from hub.backup import BackupFailed, copy_database
    from hub.dump import dump_database
    from hub.store import database_path

    if _is_postgresql(settings):
        return dump_database(settings.hub.database_url, file)
    source = database_path(settings.hub.database_url)
    if not source.exists():
        raise BackupFailed(zh=f"没有数据库 {source}", en=f"there is no database {source}")
    return copy_database(source, file)


def restore(
    file: Annotated[Path, typer.Argument(help="hall backup 写出的文件 · a file that hall backup wrote")],
) -> None:
    """用备份替换数据库，须先停止服务 · Puts a backup in the database's place; stop the hub first."""
    from datetime import UTC, datetime

    from hub.dump import restore_dump
    from hub.holding import AlreadyServed
    from hub.problems import HallError
    from hub.restore import restore_copy
    from hub.settings import SettingsError

    settings = settings_or_exit()
    run = restore_dump if _is_postgresql(settings) else restore_copy
    try:
        done = run(settings, file, datetime.now(UTC).astimezone(settings.hall.zone_info))
    except HallError as error:
        raise fail(error.sentence(_told())) from None
    except (AlreadyServed, SettingsError, OSError) as error:
        raise fail(str(error)) from None
    for line in _restore_lines(settings, done):
        typer.echo(line)


def _backup_lines(settings: Settings, file: Path, moment: Moment) -> list[str]:
    from hub.keys import secret_path
    from hub.seals import seals_path

    at, keep = _at(settings, moment), (secret_path(settings), seals_path(settings))
    if _told() == "zh":
        return [
            f"✓ 备份完成并已核对：{file}，流水至第 {moment.seq:,} 条（{at}）",
            f"! 备份不含密钥文件 {keep[0]} 和封存文件 {keep[1]}，请分别另行妥善保存",
        ]
    return [
        f"✓ backup written and checked: {file}, journal up to entry {moment.seq:,} ({at})",
        f"! not inside: the secret file {keep[0]} and the seals file {keep[1]}; keep copies of both, elsewhere",
    ]


def _restore_lines(settings: Settings, done: Restored) -> list[str]:
    chinese, at = _told() == "zh", _at(settings, done.moment)
    lines = [
        f"✓ 已恢复到第 {done.moment.seq:,} 条（{at}）；此后发生的一切都不在其中"
        if chinese
        else f"✓ restored up to entry {done.moment.seq:,} ({at}); whatever happened later is lost"
    ]
    if done.replaced:
        lines.append(_replaced_line(settings, done, chinese))
    if done.seals_kept:
        lines.append(
            f"! 原封存文件含有备份之后的日期，已改名保留：{done.seals_kept}"
            if chinese
            else f"! the seals file told of later days and is kept as {done.seals_kept}"
        )
    if done.keys_missing:
        lines.append(
            "! 密钥文件不在，请在启动服务之前放回：" + _secret(settings)
            if chinese
            else "! the secret file is missing; put it back before the hub is started: " + _secret(settings)
        )
    return lines


def _replaced_line(settings: Settings, done: Restored, chinese: bool) -> str:
    assert done.replaced is not None
    kept, moment = done.replaced.kept, done.replaced.moment
    if moment is None:
        return (
            f"! 原数据库无法读取，保留为 {kept}" if chinese else f"! the old database, not readable, is kept as {kept}"
        )
    more = max(0, moment.seq - done.moment.seq)
    if chinese:
        return f"! 原数据库保留为 {kept}（至第 {moment.seq:,} 条，{_at(settings, moment)}；多出 {more:,} 条）"
    return f"! the old database is kept as {kept} (up to entry {moment.seq:,}, {_at(settings, moment)}: {more:,} more)"


def _at(settings: Settings, moment: Moment) -> str:
    return f"{moment.at.astimezone(settings.hall.zone_info):%Y-%m-%d %H:%M:%S}" if moment.at else "-"


def _secret(settings: Settings) -> str:
    from hub.keys import secret_path

    return str(secret_path(settings))


def _is_postgresql(settings: Settings) -> bool:
    return settings.hub.database_url.startswith(("postgresql://", "postgres://"))


def _told() -> Language:
    return "en" if language() == "en" else "zh"
