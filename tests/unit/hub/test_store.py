"""The store: one transaction for many verbs, each failing alone; answers after the commit; safe retries."""

import asyncio
import sqlite3
from pathlib import Path

import pytest

from hub.journal import Entry
from hub.once import forget_keys
from hub.problems import HallError, KeyReused, NotAllowed, StoreUnavailable
from hub.queue import tickets
from hub.store import SYSTEM, ConstraintBroken, DatabaseFailed, Once, Reader, Store, Tx
from hub.wire import IssueTicket, Ticket
from tests.unit.hub.desk import KIOSK, NOON, Desk


def add_zone(tx: Tx, code: str) -> None:
    tx.rows("INSERT INTO zone (code, names, position) VALUES (:code, '{}', 0)", code=code)


def add_zone_and_fail(tx: Tx, code: str) -> None:
    add_zone(tx, code)
    raise NotAllowed(state="test", zh="不", en="no")


async def test_a_verb_that_is_refused_leaves_nothing_and_spoils_no_other(desk: Desk) -> None:
    works = [
        desk.store.write(add_zone, SYSTEM, None, "one"),
        desk.store.write(add_zone_and_fail, SYSTEM, None, "two"),
        desk.store.write(add_zone, SYSTEM, None, "three"),
    ]
    answers = await asyncio.gather(*works, return_exceptions=True)
    assert [type(answer) for answer in answers] == [type(None), NotAllowed, type(None)]
    assert await desk.rows("SELECT code FROM zone WHERE code <> '1F' ORDER BY code") == [("one",), ("three",)]


async def test_a_broken_constraint_spoils_no_other_verb(desk: Desk) -> None:
    works = [desk.store.write(add_zone, SYSTEM, None, code) for code in ("one", "one", "two")]
    answers = await asyncio.gather(*works, return_exceptions=True)
    assert sum(isinstance(answer, ConstraintBroken) for answer in answers) == 1
    assert await desk.rows("SELECT count(*) FROM zone") == [(3,)]


async def test_an_entry_that_cannot_be_written_stops_its_verb_and_not_the_writer(desk: Desk) -> None:
    def records_nonsense(tx: Tx) -> None:
        add_zone(tx, "nonsense")
        tx.record("ticket_printed", thing=object())

    works = [desk.store.write(records_nonsense, SYSTEM, None), desk.store.write(add_zone, SYSTEM, None, "sound")]
    answers = await asyncio.gather(*works, return_exceptions=True)
    assert [type(answer) for answer in answers] == [StoreUnavailable, type(None)]
    assert await desk.rows("SELECT code FROM zone WHERE code <> '1F'") == [("sound",)]
    assert desk.store.writing


async def test_what_waits_is_committed_together(desk: Desk) -> None:
    before = desk.store.commits
    await asyncio.gather(*(desk.take() for _ in range(50)))
    assert desk.store.commits - before < 25


@pytest.mark.sqlite
async def test_an_answer_comes_after_its_commit(desk: Desk) -> None:
    ticket = await desk.take()
    with sqlite3.connect(desk.store.path) as other:
        assert other.execute("SELECT number FROM ticket WHERE id = ?", (ticket.id,)).fetchall() == [("A001",)]
    other.close()


@pytest.mark.sqlite
async def test_a_locked_database_refuses_with_a_sentence_and_loses_nothing(desk: Desk) -> None:
    blocker = sqlite3.connect(desk.store.path, isolation_level=None)
    await desk.store.write(lambda tx: tx.rows("PRAGMA busy_timeout=50"), SYSTEM, None)
    blocker.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreUnavailable, match="locked"):
        await desk.take()
    blocker.execute("ROLLBACK")
    blocker.close()
    assert (await desk.take()).number == "A001"


@pytest.mark.sqlite
async def test_a_full_disk_refuses_and_works_again_when_there_is_room(desk: Desk) -> None:
    await desk.take()
    pages = (await desk.rows("PRAGMA page_count"))[0][0]
    await desk.store.write(lambda tx: tx.rows(f"PRAGMA max_page_count={pages}"), SYSTEM, None)
    with pytest.raises(StoreUnavailable, match="full"):
        await asyncio.gather(*(desk.take() for _ in range(400)))
    await desk.store.write(lambda tx: tx.rows("PRAGMA max_page_count=1000000"), SYSTEM, None)
    ticket = await desk.take()
    numbers = [row[0] for row in await desk.rows("SELECT number FROM ticket ORDER BY serial")]
    assert numbers[-1] == ticket.number
    assert len(set(numbers)) == len(numbers) == int(ticket.number[1:])


async def test_ids_and_time_are_fixed_when_a_verb_is_submitted(desk: Desk) -> None:
    seen: list[tuple[str, str]] = []

    def verb(tx: Tx) -> None:
        seen.append((tx.new_id(), tx.new_secret()))
        if len(seen) == 1:
            raise DatabaseFailed("disk I/O error")

    other = desk.store.write(add_zone, SYSTEM, None, "beside")
    await asyncio.gather(desk.store.write(verb, SYSTEM, None), other, return_exceptions=True)
    if len(seen) == 2:
        assert seen[0] == seen[1]
    assert len(set(seen[0])) == 2


def once(body: str = "same", key: str = "key-1") -> Once:
    return Once("kiosk POST /tickets", key, body, Ticket)


async def take_once(desk: Desk, once: Once) -> Ticket:
    return await desk.store.write(tickets.issue, KIOSK, once, desk.hall, IssueTicket(service="A"))


async def test_the_same_key_gives_the_same_ticket(desk: Desk) -> None:
    first = await take_once(desk, once())
    desk.clock.forward(minutes=5)
    assert await take_once(desk, once()) == first
    assert await desk.rows("SELECT count(*) FROM ticket") == [(1,)]


async def test_the_same_key_in_flight_twice_is_done_once(desk: Desk) -> None:
    one, two = await asyncio.gather(take_once(desk, once()), take_once(desk, once()))
    assert one == two
    assert await desk.rows("SELECT count(*) FROM ticket") == [(1,)]


async def test_the_same_key_with_another_body_is_refused(desk: Desk) -> None:
    await take_once(desk, once())
    with pytest.raises(KeyReused):
        await take_once(desk, once(body="another"))


async def test_a_key_is_forgotten_after_a_day(desk: Desk) -> None:
    first = await take_once(desk, once())
    desk.clock.forward(hours=25)
    assert (await take_once(desk, once())).id != first.id


async def test_keys_past_their_time_are_let_go_of(desk: Desk) -> None:
    await take_once(desk, once(key="old"))
    desk.clock.forward(hours=23)
    await take_once(desk, once(key="fresh"))
    desk.clock.forward(hours=2)
    await desk.store.write(forget_keys, SYSTEM, None)
    assert await desk.rows("SELECT key FROM idempotency") == [("fresh",)]


async def test_a_key_survives_a_restart(database: str) -> None:
    desk = await Desk.open(database)
    first = await take_once(desk, once())
    desk.store.close()
    desk = await Desk.open(database)
    assert await take_once(desk, once()) == first
    desk.store.close()


async def test_a_refusal_is_not_kept(desk: Desk) -> None:
    bad = IssueTicket(service="X")
    with pytest.raises(HallError):
        await desk.store.write(tickets.issue, KIOSK, once(), desk.hall, bad)
    assert (await take_once(desk, once())).number == "A001"


async def test_listeners_hear_committed_entries_only_and_a_failing_one_stops_nothing(desk: Desk) -> None:
    heard: list[str] = []

    def fails(entries: list[Entry], reader: Reader) -> None:
        raise RuntimeError("a listener's own trouble")

    def listens(entries: list[Entry], reader: Reader) -> None:
        heard.extend(entry.kind for entry in entries)

    desk.store.after_commit += [fails, listens]
    await desk.take()
    with pytest.raises(HallError):
        await desk.take("X")
    await desk.take()
    desk.store.close()
    assert heard == ["ticket_issued", "ticket_issued"]


async def test_migrations_run_twice_change_nothing(desk: Desk) -> None:
    from alembic.autogenerate import compare_metadata
    from alembic.runtime.migration import MigrationContext
    from sqlmodel import SQLModel

    from hub import migrations

    migrations.upgrade(desk.store.engine)
    with desk.store.engine.connect() as connection:
        differences = compare_metadata(MigrationContext.configure(connection), SQLModel.metadata)
    assert differences == []


async def test_the_days_first_instant_is_the_stores_time(desk: Desk) -> None:
    assert (await desk.take()).issued_at == NOON


def test_another_database_than_sqlite_is_refused_by_name() -> None:
    from hub.settings import SettingsError
    from hub.store import database_path

    with pytest.raises(SettingsError, match="mysql"):
        database_path("mysql://x")


async def test_a_closed_store_has_written_everything_it_was_given(database: str) -> None:
    desk = await Desk.open(database)
    works = [asyncio.ensure_future(desk.take()) for _ in range(20)]
    await asyncio.gather(*works)
    desk.store.close()
    again = Store(database)
    again.open()
    assert await again.read(lambda reader: reader.rows("SELECT count(*) FROM ticket")) == [(20,)]
    again.close()


async def test_entries_of_other_processes_are_seen_once_and_our_own_never(database: str) -> None:
    desk, other = await Desk.open(database), await Desk.open(database)
    await desk.store.read(desk.store.foreign)
    for taker in (desk, other, desk, other, desk):
        await taker.take()
    seen = await desk.store.read(desk.store.foreign)
    assert [entry.data["number"] for entry in seen] == ["A002", "A004"]
    assert await desk.store.read(desk.store.foreign) == []
    await other.take()
    assert [entry.data["number"] for entry in await desk.store.read(desk.store.foreign)] == ["A006"]
    for one in (desk, other):
        one.store.close()


async def test_verbs_that_come_in_one_turn_of_the_loop_are_one_transaction(desk: Desk) -> None:
    before = desk.store.commits
    await asyncio.gather(*(desk.store.write(add_zone, SYSTEM, None, f"z{n}") for n in range(20)))
    assert desk.store.commits == before + 1


async def test_a_store_that_closes_finishes_what_was_asked_in_the_same_turn(tmp_path: Path) -> None:
    store = Store(tmp_path / "hall.db", now=lambda: NOON)
    store.open()
    asked = asyncio.ensure_future(store.write(add_zone, SYSTEM, None, "last"))
    await asyncio.sleep(0)
    store.close()
    async with asyncio.timeout(10):
        await asked
