"""The invitation to evaluate 评价 on this counter, and what a press on the evaluator is. Pure.

A press is an evaluation only inside an open invitation, once a visit. The evaluator sends a frame again until it is
answered: that is the same press, answered again and not counted twice. All times are monotonic seconds.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from hub.wire import LEVELS, Invite, Level

#: A frame that was sent again when its answer was lost may arrive after the next invitation: it is the old press when
#: it comes this soon after it, and sooner after the invitation than anybody can read a question.
REPEAT_S = 0.5
REACTION_S = 0.1

#: A tablet's answers are counted as values that no key has, so that a key afterwards is a second press: -1, -2 …
ANSWERED_FROM = -1


@dataclass(frozen=True)
class Invitation:
    visit: str
    number: str
    opened_at: float
    closes_at: float


@dataclass(frozen=True)
class Counted:
    """The last press that became an evaluation. `heard_at` moves with its repeats."""

    visit: str
    value: int
    heard_at: float


@dataclass(frozen=True)
class Asking:
    """The newest invitation, open or not, and the last counted press."""

    invitation: Invitation | None = None
    counted: Counted | None = None


@dataclass(frozen=True)
class Evaluation:
    """Count it: store it, then answer the device."""

    visit: str
    number: str
    level: Level


@dataclass(frozen=True)
class Repeat:
    """The counted press again: answer the device and do nothing else."""

    visit: str


@dataclass(frozen=True)
class NoEvaluation:
    """Neither stored nor answered."""

    reason: Literal["not_invited", "too_late", "second_press", "no_level"]


Outcome = Evaluation | Repeat | NoEvaluation


def invited(asking: Asking, invite: Invite, *, at: float, window_s: float) -> Asking:
    """The newer invitation takes the place of the older.

    The hub repeats an invitation to a station that comes back: nobody is asked twice, and the time does not start anew.
    """
    known = (asking.invitation and asking.invitation.visit, asking.counted and asking.counted.visit)
    if invite.visit in known:
        return asking
    return replace(asking, invitation=Invitation(invite.visit, invite.number, at, at + window_s))


def pressed(asking: Asking, value: int, levels: Sequence[Level], *, at: float) -> tuple[Asking, Outcome]:
    """What the press is, and the state after it: keep that only when the evaluation is on the disk.

    `levels[value]` is what the key means at this counter.
    """
    invitation, counted = asking.invitation, asking.counted
    if counted and _is_repeat(counted, invitation, value, at):
        return replace(asking, counted=replace(counted, heard_at=at)), Repeat(counted.visit)
    if invitation is None:
        return asking, NoEvaluation("not_invited")
    if counted and counted.visit == invitation.visit:
        return asking, NoEvaluation("second_press")
    if at >= invitation.closes_at:
        return asking, NoEvaluation("too_late")
    if not 0 <= value < len(levels):
        return asking, NoEvaluation("no_level")
    evaluation = Evaluation(invitation.visit, invitation.number, levels[value])
    return replace(asking, counted=Counted(invitation.visit, value, at)), evaluation


def answered(asking: Asking, visit: str, level: Level, *, at: float) -> tuple[Asking, Outcome]:
    """What a tablet's answer is, which names the visit it was asked about; the state after it as in `pressed`.

    A tablet has all the time of the invitation, and a lost reply makes it send the same answer again.
    """
    invitation, counted = asking.invitation, asking.counted
    told = ANSWERED_FROM - LEVELS.index(level)
    if counted and counted.visit == visit:
        return asking, Repeat(visit) if counted.value == told else NoEvaluation("second_press")
    if invitation is None or invitation.visit != visit:
        return asking, NoEvaluation("not_invited")
    if at >= invitation.closes_at:
        return asking, NoEvaluation("too_late")
    return replace(asking, counted=Counted(visit, told, at)), Evaluation(visit, invitation.number, level)


def _is_repeat(counted: Counted, invitation: Invitation | None, value: int, at: float) -> bool:
    if value != counted.value or invitation is None:
        return False
    recently = at - counted.heard_at < REPEAT_S
    if invitation.visit == counted.visit:
        return at < invitation.closes_at or recently
    return recently and at - invitation.opened_at < REACTION_S
