"""Durable tickets through HTTP beside a no-op POST of the same framework with the same authentication."""

import asyncio
import time

from tests.bench.client import BlockingConnection, Connection, get
from tests.bench.process import HubProcess
from tests.bench.table import fact, median, row

NOOP, TICKET = "/floor/noop", "/api/v1/tickets"
SERVICES = "BCDEFG"
ROUNDS = 5
WARM_UP = 30
#: Requests of one client in a row.
EACH = 20


async def tickets(hub: HubProcess) -> None:
    await one_client(hub.port)
    for clients in (50, 200):
        await crowds(hub.port, clients)


async def one_client(port: int) -> None:
    kiosk = await Connection.open(port, "demo-kiosk")
    times: dict[str, list[float]] = {NOOP: [], TICKET: []}
    for at in range(400 + WARM_UP):
        for path, taken in times.items():
            took, _ = await kiosk.post(path, {"service": SERVICES[at % len(SERVICES)]})
            if at >= WARM_UP:
                taken.append(took)
    row("floor: no-op POST, same framework and token, 1 client", times[NOOP])
    row("ticket, 1 client", times[TICKET], median(times[TICKET]) / median(times[NOOP]))
    kiosk.close()


async def crowds(port: int, clients: int) -> None:
    """Floor and tickets by turns; the share is of requests in a second."""
    rates: dict[str, list[float]] = {NOOP: [], TICKET: []}
    times: dict[str, list[float]] = {NOOP: [], TICKET: []}
    for _ in range(ROUNDS):
        for path in rates:
            taken, rate = await crowd(port, path, clients)
            times[path] += taken
            rates[path].append(rate)
    row(f"no-op, {clients} clients, {median(rates[NOOP]):.0f}/s", times[NOOP])
    row(f"tickets, {clients} clients, {median(rates[TICKET]):.0f}/s", times[TICKET])
    fact(f"tickets as a share of no-ops, {clients} clients", f"{median(rates[TICKET]) / median(rates[NOOP]):8.2f}")


async def crowd(port: int, path: str, clients: int) -> tuple[list[float], float]:
    """What each request took, and requests in a second."""
    connections = [await Connection.open(port, "demo-kiosk") for _ in range(clients)]
    times: list[float] = []

    async def press(client: Connection) -> None:
        for at in range(EACH):
            took, _ = await client.post(path, {"service": SERVICES[at % len(SERVICES)]})
            times.append(took)

    started = time.perf_counter()
    await asyncio.gather(*(press(client) for client in connections))
    rate = len(times) / (time.perf_counter() - started)
    await connections[0].post("/floor/clear")
    for client in connections:
        client.close()
    return times, rate


async def tickets_per_commit(hub: HubProcess, added_ms: int = 10) -> None:
    """Every COMMIT takes longer, as on a slow disk: who waits meanwhile goes together. Leaves the hub slow."""
    admin = BlockingConnection(hub.port, "demo-admin")
    admin.post(f"/floor/slow?ms={added_ms}")
    before = commits(hub.port)
    times, rate = await crowd(hub.port, TICKET, 50)
    row(f"tickets, 50 clients, {added_ms} ms more before each COMMIT, {rate:.0f}/s", times)
    fact("  tickets in one COMMIT", f"{len(times) / (commits(hub.port) - before):8.1f}")
    admin.close()


def commits(port: int) -> int:
    text = get(port, "/metrics")
    return next(int(line.split()[1]) for line in text.splitlines() if line.startswith("hall_commits_total "))
