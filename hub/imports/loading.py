"""A whole import: checked, loaded, published; or nothing of it stays."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hub.assessment.shelf import schemes
from hub.calendar.reading import load_plan
from hub.cases.daily import day_rules
from hub.cases.deadlines import DayRules
from hub.imports import verbs
from hub.imports.cells import Context, Unfit
from hub.imports.checking import Faults, Key, Progress, check, good_lines, register_of
from hub.imports.findings import CLOSED, CLOSED_PERIODS, SCHEMES
from hub.imports.lines import Lines
from hub.imports.names import KnownNames, load_names
from hub.imports.register import Register, Rows
from hub.imports.shelf import TABLES
from hub.keys import Keys
from hub.persons.rules import id_number
from hub.persons.safe import Safe
from hub.problems import BadLine, BadLines
from hub.settings import Settings
from hub.store import Reader, Store, Who

#: Rows of one piece: some milliseconds of the writer.
PIECE = 500


@dataclass(frozen=True)
class Imported:
    """What an import brought; `created` are the names that only history knows, by kind."""

    register: str
    rows: int
    created: dict[str, list[str]]


@dataclass(frozen=True)
class Import:
    """One file on its way into the hall's registers. Between two pieces everybody else has their turn."""

    store: Store
    settings: Settings
    keys: Keys
    who: Who
    progress: Progress
    name: str = ""
    """What the file is called, where it lies under another name."""

    async def take(self, path: Path, registers: tuple[Register, ...], *, create: bool = False) -> Imported:
        """Raises BadLines, NotAllowed (another import is at work), StoreUnavailable, OSError."""
        register = register_of(Lines(path), registers)
        await self._discard_lost()
        run = await self.store.write(verbs.begin, self.who, None, register, self.name or path.name)
        try:
            return await self._taken(path, register, run, create)
        except BaseException:
            await self._discard(run, register.tables)
            raise

    async def _taken(self, path: Path, register: Register, run: str, create: bool) -> Imported:
        names = await self.store.read(lambda reader: load_names(reader.rows, create=create))
        context = await self.store.read(self._context, names)
        lines = Lines(path)
        count = await check(register, lines, context, self._stored, self.progress)
        if not register.key:
            await self.store.write(verbs.must_be_new, self.who, None, register, lines.sha256)
        again = Lines(path)
        try:
            days = await self._load(register, again, context, run, count)
        except Unfit as unfit:
            raise _changed() from unfit
        if again.sha256 != lines.sha256:
            raise _changed()
        await self.store.write(verbs.publish, self.who, None, register, run, count, lines.sha256, names.missing, days)
        return Imported(register.name, count, {kind: sorted(new) for kind, new in names.missing.items() if new})

    def _context(self, reader: Reader, names: KnownNames) -> Context:
        plan = load_plan(reader.rows, self.settings.calendar)
        safe = Safe(self.keys)
        known: dict[str, DayRules] = {}

        def rules(service: str) -> DayRules:
            if service not in known:
                known[service] = day_rules(plan, service, self.settings.cases)
            return known[service]

        def hashed(person: str) -> str:
            return safe.hash(id_number(person) or person)

        closed = reader.rows(CLOSED_PERIODS)
        return Context(
            plan.zone,
            names,
            hashed,
            {"rules": rules, SCHEMES: schemes(self.settings.assessment.schemes), CLOSED: closed},
        )

    async def _load(self, register: Register, lines: Lines, context: Context, run: str, count: int) -> set[str]:
        """The hall days that the rows name."""
        piece: Rows = []
        days: set[str] = set()
        done = 0
        for _, values in good_lines(register, lines, context, Faults()):
            rows = register.rows(values, context)
            days.update(rows[0][1][name] for name in register.days if rows[0][1][name])
            piece += rows
            done += 1
            if len(piece) >= PIECE:
                await self._piece(run, piece)
                self.progress("load", done, count, done)
                piece = []
        await self._piece(run, piece)
        self.progress("load", count, count, done)
        return days

    async def _piece(self, run: str, piece: Rows) -> None:
        began = time.monotonic()
        await self.store.write(verbs.load, self.who, None, run, piece)
        # a running hub waits for the same lock: it gets as much time as this took
        await asyncio.sleep(min(time.monotonic() - began, 0.05))

    async def _stored(self, register: Register, keys: Sequence[Key]) -> set[Key]:
        return await self.store.read(_stored, register, keys)

    async def _discard_lost(self) -> None:
        for run, kind in await self.store.write(verbs.lost_runs, self.who, None):
            if kind in TABLES:
                await self._discard(run, TABLES[kind])

    async def _discard(self, run: str, tables: tuple[str, ...]) -> None:
        left = True
        while left:
            left = await self.store.write(verbs.discard, self.who, None, run, tables)


def _changed() -> BadLines:
    return BadLines(
        [BadLine(1, "文件在导入过程中被改动，请重新导入", "the file was changed meanwhile; import it again")]
    )


def _stored(reader: Reader, register: Register, keys: Sequence[Key]) -> set[Key]:
    place = register.key.index(register.probed)
    asked: dict[str, Any] = {
        f"p{number}": key[place] for number, key in enumerate({key[place]: key for key in keys}.values())
    }
    names = ", ".join(register.key)
    among = ", ".join(f":{name}" for name in asked)
    rows = reader.rows(f"SELECT {names} FROM {register.table} WHERE {register.probed} IN ({among})", **asked)
    return {tuple(row) for row in rows}
