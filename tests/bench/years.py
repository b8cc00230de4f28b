"""The same figures in a hall with years behind it as in a new one: two hubs beside each other, asked by turns."""

import asyncio
import shutil
from pathlib import Path

from tests.bench.client import BlockingConnection, Connection
from tests.bench.crowd import Crowd
from tests.bench.history import LAST_DAY, hall_with
from tests.bench.process import HubProcess, hub_process
from tests.bench.screens import BOARD, call, take_tickets
from tests.bench.table import fact, median, row
from tests.bench.tickets import TICKET, crowd

ROUNDS = 5
EACH = 40
SCREENS = 50


async def years(folder: Path, visits: int) -> None:
    new, old = folder / "new", folder / "old"
    new.mkdir()
    (new / "hall.toml").touch()
    async with hub_process(new):
        pass  # it makes the tables and seeds the hall
    shutil.copytree(await asyncio.to_thread(hall_with, visits, new), old)
    async with hub_process(new) as young, hub_process(old) as aged:
        fact(f"start -> ready with {visits:,} visits, in a new hall", f"{aged.ready_s:8.2f} s {young.ready_s:8.2f} s")
        await one_by_one(young, aged)
        await fifty_clients(young, aged)
        await asyncio.to_thread(calls, young, aged)
        await a_month(aged)


def tell(name: str, new: list[float], old: list[float]) -> None:
    row(f"{name}, in a new hall", new)
    row(f"{name}, with years behind it; × the new hall", old, median(old) / median(new))


async def one_by_one(young: HubProcess, aged: HubProcess) -> None:
    times: tuple[list[float], list[float]] = ([], [])
    kiosks = [await Connection.open(hub.port, "demo-kiosk") for hub in (young, aged)]
    for _ in range(ROUNDS * EACH):
        for kiosk, taken in zip(kiosks, times, strict=True):
            taken.append((await kiosk.post(TICKET, {"service": "B"}))[0])
    for kiosk in kiosks:
        kiosk.close()
    tell("ticket, 1 client", *times)


async def fifty_clients(young: HubProcess, aged: HubProcess) -> None:
    times: tuple[list[float], list[float]] = ([], [])
    rates: tuple[list[float], list[float]] = ([], [])
    for _ in range(ROUNDS):
        for hub, taken, rate in zip((young, aged), times, rates, strict=True):
            each, a_second = await crowd(hub.port, TICKET, 50)
            taken.extend(each)
            rate.append(a_second)
    tell("ticket, 50 clients", *times)
    fact("tickets a second, 50 clients, in both halls", f"{median(rates[0]):8.0f} {median(rates[1]):8.0f}")


def calls(young: HubProcess, aged: HubProcess) -> None:
    times: tuple[list[float], list[float]] = ([], [])
    halls = []
    for hub, taken in zip((young, aged), times, strict=True):
        take_tickets(hub.port, ROUNDS * EACH)
        halls.append((BlockingConnection(hub.port, "demo-clerk-1"), Crowd(hub.port, BOARD, SCREENS), taken))
    for _ in range(ROUNDS * EACH):
        for clerk, screens, taken in halls:
            taken.append(call(clerk, screens)[0])
    for clerk, screens, _ in halls:
        clerk.close()
        screens.close()
    tell(f"call -> last of {SCREENS} screens", *times)


async def a_month(hub: HubProcess) -> None:
    """A manager looks at a whole month."""
    manager = await Connection.open(hub.port, "demo-manager")
    month = LAST_DAY[:8]
    for kind in ("satisfaction", "waits"):
        took = await manager.get(f"/api/v1/exports/{kind}.csv?from={month}01&to={LAST_DAY}&by=counter,service")
        fact(f"{kind} of a month by counter and service", f"{took * 1000:8.0f}")
    manager.close()
