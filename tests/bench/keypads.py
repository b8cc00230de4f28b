"""64 keypads on eight lines of one computer: all citizens press at once; and what the computer does while nobody does.

One `hall counter` serves all 64 counters, each an address on its line and a station of its own at the hub.
"""

import asyncio
import os
import pty
import sqlite3
import sys
import time
import tty
from pathlib import Path

from devices.twins.bench import ff68_bench
from devices.twins.ff68 import Ff68Line
from tests.bench.client import Connection
from tests.bench.keypad import FRAME, count, until
from tests.bench.process import HubProcess, hub_process, process_cpu_s
from tests.bench.table import fact, median, row

LINES, ADDRESSES = 8, 8
KEYPADS = LINES * ADDRESSES
ROUNDS = 5
IDLE_S = 10.0
#: Long enough that nobody's question closes while all 64 are being asked.
WINDOW_S = 60.0


async def keypads(folder: Path) -> None:
    home = folder / "keypads"
    home.mkdir()
    (home / "hall.toml").write_text(hall_toml(), encoding="utf-8")
    async with (
        hub_process(home, HALL_COUNTER__EVALUATION_SECONDS=str(WINDOW_S)) as hub,
        ff68_bench(lines=LINES, addresses=ADDRESSES, link=home, window_s=WINDOW_S) as twins,
    ):
        counter_toml = home / "counter.toml"
        counter_toml.write_text(seats_toml(hub, twins.urls), encoding="utf-8")
        agent = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "hub", "counter",
            env={**os.environ, "HALL_CONFIG": str(counter_toml)},
            stderr=(home / "counter.log").open("wb"),
        )  # fmt: skip
        try:
            times = await _measure(hub, twins.lines)
            idle = await _idle((agent.pid, hub.pid))
        finally:
            agent.terminate()
            await agent.wait()
    floor = await bare_ptys()
    row(f"floor: {KEYPADS} frames at once over {LINES} bare ptys, both ways", floor)
    row(f"{KEYPADS} evaluators at once: byte -> stored with the visit", times, median(times) / median(floor))
    fact("idle: counter program and hub, of one processor core", " and ".join(f"{share:.1%}" for share in idle))


def hall_toml() -> str:
    """A hall with one service at every counter."""
    counters = "".join(f'[[counter]]\ncode = "{at}"\n' for at in range(1, KEYPADS + 1))
    return f'[[service]]\ncode = "A"\nprefix = "A"\nnames = {{ zh = "事项" }}\n{counters}'


def seats_toml(hub: HubProcess, urls: tuple[str, ...]) -> str:
    told = f'[station]\nhub_url = "http://127.0.0.1:{hub.port}"\n'
    told += f'[counter]\nevaluation_seconds = {WINDOW_S}\noutbox = "{hub.folder / "keypads.outbox"}"\n'
    for at in range(KEYPADS):
        line, address = divmod(at, ADDRESSES)
        told += f'[[counter.seats]]\ncounter = "{at + 1}"\naddress = {address + 1}\nkeypad = "{urls[line]}"\n'
        told += f'token = "bench-counter-{at + 1}"\n'
    return told


async def _measure(hub: HubProcess, lines: list[Ff68Line]) -> list[float]:
    """Seconds from each press until so many rows are committed: who pressed first is served first."""
    database = sqlite3.connect(hub.folder / "hall.db", isolation_level=None)
    await _at_every_counter(hub, ("open",))
    evaluators = [(line, address) for line in lines for address in line.evaluators]
    times: list[float] = []
    for _ in range(ROUNDS):
        kiosk = await Connection.open(hub.port, "demo-kiosk")
        for _ in range(KEYPADS):
            await kiosk.post("/api/v1/tickets", {"service": "A"})
        kiosk.writer.close()
        await _at_every_counter(hub, ("next", "finish"))
        await until(lambda: all(line.evaluators[address].asking for line, address in evaluators))
        await asyncio.sleep(0.6)  # people read the question first
        times += await _burst(database, evaluators)
        await until(lambda: not any(line.evaluators[address].unanswered for line, address in evaluators))
    database.close()
    return times


async def _at_every_counter(hub: HubProcess, verbs: tuple[str, ...]) -> None:
    """A connection of its own each time: the hub hangs up on one that is not used for a while."""
    for at in range(1, KEYPADS + 1):
        desk = await Connection.open(hub.port, f"bench-counter-{at}")
        for verb in verbs:
            await desk.post(f"/api/v1/counters/{at}/{verb}")
        desk.writer.close()


async def _burst(database: sqlite3.Connection, evaluators: list[tuple[Ff68Line, int]]) -> list[float]:
    before = count(database)
    pressed = []
    for line, address in evaluators:
        pressed.append(time.perf_counter())
        line.evaluate(address, 0)
    stored: list[float] = []
    while len(stored) < len(pressed):
        fresh = count(database) - before - len(stored)
        stored += [time.perf_counter()] * fresh
        await asyncio.sleep(0.0005)
    return [end - start for start, end in zip(pressed, stored, strict=True)]


async def _idle(pids: tuple[int, ...]) -> list[float]:
    """The share of one core that each process takes while nobody presses."""
    before = [process_cpu_s(pid) for pid in pids]
    started = time.perf_counter()
    await asyncio.sleep(IDLE_S)
    took = time.perf_counter() - started
    return [(process_cpu_s(pid) - used) / took for pid, used in zip(pids, before, strict=True)]


async def bare_ptys() -> list[float]:
    """The same bytes at once, thrown back by a loop that does nothing else."""
    loop = asyncio.get_running_loop()
    pairs = [pty.openpty() for _ in range(LINES)]
    back: list[float] = []
    for near, far in pairs:
        tty.setraw(near)
        tty.setraw(far)
        loop.add_reader(far, lambda far=far: os.write(far, os.read(far, 4096)))  # type: ignore[misc]
        loop.add_reader(near, lambda near=near: back.extend([time.perf_counter()] * (len(os.read(near, 4096)) // len(FRAME))))  # type: ignore[misc]  # fmt: skip  # noqa: E501
    times: list[float] = []
    for _ in range(ROUNDS):
        back.clear()
        sent = []
        for near, _ in pairs * ADDRESSES:
            sent.append(time.perf_counter())
            os.write(near, FRAME)
        await until(lambda: len(back) >= KEYPADS)
        times += [end - start for start, end in zip(sent, back, strict=True)]
    for fd in (fd for pair in pairs for fd in pair):
        loop.remove_reader(fd)
        os.close(fd)
    return times
