"""Pairing 配对: a new station makes a key of its own, shows a code, and is let in when a manager confirms the code.

The key is the station's later token. Before the confirmation only its SHA-256 leaves the station.
"""

from typing import Annotated, Literal

from pydantic import AwareDatetime, Field, StringConstraints

from hub.wire.message import Message

StationRole = Literal["kiosk", "display", "counter"]

#: Letters (Chinese ones too), digits and what names are commonly joined with.
STATION_NAME = r"^[\w .:@#-]{1,60}$"
StationName = Annotated[str, StringConstraints(pattern=STATION_NAME)]

#: A counter's code; control characters are nobody's.
CounterCode = Annotated[str, StringConstraints(pattern=r"^[^\x00-\x1f\x7f]{1,40}$")]

PairingProgress = Literal["open", "confirmed", "refused", "expired"]


class AskPairing(Message):
    """`key_hash` is the SHA-256 of the station's key, in hex; `counter` what a counter program was told it is for."""

    role: StationRole
    station: StationName
    counter: CounterCode | None = None
    key_hash: str = Field(pattern="^[0-9a-f]{64}$")


class PairingAsked(Message):
    """`code` is for people; `request` is for the station alone, which asks with it every `poll_seconds`."""

    code: str
    request: str
    expires_in_seconds: int
    poll_seconds: int


class PairingState(Message):
    """What became of a request; `station` and `counter` as the manager confirmed them."""

    state: PairingProgress
    station: str | None = None
    counter: str | None = None


class OpenPairing(Message):
    """A station that shows its code now."""

    code: str
    role: StationRole
    station: str
    counter: str | None = None
    address: str
    asked_at: AwareDatetime
    expires_at: AwareDatetime


class OpenPairings(Message):
    """`fingerprint` is the one of the hub's own certificate, for comparing with the station's screen."""

    requests: list[OpenPairing]
    fingerprint: str | None = None


class ConfirmPairing(Message):
    """Let the station in, under this name and for this counter; what is left out stays as the station said.

    `replace`: a paired station of this name loses its access (a new machine in the old one's place).
    """

    name: StationName | None = None
    counter: CounterCode | None = None
    replace: bool = False


class PairedStation(Message):
    """A station that has access."""

    name: str
    role: StationRole
    counter: str | None = None


class KnownStation(Message):
    """A station with access, and whether it is connected to this hub process now."""

    name: str
    role: StationRole
    counter: str | None = None
    added_at: AwareDatetime
    connected: bool


class KnownStations(Message):
    """All stations that have access."""

    stations: list[KnownStation]
