"""Evaluations on the disk: they survive kills, torn tails and full disks."""

import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from counter.outbox import REMEMBERED_VISITS, Outbox, OutboxError
from hub.wire import Evaluate

NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)


def a_press(number: int = 1) -> Evaluate:
    return Evaluate(
        visit=f"visit-{number}", level="satisfied", channel="keypad", pressed_at=NOON, request_id=f"request-{number}"
    )


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "folder" / "counter-3.outbox"


@pytest.fixture
def outbox(path: Path) -> Iterator[Outbox]:
    box = Outbox(path)
    yield box
    box.close()


def test_a_press_waits_until_it_is_done(outbox: Outbox) -> None:
    outbox.put(a_press(1))
    outbox.put(a_press(2))
    assert outbox.waiting() == [a_press(1), a_press(2)]
    outbox.done("request-1")
    assert outbox.waiting() == [a_press(2)]


def test_a_visit_is_kept_once(outbox: Outbox) -> None:
    again = a_press(1).model_copy(update={"request_id": "another-id", "level": "dissatisfied"})
    assert outbox.put(a_press(1))
    assert not outbox.put(again)
    assert outbox.waiting() == [a_press(1)]


def test_a_visit_that_was_sent_is_known_but_what_was_pressed_is_forgotten(outbox: Outbox, path: Path) -> None:
    outbox.put(a_press(1))
    outbox.done("request-1")
    assert outbox.knows("visit-1")
    assert not outbox.put(a_press(1).model_copy(update={"request_id": "another-id"}))
    with sqlite3.connect(path) as file:
        assert file.execute("SELECT body FROM press").fetchall() == [("",)]
    file.close()


def test_only_the_last_visits_are_remembered(outbox: Outbox) -> None:
    for number in range(REMEMBERED_VISITS + 5):
        outbox.put(a_press(number))
        outbox.done(f"request-{number}")
    assert not outbox.knows("visit-0")
    assert outbox.knows(f"visit-{REMEMBERED_VISITS + 4}")


def test_a_refused_press_is_put_aside_with_the_reason(outbox: Outbox) -> None:
    outbox.put(a_press(1))
    outbox.refuse("request-1", code="already_evaluated", detail="已评价", at=NOON)
    assert outbox.waiting() == []
    [kept] = outbox.refused()
    assert (kept.press, kept.code, kept.detail) == (a_press(1), "already_evaluated", "已评价")


def test_a_press_is_there_when_the_file_is_opened_again(path: Path) -> None:
    box = Outbox(path)
    box.put(a_press(1))
    box.close()
    box = Outbox(path)
    assert box.waiting() == [a_press(1)]
    box.close()


_PUT_AND_DIE = """
import os, signal, sys
from pathlib import Path
from counter.outbox import Outbox
from hub.wire import Evaluate
box = Outbox(Path(sys.argv[1]))
for number in (1, 2, 3):
    box.put(Evaluate(visit=f"visit-{number}", level="satisfied", channel="keypad", request_id=f"request-{number}"))
box.done("request-1")
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_a_kill_between_put_and_done_loses_nothing(path: Path) -> None:
    killed = subprocess.run([sys.executable, "-c", _PUT_AND_DIE, str(path)], check=False)
    assert killed.returncode == -signal.SIGKILL
    box = Outbox(path)
    assert [press.visit for press in box.waiting()] == ["visit-2", "visit-3"]
    assert box.knows("visit-1")
    box.close()


@pytest.mark.parametrize("cut_bytes", [1, 100, 4000])
def test_a_half_written_tail_costs_only_itself(path: Path, cut_bytes: int) -> None:
    subprocess.run([sys.executable, "-c", _PUT_AND_DIE, str(path)], check=False)
    log = path.with_name(path.name + "-wal")
    os.truncate(log, log.stat().st_size - cut_bytes)
    box = Outbox(path)
    assert {"visit-2", "visit-3"} <= {press.visit for press in box.waiting()}
    assert box.put(a_press(9))
    box.close()


_FILL = """
import resource, sys
from pathlib import Path
from counter.outbox import Outbox, OutboxError
from hub.wire import Evaluate
box = Outbox(Path(sys.argv[1]))
resource.setrlimit(resource.RLIMIT_FSIZE, (60_000, 60_000))
kept = 0
try:
    for number in range(1000):
        press = Evaluate(visit=f"visit-{number}", level="satisfied", channel="keypad", request_id=f"request-{number}")
        kept += box.put(press)
except OutboxError as error:
    print(kept, error)
"""


def test_a_full_disk_is_said_in_words_and_what_was_kept_stays(path: Path) -> None:
    ended = subprocess.run([sys.executable, "-c", _FILL, str(path)], capture_output=True, text=True, check=True)
    kept, _, sentence = ended.stdout.partition(" ")
    assert str(path) in sentence
    box = Outbox(path)
    assert [press.visit for press in box.waiting()] == [f"visit-{number}" for number in range(int(kept))]
    assert int(kept) > 0
    box.close()


def test_a_file_that_is_no_outbox_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("not a database " * 100, encoding="utf-8")
    with pytest.raises(OutboxError, match="no outbox; move the file away"):
        Outbox(path)
    assert path.read_text(encoding="utf-8").startswith("not a database")


def test_a_folder_that_cannot_be_made_is_said_in_words(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(OutboxError, match=r"outbox .*file"):
        Outbox(tmp_path / "file" / "counter.outbox")
