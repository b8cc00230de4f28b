"""HTTP edge of the manager's pages: the hall now, figures as JSON, a day's forecast beside what came."""

import asyncio
from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import JSONResponse

from hub.clock import micros
from hub.edges import Hub, HubDep, language_of, may
from hub.figures import foreseen
from hub.figures.exports import answer, question
from hub.figures.groups import parse_by
from hub.figures.now import hall_now
from hub.figures.rows import Floor
from hub.figures.tables import Row, figures
from hub.problems import Invalid
from hub.queue.hall import HallFacts
from hub.queue.replay import RecordedDay, read_day, replay_day
from hub.store import Reader, Who

router = APIRouter(prefix="/api/v1/figures")
Manager = Annotated[Who, Depends(may("export"))]
#: Days of which the forecast is remembered: a finished day is foretold once.
REMEMBERED = 60


@router.get("/now")
async def now(hub: HubDep, _: Manager) -> JSONResponse:
    """Counters, today's sums and the longest wait."""
    return JSONResponse(await hub.store.read(_now, hub.hall, limit_s(hub)))


@router.get("/foreseen")
async def foretold(hub: HubDep, request: Request, _: Manager, day: date) -> JSONResponse:
    """A day's arrivals and waits by hour, and what was foretold of them. Raises Invalid for a day to come."""
    if day.isoformat() > hub.hall.day(hub.store.now()):
        raise Invalid("day", f"{day} > {hub.hall.day(hub.store.now())}")
    hours = await _foreseen(hub, _memory(request), day)
    return JSONResponse({"day": day.isoformat(), "weeks": foreseen.WEEKS, "hours": hours})


@router.get("/{kind}")
async def told(
    kind: str,
    hub: HubDep,
    request: Request,
    _: Manager,
    first: Annotated[date, Query(alias="from")],
    last: Annotated[date, Query(alias="to")],
    by: str = "",
    compare_from: date | None = None,
    compare_to: date | None = None,
) -> JSONResponse:
    """Any of the figures, beside those of another period when both of its days are given."""
    asked = question(kind, "json", first, last, parse_by(by))
    if (compare_from is None) != (compare_to is None):
        raise Invalid("compare_to", "compare_from & compare_to")
    compared = question(kind, "json", compare_from, compare_to, asked.by) if compare_from and compare_to else None

    def read(reader: Reader) -> dict[str, Any]:
        floor = _floor(reader, hub.hall)
        return answer(reader.rows, floor, asked, compared, limit_s=limit_s(hub), language=language_of(request))

    return JSONResponse(await hub.store.read(read))


def limit_s(hub: Hub) -> int:
    """A longer wait is over the hall's own limit."""
    return round(hub.settings.figures.wait_limit_minutes * 60)


def _floor(reader: Reader, hall: HallFacts) -> Floor:
    return Floor(hall.zone_info, micros(reader.now))


def _now(reader: Reader, hall: HallFacts, limit: int) -> dict[str, Any]:
    return hall_now(reader.rows, hall, _floor(reader, hall), reader.now, limit_s=limit)


@dataclass
class Memory:
    """Forecasts of days; one day is foretold at a time, for it takes seconds of the processor.

    Today's holds for some hall seconds only, those of finished days for good.
    """

    days: OrderedDict[date, tuple[datetime, list[dict[str, Any]]]] = field(default_factory=OrderedDict)
    busy: asyncio.Lock = field(default_factory=asyncio.Lock)

    def of(self, day: date, now: datetime) -> list[dict[str, Any]] | None:
        """`now` in the hall's zone."""
        made_at, hours = self.days.get(day, (now, None))
        old = made_at.date() == day and (now - made_at).total_seconds() > foreseen.FRESH_S
        return None if old else hours

    def keep(self, day: date, now: datetime, hours: list[dict[str, Any]]) -> None:
        self.days[day] = now, hours
        while len(self.days) > REMEMBERED:
            self.days.popitem(last=False)


def _memory(request: Request) -> Memory:
    state = request.app.state
    if not hasattr(state, "foretold"):
        state.foretold = Memory()
    memory: Memory = state.foretold
    return memory


async def _foreseen(hub: Hub, memory: Memory, day: date) -> list[dict[str, Any]]:
    async with memory.busy:
        now = hub.hall.local(hub.store.now())
        known = memory.of(day, now)
        if known is not None:
            return known
        came, before, recorded = await hub.store.read(_came, hub.hall, day)
        tickets = await asyncio.to_thread(replay_day, hub.hall, recorded, foreseen.FRESH_S)
        until = f"{now.hour + 1:02d}" if day == now.date() else "24"
        hours = foreseen.by_hour(came, before, tickets, hub.hall.zone_info, until=until)
        memory.keep(day, now, hours)
        return hours


def _came(reader: Reader, hall: HallFacts, day: date) -> tuple[list[Row], list[Row], RecordedDay]:
    """Arrivals by hour of the day and of the same weekdays before it, and the day's journal."""
    floor = _floor(reader, hall)

    def arrivals(of: date) -> list[Row]:
        return figures(reader.rows, floor, "arrivals", of, of, parse_by("day,hour"), limit_s=0).rows

    before = [line for earlier in foreseen.same_weekdays(day) for line in arrivals(earlier)]
    return arrivals(day), before, read_day(reader.rows, hall, day)
