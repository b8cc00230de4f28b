"""What an entry of the attendance record 考勤 amounts to. Pure.

S1 便民服务中心制度 l.451: 超过15分钟上班为迟到，提前下班超过15分钟为早退，超过30—60分钟下班记脱岗. 超过 does not
include the number itself (民法典 第一千二百五十九条): exactly 15 minutes is nobody's offence, exactly 30 still 早退.
The text ends at 60 minutes: what lies beyond is 脱岗 and marked for a person to decide (旷工).
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

AttendanceKind = Literal["late", "early", "off_post", "absent"]
Session = Literal["am", "pm", "day"]
Excuse = Literal["none", "leave", "public"]
Verdict = Literal["none", "grace", "late", "early", "off_post", "absent"]


@dataclass(frozen=True)
class AttendanceRule:
    """Minutes; a scheme without grace of its own takes 0."""

    grace: int = 15
    early_until: int = 30
    undefined_beyond: int = 60


S1 = AttendanceRule()


@dataclass(frozen=True)
class Judged:
    """`counts`: it is held against the clerk. `to_decide`: the rule's text ends before this, a person decides."""

    verdict: Verdict
    counts: bool
    to_decide: bool = False
    excused: bool = False


def judged(kind: AttendanceKind, minutes: int, excused: Excuse = "none", rule: AttendanceRule = S1) -> Judged:
    """Raises ValueError below 0. Leave 请假 and public duty 公务 excuse whatever was recorded."""
    if minutes < 0:
        raise ValueError(f"{minutes} minutes")
    verdict = _VERDICTS[kind](minutes, rule)
    counts = verdict not in ("none", "grace")
    if excused != "none":
        return Judged(verdict, counts=False, excused=True)
    to_decide = kind in ("early", "off_post") and minutes > rule.undefined_beyond
    return Judged(verdict, counts, to_decide)


def _late(minutes: int, rule: AttendanceRule) -> Verdict:
    return "late" if minutes > rule.grace else _grace(minutes)


def _early(minutes: int, rule: AttendanceRule) -> Verdict:
    if minutes <= rule.grace:
        return _grace(minutes)
    return "early" if minutes <= rule.early_until else "off_post"


def _grace(minutes: int) -> Verdict:
    return "grace" if minutes else "none"


def _off_post(minutes: int, rule: AttendanceRule) -> Verdict:
    """Away from the counter during work: no grace is stated."""
    del rule
    return "off_post" if minutes else "none"


def _absent(minutes: int, rule: AttendanceRule) -> Verdict:
    del minutes, rule
    return "absent"


_VERDICTS: dict[AttendanceKind, Callable[[int, AttendanceRule], Verdict]] = {
    "late": _late,
    "early": _early,
    "off_post": _off_post,
    "absent": _absent,
}
