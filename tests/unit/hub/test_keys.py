"""The hall's secret file: made once, for its owner only, refused in a sentence when it is not right."""

import logging
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from hub.keys import KEY_NAMES, Keys, SecretFileUnusable, know_keys, load_keys, new_keys, secret_path
from hub.settings import Settings, data_folder, settings_from
from hub.store import SYSTEM, Store


def settings(folder: Path, **hub: str) -> Settings:
    return settings_from({"hub": {"database_url": f"sqlite:///{folder / 'hall.db'}", **hub}}, origin="test")


def test_the_keys_are_made_once_and_stay(tmp_path: Path) -> None:
    first = load_keys(settings(tmp_path))
    assert load_keys(settings(tmp_path)) == first
    assert len({getattr(first, name) for name in KEY_NAMES}) == len(KEY_NAMES)
    assert all(len(getattr(first, name)) == 32 for name in KEY_NAMES)


@pytest.mark.skipif(sys.platform == "win32", reason="file modes are a matter of POSIX systems")
def test_only_the_owner_may_read_the_file(tmp_path: Path) -> None:
    load_keys(settings(tmp_path))
    path = secret_path(settings(tmp_path))
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    path.chmod(0o640)
    with pytest.raises(SecretFileUnusable, match="chmod 600"):
        load_keys(settings(tmp_path))


@pytest.mark.parametrize(
    "spoil",
    [
        lambda text: text[: len(text) // 2],
        lambda text: "",
        lambda text: text.replace("seal", "sael"),
        lambda text: text.replace('seal = "', 'seal = "zz'),
        lambda text: text.replace('seal = "', 'seal = "00'),
        lambda text: text.replace("seal = ", "seal = 5 #"),
        lambda text: "\0" * 100,
    ],
)
def test_a_damaged_file_is_refused_and_left_as_it_is(tmp_path: Path, spoil: object) -> None:
    load_keys(settings(tmp_path))
    path = secret_path(settings(tmp_path))
    spoilt = spoil(path.read_text(encoding="utf-8"))  # type: ignore[operator]
    path.write_text(spoilt, encoding="utf-8")
    with pytest.raises(SecretFileUnusable, match="damaged"):
        load_keys(settings(tmp_path))
    assert path.read_text(encoding="utf-8") == spoilt


def test_a_place_where_no_file_can_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(SecretFileUnusable, match="cannot be used"):
        load_keys(settings(tmp_path, secret_file=str(tmp_path / "file" / "hall.secret")))
    with pytest.raises(SecretFileUnusable):
        load_keys(settings(tmp_path, secret_file=str(tmp_path)))


def test_processes_that_start_at_once_agree_on_one_file(tmp_path: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from hub.keys import load_keys; from hub.settings import settings_from\n"
        "told = settings_from({'hub': {'secret_file': sys.argv[1]}}, origin='test')\n"
        "sys.stdin.readline(); print(load_keys(told).fingerprint)"
    )
    place = str(tmp_path / "new" / "hall.secret")
    started = [
        subprocess.Popen(
            [sys.executable, "-c", program, place], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        for _ in range(4)
    ]
    for process in started:
        assert process.stdin
        process.stdin.write("go\n")
        process.stdin.flush()
    answers = {process.communicate(timeout=60)[0] for process in started}
    assert len(answers) == 1
    assert len(answers.pop().strip()) == 32
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["hall.secret"]


def test_keys_show_nothing_of_themselves(caplog: pytest.LogCaptureFixture) -> None:
    keys = new_keys()
    with caplog.at_level(logging.INFO):
        logging.getLogger("hall").info("%s %r", keys, keys, extra={"keys": keys})
    shown = caplog.text + str(caplog.records[0].__dict__)
    assert not any(getattr(keys, name).hex() in shown or repr(getattr(keys, name)) in shown for name in KEY_NAMES)


def test_every_key_counts_in_the_fingerprint() -> None:
    keys = new_keys()
    others = [Keys(**{**vars(keys), name: bytes(32)}) for name in KEY_NAMES]
    assert len({keys.fingerprint, *(other.fingerprint for other in others)}) == len(KEY_NAMES) + 1


async def test_a_database_takes_the_keys_it_was_made_with_and_no_others(tmp_path: Path) -> None:
    store = Store(tmp_path / "hall.db")
    store.open()
    try:
        keys = new_keys()
        await store.write(know_keys, SYSTEM, None, keys, "hall.secret")
        await store.write(know_keys, SYSTEM, None, keys, "hall.secret")
        with pytest.raises(SecretFileUnusable, match="copy the hall's own secret file"):
            await store.write(know_keys, SYSTEM, None, new_keys(), "hall.secret")
    finally:
        store.close()


@pytest.mark.parametrize(
    ("url", "path"),
    [
        ("sqlite:////srv/hall/hall.db", Path("/srv/hall/hall.secret")),
        ("postgresql://db/hall", data_folder() / "hall.secret"),
        ("", data_folder() / "hall.secret"),
    ],
)
def test_the_file_stands_beside_the_database_or_in_the_data_folder(url: str, path: Path) -> None:
    assert secret_path(settings_from({"hub": {"database_url": url}}, origin="test")) == path
