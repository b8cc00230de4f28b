"""Why no numbers are given and when they are again, on the machine."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import get_args

import pytest

from hub.wire import BoardService, ClosedReason, Language, Opening, Problem
from kiosk import closing_words
from kiosk.closing_words import REFUSED, SHORT, TITLES, closed_short, closed_title, closed_words, refused_words
from kiosk.openings import can_be_taken, closed_why, next_numbers, opens_at
from kiosk.screens import screen_of, step
from kiosk.state import BoardSeen, IssueRefused, Issuing, NoNumber
from tests.unit.kiosk.scenes import (
    CHINA,
    NATIONAL_DAY,
    NOON,
    REASONS,
    a_hall,
    a_service,
    a_sheet,
    a_state,
    closed,
    scenes,
)
from tests.unit.kiosk.test_words import gaps

LANGUAGES: tuple[Language, ...] = get_args(Language)


def test_every_reason_has_words_in_both_languages() -> None:
    assert set(TITLES) == set(SHORT) == set(get_args(ClosedReason))
    for zh, en in (*TITLES.values(), *SHORT.values(), *REFUSED.values(), closing_words.AGAIN, closing_words.NEXT):
        assert zh
        assert gaps(zh) == gaps(en)


@pytest.mark.parametrize(
    ("opening", "title", "more"),
    [
        (closed("holiday", "2026-10-08 09:00", NATIONAL_DAY), "国庆节放假", "10月8日 星期四 09:00 恢复取号"),
        (closed("lunch", "2026-03-02 13:30"), "午间休息", "今天 13:30 恢复取号"),
        (closed("closed_day", "2026-03-04 09:00", {"zh": "大厅搬迁"}), "大厅搬迁", "3月4日 星期三 09:00 恢复取号"),
        (closed("after_closing"), "今天的取号时间已结束", "下次开放时间请咨询工作人员。"),
        (Opening(state="closed"), "现在不在取号时间", "下次开放时间请咨询工作人员。"),
    ],
)
def test_a_closed_hall_says_why_and_when_numbers_are_given_again(opening: Opening, title: str, more: str) -> None:
    sheet = a_sheet(a_state(hall=a_hall(opening=opening)))
    said = {item.name: item.text for item in sheet.items}
    assert (sheet.screen, said["title"], said["more"]) == ("closed", title, more)


def test_a_closed_service_is_grey_and_says_why() -> None:
    sheet = a_sheet(scenes("zh")["services_reasons"])
    cards = {item.name: (item.text.split("\n")[1], item.touchable) for item in sheet.items if "service:" in item.name}
    assert cards == {
        "service:A": ("号已取完，13:30 恢复", False),
        "service:B": ("已停止取号，3月3日 恢复", False),
        "service:C": ("午休，13:30 恢复", False),
        "service:D": ("国庆节放假，10月8日 恢复", False),
        "service:E": ("未到时间，14:00 恢复", False),
        "service:F": ("今天不办理", False),
        "service:H": ("今天已结束，3月3日 恢复", False),
        "service:K": ("3 人等候 · 余 3 号", True),
    }


def test_a_heading_whose_services_are_closed_for_several_reasons_names_none() -> None:
    mixed = (
        a_service("H"),
        a_service("H1", parent="H", opening=closed("quota")),
        a_service("H2", parent="H", opening=closed("cut_off")),
    )
    state = a_state(hall=a_hall(*mixed))
    assert closed_why(state, mixed[0]) is None
    assert closed_short(None, NOON, "zh") == "现在不能取号"


def test_a_service_that_is_open_outside_the_halls_hours_can_be_taken() -> None:
    evening = a_hall(
        a_service("A", opening=Opening(state="open")),
        a_service("B", opening=closed("after_closing")),
        opening=closed("after_closing"),
    )
    state = a_state(hall=evening)
    assert screen_of(state) == "services"
    assert [can_be_taken(state, service) for service in state.services] == [True, False]


def test_a_hall_where_every_service_is_closed_shows_the_reasons() -> None:
    assert screen_of(a_state(hall=a_hall(*REASONS[:3]))) == "services"


def test_the_board_closes_and_opens_a_service_at_once() -> None:
    state = a_state(hall=a_hall(a_service("A", opening=Opening(state="open")), a_service("B")))
    full = BoardService(names={"zh": "甲"}, opening=closed("quota", "2026-03-02 13:30"), quota_left=0, waiting=1)
    seen, _ = step(state, BoardSeen({"A": full}, Opening(state="open")), 1.0)
    assert [can_be_taken(seen, service) for service in seen.services] == [False, True]


def test_the_next_numbers_are_those_of_whoever_opens_first() -> None:
    hall = a_hall(
        a_service("A", opening=closed("holiday", "2026-10-03 09:00")),
        a_service("B", opening=closed("holiday", "2026-10-08 09:00")),
        opening=closed("holiday", "2026-10-08 09:00"),
    )
    assert next_numbers(a_state(hall=hall)) == datetime(2026, 10, 3, 9, tzinfo=CHINA)


@pytest.mark.parametrize(
    ("told", "at"),
    [
        ("2026-03-02T13:30:00+08:00", datetime(2026, 3, 2, 13, 30, tzinfo=CHINA)),
        ("2026-03-02T13:30:00", None),
        ("soon", None),
        (None, None),
    ],
)
def test_what_the_hub_says_of_the_next_numbers_is_read_if_it_can_be(told: str | None, at: datetime | None) -> None:
    extra = {} if told is None else {"next_opening": told}
    problem = Problem(title="", status=409, code="quota_reached", detail="", **extra)
    assert opens_at(problem) == at


def test_a_refused_number_says_when_the_next_ones_are_given() -> None:
    asked = replace(a_state(), errand=Issuing("A", "k", 0.0))
    problem = Problem(
        title="", status=409, code="quota_reached", detail="", **{"next_opening": "2026-03-02T05:30:00+00:00"}
    )
    refused, _ = step(asked, IssueRefused("k", problem), 1.0)
    assert isinstance(refused.errand, NoNumber)
    text = next(item.text for item in a_sheet(refused).items if item.name == "more")
    assert text.startswith("这项业务本时段的号已取完，今天 13:30 恢复取号。")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_without_a_time_the_general_sentence_stands(lang: Language) -> None:
    assert refused_words("quota_reached", None, NOON, lang) is None
    assert refused_words("live_ticket_exists", NOON, NOON, lang) is None


def test_tomorrow_is_told_by_its_date() -> None:
    assert closed_words(NOON + timedelta(days=1), NOON, "en") == "Numbers again: Tuesday, 3 Mar 12:00"
    assert closed_title(None, "en") == "The hall is closed"
