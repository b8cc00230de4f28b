"""Calls as sentences for the ear, and which of them are due."""

from datetime import datetime, timedelta

import pytest

from devices.voice_frames import Part
from display.calls import Announcements
from display.voice.due import due, is_quiet
from display.voice.sentence import sentence
from hub.settings import SettingsError, settings_from
from hub.station_settings import DisplaySettings
from tests.unit.display.boards import NOON, a_call

ZH = DisplaySettings().voice_templates


def test_a_call_is_a_sentence_with_its_number_by_figures_and_its_counter_as_a_number() -> None:
    assert sentence("A005", "12", {"12": {"label": "12"}}, ZH) == (
        Part("请"),
        Part("A005", "digits"),
        Part("号到"),
        Part("12", "value"),
        Part("号窗口"),
        Part("办理"),
    )


def test_a_counter_with_a_name_is_called_by_its_name() -> None:
    told = "".join(part.text for part in sentence("B001", "7", {"7": {"label": "不动产综合窗口"}}, ZH))
    assert told == "请B001号到不动产综合窗口办理"


def test_a_second_language_follows_the_first() -> None:
    templates = {**ZH, "en": "Number {number}, please go to {place}."}
    told = "".join(part.text for part in sentence("A005", "3", {}, templates))
    assert told == "请A005号到3号窗口办理。Number A005, please go to Counter 3."


@pytest.mark.parametrize("template", ["请到{place}", "{number}{counter}", "{number"])
def test_a_template_that_cannot_be_said_is_refused(template: str) -> None:
    with pytest.raises(SettingsError, match=r"display\.voice_templates\.zh"):
        settings_from({"display": {"voice_templates": {"zh": template}}}, origin="hall.toml")


def test_every_call_is_due_once_oldest_first_and_what_expired_never() -> None:
    old = a_call("0", "A000", "1", NOON - timedelta(minutes=5))
    board = [a_call("2", "A002", "2", NOON), a_call("1", "A001", "1", NOON), old]
    state, calls = due(Announcements(), board, NOON)
    assert [call.number for call in calls] == ["A001", "A002"]
    state, calls = due(state, [a_call("3", "A001", "1", NOON, times=2), *board], NOON)
    assert [(call.number, call.key) for call in calls] == [("A001", "A001 1")]
    assert due(state, board, NOON)[1] == []


def test_in_quiet_hours_calls_are_known_but_not_spoken() -> None:
    board = [a_call("1", "A001", "1", NOON)]
    state, calls = due(Announcements(), board, NOON, [f"{NOON:%H:%M}-23:59"])
    assert calls == []
    assert due(state, board, NOON)[1] == []


@pytest.mark.parametrize(("clock", "quiet"), [("11:59", False), ("12:00", True), ("13:59", True), ("14:00", False)])
def test_quiet_hours_end_with_their_last_minute(clock: str, quiet: bool) -> None:
    moment = datetime.fromisoformat(f"2026-03-02T{clock}:30+08:00")
    assert is_quiet(moment, ["12:00-14:00"]) == quiet
