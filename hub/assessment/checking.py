"""`hall check`, the schemes: every mistake of a hall's own file with its line; readings that differ from hall.toml."""

from pathlib import Path

from hub.assessment.readings import fits
from hub.assessment.results import readings_of
from hub.assessment.scheme import Scheme
from hub.assessment.shelf import our_schemes, own_files, scheme_at
from hub.check_result import Result, failed
from hub.offline import read_beside
from hub.problems import BadLines, HallError
from hub.settings import Settings, SettingsError
from hub.store import DatabaseFailed, Reader


def schemes(settings: Settings, chinese: bool) -> Result:
    name = "考核办法" if chinese else "schemes"
    known, faults = dict(our_schemes()), _missing(settings.assessment.schemes, chinese)
    for path in own_files(settings.assessment.schemes):
        try:
            scheme = scheme_at(path)
            known[scheme.code] = scheme
        except BadLines as error:
            faults += [f"{path}:{bad.line}: {bad.zh if chinese else bad.en}" for bad in error.lines]
    faults += [fault for seed in settings.schemes for fault in _seed_faults(known, seed.code, seed.readings, chinese)]
    if faults:
        return Result(name, 2, "\n  ".join(faults))
    try:
        differing = read_beside(settings, _differing, [known[seed.code] for seed in settings.schemes], settings)
    except (HallError, SettingsError, OSError, DatabaseFailed) as error:
        return failed(name, error, chinese=chinese)
    if differing:
        told = ", ".join(differing)
        text = (
            f"hall.toml 与数据库不一致，以数据库为准：{told}"
            if chinese
            else f"hall.toml differs from the database, which is what counts: {told}"
        )
        return Result(name, 1, text)
    return Result(name, 0, ", ".join(sorted(known)))


def _missing(folder: str, chinese: bool) -> list[str]:
    if not folder or Path(folder).is_dir():
        return []
    return [f"{folder}：没有此文件夹" if chinese else f"{folder}: there is no such folder"]


def _seed_faults(known: dict[str, Scheme], code: str, readings: dict[str, str], chinese: bool) -> list[str]:
    if code not in known:
        return [f"[[scheme]] {code}：没有这个办法" if chinese else f"[[scheme]] {code}: there is no such scheme"]
    declared = {one.name: one for one in known[code].readings}
    wrong = [
        name
        for name, value in readings.items()
        if name not in declared
        or not fits(name, value)
        or (declared[name].choices and value not in declared[name].choices)
    ]
    return [f"[[scheme]] {code}: readings.{name} = {readings[name]!r}" for name in wrong]


def _differing(reader: Reader, named: list[Scheme], settings: Settings) -> list[str]:
    if not reader.rows("SELECT 1 FROM scheme_reading LIMIT 1"):
        return []
    kept = {scheme.code: scheme.read_as(readings_of(reader.rows, scheme)) for scheme in named}
    return [
        f"{seed.code}.{name}"
        for seed in settings.schemes
        for name, value in seed.readings.items()
        if kept[seed.code].get(name) != value
    ]
