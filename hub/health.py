"""Liveness, readiness, metrics, and what the stations say of their devices."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import JSONResponse, PlainTextResponse

from hub.clock import HallClock
from hub.edges import Hub, HubDep, language_of, may
from hub.journal import last_seq
from hub.problems import StoreUnavailable
from hub.queue.hall import HallFacts, waiting_by_service
from hub.stations import Station
from hub.store import Reader, Who
from hub.storewatch import STORE
from hub.wire import DeviceState, Screen

router = APIRouter()
StationKeeper = Annotated[Who, Depends(may("stations"))]


@router.get("/healthz")
async def alive() -> dict[str, str]:
    """The process answers."""
    return {"status": "ok"}


@router.get("/readyz")
async def ready(hub: HubDep) -> JSONResponse:
    """The database answers and takes changes. Raises StoreUnavailable.

    `time` is hall time; `ahead_s` tells how far that is ahead of the computer's own clock.
    """
    seq = await hub.store.read(_last)
    if not hub.store.writing:
        return JSONResponse({"status": "the writer has stopped"}, 503)
    if hub.store.trouble:
        return JSONResponse({"status": "failing", "trouble": STORE, "reason": hub.store.trouble.reason}, 503)
    for trouble in hub.troubles.all():
        if trouble.grave:
            return JSONResponse({"status": "failing", "trouble": trouble.code, "reason": trouble.reason}, 503)
    now = hub.store.now
    ahead = now.ahead.total_seconds() if isinstance(now, HallClock) else 0.0
    return JSONResponse(
        {"status": "ok", "journal": seq, "time": hub.hall.local(now()).isoformat(), "ahead_s": round(ahead, 1)}
    )


@router.get("/metrics", response_class=PlainTextResponse)
async def metrics(hub: HubDep) -> PlainTextResponse:
    """Prometheus text format 0.0.4; numbers only. What a failing database cannot tell is left out; the rest stays."""
    try:
        waiting = await hub.store.read(_waiting, hub.hall)
        newest = [("", await hub.store.read(_last))]
    except StoreUnavailable:
        waiting, newest = {}, []
    lines = [
        *_gauge("hall_board_readers", "screens and stations that read the board", [("", hub.board.readers)]),
        *_gauge("hall_commits_total", "transactions committed since the start", [("", hub.store.commits)], "counter"),
        *_gauge("hall_journal_seq", "number of the newest journal entry", newest, "counter"),
        *_gauge(
            "hall_store_failures_total",
            "times that the database failed since the start",
            [(f'reason="{reason}"', count) for reason, count in sorted(hub.store.failures.items())],
            "counter",
        ),
        *_gauge("hall_tickets_waiting", "tickets waiting", [(f'service="{s}"', n) for s, n in waiting.items()]),
        *_gauge("hall_station_devices", "devices by state", _devices(hub.stations.all())),
        *_gauge(
            "hall_troubles_total",
            "troubles told since the start",
            [(f'code="{code}"', count) for code, count in sorted(hub.troubles.told.items())],
            "counter",
        ),
        *_gauge("hall_troubles", "troubles that stand", [("", len(hub.troubles.all()))]),
        *hub.devices.lines(),
    ]
    return PlainTextResponse("\n".join(lines) + "\n", media_type="text/plain; version=0.0.4")


@router.get("/api/v1/health")
async def standing(request: Request, hub: HubDep, _: StationKeeper) -> dict[str, object]:
    """What somebody must look after, in the asker's language; grave troubles stop the hub's work."""
    language = language_of(request)
    return {
        "status": _status(hub),
        "troubles": [
            {
                "code": trouble.code,
                "grave": trouble.grave,
                "text": trouble.text(language),
                "since": hub.hall.local(trouble.since).isoformat(),
            }
            for trouble in hub.troubles.all()
        ],
    }


def _status(hub: Hub) -> str:
    troubles = hub.troubles.all()
    if not troubles:
        return "ok"
    return "failing" if troubles[0].grave else "warning"


@router.get("/api/v1/stations")
async def stations(hub: HubDep, _: StationKeeper) -> list[dict[str, object]]:
    """Who is connected, and the state of their devices as they reported it."""
    return [
        {
            "name": station.name,
            "token": station.who.name,
            "role": station.who.role,
            "devices": [device.wire() for device in station.devices],
        }
        for station in hub.stations.all()
    ]


@router.get("/api/v1/stations/{name}/screen", response_model=Screen)
async def screen(name: str, hub: HubDep, _: StationKeeper) -> Response:
    """What the station shows now, as words and places. Raises Unknown, StationSilent."""
    shown = await hub.stations.screen(name, picture=False)
    return Response(shown.json_text(), media_type="application/json")


@router.get("/api/v1/stations/{name}/screen.png")
async def picture(name: str, hub: HubDep, _: StationKeeper) -> Response:
    """What the station shows now, as a picture. Raises Unknown, StationSilent."""
    shown = await hub.stations.screen(name, picture=True)
    return Response(shown.picture(), media_type="image/png", headers={"Cache-Control": "no-store"})


def _last(reader: Reader) -> int:
    return last_seq(reader.rows)


def _waiting(reader: Reader, hall: HallFacts) -> dict[str, int]:
    counts = waiting_by_service(reader.rows, hall.day(reader.now))
    return {code: counts.get(code, 0) for code in hall.services if code not in hall.headings}


def _devices(connected: list[Station]) -> list[tuple[str, int]]:
    devices: list[DeviceState] = [device for station in connected for device in station.devices]
    states = ("fine", "degraded", "faulty", "silent")
    return [(f'state="{state}"', sum(device.state == state for device in devices)) for state in states]


def _gauge(name: str, meaning: str, samples: list[tuple[str, int]], kind: str = "gauge") -> list[str]:
    head = [f"# HELP {name} {meaning}", f"# TYPE {name} {kind}"]
    return head + [f"{name}{{{labels}}} {value}" if labels else f"{name} {value}" for labels, value in samples]
