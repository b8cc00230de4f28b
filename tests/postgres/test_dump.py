"""`hall backup` and `hall restore` of a hall on PostgreSQL, by its own pg_dump and pg_restore."""

import asyncio
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from hub.backup import BackupFailed
from hub.dump import dump_database, restore_dump
from hub.offline import look_beside
from hub.settings import Settings, settings_from
from hub.verification import verify
from tests.postgresql import PASSWORD, Server
from tests.unit.hub.desk import Desk

STAMP = datetime(2026, 3, 2, tzinfo=UTC)


@pytest.fixture(autouse=True)
def tools(postgresql: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """Those that belong to the server of the tests."""
    monkeypatch.setenv("PATH", str(postgresql.binaries), prepend=":")


def settings(folder: Path, url: str) -> Settings:
    files = {"secret_file": str(folder / "hall.secret"), "seals_file": str(folder / "hall.seals.txt")}
    return settings_from({"hub": {"database_url": url, **files}}, origin="test")


async def test_a_dump_of_one_moment_fills_an_empty_database(
    desk: Desk, database: str, postgresql: Server, tmp_path: Path
) -> None:
    for _ in range(3):
        await desk.take()
    moment = dump_database(database, tmp_path / "hall.dump")
    assert moment.seq == 4
    assert PASSWORD.encode() not in (tmp_path / "hall.dump").read_bytes()
    await desk.take()
    fresh = postgresql.empty_database()
    done = await asyncio.to_thread(restore_dump, settings(tmp_path, fresh), tmp_path / "hall.dump", STAMP)
    assert done.moment == moment
    assert done.keys_missing
    found = await asyncio.to_thread(
        look_beside, settings(tmp_path, fresh), lambda reader: verify(reader.rows, None, None)
    )
    assert (found.sound, found.entries) == (True, 5)
    again = await Desk.open(fresh)
    assert (await again.take()).number == "A004"
    again.store.close()
    postgresql.drop(fresh)


async def test_a_database_that_is_not_empty_is_not_restored_into(desk: Desk, database: str, tmp_path: Path) -> None:
    dump_database(database, tmp_path / "hall.dump")
    with pytest.raises(BackupFailed, match="is not empty"):
        restore_dump(settings(tmp_path, database), tmp_path / "hall.dump", STAMP)


def test_what_is_no_dump_is_refused(database: str, tmp_path: Path) -> None:
    (tmp_path / "hall.dump").write_text("no dump")
    with pytest.raises(BackupFailed, match="archive"):
        restore_dump(settings(tmp_path, database), tmp_path / "hall.dump", STAMP)


def test_without_the_tools_their_package_is_named(
    database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "which", lambda _name: None)
    with pytest.raises(BackupFailed, match="postgresql-client"):
        dump_database(database, tmp_path / "hall.dump")


def test_a_server_that_is_away_is_told_without_its_password(tmp_path: Path) -> None:
    with pytest.raises(BackupFailed) as told:
        dump_database(f"postgresql://hall:{PASSWORD}@127.0.0.1:1/hall", tmp_path / "hall.dump")
    assert PASSWORD not in str(told.value)
    assert not list(tmp_path.iterdir())
