"""Years of visits in a hall of 60 counters: a month's figures and a year's assessment, on both databases.

The newest `IMPORTED` visits come by `hall import visits`, which is timed; the others are put into its table directly.
"""

import asyncio
import random
import resource
import sqlite3
import time
from collections.abc import Awaitable, Callable, Iterable, Iterator
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import psycopg

from hub.assessment.results import computed, question
from hub.assessment.shelf import our_schemes
from hub.clock import instant, micros
from hub.figures.groups import By, key_of
from hub.figures.rollup import KEPT, keep, look_through, next_to_build, sums_by
from hub.figures.rows import Floor, Span
from hub.figures.tables import Kind, figures
from hub.imports.loading import Import
from hub.imports.visits import VISITS
from hub.keys import new_keys
from hub.queue.seed import seed
from hub.settings import Settings, settings_from
from hub.store import SYSTEM, Reader, Store
from tests.bench.table import fact
from tests.postgresql import find_binaries, running_server

ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
LAST_DAY = date(2026, 2, 27)
EACH_DAY = 4000
COUNTERS, SERVICES, DEPARTMENTS = 60, 24, 12
IMPORTED = 100_000
LEVELS = ("very_satisfied",) * 80 + ("satisfied",) * 12 + ("basically_satisfied",) * 4 + ("dissatisfied",) * 4
MONTH = Span(date(2026, 1, 1), date(2026, 1, 31))
TIMES = 5

HEADER = "number,service,department,counter,clerk,channel,issued_at,called_at,started_at,finished_at,outcome,level"


def history(visits: int) -> Iterator[dict[str, Any]]:
    """Working days back from the last one, about 4,000 visits each; instants are stored microseconds."""
    chance = random.Random(1)
    day, left = LAST_DAY, visits
    while left > 0:
        if day.weekday() < 5:
            opens = micros(datetime(day.year, day.month, day.day, 9, tzinfo=ZONE))
            yield from (_visit(day.isoformat(), opens, n, chance) for n in range(min(EACH_DAY, left)))
            left -= EACH_DAY
        day -= timedelta(days=1)


def _visit(day: str, opens: int, n: int, chance: random.Random) -> dict[str, Any]:
    service = n % SERVICES
    counter = service + SERVICES * chance.randrange(COUNTERS // SERVICES + 1)
    counter = counter if counter < COUNTERS else service
    issued = opens + n * 25_200_000_000 // EACH_DAY
    called = issued + chance.randrange(2400) * 1_000_000
    started = called + chance.randrange(5, 40) * 1_000_000
    missed = chance.random() < 0.06
    return {
        "number": f"S{service}-{n // SERVICES:03d}",
        "service": f"S{service}",
        "department": f"D{service % DEPARTMENTS}",
        "counter": f"C{counter}",
        "clerk": f"clerk-{counter}",
        "channel": "kiosk",
        "day": day,
        "issued_at": issued,
        "called_at": called,
        "started_at": None if missed else started,
        "finished_at": started + chance.randrange(60, 900) * 1_000_000,
        "outcome": "no_show" if missed else "served",
        "level": chance.choice(LEVELS) if not missed and chance.random() < 0.6 else None,
    }


def write_csv(path: Path, rows: Iterable[dict[str, Any]]) -> None:
    names = HEADER.split(",")
    with path.open("w", encoding="utf-8") as file:
        file.write(HEADER + "\n")
        for row in rows:
            told = row | {name: _told(row[name]) for name in names if name.endswith("_at")}
            file.write(",".join("" if told[name] is None else str(told[name]) for name in names) + "\n")


def _told(at: int | None) -> str | None:
    return None if at is None else instant(at).astimezone(ZONE).isoformat()


def put_in(url: str, rows: Iterable[dict[str, Any]]) -> None:
    """Straight into the table, under an import that is published."""
    run = "INSERT INTO import_run VALUES ('bulk', 'visits', 'bulk', '', 0, 0, {}, 0, 0, 'bench')"
    if url.startswith("sqlite"):
        with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as database:
            for pragma in ("synchronous=OFF", "cache_size=-500000"):
                database.execute(f"PRAGMA {pragma}")
            database.execute(run.format("1"))
            marks = ", ".join("?" * len(_COLUMNS))
            database.executemany(f"INSERT INTO past_visit ({', '.join(_COLUMNS)}) VALUES ({marks})", map(_stored, rows))
            database.execute(_MARK)
            database.commit()
        return
    with psycopg.connect(url.replace("+psycopg", "")) as database:
        database.execute(run.format("true"))
        with database.cursor().copy(f"COPY past_visit ({', '.join(_COLUMNS)}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(_stored(row))
        database.execute(_MARK)


_COLUMNS = (
    "number", "service", "department", "counter", "clerk", "channel", "day", "issued_at", "called_at", "started_at",
    "finished_at", "outcome", "level", "id", "imported", "made_by", "made_at", "priority", "purpose", "reasons",
    "finished_day", "level_source",
)  # fmt: skip
_MARK = """
INSERT INTO figure_day (day, built_at) SELECT DISTINCT day, CAST(NULL AS BIGINT) FROM past_visit WHERE true
ON CONFLICT (day) DO UPDATE SET built_at = NULL
"""


def _stored(row: dict[str, Any]) -> tuple[Any, ...]:
    key = f"{row['issued_at']}@{row['called_at']}@{row['number']}"
    source = "citizen" if row["level"] else None
    return (*row.values(), key, "bulk", "bench", 0, "", "", "[]", row["day"], source)


async def figures_bench(folder: Path, visits: int) -> None:
    file = folder / "visits.csv"
    await asyncio.to_thread(write_csv, file, islice(history(visits), IMPORTED))
    await _on("SQLite", f"sqlite:///{folder / 'figures.db'}", file, visits)
    if find_binaries() is None:
        fact("no PostgreSQL on this machine", "sudo apt install postgresql")
        return
    with running_server() as server:
        await _on("PostgreSQL", server.empty_database(), file, visits)


async def _on(name: str, url: str, file: Path, visits: int) -> None:
    settings = settings_from({}, origin="bench")
    with closing(Store(url, now=lambda: NOW)) as store:
        store.open()
        await store.write(seed, SYSTEM, None, settings)
        await _timed(
            f"{name}: hall import visits, {min(visits, IMPORTED):,} rows",
            lambda: Import(store, settings, new_keys(), SYSTEM, lambda *told: None).take(file, (VISITS,), create=True),
        )
        await asyncio.to_thread(put_in, url, islice(history(visits), IMPORTED, None))
        await _kept(name, store)
        await _month(name, store)
        await _year(name, store, settings)


async def _timed(name: str, work: Callable[[], Awaitable[Any]]) -> Any:
    began = time.perf_counter()
    done = await work()
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    fact(name, f"{time.perf_counter() - began:8.2f} s {most:8.0f} MB at most so far")
    return done


async def _kept(name: str, store: Store) -> None:
    floor = Floor(ZONE, micros(NOW))
    began, longest, days = time.perf_counter(), 0.0, 0
    while await store.write(look_through, SYSTEM, None, floor):
        pass
    while built := await store.read(next_to_build, floor, "2026-03-02"):
        writes = time.perf_counter()
        await store.write(keep, SYSTEM, None, floor, built)
        longest, days = max(longest, time.perf_counter() - writes), days + 1
    took = time.perf_counter() - began
    fact(f"{name}: {days} days summed up; longest write", f"{took:8.2f} s {longest * 1000:8.1f} ms")


async def _month(name: str, store: Store) -> None:
    asked: tuple[tuple[Kind, tuple[By, ...]], ...] = (
        ("waits", ("counter", "service")),
        ("satisfaction", ("counter", "service")),
        ("satisfaction", ("clerk", "day")),
        ("arrivals", ("weekday", "hour")),
    )
    for kind, by in asked:
        kept = await _best(store, lambda reader, kind=kind, by=by: _figures(reader, kind, by))  # type: ignore[misc]
        rows = await _best(store, lambda reader, kind=kind, by=by: _from_rows(reader, kind, by))  # type: ignore[misc]
        told = f"{kept * 1000:8.1f} ms {rows * 1000:8.1f} ms {rows / kept:8.1f} ×"
        fact(f"{name}: {kind} of a month by {','.join(by)}: kept, rows", told)


async def _best(store: Store, query: Callable[[Reader], Any]) -> float:
    times = []
    for _ in range(TIMES):
        began = time.perf_counter()
        await store.read(query)
        times.append(time.perf_counter() - began)
    return sorted(times)[TIMES // 2]


def _figures(reader: Reader, kind: Kind, by: tuple[By, ...]) -> Any:
    return figures(reader.rows, Floor(ZONE, micros(NOW)), kind, MONTH.first, MONTH.last, by, limit_s=1800)


_SUMS = {"waits": "waits", "satisfaction": "answers", "arrivals": "arrivals"}


def _from_rows(reader: Reader, kind: Kind, by: tuple[By, ...]) -> Any:
    """Plain SQL over the rows, summed up: what the kept sums must equal."""
    floor, name, key = Floor(ZONE, micros(NOW)), _SUMS[kind], key_of(by)
    found: dict[Any, Any] = {}
    for place, values in KEPT[name].facts(reader.rows, floor, MONTH):
        found.setdefault(key(place), KEPT[name].sums()).take(*values)
    answered = sums_by(reader.rows, floor, MONTH, name, by, key)
    assert {group: sums.stored() for group, sums in found.items()} == {
        group: sums.stored() for group, sums in answered.items()
    }
    return found


async def _year(name: str, store: Store, settings: Settings) -> None:
    for code, period in (("star", "2025"), ("luzhou", "2025"), ("star", "2026-01")):
        asked = question(our_schemes()[code], period)

        def score(reader: Reader, asked: Any = asked) -> Any:
            return computed(reader.rows, asked, settings.calendar, now=reader.now)

        found = await _timed(f"{name}: hall assess {code} {period}", lambda score=score: store.read(score))  # type: ignore[misc]
        fact(f"{name}: units", f"{len(found.units):8d}")
