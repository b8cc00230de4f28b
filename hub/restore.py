"""`hall restore`: a backup takes the database's place; what it replaces is kept beside it."""

import os
import shutil
import sqlite3
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from hub.backup import (
    BackupFailed,
    Moment,
    draft_beside,
    keep,
    must_be_whole,
    must_have_room,
    newest_moment,
    open_to_read,
    settle,
)
from hub.holding import Hold
from hub.keys import load_keys, secret_path
from hub.offline import look_beside, write_beside
from hub.seals import Seal, seals_path, stored_seals, told_seals
from hub.settings import Settings
from hub.store import DatabaseFailed, Reader, Tx, database_path

_BESIDE = ("", "-wal", "-shm")
_FINGERPRINT = "SELECT fingerprint FROM key_mark WHERE id = 1"


@dataclass(frozen=True)
class Replaced:
    """What the backup took the place of; `moment` is None when it could not be read any more."""

    kept: Path
    moment: Moment | None


@dataclass(frozen=True)
class Restored:
    """The hall is as it was at `moment`. `seals_kept` is the seals file that told of later days; `keys_missing` = the
    hall's secret file is not there.
    """

    moment: Moment
    replaced: Replaced | None
    seals_kept: Path | None
    keys_missing: bool


def restore_copy(settings: Settings, file: Path, stamp: datetime) -> Restored:
    """Check the backup and put it in the place of a SQLite database that nobody serves.

    Raises BackupFailed, AlreadyServed, StoreUnavailable, SettingsError, OSError.
    """
    look_at_backup(file, settings)
    database = database_path(settings.hub.database_url)
    with Hold(database, served_at="hall restore"):
        replaced = put_in_place(file, database, stamp)
        return finish(settings, replaced, stamp)


def finish(settings: Settings, replaced: Replaced | None, stamp: datetime) -> Restored:
    """The restored database is brought up to date, knows that it was restored, and its newest entries are checked."""
    moment = look_beside(settings, _moment)
    seals = seals_aside(seals_path(settings), look_beside(settings, _seals), stamp)
    write_beside(settings, record_restore, moment)
    look_beside(settings, _moment)
    return Restored(moment, replaced, seals, keys_missing=not secret_path(settings).exists())


def record_restore(tx: Tx, moment: Moment) -> None:
    tx.record("database_restored", last=moment.seq)


def _moment(reader: Reader) -> Moment:
    return newest_moment(reader.rows, "the restored database / 恢复后的数据库")


def _seals(reader: Reader) -> list[Seal]:
    # a backup from before the seals has none
    try:
        return stored_seals(reader.rows)
    except DatabaseFailed:
        return []


def look_at_backup(file: Path, settings: Settings) -> Moment:
    """What a backup holds. Raises BackupFailed when it is no sound hall database, or that of another hall."""
    if not file.is_file():
        raise BackupFailed(zh=f"没有这个文件：{file}", en=f"there is no such file: {file}")
    try:
        with closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)) as connection:
            moment = must_be_whole(connection, str(file))
            must_fit_keys(connection.execute(_FINGERPRINT).fetchall(), settings)
    except sqlite3.Error as error:
        raise BackupFailed(zh=f"{file}：{error}", en=f"{file}: {error}") from error
    return moment


def must_fit_keys(fingerprint: list[Any], settings: Settings) -> None:
    """The hub would refuse the database with another secret file. Raises BackupFailed, SecretFileUnusable."""
    path = secret_path(settings)
    if fingerprint and path.exists() and load_keys(settings).fingerprint != fingerprint[0][0]:
        raise BackupFailed(
            zh=f"备份与密钥文件 {path} 不符，请先放回与该备份同时保存的密钥文件",
            en=f"the backup was made with another secret file than {path}; first put the right one there",
        )


def put_in_place(file: Path, database: Path, stamp: datetime) -> Replaced | None:
    """The backup's copy becomes the database; None when there was none before. Raises BackupFailed, OSError.

    Nothing serves the database meanwhile: the caller holds it.
    """
    database.parent.mkdir(parents=True, exist_ok=True)
    must_have_room(database, file.stat().st_size)
    with draft_beside(database) as draft:
        shutil.copyfile(file, draft)
        with draft.open("rb+") as copied:
            os.fsync(copied.fileno())
        replaced = _put_aside(database, stamp) if database.exists() else None
        keep(draft, database)
    return replaced


def _put_aside(database: Path, stamp: datetime) -> Replaced:
    moment = _moment_of(database)
    kept = aside(database, stamp)
    for ending in _BESIDE:
        # the log goes along: it may hold what the file itself does not have yet
        with suppress(FileNotFoundError):
            database.with_name(database.name + ending).rename(kept.with_name(kept.name + ending))
    settle(database.parent)
    return Replaced(kept, moment)


def aside(path: Path, stamp: datetime) -> Path:
    """A name beside it that tells when it was replaced and that is not taken yet."""
    name = f"{path.name}.replaced-{stamp:%Y%m%d-%H%M%S}"
    names = (path.with_name(name + (f"-{number}" if number else "")) for number in range(1000))
    return next(free for free in names if not free.exists())


def _moment_of(database: Path) -> Moment | None:
    """As far as a database can be read that may be damaged."""
    try:
        with closing(open_to_read(database)) as connection:
            return newest_moment(lambda sql, **values: connection.execute(sql, values).fetchall(), str(database))
    except (sqlite3.Error, BackupFailed, IndexError):
        return None


def seals_aside(path: Path, stored: list[Seal], stamp: datetime) -> Path | None:
    """Seals of days that the backup does not have would contradict what is written from now on: the file is kept under
    another name, and a new one begins. None when nothing was in the way. Raises OSError.
    """
    if not path.exists():
        return None
    known = set(stored)
    if all(seal in known for _, _, seal in told_seals(path) if seal):
        return None
    kept = aside(path, stamp)
    path.rename(kept)
    return kept
