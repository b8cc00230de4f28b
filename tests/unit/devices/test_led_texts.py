"""What stands on a strip, as far as its half cells reach."""

from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from devices.led_texts import (
    Called,
    Sign,
    Size,
    Window,
    all_windows,
    last_calls,
    one_window,
    window_on,
    without_signal,
)

ZH, BOTH = ("zh",), ("zh", "en")
NOON = datetime(2026, 3, 2, 12, 0, tzinfo=timezone(timedelta(hours=8)))
CALLING = Window("3", "3号窗口", "calling", "A005")
AWAY = Window("3", "3号窗口", "away", "", "14:30 恢复")
BOARD: dict[str, Any] = {
    "counters": {
        "1": {"label": "1", "state": "open", "services": ["A", "B", "X"]},
        "2": {"label": "2", "state": "away", "services": [], "away": {"back_at": "2026-03-02T06:30:00Z"}},
        "3": {"label": "3", "state": "calling", "number": "A005", "services": ["A"]},
    },
    "services": {"A": {"names": {"zh": "社保", "en": "Insurance"}}, "B": {"names": {"zh": "公积金"}}},
}


@pytest.mark.parametrize(
    ("window", "rows", "texts"),
    [
        (CALLING, 1, ("3号窗口 A005 请办理",)),
        (CALLING, 2, ("3号窗口 A005", "请办理")),
        (CALLING, 3, ("3号窗口", "A005", "请办理")),
        (Window("3", "3号窗口", "serving", "A005"), 1, ("3号窗口 A005 办理中",)),
        (AWAY, 1, ("3号窗口 暂停服务 14:30 恢复",)),
        (AWAY, 3, ("3号窗口", "暂停服务 14:30 恢复", "")),
        (Window("3", "3号窗口", "open", "", "社保 公积金"), 2, ("3号窗口", "社保 公积金")),
        (Window("3", "3号窗口", "open"), 1, ("3号窗口 空闲",)),
        (Window("3", "3号窗口"), 1, ("3号窗口 暂未开放",)),
        (Window("3", "3号窗口", "a state of tomorrow"), 1, ("3号窗口 暂未开放",)),
    ],
)
def test_a_window_tells_its_name_its_number_and_what_to_do(window: Window, rows: int, texts: tuple[str, ...]) -> None:
    assert one_window(window, Size(rows), ZH) == Sign(texts, number=window.number)


def test_two_languages_stand_behind_each_other() -> None:
    assert one_window(CALLING, Size(1), BOTH).texts == ("3号窗口 A005 请办理  please come",)


@pytest.mark.parametrize(
    ("half_cells", "text"),
    [(24, "请 A005 号到 3号窗口"), (19, "A005 请到3号窗口"), (12, "A005 3号窗口"), (8, "A005 3"), (2, "A005 3")],
)
def test_a_call_takes_the_longest_form_that_fits_and_never_loses_its_number(half_cells: int, text: str) -> None:
    calls = [Called("A005", "3", "3号窗口"), Called("Z001", "1", "1号窗口")]
    assert last_calls(calls, Size(1, half_cells), ZH) == Sign((text,), number="A005")


def test_a_wall_without_calls_says_what_to_do() -> None:
    assert last_calls([], Size(3), ZH).texts == ("请留意叫号", "", "")
    assert last_calls([], Size(1), ("en",), closed=True).texts == ("closed",)


def test_all_windows_share_the_wall_in_columns() -> None:
    windows = [Window(str(n), f"{n}号窗口", "serving", f"A{n:03d}") for n in range(1, 6)]
    sign = all_windows([*windows, AWAY], Size(3, 40), ZH)
    assert sign.columns == 2
    assert sign.texts == (
        "1号窗口 A001 办理中", "2号窗口 A002 办理中", "3号窗口 A003 办理中",
        "4号窗口 A004 办理中", "5号窗口 A005 办理中", "3号窗口 暂停服务",
    )  # fmt: skip
    assert all_windows(windows, Size(5, 12), ZH).texts[0] == "1号窗口 A001"


def test_without_a_hub_numbers_stay_and_the_rest_says_why_nothing_changes() -> None:
    assert without_signal(one_window(CALLING, Size(1), ZH), ZH).texts == ("3号窗口 A005 请办理",)
    assert without_signal(one_window(CALLING, Size(2), ZH), ZH).texts == ("3号窗口 A005", "信号中断 请听窗口叫号")
    assert without_signal(one_window(AWAY, Size(1), ZH), ZH).texts == ("信号中断 请听窗口叫号",)


@pytest.mark.parametrize(
    ("code", "language", "window"),
    [
        ("1", "zh", Window("1", "窗口", "open", "", "社保 公积金")),
        ("1", "en", Window("1", "窗口", "open", "", "Insurance 公积金")),
        ("2", "zh", Window("2", "窗口", "away", "", "14:30 恢复")),
        ("3", "zh", Window("3", "窗口", "calling", "A005")),
        ("9", "zh", Window("9", "窗口", "closed")),
    ],
)
def test_a_counter_is_read_from_the_board(code: str, language: str, window: Window) -> None:
    assert window_on(BOARD, code, place="窗口", language=language, now=NOON) == window


def test_a_return_that_has_passed_is_not_promised_any_more() -> None:
    late = NOON + timedelta(hours=3)
    assert window_on(BOARD, "2", place="窗口", language="zh", now=late).more == ""
    assert window_on(BOARD, "2", place="窗口", language="zh", now=None).more == ""
