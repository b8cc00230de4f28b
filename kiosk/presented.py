"""What a citizen presents to the machine, an ID card or a code, and what the machine makes of it. Pure.

Nothing here shows a number or a token in its `repr`.
"""

from dataclasses import dataclass, field
from typing import Literal

from hub.wire import PublicTicket

#: What a scanned code was, or why its ticket cannot be shown; the words are in `words.SENTENCES`.
ScanCode = Literal["appointment", "unknown", "gone", "no_answer"]


@dataclass(frozen=True)
class Person:
    """Whose ID card 身份证 was read: kept until the number is there, never shown but for the last four characters."""

    id_number: str = field(repr=False)

    @property
    def tail(self) -> str:
        return self.id_number[-4:]


@dataclass(frozen=True)
class Awaiting:
    """A service was chosen and the citizen is asked for an ID card; the number is taken with it or without."""

    service: str
    since_s: float


@dataclass(frozen=True)
class Looking:
    """A ticket's code was scanned and the hub was asked for its place; with `rejoins`, to let it join again."""

    token: str = field(repr=False)
    since_s: float
    rejoins: bool = False


@dataclass(frozen=True)
class Placed:
    """Where a scanned ticket stands."""

    token: str = field(repr=False)
    ticket: PublicTicket
    since_s: float


@dataclass(frozen=True)
class Unplaced:
    """What was scanned leads to no ticket."""

    code: ScanCode
    since_s: float


@dataclass(frozen=True)
class CardRead:
    """An ID card was laid on the reader; `fresh_key` as of a touch, for a card may take the number."""

    id_number: str = field(repr=False)
    fresh_key: str


@dataclass(frozen=True)
class CardUnread:
    """A card lies there, or lay there too short, and could not be read."""


@dataclass(frozen=True)
class Scanned:
    """A code before the scanner, whatever it is."""

    text: str = field(repr=False)


@dataclass(frozen=True)
class PlaceTold:
    token: str = field(repr=False)
    ticket: PublicTicket


@dataclass(frozen=True)
class PlaceUntold:
    """The hub knows no such ticket (`gone`), or did not answer."""

    token: str = field(repr=False)
    code: ScanCode


@dataclass(frozen=True)
class ReaderSeen:
    """Whether the device can be used now."""

    device: Literal["id_reader", "scanner"]
    usable: bool


@dataclass(frozen=True)
class LookUp:
    """Ask where the ticket of a scanned code stands; with `rejoin_key`, let it join the queue again."""

    token: str = field(repr=False)
    rejoin_key: str | None = None
