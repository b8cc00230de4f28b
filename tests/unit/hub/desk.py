"""The queue's verbs on a real database, at a time that stands still until the test moves it."""

import json
import shutil
import sqlite3
import tempfile
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from hub.evaluation.verbs import evaluate, invite
from hub.queue import counters, moves, places, tickets, views, visits
from hub.queue.forecast import Floor
from hub.queue.hall import HallFacts, load_hall
from hub.queue.seed import seed
from hub.settings import Settings, settings_from
from hub.store import SYSTEM, Reader, Store, Who, is_postgresql
from hub.wire import (
    Away,
    CallChosen,
    CallNext,
    Counter,
    Evaluate,
    EvaluationTaken,
    Finish,
    Hold,
    IssueTicket,
    Level,
    OpenCounter,
    Place,
    Resume,
    Ticket,
    Transfer,
)

NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
KIOSK = Who("kiosk-1", "kiosk")


def clerk(counter: str) -> Who:
    return Who(f"clerk-{counter}", "clerk", counter)


#: Seeded halls on SQLite by their document: making each one anew would be most of the tests' time.
_SEEDED: dict[str, Path] = {}
_FOLDER = tempfile.TemporaryDirectory(prefix="hall-seeded-")


def _copy_known(url: str | Path, document: dict[str, Any] | None) -> Path | None:
    """Begin with a hall seeded before; the file that is still to be seeded, when there is none yet."""
    path = Path(str(url).removeprefix("sqlite:///"))
    if is_postgresql(str(url)) or path.exists():
        return None
    known = _SEEDED.get(json.dumps(document))
    if known is None:
        return path
    shutil.copy(known, path)
    return None


def _keep(path: Path, document: dict[str, Any] | None) -> None:
    kept = Path(_FOLDER.name) / f"{len(_SEEDED)}.db"
    with closing(sqlite3.connect(path)) as seeded, closing(sqlite3.connect(kept)) as copy:
        seeded.backup(copy)
    _SEEDED[json.dumps(document)] = kept


@dataclass
class Desk:
    store: Store
    hall: HallFacts
    clock: "Clock"

    @classmethod
    async def open(cls, url: str | Path, document: dict[str, Any] | None = None) -> "Desk":
        clock = Clock()
        fresh = _copy_known(url, document)
        store = Store(url, now=clock)
        store.open()
        settings: Settings = settings_from(document or {}, origin="test")
        await store.write(seed, SYSTEM, None, settings)
        if fresh:
            _keep(fresh, document)
        store.hooks["visit_finished"].append(invite)
        return cls(store, await store.read(_hall, settings), clock)

    async def take(self, service: str = "A", *, priority: str | None = None) -> Ticket:
        command = IssueTicket(service=service, priority=priority)
        return await self.store.write(tickets.issue, KIOSK, None, self.hall, command)

    async def open_counter(self, counter: str, services: list[str] | None = None) -> Counter:
        command = OpenCounter(services=services)
        return await self.store.write(counters.open_counter, clerk(counter), None, self.hall, counter, command)

    async def take_in_turn(self, *services: str) -> Ticket:
        command = IssueTicket(service=services[0], services=list(services[1:]))
        return await self.store.write(tickets.issue, KIOSK, None, self.hall, command)

    async def choose(self, counter: str, ticket: str, reason: str = "材料齐全") -> Ticket:
        command = CallChosen(ticket=ticket, reason=reason)
        answer = await self.store.write(visits.call_chosen, clerk(counter), None, self.hall, counter, command)
        assert answer.ticket is not None
        return answer.ticket

    async def hold(self, counter: str, minutes: float | None = None) -> Ticket:
        command = Hold(minutes=minutes)
        answer = await self.store.write(moves.hold, clerk(counter), None, self.hall, counter, command)
        assert answer.ticket is not None
        return answer.ticket

    async def resume(self, counter: str, ticket: str) -> Ticket:
        command = Resume(ticket=ticket)
        answer = await self.store.write(visits.resume, clerk(counter), None, self.hall, counter, command)
        assert answer.ticket is not None
        return answer.ticket

    async def transfer(self, at: str, **target: Any) -> Ticket:
        command = Transfer.model_validate(target)
        answer = await self.store.write(moves.transfer, clerk(at), None, self.hall, at, command)
        assert answer.ticket is not None
        return answer.ticket

    async def requeue(self, ticket: str) -> Ticket:
        return await self.store.write(moves.requeue, KIOSK, None, self.hall, ticket)

    async def away(self, counter: str, minutes: float = 30, reason: str = "就餐") -> Counter:
        command = Away(reason=reason, back_at=self.clock.at + timedelta(minutes=minutes))
        return await self.store.write(counters.go_away, clerk(counter), None, self.hall, counter, command)

    async def back(self, counter: str) -> Counter:
        return await self.store.write(counters.come_back, clerk(counter), None, self.hall, counter)

    async def end_day(self) -> int:
        return await self.store.write(tickets.end_day, SYSTEM, None, self.hall)

    async def place(self, ticket: str) -> Place:
        return await self.store.read(_place, self.hall, ticket)

    async def close_counter(self, counter: str) -> Counter:
        return await self.store.write(counters.close_counter, clerk(counter), None, self.hall, counter)

    async def next(self, counter: str, *, finish_current: bool = False) -> Ticket | None:
        command = CallNext(finish_current=finish_current)
        return (await self.store.write(visits.call_next, clerk(counter), None, self.hall, counter, command)).ticket

    async def recall(self, counter: str) -> Ticket | None:
        return (await self.store.write(visits.recall, clerk(counter), None, self.hall, counter)).ticket

    async def start(self, counter: str) -> Ticket | None:
        return (await self.store.write(visits.start, clerk(counter), None, self.hall, counter)).ticket

    async def no_show(self, counter: str) -> Ticket | None:
        return (await self.store.write(visits.no_show, clerk(counter), None, self.hall, counter)).ticket

    async def finish(self, counter: str, **finish: str) -> Ticket:
        answer = await self.store.write(visits.finish, clerk(counter), None, self.hall, counter, Finish(**finish))
        assert answer.ticket is not None
        return answer.ticket

    async def cancel(self, ticket: str) -> Ticket:
        return await self.store.write(tickets.cancel, KIOSK, None, self.hall, ticket)

    async def evaluate(
        self, visit: str, level: Level = "satisfied", *, counter: str = "1", request_id: str = "request-1"
    ) -> EvaluationTaken:
        command = Evaluate(visit=visit, level=level, channel="keypad", request_id=request_id)
        return await self.store.write(evaluate, Who(f"counter-{counter}", "counter", counter), None, command)

    async def ticket(self, ticket: str) -> Ticket:
        return await self.store.read(_ticket, self.hall, ticket)

    async def foresee(self) -> Floor:
        """A fresh forecast, as the running hub makes one every second; the floor it saw."""
        return await self.store.read(_foresee, self.hall)

    async def rows(self, sql: str, **values: Any) -> list[Any]:
        return await self.store.read(lambda reader: reader.rows(sql, **values))


class Clock:
    def __init__(self) -> None:
        self.at = NOON

    def __call__(self) -> datetime:
        return self.at

    def forward(self, **span: float) -> None:
        self.at += timedelta(**span)


def _hall(reader: Reader, settings: Settings) -> HallFacts:
    return load_hall(reader.rows, "http://hall.test", settings.queue)


def _place(reader: Reader, hall: HallFacts, ticket: str) -> Place:
    return places.place(reader.rows, hall, ticket, reader.now)


def _ticket(reader: Reader, hall: HallFacts, ticket: str) -> Ticket:
    return views.ticket_by_id(reader.rows, hall, ticket, reader.now)


def _foresee(reader: Reader, hall: HallFacts) -> Floor:
    floor, pace = hall.waits.look(reader.rows, hall, reader.now)
    hall.waits.foresee(floor, pace)
    return floor
