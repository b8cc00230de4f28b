"""What the ticket machine knows, what can happen to it, and what it wants done. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from hub.wire import BoardService, HallAnswer, Language, Opening, PrintOutcome, Priority, Problem, Service, Ticket
from kiosk.presented import (
    Awaiting,
    CardRead,
    CardUnread,
    Looking,
    LookUp,
    Person,
    Placed,
    PlaceTold,
    PlaceUntold,
    ReaderSeen,
    Scanned,
    Unplaced,
)

Hub = Literal["starting", "there", "away", "refused", "untrusted", "pairing"]
Paper = Literal["none", "printing", "printed", "not_printed", "unknown", "held"]

#: What is wrong with the printer; the words for citizens and staff are in `words.PRINTER`. "" = nothing.
PrinterCode = Literal[
    "", "near_end", "paper_out", "cover_open", "cutter_jam", "fault", "offline", "silent", "missing", "busy", "denied",
    "lost", "garbled", "queue_full", "one_way", "not_configured", "trouble",
]  # fmt: skip


@dataclass(frozen=True)
class Browsing:
    """Choosing a service: at the top, or inside the heading `parent`; with `priorities`, choosing one of those."""

    parent: str | None = None
    page: int = 0
    priorities: bool = False


@dataclass(frozen=True)
class Wish:
    """What a citizen says before taking a number: a priority 优先, and several services 多项 to visit in this order.

    `services` is None while one touch on a service takes the number.
    """

    priority: str | None = None
    services: tuple[str, ...] | None = None


@dataclass(frozen=True)
class Issuing:
    """Asked for a number with `key`. After an unclear answer the same key is sent again at `again_at_s`."""

    service: str
    key: str
    since_s: float
    tries: int = 1
    again_at_s: float | None = None


@dataclass(frozen=True)
class Shown:
    """A ticket that exists, and how its paper is doing. `since_s`: when there was last something new to read."""

    ticket: Ticket
    paper: Paper
    since_s: float
    trouble: PrinterCode = ""


@dataclass(frozen=True)
class NoNumber:
    """No number was given; `opens_at` is when the next ones are, if the hub said so.

    `key` is kept when nobody knows whether the hub made one, so that asking again is safe.
    `number` is the one this citizen holds already, where that is the reason.
    """

    service: str
    code: str
    since_s: float
    detail: str = ""
    key: str | None = None
    opens_at: datetime | None = None
    number: str = ""


Errand = Browsing | Issuing | Shown | NoNumber | Awaiting | Looking | Placed | Unplaced


@dataclass(frozen=True)
class Unprinted:
    """A number whose paper failed while the next citizen already used the machine; said until `until_s`."""

    number: str
    until_s: float


@dataclass(frozen=True)
class Code:
    """What a manager needs to let this machine in; `fingerprint` is empty where nothing is to be compared."""

    code: str
    hub: str
    fingerprint: str
    minutes: int


@dataclass(frozen=True)
class State:
    """Seconds are the machine's own monotonic ones; nothing here compares with hall time."""

    idle_s: float
    language: Language = "zh"
    languages: tuple[Language, ...] = ("zh", "en")
    has_printer: bool = True
    printer: PrinterCode = ""
    slips_left: int | None = None
    hub: Hub = "starting"
    code: Code | None = None
    hall: HallAnswer | None = None
    board: "BoardSeen | None" = None
    opening: Opening | None = None
    errand: Errand = Browsing()
    wish: Wish = Wish()
    person: Person | None = None
    asks_card: bool = False
    """Who laid no card is asked for one after choosing a service."""
    has_reader: bool = False
    """An ID-card reader is there and answers; `has_scanner` likewise. What is away is not spoken of."""
    has_scanner: bool = False
    unread_until_s: float | None = None
    """So long it is said that a card could not be read."""
    unprinted: tuple[Unprinted, ...] = ()
    touched_at_s: float = 0.0
    deaf_until_s: float = 0.0
    loading: bool = False
    stale: bool = False
    reload_at_s: float | None = None
    stopping: bool = False

    @property
    def priorities(self) -> tuple[Priority, ...]:
        """Those that a citizen may say here."""
        return tuple(one for one in self.hall.priorities if one.at_kiosk) if self.hall else ()

    def service(self, code: str) -> Service | None:
        return next((service for service in self.services if service.code == code), None)

    def children(self, code: str | None) -> tuple[Service, ...]:
        return tuple(service for service in self.services if service.parent == code)

    @property
    def live(self) -> Mapping[str, BoardService]:
        """Counts of the moment, by service code."""
        return self.board.services if self.board else {}

    def opening_of(self, service: Service) -> Opening | None:
        """Whether its tickets can be taken: by the board, else as the hall was read. None: as the hall itself."""
        live = self.live.get(service.code)
        return (live.opening if live else None) or service.opening

    @property
    def services(self) -> tuple[Service, ...]:
        return tuple(self.hall.services) if self.hall else ()


def a_kiosk(*, idle_s: float, languages: tuple[Language, ...], has_printer: bool, asks_card: bool = False) -> State:
    """The machine before it heard anything."""
    return State(
        idle_s=idle_s,
        language=languages[0],
        languages=languages,
        has_printer=has_printer,
        asks_card=asks_card,
        printer="" if has_printer else "not_configured",
    )


@dataclass(frozen=True)
class Touched:
    """A finger on the target `name`. `fresh_key` is new chance for this touch; `bouncing` fingers may touch twice."""

    name: str
    fresh_key: str
    bouncing: bool = True


@dataclass(frozen=True)
class Ticked:
    """Time went by."""


@dataclass(frozen=True)
class HubFound:
    """Connected to the hub."""


@dataclass(frozen=True)
class HubMissing:
    """No hall. `refused`: the hub lets this machine not in; `untrusted`: it may be another's; `pairing`: not yet."""

    why: Literal["away", "refused", "untrusted", "pairing"] = "away"
    code: Code | None = None


@dataclass(frozen=True)
class HallRead:
    """`GET /hall` answered."""

    hall: HallAnswer


@dataclass(frozen=True)
class HallUnread:
    """`GET /hall` did not answer, or refused."""


@dataclass(frozen=True)
class BoardSeen:
    """The live part of the board that a kiosk shows."""

    services: Mapping[str, BoardService]
    opening: Opening


@dataclass(frozen=True)
class TicketIssued:
    key: str
    ticket: Ticket


@dataclass(frozen=True)
class IssueRefused:
    """The hub said no, for good: no number exists."""

    key: str
    problem: Problem


@dataclass(frozen=True)
class IssueUnanswered:
    """The hub did not answer: a number may exist, and only the same key can tell."""

    key: str


@dataclass(frozen=True)
class PaperDone:
    """What the printer itself said about a ticket's slip. `detail` is for the hub's record."""

    ticket: Ticket
    outcome: PrintOutcome
    trouble: PrinterCode = ""
    detail: str = ""


@dataclass(frozen=True)
class PrinterSeen:
    """The printer's state, asked for in between. `slips_left`: about so many, once its paper nears the end."""

    code: PrinterCode
    slips_left: int | None = None


@dataclass(frozen=True)
class Stopping:
    """No more tickets: the machine is being switched off."""


Event = (
    Touched
    | Ticked
    | HubFound
    | HubMissing
    | HallRead
    | HallUnread
    | BoardSeen
    | TicketIssued
    | IssueRefused
    | IssueUnanswered
    | PaperDone
    | PrinterSeen
    | CardRead
    | CardUnread
    | Scanned
    | PlaceTold
    | PlaceUntold
    | ReaderSeen
    | Stopping
)


@dataclass(frozen=True)
class Issue:
    """Take a number of `service`, and with it the `further` ones in turn; `key` makes asking again harmless."""

    service: str
    key: str
    language: Language
    priority: str | None = None
    further: tuple[str, ...] = ()
    id_number: str | None = field(default=None, repr=False)


@dataclass(frozen=True)
class Print:
    """Put the ticket on paper, in this language."""

    ticket: Ticket
    language: Language


@dataclass(frozen=True)
class Report:
    """Tell the hub what became of the paper, or that a citizen asked for another slip."""

    ticket: str
    outcome: PrintOutcome | Literal["reprinted"]
    detail: str = ""


@dataclass(frozen=True)
class LoadHall:
    """Read `GET /hall`."""


Effect = Issue | Print | Report | LoadHall | LookUp
