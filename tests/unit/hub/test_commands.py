"""The `hall` command: shared options, refusals in sentences, tokens and exports beside a hub."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from hub.__main__ import take_shared
from hub.holding import Hold
from hub.problems import HallError


def hall(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("HALL_")}
    database = f"sqlite:///{folder / 'hall.db'}"
    return subprocess.run(
        [sys.executable, "-m", "hub", *arguments],
        env={**clean, "HALL_HUB__DATABASE_URL": database, "PYTHONUTF8": "1"},
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_shared_options_may_stand_anywhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HALL_CONFIG", "")
    monkeypatch.setenv("HALL_LANG", "")
    assert take_shared(["export", "--config", "a.toml", "waits", "--lang=en"]) == ["export", "waits"]
    assert (os.environ["HALL_CONFIG"], os.environ["HALL_LANG"]) == ("a.toml", "en")


@pytest.mark.parametrize("arguments", [["--lang", "fr"], ["--config"]])
def test_wrong_use_of_shared_options_is_status_two(arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        take_shared(arguments)
    assert ended.value.code == 2


def test_a_token_is_shown_once_and_stored_as_a_hash(tmp_path: Path) -> None:
    made = hall(tmp_path, "token", "add", "kiosk-7", "--role", "kiosk")
    assert made.returncode == 0, made.stderr
    secret = made.stdout.strip()
    assert len(secret) > 30
    assert secret.encode() not in (tmp_path / "hall.db").read_bytes()
    assert "kiosk-7\tkiosk" in hall(tmp_path, "token", "list").stdout


def test_a_clerks_token_needs_its_counter(tmp_path: Path) -> None:
    refused = hall(tmp_path, "token", "add", "x", "--role", "clerk", "--lang", "en")
    assert refused.returncode == 1
    assert "--counter" in refused.stderr


def test_an_export_goes_to_standard_output(tmp_path: Path) -> None:
    done = hall(tmp_path, "export", "waits", "--from", "2026-03-02", "--to", "2026-03-02")
    assert done.returncode == 0, done.stderr
    assert done.stdout.lstrip("\ufeff").startswith("n,no_shows,mean_s")


def test_a_wrong_configuration_is_one_sentence_and_status_one(tmp_path: Path) -> None:
    (tmp_path / "bad.toml").write_text("[hub]\nprot = 1\n", encoding="utf-8")
    for command in (["hub"], ["export", "waits", "--from", "2026-03-02", "--to", "2026-03-02"], ["kiosk"], ["display"]):
        refused = hall(tmp_path, *command, "--config", "bad.toml")
        assert (refused.returncode, refused.stderr.strip()) == (1, "bad.toml: hub.prot: no such setting")


def test_help_names_every_command(tmp_path: Path) -> None:
    text = hall(tmp_path, "--help").stdout
    for name in ("demo", "hub", "kiosk", "display", "counter", "devices", "export", "check", "token"):
        assert name in text


def test_check_names_what_is_wrong(tmp_path: Path) -> None:
    looked = hall(tmp_path, "check", "--lang", "en")
    assert "✓ database" in looked.stdout
    assert "! hub" in looked.stdout
    assert looked.returncode == 0
    (tmp_path / "hall.db").write_bytes(b"this is no database" * 1000)
    for left in tmp_path.glob("hall.db-*"):
        left.unlink()
    looked = hall(tmp_path, "check", "--lang", "en")
    assert "✗ database" in looked.stdout
    assert looked.returncode == 1


def all_problems(root: type[HallError]) -> list[type[HallError]]:
    return [one for child in root.__subclasses__() for one in (child, *all_problems(child))]


def test_every_problem_has_a_sentence_in_both_languages() -> None:
    for problem in all_problems(HallError):
        assert set(problem.sentences) == {"zh", "en"}
        assert all(len(sentence) > 5 for sentence in problem.sentences.values())


def test_a_second_hub_on_one_database_is_refused_and_told_who_holds_it(tmp_path: Path) -> None:
    with Hold(tmp_path / "hall.db", served_at="127.0.0.1:8000"):
        refused = hall(tmp_path, "hub", "--port", "0")
    assert refused.returncode == 1
    assert "127.0.0.1:8000" in refused.stderr
    assert f"process {os.getpid()}" in refused.stderr


def test_a_port_in_use_is_named(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        refused = hall(tmp_path, "hub", "--port", str(port))
    assert refused.returncode == 1
    assert str(port) in refused.stderr
    assert "Traceback" not in refused.stderr


def test_a_damaged_database_is_told_before_anything_is_served(tmp_path: Path) -> None:
    (tmp_path / "hall.db").write_bytes(b"this is no database" * 1000)
    refused = hall(tmp_path, "hub", "--port", "0")
    assert refused.returncode == 1
    assert "not a database" in refused.stderr
    assert "Traceback" not in refused.stderr
