"""`hall backup` and `hall restore`: whole copies beside a busy hub, nothing overwritten, nothing lost in silence."""

import asyncio
import os
import sqlite3
import time
from pathlib import Path

import pytest

from hub import backup as backups
from hub.backup import BackupFailed, copy_database, must_have_room
from hub.backup_commands import backup, restore
from hub.holding import Hold
from hub.journal_commands import verify
from hub.keys import load_keys
from hub.seals import seal_next, stored_seals, tell_outside
from hub.settings import settings_from
from hub.store import SYSTEM
from tests.unit.hub.commands import run
from tests.unit.hub.desk import Desk


async def a_hall(folder: Path, tickets: int = 5) -> None:
    desk = await Desk.open(folder / "hall.db")
    for _ in range(tickets):
        await desk.take()
    desk.store.close()


def count(database: Path, table: str = "ticket") -> int:
    with sqlite3.connect(database) as connection:
        rows = connection.execute(f"SELECT count(*) FROM {table}").fetchone()
    connection.close()
    return int(rows[0])


def found(folder: Path, pattern: str) -> list[Path]:
    return sorted(folder.glob(pattern))


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


async def test_a_backup_is_one_whole_file_and_says_what_is_not_inside(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await a_hall(tmp_path)
    (tmp_path / "kept").mkdir()
    done = run(monkeypatch, tmp_path, backup, "kept/monday.db")
    assert done.exit_code == 0, done.output
    assert "journal up to entry 6 (2026-03-02 12:00:00)" in done.output
    assert str(tmp_path / "hall.secret") in done.output
    assert str(tmp_path / "hall.seals.txt") in done.output
    assert names(tmp_path / "kept") == ["monday.db"]
    assert count(tmp_path / "kept" / "monday.db") == 5
    assert count(tmp_path / "hall.db", "backup") == 1


async def test_the_copy_is_of_one_moment_while_the_hub_writes_and_nobody_waits_for_it(tmp_path: Path) -> None:
    desk = await Desk.open(tmp_path / "hall.db")
    await desk.store.write(_fill, SYSTEM, None)
    slowest = 0.0
    copying = asyncio.create_task(asyncio.to_thread(copy_database, desk.store.path, tmp_path / "copy.db"))
    taken = 0
    while not copying.done():
        began = time.perf_counter()
        await desk.take()
        slowest = max(slowest, time.perf_counter() - began)
        taken += 1
    moment = await copying
    desk.store.close()
    assert taken > 3
    copied = count(tmp_path / "copy.db", "journal")
    assert copied == moment.seq < count(tmp_path / "hall.db", "journal")
    # the fsync of a shared disk aside, a writer that had to wait for the copy would wait for all of it
    assert slowest < 1.0


async def test_a_hub_that_never_rests_does_not_make_the_copy_begin_anew(tmp_path: Path) -> None:
    """Without a snapshot of its own, an online backup starts again whenever another connection has written."""
    desk = await Desk.open(tmp_path / "hall.db")
    await desk.store.write(_fill, SYSTEM, None)
    desk.store.close()
    hub = sqlite3.connect(tmp_path / "hall.db", isolation_level=None)
    steps: list[int] = []

    def writes(done: int, pages: int) -> None:
        steps.append(done)
        assert len(steps) <= pages, "it begins anew"
        hub.execute("INSERT INTO zone (code, names, position) VALUES (?, '{}', 9)", (f"s{len(steps)}",))

    copy_database(tmp_path / "hall.db", tmp_path / "copy.db", progress=writes)
    hub.close()
    assert steps == sorted(set(steps))
    assert len(steps) > 10
    assert count(tmp_path / "copy.db", "zone") == count(tmp_path / "hall.db", "zone") - len(steps)


def _fill(tx: object) -> None:
    """20 MB that must be copied."""
    for number in range(20):
        tx.rows(  # type: ignore[attr-defined]
            "INSERT INTO zone (code, names, position) VALUES (:code, :names, 9)",
            code=f"z{number}",
            names=os.urandom(500_000).hex(),
        )


async def test_an_existing_file_is_never_overwritten(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    await a_hall(tmp_path)
    (tmp_path / "old.db").write_text("precious")
    done = run(monkeypatch, tmp_path, backup, "old.db")
    assert (done.exit_code, (tmp_path / "old.db").read_text()) == (1, "precious")
    assert "exists already" in done.output


async def test_a_file_that_came_meanwhile_is_not_overwritten_either(tmp_path: Path) -> None:
    await a_hall(tmp_path)
    other = tmp_path / "copy.db"

    def somebody_else(done: int, pages: int) -> None:
        other.write_text("precious")

    with pytest.raises(BackupFailed, match="exists already"):
        copy_database(tmp_path / "hall.db", other, progress=somebody_else)
    assert other.read_text() == "precious"
    assert not found(tmp_path, ".copy*")


def test_a_full_disk_is_told_before_anything_is_written(tmp_path: Path) -> None:
    with pytest.raises(BackupFailed, match="no room in"):
        must_have_room(tmp_path / "copy.db", 10**18)


async def test_a_folder_that_is_not_there_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    await a_hall(tmp_path)
    done = run(monkeypatch, tmp_path, backup, "nowhere/copy.db")
    assert done.exit_code == 1
    assert "nowhere" in done.output


async def test_a_copy_whose_journal_does_not_fit_gets_no_name(tmp_path: Path) -> None:
    await a_hall(tmp_path)
    with sqlite3.connect(tmp_path / "hall.db") as database:
        database.execute("DROP TRIGGER journal_no_update")
        database.execute("UPDATE journal SET counter = '9' WHERE seq = 4")
    database.close()
    with pytest.raises(BackupFailed, match="entry 4"):
        copy_database(tmp_path / "hall.db", tmp_path / "copy.db")
    assert not (tmp_path / "copy.db").exists()
    assert not found(tmp_path, ".copy*")


def damage(path: Path) -> None:
    """A disk that lost some sectors in the middle."""
    data = bytearray(path.read_bytes())
    data[8192:20480] = b"\x00" * 12288
    path.write_bytes(data)


async def test_a_damaged_database_gives_no_backup(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    await a_hall(tmp_path)
    damage(tmp_path / "hall.db")
    done = run(monkeypatch, tmp_path, backup, "copy.db")
    assert done.exit_code == 1
    assert not (tmp_path / "copy.db").exists()


async def test_restoring_tells_what_is_lost_and_keeps_what_was_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await a_hall(tmp_path)
    assert run(monkeypatch, tmp_path, backup, "copy.db").exit_code == 0
    await a_hall(tmp_path, tickets=3)
    done = run(monkeypatch, tmp_path, restore, "copy.db")
    assert done.exit_code == 0, done.output
    assert "restored up to entry 6 (2026-03-02 12:00:00); whatever happened later is lost" in done.output
    assert "up to entry 10" in done.output
    assert "4 more" in done.output
    (kept,) = found(tmp_path, "hall.db.replaced-????????-??????")
    assert (count(tmp_path / "hall.db"), count(kept)) == (5, 8)
    assert run(monkeypatch, tmp_path, verify).exit_code == 0
    desk = await Desk.open(tmp_path / "hall.db")
    assert (await desk.take()).number == "A006"
    kinds = await desk.rows("SELECT kind FROM journal WHERE seq = 7")
    desk.store.close()
    assert kinds == [("database_restored",)]


async def test_a_database_that_is_served_is_not_replaced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    await a_hall(tmp_path)
    run(monkeypatch, tmp_path, backup, "copy.db")
    before = (tmp_path / "hall.db").stat().st_ino
    with Hold(tmp_path / "hall.db", served_at="127.0.0.1:8000"):
        done = run(monkeypatch, tmp_path, restore, "copy.db")
    assert done.exit_code == 1
    assert "already served by" in done.output
    assert (tmp_path / "hall.db").stat().st_ino == before


@pytest.mark.parametrize("spoil", [damage, lambda path: path.write_bytes(b"no database" * 999), Path.unlink])
async def test_a_backup_that_is_not_whole_replaces_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, spoil: object
) -> None:
    await a_hall(tmp_path)
    run(monkeypatch, tmp_path, backup, "copy.db")
    before = (tmp_path / "hall.db").stat().st_ino
    spoil(tmp_path / "copy.db")  # type: ignore[operator]
    done = run(monkeypatch, tmp_path, restore, "copy.db")
    assert done.exit_code == 1
    assert done.exception is None or isinstance(done.exception, SystemExit)
    assert (tmp_path / "hall.db").stat().st_ino == before


async def test_a_damaged_database_is_replaced_and_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    await a_hall(tmp_path)
    run(monkeypatch, tmp_path, backup, "copy.db")
    for left in found(tmp_path, "hall.db-*"):
        left.unlink()
    (tmp_path / "hall.db").write_bytes(b"this is no database" * 1000)
    done = run(monkeypatch, tmp_path, restore, "copy.db")
    assert done.exit_code == 0, done.output
    assert "not readable, is kept as" in done.output
    assert count(tmp_path / "hall.db") == 5


async def test_without_any_database_a_backup_is_restored_on_a_new_machine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await a_hall(tmp_path)
    run(monkeypatch, tmp_path, backup, "copy.db")
    new = tmp_path / "new"
    new.mkdir()
    done = run(monkeypatch, new, restore, str(tmp_path / "copy.db"))
    assert done.exit_code == 0, done.output
    assert "the secret file is missing" in done.output
    assert count(new / "hall.db") == 5


async def test_a_backup_of_another_hall_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    await a_hall(tmp_path)
    with sqlite3.connect(tmp_path / "hall.db") as database:
        database.execute("INSERT INTO key_mark (id, fingerprint) VALUES (1, 'another')")
    database.close()
    run(monkeypatch, tmp_path, backup, "copy.db")
    load_keys(settings_from({"hub": {"database_url": f"sqlite:///{tmp_path / 'hall.db'}"}}, origin="test"))
    done = run(monkeypatch, tmp_path, restore, "copy.db")
    assert done.exit_code == 1
    assert "another secret file" in done.output


async def test_seals_of_days_that_were_lost_are_kept_aside_and_verify_is_clean(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = load_keys(settings_from({"hub": {"database_url": f"sqlite:///{tmp_path / 'hall.db'}"}}, origin="test")).seal
    file = tmp_path / "hall.seals.txt"
    desk = await Desk.open(tmp_path / "hall.db")
    for day in range(3):
        await desk.take()
        desk.clock.forward(days=1)
        await desk.store.write(seal_next, SYSTEM, None, desk.hall.zone_info, key)
        tell_outside(file, await desk.store.read(lambda reader: stored_seals(reader.rows)), key)
        if day == 1:
            copy_database(desk.store.path, tmp_path / "copy.db")
    desk.store.close()
    done = run(monkeypatch, tmp_path, restore, "copy.db")
    assert "the seals file told of later days and is kept as" in done.output
    (kept,) = found(tmp_path, "hall.seals.txt.replaced-*")
    assert len(kept.read_text(encoding="utf-8").splitlines()) == 4
    desk = await Desk.open(tmp_path / "hall.db")
    tell_outside(file, await desk.store.read(lambda reader: stored_seals(reader.rows)), key)
    desk.store.close()
    assert run(monkeypatch, tmp_path, verify).exit_code == 0


def test_a_disk_without_links_still_gets_its_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_links(*_: object) -> None:
        raise PermissionError("Operation not permitted")

    monkeypatch.setattr(os, "link", no_links)
    draft = tmp_path / "draft"
    draft.write_text("whole")
    backups.keep(draft, tmp_path / "copy.db")
    assert (tmp_path / "copy.db").read_text() == "whole"
    draft.write_text("second")
    with pytest.raises(BackupFailed):
        backups.keep(draft, tmp_path / "copy.db")
    assert (tmp_path / "copy.db").read_text() == "whole"
