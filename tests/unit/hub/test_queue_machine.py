"""Any order of all verbs on SQLite; `tests/postgres` plays the same on several processes."""

import os
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, settings

from tests.unit.hub.desk import Desk
from tests.unit.hub.queue_machine import QueueMachine

EXAMPLES = 400 if os.environ.get("HALL_PROVE") == "1" else 20


class OnSqlite(QueueMachine):
    async def desks(self, folder: Path, document: dict[str, Any]) -> list[Desk]:
        return [await Desk.open(folder / "hall.db", document)]


OnSqlite.TestCase.settings = settings(
    max_examples=EXAMPLES,
    stateful_step_count=40,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    # which of eight is served first is the batch's affair: an example is not worth shrinking
    phases=[Phase.generate],
    report_multiple_bugs=False,
    database=None,
)
test_any_order_of_verbs = OnSqlite.TestCase
