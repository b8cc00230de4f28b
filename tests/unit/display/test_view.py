"""What a citizen reads, from the board's JSON."""

from dataclasses import replace
from datetime import timedelta
from typing import Any, get_args

import pytest

from display.calls import Call, Showing
from display.view import Moment, View, view
from display.words import WORDS
from hub.wire import ClosedReason, merge
from hub.wire.labels import columns, natural, place_of, shorten
from tests.unit.display.boards import NOON, a_board

THERE = Moment(NOON, "there")
ZH, BOTH = ("zh",), ("zh", "en")


def shown(board: dict[str, Any], moment: Moment = THERE, languages: tuple[str, ...] = ZH) -> View:
    return view(board, moment, (), languages)


def announced(*numbers: str, times: int = 1) -> tuple[Showing, ...]:
    return tuple(Showing(Call((number,), number, "3", times), 0.0) for number in numbers)


def test_the_newest_call_is_a_sentence() -> None:
    (card,) = view(a_board(8), THERE, announced("A007"), ZH).cards
    assert (card.lead, card.number, card.joint, card.place.text, card.caption) == (
        "请",
        "A007",
        "号到",
        "3号窗口",
        "正在呼叫",
    )
    assert card.fresh


def test_a_recall_says_how_often_it_was_called() -> None:
    assert view(a_board(8), THERE, announced("A007", times=2), ZH).cards[0].caption == "第 2 次呼叫"


def test_without_a_call_to_announce_the_last_one_stays_at_rest() -> None:
    (card,) = shown(a_board(8)).cards
    assert (card.number, card.fresh, card.caption) == ("A030", False, "最近一次叫号")


def test_both_languages_stand_on_one_board() -> None:
    seen = view(a_board(8), THERE, announced("A007"), BOTH)
    assert seen.cards[0].second == "A007, please go to Counter 3"
    assert seen.services[1].second == "Social insurance"
    assert seen.headings.counters == "办理窗口　Counters"


@pytest.mark.parametrize(
    ("opening", "waiting", "title", "detail"),
    [
        ({"next_opening": "2026-03-02T14:00:00+08:00"}, 0, "大厅暂未开放", "下次开放　今天 14:00"),
        ({"next_opening": "2026-03-03T01:00:00+00:00"}, 0, "大厅暂未开放", "下次开放　明天 09:00"),
        ({"next_opening": "2026-03-09T09:00:00+08:00"}, 0, "大厅暂未开放", "下次开放　3月9日 周一 09:00"),
        ({}, 3, "已停止取号，已取号请等候叫号", ""),
    ],
)
def test_a_closed_hall_says_what_is_left_of_the_day(
    opening: dict[str, str], waiting: int, title: str, detail: str
) -> None:
    board = a_board(4, closed=True)
    board["hall"]["opening"] = {"state": "closed", **opening}
    board["services"]["A"]["waiting"] = waiting
    sign = shown(board).sign
    assert sign is not None
    assert (sign.title, sign.detail) == (title, detail)


NATIONAL_DAY = {"zh": "国庆节", "en": "National Day"}


@pytest.mark.parametrize(
    ("opening", "waiting", "title", "head"),
    [
        ({"reason": "holiday", "names": NATIONAL_DAY}, 0, "国庆节放假", "国庆节放假"),
        ({"reason": "holiday"}, 0, "节假日放假", "节假日放假"),
        ({"reason": "closed_day", "names": {"zh": "大厅搬迁"}}, 0, "大厅搬迁", "大厅搬迁"),
        ({"reason": "closed_day"}, 0, "今天不开放", "今天不开放"),
        ({"reason": "lunch"}, 3, "午间休息，已取号请等候", "午间休息"),
        ({"reason": "a reason of a later hub"}, 0, "大厅暂未开放", "暂停取号"),
    ],
)
def test_a_closed_hall_says_why(opening: dict[str, Any], waiting: int, title: str, head: str) -> None:
    board = a_board(4, closed=True)
    board["hall"]["opening"] = {"state": "closed", **opening}
    board["services"]["A"]["waiting"] = waiting
    seen = shown(board)
    assert seen.sign is not None
    assert (seen.sign.title, seen.opening) == (title, head)


def test_every_reason_of_the_hub_has_its_words() -> None:
    assert {f"why_{reason}" for reason in get_args(ClosedReason)} <= set(WORDS)


def test_the_sign_of_a_closed_hall_stands_in_both_languages() -> None:
    board = a_board(4, closed=True)
    board["hall"]["opening"] = {
        "state": "closed", "reason": "holiday", "names": NATIONAL_DAY, "next_opening": "2026-03-08T09:00:00+08:00",
    }  # fmt: skip
    sign = shown(board, languages=BOTH).sign
    assert sign is not None
    assert (sign.title, sign.detail) == (
        "国庆节放假　Closed: National Day",
        "下次开放　3月8日 周日 09:00　Opens Sun 8 Mar, 09:00",
    )


def test_a_closed_service_says_why_in_place_of_a_wait_nobody_has() -> None:
    board = a_board(4)
    for code, waiting in (("A", 0), ("B", 2)):
        board["services"][code] |= {"opening": {"state": "closed", "reason": "quota"}, "waiting": waiting}
    assert [row.wait for row in shown(board).services[:2]] == ["号已取完", "约 6–11 分钟"]


def test_a_hall_outside_its_hours_is_open_as_long_as_a_service_is() -> None:
    board = a_board(4, closed=True)
    board["services"]["A"]["opening"] = {"state": "open"}
    seen = shown(board)
    assert seen.sign is not None
    assert (seen.sign.title, seen.opening) == ("请留意叫号", "正在服务")


@pytest.mark.parametrize(
    ("moment", "warning"),
    [
        (THERE, ""),
        (Moment(NOON, "away", as_of=NOON - timedelta(minutes=3)), "信号中断，数据可能不是最新　·　数据截至 11:57"),
        (Moment(NOON, "away"), "信号中断，数据可能不是最新"),
        (Moment(NOON, "refused", as_of=NOON), "本屏未获授权，请联系管理员　·　数据截至 12:00"),
    ],
)
def test_a_board_that_nobody_keeps_up_to_date_is_marked(moment: Moment, warning: str) -> None:
    assert shown(a_board(8), moment).warning == warning


def test_a_screen_that_never_had_a_board_says_that_it_looks_for_one() -> None:
    seen = shown({}, Moment(None, "connecting"))
    assert seen.sign is not None
    assert (seen.sign.title, seen.clock) == ("正在连接叫号系统", "--:--")


def test_the_clock_is_in_hall_time() -> None:
    board = merge(a_board(8), {"hall": {"time_zone": "Asia/Urumqi"}})
    assert (shown(board).clock, shown(a_board(8)).clock) == ("10:00", "12:00")


def test_waits_and_people() -> None:
    board = a_board(8)
    board["services"]["B"]["wait_minutes"] = {"low": 5, "high": 5}
    board["services"]["D"]["wait_minutes"] = {"low": 0, "high": 6}
    board["services"]["E"]["wait_minutes"] = {"low": 0, "high": 1}
    rows = shown(board).services
    assert [(row.waiting, row.wait) for row in rows[:5]] == [
        ("0 人", "无需等候"),
        ("5 人", "约 5 分钟"),
        ("10 人", "约 12–22 分钟"),
        ("15 人", "6 分钟以内"),
        ("20 人", "很快叫到"),
    ]


def test_notices_take_turns() -> None:
    board = a_board(8, notices=["一", "二"])
    assert [shown(board, replace(THERE, turn=turn)).notice for turn in range(3)] == ["一", "二", "一"]


def test_counters_come_in_the_order_of_their_numbers() -> None:
    assert [row.code for row in shown(a_board(12)).counters][:3] == ["1", "2", "3"]
    assert sorted(["A10", "A2", "10", "9"], key=natural) == ["9", "10", "A2", "A10"]


@pytest.mark.parametrize(
    ("label", "chinese", "english"),
    [
        ("3", "3号窗口", "Counter 3"),
        ("12号窗口", "12号窗口", "Counter 12"),
        ("A3", "A3号窗口", "Counter A3"),
        ("2 号窗口", "2号窗口", "Counter 2"),
        ("第 2 号窗口", "2号窗口", "Counter 2"),
        ("综合窗口", "综合窗口", "Counter 7"),
        ("Information desk", "Information desk", "Information desk"),
        ("", "7号窗口", "Counter 7"),
    ],
)
def test_how_a_counter_is_told(label: str, chinese: str, english: str) -> None:
    assert (place_of("7", label, "zh").text, place_of("7", label, "en").text) == (chinese, english)


@pytest.mark.parametrize(
    ("text", "most", "short"),
    [("企业开办", 8, "企业开办"), ("企业开办", 7, "企业开…"), ("企业开办", 6, "企业…"), ("a  b\nc", 9, "a b c")],
)
def test_long_texts_are_shortened_by_columns(text: str, most: int, short: str) -> None:
    assert shorten(text, most) == short
    assert columns(shorten(text, most)) <= most


def test_a_board_of_another_version_takes_no_screen_down() -> None:
    board = {"hall": {"opening": None}, "counters": {"1": {"state": "dancing"}}, "services": {"A": {}}, "news": 1}
    assert shown(board).counters[0].state == "未开放"


def test_every_word_stands_in_both_languages() -> None:
    assert all(set(texts) == {"zh", "en"} and all(texts.values()) for texts in WORDS.values())


@pytest.mark.parametrize(
    ("languages", "back_at", "text"),
    [
        (ZH, "2026-03-02T13:30:00+08:00", "暂停至 13:30"),
        (ZH, "2026-03-02T05:30:00+00:00", "暂停至 13:30"),
        (BOTH, "2026-03-02T13:30:00+08:00", "暂停 Back 13:30"),
        (ZH, "2026-03-02T11:30:00+08:00", "暂停服务"),
        (ZH, None, "暂停服务"),
    ],
)
def test_a_paused_counter_says_when_it_goes_on(languages: tuple[str, ...], back_at: str | None, text: str) -> None:
    board = a_board(8)
    away = {"away": {"back_at": back_at}} if back_at else {}
    board["counters"]["4"] = {"label": "4", "state": "away", "services": ["A"], **away}
    assert shown(board, languages=languages).counters[3].state == text
