"""Sentences of the machine and of its slip."""

from string import Formatter
from typing import get_args

import pytest

from devices.slip import TextLine, ticket_slip
from hub.wire import Language, WaitRange, Zone
from kiosk.state import Paper, PrinterCode
from kiosk.ticket_words import slip_facts, ticket_lines
from kiosk.words import (
    PAPER,
    PRINTER,
    PROBLEMS,
    SENTENCES,
    Pair,
    go_words,
    paper_words,
    problem_words,
    waiting_words,
)
from tests.unit.kiosk.scenes import DOCUMENTS, NOON, a_hall, a_service, a_ticket


def gaps(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


@pytest.mark.parametrize("pair", [*SENTENCES.values(), *PAPER.values(), *PRINTER.values(), *PROBLEMS.values()])
def test_both_languages_say_the_same(pair: Pair) -> None:
    assert all(pair)
    assert gaps(pair[0]) == gaps(pair[1])


def test_every_state_of_paper_and_printer_has_words() -> None:
    assert set(PAPER) == set(get_args(Paper))
    assert set(PRINTER) == set(get_args(PrinterCode))


def test_paper_out_cover_open_silence_and_doubt_are_told_apart() -> None:
    papers: tuple[tuple[Paper, PrinterCode], ...] = (
        ("not_printed", "paper_out"),
        ("not_printed", "cover_open"),
        ("not_printed", "silent"),
        ("unknown", "silent"),
        ("unknown", "paper_out"),
        ("held", "paper_out"),
        ("unknown", "one_way"),
        ("none", ""),
    )
    languages: tuple[Language, ...] = get_args(Language)
    said = {paper_words(paper, code, language) for language in languages for paper, code in papers}
    assert len(said) == 16


def test_a_doubtful_slip_is_never_called_lost() -> None:
    assert "可能自动补打" in paper_words("unknown", "paper_out", "zh")
    assert "自动打出" in paper_words("held", "paper_out", "zh")
    assert "may still come out" in paper_words("unknown", "silent", "en")


@pytest.mark.parametrize(
    ("labels", "zone", "zh", "en"),
    [
        (["1", "2", "3"], "", "叫到号后，请到 1、2、3 号窗口", "When called, go to counter 1, 2, 3"),
        (["1 号窗口", "2号窗口"], "", "叫到号后，请到 1、2 号窗口", "When called, go to counter 1, 2"),
        (["9", "1", "2", "3", "4"], "", "叫到号后，请到 1–4、9 号窗口", "When called, go to counter 1–4, 9"),
        (
            ["1", "2", "4", "5", "7"],
            "",
            "叫到号后，请到 1、2、4、5、7 号窗口",
            "When called, go to counter 1, 2, 4, 5, 7",
        ),
        (["综合窗口"], "", "叫到号后，请到 综合窗口", "When called, go to 综合窗口"),
        (["3"], "二楼", "叫到号后，请到 二楼 3 号窗口", "When called, go to counter 3, 二楼"),
        ([], "", "叫到号后，请按屏幕提示的窗口办理", "When called, go to the counter shown on the screens"),
    ],
)
def test_where_to_go(labels: list[str], zone: str, zh: str, en: str) -> None:
    assert (go_words(labels, "zh", zone=zone), go_words(labels, "en", zone=zone)) == (zh, en)


@pytest.mark.parametrize(
    ("waiting", "wait", "zh", "en"),
    [
        (3, WaitRange(low=5, high=12), "3 人等候 · 约 5–12 分钟", "3 waiting · about 5–12 min"),
        (1, WaitRange(low=4, high=4), "1 人等候 · 约 4 分钟", "1 waiting · about 4 min"),
        (0, WaitRange(low=0, high=0), "无人等候 · 无需等待", "Nobody waiting · no wait"),
        (0, WaitRange(low=0, high=1), "无人等候 · 无需等待", "Nobody waiting · no wait"),
        (2, WaitRange(low=0, high=1), "2 人等候 · 很快叫到", "2 waiting · very soon"),
        (2, WaitRange(low=0, high=6), "2 人等候 · 6 分钟以内", "2 waiting · within 6 min"),
        (2, None, "2 人等候", "2 waiting"),
    ],
)
def test_how_many_wait_and_how_long(waiting: int, wait: WaitRange | None, zh: str, en: str) -> None:
    assert (waiting_words(waiting, wait, "zh"), waiting_words(waiting, wait, "en")) == (zh, en)


@pytest.mark.parametrize(
    ("rest", "first"),
    [
        ({"ahead": 3}, "前面还有 3 人等候"),
        ({"ahead": 0, "wait_minutes": {"low": 0, "high": 0}}, "您是下一位"),
        ({"ahead": None, "wait_minutes": {"low": 0, "high": 1}}, "预计很快叫到您"),
        ({"ahead": None, "wait_minutes": {"low": 0, "high": 7}}, "预计 7 分钟以内叫到您"),
        ({"ahead": None}, "预计等候 8–15 分钟"),
        ({"ahead": None, "wait_minutes": None}, "叫到号后，请到 1、2、3 号窗口"),
    ],
)
def test_a_ticket_says_only_what_is_known(rest: dict[str, object], first: str) -> None:
    assert ticket_lines(a_ticket("A007", **rest), a_hall(), "zh")[0] == first


def test_the_last_line_of_a_slip_says_where_to_go() -> None:
    hall = a_hall(a_service("A", documents=DOCUMENTS), zones=2)
    facts = slip_facts(a_ticket(zone="Z2"), hall, NOON, "zh")
    assert facts.lines == (
        "前面还有 3 人等候",
        "预计等候 8–15 分钟",
        "请备好：身份证、营业执照副本",
        "请留意屏幕和广播",
        "叫到号后，请到 2楼东区 1、2、3 号窗口",
    )
    assert (facts.hall, facts.service, facts.time) == ("临江市政务服务中心", "企业开办与注销", "2026-03-02 12:00")


@pytest.mark.parametrize("paper_mm", [58, 80])
def test_an_english_slip_stands_on_paper_of_either_width(paper_mm: int) -> None:
    slip = ticket_slip(slip_facts(a_ticket(), a_hall(), NOON, "en"), paper_mm=paper_mm)  # type: ignore[arg-type]
    text = " ".join(item.text for item in slip.items if isinstance(item, TextLine))
    for part in ("A007", "Company registration", "3 people ahead of you", "go to counter 1, 2, 3", "2026-03-02 12:00"):
        assert part in text


def test_a_zone_is_named_only_where_there_are_several() -> None:
    assert a_hall().zones == [Zone(code="Z1", names={"zh": "1楼东区", "en": "floor 1 east"})]
    assert "1楼" not in ticket_lines(a_ticket(zone="Z1"), a_hall(), "zh")[-1]


def test_a_problem_without_words_of_ours_is_told_in_the_hubs() -> None:
    assert problem_words("brand_new", "请先登录", "zh") == "请先登录"
    assert problem_words("quota_reached", "ignored", "en").startswith("All numbers")
