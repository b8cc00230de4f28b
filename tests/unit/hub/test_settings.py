"""Settings: what is wrong is named with its place; the environment wins over the file."""

import tomllib
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from hub.settings import SettingsError, load_settings, settings_from


@pytest.fixture(autouse=True)
def no_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("HALL_CONFIG", "HALL_LANG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)


A_SERVICE = {"code": "A", "prefix": "A", "names": {"zh": "甲"}, "department": "x"}
A_HALL = {"service": [A_SERVICE], "counter": [{"code": "1"}]}


@pytest.mark.parametrize(
    ("document", "words"),
    [
        ({"hub": {"prot": 1}}, "hub.prot: no such setting"),
        ({"hubb": {}}, "hubb: no such setting"),
        ({"hub": {"port": 70000}}, "hub.port"),
        ({"hall": {"time_zone": "Mars/Base"}}, "hall.time_zone: no such time zone"),
        ({"service": [{"code": "A", "prefix": "A", "names": {"en": "x"}}]}, "a Chinese name is needed"),
        ({"service": [{"code": "A", "names": {"zh": "甲"}}]}, "a prefix is needed"),
        ({"service": [{"code": "A", "prefix": "A", "names": {"zh": "甲"}}] * 2}, "[[service]] A stands twice"),
        ({"counter": [{"code": "1", "services": ["Z"]}]}, "names 'Z', which does not exist"),
        ({"counter": [{"code": "1", "zone": "9F"}]}, "names '9F', which does not exist"),
        ({"hours": [{"open": {"mon": ["9-12"]}}]}, "'9-12' is no span of hours"),
        ({"hours": [{"open": {"mon": ["12:00-09:00"]}}]}, "ends before it begins"),
        ({"hours": [{"from": "13-01", "open": {}}]}, "is no day of the year"),
        ({"hours": [{"open": {"mon": ["09:00-12:00", "11:30-13:00"]}}]}, "'09:00-12:00' and '11:30-13:00' overlap"),
        ({"hours": [{"open": {"monday": ["09:00-12:00"]}}]}, "hours.0.open"),
        ({"service": [{**A_SERVICE, "quota": 0}]}, "quota"),
        ({"service": [{**A_SERVICE, "quota": [{"from": "12:00", "to": "09:00", "most": 3}]}]}, "ends before it begins"),
        ({"service": [{**A_SERVICE, "quota": [{"most": 1}, {"from": "09:00", "most": 1}]}]}, "overlap"),
        ({"service": [{**A_SERVICE, "cut_off_minutes": -1}]}, "cut_off_minutes"),
        ({"service": [A_SERVICE], "special_day": [{"from": "2026-06-19", "services": ["Z"]}]}, "names 'Z'"),
        ({"special_day": [{"from": "2026-06-19", "to": "2026-06-18"}]}, "is before from"),
        ({"rota": [{"counter": "9", "weeks": [["x"]], "from": "2026-W01"}]}, "counter names '9'"),
        ({**A_HALL, "rota": [{"counter": "1", "weeks": [["y"]], "from": "2026-W01"}]}, "weeks names 'y'"),
        ({**A_HALL, "rota": [{"counter": "1", "weeks": [], "from": "2026-W01"}]}, "weeks"),
        ({**A_HALL, "rota": [{"counter": "1", "weeks": [["x"]], "from": "2025-W53"}]}, "the year has no such week"),
        ({**A_HALL, "rota": [{"counter": "1", "weeks": [["x"]], "from": "2026-1"}]}, "is no ISO week"),
        ({"calendar": {"make_up_hours_of": "someday"}}, "calendar.make_up_hours_of"),
    ],
)
def test_a_mistake_is_named_with_its_place(document: dict[str, Any], words: str) -> None:
    with pytest.raises(SettingsError) as refused:
        settings_from(document, origin="hall.toml")
    assert words in str(refused.value)
    assert str(refused.value).startswith("hall.toml: ")


def test_the_environment_wins_over_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "hall.toml").write_text("[hub]\nport = 1111\nhost = '0.0.0.0'\n", encoding="utf-8")
    monkeypatch.setenv("HALL_HUB__PORT", "2222")
    settings = load_settings()
    assert (settings.hub.port, settings.hub.host) == (2222, "0.0.0.0")


def test_a_misspelt_section_in_the_environment_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HALL_HUBB__PORT", "1")
    with pytest.raises(SettingsError, match="HALL_HUBB__PORT"):
        load_settings()


def test_a_file_named_by_the_environment_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "other.toml").write_text("[hall]\nname = '高新区政务服务中心'\n", encoding="utf-8")
    monkeypatch.setenv("HALL_CONFIG", str(tmp_path / "other.toml"))
    assert load_settings().hall.name == "高新区政务服务中心"


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"nowhere\.toml"):
        load_settings(tmp_path / "nowhere.toml")


def test_broken_toml_is_told_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "hall.toml").write_text("[hub]\nport = = 3\n", encoding="utf-8")
    with pytest.raises(SettingsError, match="line 2"):
        load_settings()


def test_counter_is_settings_as_a_table_and_counters_as_an_array() -> None:
    assert settings_from({"counter": {"keypad": "/dev/ttyS0"}}, origin="x").counter.keypad == "/dev/ttyS0"
    assert settings_from({"counter": [{"code": "7"}]}, origin="x").counters[0].code == "7"


def test_both_kinds_of_counter_in_one_file_get_a_hint(tmp_path: Path) -> None:
    (tmp_path / "hall.toml").write_text("[counter]\nkeypad = 'x'\n[[counter]]\ncode = '1'\n", encoding="utf-8")
    with pytest.raises(SettingsError, match="HALL_COUNTER__KEYPAD"):
        load_settings()


def test_the_language_of_a_process_can_be_chosen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HALL_LANG", "en")
    assert load_settings().hall.language == "en"


def test_the_packaged_example_is_valid() -> None:
    from hub.queue.seed import example_hall

    assert [service.code for service in example_hall().services if service.parent] == ["B", "C", "D"]


def test_the_hours_that_the_example_proposes_are_valid() -> None:
    """Its comments, taken out of them."""
    text = files("hub").joinpath("example.toml").read_text(encoding="utf-8")
    _, proposed = text.split("# Hours, as soon as")
    hours, in_a_service = proposed.split("# In a [[service]]:\n")
    service, rota = in_a_service.split("#\n", 1)
    seeds = "\n".join(line.removeprefix("# ") for line in (hours.split("#\n", 1)[1] + rota).splitlines() if line != "#")
    rules = tomllib.loads("\n".join(line.removeprefix("# ") for line in service.splitlines()))
    document = {**tomllib.loads(text), **tomllib.loads(seeds)}
    document["service"][0] |= rules
    settings = settings_from(document, origin="example.toml")
    assert (len(settings.hours), len(settings.special_days), len(settings.rotas)) == (1, 1, 1)
    assert isinstance(settings.services[0].quota, tuple)
    assert settings.services[0].quota[1].most == 40
