"""`hall check` of clock, journal, seals, backups and logs: what is wrong is named with what to do."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from hub import check_record
from hub.backup import Moment, record_backup
from hub.check_record import backup, clock, journal, logs, seals
from hub.seals import seal_next, stored_seals, tell_outside
from hub.settings import Settings, settings_from
from hub.store import SYSTEM
from tests.running import database_of
from tests.unit.hub.desk import Desk
from tests.unit.hub.test_seals import owner_of

NOW = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
KEY = b"k" * 32


@pytest.fixture(autouse=True)
def now(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(check_record, "utcnow", lambda: NOW)


def settings(folder: Path, **sections: dict[str, object]) -> Settings:
    beside = {"secret_file": str(folder / "hall.secret"), "seals_file": str(folder / "hall.seals.txt")}
    hub = {"database_url": database_of(folder), "port": 1, **beside}
    return settings_from({"hub": hub, "logs": {"folder": str(folder / "logs")}, **sections}, origin="test")


async def test_a_sound_hall_has_no_warnings(desk: Desk, tmp_path: Path) -> None:
    await desk.take()
    await desk.store.write(record_backup, SYSTEM, None, "copy.db", Moment(2, NOW))
    for check in (journal, seals, backup, clock, logs):
        found = check(settings(tmp_path), False)
        assert found.severity == 0, found.line()
    assert "3 entries" in journal(settings(tmp_path), False).text
    assert "2026-03-02 12:00:00 Asia/Shanghai" in clock(settings(tmp_path), True).text


async def test_a_journal_that_does_not_fit_is_a_failure_in_the_readers_language(desk: Desk, tmp_path: Path) -> None:
    for _ in range(3):
        await desk.take()
    with owner_of(desk) as database:
        database.run("UPDATE journal SET who = 'x' WHERE seq = 3")
    found = journal(settings(tmp_path), True)
    assert (found.severity, "第 3 条" in found.text) == (2, True)


async def test_a_clock_behind_the_newest_entry_is_told(desk: Desk, tmp_path: Path) -> None:
    desk.clock.forward(minutes=10)
    await desk.take()
    found = clock(settings(tmp_path), False)
    assert found.severity == 1
    assert "newest entry +600 s" in found.text


@pytest.mark.parametrize(("days", "severity"), [(0, 0), (7, 0), (8, 1)])
async def test_an_old_backup_is_a_warning(desk: Desk, tmp_path: Path, days: int, severity: int) -> None:
    desk.clock.at = NOW - timedelta(days=days)
    assert backup(settings(tmp_path), False).text == "none yet; run hall backup FILE"
    await desk.store.write(record_backup, SYSTEM, None, "copy.db", Moment(2, NOW))
    found = backup(settings(tmp_path), False)
    assert (found.severity, f"copy.db, {days} days ago" in found.text) == (severity, True)


async def test_seals_that_the_file_lacks_are_named(desk: Desk, tmp_path: Path) -> None:
    desk.clock.forward(days=1)
    await desk.store.write(seal_next, SYSTEM, None, desk.hall.zone_info, KEY)
    found = seals(settings(tmp_path), False)
    assert (found.severity, "2026-03-02" in found.text) == (1, True)
    made = await desk.store.read(lambda reader: stored_seals(reader.rows))
    tell_outside(tmp_path / "hall.seals.txt", made, KEY)
    assert seals(settings(tmp_path), False).severity == 0


def test_a_log_folder_that_is_none_is_a_failure(tmp_path: Path) -> None:
    (tmp_path / "logs").write_text("a file")
    assert logs(settings(tmp_path), False).severity == 2
    assert logs(settings(tmp_path, logs={"folder": str(tmp_path / "other")}), False).severity == 0


def test_without_a_database_the_checks_say_so_and_make_none(tmp_path: Path) -> None:
    assert [check(settings(tmp_path), False).severity for check in (journal, seals, backup)] == [2, 2, 2]
    assert clock(settings(tmp_path), False).severity == 0
    assert not (tmp_path / "hall.db").exists()
