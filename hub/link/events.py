"""What a link tells its station, and how its requests fail."""

from dataclasses import dataclass
from typing import Any, Literal

from hub.wire import Invite, Problem, ShowScreen, Touch

#: unreachable: no answer. not_found: no hub on the network. refused: it is there but does not let this station in.
#: untrusted: its certificate is not the one that this station trusts.
WhyGone = Literal["unreachable", "refused", "not_found", "untrusted"]


class HubAway(ConnectionError):
    """The hub did not answer. Nothing is known of what became of the request: ask again with the same key."""


class Refused(Exception):
    """The hub answered no; `problem` says why, in the station's language."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.detail)
        self.problem = problem


@dataclass(frozen=True)
class HubThere:
    """Connected: the whole board, and who the hub takes this station for."""

    board: dict[str, Any]
    station: str
    counter: str | None


@dataclass(frozen=True)
class BoardChanged:
    """The board after a patch. `patch` is empty when the whole board came again."""

    board: dict[str, Any]
    patch: dict[str, Any]


@dataclass(frozen=True)
class HubGone:
    """No hub now."""

    reason: WhyGone
    detail: str


@dataclass(frozen=True)
class CodeShown:
    """This station has no access yet: show the code until something else is told.

    `fingerprint` is there when the hub's certificate is its own: people compare it with the one the hub names.
    """

    code: str
    hub: str
    fingerprint: str
    minutes: int


Event = HubThere | BoardChanged | HubGone | CodeShown | Invite | ShowScreen | Touch
