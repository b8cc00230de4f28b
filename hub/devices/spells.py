"""The history of devices; each function is one verb or one query."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from hub.clock import micros
from hub.devices.rules import Key, Seen, Spell, away
from hub.devices.tables import DeviceSpellRow
from hub.journal import Entry
from hub.problems import Unknown
from hub.store import Reader, Tx
from hub.wire import StationForgotten

_SEEN = "station, role, device, model, state, code, detail"
_NOW = f"SELECT id, heard_by, {_SEEN}, begun_at FROM device_spell WHERE ended_at IS NULL"
_OF_STATION = f"{_NOW} AND station = :station"
_OF_DEVICE = f"{_NOW} AND station = :station AND device = :device /* FOR UPDATE */"
_END = "UPDATE device_spell SET ended_at = :now WHERE id = :id"
_HEARD = "UPDATE device_spell SET heard_by = :epoch WHERE id = :id"
_SAME = "UPDATE device_spell SET heard_by = :epoch, role = :role, model = :model, detail = :detail WHERE id = :id"
_HUB_SEEN = (
    "INSERT INTO device_hub (epoch, seen_at) VALUES (:epoch, :now) ON CONFLICT (epoch) DO UPDATE SET seen_at = :now"
)
_ORPHANS = f"{_NOW} AND heard_by NOT IN (SELECT epoch FROM device_hub WHERE seen_at > :alive)"

#: A hub process says so often that it lives, and is taken for ended when it has not for so long.
HUB_SEEN_EVERY = timedelta(seconds=60)
HUB_ENDED_AFTER = timedelta(seconds=180)


def note(tx: Tx, told: Sequence[Seen], epoch: str) -> None:
    """A row per change of state or code; words that change meanwhile (fewer tickets left) stand in the same row."""
    for one in told:
        rows = tx.rows(_OF_DEVICE, station=one.station, device=one.device)
        before = Seen(*rows[0][2:9]) if rows else None
        if before and (before.state, before.code) == (one.state, one.code):
            tx.rows(_SAME, epoch=epoch, id=rows[0][0], role=one.role, model=one.model, detail=one.detail)
        else:
            _begin(tx, one, epoch, rows[0] if rows else None)


def left(tx: Tx, stations: Sequence[str], epoch: str) -> list[str]:
    """These stations went away from this process. The devices of those that came to no other are silent: unknown.

    Gives back the latter.
    """
    silent = []
    for station in stations:
        rows = tx.rows(f"{_OF_STATION} AND heard_by = :epoch /* FOR UPDATE */", station=station, epoch=epoch)
        _silence(tx, rows, epoch)
        silent += [station] if rows else []
    return silent


def gone(tx: Tx, keys: Sequence[Key]) -> None:
    """Their stations have these devices no more."""
    for station, device in keys:
        for row in tx.rows(_OF_DEVICE, station=station, device=device):
            _retire(tx, row)


def forget_station(tx: Tx, station: str) -> StationForgotten:
    """The station is out of use: what it had is in the history, and nobody is alarmed any more. Raises Unknown."""
    rows = tx.rows(f"{_OF_STATION} /* FOR UPDATE */", station=station)
    if not rows:
        raise Unknown("station", station)
    for row in rows:
        _retire(tx, row)
    return StationForgotten(station=station)


def station_revoked(tx: Tx, entry: Entry) -> None:
    """Hung into the transaction that takes a station's access away."""
    for row in tx.rows(f"{_OF_STATION} /* FOR UPDATE */", station=entry.data["name"]):
        _retire(tx, row)


def _retire(tx: Tx, row: Any) -> None:
    tx.rows(_END, id=row[0], now=micros(tx.now))
    tx.record("device_changed", station=row[2], device=row[4], state="gone", code="")


def hub_lives(tx: Tx, epoch: str, *, alone: bool) -> None:
    """This process watches; devices that only an ended process heard are silent. `alone`: no other process can be."""
    tx.alone("devices")
    tx.rows(_HUB_SEEN, epoch=epoch, now=micros(tx.now))
    alive = micros(tx.now - HUB_ENDED_AFTER)
    if alone:
        tx.rows("DELETE FROM device_hub WHERE epoch <> :epoch", epoch=epoch)
    else:
        tx.rows("DELETE FROM device_hub WHERE seen_at <= :alive", alive=alive)
    _silence(tx, tx.rows(f"{_ORPHANS} /* FOR UPDATE */", alive=alive), epoch)


def forget_devices(tx: Tx, keep_days: int) -> None:
    """Spells, alerts and letters that are past their time."""
    oldest = micros(tx.now - timedelta(days=keep_days))
    for table in ("device_spell", "alert"):
        tx.rows(f"DELETE FROM {table} WHERE ended_at IS NOT NULL AND ended_at < :oldest", oldest=oldest)
    tx.rows("DELETE FROM alert_letter WHERE made_at < :oldest", oldest=oldest)


def _silence(tx: Tx, rows: list[Any], epoch: str) -> None:
    for row in rows:
        silent = away(Seen(*row[2:9]))
        if Seen(*row[2:9]) == silent:
            tx.rows(_HEARD, epoch=epoch, id=row[0])
        else:
            _begin(tx, silent, epoch, row)


def _begin(tx: Tx, one: Seen, epoch: str, before: Any) -> None:
    if before is not None:
        tx.rows(_END, id=before[0], now=micros(tx.now))
    tx.insert(
        DeviceSpellRow(
            id=tx.new_id(),
            station=one.station,
            role=one.role,
            device=one.device,
            model=one.model,
            state=one.state,
            code=one.code,
            detail=one.detail,
            begun_at=micros(tx.now),
            heard_by=epoch,
        )
    )
    if before is None or (before[6], before[7]) != (one.state, one.code):
        tx.record("device_changed", station=one.station, device=one.device, state=one.state, code=one.code)


def now_of(reader: Reader) -> list[Spell]:
    """How every device is, by station."""
    rows = reader.rows(f"SELECT {_SEEN}, begun_at FROM device_spell WHERE ended_at IS NULL ORDER BY station, device")
    return [Spell(Seen(*row[:7]), row[7]) for row in rows]


def history(
    reader: Reader, begin: int, until: int, *, station: str = "", device: str = "", most: int = 1000
) -> list[Spell]:
    """Spells that touch [begin, until), newest first."""
    rows = reader.rows(
        f"SELECT {_SEEN}, begun_at, ended_at FROM device_spell"
        " WHERE begun_at < :until AND (ended_at IS NULL OR ended_at > :begin)"
        " AND (:station = '' OR station = :station) AND (:device = '' OR device = :device)"
        " ORDER BY begun_at DESC, id DESC LIMIT :most",
        begin=begin,
        until=until,
        station=station,
        device=device,
        most=most,
    )
    return [Spell(Seen(*row[:7]), row[7], row[8]) for row in rows]
