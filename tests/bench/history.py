"""Years of visits behind a hall, in SQLite, made by SQLite itself in a minute or two and kept for the next run.

The schema is that of the day: a fresh hall is opened, its tables are filled with indexes taken away meanwhile, and
columns that this file does not know get what a new row would have. Hashes of the journal are made up, so this is no
database for `hall verify`.
"""

import hashlib
import os
import shutil
import sqlite3
import sys
import time
from contextlib import closing
from pathlib import Path

#: Visits on a working day; three million are then three years.
EACH_DAY = 4000
#: Before the Monday that the bench's clock shows, in hall time (UTC+8).
LAST_DAY = "2026-02-27"
_DAY_US = 86_400_000_000

#: One row for each visit: its day, place in the day, service, counter, and moments in stored microseconds.
_PAST = """
CREATE TEMP TABLE past AS
WITH RECURSIVE number(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM number WHERE i + 1 < :visits),
work AS (SELECT row_number() OVER (ORDER BY day DESC) - 1 AS back, day FROM (
    WITH RECURSIVE back(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM back WHERE n < 2 * (:visits / :each) + 14)
    SELECT date(:last, '-' || n || ' days') AS day FROM back
    WHERE strftime('%w', date(:last, '-' || n || ' days')) BETWEEN '1' AND '5'
)),
placed AS (
    SELECT i, i % :each AS k, work.day AS day,
           strftime('%s', work.day) * 1000000 - 8 * 3600000000 + 9 * 3600000000 AS opens
    FROM number JOIN work ON work.back = (:visits - 1) / :each - i / :each
),
served AS (
    SELECT placed.*, pair.service, pair.counter, pair.prefix, pair.pairs,
           opens + k * (7 * 3600000000 / :each) AS issued_at,
           (i * 2654435761) % 1000 AS chance
    FROM placed JOIN pair ON pair.n = placed.k % pair.pairs
)
SELECT i, day, k / pairs + 1 AS serial, service, counter, prefix, issued_at, chance,
       issued_at + 60000000 + chance * 900000 AS called_at,
       issued_at + 75000000 + chance * 900000 AS started_at,
       issued_at + 255000000 + chance * 900000 + (i * 40503) % 420 * 1000000 AS finished_at,
       printf('%011x%012x', issued_at / 1000, i) AS ticket,
       printf('%011x%012x', issued_at / 1000 + 60000 + chance * 900, i) AS visit,
       -- spread over all tokens, so that a new one falls anywhere among them
       printf('%08x%s', i * (4294967296 / :visits), lower(hex(randomblob(12)))) AS token
FROM served
"""

#: A counter for each service that gives numbers, by turns; every service has a prefix of its own.
_PAIR = """
CREATE TEMP TABLE pair AS
SELECT row_number() OVER () - 1 AS n, s.code AS service, s.prefix, min(cs.counter) AS counter, count(*) OVER () AS pairs
FROM service s JOIN counter_service cs ON cs.service = s.code GROUP BY s.code
"""

_SHARED = {"hall": "1", "day": "day", "service": "service", "counter": "counter"}
_NUMBER = "prefix || printf('%03d', serial)"
_MISSED = "chance < 60"
_SEVEN_DAYS_OLD = f"issued_at < (SELECT max(issued_at) FROM past) - 7 * {_DAY_US}"

#: What the tables get, column by column; columns that a table does not have are left out.
_ROWS: dict[str, tuple[str, dict[str, str]]] = {
    "ticket": ("past", {
        **_SHARED, "id": "ticket", "prefix": "prefix", "serial": "serial", "number": _NUMBER, "priority": "'ordinary'",
        "channel": "'kiosk'", "language": "'zh'", "state": f"iif({_MISSED}, 'no_show', 'finished')",
        "rank_at": "issued_at", "issued_at": "issued_at", "issued_by": "'kiosk'", "status_token": "token",
        "visit": "visit", "called_at": "called_at", "started_at": f"iif({_MISSED}, NULL, started_at)",
        "finished_at": "finished_at", "paper": "'printed'", "line": "'s:' || service",
    }),
    "visit": ("past", {
        **_SHARED, "id": "visit", "ticket": "ticket", "clerk": "'clerk-' || counter", "called_at": "called_at",
        "announced": "1", "announced_at": "called_at", "started_at": f"iif({_MISSED}, NULL, started_at)",
        "finished_at": "finished_at", "finished_day": "day", "outcome": f"iif({_MISSED}, 'no_show', 'served')",
    }),
    "call": ("past", {
        "id": "visit", "visit": "visit", "number": _NUMBER, "counter": "counter", "at": "called_at", "times": "1",
        "expires_at": "called_at + 120000000",
    }),
    "invitation": (f"past WHERE NOT {_MISSED}", {"visit": "visit", "at": "finished_at"}),
    "evaluation": (f"past WHERE NOT {_MISSED} AND i % 3", {
        "id": "visit", "visit": "visit", "level": "iif(chance < 900, 'very_satisfied', 'satisfied')",
        "reasons": "'[]'", "channel": "'keypad'", "source": "'citizen'", "at": "finished_at + 9000000",
        "taken_by": "'counter-' || counter", "request_id": "token",
    }),
    "series": ("(SELECT day, prefix, max(serial) AS serial, max(issued_at) AS at FROM past GROUP BY day, prefix)", {
        "hall": "1", "day": "day", "prefix": "prefix", "last": "serial", "last_at": "at",
    }),
}  # fmt: skip

_KINDS = ("ticket_issued", "ticket_called", "visit_finished")
_JOURNAL: dict[str, str] = {
    "seq": ":first + i * 3 + :place", "at": "iif(:place, iif(:place = 1, called_at, finished_at), issued_at)",
    "who": "iif(:place, 'clerk-' || counter, 'kiosk')", "role": "iif(:place, 'clerk', 'kiosk')", "kind": ":kind",
    "ticket": "ticket", "visit": "iif(:place, visit, NULL)", "counter": "iif(:place, counter, NULL)",
    "service": "service", "data": "'{\"number\":\"' || prefix || printf('%03d', serial) || '\"}'",
    "hash": "token || token",
}  # fmt: skip


def hall_with(visits: int, fresh: Path) -> Path:
    """A folder like that of the `fresh` hall, with so many visits in its past; made once for each schema."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "servicehall-bench"
    made = cache / f"{visits}-{_fingerprint(fresh / 'hall.db')}"
    if not made.exists():
        for old in cache.glob(f"{visits}-*"):
            shutil.rmtree(old)
        draft = cache / f"{visits}-draft"
        began = time.perf_counter()
        shutil.copytree(fresh, draft)
        fill(draft / "hall.db", visits)
        draft.rename(made)
        size, took = (made / "hall.db").stat().st_size / 1e9, time.perf_counter() - began
        print(f"{visits:,} visits, {size:.1f} GB, made in {took:.0f} s and kept in {made}", file=sys.stderr)
    return made


def _fingerprint(database: Path) -> str:
    with closing(sqlite3.connect(database)) as connection:
        schema = repr(connection.execute("SELECT sql FROM sqlite_master ORDER BY name").fetchall())
    return hashlib.sha256((schema + Path(__file__).read_text(encoding="utf-8")).encode()).hexdigest()[:12]


def fill(database: Path, visits: int) -> None:
    """Put the past into a database that no hub has open."""
    with closing(sqlite3.connect(database, isolation_level=None)) as connection:
        for pragma in ("journal_mode=OFF", "synchronous=OFF", "foreign_keys=OFF", "cache_size=-2000000"):
            connection.execute(f"PRAGMA {pragma}").fetchall()
        indexes = connection.execute(
            "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql <> ''"
        ).fetchall()
        for name, _ in indexes:
            connection.execute(f"DROP INDEX {name}")
        connection.execute(_PAIR)
        connection.execute(_PAST, {"visits": visits, "each": EACH_DAY, "last": LAST_DAY})
        for table, (source, values) in _ROWS.items():
            connection.execute(_insert(connection, table, values, source))
        _fill_journal(connection)
        for _, sql in indexes:
            connection.execute(sql)
        connection.execute("PRAGMA journal_mode=WAL").fetchall()


def _fill_journal(connection: sqlite3.Connection) -> None:
    """Three entries for each visit, and one seal over all of them."""
    first = connection.execute("SELECT seq FROM journal_head").fetchone()[0] + 1
    insert = _insert(connection, "journal", _JOURNAL, "past")
    for place, kind in enumerate(_KINDS):
        connection.execute(insert, {"first": first, "place": place, "kind": kind})
    last = connection.execute("SELECT max(seq) FROM journal").fetchone()[0]
    hashed = connection.execute("SELECT hash FROM journal WHERE seq = ?", (last,)).fetchone()[0]
    connection.execute("UPDATE journal_head SET seq = ?, hash = ?", (last, hashed))
    seal = {"day": f"'{LAST_DAY}'", "first_seq": "1", "last_seq": "seq", "count": "seq", "hash": "hash"}
    connection.execute(_insert(connection, "seal", seal, "journal_head"))


def _insert(connection: sqlite3.Connection, table: str, values: dict[str, str], source: str) -> str:
    """INSERT … SELECT: known columns as told, unknown ones empty, or zero where nothing may be missing."""
    chosen = {}
    for _, name, kind, needed, default, _ in connection.execute(f"PRAGMA table_info({table})"):
        if name in values:
            chosen[name] = values[name]
        elif needed and default is None:
            chosen[name] = "''" if "CHAR" in kind.upper() else "0"
    return f"INSERT INTO {table} ({', '.join(chosen)}) SELECT {', '.join(chosen.values())} FROM {source}"
