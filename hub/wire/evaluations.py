"""Evaluations 评价: only a citizen's own act makes one."""

from pydantic import AwareDatetime, Field

from hub.wire.message import Message
from hub.wire.names import EvaluationChannel, Level


class Evaluate(Message):
    """One press. `request_id` is made by whoever took the press, once, so that sending it again changes nothing."""

    visit: str = Field(min_length=1, max_length=64)
    level: Level
    reasons: list[str] = Field(default_factory=list, max_length=20)
    comment: str = Field(default="", max_length=500)
    channel: EvaluationChannel
    pressed_at: AwareDatetime | None = None
    request_id: str = Field(min_length=8, max_length=64)


class EvaluationTaken(Message):
    """The stored evaluation."""

    id: str
    visit: str
    level: Level
    channel: EvaluationChannel
    at: AwareDatetime
    request_id: str
