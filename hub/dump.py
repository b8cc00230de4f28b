"""Backup and restore of a hall on PostgreSQL, by the server's own pg_dump and pg_restore.

They are told where the database is by the environment, never on the command line, where others would see the password.
"""

import os
import shutil
import subprocess
from collections.abc import Sequence
from contextlib import closing
from datetime import datetime
from pathlib import Path

from hub.backup import BackupFailed, Moment, draft_beside, keep, newest_moment
from hub.restore import Restored, finish
from hub.settings import Settings
from hub.store import DatabaseFailed, open_database

_TABLES = "SELECT count(*) FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')"


def dump_database(url: str, file: Path) -> Moment:
    """Write a checked dump (custom format) of one moment to `file`, which must not exist. Raises BackupFailed."""
    if file.exists():
        raise BackupFailed(zh=f"{file} 已存在，请换一个文件名", en=f"{file} exists already; choose another name")
    tool, lister = _tool("pg_dump"), _tool("pg_restore")
    try:
        with closing(open_database(url).reader()) as reader, draft_beside(file) as draft:
            # the dump shows the very moment whose newest entry is compared and told
            reader.run("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
            snapshot = reader.run("SELECT pg_export_snapshot()")[0][0]
            moment = newest_moment(reader.run, "PostgreSQL")
            _call([tool, "--format=custom", f"--snapshot={snapshot}", f"--file={draft}"], url)
            _must_hold_a_hall(lister, draft)
            keep(draft, file)
    except (DatabaseFailed, OSError) as error:
        raise BackupFailed(zh=str(error), en=str(error)) from error
    return moment


def restore_dump(settings: Settings, file: Path, stamp: datetime) -> Restored:
    """Fill an empty database from a dump. Raises BackupFailed, StoreUnavailable, SettingsError, OSError."""
    if not file.is_file():
        raise BackupFailed(zh=f"没有这个文件：{file}", en=f"there is no such file: {file}")
    tool, url = _tool("pg_restore"), settings.hub.database_url
    _must_hold_a_hall(tool, file)
    try:
        database = open_database(url)
        with closing(database.reader()) as reader:
            tables = reader.run(_TABLES)[0][0]
    except DatabaseFailed as error:
        raise BackupFailed(zh=str(error), en=str(error)) from error
    if tables:
        raise BackupFailed(
            zh=f"{database.place} 不是空库（{tables} 个表）；请新建一个空库，写入 [hub] database_url，原来的库会保留",
            en=f"{database.place} is not empty ({tables} tables); create an empty database and name it in [hub]"
            " database_url: the old one stays as it is",
        )
    _call([tool, "--single-transaction", "--no-owner", "--no-privileges", f"--dbname={_name(url)}", str(file)], url)
    return finish(settings, None, stamp)


def _must_hold_a_hall(lister: str, file: Path) -> None:
    listed = _call([lister, "--list", str(file)], "")
    if "TABLE DATA public journal " not in listed:
        raise BackupFailed(zh=f"{file} 不是大厅的备份", en=f"{file} is not a backup of a hall")


def _tool(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        raise BackupFailed(
            zh=f"没有 {name}，请安装：sudo apt-get install postgresql-client",
            en=f"there is no {name}; install it: sudo apt-get install postgresql-client",
        )
    return found


def _call(command: Sequence[str], url: str) -> str:
    """What the tool says. Raises BackupFailed with its own first line."""
    environment = {**os.environ, **(_environment(url) if url else {}), "LC_MESSAGES": "C"}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        why = (done.stderr.strip().splitlines() or [f"status {done.returncode}"])[0]
        raise BackupFailed(zh=why, en=why)
    return done.stdout


def _environment(url: str) -> dict[str, str]:
    """The parts of a database URL by the names under which the server's tools look for them."""
    from psycopg import conninfo, pq

    names = {option.keyword.decode(): option.envvar for option in pq.Conninfo.get_defaults()}
    parts = conninfo.conninfo_to_dict(url)
    return {envvar.decode(): str(value) for part, value in parts.items() if (envvar := names.get(part))}


def _name(url: str) -> str:
    from psycopg import conninfo

    return str(conninfo.conninfo_to_dict(url).get("dbname", ""))
