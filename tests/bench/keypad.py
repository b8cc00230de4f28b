"""A citizen's press: the byte on the line until the row is committed, through agent, outbox and hub."""

import asyncio
import os
import pty
import sqlite3
import sys
import time
import tty
from collections.abc import Callable

from devices.twins.bench import ff68_bench
from tests.bench.client import Connection
from tests.bench.process import HubProcess
from tests.bench.table import median, row

PRESSES = 60
FRAME = bytes.fromhex("ff 68 03 03 68 03 11 01 15 16")


async def keypad(hub: HubProcess) -> None:
    port, folder = hub.port, hub.folder
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
    row("evaluator's byte -> stored with the visit", times, median(times) / median(floor))


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
        os.write(master, FRAME)
        await got.wait()
        times.append(time.perf_counter() - started)
    loop.remove_reader(slave)
    loop.remove_reader(master)
    os.close(slave)
    os.close(master)
    return times
