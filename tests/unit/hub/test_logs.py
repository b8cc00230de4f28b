"""Log files: a line a fact, a file a day, kept for their time and not longer, without personal data."""

import json
import logging
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.logs import REDACTED, DayFiles, FactFormatter, JsonFormatter, redacted
from hub.settings import SettingsError, settings_from

SHANGHAI = ZoneInfo("Asia/Shanghai")
EVENING = datetime(2026, 3, 2, 15, 59, tzinfo=UTC)


class Clock:
    at = EVENING

    def __call__(self) -> datetime:
        return self.at


@pytest.fixture
def log() -> Iterator[logging.Logger]:
    logger = logging.getLogger("hall.test_logs")
    logger.propagate = False
    yield logger
    logger.handlers.clear()


def files(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_day_has_its_file_of_json_lines_by_the_halls_midnight(log: logging.Logger, tmp_path: Path) -> None:
    clock = Clock()
    log.addHandler(DayFiles(tmp_path / "logs", "hub", keep_days=200, zone=SHANGHAI, now=clock))
    log.warning("ticket called", extra={"number": "A007", "counter": "3"})
    clock.at += timedelta(minutes=2)
    log.warning("after midnight")
    assert files(tmp_path / "logs") == ["hub-2026-03-02.jsonl", "hub-2026-03-03.jsonl"]
    line = json.loads((tmp_path / "logs" / "hub-2026-03-02.jsonl").read_text(encoding="utf-8"))
    assert line.pop("at").endswith("+00:00")
    assert line == {
        "level": "warning",
        "logger": "hall.test_logs",
        "message": "ticket called",
        "number": "A007",
        "counter": "3",
    }


def test_files_are_deleted_when_their_time_is_over_and_others_files_never(log: logging.Logger, tmp_path: Path) -> None:
    kept, over = EVENING.date() - timedelta(days=200), EVENING.date() - timedelta(days=201)
    for name in (f"hub-{kept}.jsonl", f"hub-{over}.jsonl", f"kiosk-{over}.jsonl", "hub-notes.txt", "hall.db"):
        (tmp_path / name).write_text("")
    log.addHandler(DayFiles(tmp_path, "hub", keep_days=200, zone=SHANGHAI, now=Clock()))
    log.warning("a new day")
    assert set(files(tmp_path)) == {
        "hall.db",
        "hub-2026-03-02.jsonl",
        f"hub-{kept}.jsonl",
        "hub-notes.txt",
        f"kiosk-{over}.jsonl",
    }


@pytest.mark.parametrize("days", [0, 30, 180, 183])
def test_less_than_six_months_is_refused_with_the_law(days: int) -> None:
    with pytest.raises(SettingsError, match="网络安全法") as refused:
        settings_from({"logs": {"keep_days": days}}, origin="hall.toml")
    assert "hall.toml: logs.keep_days" in str(refused.value)
    assert settings_from({"logs": {"keep_days": 184}}, origin="hall.toml").logs.keep_days == 184


def test_a_folder_that_cannot_be_written_stops_nothing_and_is_told_until_it_can(
    log: logging.Logger, tmp_path: Path
) -> None:
    (tmp_path / "logs").write_text("a file where a folder should be")
    handler = DayFiles(tmp_path / "logs", "hub", keep_days=200, zone=SHANGHAI, now=Clock())
    log.addHandler(handler)
    log.warning("lost to the file")
    assert str(tmp_path / "logs") in handler.trouble
    (tmp_path / "logs").unlink()
    log.warning("written")
    assert handler.trouble == ""
    assert "written" in (tmp_path / "logs" / "hub-2026-03-02.jsonl").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "personal", ["11010519491231002X", "440524188001010014", "130503670401001", "13812345678", "+8613812345678"]
)
def test_what_looks_like_an_id_or_telephone_number_is_taken_out(personal: str) -> None:
    record = logging.makeLogRecord(
        {"name": "hall", "levelno": 30, "levelname": "WARNING", "msg": f"of {personal}.", "told": f"({personal})"}
    )
    try:
        raise ValueError(personal)
    except ValueError as error:
        record.exc_info = (ValueError, error, error.__traceback__)
    for formatter in (FactFormatter(), JsonFormatter()):
        line = formatter.format(record)
        assert personal not in line
        assert line.count(REDACTED) >= 3


def test_fields_that_are_secret_are_not_written_whatever_they_hold() -> None:
    record = logging.makeLogRecord({"msg": "asked", "password": "hunter2", "token": "t0k3n", "role": "clerk"})
    line = json.loads(JsonFormatter().format(record))
    assert (line["password"], line["token"], line["role"]) == (REDACTED, REDACTED, "clerk")


@pytest.mark.parametrize(
    "fact", ["A007", "19cac380312c0e5ceba159e", "2026-03-02T01:44:39.885670Z", "192.168.1.10:8000", "1772416800000000"]
)
def test_numbers_ids_times_and_addresses_stay(fact: str) -> None:
    assert redacted(f"of {fact} at") == f"of {fact} at"


@given(st.text(), st.text())
def test_a_line_is_one_line_and_reads_as_json_whatever_is_in_it(message: str, fact: str) -> None:
    record = logging.makeLogRecord({"msg": "%s", "args": (message,), "fact": fact, "thing": {1, 2}})
    line = JsonFormatter().format(record)
    assert "\n" not in line
    assert json.loads(line)["fact"] == redacted(fact)
