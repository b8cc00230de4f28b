"""HTTP edges of devices: now, history, uptime; alerts and their acknowledgement."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response

from hub.calendar.opening import day_of
from hub.clock import day_span, instant, micros
from hub.devices import alerts, spells
from hub.devices.rules import Spell, shares, uptime
from hub.edges import Hub, HubDep, KeyDep, may, once, reply
from hub.problems import Invalid
from hub.store import Who
from hub.wire import (
    Alert,
    Alerts,
    DeviceHistory,
    DeviceNow,
    DeviceShare,
    DeviceShares,
    DevicesNow,
    DeviceSpell,
    StationForgotten,
)

router = APIRouter(prefix="/api/v1")
Keeper = Annotated[Who, Depends(may("stations"))]
Retiring = Annotated[Who, Depends(may("pair_stations"))]

#: A page shows a day, a report a quarter.
DAYS_MOST = 92
SPELLS_MOST = 1000


@router.get("/devices", response_model=DevicesNow)
async def now(hub: HubDep, _: Keeper) -> Response:
    """How every device is, since when."""
    connected = {station.name for station in hub.stations.all()}
    found = await hub.store.read(spells.now_of)
    return reply(
        DevicesNow(
            devices=[
                DeviceNow(**_spell(hub, one).model_dump(), connected=one.seen.station in connected) for one in found
            ]
        )
    )


@router.get("/devices/history", response_model=DeviceHistory)
async def history(
    hub: HubDep,
    _: Keeper,
    station: str = "",
    device: str = "",
    hours: Annotated[float, Query(gt=0, le=24 * DAYS_MOST)] = 24.0,
    most: Annotated[int, Query(ge=1, le=SPELLS_MOST)] = SPELLS_MOST,
) -> Response:
    """What happened in the last hours, newest first."""
    until = hub.store.now()
    begin = until - timedelta(hours=hours)
    found = await hub.store.read(
        spells.history, micros(begin), micros(until), station=station, device=device, most=most
    )
    return reply(DeviceHistory(spells=[_spell(hub, one) for one in found]))


@router.get("/devices/uptime", response_model=DeviceShares)
async def shared(
    hub: HubDep,
    _: Keeper,
    from_: Annotated[date | None, Query(alias="from")] = None,
    to: date | None = None,
) -> Response:
    """Seconds in each state by device and day, within opening hours. Raises Invalid for more than 92 days."""
    today = hub.hall.local(hub.store.now()).date()
    first, last = from_ or to or today, to or from_ or today
    if not 0 <= (last - first).days < DAYS_MOST:
        raise Invalid("to", f"1–{DAYS_MOST} days / 天")
    begin, until = day_span(first, last, hub.hall.zone_info)
    found = await hub.store.read(spells.history, begin, until, most=100_000)
    return reply(DeviceShares(shares=list(_shares(hub, found, first, last))))


@router.post("/devices/{station}/forget", response_model=StationForgotten)
async def forget(station: str, hub: HubDep, who: Retiring, key: KeyDep) -> Response:
    """The station is out of use: its devices raise no alert any more. Raises Unknown."""
    return reply(await hub.store.write(spells.forget_station, who, once(key, who, StationForgotten), station))


@router.get("/alerts", response_model=Alerts)
async def told(hub: HubDep, who: Keeper) -> Response:
    """What the asker's role is told of."""
    found = await hub.store.read(alerts.alerts_of, who.role)
    return reply(Alerts(alerts=[alerts.shown(one, hub.hall.zone_info) for one in found]))


@router.post("/alerts/{alert}/acknowledge", response_model=Alert)
async def acknowledge(alert: str, hub: HubDep, who: Keeper, key: KeyDep) -> Response:
    """Somebody looks after it; twice changes nothing. Raises Unknown, Forbidden for a role that is not told of it."""
    return reply(await hub.store.write(alerts.acknowledge, who, once(key, who, Alert), alert, hub.hall.zone_info))


def _spell(hub: Hub, spell: Spell) -> DeviceSpell:
    one = spell.seen
    return DeviceSpell.model_validate(
        {
            "station": one.station,
            "role": one.role,
            "device": one.device,
            "model": one.model,
            "state": one.state,
            "code": one.code,
            "detail": one.detail,
            "since": _local(hub, spell.begun_at),
            "until": _local(hub, spell.ended_at),
        }
    )


def _local(hub: Hub, value: int | None) -> datetime | None:
    return hub.hall.local(instant(value)) if value is not None else None


def _shares(hub: Hub, found: list[Spell], first: date, last: date) -> Iterator[DeviceShare]:
    now, by_device = micros(hub.store.now()), _by_device(found)
    for day in (first + timedelta(days=at) for at in range((last - first).days + 1)):
        windows = _windows(hub, day)
        for (station, device), its in sorted(by_device.items()):
            seconds = shares(its, windows, now)
            share = uptime(seconds)
            if share is not None:
                yield DeviceShare(
                    day=day.isoformat(),
                    station=station,
                    device=device,
                    uptime=f"{share:.2f}",
                    **{f"{state}_s": round(value) for state, value in seconds.items()},
                )


def _windows(hub: Hub, day: date) -> list[tuple[int, int]]:
    """The hall's opening hours: a printer that is switched off at night is not down."""
    windows = [(micros(one.start), micros(one.closes)) for one in day_of(hub.hall.plan, None, day).windows]
    return windows or [day_span(day, day, hub.hall.zone_info)]


def _by_device(found: list[Spell]) -> dict[tuple[str, str], list[Spell]]:
    by_device: dict[tuple[str, str], list[Spell]] = {}
    for spell in found:
        by_device.setdefault(spell.seen.key, []).append(spell)
    return by_device
