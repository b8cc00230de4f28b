"""Frames of `/api/v1/station/ws`, between the hub and our own kiosks, displays and counter programs.

A station hears the board messages (`board`, `patch`, `beat`) on the same socket.
"""

from base64 import b64decode
from typing import Literal

from pydantic import Field

from hub.wire.message import Message


class Hello(Message):
    """Station to hub, first frame. `epoch` and `since` name what the station already has of the board."""

    kind: Literal["hello"] = "hello"
    station: str = Field(min_length=1, max_length=60)
    epoch: str | None = None
    since: int | None = None


class Welcome(Message):
    """Hub to station, first frame: who the hub takes it for; `resumed` means only patches follow, no whole board."""

    kind: Literal["welcome"] = "welcome"
    station: str
    counter: str | None = None
    resumed: bool = False


class Drawn(Message):
    """Display to hub: these announcements stand on the glass now (ids of `board.calls`)."""

    kind: Literal["drawn"] = "drawn"
    calls: list[str] = Field(max_length=20)


class DeviceState(Message):
    """A device as its station knows it. `silent` means unknown: it did not answer."""

    name: str
    device: str
    state: Literal["fine", "degraded", "faulty", "silent"]
    code: str = ""
    detail: str = ""


class DeviceReport(Message):
    """Station to hub, whenever a state changes: all devices of the station."""

    kind: Literal["devices"] = "devices"
    devices: list[DeviceState] = Field(max_length=50)


class Invite(Message):
    """Hub to the counter's station: ask the citizen of this visit.

    Sent again, with the seconds that are left, to a station that returns in time.
    """

    kind: Literal["invite"] = "invite"
    visit: str
    counter: str
    number: str
    seconds: float


class ShowScreen(Message):
    """Hub to station: send what you show now, with or without the picture."""

    kind: Literal["show_screen"] = "show_screen"
    request: str
    picture: bool = False


class Target(Message):
    """Something on the screen that can be touched or read; pixels of the screen."""

    name: str
    text: str = ""
    x: int
    y: int
    width: int
    height: int


class Screen(Message):
    """Station to hub: the answer. `png` is base64 and only there when asked for."""

    kind: Literal["screen"] = "screen"
    request: str
    screen: str
    width: int
    height: int
    targets: list[Target] = Field(default_factory=list, max_length=200)
    png: str | None = None

    def picture(self) -> bytes:
        """The PNG; empty when none was sent."""
        return b64decode(self.png or "")


class Touch(Message):
    """Hub to kiosk: a finger. Obeyed only by a kiosk that was started with `--remote-touch` (the demo does)."""

    kind: Literal["touch"] = "touch"
    x: int
    y: int
