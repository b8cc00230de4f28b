"""What breaks under a hub in service is told, loses nothing that was answered, and is over when its cause is gone.

The disk is filled by RLIMIT_FSIZE: the kernel refuses every write, as a full disk does, without root and without
filling the machine's own. (A full disk's own error, ENOSPC, is tested in the store's unit tests by max_page_count.)
"""

import ctypes
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.hall.hub_process import Hub, until
from tests.running import free_port

resource = pytest.importorskip("resource", reason="no limits of a process on this system")
LOCKED_BOUND_S = 12.0


class Desk:
    """A kiosk and a manager at a hub in service."""

    def __init__(self, hub: Hub) -> None:
        self.hub = hub
        self.kiosk = hub.client(hub.token("kiosk-1", "kiosk"))
        self.manager = hub.client(hub.token("manager-1", "manager"), **{"Accept-Language": "en"})

    def take(self) -> httpx.Response:
        return self.kiosk.post("/api/v1/tickets", json={"service": "A"})

    def number(self) -> str:
        answer = self.take()
        assert answer.status_code == 201, answer.text
        return str(answer.json()["number"])

    def refused(self, reason: str) -> None:
        """The request is refused in words, /readyz names the reason, managers and metrics tell it."""
        problem = self.take()
        assert (problem.status_code, problem.json()["code"]) == (503, "store_unavailable")
        until(lambda: self.hub_says() == 503, "not ready")
        until(lambda: self.health()["status"] == "failing", "told to managers")
        (trouble,) = [one for one in self.health()["troubles"] if one["grave"]]
        assert "Nothing can be stored" in trouble["text"]
        assert f'hall_store_failures_total{{reason="{reason}"}}' in self.manager.get("/metrics").text

    def hub_says(self) -> int:
        return self.manager.get("/readyz").status_code

    def health(self) -> dict[str, Any]:
        document: dict[str, Any] = self.manager.get("/api/v1/health").json()
        return document

    def well_again(self) -> None:
        until(lambda: self.hub_says() == 200, "ready again")
        until(lambda: self.health()["status"] != "failing", "well again")


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    hub = Hub(tmp_path, free_port())
    opened = Desk(hub)
    hub.start()
    try:
        yield opened
    finally:
        hub.kill()
        for client in (opened.kiosk, opened.manager):
            client.close()


def test_a_full_disk_is_told_and_over_when_there_is_room(desk: Desk) -> None:
    assert desk.number() == "A001"
    _, most = resource.prlimit(desk.hub.pid, resource.RLIMIT_FSIZE)
    resource.prlimit(desk.hub.pid, resource.RLIMIT_FSIZE, (0, most))
    desk.refused("disk")
    resource.prlimit(desk.hub.pid, resource.RLIMIT_FSIZE, (most, most))
    desk.well_again()
    assert desk.number() == "A002"
    assert desk.hub.hall("verify").returncode == 0


def test_a_locked_database_refuses_within_a_bound_and_goes_on(desk: Desk) -> None:
    assert desk.number() == "A001"
    blocker = sqlite3.connect(desk.hub.folder / "hall.db", isolation_level=None)
    blocker.execute("BEGIN IMMEDIATE")
    began = time.monotonic()
    desk.refused("locked")
    assert time.monotonic() - began < 3 * LOCKED_BOUND_S
    began = time.monotonic()
    assert desk.take().status_code == 503
    assert time.monotonic() - began < LOCKED_BOUND_S
    blocker.execute("ROLLBACK")
    blocker.close()
    desk.well_again()
    assert desk.number() == "A002"


def test_a_file_that_is_taken_away_takes_no_more_tickets_until_it_is_back(desk: Desk) -> None:
    assert desk.number() == "A001"
    database = desk.hub.folder / "hall.db"
    database.rename(database.with_name("elsewhere.db"))
    desk.refused("missing")
    assert not database.exists()
    database.with_name("elsewhere.db").rename(database)
    desk.well_again()
    assert desk.number() == "A002"


def test_an_idle_hub_notices_by_itself_that_its_file_is_gone(desk: Desk) -> None:
    database = desk.hub.folder / "hall.db"
    database.rename(database.with_name("elsewhere.db"))
    until(lambda: desk.hub_says() == 503, "noticed")
    assert desk.manager.get("/readyz").status_code == 503
    assert "database file is gone" in desk.health()["troubles"][0]["text"]
    database.with_name("elsewhere.db").rename(database)
    desk.well_again()


def test_a_file_that_is_replaced_is_not_written_to_and_a_restart_takes_it(desk: Desk) -> None:
    database = desk.hub.folder / "hall.db"
    assert desk.hub.hall("backup", "copy.db").returncode == 0
    assert desk.number() == "A001"
    database.rename(database.with_name("elsewhere.db"))
    shutil.copyfile(database.with_name("copy.db"), database)
    before = database.read_bytes()
    desk.refused("replaced")
    assert database.read_bytes() == before
    database.unlink()
    database.with_name("elsewhere.db").rename(database)
    desk.well_again()
    assert desk.number() == "A002"


def damage(database: Path, table: str) -> None:
    """A disk that lost the sector where a table begins."""
    with sqlite3.connect(database) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        page, size = connection.execute(
            "SELECT rootpage, (SELECT page_size FROM pragma_page_size) FROM sqlite_master WHERE name = ?", (table,)
        ).fetchone()
    connection.close()
    with database.open("rb+") as file:
        file.seek((page - 1) * size)
        file.write(b"\xff" * size)


def test_a_database_damaged_in_service_is_told_with_what_to_do_and_restored(desk: Desk) -> None:
    assert desk.number() == "A001"
    assert desk.hub.hall("backup", "copy.db").returncode == 0
    desk.hub.kill()
    damage(desk.hub.folder / "hall.db", "series")
    desk.hub.start()
    problem = desk.take()
    assert problem.status_code == 503
    assert "hall restore" in problem.json()["detail"]
    until(lambda: desk.hub_says() == 503, "not ready")
    assert desk.manager.get("/readyz").json()["reason"] == "damaged"
    until(lambda: "hall restore" in desk.health()["troubles"][0]["text"], "told to managers")
    assert "already served" in desk.hub.hall("restore", "copy.db").stderr
    desk.hub.kill()
    restored = desk.hub.hall("restore", "copy.db")
    assert restored.returncode == 0, restored.stderr
    desk.hub.start()
    assert desk.hub_says() == 200
    assert desk.number() == "A002"


@pytest.mark.parametrize(
    ("language", "says"), [("zh", "请停止大厅服务，用 hall restore 恢复最近的备份"), ("en", "hall restore")]
)
def test_a_database_damaged_at_the_start_is_one_sentence(tmp_path: Path, language: str, says: str) -> None:
    hub = Hub(tmp_path, free_port())
    hub.token("kiosk-1", "kiosk")
    (tmp_path / "hall.db").write_bytes(b"this is no database" * 1000)
    done = hub.hall("hub", "--lang", language)
    assert done.returncode == 1
    assert says in done.stderr
    assert "Traceback" not in done.stderr


def without_roots_privilege() -> None:
    """Root may write everywhere; without CAP_DAC_OVERRIDE it is a user like others."""
    pr_capbset_drop, cap_dac_override = 24, 1
    ctypes.CDLL(None).prctl(pr_capbset_drop, cap_dac_override, 0, 0, 0)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="capabilities are a matter of Linux")
@pytest.mark.parametrize("fresh", [True, False])
def test_a_folder_that_cannot_be_written_is_one_sentence_and_well_again_when_it_can(
    tmp_path: Path, fresh: bool
) -> None:
    folder = tmp_path / "hall"
    folder.mkdir()
    hub = Hub(tmp_path, free_port(), url=f"sqlite:///{folder / 'hall.db'}")
    if not fresh:
        hub.token("kiosk-1", "kiosk")
        for path in folder.iterdir():
            path.chmod(0o444)
    folder.chmod(0o555)
    command = [sys.executable, "-m", "hub", "hub"]
    done = subprocess.run(
        command,
        env=hub.environment,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        preexec_fn=without_roots_privilege,
    )
    assert done.returncode == 1
    assert str(folder) in done.stderr
    assert "Traceback" not in done.stderr
    folder.chmod(0o755)
    for path in folder.iterdir():
        path.chmod(0o644)
    hub.start()
    hub.kill()
