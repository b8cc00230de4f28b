"""Several `hall hub` processes on one hall: takers and counters at once, on any of them.

Short in `make test`; 500 takers and 100 counters with HALL_PROVE=1 (`make prove`).
"""

import asyncio
import json
import os
from collections import Counter as Tally
from collections.abc import Iterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from websockets.asyncio.client import connect

from tests.bench.client import Connection
from tests.hubs import KIOSK, HubProcess, several_hubs
from tests.postgresql import PASSWORD, Server
from tests.running import rows_in

PROVE = os.environ.get("HALL_PROVE") == "1"
PROCESSES = 4
TAKERS, COUNTERS = (500, 100) if PROVE else (120, 24)
PATIENCE_S = 120.0
SERVICES = "ABCD"


@pytest.fixture
def url(postgresql: Server) -> Iterator[str]:
    """A database without even a schema."""
    url = postgresql.empty_database()
    yield url
    postgresql.drop(url)


@pytest.fixture
def hubs(tmp_path: Path, url: str) -> Iterator[list[HubProcess]]:
    with several_hubs(tmp_path, url, PROCESSES, counters=COUNTERS, services=SERVICES) as started:
        yield started


class Screen:
    """A board on one of the processes, and every call it was ever shown."""

    def __init__(self) -> None:
        self.called: set[str] = set()

    async def watch(self, port: int) -> None:
        async with connect(f"ws://127.0.0.1:{port}/api/v1/board/ws", compression=None) as socket:
            async for text in socket:
                message = json.loads(text)
                board = message.get("board") or message.get("patch") or {}
                self.called.update(call["number"] for call in board.get("calls", []))

    async def until_seen(self, numbers: set[str]) -> None:
        while not numbers <= self.called:  # noqa: ASYNC110  # watched in a task beside
            await asyncio.sleep(0.02)


async def take(hub: HubProcess, service: str) -> str:
    taker = await Connection.open(hub.port, KIOSK)
    _, ticket = await taker.post("/api/v1/tickets", {"service": service})
    taker.close()
    number: str = ticket["number"]
    return number


async def call_until(hub: HubProcess, counter: int, all_called: asyncio.Event, called: list[str]) -> None:
    """A counter that presses `next` again and again; nobody waiting is an answer."""
    clerk = await Connection.open(hub.port, f"counter-secret-{counter}")
    await clerk.post(f"/api/v1/counters/{counter}/open")
    while not all_called.is_set():
        _, answer = await clerk.post(f"/api/v1/counters/{counter}/next", {"finish_current": True})
        if answer["ticket"]:
            called.append(answer["ticket"]["number"])
            if len(called) == 2 * TAKERS:
                all_called.set()
    clerk.close()


async def rush(hubs: list[HubProcess]) -> tuple[list[str], list[str], list[Screen]]:
    """Issued and called numbers, and a screen of every process."""
    screens = [Screen() for _ in hubs]
    called: list[str] = []
    all_called = asyncio.Event()
    async with AsyncExitStack() as stack, asyncio.timeout(PATIENCE_S):
        watching = await stack.enter_async_context(asyncio.TaskGroup())
        watches = [watching.create_task(screen.watch(hub.port)) for screen, hub in zip(screens, hubs, strict=True)]
        waiting = await asyncio.gather(*(take(hubs[at % 4], SERVICES[at % 3]) for at in range(TAKERS)))
        counters = range(1, COUNTERS + 1)
        calling = [asyncio.create_task(call_until(hubs[at % 4], at, all_called, called)) for at in counters]
        taken = await asyncio.gather(*(take(hubs[at % 4], SERVICES[at // 4 % 4]) for at in range(TAKERS)))
        await asyncio.gather(*calling)
        await asyncio.gather(*(screen.until_seen(set(called)) for screen in screens))
        for watch in watches:
            watch.cancel()
    return [*waiting, *taken], called, screens


def test_takers_and_counters_at_once_on_four_processes(hubs: list[HubProcess], url: str) -> None:
    issued, called, _ = asyncio.run(rush(hubs))
    assert max(Tally(issued).values()) == 1, "a number was given twice"
    assert max(Tally(called).values()) == 1, "a citizen was called twice"
    assert set(called) == set(issued)
    expected = [f"{code}{serial:03d}" for code in SERVICES for serial in range(1, 1 + issued_of(code, issued))]
    assert sorted(issued) == sorted(expected), "a number was left out"
    assert rows_in(url, "SELECT count(*) FROM hall") == [(1,)]
    assert rows_in(url, "SELECT count(*) FROM visit WHERE outcome IS NULL GROUP BY counter HAVING count(*) > 1") == []
    in_order_of_the_journal(url)
    fair(url)
    for hub in hubs:
        assert "Traceback" not in hub.said()
        assert "done again" not in hub.said(), "two processes waited for each other"
        assert PASSWORD not in hub.said()


def issued_of(code: str, issued: list[str]) -> int:
    return sum(number.startswith(code) for number in issued)


def in_order_of_the_journal(url: str) -> None:
    """Numbers without a gap, and the chain of hashes whole, whoever wrote."""
    seqs = [row[0] for row in rows_in(url, "SELECT seq FROM journal ORDER BY seq")]
    assert seqs == list(range(1, len(seqs) + 1))


def fair(url: str) -> None:
    """Within a service nobody is passed by more citizens than there are counters pressing at the same moment."""
    for code in SERVICES:
        called = [
            row[0]
            for row in rows_in(
                url,
                "SELECT t.serial FROM journal j JOIN ticket t ON t.id = j.ticket"
                f" WHERE j.kind = 'ticket_called' AND t.service = '{code}' ORDER BY j.seq",
            )
        ]
        overtakers = [sum(other > serial for other in called[:at]) for at, serial in enumerate(called)]
        assert max(overtakers, default=0) <= COUNTERS
