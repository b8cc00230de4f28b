"""The two tablet protocols, message by message as their sources print them."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.tablet_frames import LogIn, PingTablet, Question, RateTablet, Submit, TabletProtocol

RATE, PING = RateTablet(lambda: {"3": "3号窗口"}), PingTablet()
QUESTION = Question("20171229211602", "测试办理人", "测试办理事项", "2018-01-02", "http://10.0.0.9:3349/e/x")


def heard(protocol: TabletProtocol, message: Any, *, logged_in: bool = True) -> Any:
    found = protocol.hear(json.dumps(message), logged_in=logged_in)
    return json.loads(found) if isinstance(found, str) else found


# JackQChen/QueueSystem: RateService/Service.cs and Doc/RateDebug.html


@pytest.mark.parametrize(
    ("method", "param", "code", "result"),
    [
        ("GetWindowList", {}, "0", [{"WindowNumber": "3", "WindowName": "3号窗口"}]),
        ("GetUserList", {"winNum": "3"}, "0", [{"UserCode": "3", "UserName": "3号窗口"}]),
        ("GetUserList", {"winNum": "9"}, "0", []),
        ("GetUserPhoto", {"userCode": "3"}, "0", ""),
        ("GetUpdateInfo", {}, "0", {"version": "", "url": ""}),
        ("HeartBeat", {}, "0", ""),
        ("RateRequest", {"winNum": "3"}, "1001", "该用户无此操作权限"),
        ("RateSubmit", {"rateId": "1", "attitude": "x"}, "1003", "评价失败!"),
        ("Dance", {}, "999", "未知指令"),
    ],
)
def test_requests_are_answered_with_the_codes_of_the_source(method: str, param: Any, code: str, result: Any) -> None:
    answer = heard(RATE, {"method": method, "param": param})
    assert answer == {"request": method, "code": code, "result": result}


def test_who_is_not_logged_in_cannot_submit() -> None:
    answer = heard(RATE, {"method": "RateSubmit", "param": {}}, logged_in=False)
    assert answer == {"request": "RateSubmit", "code": "1000", "result": "当前用户尚未登录"}


def test_a_log_in_names_its_window_and_both_answers() -> None:
    told = heard(RATE, {"method": " login ", "param": {"winNum": "3", "userCode": "u"}}, logged_in=False)
    assert isinstance(told, LogIn)
    assert (told.window, told.key) == ("3", None)
    assert json.loads(told.accepted) == {"request": "login", "code": "0", "result": "登录成功!"}
    assert json.loads(told.refused) == {"request": "login", "code": "1002", "result": "窗口或用户信息不正确!"}


def test_a_submit_has_the_question_and_its_four_parts() -> None:
    param = {"rateId": "20171229211602", "attitude": "0", "quality": 1, "efficiency": "2", "honest": "0"}
    told = heard(RATE, {"method": "RateSubmit", "param": param})
    assert isinstance(told, Submit)
    assert (told.id, told.values) == ("20171229211602", (0, 1, 2, 0))
    assert json.loads(told.refused)["code"] == "1003"


def test_a_rate_quest_is_the_sources() -> None:
    assert json.loads(RATE.ask(QUESTION)) == {
        "method": "RateQuest",
        "param": {
            "rateId": "20171229211602",
            "transactor": "测试办理人",
            "item": "测试办理事项",
            "date": "2018-01-02",
            "reserveSeq": "",
        },
    }


# kancloud.cn/xtuo/ping/1998309


def test_ping_asks_for_the_work_number_first() -> None:
    assert json.loads(PING.greeting()) == {"code": 40001, "state": 0, "msg": "请发送工号"}


def test_ping_logs_in_by_work_number_and_key() -> None:
    told = heard(PING, {"code": 40001, "data": {"work_no": "10086", "key": "123456"}}, logged_in=False)
    assert isinstance(told, LogIn)
    assert (told.window, told.key) == ("10086", "123456")
    assert json.loads(told.accepted) == {"code": 40001, "state": 1, "msg": "登录成功"}
    assert json.loads(told.refused) == {"code": 40001, "state": 0, "msg": "通讯密钥错误"}


@pytest.mark.parametrize(
    ("sent", "code", "state"),
    [
        ({"code": 40000, "data": 1603780630492}, 40000, 1),
        ({"code": 12345}, 50000, 0),
        ({"data": 1}, 40002, 0),
        ([1], 40002, 0),
    ],
)
def test_ping_answers_beats_bad_packets_and_unknown_codes(sent: Any, code: int, state: int) -> None:
    answer = heard(PING, sent)
    assert (answer["code"], answer["state"]) == (code, state)
    assert answer.get("data") == (1603780630492 if code == 40000 else None)


def test_ping_pushes_an_address() -> None:
    assert json.loads(PING.ask(QUESTION)) == {
        "code": 50100, "state": 1, "msg": "打开网址", "data": "http://10.0.0.9:3349/e/x"
    }  # fmt: skip


JSON = st.recursive(st.none() | st.booleans() | st.integers() | st.text(max_size=8), lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["method", "param", "code", "data", "rateId", "attitude", "work_no"]), inner, max_size=4))  # fmt: skip  # noqa: E501


@given(st.one_of(st.text(), JSON.map(json.dumps)), st.booleans())
def test_nothing_that_is_sent_breaks_the_server(text: str, logged_in: bool) -> None:
    for protocol in (RATE, PING):
        found = protocol.hear(text, logged_in=logged_in)
        assert isinstance(found, str | LogIn | Submit | None)
