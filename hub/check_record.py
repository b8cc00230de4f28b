"""`hall check` of what must last: clock, journal, seals, backups, logs."""

import os
import tempfile
import time
from datetime import datetime, timedelta
from pathlib import Path

import httpx

from hub.backup import newest_moment
from hub.check_hub import ask
from hub.check_result import Result, failed
from hub.clock import instant, utcnow
from hub.clockwatch import newest_entry_at
from hub.offline import look_beside
from hub.problems import HallError
from hub.seals import Seal, seals_path, stored_seals, told_seals
from hub.settings import Settings, SettingsError
from hub.steady import JUMP
from hub.store import Reader, database_folder, logs_folder

#: A hall with an older backup than this is warned.
BACKUP_DAYS = 7


def journal(settings: Settings, chinese: bool) -> Result:
    """The newest entries lead to the head; `hall verify` looks at all of them."""
    name = "流水" if chinese else "journal"
    try:
        moment, seals = look_beside(settings, _newest)
    except (HallError, SettingsError, OSError) as error:
        return failed(name, error, chinese=chinese)
    sealed = seals[-1].day if seals else "-"
    if chinese:
        return Result(name, 0, f"{moment:,} 条，封存至 {sealed}（逐条核对：hall verify）")
    return Result(name, 0, f"{moment:,} entries, sealed until {sealed} (every entry: hall verify)")


def _newest(reader: Reader) -> tuple[int, list[Seal]]:
    return newest_moment(reader.rows, "journal / 流水").seq, stored_seals(reader.rows)


def seals(settings: Settings, chinese: bool) -> Result:
    """The file can be written, and has what the database has sealed."""
    name, path = "封存文件" if chinese else "seals file", seals_path(settings)
    try:
        stored = look_beside(settings, lambda reader: stored_seals(reader.rows))
        told = {seal for _, _, seal in told_seals(path)} if path.exists() else set()
    except (HallError, SettingsError, OSError) as error:
        return failed(name, error, chinese=chinese)
    missing = [seal.day for seal in stored if seal not in told]
    if missing:
        days = f"{missing[0]} … {missing[-1]}"
        text = f"{path} 缺少 {days} 的封存（服务启动后补写）" if chinese else f"{path} lacks {days}; the hub adds them"
        return Result(name, 1, text)
    if not os.access(path if path.exists() else _there(path), os.W_OK):
        return Result(name, 2, f"{path} 不可写，请检查权限" if chinese else f"{path} cannot be written")
    return Result(name, 0, f"{path} ({len(stored)})")


def _there(path: Path) -> Path:
    """The nearest folder above that exists."""
    return next(folder for folder in path.absolute().parents if folder.exists())


def backup(settings: Settings, chinese: bool) -> Result:
    """When the last one was made."""
    name = "备份" if chinese else "backup"
    try:
        newest = look_beside(settings, _newest_backup)
    except (HallError, SettingsError, OSError) as error:
        return failed(name, error, chinese=chinese)
    if newest is None:
        return Result(name, 1, "还没有备份，请运行 hall backup 文件" if chinese else "none yet; run hall backup FILE")
    at, file = newest
    days = (utcnow() - at).days
    text = f"{file}，{days} 天前" if chinese else f"{file}, {days} days ago"
    if days > BACKUP_DAYS:
        return Result(name, 1, text + ("；请再备份一次" if chinese else "; make a new one"))
    return Result(name, 0, text)


def _newest_backup(reader: Reader) -> tuple[datetime, str] | None:
    rows = reader.rows("SELECT at, file FROM backup ORDER BY at DESC LIMIT 1")
    return (instant(rows[0][0]), str(rows[0][1])) if rows else None


def clock(settings: Settings, chinese: bool) -> Result:
    """This computer's clock against the newest journal entry, the disk's and a running hub's."""
    name, now = "时钟" if chinese else "clock", utcnow()
    differences = {
        "最新流水" if chinese else "newest entry": _behind_journal(settings, now),
        "文件系统" if chinese else "file system": _against_disk(settings),
        "大厅服务" if chinese else "hub": _against_hub(settings),
    }
    local = f"{now.astimezone(settings.hall.zone_info):%Y-%m-%d %H:%M:%S} {settings.hall.time_zone}"
    wrong = [f"{what} {by.total_seconds():+.0f} s" for what, by in differences.items() if abs(by) > JUMP]
    if not wrong:
        return Result(name, 0, local)
    hint = "请检查时间与时间同步（NTP）" if chinese else "check the clock and its time service (NTP)"
    return Result(name, 1, f"{local}: {', '.join(wrong)}; {hint}")


def _behind_journal(settings: Settings, now: datetime) -> timedelta:
    """How far the newest entry is ahead of this computer; nothing when it is in the past, as it should be."""
    try:
        newest = look_beside(settings, newest_entry_at)
    except (HallError, SettingsError, OSError):
        return timedelta(0)  # the database's own line tells it
    return max(newest - now, timedelta(0)) if newest else timedelta(0)


def _against_disk(settings: Settings) -> timedelta:
    """A file server has a clock of its own."""
    try:
        with tempfile.NamedTemporaryFile(dir=database_folder(settings.hub.database_url), prefix=".clock-") as file:
            file.write(b".")
            file.flush()
            return timedelta(seconds=Path(file.name).stat().st_mtime - time.time())
    except OSError:
        return timedelta(0)  # the disk's own line tells it


def _against_hub(settings: Settings) -> timedelta:
    try:
        return datetime.fromisoformat(ask(settings).json()["time"]) - utcnow()
    except (httpx.HTTPError, SettingsError, ValueError, KeyError, TypeError):
        return timedelta(0)  # the hub's own line tells it


def logs(settings: Settings, chinese: bool) -> Result:
    """They can be written, and are kept for their time."""
    name, folder = "日志" if chinese else "logs", logs_folder(settings)
    if not os.access(folder if folder.exists() else _there(folder), os.W_OK) or folder.is_file():
        text = f"{folder} 不可写，请检查权限或更换 [logs] folder" if chinese else f"{folder} cannot be written"
        return Result(name, 2, text)
    days = settings.logs.keep_days
    return Result(name, 0, f"{folder}，保留 {days} 天" if chinese else f"{folder}, kept {days} days")
