"""`make bench`: what a citizen, a clerk and a screen wait for, each beside the floor of the same run."""

import asyncio
import os
import pty
import shutil
import sqlite3
import sys
import tempfile
import time
import tty
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
from websockets.asyncio.client import ClientConnection, connect

from devices.twins.bench import ff68_bench
from tests.bench.client import Connection
from tests.running import free_port

SCREENS = 50
CALLS = 200
TICKETS = 400
CLIENTS = 50
PRESSES = 60
WARM_UP = 30
SERVICES = "BCDEFG"


def percentiles(times_s: list[float]) -> str:
    ordered = sorted(times_s)
    p50, p99 = ordered[len(ordered) // 2], ordered[min(len(ordered) - 1, int(len(ordered) * 0.99))]
    return f"{p50 * 1000:8.2f} {p99 * 1000:8.2f}"


def median(times_s: list[float]) -> float:
    return sorted(times_s)[len(times_s) // 2]


def row(name: str, times_s: list[float], floor_s: list[float] | None = None) -> None:
    ratio = f"{median(times_s) / median(floor_s):6.2f}" if floor_s else "      "
    print(f"{name:58} {percentiles(times_s)} {ratio}")


@asynccontextmanager
async def served(folder: Path) -> AsyncIterator[tuple[int, int]]:
    """The bench's hub; its port and the port of the plain connections."""
    port, plain = free_port(), free_port()
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.bench.hub_process", str(port), str(plain), str(folder)
    )
    try:
        async with httpx.AsyncClient(trust_env=False) as client:
            for _ in range(200):
                try:
                    if (await client.get(f"http://127.0.0.1:{port}/readyz")).is_success:
                        break
                except httpx.TransportError:
                    await asyncio.sleep(0.05)
        yield port, plain
    finally:
        process.terminate()
        await process.wait()


async def tickets(port: int) -> None:
    kiosk = await Connection.open(port, "demo-kiosk")
    ways = {
        "/floor/noop": "floor: no-op POST, same framework and token, 1 client",
        "/api/v1/tickets": "ticket, 1 client",
    }
    times: dict[str, list[float]] = {path: [] for path in ways}
    for at in range(TICKETS + WARM_UP):
        for path, taken in times.items():
            took, _ = await kiosk.post(path, {"service": SERVICES[at % len(SERVICES)]})
            if at >= WARM_UP:
                taken.append(took)
    row(ways["/floor/noop"], times["/floor/noop"])
    row(ways["/api/v1/tickets"], times["/api/v1/tickets"], times["/floor/noop"])
    kiosk.close()
    for path in ways:
        await crowd(port, path)


async def crowd(port: int, path: str) -> None:
    """Fifty clients at once."""
    clients = [await Connection.open(port, "demo-kiosk") for _ in range(CLIENTS)]
    times: list[float] = []

    async def press(client: Connection) -> None:
        for at in range(20):
            took, _ = await client.post(path, {"service": SERVICES[at % len(SERVICES)]})
            times.append(took)

    started = time.perf_counter()
    await asyncio.gather(*(press(client) for client in clients))
    rate = len(times) / (time.perf_counter() - started)
    row(f"{path.rsplit('/', 1)[1]}, {CLIENTS} clients, {rate:.0f}/s", times)
    for client in clients:
        client.close()


async def fan_out(port: int, plain: int) -> None:
    """A clerk presses next; the time until the last of the screens has the patch with the announcement."""
    clerk = await Connection.open(port, "demo-clerk-1")
    kiosk = await Connection.open(port, "demo-kiosk")
    await clerk.post("/api/v1/counters/1/open", {"services": ["A"]})
    screens = [await connect(f"ws://127.0.0.1:{port}/api/v1/board/ws", compression=None) for _ in range(SCREENS)]
    await clerk.post("/floor/listen")
    plains = [await asyncio.open_connection("127.0.0.1", plain) for _ in range(SCREENS)]
    call_times: list[float] = []
    answer_times: list[float] = []
    floor_times: list[float] = []
    size = 0
    for at in range(CALLS + WARM_UP):
        _, ticket = await kiosk.post("/api/v1/tickets", {"service": "A"})
        seen = [asyncio.create_task(until_called(screen, ticket["number"])) for screen in screens]
        await asyncio.sleep(0)
        started = time.perf_counter()
        answered, _ = await clerk.post("/api/v1/counters/1/next", {"finish_current": True})
        sizes = await asyncio.gather(*seen)
        took, size = time.perf_counter() - started, sizes[0]
        arrived = [asyncio.create_task(reader.readexactly(size)) for reader, _ in plains]
        await asyncio.sleep(0)
        started = time.perf_counter()
        await clerk.post(f"/floor/send?size={size}")
        await asyncio.gather(*arrived)
        if at >= WARM_UP:
            call_times.append(took)
            answer_times.append(answered)
            floor_times.append(time.perf_counter() - started)
    row(f"floor: POST, blocking send of {size} bytes to {SCREENS}", floor_times)
    row(f"call -> last of {SCREENS} screens", call_times, floor_times)
    row("call -> the clerk's own answer, the same calls", answer_times)
    for screen in screens:
        await screen.close()


async def until_called(screen: ClientConnection, number: str) -> int:
    """The size of the message that carried the call; it is only searched, since a bench's own parsing is no wait."""
    while True:
        text = await screen.recv(decode=False)
        if b'"calls":' in text and f'"number":"{number}"'.encode() in text:
            return len(text)


async def keypad(port: int, folder: Path) -> None:
    """A citizen's press: the byte on the line until the row is committed, through agent, outbox and hub."""
    database = sqlite3.connect(folder / "hall.db", isolation_level=None)
    clerk = await Connection.open(port, "demo-clerk-2")
    kiosk = await Connection.open(port, "demo-kiosk")
    await clerk.post("/api/v1/counters/2/open", {"services": ["A"]})
    async with ff68_bench(lines=1, link=folder) as twins:
        options = ("--hub", f"http://127.0.0.1:{port}", "--counter", "2", "--keypad", twins.urls[0])
        agent = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "hub",
            "counter",
            *options,
            "--outbox",
            str(folder / "outbox.db"),
            env={**os.environ, "HALL_STATION__TOKEN": "demo-counter-2", "HALL_STATION__NAME": "counter-2"},
            stderr=asyncio.subprocess.DEVNULL,
        )
        times: list[float] = []
        evaluator = twins.lines[0].evaluators[1]
        for _ in range(PRESSES):
            await kiosk.post("/api/v1/tickets", {"service": "A"})
            await clerk.post("/api/v1/counters/2/next")
            stored = count(database)
            await clerk.post("/api/v1/counters/2/finish")
            await until(lambda: evaluator.asking)
            await asyncio.sleep(0.6)  # a person reads the question first
            started = time.perf_counter()
            twins.lines[0].evaluate(1, 0)
            await until(lambda: count(database) > stored)  # noqa: B023 - awaited within the round
            times.append(time.perf_counter() - started)
        agent.terminate()
        await agent.wait()
    database.close()
    floor = await bare_pty()
    row("floor: one frame over a bare pty, both ways", floor)
    row("evaluator's byte -> stored with the visit", times, floor)


async def until(happened: Callable[[], bool]) -> None:
    """Looks every 0.2 ms: nothing tells another process that a row was committed."""
    while not happened():
        await asyncio.sleep(0.0002)


def count(database: sqlite3.Connection) -> int:
    number: int = database.execute("SELECT count(*) FROM evaluation").fetchone()[0]
    return number


async def bare_pty() -> list[float]:
    master, slave = pty.openpty()
    tty.setraw(master)
    tty.setraw(slave)
    loop = asyncio.get_running_loop()
    got = asyncio.Event()
    loop.add_reader(slave, lambda: os.write(slave, os.read(slave, 64)))
    loop.add_reader(master, lambda: got.set() if os.read(master, 64) else None)
    times = []
    for _ in range(300):
        got.clear()
        started = time.perf_counter()
        os.write(master, bytes.fromhex("ff68030368031101 1516".replace(" ", "")))
        await got.wait()
        times.append(time.perf_counter() - started)
    loop.remove_reader(slave)
    loop.remove_reader(master)
    os.close(slave)
    os.close(master)
    return times


async def main() -> None:
    folder = Path(tempfile.mkdtemp(prefix="hall-bench-"))
    print(f"{'milliseconds':58} {'p50':>8} {'p99':>8} {'× floor':>6}")
    try:
        async with served(folder) as (port, plain):
            await tickets(port)
            await fan_out(port, plain)
            await keypad(port, folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    asyncio.run(main())
