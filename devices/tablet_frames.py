"""Two public WebSocket protocols of evaluation tablets 平板评价器, as the server speaks them. Pure; text in, text out.

`rate`  JackQChen/QueueSystem, RateService/Service.cs: {"method", "param"} → {"request", "code", "result"}; the server
        pushes RateQuest; the tablet itself draws four questions and sends RateSubmit.
`ping`  kancloud.cn/xtuo/ping/1998309: {"code", "state", "msg", "data"}; the server pushes an address to open, whose
        page takes the answer.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, Protocol

ProtocolName = Literal["rate", "ping"]

RATE_PARTS = ("attitude", "quality", "efficiency", "honest")
"""服务态度, 完成质量, 处理效率, 廉洁自律."""
LONGEST_TEXT = 16 * 1024


@dataclass(frozen=True)
class Question:
    """`id` is secret enough that only the tablet that was asked can answer; `url` is the page for `ping`."""

    id: str
    clerk: str
    item: str
    date: str
    url: str


@dataclass(frozen=True)
class LogIn:
    """Send `accepted` or `refused`, as the window exists and `key` (`ping` has one) is right."""

    window: str
    key: str | None
    accepted: str
    refused: str


@dataclass(frozen=True)
class Submit:
    """An answer in as many parts as the protocol has; send `accepted` only when it is on the disk."""

    id: str
    values: tuple[int, ...]
    accepted: str
    refused: str


Heard = str | LogIn | Submit | None
"""A text is the answer to send back; None = nothing is answered."""


class TabletProtocol(Protocol):
    def greeting(self) -> str:
        """What the server says first; empty = nothing."""

    def hear(self, text: str, *, logged_in: bool) -> Heard: ...

    def ask(self, question: Question) -> str: ...


def _json(**members: Any) -> str:
    return json.dumps(members, ensure_ascii=False, separators=(",", ":"))


def _object(text: str) -> dict[str, Any] | None:
    try:
        found = json.loads(text) if len(text) <= LONGEST_TEXT else None
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


class RateTablet:
    """`windows`: number → name, what GetWindowList tells."""

    def __init__(self, windows: Callable[[], Mapping[str, str]]) -> None:
        self._windows = windows

    def greeting(self) -> str:
        return ""

    def ask(self, question: Question) -> str:
        return _json(
            method="RateQuest",
            param={
                "rateId": question.id,
                "transactor": question.clerk,
                "item": question.item,
                "date": question.date,
                "reserveSeq": "",
            },
        )

    def hear(self, text: str, *, logged_in: bool) -> Heard:
        """Names of methods in any case, as the source takes them; what is no request is not answered."""
        message = _object(text)
        if message is None or not isinstance(message.get("method"), str):
            return None
        method = message["method"].strip()
        param = message.get("param")
        return self._answer(method, param if isinstance(param, dict) else {}, logged_in=logged_in)

    def _answer(self, method: str, param: dict[str, Any], *, logged_in: bool) -> Heard:
        if method.lower() in ("raterequest", "rateoperate", "ratesubmit") and not logged_in:
            return _reply(method, "1000", "当前用户尚未登录")
        match method.lower():
            case "login":
                return self._log_in(method, param)
            case "ratesubmit":
                return _submit(method, param)
            case "raterequest" | "rateoperate":
                return _reply(method, "1001", "该用户无此操作权限")
        results = self._results(param)
        if method.lower() in results:
            return _reply(method, "0", results[method.lower()])
        return _reply(method, "999", "未知指令")

    def _results(self, param: dict[str, Any]) -> dict[str, Any]:
        """The counter program knows no clerks: each window has one user with the window's own number."""
        window, windows = str(param.get("winNum", "")), self._windows()
        user = [{"UserCode": window, "UserName": windows[window]}] if window in windows else []
        return {
            "getwindowlist": [{"WindowNumber": one, "WindowName": name} for one, name in windows.items()],
            "getuserlist": user,
            "getitemlist": [],
            "getuserphoto": "",
            "getupdateinfo": {"version": "", "url": ""},
            "heartbeat": "",
        }

    def _log_in(self, method: str, param: dict[str, Any]) -> LogIn:
        return LogIn(
            str(param.get("winNum", "")),
            None,
            accepted=_reply(method, "0", "登录成功!"),
            refused=_reply(method, "1002", "窗口或用户信息不正确!"),
        )


def _reply(request: str, code: str, result: Any) -> str:
    return _json(request=request, code=code, result=result)


def _submit(method: str, param: dict[str, Any]) -> Submit | str:
    refused = _reply(method, "1003", "评价失败!")
    parts = [str(param.get(name, "")) for name in RATE_PARTS]
    if not all(part.isascii() and part.isdecimal() and len(part) <= 3 for part in parts):
        return refused
    accepted = _reply(method, "0", "评价成功!")
    return Submit(str(param.get("rateId", "")), tuple(map(int, parts)), accepted, refused)


LOGIN, HEARTBEAT, BAD_PACKET, UNKNOWN, OPEN_URL = 40001, 40000, 40002, 50000, 50100


class PingTablet:
    """The tablet logs in by its work number, which is the window's; the answer comes from the page it opens."""

    def greeting(self) -> str:
        return _json(code=LOGIN, state=0, msg="请发送工号")

    def ask(self, question: Question) -> str:
        return _json(code=OPEN_URL, state=1, msg="打开网址", data=question.url)

    def hear(self, text: str, *, logged_in: bool) -> Heard:
        message = _object(text)
        code = message.get("code") if message else None
        if message is None or not isinstance(code, int) or isinstance(code, bool):
            return _json(code=BAD_PACKET, state=0, msg="数据包错误")
        if code == LOGIN:
            return _log_in_of(message.get("data"))
        if not logged_in:
            return self.greeting()
        if code == HEARTBEAT:
            return _json(code=HEARTBEAT, state=1, msg="收到", data=message.get("data"))
        return _json(code=UNKNOWN, state=0, msg="未知指令")


def _log_in_of(data: Any) -> LogIn:
    told = data if isinstance(data, dict) else {}
    return LogIn(
        str(told.get("work_no", "")),
        str(told.get("key", "")),
        accepted=_json(code=LOGIN, state=1, msg="登录成功"),
        refused=_json(code=LOGIN, state=0, msg="通讯密钥错误"),
    )
