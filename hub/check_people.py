"""`hall check`, the accounts: somebody must be able to make others, and one person alone may be ill or gone."""

from hub.check_result import Result, failed
from hub.offline import read_beside
from hub.problems import HallError
from hub.settings import Settings, SettingsError
from hub.store import DatabaseFailed, Reader


def people(settings: Settings, chinese: bool) -> Result:
    name = "账号" if chinese else "accounts"
    try:
        active, administrators = read_beside(settings, _counts)
    except (HallError, SettingsError, OSError, DatabaseFailed) as error:
        return failed(name, error, chinese=chinese)
    if not administrators:
        how = "hall user add NAME --role administrator"
        return Result(name, 1, f"没有管理员，请执行 {how}" if chinese else f"no administrator; run {how}")
    text = f"{active} 个，其中管理员 {administrators} 个" if chinese else f"{active}, {administrators} administrators"
    return Result(name, 0, text)


def _counts(reader: Reader) -> tuple[int, int]:
    roles = [row[0] for row in reader.rows("SELECT role FROM account WHERE active = true")]
    return len(roles), roles.count("administrator")
