"""What can be done with requests for access; each function is one verb, run in one transaction."""

import re
from datetime import timedelta

from hub.access import keep_token, remove_token
from hub.clock import instant, micros
from hub.pairing.rules import (
    ASKED_AT_MOST,
    CODE_BYTES,
    CODE_VALID_MINUTES,
    MISSES_AT_MOST,
    OPEN_AT_MOST,
    POLL_SECONDS,
    code_of,
    read_code,
)
from hub.pairing.tables import PairingMissRow, PairingRow
from hub.problems import Invalid, TooManyRequests, Unknown
from hub.store import Reader, Tx
from hub.wire import (
    AskPairing,
    ConfirmPairing,
    OpenPairing,
    PairedStation,
    PairingAsked,
    PairingState,
    StationRole,
)

_REQUEST = re.compile(r"[0-9a-f]{32}", re.ASCII)
_VALID = timedelta(minutes=CODE_VALID_MINUTES)
_OPEN = "state = 'open' AND expires_at > :now"
_STATION = "role IN ('kiosk', 'display', 'counter')"
_FIND_OPEN = f"SELECT role, station, counter, key_hash FROM pairing WHERE code = :code AND {_OPEN} /* FOR UPDATE */"
_FIND_CONFIRMED = (
    "SELECT role, station, counter FROM pairing WHERE code = :code AND state = 'confirmed' AND expires_at > :now"
)


def ask(tx: Tx, command: AskPairing, address: str) -> PairingAsked:
    """Open a request; one that is open for this key already stays as it is. Raises Invalid, TooManyRequests."""
    if tx.rows("SELECT 1 FROM token WHERE hash = :hash", hash=command.key_hash):
        raise Invalid("key_hash", "this key is in use; make a new one / 此密钥已被使用")
    kept = tx.rows(
        f"SELECT code, request, expires_at FROM pairing WHERE key_hash = :key_hash AND {_OPEN}",
        key_hash=command.key_hash,
        now=micros(tx.now),
    )
    if kept:
        return _asked(tx, *kept[0])
    _must_have_room(tx, address)
    tx.rows("DELETE FROM pairing WHERE key_hash = :key_hash", key_hash=command.key_hash)
    row = PairingRow(
        key_hash=command.key_hash,
        code=code_of(bytes.fromhex(tx.new_secret())[:CODE_BYTES]),
        request=tx.new_secret(),
        role=command.role,
        station=command.station,
        counter=command.counter if command.role == "counter" else None,
        address=address,
        state="open",
        asked_at=micros(tx.now),
        expires_at=micros(tx.now + _VALID),
    )
    tx.insert(row)
    tx.record("pairing_asked", counter=row.counter, role=row.role, station=row.station)
    return _asked(tx, row.code, row.request, row.expires_at)


def _asked(tx: Tx, code: str, request: str, expires_at: int) -> PairingAsked:
    left = (instant(expires_at) - tx.now).total_seconds()
    return PairingAsked(code=code, request=request, expires_in_seconds=round(left), poll_seconds=POLL_SECONDS)


def _must_have_room(tx: Tx, address: str) -> None:
    still_open = tx.rows(f"SELECT COUNT(*) FROM pairing WHERE {_OPEN}", now=micros(tx.now))[0][0]
    lately = tx.rows(
        "SELECT COUNT(*) FROM pairing WHERE address = :address AND asked_at > :since",
        address=address,
        since=micros(tx.now - _VALID),
    )[0][0]
    if still_open >= OPEN_AT_MOST or lately >= ASKED_AT_MOST:
        raise TooManyRequests(_VALID.total_seconds())


def confirm(tx: Tx, text: str, command: ConfirmPairing) -> PairedStation | None:
    """Let the station that shows this code in; confirming it again changes nothing.

    None for a wrong code, which is recorded: see `must_exist`.
    Raises Invalid (name in use, counter missing), Unknown (counter), TooManyRequests.
    """
    _must_not_guess(tx)
    code = read_code(text)
    known = tx.rows(_FIND_CONFIRMED, code=code, now=micros(tx.now))
    if known:
        return PairedStation(name=known[0][1], role=known[0][0], counter=known[0][2])
    found = tx.rows(_FIND_OPEN, code=code, now=micros(tx.now))
    if not found:
        tx.insert(PairingMissRow(id=tx.new_id(), who=tx.who.name, at=micros(tx.now)))
        tx.record("pairing_refused", reason="no such code")
        return None
    role, asked_name, asked_counter, key_hash = found[0]
    name = command.name or asked_name
    counter = (command.counter or asked_counter) if role == "counter" else None
    if command.replace:
        _give_up(tx, name, role)
    who = keep_token(tx, name, role, counter, key_hash)
    tx.rows(
        "UPDATE pairing SET state = 'confirmed', station = :station, counter = :counter WHERE key_hash = :key_hash",
        station=name,
        counter=counter,
        key_hash=key_hash,
    )
    tx.record("station_paired", counter=counter, role=role, station=name)
    return PairedStation(name=who.name, role=role, counter=counter)


def must_exist(paired: PairedStation | None, code: str) -> PairedStation:
    """After the commit, so that the wrong code stays recorded. Raises Unknown."""
    if paired is None:
        raise Unknown("pairing", code)
    return paired


def _must_not_guess(tx: Tx) -> None:
    since = micros(tx.now - _VALID)
    misses = tx.rows("SELECT COUNT(*) FROM pairing_miss WHERE who = :who AND at > :since", who=tx.who.name, since=since)
    if misses[0][0] >= MISSES_AT_MOST:
        raise TooManyRequests(_VALID.total_seconds())


def _give_up(tx: Tx, name: str, role: str) -> None:
    """The old machine's access, for the new one of the same kind in its place."""
    if tx.rows("SELECT 1 FROM token WHERE name = :name AND role = :role", name=name, role=role):
        remove_token(tx, name)


def refuse(tx: Tx, text: str) -> PairingState:
    """Turn a request down. Raises Unknown."""
    found = tx.rows(_FIND_OPEN, code=read_code(text), now=micros(tx.now))
    if not found:
        raise Unknown("pairing", text)
    role, station, counter, key_hash = found[0]
    tx.rows("UPDATE pairing SET state = 'refused' WHERE key_hash = :key_hash", key_hash=key_hash)
    tx.record("pairing_refused", counter=counter, reason="declined", role=role, station=station)
    return PairingState(state="refused")


def revoke(tx: Tx, name: str) -> PairedStation:
    """Take a station's access away. Raises Unknown."""
    known = tx.rows(f"SELECT role, counter FROM token WHERE name = :name AND {_STATION} /* FOR UPDATE */", name=name)
    if not known:
        raise Unknown("station", name)
    remove_token(tx, name)
    return PairedStation(name=name, role=known[0][0], counter=known[0][1])


def forget_requests(tx: Tx) -> None:
    """Let go of requests and wrong codes that are past their time."""
    oldest = micros(tx.now - timedelta(days=1))
    tx.rows("DELETE FROM pairing WHERE asked_at <= :oldest", oldest=oldest)
    tx.rows("DELETE FROM pairing_miss WHERE at <= :oldest", oldest=oldest)


def state_of(reader: Reader, request: str) -> PairingState:
    """What became of a request. Raises Unknown."""
    if not _REQUEST.fullmatch(request):
        raise Unknown("pairing", request)
    found = reader.rows(
        "SELECT state, station, counter, expires_at FROM pairing WHERE request = :request", request=request
    )
    if not found:
        raise Unknown("pairing", request)
    state, station, counter, expires_at = found[0]
    if state == "open" and expires_at <= micros(reader.now):
        state = "expired"
    return (
        PairingState(state=state, station=station, counter=counter)
        if state == "confirmed"
        else PairingState(state=state)
    )


def known_stations(reader: Reader) -> list[tuple[str, StationRole, str | None, int]]:
    """Name, role, counter, since when, of every station with access."""
    return reader.rows(f"SELECT name, role, counter, added_at FROM token WHERE {_STATION} ORDER BY role, name")


def open_requests(reader: Reader) -> list[OpenPairing]:
    """The stations that show a code now, oldest first."""
    rows = reader.rows(
        f"SELECT code, role, station, counter, address, asked_at, expires_at FROM pairing WHERE {_OPEN}"
        " ORDER BY asked_at",
        now=micros(reader.now),
    )
    return [
        OpenPairing(
            code=code,
            role=role,
            station=station,
            counter=counter,
            address=address,
            asked_at=instant(asked_at),
            expires_at=instant(expires_at),
        )
        for code, role, station, counter, address, asked_at, expires_at in rows
    ]
