"""Seals of finished days and `verify` on a real database, which somebody else has had in their hands."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import create_engine

from hub import migrations
from hub.chain import COLUMNS, GENESIS, entry_hash
from hub.seals import Seal, read_line, seal_next, stored_seals, tell_outside, told_seals
from hub.store import SYSTEM, ConstraintBroken, Reader
from hub.store.connection import Connection
from hub.verification import Verified, verify
from tests.unit.hub.desk import Desk

KEY = b"k" * 32
SHANGHAI = ZoneInfo("Asia/Shanghai")


async def seal(desk: Desk) -> list[Seal]:
    """Everything that can be sealed now, as the hub's step does it."""
    made = []
    while one := await desk.store.write(seal_next, SYSTEM, None, SHANGHAI, KEY):
        made.append(one)
    return made


async def three_days(desk: Desk, file: Path) -> None:
    """Five tickets a day, and each day's seal: entries 1-6, 7-12, 13-18; 19 is the last seal's own and not sealed."""
    for _ in range(3):
        for _ in range(5):
            await desk.take()
        desk.clock.forward(days=1)
        await seal(desk)
    tell_outside(file, (await desk.store.read(_stored)), KEY)


def _stored(reader: Reader) -> list[Seal]:
    return stored_seals(reader.rows)


async def verified(desk: Desk, file: Path | None, key: bytes | None = KEY) -> Verified:
    return await desk.store.read(lambda reader: verify(reader.rows, file, key))


_GUARDS = {
    "sqlite": ("DROP TRIGGER {}_no_update", "DROP TRIGGER {}_no_delete"),
    "postgresql": ("DROP TRIGGER {0}_no_change ON {0}",),
}


@contextmanager
def owner_of(desk: Desk) -> Iterator[Connection]:
    """Somebody who owns the database takes the triggers away and does what they like."""
    with closing(desk.store.database.writer()) as database:
        for table in ("journal", "seal"):
            for statement in _GUARDS[desk.store.dialect]:
                database.run(statement.format(table))
        yield database


def chain_anew(database: Connection) -> None:
    before = GENESIS
    for row in database.run(f"SELECT {', '.join(COLUMNS)} FROM journal ORDER BY seq"):
        before = entry_hash(before, row)
        database.run("UPDATE journal SET hash = :hash WHERE seq = :seq", hash=before, seq=row[0])
    database.run("UPDATE journal_head SET hash = :hash", hash=before)


@pytest.mark.parametrize("statement", ["UPDATE {} SET {} = {}", "DELETE FROM {} WHERE {} = {}"])
@pytest.mark.parametrize(("table", "column"), [("journal", "seq"), ("seal", "first_seq")])
async def test_the_database_refuses_to_change_or_delete(
    desk: Desk, tmp_path: Path, statement: str, table: str, column: str
) -> None:
    await three_days(desk, tmp_path / "seals.txt")
    with closing(desk.store.database.writer()) as database, pytest.raises(ConstraintBroken, match="append-only"):
        database.run(statement.format(table, column, column))


async def test_each_finished_day_is_sealed_once_without_a_gap(desk: Desk) -> None:
    await desk.take()
    assert await seal(desk) == []
    desk.clock.forward(days=3)
    (first,) = await seal(desk)
    assert (first.day, first.first, first.last) == ("2026-03-02", 1, 2)
    await desk.take()
    desk.clock.forward(days=1)
    (second,) = await seal(desk)
    assert (second.day, second.first) == ("2026-03-05", 3)
    assert await seal(desk) == []
    assert first.genuine(KEY)
    assert not first.genuine(b"x" * 32)


async def test_several_days_of_downtime_are_sealed_day_by_day(desk: Desk) -> None:
    for _ in range(3):
        await desk.take()
        desk.clock.forward(days=1)
    assert [one.day for one in await seal(desk)] == ["2026-03-02", "2026-03-03", "2026-03-04"]


async def test_two_processes_that_seal_at_once_make_one_seal(desk: Desk, database: str) -> None:
    other = await Desk.open(database)
    await desk.take()
    for one in (desk, other):
        one.clock.forward(days=1)
    made = [*(await seal(desk)), *(await seal(other))]
    assert len(made) == 1
    other.store.close()


async def test_entries_of_a_clock_that_ran_ahead_are_sealed_with_yesterday(desk: Desk) -> None:
    await desk.take()
    desk.clock.forward(days=400)
    await desk.take()
    await seal(desk)
    desk.clock.forward(days=-399)
    await desk.take()
    made = await seal(desk)
    assert [one.day for one in made] == ["2026-03-02"]
    desk.clock.forward(days=1)
    assert [one.day for one in await seal(desk)] == ["2026-03-03"]
    assert (await verified(desk, None)).not_sealed == 1


async def test_a_sound_journal_is_sound_and_what_is_not_sealed_is_told(desk: Desk, tmp_path: Path) -> None:
    await three_days(desk, tmp_path / "seals.txt")
    found = await verified(desk, tmp_path / "seals.txt")
    assert found.sound
    assert len(found.stored) == len(found.told) == 3
    assert found.not_sealed == 1


MISDEEDS: list[tuple[str, str, int]] = [
    ("UPDATE journal SET who = 'clerk-9' WHERE seq = 4", "changed", 4),
    ("UPDATE journal SET at = at + 1 WHERE seq = 7", "changed", 7),
    ("UPDATE journal SET ticket = NULL WHERE seq = 8", "changed", 8),
    ("UPDATE journal SET data = '{}' WHERE seq = 2", "changed", 2),
    ("UPDATE journal SET hash = '' WHERE seq = 3", "hash_changed", 3),
    ("DELETE FROM journal WHERE seq = 6", "missing", 6),
    ("DELETE FROM journal WHERE seq = 1", "missing", 1),
    ("DELETE FROM journal WHERE seq >= 15", "tail_missing", 15),
    ("UPDATE journal SET seq = -1 WHERE seq = 5", "missing", 5),
    ("UPDATE journal_head SET seq = 30", "tail_missing", 20),
    ("UPDATE journal_head SET hash = 'x'", "head_changed", 19),
    ("DELETE FROM journal_head", "head_missing", 19),
    (
        "INSERT INTO journal SELECT 20, at, who, role, kind, ticket, visit, counter, service, data, hash"
        " FROM journal WHERE seq = 19",
        "inserted",
        20,
    ),
]


@pytest.mark.parametrize(("misdeed", "kind", "seq"), MISDEEDS)
async def test_what_somebody_did_to_the_journal_is_named(
    desk: Desk, tmp_path: Path, misdeed: str, kind: str, seq: int
) -> None:
    await three_days(desk, tmp_path / "seals.txt")
    assert await desk.rows("SELECT seq FROM journal_head") == [(19,)]
    with owner_of(desk) as database:
        database.run(misdeed)
    found = await verified(desk, tmp_path / "seals.txt")
    assert (kind, seq) in [(one.kind, one.seq) for one in found.findings]
    assert not found.sound


async def test_a_chain_made_anew_is_caught_by_the_seals(desk: Desk, tmp_path: Path) -> None:
    await three_days(desk, tmp_path / "seals.txt")
    with owner_of(desk) as database:
        database.run("UPDATE journal SET who = 'clerk-9' WHERE seq = 9")
        chain_anew(database)
    found = await verified(desk, tmp_path / "seals.txt")
    assert found.findings == ()
    assert [(one.kind, one.day) for one in found.seal_findings] == [("rewritten", "2026-03-03")]


async def test_seals_made_anew_too_are_caught_by_the_file_and_by_the_key(desk: Desk, tmp_path: Path) -> None:
    await three_days(desk, tmp_path / "seals.txt")
    with owner_of(desk) as database:
        database.run("UPDATE journal SET who = 'clerk-9' WHERE seq = 9")
        chain_anew(database)
        database.run("UPDATE seal SET hash = (SELECT hash FROM journal WHERE seq = last_seq)")
    kinds = {one.kind for one in (await verified(desk, tmp_path / "seals.txt")).seal_findings}
    assert kinds == {"rewritten", "seals_differ", "forged"}
    assert {one.kind for one in (await verified(desk, None)).seal_findings} == {"no_file", "forged"}
    assert {one.kind for one in (await verified(desk, tmp_path / "seals.txt", None)).seal_findings} == {
        "rewritten",
        "seals_differ",
    }


async def test_sealed_entries_cut_off_with_the_head_are_missed_by_the_seal(desk: Desk, tmp_path: Path) -> None:
    await three_days(desk, tmp_path / "seals.txt")
    with owner_of(desk) as database:
        database.run("DELETE FROM journal WHERE seq > 7")
        database.run("DELETE FROM seal WHERE last_seq > 7")
        database.run("UPDATE journal_head SET seq = 7, hash = (SELECT hash FROM journal WHERE seq = 7)")
    found = await verified(desk, tmp_path / "seals.txt")
    assert found.findings == ()
    assert [(one.kind, one.day) for one in found.seal_findings] == [
        ("sealed_missing", "2026-03-03"),
        ("not_stored", "2026-03-03"),
        ("not_stored", "2026-03-04"),
    ]


def first_line_gone(text: str) -> str:
    lines = text.splitlines(keepends=True)
    return "".join(lines[:1] + lines[2:])


@pytest.mark.parametrize(
    ("change", "kinds"),
    [
        (first_line_gone, {"not_told", "gap"}),
        (lambda text: text.replace("2026-03-03", "2026-03-09"), {"seals_differ", "forged"}),
        (lambda text: text.replace("2026-03-03  ", "2026-03-03 "), {"unreadable", "not_told", "gap"}),
        (lambda text: text + text.splitlines()[-1] + "\n", set()),
        (lambda text: "\n".join(text.splitlines()[:-1]) + "\n", set()),
    ],
)
async def test_what_was_done_to_the_file_is_told(
    desk: Desk, tmp_path: Path, change: Callable[[str], str], kinds: set[str]
) -> None:
    """The same line twice (two processes) and a copy that is older than the database are no faults."""
    file = tmp_path / "seals.txt"
    await three_days(desk, file)
    file.write_text(change(file.read_text(encoding="utf-8")), encoding="utf-8")
    assert {one.kind for one in (await verified(desk, file)).seal_findings} == kinds


async def test_the_file_is_only_ever_added_to_and_forged_seals_do_not_get_in(desk: Desk, tmp_path: Path) -> None:
    file = tmp_path / "deep" / "seals.txt"
    await three_days(desk, file)
    before = file.read_text(encoding="utf-8")
    seals = await desk.store.read(_stored)
    forged = Seal("2026-03-09", 90, 99, "0" * 64).signed(b"x" * 32)
    assert tell_outside(file, [*seals, forged], KEY) == 0
    more = Seal("2026-03-09", 90, 99, "0" * 64).signed(KEY)
    file.write_text(before + "2026-03-05  19-", encoding="utf-8")  # cut off by a power failure
    assert tell_outside(file, [*seals, more], KEY) == 1
    assert file.read_text(encoding="utf-8") == before + "2026-03-05  19-\n" + more.line() + "\n"
    assert [seal for _, _, seal in told_seals(file)] == [*seals, None, more]


def test_a_line_of_the_file_reads_as_it_was_written() -> None:
    seal = Seal("2026-03-02", 1, 5321, "a" * 64).signed(KEY)
    assert read_line(seal.line()) == seal
    assert read_line(seal.line().replace("  5321  ", "  5320  ")) is None
    assert read_line("2026-03-02 ok") is None


async def test_an_older_database_gets_its_chain_when_it_is_opened(tmp_path: Path) -> None:
    desk = await Desk.open(tmp_path / "newer.db")
    for _ in range(5):
        await desk.take()
    desk.store.close()
    engine = create_engine(f"sqlite:///{tmp_path / 'hall.db'}")
    migrations.upgrade(engine, "0006")
    engine.dispose()
    _fill(tmp_path / "hall.db", tmp_path / "newer.db")
    desk = await Desk.open(tmp_path / "hall.db")
    await desk.take()
    found = await verified(desk, None)
    assert (found.sound, found.entries) == (True, 7)
    desk.store.close()


def _fill(older: Path, newer: Path) -> None:
    """What both schemas know of the newer database's rows."""
    with closing(sqlite3.connect(older)) as database:
        database.execute("ATTACH ? AS newer", (str(newer),))
        for (table,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
            names = [row[1] for row in database.execute(f"PRAGMA table_info({table})")]
            known = {row[1] for row in database.execute(f"PRAGMA newer.table_info({table})")}
            shared = ", ".join(name for name in names if name in known)
            if shared and table != "alembic_version":
                database.execute(f"INSERT OR REPLACE INTO {table} ({shared}) SELECT {shared} FROM newer.{table}")
        database.commit()
