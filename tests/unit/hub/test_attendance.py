"""迟到、早退、脱岗: the minutes of the rules, with their boundaries."""

from typing import Any

import pytest

from hub.staff.attendance import AttendanceRule, Judged, judged


@pytest.mark.parametrize(
    ("kind", "minutes", "verdict", "counts", "to_decide"),
    [
        ("late", 0, "none", False, False),
        ("late", 7, "grace", False, False),  # 08:07 is not signed in by 08:00, but not late either
        ("late", 15, "grace", False, False),  # 超过15分钟 does not include 15
        ("late", 16, "late", True, False),
        ("late", 180, "late", True, False),
        ("early", 15, "grace", False, False),
        ("early", 16, "early", True, False),
        ("early", 30, "early", True, False),
        ("early", 31, "off_post", True, False),
        ("early", 60, "off_post", True, False),
        ("early", 61, "off_post", True, True),  # the text ends at 60
        ("off_post", 0, "none", False, False),
        ("off_post", 5, "off_post", True, False),
        ("off_post", 61, "off_post", True, True),
        ("absent", 0, "absent", True, False),
    ],
)
def test_the_minutes_decide(kind: Any, minutes: int, verdict: Any, counts: bool, to_decide: bool) -> None:
    assert judged(kind, minutes) == Judged(verdict, counts, to_decide)


@pytest.mark.parametrize("excused", ["leave", "public"])
def test_leave_and_public_duty_excuse(excused: Any) -> None:
    assert judged("absent", 240, excused) == Judged("absent", counts=False, excused=True)


def test_a_scheme_may_know_no_grace() -> None:
    assert judged("late", 1, rule=AttendanceRule(grace=0)).counts


def test_negative_minutes_are_refused() -> None:
    with pytest.raises(ValueError, match="-1"):
        judged("late", -1)
