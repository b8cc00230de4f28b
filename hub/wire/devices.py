"""How devices are and were, and the alerts about them, as the management page and other programs read them."""

from typing import Literal

from pydantic import AwareDatetime

from hub.wire.message import Message

DeviceStateName = Literal["fine", "degraded", "faulty", "silent"]


class DeviceSpell(Message):
    """A device in one state, from `since` on; until now without `until`."""

    station: str
    role: str
    device: str
    model: str
    state: DeviceStateName
    code: str = ""
    detail: str = ""
    since: AwareDatetime
    until: AwareDatetime | None = None


class DeviceNow(DeviceSpell):
    """`connected`: its station is connected to this process of the hub."""

    connected: bool


class DevicesNow(Message):
    devices: list[DeviceNow]


class DeviceHistory(Message):
    """Newest first."""

    spells: list[DeviceSpell]


class DeviceShare(Message):
    """A device's day within opening hours (all of a day without any): seconds in each state, and `uptime` in percent.

    Absent `uptime`: nobody observed it then. Silence is unknown and counts as not up.
    """

    day: str
    station: str
    device: str
    fine_s: int
    degraded_s: int
    faulty_s: int
    silent_s: int
    uptime: str | None = None


class DeviceShares(Message):
    shares: list[DeviceShare]


class StationForgotten(Message):
    """A station that is out of use."""

    station: str


class Alert(Message):
    """Somebody is told that a device fails. `ended_at`: it is over, the device is well again."""

    id: str
    rule: str
    station: str
    device: str
    state: DeviceStateName
    code: str = ""
    detail: str = ""
    since: AwareDatetime
    raised_at: AwareDatetime
    acknowledged_by: str | None = None
    acknowledged_at: AwareDatetime | None = None
    ended_at: AwareDatetime | None = None


class Alerts(Message):
    """Standing ones first, then the past, newest first."""

    alerts: list[Alert]
