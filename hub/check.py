"""`hall check`: a line each for what a hall needs, ok / warning / failure and what to do."""

import os
import shutil
from collections.abc import Callable, Iterator
from datetime import date
from importlib.metadata import entry_points
from pathlib import Path
from typing import Literal

from hub import tls
from hub.announce import is_loopback
from hub.assessment.checking import schemes
from hub.calendar.plan import Plan, services_this_week
from hub.calendar.reading import load_plan
from hub.calendar.standing import warnings
from hub.certificates import fingerprint, in_groups
from hub.check_hub import hub
from hub.check_people import people
from hub.check_record import backup, clock, journal, logs, seals
from hub.check_result import Result, failed
from hub.clock import utcnow
from hub.keys import Keys, load_keys, must_be_known, secret_path
from hub.offline import health, read_beside
from hub.problems import HallError
from hub.settings import Settings, SettingsError, load_settings
from hub.store import DatabaseFailed, Reader, database_folder, database_place

LOW_DISK_BYTES = 1_000_000_000


def results(language: str) -> Iterator[Result]:
    """The checks, in the order in which a technician would mend things."""
    chinese = language == "zh"
    try:
        settings = load_settings()
    except SettingsError as error:
        yield Result("配置" if chinese else "configuration", 2, str(error))
        return
    yield Result("配置" if chinese else "configuration", 0, _origin(chinese))
    checks = (
        _database,
        journal,
        seals,
        backup,
        _secret,
        people,
        clock,
        _disk,
        logs,
        _tls,
        _calendar,
        schemes,
        _fonts,
        hub,
    )
    for check in checks:
        yield check(settings, chinese)
    yield from _devices(settings, language)


def _devices(settings: Settings, language: str) -> Iterator[Result]:
    """What kiosk, display and counter program of this machine have configured; each front looks at its own."""
    for point in entry_points(group="hall.checks"):
        look: Callable[[Settings, str], Iterator[tuple[str, Literal[0, 1, 2], str]]] = point.load()
        for name, severity, text in look(settings, language):
            yield Result(name, severity, text)


def _origin(chinese: bool) -> str:
    if os.environ.get("HALL_CONFIG"):
        return os.environ["HALL_CONFIG"]
    if Path("hall.toml").is_file():
        return str(Path("hall.toml").absolute())
    return "没有 hall.toml，使用默认值" if chinese else "no hall.toml; the defaults are used"


def _database(settings: Settings, chinese: bool) -> Result:
    name = "数据库" if chinese else "database"

    def look(reader: Reader) -> list[str]:
        return [row[0] for row in reader.rows("SELECT code FROM service ORDER BY position")]

    try:
        damage, warnings = health(settings)
        services = read_beside(settings, look)
    except (HallError, SettingsError, OSError, DatabaseFailed) as error:
        return failed(name, error, chinese=chinese)
    if damage:
        return Result(name, 2, damage)
    if warnings:
        return Result(name, 1, "; ".join(warnings))
    seeded = [service.code for service in settings.services]
    if seeded and set(seeded) - set(services):
        return Result(
            name,
            1,
            "hall.toml 中的业务与数据库不一致，以数据库为准"
            if chinese
            else "services in hall.toml differ from the database, which is what counts",
        )
    return Result(name, 0, f"{database_place(settings.hub.database_url)}, {len(services)} services / 项业务")


def _secret(settings: Settings, chinese: bool) -> Result:
    name, path = "密钥文件" if chinese else "secret file", secret_path(settings)
    if not path.exists():
        return Result(name, 0, f"{path}: {'首次启动时生成' if chinese else 'made when the hub starts first'}")
    try:
        read_beside(settings, _same_keys, load_keys(settings), str(path))
    except (HallError, SettingsError, OSError, DatabaseFailed) as error:
        return failed(name, error, chinese=chinese)
    return Result(name, 0, f"{path} ({'请保留副本' if chinese else 'keep a copy of it'})")


def _same_keys(reader: Reader, keys: Keys, where: str) -> None:
    must_be_known(reader.rows, keys, where)


def _tls(settings: Settings, chinese: bool) -> Result:
    name = "加密传输" if chinese else "TLS"
    try:
        certificate = tls.served_certificate(settings)
    except SettingsError as error:
        return failed(name, error, chinese=chinese)
    if tls.mode(settings) == "off":
        if is_loopback(settings.hub.host):
            return Result(name, 0, "仅本机访问，未加密" if chinese else "off; only this computer reaches the hub")
        return Result(
            name,
            1,
            '未加密：令牌和密码在网络上明文传送，请设 [hub] tls = "own"'
            if chinese
            else 'off: tokens and passwords cross the network in clear; set [hub] tls = "own"',
        )
    if certificate is None:
        return Result(name, 0, "首次启动时生成证书" if chinese else "the certificate is made when the hub starts first")
    shown, left = in_groups(fingerprint(certificate)), tls.days_left(certificate, utcnow())
    if left < tls.WARN_DAYS:
        text = f"{shown}，{left} 天后到期，请更换" if chinese else f"{shown}, {left} days left: renew it"
        return Result(name, 1, text)
    return Result(name, 0, f"{shown}，剩余 {left} 天" if chinese else f"{shown}, {left} days left")


def _calendar(settings: Settings, chinese: bool) -> Result:
    name = "日历" if chinese else "calendar"

    def look(reader: Reader) -> tuple[Plan, date]:
        plan = load_plan(reader.rows, settings.calendar)
        return plan, reader.now.astimezone(plan.zone).date()

    try:
        plan, today = read_beside(settings, look)
    except (HallError, SettingsError, OSError, DatabaseFailed) as error:
        return failed(name, error, chinese=chinese)
    return calendar_result(plan, today, chinese)


def calendar_result(plan: Plan, today: date, chinese: bool) -> Result:
    """What is missing in the calendar, and counters that the rota leaves without work this week."""
    name = "日历" if chinese else "calendar"
    missing = [warning.names["zh" if chinese else "en"] for warning in warnings(plan.calendar, today)]
    idle = [counter for counter in plan.rotas if not services_this_week(plan, counter, today)]
    missing += [f"{one}：本周轮值没有业务" if chinese else f"counter {one}: its rota leaves it nothing" for one in idle]
    if missing:
        return Result(name, 1, "\n  ".join(missing))
    version, year = plan.calendar.version, max(plan.calendar.years)
    return Result(name, 0, f"第 {version} 版，至 {year} 年" if chinese else f"version {version}, until {year}")


def _disk(settings: Settings, chinese: bool) -> Result:
    folder = database_folder(settings.hub.database_url)
    free = shutil.disk_usage(folder if folder.is_dir() else Path.home()).free
    text = f"{free / 1e9:.1f} GB " + ("可用" if chinese else "free")
    if free < LOW_DISK_BYTES:
        return Result("磁盘" if chinese else "disk", 1, text + ("，请清理" if chinese else "; make room"))
    return Result("磁盘" if chinese else "disk", 0, text)


def _fonts(_settings: Settings, chinese: bool) -> Result:
    name = "字体" if chinese else "fonts"
    for point in entry_points(group="hall.fonts"):
        find: Callable[[], Path] = point.load()
        if not find().is_file():
            return Result(name, 2, f"{point.name}: {'缺失，请重新安装' if chinese else 'missing; install again'}")
    return Result(name, 0, "Noto Sans SC")
