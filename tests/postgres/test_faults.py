"""What breaks between a hub and its PostgreSQL, and what is told of it."""

import asyncio
import threading
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from hub.check import results
from hub.journal import Entry
from hub.problems import OutcomeUnknown, StoreUnavailable
from hub.relay import Relay
from hub.settings import SettingsError
from hub.store import SYSTEM, Reader, Store, Tx, writer
from hub.store import postgresql as server_of_store
from hub.store.address import open_database
from tests.postgres.line import BreakableLine
from tests.postgresql import PASSWORD, Server
from tests.running import PATIENCE_S
from tests.unit.hub.desk import Desk


@pytest.fixture
async def other(desk: Desk, database: str) -> AsyncIterator[Desk]:
    """A second hub process's store on the same hall."""
    opened = await Desk.open(database)
    yield opened
    opened.store.close()


@pytest.fixture
def line(postgresql: Server) -> Iterator[BreakableLine]:
    opened = BreakableLine(postgresql.port)
    yield opened
    opened.close()


@pytest.fixture
async def far_desk(desk: Desk, database: str, line: BreakableLine) -> AsyncIterator[Desk]:
    """A store whose line to the server can break."""
    near, _, name = database.rpartition("/")
    opened = await Desk.open(f"{near.rpartition(':')[0]}:{line.port}/{name}")
    yield opened
    opened.store.close()


async def numbers(desk: Desk) -> list[str]:
    return [row[0] for row in await desk.rows("SELECT number FROM ticket ORDER BY serial")]


def rename(tx: Tx, code: str, name: str) -> None:
    tx.rows("UPDATE service SET department = :name WHERE code = :code", code=code, name=name)


async def test_two_verbs_that_wait_for_each_other_are_both_done(desk: Desk, other: Desk) -> None:
    """One of them is the deadlock detector's victim and is done again."""
    both_hold = threading.Barrier(2)
    met = threading.Event()

    def crossing(tx: Tx, first: str, then: str) -> None:
        rename(tx, first, "x")
        if not met.is_set():
            both_hold.wait(PATIENCE_S)
            met.set()
        rename(tx, then, "x")
        tx.record("ticket_printed")

    await asyncio.gather(
        desk.store.write(crossing, SYSTEM, None, "A", "B"), other.store.write(crossing, SYSTEM, None, "B", "A")
    )
    assert await desk.rows("SELECT count(*) FROM journal WHERE kind = 'ticket_printed'") == [(2,)]


async def test_a_line_that_breaks_amid_a_batch_is_made_again_and_the_batch_is_done_once(desk: Desk) -> None:
    broken = threading.Event()

    def breaks_once(tx: Tx) -> None:
        tx.record("ticket_printed")
        if not broken.is_set():
            broken.set()
            tx.rows("SELECT pg_terminate_backend(pg_backend_pid())")

    works = [desk.take(), desk.store.write(breaks_once, SYSTEM, None), desk.take()]
    await asyncio.gather(*works)
    assert await numbers(desk) == ["A001", "A002"]
    assert await desk.rows("SELECT count(*) FROM journal WHERE kind = 'ticket_printed'") == [(1,)]


async def test_a_query_whose_line_is_gone_is_asked_again(desk: Desk, other: Desk) -> None:
    await asyncio.gather(*(desk.rows("SELECT 1") for _ in range(8)))
    await other.store.write(throw_out_others, SYSTEM, None)
    assert await desk.rows("SELECT 1") == [(1,)]


def throw_out_others(tx: Tx) -> None:
    tx.rows(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )


async def test_while_the_server_is_away_it_is_told_and_afterwards_all_goes_on(desk: Desk, postgresql: Server) -> None:
    await desk.take()
    postgresql.stop()
    try:
        with pytest.raises(StoreUnavailable):
            await desk.take()
        with pytest.raises(StoreUnavailable):
            await desk.rows("SELECT 1")
        assert desk.store.writing
    finally:
        postgresql.start()
    async with asyncio.timeout(PATIENCE_S):
        while True:
            try:
                ticket = await desk.take()
                break
            except StoreUnavailable:
                await asyncio.sleep(0.05)
    assert ticket.number == "A002"
    assert await numbers(desk) == ["A001", "A002"]


async def test_a_constraint_that_breaks_at_a_verbs_end_stops_that_verb_and_no_other(desk: Desk) -> None:
    """What gives no rows is sent along with a later statement, and still told to the verb that said it."""

    def twice(tx: Tx) -> None:
        tx.rows("INSERT INTO zone (code, names, position) VALUES ('1F', '{}', 0)")

    works = [desk.take(), desk.store.write(twice, SYSTEM, None), desk.take()]
    answers = await asyncio.gather(*works, return_exceptions=True)
    assert [type(answer).__name__ for answer in answers] == ["Ticket", "ConstraintBroken", "Ticket"]
    assert await numbers(desk) == ["A001", "A002"]


@pytest.mark.parametrize("where", ["before_commit", "after_commit"])
async def test_a_line_that_breaks_in_the_commit_gets_a_true_answer(
    far_desk: Desk, line: BreakableLine, where: str
) -> None:
    told: list[Entry] = []
    far_desk.store.after_commit.append(lambda entries, _reader: told.extend(entries))
    line.cut = "before_commit" if where == "before_commit" else "after_commit"
    ticket = await far_desk.take()
    assert line.broken == 1
    assert ticket.number == "A001"
    assert await numbers(far_desk) == ["A001"]
    assert (await far_desk.take()).number == "A002"
    async with asyncio.timeout(PATIENCE_S):
        while [entry.data["number"] for entry in told] != ["A001", "A002"]:  # noqa: ASYNC110  # told on a thread
            await asyncio.sleep(0.01)
    assert await far_desk.store.read(far_desk.store.foreign) == []


async def test_an_outcome_that_nobody_can_tell_is_told_as_such_and_found_later(
    far_desk: Desk, line: BreakableLine, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writer, "SETTLE_S", 0.3)
    line.cut, line.open = "after_commit", False
    with pytest.raises(OutcomeUnknown):
        await far_desk.take()
    line.open = True
    assert await numbers(desk) == ["A001"]
    # it was not drawn as our own, so it comes as what it is: something that happened meanwhile
    async with asyncio.timeout(PATIENCE_S):
        while True:
            try:
                found = await far_desk.store.read(far_desk.store.foreign)
                break
            except StoreUnavailable:
                await asyncio.sleep(0.05)
    assert [entry.data["number"] for entry in found] == ["A001"]


class Heard:
    """What a relay hands over."""

    def __init__(self) -> None:
        self.entries: list[Entry] = []
        self.came = threading.Event()

    def __call__(self, entries: list[Entry], _reader: Reader) -> None:
        self.entries += entries
        self.came.set()

    async def until(self, number: str) -> None:
        async with asyncio.timeout(PATIENCE_S):
            while number not in self.numbers():
                await asyncio.to_thread(self.came.wait, 1.0)
                self.came.clear()

    def numbers(self) -> list[str]:
        return [entry.data["number"] for entry in self.entries]


@pytest.fixture
def heard() -> Heard:
    return Heard()


@pytest.fixture
async def relay(desk: Desk, heard: Heard) -> AsyncIterator[Relay]:
    """Looks by itself so seldom that only hints can be the reason."""
    opened = Relay(desk.store, heard, look_s=60.0)
    opened.start()
    yield opened
    await asyncio.to_thread(opened.close)


async def test_a_commit_of_another_process_is_heard_at_once_and_ours_in_between(
    desk: Desk, other: Desk, relay: Relay, heard: Heard
) -> None:
    for taker in (other, desk, other, desk):
        await taker.take()
        await heard.until((await numbers(desk))[-1])
    assert heard.numbers() == ["A001", "A002", "A003", "A004"]


async def test_a_lost_hint_heals_at_the_next_look(
    desk: Desk, other: Desk, heard: Heard, monkeypatch: pytest.MonkeyPatch
) -> None:
    relay = Relay(desk.store, heard, look_s=0.2)
    relay.start()
    await desk.take()
    await heard.until("A001")
    monkeypatch.setattr(server_of_store, "CHANNEL", "nobody_listens_here")
    await other.take()
    await heard.until("A002")
    await asyncio.to_thread(relay.close)


async def test_a_relay_whose_line_broke_makes_a_new_one_and_misses_nothing(
    desk: Desk, other: Desk, heard: Heard
) -> None:
    relay = Relay(desk.store, heard, look_s=0.2)
    relay.start()
    await other.take()
    await heard.until("A001")
    await other.store.write(throw_out_others, SYSTEM, None)
    await other.take()
    await heard.until("A002")
    await asyncio.to_thread(relay.close)


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        (PASSWORD, "wrong-" + PASSWORD, "password authentication failed"),
        ("/hall_", "/no_hall_", "does not exist"),
        (PASSWORD, PASSWORD + "@", "not readable"),
        (PASSWORD, "/" + PASSWORD, "not readable"),
    ],
)
def test_what_is_wrong_with_the_address_is_told_without_the_password(
    database: str, before: str, after: str, told: str
) -> None:
    with pytest.raises((SettingsError, StoreUnavailable), match=told) as caught:
        Store(database.replace(before, after)).open()
    assert PASSWORD not in str(caught.value)


def test_a_database_is_named_without_its_password(database: str) -> None:
    place = open_database(database).place
    assert place.startswith("postgresql://hall@127.0.0.1:")
    assert PASSWORD not in place


def test_hall_check_says_that_it_is_well_and_no_password(
    desk: Desk, database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HALL_HUB__DATABASE_URL", database)
    monkeypatch.setenv("HALL_HUB__SECRET_FILE", str(tmp_path / "hall.secret"))
    lines = [result.line() for result in results("en")]
    assert any(line.startswith("✓ database: postgresql://hall@127.0.0.1:") for line in lines), lines
    assert PASSWORD not in "".join(lines)
