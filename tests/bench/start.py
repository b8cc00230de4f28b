"""`hall hub` as a process: how long until it is ready, what it costs while nothing happens."""

import asyncio
from pathlib import Path

from tests.bench.process import hub_process
from tests.bench.table import fact, row

STARTS = 5
IDLE_S = 10.0


async def start(folder: Path) -> None:
    """On the bench's own database, as after a restart in the middle of a day."""
    ready: list[float] = []
    for at in range(STARTS):
        async with hub_process(folder, plain=True) as hub:
            ready.append(hub.ready_s)
            if at == STARTS - 1:
                await asyncio.sleep(2)  # what follows a start is no idling
                before = hub.cpu_s()
                await asyncio.sleep(IDLE_S)
                fact(f"idle, share of one processor over {IDLE_S:.0f} s", f"{(hub.cpu_s() - before) / IDLE_S:8.2%}")
                fact("memory", f"{hub.memory_mb():8.0f} MB")
    row("start -> ready", ready)
