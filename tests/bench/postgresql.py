"""Several hub processes on one PostgreSQL: from a commit to the screens of every process; calls beside pgbench."""

import os
import re
import selectors
import subprocess
import tempfile
import threading
import time
from collections import Counter as Tally
from datetime import datetime
from pathlib import Path
from typing import Any

import psycopg

from hub.queue import claims
from tests.bench.client import BlockingConnection
from tests.bench.crowd import PATIENCE_S, CrowdScreen
from tests.bench.table import fact, row
from tests.hubs import KIOSK, HubProcess, several_hubs
from tests.postgresql import PASSWORD, Server, find_binaries, running_server

PROCESSES = 4
CALLS = 300
WARM_UP = 30
COUNTERS = 100
#: Claims of each of the counters, by pgbench and through the hub.
EACH = 10
SERVICES = "ABCDEFGH"


def postgresql() -> None:
    if find_binaries() is None:
        fact("no PostgreSQL on this machine", "sudo apt install postgresql")
        return
    with running_server(max_connections="250", track_commit_timestamp="on") as server:
        with tempfile.TemporaryDirectory(prefix="hall-bench-") as folder:
            url = server.empty_database()
            with several_hubs(Path(folder), url, PROCESSES, counters=4, services="ABCD") as hubs:
                relayed(hubs, url)
        with tempfile.TemporaryDirectory(prefix="hall-bench-") as folder:
            url = server.empty_database()
            with several_hubs(Path(folder), url, 1, counters=COUNTERS, services=SERVICES) as (hub,):
                called(server, hub, url)


# -- from the commit to the screens


def relayed(hubs: list[HubProcess], url: str) -> None:
    """A clerk presses on the first process; a screen hangs on each of them."""
    kiosk = BlockingConnection(hubs[0].port, KIOSK)
    clerk = BlockingConnection(hubs[0].port, "counter-secret-1")
    clerk.post("/api/v1/counters/1/open")
    screens = [CrowdScreen(hub.port, "/api/v1/board/ws") for hub in hubs]
    same: list[float] = []
    others: list[float] = []
    with psycopg.connect(url, autocommit=True) as look:
        for at in range(CALLS + WARM_UP):
            number = kiosk.post("/api/v1/tickets", {"service": "A"})["number"]
            clerk.send("/api/v1/counters/1/next", {"finish_current": True})
            seen = watch(screens, f'"number":"{number}"'.encode())
            committed = commit_moment(look, clerk.answer()["ticket"]["visit"])
            if at >= WARM_UP:
                same.append(seen[0] - committed)
                others.append(max(seen[1:]) - committed)
    row("commit -> a screen of the same process", same)
    row(f"commit -> the last of the screens of {len(hubs) - 1} other processes", others)


def watch(screens: list[CrowdScreen], marker: bytes) -> list[float]:
    """The moment, by the wall's clock, when each had a message with the marker."""
    seen: dict[int, float] = {}
    with selectors.DefaultSelector() as selector:
        for which, screen in enumerate(screens):
            selector.register(screen.socket, selectors.EVENT_READ, which)
        while len(seen) < len(screens):
            ready = selector.select(PATIENCE_S)
            if not ready:
                raise RuntimeError(f"some screens never saw {marker!r}")
            for key, _ in ready:
                if screens[key.data].feed(marker):
                    seen.setdefault(key.data, time.time())
    return [seen[which] for which in range(len(screens))]


def commit_moment(look: "psycopg.Connection[tuple[Any, ...]]", visit: str) -> float:
    found = look.execute("SELECT pg_xact_commit_timestamp(xmin) FROM visit WHERE id = %s", (visit,)).fetchone()
    assert found
    moment: datetime = found[0]
    return moment.timestamp()


# -- calls in a second


def called(server: Server, hub: HubProcess, url: str) -> None:
    """The claim's own statement by pgbench, then whole calls through the hub, each from as many counters."""
    take_tickets(hub, 4 * COUNTERS * EACH)
    bare = by_pgbench(server, url)
    rate, took, numbers = through_the_hub(hub)
    row(f"call next, {COUNTERS} counters at once, {rate:.0f}/s", took)
    fact(f"  the claim alone under pgbench, {COUNTERS} clients", f"{bare:8.0f} /s")
    fact("  calls as a share of it", f"{rate / bare:8.2f}")
    fact("  citizens called twice", f"{sum(count > 1 for count in Tally(numbers).values()):8d}")


def take_tickets(hub: HubProcess, many: int) -> None:
    def take(part: int) -> None:
        kiosk = BlockingConnection(hub.port, KIOSK)
        for at in range(many // 20):
            kiosk.post("/api/v1/tickets", {"service": SERVICES[(at + part) % len(SERVICES)]})
        kiosk.close()

    at_once([threading.Thread(target=take, args=(part,)) for part in range(20)])


def by_pgbench(server: Server, url: str) -> float:
    """Transactions in a second; each claims the first citizen for one of the counters."""
    with psycopg.connect(url) as look:
        found = look.execute("SELECT max(day) FROM ticket").fetchone()
    assert found
    statement = claims._PASSING_OVER[False].replace(":counter", "CAST(:counter AS text)")
    for name, value in (("day", f"'{found[0]}'"), ("now", "1"), ("second_since", "-1"), ("preferred", "''")):
        statement = re.sub(rf":{name}\b", value, statement)
    statement = re.sub(r":visit\b", "'bench'", statement)
    script = server.folder / "claim.sql"
    one_line = " ".join(line.partition("--")[0] for line in statement.splitlines())
    script.write_text(f"\\set counter random(1, {COUNTERS})\n{one_line};\n")
    done = subprocess.run(
        [
            *(server.binaries / "pgbench", "--no-vacuum", "--protocol=prepared", f"--file={script}"),
            *(f"--client={COUNTERS}", "--jobs=2", f"--transactions={EACH}"),
            *("--host=127.0.0.1", f"--port={server.port}", "--username=hall", url.rpartition("/")[2]),
        ],
        env={**os.environ, "PGPASSWORD": PASSWORD},
        capture_output=True,
        text=True,
        check=True,
    )
    return float(next(line.split()[2] for line in done.stdout.splitlines() if line.startswith("tps")))


def through_the_hub(hub: HubProcess) -> tuple[float, list[float], list[str]]:
    """Calls in a second, what each took, and whom they called; between the rounds the visits are finished."""
    times: list[float] = []
    numbers: list[str] = []
    clerks = [BlockingConnection(hub.port, f"counter-secret-{code}") for code in range(1, COUNTERS + 1)]
    for code, clerk in enumerate(clerks, 1):
        clerk.post(f"/api/v1/counters/{code}/open")

    def press(code: int, clerk: BlockingConnection) -> None:
        began = time.perf_counter()
        ticket = clerk.post(f"/api/v1/counters/{code}/next")["ticket"]
        times.append(time.perf_counter() - began)
        if ticket:
            numbers.append(ticket["number"])

    pressed_s = 0.0
    for _ in range(EACH):
        pressing = [threading.Thread(target=press, args=(code, clerk)) for code, clerk in enumerate(clerks, 1)]
        began = time.perf_counter()
        at_once(pressing)
        pressed_s += time.perf_counter() - began
        for code, clerk in enumerate(clerks, 1):
            clerk.post(f"/api/v1/counters/{code}/finish")
    return len(times) / pressed_s, times, numbers


def at_once(threads: list[threading.Thread]) -> None:
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


if __name__ == "__main__":
    postgresql()
