"""`hall user` and `hall token remove`, as an administrator types them; and what only the demo has."""

import os
import re
import subprocess
import sys
from pathlib import Path

from tests.unit.hub.test_commands import hall

_USER = "import sys; from hub.people.commands import user; user(prog_name='hall user')"


def user(folder: Path, *arguments: str, password: str = "", **environment: str) -> subprocess.CompletedProcess[str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("HALL_")}
    own = {"HALL_HUB__DATABASE_URL": f"sqlite:///{folder / 'hall.db'}", "HALL_LANG": "en", "PYTHONUTF8": "1"}
    return subprocess.run(
        [sys.executable, "-c", _USER, *arguments],
        input=password,
        env={**clean, **own, **environment},
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_the_first_account_is_its_owners_and_later_ones_must_be_changed(tmp_path: Path) -> None:
    made = user(tmp_path, "add", "Chief", "--role", "administrator", "--password-stdin", password="Nine-lives-7\n")
    assert (made.returncode, made.stdout.strip()) == (0, "chief\tadministrator\t\tChief"), made.stderr
    user(tmp_path, "add", "wang", "--role", "clerk", "--counter", "1", "--password-stdin", password="Nine-lives-7\n")
    listed = user(tmp_path, "list").stdout
    assert listed.splitlines() == [
        "chief\tadministrator\t\tChief\t",
        "wang\tclerk\t1\twang\tmust-change-password",
    ]
    assert b"Nine-lives" not in (tmp_path / "hall.db").read_bytes()


def test_check_says_that_somebody_must_be_able_to_make_accounts(tmp_path: Path) -> None:
    assert "! accounts: no administrator; run hall user add" in hall(tmp_path, "check", "--lang", "en").stdout
    user(tmp_path, "add", "chief", "--role", "administrator", "--password-stdin", password="Nine-lives-7\n")
    assert "✓ accounts: 1, 1 administrators" in hall(tmp_path, "check", "--lang", "en").stdout


def test_refusals_are_one_sentence_and_status_one(tmp_path: Path) -> None:
    user(tmp_path, "add", "chief", "--role", "administrator", "--password-stdin", password="Nine-lives-7\n")
    for arguments, password, sentence in [
        (["add", "x1", "--role", "clerk", "--password-stdin"], "short\n", "at least 10 characters"),
        (["add", "x1", "--role", "king", "--password-stdin"], "Nine-lives-7\n", "role"),
        (["add", "chief", "--role", "clerk", "--password-stdin"], "Nine-lives-7\n", "already in use"),
        (["add", "x1", "--role", "clerk"], "", "--password-stdin"),
        (["passwd", "nobody", "--password-stdin"], "Nine-lives-7\n", "There is no person nobody"),
        (["off", "chief"], "", "last administrator"),
    ]:
        refused = user(tmp_path, *arguments, password=password)
        assert refused.returncode == 1
        assert sentence in refused.stderr
        assert "Traceback" not in refused.stderr


def test_off_on_and_a_new_password(tmp_path: Path) -> None:
    user(tmp_path, "add", "chief", "--role", "administrator", "--password-stdin", password="Nine-lives-7\n")
    user(tmp_path, "add", "wang", "--role", "clerk", "--password-stdin", password="Nine-lives-7\n")
    assert "off" in user(tmp_path, "off", "wang").stdout
    assert "off" not in user(tmp_path, "on", "wang").stdout
    assert user(tmp_path, "unlock", "wang").returncode == 0
    changed = user(tmp_path, "passwd", "wang", "--own", "--password-stdin", password="Ten-lives-8x\n")
    assert changed.stdout.strip() == "wang\tclerk\t\twang"


def test_a_removed_token_is_gone_and_an_unknown_one_is_named(tmp_path: Path) -> None:
    hall(tmp_path, "token", "add", "kiosk-7", "--role", "kiosk")
    assert hall(tmp_path, "token", "remove", "kiosk-7").returncode == 0
    assert "kiosk-7" not in hall(tmp_path, "token", "list").stdout
    again = hall(tmp_path, "token", "remove", "kiosk-7", "--lang", "en")
    assert (again.returncode, again.stderr.strip()) == (1, "There is no token kiosk-7; check the name and try again.")


def test_only_the_demo_knows_the_demos_accounts() -> None:
    """Nothing that `hall hub` runs imports the demo; the demo's own modules are its only way in."""
    root = Path(__file__).parents[3]
    knowing = [
        path.relative_to(root).as_posix()
        for path in sorted((root / "hub").rglob("*.py"))
        if re.search(r"^\s*(from|import) hub\.demo", path.read_text(encoding="utf-8"), re.MULTILINE)
    ]
    assert knowing
    assert all(path.startswith("hub/demo/") for path in knowing)
