"""What only the demo's hub has: the page that shows everything at once, a remote finger, and its counts."""

from importlib.resources import files
from pathlib import Path
from typing import Annotated, Any

import httpx
from fastapi import APIRouter, FastAPI, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from hub.demo.accounts import PASSWORD, demo_accounts
from hub.demo.clock import DemoClock
from hub.demo.history import plant
from hub.demo.parts import COUNTERS, demo_tokens
from hub.demo.registers import plant_registers
from hub.demo.strips import STRIPS
from hub.edges import HubDep
from hub.pages import page
from hub.problems import Unknown
from hub.store import SYSTEM, Reader
from hub.wire import Touch

TWIN_ANSWER_S = 30.0


class Finger(BaseModel):
    """Where the kiosk is touched, in pixels of its screen."""

    model_config = ConfigDict(extra="forbid")

    x: Annotated[int, Field(ge=0, le=10_000)]
    y: Annotated[int, Field(ge=0, le=10_000)]


def add_demo(app: FastAPI, clock: DemoClock, *, twins: dict[str, int], history_days: int) -> None:
    """Hang the demo's routes on the hub; its page takes the place of the list of pages at `/`.

    `twins` are the ports of their pages.
    """
    router = APIRouter(include_in_schema=False)
    folder = Path(str(files("hub.demo.web")))

    @router.get("/")
    async def home() -> Response:
        return page(folder, "index.html")

    @router.get("/demo/-/{file}")
    async def asset(file: str) -> Response:
        return page(folder, file)

    @router.post("/demo/start")
    async def start(hub: HubDep) -> dict[str, str]:
        """Let hall time run; everybody is told at once."""
        if history_days:
            await hub.store.write(plant, SYSTEM, None, hub.hall, history_days)
            await plant_registers(hub, history_days)
        clock.run()
        hub.board.beat(hub.hall.local(clock()), clock.speed)
        return {"at": hub.hall.local(clock()).isoformat()}

    @router.get("/demo/facts")
    async def facts() -> dict[str, Any]:
        return {
            "speed": clock.speed,
            "counters": list(COUNTERS),
            "tokens": list(demo_tokens()),
            "accounts": list(demo_accounts()),
            "password": PASSWORD,
            "strips": [{"name": strip.name, "zh": strip.zh, "en": strip.en} for strip in STRIPS],
        }

    @router.get("/demo/counts")
    async def counts(hub: HubDep) -> dict[str, int]:
        return await hub.store.read(_counts, list(hub.stations.drawn))

    _add_floor(router, twins)
    app.router.routes[:0] = router.routes


def _add_floor(router: APIRouter, twins: dict[str, int]) -> None:
    """A finger for the kiosk, a look at screens, and the twins' own pages through the hub's address."""

    @router.post("/demo/stations/{name}/touch", status_code=204)
    async def touch(name: str, finger: Finger, hub: HubDep) -> None:
        hub.stations.named(name).tell(Touch(x=finger.x, y=finger.y))

    @router.get("/demo/stations/{name}/screen.png")
    async def picture(name: str, hub: HubDep) -> Response:
        shown = await hub.stations.screen(name, picture=True)
        return Response(shown.picture(), media_type="image/png", headers={"Cache-Control": "no-store"})

    @router.api_route("/demo/twins/{twin}/{path:path}", methods=["GET", "POST"])
    async def ask_twin(twin: str, path: str, request: Request) -> Response:
        if twin not in twins:
            raise Unknown("twin", twin)
        async with httpx.AsyncClient(trust_env=False, timeout=TWIN_ANSWER_S) as client:
            answer = await client.request(
                request.method,
                f"http://127.0.0.1:{twins[twin]}/{path}",
                params=dict(request.query_params),
                content=await request.body(),
            )
        return Response(answer.content, answer.status_code, media_type=answer.headers.get("content-type"))


_COUNTS = """
SELECT (SELECT count(*) FROM ticket WHERE day = :day),
       (SELECT count(*) FROM ticket WHERE day = :day AND paper = 'printed'),
       (SELECT count(*) FROM ticket WHERE day = :day AND state IN ('waiting', 'held')),
       (SELECT count(*) FROM ticket WHERE day = :day AND state IN ('called', 'serving')),
       (SELECT count(*) FROM ticket WHERE day = :day AND state = 'finished'),
       (SELECT count(*) FROM ticket WHERE day = :day AND state = 'no_show'),
       (SELECT count(*) FROM ticket WHERE day = :day AND state = 'cancelled'),
       (SELECT count(*) FROM evaluation e JOIN visit v ON v.id = e.visit JOIN ticket t ON t.id = v.ticket
        WHERE t.day = :day AND e.source = 'citizen'),
       (SELECT count(*) FROM visit v JOIN ticket t ON t.id = v.ticket
        WHERE t.day = :day AND v.announced > 0 AND (t.state IN ('waiting', 'held') OR EXISTS (
            SELECT 1 FROM visit w WHERE w.ticket = v.ticket AND w.announced > 0 AND w.called_at > v.called_at)))
"""


def _counts(reader: Reader, drawn: list[str]) -> dict[str, int]:
    """Of the demo's day. Who is held counts as waiting; `again` are calls whose ticket went on: held, sent on, back.

    A visit counts as shown when a display acknowledged one of its announcements."""
    day = "2026-03-02"
    names = ("issued", "printed", "waiting", "serving", "served", "no_shows", "cancelled", "evaluated", "again")
    counts = dict(zip(names, reader.rows(_COUNTS, day=day)[0], strict=True))
    calls = reader.rows("SELECT c.id, c.visit FROM call c")
    glass = set(drawn)
    counts["called"] = len({visit for _, visit in calls})
    counts["shown"] = len({visit for call, visit in calls if call in glass})
    return counts
