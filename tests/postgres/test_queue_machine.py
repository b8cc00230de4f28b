"""Any order of all verbs, eight clerks at once, spread over three hub processes that share one hall."""

import os
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.postgresql import Server
from tests.unit.hub.desk import Desk
from tests.unit.hub.queue_machine import QueueMachine

EXAMPLES = 200 if os.environ.get("HALL_PROVE") == "1" else 8
PROCESSES = 3


def test_any_order_of_verbs_on_three_processes(postgresql: Server) -> None:
    class OnPostgresql(QueueMachine):
        url = ""

        async def desks(self, folder: Path, document: dict[str, Any]) -> list[Desk]:
            self.url = postgresql.new_database()
            return [await Desk.open(self.url, document) for _ in range(PROCESSES)]

        def teardown(self) -> None:
            super().teardown()
            if self.url:
                postgresql.drop(self.url)

    run_state_machine_as_test(
        OnPostgresql,
        # who of eight is faster differs from run to run: an example is not worth shrinking
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=40,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            phases=[Phase.generate],
            report_multiple_bugs=False,
            database=None,
        ),
    )
