"""Notices of the hall's screens as they cross a process."""

from typing import Annotated

from pydantic import AwareDatetime, Field, StringConstraints

from hub.wire.message import Message
from hub.wire.names import Language

_Clerk = Annotated[str, StringConstraints(min_length=1, max_length=80)]


class HallNotice(Message):
    """`source` ties the lines that stand and are withdrawn together."""

    id: str
    source: str
    text: str
    put_up_at: AwareDatetime
    put_up_by: str


class HallNotices(Message):
    """Newest first."""

    notices: list[HallNotice]


class WithdrawNotices(Message):
    source: Annotated[str, StringConstraints(min_length=1, max_length=120)]


class PublishResult(Message):
    """发布到大屏. `stars`: 服务明星 to be named, by the group's own choice; nobody else is ever named."""

    language: Language = "zh"
    stars: Annotated[tuple[_Clerk, ...], Field(max_length=6)] = ()


class PublishedLines(Message):
    """What the screens would show, or show."""

    source: str
    lines: list[str]
