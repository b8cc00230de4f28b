"""Starts the demo's parts, lets its people live, stops everything in the order in which nothing is lost."""

import asyncio
import json
import signal
import sys
import tempfile
from collections.abc import Callable, Coroutine
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

import httpx

from hub.demo.behaviour import Citizen, citizens
from hub.demo.clerks import Clerk
from hub.demo.clock import START
from hub.demo.floor import Floor, FloorSilent
from hub.demo.parts import COUNTERS, Addresses, Parts
from hub.demo.people import visit
from hub.demo.ports import claim

READY_S = 60.0
SETTLE_S = 15.0
#: Without --minutes the citizens of this many minutes are drawn at the start.
LONG_DAY_MINUTES = 480.0
#: Days of past when nobody asked for more or fewer: enough for a month's figures and a quarter that is closed.
PAST_DAYS = 60
EXPORTS = [(kind, form) for kind in ("satisfaction", "waits") for form in ("csv", "json", "xlsx")]

#: What the devices themselves counted and show, put beside the exports so that anybody can compare: file → where.
TWINS_SAW = {
    "paper.json": "printer/paper.json",
    "state.json": "ff68/state.json",
    "tablet.json": "devices/tablet-4/state.json",
    "wall.json": "devices/led-summary/state.json",
}


@dataclass(frozen=True)
class Plan:
    """What `hall demo` was asked for; `minutes` are hall minutes.

    A past that was asked for in days (`history_days`) stands in the exports; the one that is there anyway does not.
    """

    port: int
    seed: int
    speed: float
    minutes: float | None
    headless: bool
    history_days: int | None
    summary: Path | None

    @property
    def past_days(self) -> int:
        return PAST_DAYS if self.history_days is None else self.history_days


async def conduct(plan: Plan, say: Callable[[str], None], *, windows: bool) -> dict[str, Any] | None:
    """Run the demo; with `minutes` answers the summary, without it runs until cancelled.

    Raises PartFailed, FloorSilent, PortUsed.
    """
    claim(plan.port)
    _end_on_signals()
    addresses = Addresses(plan.port)
    async with Parts(addresses, speed=plan.speed, windows=windows, history_days=plan.past_days) as parts:
        await parts.start_twins()
        await parts.start_hub()
        floor = Floor(addresses, speed=plan.speed)
        try:
            await _ready(parts, floor)
            say(addresses.hub)
            return await _live(plan, parts, floor)
        finally:
            await floor.close()


def _end_on_signals() -> None:
    """SIGINT and SIGTERM cancel the demo, so that no part is left behind (where the system has such handlers)."""
    loop, task = asyncio.get_running_loop(), asyncio.current_task()
    assert task is not None
    for name in (signal.SIGINT, signal.SIGTERM):
        with suppress(NotImplementedError):  # Windows: Ctrl+C ends asyncio.run by itself
            loop.add_signal_handler(name, task.cancel)


async def _ready(parts: Parts, floor: Floor) -> None:
    """Hub first, then the stations, until every one of them is connected and its devices answer."""
    await _until(parts, floor, _hub_answers, "the hub")
    await parts.start_stations()
    await _until(parts, floor, _stations_are_there, "the stations")
    for counter in COUNTERS:
        await floor.console(counter, "open")


async def _until(parts: Parts, floor: Floor, ready: Callable[[Floor], Coroutine[Any, Any, bool]], what: str) -> None:
    try:
        async with asyncio.timeout(READY_S):
            while True:
                parts.check()
                with suppress(httpx.HTTPError):
                    if await ready(floor):
                        return
                await asyncio.sleep(0.1)
    except TimeoutError:
        raise FloorSilent(f"{what} did not get ready within {READY_S:.0f} s; see {parts.folder}") from None


async def _hub_answers(floor: Floor) -> bool:
    return (await floor.ask("GET", "/readyz")).is_success


async def _stations_are_there(floor: Floor) -> bool:
    answer = await floor.ask("GET", "/api/v1/stations", headers={"Authorization": "Bearer demo-admin"})
    states = {station["name"]: [device["state"] for device in station["devices"]] for station in answer.json()}
    # a keypad nobody pressed and a scanner that saw no code have said nothing: the line is open, the state unknown
    lines = [states.get(f"counter-{counter}") or ["missing"] for counter in COUNTERS]
    lines_open = all(set(line) <= {"fine", "silent"} for line in lines)
    return "display-1" in states and states.get("kiosk-1") == ["fine", "fine", "silent"] and lines_open


async def _live(plan: Plan, parts: Parts, floor: Floor) -> dict[str, Any] | None:
    chance = Random(plan.seed)
    coming = citizens(chance, plan.minutes or LONG_DAY_MINUTES)
    clerks = [Clerk(floor, counter, Random(chance.random())) for counter in COUNTERS]
    eyes = asyncio.create_task(floor.watch())
    await floor.open()
    await floor.change(2.0)
    works = [asyncio.create_task(_arrive(floor, coming)), *(asyncio.create_task(clerk.work()) for clerk in clerks)]
    watch = asyncio.create_task(_watch_parts(parts))
    try:
        span_s = None if plan.minutes is None else plan.minutes * 60 / plan.speed
        await _first_trouble([watch, *works], span_s)
        await _go_home(works, clerks)
        return await _close_down(plan, parts, floor)
    finally:
        for task in (watch, eyes, *works):
            task.cancel()
        await asyncio.gather(watch, eyes, *works, return_exceptions=True)


async def _first_trouble(works: "list[asyncio.Task[None]]", span_s: float | None) -> None:
    """Wait for the end of the span; whatever failed before it is raised."""
    done, _ = await asyncio.wait(works, timeout=span_s, return_when=asyncio.FIRST_EXCEPTION)
    for task in done:
        task.result()


async def _watch_parts(parts: Parts) -> None:
    while True:
        parts.check()
        await asyncio.sleep(0.5)


async def _arrive(floor: Floor, coming: list[Citizen]) -> None:
    """Citizens come at their times and stand in line at the kiosk."""
    kiosk = asyncio.Lock()
    since = asyncio.get_running_loop().time()
    try:
        async with asyncio.TaskGroup() as line:
            for citizen in coming:
                due = since + citizen.arrives_s / floor.speed
                await asyncio.sleep(max(0.0, due - asyncio.get_running_loop().time()))
                line.create_task(visit(floor, kiosk, citizen))
    except* (FloorSilent, httpx.HTTPError) as troubles:
        raise FloorSilent(str(troubles.exceptions[0])) from troubles.exceptions[0]


async def _go_home(works: "list[asyncio.Task[None]]", clerks: list[Clerk]) -> None:
    """Nobody starts anything new; who is about to press presses."""
    for task in works:
        task.cancel()
    await asyncio.gather(*works, return_exceptions=True)
    for clerk in clerks:
        await clerk.rest()


async def _close_down(plan: Plan, parts: Parts, floor: Floor) -> dict[str, Any]:
    """Printing and outboxes drain, then the counts are taken, from the hub and from the devices."""
    await parts.stop("kiosk-1")
    await parts.stop(*parts.names("counter-"))
    counts = await _settled(floor)
    counts["pressed"] = await floor.pressed()
    paths = await _export(plan, floor)
    order = [
        "issued",
        "printed",
        "called",
        "shown",
        "waiting",
        "serving",
        "served",
        "no_shows",
        "cancelled",
        "again",
        "pressed",
        "evaluated",
    ]
    return {**{name: counts[name] for name in order}, "exports": [str(path) for path in paths]}


async def _settled(floor: Floor) -> dict[str, int]:
    """The counts, once the display has drawn every call (or has had its time to)."""
    until = asyncio.get_running_loop().time() + SETTLE_S
    while True:
        counts: dict[str, int] = (await floor.ask("GET", "/demo/counts")).raise_for_status().json()
        if counts["shown"] == counts["called"] or asyncio.get_running_loop().time() > until:
            return counts
        await asyncio.sleep(0.1)


async def _export(plan: Plan, floor: Floor) -> list[Path]:
    folder = plan.summary.parent if plan.summary else Path(tempfile.mkdtemp(prefix="hall-demo-figures-"))
    folder.mkdir(parents=True, exist_ok=True)
    first = (START - timedelta(days=plan.history_days or 0)).date()
    for file, where in TWINS_SAW.items():
        seen = await floor.ask("GET", f"/demo/twins/{where}")
        (folder / file).write_bytes(seen.raise_for_status().content)
    paths: list[Path] = []
    for kind, form in EXPORTS:
        answer = await floor.ask(
            "GET",
            f"/api/v1/exports/{kind}.{form}",
            params={"from": first.isoformat(), "to": "2026-03-02", "by": "counter,service,day"},
            headers={"Authorization": "Bearer demo-manager", "Accept-Language": "zh"},
        )
        path = (folder / f"{kind}.{form}").absolute()
        path.write_bytes(answer.raise_for_status().content)
        paths.append(path)
    return paths


def write_summary(summary: dict[str, Any], path: Path | None) -> None:
    text = json.dumps(summary, ensure_ascii=False, indent=2) + "\n"
    sys.stdout.write(text)
    if path:
        path.write_text(text, encoding="utf-8")
