"""Boards for tests, as a hub would send them."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from hub.wire import Board

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=timezone(timedelta(hours=8)))

SERVICES = {
    "A": ("企业开办与变更", "Company registration"),
    "B": ("社会保险", "Social insurance"),
    "C": ("不动产登记", "Real estate"),
    "D": ("公积金", "Housing fund"),
    "E": ("户籍与身份证办理及居住证签注", "Household registration"),
    "F": ("税务", "Tax"),
}
STATES = ("closed", "calling", "open", "serving", "away", "serving", "closed")


def a_call(id_: str, number: str, counter: str, at: datetime, *, times: int = 1, seconds: float = 60) -> dict[str, Any]:
    return {
        "id": id_,
        "number": number,
        "counter": counter,
        "at": at.astimezone(UTC).isoformat(),
        "times": times,
        "expires_at": (at + timedelta(seconds=seconds)).isoformat(),
    }


def a_board(
    counters: int,
    *,
    closed: bool = False,
    calls: Sequence[dict[str, Any]] = (),
    notices: Sequence[str] = ("请妥善保管个人证件，叫到号后请在三分钟内到窗口办理。",),
    missed: int = 17,
) -> dict[str, Any]:
    """A hall at noon of 2026-03-02; checked against the wire's own model."""
    opening = {"state": "open", "closes_at": "2026-03-02T17:00:00+08:00"}
    if closed:
        opening = {"state": "closed", "next_opening": "2026-03-03T09:00:00+08:00"}
    board = {
        "hall": {
            "name": "西湖区政务服务中心",
            "names": {"zh": "西湖区政务服务中心", "en": "Xihu District Government Service Hall"},
            "time_zone": "Asia/Shanghai",
            "opening": opening,
        },
        "counters": {str(place): _counter(place, closed=closed) for place in range(1, counters + 1)},
        "services": {code: _service(code, place, closed=closed) for place, code in enumerate(SERVICES)},
        "calls": list(calls),
        "recent": [] if closed else [_row(f"{'ABC'[n % 3]}{30 - n:03d}", str(n % counters + 1)) for n in range(12)],
        "missed": [] if closed else [_row(f"B{n:03d}", "1") for n in range(3, 3 + missed)],
        "notices": list(notices),
    }
    return Board.model_validate(board).wire()


def _counter(place: int, *, closed: bool) -> dict[str, Any]:
    state = "closed" if closed else STATES[place % len(STATES)]
    counter: dict[str, Any] = {"label": str(place), "state": state, "services": ["A"]}
    if state in ("serving", "calling"):
        counter["number"] = f"{'ABCDEF'[place % 6]}{place * 7 % 120:03d}"
    if state == "away":
        counter["away"] = {"back_at": "2026-03-02T13:30:00+08:00"}
    return counter


def _service(code: str, place: int, *, closed: bool) -> dict[str, Any]:
    zh, en = SERVICES[code]
    waits = {"low": place * 6, "high": place * 11}
    return {"names": {"zh": zh, "en": en}, "waiting": 0 if closed else place * 5, "wait_minutes": waits}


def _row(number: str, counter: str) -> dict[str, Any]:
    return {"number": number, "counter": counter, "at": "2026-03-02T11:40:00+08:00"}
