"""HTTP edges of pairing: a station asks, a manager confirms or refuses, stations are listed and lose their access."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from hub.clock import instant
from hub.edges import HubDep, KeyDep, client_of, may, once, reply
from hub.pairing import verbs
from hub.pairing.admission import renew
from hub.store import Who
from hub.tls import shown_fingerprint
from hub.wire import (
    AskPairing,
    ConfirmPairing,
    KnownStation,
    KnownStations,
    OpenPairings,
    PairedStation,
    PairingAsked,
    PairingState,
)

router = APIRouter(prefix="/api/v1")
Admitting = Annotated[Who, Depends(may("pair_stations"))]

NEW_STATION = Who("a new station", "citizen")


@router.post("/pairing", status_code=201, response_model=PairingAsked)
async def ask(command: AskPairing, hub: HubDep, request: Request) -> Response:
    """A station asks to be let in. Open to all. Raises Invalid, TooManyRequests."""
    return reply(await hub.store.write(verbs.ask, NEW_STATION, None, command, client_of(request)), 201)


@router.get("/pairing/requests/{request}", response_model=PairingState)
async def state(request: str, hub: HubDep) -> Response:
    """What became of it; only the station that asked knows this address. Raises Unknown."""
    return reply(await hub.store.read(verbs.state_of, request))


@router.get("/pairing", response_model=OpenPairings)
async def open_requests(hub: HubDep, _: Admitting) -> Response:
    """The stations that show a code now."""
    requests = await hub.store.read(verbs.open_requests)
    return reply(OpenPairings(requests=requests, fingerprint=shown_fingerprint(hub.settings)))


@router.post("/pairing/{code}/confirm", response_model=PairedStation)
async def confirm(code: str, command: ConfirmPairing, hub: HubDep, who: Admitting) -> Response:
    """Let the station that shows this code in. Raises Unknown, Invalid, TooManyRequests."""
    paired = verbs.must_exist(await hub.store.write(verbs.confirm, who, None, code, command), code)
    await renew(hub.store, hub.access, hub.admitted)
    return reply(paired)


@router.post("/pairing/{code}/refuse", response_model=PairingState)
async def refuse(code: str, hub: HubDep, who: Admitting, key: KeyDep) -> Response:
    """Turn a request down. Raises Unknown."""
    return reply(await hub.store.write(verbs.refuse, who, once(key, who, PairingState), code))


@router.get("/stations/known", response_model=KnownStations)
async def known(hub: HubDep, _: Annotated[Who, Depends(may("stations"))]) -> Response:
    """All stations that have access, whether they are connected or not."""
    connected = {station.who.name for station in hub.stations.all()}
    stations = [
        KnownStation(name=name, role=role, counter=counter, added_at=instant(added_at), connected=name in connected)
        for name, role, counter, added_at in await hub.store.read(verbs.known_stations)
    ]
    return reply(KnownStations(stations=stations))


@router.post("/stations/{name}/revoke", response_model=PairedStation)
async def revoke(name: str, hub: HubDep, who: Admitting, key: KeyDep) -> Response:
    """Take a station's access away; it shows a new code. Raises Unknown."""
    gone = await hub.store.write(verbs.revoke, who, once(key, who, PairedStation), name)
    await renew(hub.store, hub.access, hub.admitted)
    return reply(gone)
