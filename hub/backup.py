"""`hall backup` of a SQLite hall: a consistent copy beside a running hub, checked before it gets its name.

The copy is the database as it was at one moment: the online backup reads a snapshot, which in WAL mode holds up
neither the writer nor anybody else, however long it takes.
"""

import contextlib
import os
import secrets
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from typing import ClassVar

from sqlalchemy import BigInteger
from sqlmodel import Field, SQLModel

from hub.chain import COLUMNS, entry_hash
from hub.clock import instant, micros
from hub.journal import RunSql
from hub.problems import HallError
from hub.store import Tx
from hub.wire import Language

#: Pages copied at once; between two steps the copy can be interrupted.
STEP_PAGES = 256
#: So many of the newest entries of a copy are compared with their hashes; `hall verify` compares all.
ENTRIES_COMPARED = 1000
#: Free space beyond the size of the database.
SPARE_BYTES = 10_000_000


class BackupFailed(HallError):
    """No backup was made, or nothing was restored; what was there before is as it was."""

    code = "backup_failed"
    sentences: ClassVar[dict[Language, str]] = {"zh": "没有完成：{zh}。", "en": "Not done: {en}."}


class BackupRow(SQLModel, table=True):
    """That a backup was made: for `hall check`, which tells its age."""

    __tablename__ = "backup"

    at: int = Field(primary_key=True, sa_type=BigInteger)
    file: str
    last_seq: int = Field(sa_type=BigInteger)


@dataclass(frozen=True)
class Moment:
    """What a database holds: its newest entry and when that was written (None for an empty journal)."""

    seq: int
    at: datetime | None


def copy_database(source: Path, file: Path, *, progress: Callable[[int, int], None] | None = None) -> Moment:
    """Write a checked copy of the database to `file`, which must not exist. `progress` hears of pages done, in all.

    Raises BackupFailed.
    """
    if file.exists():
        raise BackupFailed(zh=f"{file} 已存在，请换一个文件名", en=f"{file} exists already; choose another name")
    with _told(f"{source} → {file}"), closing(open_to_read(source)) as connection:
        # the snapshot: with a transaction open on it, the copy never begins anew when the hub writes
        connection.execute("BEGIN")
        must_have_room(file, _size_of(connection))
        with draft_beside(file) as draft:
            with closing(sqlite3.connect(draft)) as copy:
                connection.backup(copy, pages=STEP_PAGES, progress=_heard(progress))
                # one file, without a log beside it
                copy.execute("PRAGMA journal_mode=DELETE").fetchall()
                moment = must_be_whole(copy, str(file))
            keep(draft, file)
    return moment


def open_to_read(path: Path) -> sqlite3.Connection:
    """An existing database, not to be changed. Raises sqlite3.Error."""
    connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=rw", uri=True, isolation_level=None)
    connection.execute("PRAGMA query_only=ON")
    return connection


def must_be_whole(connection: sqlite3.Connection, name: str) -> Moment:
    """The newest moment of a sound hall database. Raises BackupFailed, sqlite3.Error."""
    found = str(connection.execute("PRAGMA integrity_check(1)").fetchone()[0])
    if found != "ok":
        raise BackupFailed(zh=f"{name} 已损坏（{found}）", en=f"{name} is damaged ({found})")
    tables = {row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    if not {"journal", "journal_head", "alembic_version"} <= tables:
        raise BackupFailed(zh=f"{name} 不是大厅的数据库", en=f"{name} is not a hall's database")
    return newest_moment(lambda sql, **values: connection.execute(sql, values).fetchall(), name)


def newest_moment(run: RunSql, name: str) -> Moment:
    """The head of the journal, once the newest entries were found to lead to it. Raises BackupFailed."""
    last, chained = run("SELECT seq, hash FROM journal_head WHERE id = 1")[0]
    rows = run(
        f"SELECT {', '.join(COLUMNS)}, hash FROM journal WHERE seq >= :seq ORDER BY seq", seq=last - ENTRIES_COMPARED
    )
    for before, row in pairwise(rows):
        if entry_hash(before[-1], row[:-1]) != row[-1]:
            raise _broken(name, row[0])
    if rows and (rows[-1][0], rows[-1][-1]) != (last, chained):
        raise _broken(name, last)
    return Moment(last, instant(rows[-1][1]) if rows else None)


def _broken(name: str, seq: int) -> BackupFailed:
    return BackupFailed(
        zh=f"{name} 的流水在第 {seq} 条处不符，请用 hall verify 核对",
        en=f"the journal in {name} is not sound at entry {seq}; look at it with hall verify",
    )


def must_have_room(file: Path, needed: int) -> None:
    """Raises BackupFailed when the disk of `file` cannot take so many bytes, OSError without its folder."""
    free = shutil.disk_usage(file.absolute().parent).free
    if free < needed + SPARE_BYTES:
        need, have = f"{(needed + SPARE_BYTES) / 1e6:,.0f} MB", f"{free / 1e6:,.0f} MB"
        raise BackupFailed(
            zh=f"{file.absolute().parent} 空间不足：需要 {need}，只有 {have}",
            en=f"no room in {file.absolute().parent}: {need} are needed, {have} are free",
        )


@contextmanager
def draft_beside(file: Path) -> Iterator[Path]:
    """A name to write to until the file is whole; whatever is left of it is removed."""
    draft = file.with_name(f".{file.name}.{secrets.token_hex(4)}.part")
    try:
        yield draft
    finally:
        for left in (draft, draft.with_name(f"{draft.name}-journal")):
            left.unlink(missing_ok=True)


def keep(draft: Path, file: Path) -> None:
    """The draft, safe on the disk, gets its name; never over another file. Raises BackupFailed, OSError."""
    with draft.open("rb+") as written:
        os.fsync(written.fileno())
    try:
        os.link(draft, file)
    except FileExistsError as error:
        raise BackupFailed(zh=f"{file} 已存在，请换一个文件名", en=f"{file} exists already; choose another") from error
    except OSError:
        # a memory stick knows no links
        if file.exists():
            raise BackupFailed(zh=f"{file} 已存在", en=f"{file} exists already") from None
        draft.rename(file)
    settle(file.parent)


def settle(folder: Path) -> None:
    """Have a folder's new names on the disk, where the system can."""
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def record_backup(tx: Tx, file: str, moment: Moment) -> None:
    """That it was made. `file` is its name without folders, which may name people."""
    tx.insert(BackupRow(at=micros(tx.now), file=file, last_seq=moment.seq))
    tx.record("backup_made", file=file, last=moment.seq)


def _size_of(connection: sqlite3.Connection) -> int:
    pages = connection.execute("PRAGMA page_count").fetchone()[0]
    return int(pages) * int(connection.execute("PRAGMA page_size").fetchone()[0])


def _heard(progress: Callable[[int, int], None] | None) -> Callable[[int, int, int], None] | None:
    return (lambda _status, left, pages: progress(pages - left, pages)) if progress else None


@contextmanager
def _told(what: str) -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        raise BackupFailed(zh=f"{what}：{error}", en=f"{what}: {error}") from error
    except OSError as error:
        why = error.strerror or str(error)
        raise BackupFailed(zh=f"{what}：{why}", en=f"{what}: {why}") from error
