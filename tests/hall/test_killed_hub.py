"""kill -9 in the middle of the rush: what was answered is there, nothing is half done, no number comes twice.

Three rounds in `make test`; two hundred on each database with HALL_PROVE=1 (`make prove`).
"""

import os
import random
import signal
import statistics
import threading
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.consistency import consistent, journaled
from tests.hall.hub_process import Hub
from tests.running import free_port, rows_in, snapshot

ROUNDS = 200 if os.environ.get("HALL_PROVE") == "1" else 3
TAKERS = 4
COUNTERS = ("1", "2", "3")
#: One round in so many ends before the hub even serves.
EARLY_EVERY = 5

pytestmark = pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="there is no SIGKILL on this system")


@dataclass
class Asked:
    """A request that was on its way when the hub died; sent again with its key, it is done once."""

    path: str
    body: dict[str, Any]
    key: str
    done: Callable[[dict[str, Any]], None]


@dataclass
class Worker:
    """Somebody who works at the hub without a pause; what was answered is written down."""

    token: str
    kept: set[tuple[str, str]] = field(default_factory=set)
    numbers: list[tuple[str, str]] = field(default_factory=list)
    asked: Asked | None = None
    answered: int = 0
    failed: list[str] = field(default_factory=list)

    def work(self, url: str) -> None:
        headers = {"Authorization": f"Bearer {self.token}"}
        with httpx.Client(base_url=f"{url}/api/v1", headers=headers, trust_env=False, timeout=20) as client:
            try:
                if self.asked:
                    self._send(client, self.asked)
                while not self.failed:
                    for asked in self.turn():
                        self._send(client, asked)
            except httpx.TransportError:
                return

    def turn(self) -> Iterator[Asked]:
        raise AssertionError("each kind of worker has its own")

    def ask(self, path: str, body: dict[str, Any], done: Callable[[dict[str, Any]], None]) -> Asked:
        return Asked(path, body, uuid.uuid4().hex, done)

    def _send(self, client: httpx.Client, asked: Asked) -> None:
        self.asked = asked
        answer = client.post(asked.path, json=asked.body, headers={"Idempotency-Key": asked.key})
        self.asked = None
        if answer.is_server_error:
            self.failed.append(answer.text)
        if answer.is_success:
            self.answered += 1
            asked.done(answer.json())


class Taker(Worker):
    def turn(self) -> Iterator[Asked]:
        yield self.ask("/tickets", {"service": random.choice("ABC")}, self._took)

    def _took(self, ticket: dict[str, Any]) -> None:
        self.kept.add(("ticket_issued", ticket["id"]))
        # numbers begin anew each hall day, and a long proof may meet a midnight
        self.numbers.append((ticket["issued_at"][:10], ticket["number"]))


@dataclass
class AtCounter(Worker):
    """Calls, and does with each citizen one of the things that can be done."""

    counter: str = ""
    visit: str = ""
    held: list[str] = field(default_factory=list)

    def turn(self) -> Iterator[Asked]:
        yield self._verb("next", {"finish_current": True}, "ticket_called")
        if not self.visit:
            yield self._verb("open", {}, "")
            return
        verb = random.choice(("serve", "no-show", "finish", "hold", "evaluate", "resume"))
        if verb == "hold":
            yield self._verb("hold", {"minutes": 5}, "ticket_held")
        elif verb == "no-show":
            yield self._verb("no-show", {}, "ticket_no_show")
        elif verb == "resume" and self.held:
            yield self._verb("finish", {}, "visit_finished")
            yield self._verb("resume", {"ticket": self.held.pop()}, "ticket_resumed")
        else:
            yield from self._serve(evaluated=verb == "evaluate")

    def _serve(self, *, evaluated: bool) -> Iterator[Asked]:
        yield self._verb("start", {}, "visit_started")
        visit = self.visit
        yield self._verb("finish", {}, "visit_finished")
        if evaluated:
            body = {"visit": visit, "level": "satisfied", "channel": "keypad", "request_id": uuid.uuid4().hex}
            yield self.ask("/evaluations", body, lambda taken: self.kept.add(("evaluation_given", taken["visit"])))

    def _verb(self, verb: str, body: dict[str, Any], kind: str) -> Asked:
        def done(answer: dict[str, Any]) -> None:
            ticket = answer.get("ticket")
            if ticket and kind:
                # who is gone from the counter names the visit no more
                self.visit = ticket.get("visit") or self.visit
                self.kept.add((kind, self.visit))
                if kind == "ticket_held":
                    self.held.append(ticket["id"])
            elif verb == "next":
                self.visit = ""

        return self.ask(f"/counters/{self.counter}/{verb}", body, done)


@pytest.fixture
def hub(tmp_path: Path, database: str) -> Iterator[Hub]:
    process = Hub(tmp_path, free_port(), database)
    yield process
    process.kill()


def workers_at(hub: Hub) -> list[Worker]:
    takers: list[Worker] = [Taker(hub.token(f"kiosk-{number}", "kiosk")) for number in range(TAKERS)]
    counters = [AtCounter(hub.token(f"c-{code}", "counter", code), counter=code) for code in COUNTERS]
    return [*takers, *counters]


def rush(hub: Hub, workers: list[Worker], seconds: float) -> None:
    """Everybody works until the hub is killed after so many seconds."""
    threads = [threading.Thread(target=worker.work, args=(hub.url,)) for worker in workers]
    for thread in threads:
        thread.start()
    threading.Event().wait(seconds)
    hub.kill()
    for thread in threads:
        thread.join()
    assert [text for worker in workers for text in worker.failed] == []


def killed_before_it_serves(hub: Hub, seconds: float) -> None:
    hub.launch()
    threading.Event().wait(seconds)
    hub.kill()


def test_nothing_answered_is_lost_nothing_is_half_done_and_no_number_comes_twice(
    hub: Hub, database: str, capsys: pytest.CaptureFixture[str]
) -> None:
    chance = random.Random(1)
    workers = workers_at(hub)
    ready_s = []
    for number in range(1, ROUNDS + 1):
        if number % EARLY_EVERY == 0:
            killed_before_it_serves(hub, chance.uniform(0.0, 1.5))
        ready_s.append(hub.start())
        rush(hub, workers, chance.uniform(0.05, 0.6))
        kept: set[tuple[str, str]] = set().union(*(worker.kept for worker in workers))
        lost = kept - journaled(lambda sql: rows_in(database, sql))
        assert not lost, f"round {number}: {sorted(lost)[:5]}"
        with snapshot(database) as look:
            consistent(look)
    ready_s.append(hub.start())
    numbers = [label for worker in workers for label in worker.numbers]
    assert len(numbers) == len(set(numbers)) > ROUNDS
    verified = hub.hall("verify", "--lang", "en")
    assert verified.returncode == 0, verified.stdout + verified.stderr
    answered = sum(worker.answered for worker in workers)
    with capsys.disabled():
        print(  # noqa: T201 - the figures of the proof
            f"\n{ROUNDS} rounds of kill -9 on {database.partition(':')[0]}: {answered} answered, 0 lost;"
            f" ready again in {min(ready_s):.2f} / {statistics.median(ready_s):.2f} / {max(ready_s):.2f} s"
            " (min, median, max)"
        )


def test_a_request_that_was_on_its_way_is_done_once_when_it_is_sent_again(hub: Hub, database: str) -> None:
    workers = workers_at(hub)[:TAKERS]
    for _ in range(3):
        hub.start()
        rush(hub, workers, 0.3)
    hub.start()
    for worker in workers:
        with hub.client(worker.token) as client:
            if worker.asked:
                again: dict[str, Any] = {"json": worker.asked.body, "headers": {"Idempotency-Key": worker.asked.key}}
                answers = [client.post(f"/api/v1{worker.asked.path}", **again).json() for _ in range(2)]
                assert answers[0] == answers[1]
                worker.asked.done(answers[0])
    numbers = [label for worker in workers for label in worker.numbers]
    # every ticket there is was told to somebody, exactly once
    assert len(numbers) == len(set(numbers)) == rows_in(database, "SELECT count(*) FROM ticket")[0][0]
    assert numbers
