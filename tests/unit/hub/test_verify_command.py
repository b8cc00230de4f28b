"""`hall verify` as a manager reads it."""

import sqlite3
from pathlib import Path

import pytest

from hub.journal_commands import verify
from hub.keys import load_keys
from hub.seals import seal_next, stored_seals, tell_outside
from hub.settings import settings_from
from hub.store import SYSTEM
from tests.unit.hub.commands import run
from tests.unit.hub.desk import Desk


async def a_sealed_hall(folder: Path) -> None:
    """A day with four entries is over and sealed; the seal's own entry is the fifth."""
    desk = await Desk.open(folder / "hall.db")
    key = load_keys(settings_from({"hub": {"database_url": f"sqlite:///{folder / 'hall.db'}"}}, origin="test")).seal
    for _ in range(3):
        await desk.take()
    desk.clock.forward(days=1)
    await desk.store.write(seal_next, SYSTEM, None, desk.hall.zone_info, key)
    tell_outside(folder / "hall.seals.txt", await desk.store.read(lambda reader: stored_seals(reader.rows)), key)
    desk.store.close()


async def test_a_sound_journal_is_status_zero_and_the_newest_seal_can_be_printed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await a_sealed_hall(tmp_path)
    done = run(monkeypatch, tmp_path, verify)
    assert done.exit_code == 0, done.output
    assert "✓ journal: 5 entries, all sound" in done.output
    assert "✓ daily seals: 1 in the database, 1 in" in done.output
    assert f"  {(tmp_path / 'hall.seals.txt').read_text(encoding='utf-8').splitlines()[-1]}" in done.output
    assert "! the newest 1 entries are not sealed yet" in done.output


@pytest.mark.parametrize(
    ("language", "says"),
    [("en", "✗ 3: does not match its hash"), ("zh", "✗ 第 3 条与其哈希不符")],
)
async def test_a_changed_entry_is_named_and_status_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, language: str, says: str
) -> None:
    await a_sealed_hall(tmp_path)
    with sqlite3.connect(tmp_path / "hall.db") as database:
        database.execute("DROP TRIGGER journal_no_update")
        database.execute("UPDATE journal SET counter = '9' WHERE seq = 3")
    database.close()
    done = run(monkeypatch, tmp_path, verify, language=language)
    assert done.exit_code == 1
    assert says in done.output
    assert "[2026-03-02]" in done.output


async def test_a_copy_of_the_seals_can_be_named_and_a_missing_one_is_wrong_use(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await a_sealed_hall(tmp_path)
    kept = (tmp_path / "hall.seals.txt").rename(tmp_path / "usb-stick.txt")
    assert run(monkeypatch, tmp_path, verify).exit_code == 1
    assert run(monkeypatch, tmp_path, verify, "--seals", str(kept)).exit_code == 0
    assert run(monkeypatch, tmp_path, verify, "--seals", "nowhere.txt").exit_code == 2


async def test_without_the_secret_file_the_rest_is_still_checked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await a_sealed_hall(tmp_path)
    (tmp_path / "hall.secret").unlink()
    done = run(monkeypatch, tmp_path, verify)
    assert done.exit_code == 0
    assert "! no secret file here" in done.output
    assert not (tmp_path / "hall.secret").exists()


def test_a_hall_without_a_database_is_told_and_nothing_is_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    done = run(monkeypatch, tmp_path, verify)
    assert done.exit_code == 1
    assert "hall.db" in done.output
    assert list(tmp_path.iterdir()) == []
