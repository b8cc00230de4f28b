from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from devices.twins.bench import ff68_bench
from tests.live.counter_desk import Desk
from tests.unit.counter.halls import a_hall, station


@pytest.fixture(autouse=True)
def on_both_databases(database: str) -> None:
    """Every hub of these tests keeps its hall in the test's database."""


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    queue = {"recall_interval_seconds": 0, "chosen_call_roles": ["clerk", "counter"]}
    async with a_hall(tmp_path, queue=queue) as hall, ff68_bench(link=tmp_path / "ports", resend_s=0.2) as bench:
        await hall.open()
        outbox = tmp_path / "counter-1.outbox"
        desk = Desk(hall, bench.lines[0], bench.urls[0], outbox, station(hall, bench.urls[0], outbox, debounce_ms=300))
        yield desk
        if desk.running:
            await desk.end()
