"""Findings 扣分/加分事件, appeals and closed periods as they cross a process."""

from typing import Annotated, Literal

from pydantic import AwareDatetime, Field, StringConstraints

from hub.wire.message import Message

FindingEffect = Literal["deduct", "bonus", "zero", "score", "veto"]
FindingState = Literal["proposed", "confirmed", "dismissed"]
#: What a review of an appeal decides: the finding falls, or it stays.
AppealOutcome = Literal["granted", "rejected"]

_Code = Annotated[str, StringConstraints(pattern=r"^[^\x00-\x1f\x7f]{1,80}$")]
#: Facts and reasons, never names of citizens, ID or telephone numbers.
_Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=2, max_length=500)]
_Points = Annotated[str, StringConstraints(pattern=r"^\d{1,4}(\.\d{1,2})?$")]


class NewFinding(Message):
    """What was found. Left out: `at` now, `effect` and `points` those of the item. `confirm` needs the right to."""

    scheme: _Code
    item: _Code
    at: AwareDatetime | None = None
    department: _Code | None = None
    counter: _Code | None = None
    clerk: _Code | None = None
    effect: FindingEffect | None = None
    points: _Points | None = None
    quantity: Annotated[int, Field(ge=1, le=1000)] = 1
    event: _Code | None = None
    compare_to: _Code | None = None
    note: _Text | None = None
    confirm: bool = False


class ConfirmFinding(Message):
    """属实. `points` instead of the proposed ones, where the item leaves a choice."""

    points: _Points | None = None
    reason: _Text | None = None


class DismissFinding(Message):
    """不属实, with the reason."""

    reason: _Text


class AppealFinding(Message):
    """申诉."""

    grounds: _Text


class ReviewAppeal(Message):
    """复核, by somebody who neither entered nor confirmed the finding nor appealed."""

    outcome: AppealOutcome
    reason: _Text


class Appeal(Message):
    id: str
    grounds: str
    by: str
    at: AwareDatetime
    outcome: AppealOutcome | None = None
    reason: str | None = None
    reviewed_by: str | None = None
    reviewed_at: AwareDatetime | None = None


class Evidence(Message):
    """佐证材料; the file itself is asked for by its hash."""

    sha256: str
    name: str
    media_type: str
    bytes: int
    by: str
    at: AwareDatetime


class Finding(Message):
    """`origin`: entered by a person, seen by the system, or imported."""

    id: str
    scheme: str
    item: str
    at: AwareDatetime
    department: str
    counter: str | None = None
    clerk: str | None = None
    effect: FindingEffect
    points: str | None = None
    quantity: int
    event: str | None = None
    compare_to: str | None = None
    note: str | None = None
    state: FindingState
    origin: Literal["entered", "seen", "imported"]
    entered_by: str
    entered_at: AwareDatetime
    decided_by: str | None = None
    decided_at: AwareDatetime | None = None
    reason: str | None = None
    appeals: tuple[Appeal, ...] = ()
    evidence: tuple[Evidence, ...] = ()


class Findings(Message):
    """`next` is the `after` of the following page."""

    findings: list[Finding]
    next: str | None = None


class ProposeFindings(Message):
    """Look through the registers of a period."""

    scheme: _Code
    period: _Code


class Proposed(Message):
    """How many leads were looked at, and how many of them are new."""

    seen: int
    proposed: int


class ClosePeriod(Message):
    """定稿. `reason` is kept with it."""

    reason: _Text | None = None


class ReopenPeriod(Message):
    """重新打开, with the reason."""

    reason: _Text


class ClosedPeriod(Message):
    """A frozen result; `sha256` of its document stands in the sealed journal too."""

    scheme: str
    period: str
    sha256: str
    closed_by: str
    closed_at: AwareDatetime
    reopened_by: str | None = None
    reopened_at: AwareDatetime | None = None
    reason: str | None = None


class PeriodStanding(Message):
    """Whether a period can be closed: is it over, and what waits for a decision; `closings` oldest first."""

    scheme: str
    period: str
    first: str
    last: str
    over: bool
    proposed: int
    appeals: int
    closings: list[ClosedPeriod]


class SetReading(Message):
    """理解: one switch of a scheme; `reason` stands in the journal."""

    name: _Code
    value: Annotated[str, StringConstraints(max_length=40)]
    reason: _Text | None = None


class SchemeReadings(Message):
    scheme: str
    readings: dict[str, str]


class SetUnitClass(Message):
    """“双目标” class of a unit in a year."""

    unit: _Code
    year: Annotated[int, Field(ge=2000, le=2199)]
    class_code: Annotated[str, Field(alias="class")]
