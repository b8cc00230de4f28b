"""The hall 大厅 as a kiosk or a phone sees it."""

from pydantic import AwareDatetime

from hub.wire.calendar import Opening
from hub.wire.counters import Counter
from hub.wire.message import Message, Names, WaitRange


class Zone(Message):
    """区域/楼层"""

    code: str
    names: Names


class Priority(Message):
    """优先级; `at_kiosk`: citizens may say it themselves at the kiosk."""

    name: str
    names: Names
    head_start_minutes: float
    at_kiosk: bool


class Service(Message):
    """业务/事项. A service with children (`parent` of others) is a heading: tickets are taken for its children.

    `open`: a ticket can be taken now; else `opening` says why. `quota_left`: how many more in this band of the day.
    """

    code: str
    names: Names
    prefix: str
    parent: str | None = None
    open: bool
    opening: Opening | None = None
    quota_left: int | None = None
    waiting: int
    wait_minutes: WaitRange | None = None
    documents: list[Names]
    counters: list[str]


class HallAnswer(Message):
    """`GET /hall`."""

    name: str
    names: Names
    time_zone: str
    language: str
    time: AwareDatetime
    speed: float
    opening: Opening
    zones: list[Zone]
    services: list[Service]
    priorities: list[Priority]
    counters: list[Counter]
