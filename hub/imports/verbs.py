"""An import as the database sees it: begun, loaded in pieces that nobody sees, published by one flag, or taken away."""

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from sqlmodel import SQLModel

from hub.clock import micros
from hub.figures.rollup import mark
from hub.imports.register import Register, Rows
from hub.migrations.tables import ALL
from hub.problems import NotAllowed
from hub.staff.tables import DepartmentRow, HistoricRow, ImportRunRow
from hub.store import Rank, Tx, in_turn

#: A run that has not moved for so long has lost its program.
LOST_AFTER_S = 600
#: Rows taken away at once.
DISCARD_MOST = 500

_RUNNING = "SELECT id, kind, touched_at FROM import_run WHERE NOT published"
_TAKEN = "SELECT file, begun_at FROM import_run WHERE published AND kind = :kind AND sha256 = :sha256"
_PUBLISH = "UPDATE import_run SET published = :yes, rows = :count, loaded = :count, sha256 = :sha256 WHERE id = :run"


def begin(tx: Tx, register: Register, file: str) -> str:
    """The new import's id. Raises NotAllowed while another one is at work; a lost one must be discarded first."""
    tx.alone("import")
    for _, kind, touched_at in tx.rows(_RUNNING):
        if abs(micros(tx.now) - touched_at) < LOST_AFTER_S * 1_000_000:
            raise NotAllowed(
                state="importing",
                zh=f"另一个导入（{kind}）正在进行，请稍后再试。",
                en=f"another import ({kind}) is at work; try again when it is done.",
            )
    now = micros(tx.now)
    run = tx.new_id()
    tx.insert(
        ImportRunRow(
            id=run,
            kind=register.name,
            file=file,
            sha256="",
            rows=0,
            begun_at=now,
            touched_at=now,
            begun_by=tx.who.name,
        )
    )
    return run


def must_be_new(tx: Tx, register: Register, sha256: str) -> None:
    """For rows that nothing names: the same file is taken once. Raises NotAllowed."""
    for file, _ in tx.rows(_TAKEN, kind=register.name, sha256=sha256):
        raise NotAllowed(
            state="imported",
            zh=f"内容相同的文件已导入过（{file}）。",
            en=f"a file with the same content has been imported ({file}).",
        )


def lost_runs(tx: Tx) -> list[tuple[str, str]]:
    """Id and kind of imports whose program is gone."""
    oldest = micros(tx.now) - LOST_AFTER_S * 1_000_000
    return [(run, kind) for run, kind, touched_at in tx.rows(_RUNNING) if touched_at < oldest]


@in_turn(Rank.SLOW)
def load(tx: Tx, run: str, rows: Rows) -> None:
    """One piece; it counts from the moment the import is published."""
    origin = {"imported": run, "made_at": micros(tx.now), "made_by": tx.who.name}
    by_table: dict[str, list[dict[str, Any]]] = {}
    for table, row in rows:
        by_table.setdefault(table, []).append({**_defaults(table), **_own_id(tx, table), **row, **origin})
    for table, stored in by_table.items():
        tx.many(_insert(table), [{name: row.get(name) for name in _columns(table)} for row in stored])
    moved = "UPDATE import_run SET touched_at = :now, loaded = loaded + :count WHERE id = :run"
    tx.rows(moved, now=micros(tx.now), count=len(rows), run=run)


def publish(
    tx: Tx, register: Register, run: str, count: int, sha256: str, missing: Mapping[str, set[str]], days: Iterable[str]
) -> None:
    """From now on everybody sees the rows, and the names that only history knows; figures of `days` are made anew."""
    mark(tx, days)
    for code in sorted(missing["department"]):
        tx.insert(DepartmentRow(code=code, name=code, historical=True))
    for kind in ("counter", "clerk", "service"):
        for code in sorted(missing[kind]):
            tx.insert(HistoricRow(kind=kind, code=code))
    tx.rows(_PUBLISH, yes=True, count=count, sha256=sha256, run=run)
    created = {kind: len(codes) for kind, codes in missing.items() if codes}
    tx.record("register_imported", register=register.name, rows=count, sha256=sha256, run=run, created=created)


@in_turn(Rank.SLOW)
def discard(tx: Tx, run: str, tables: tuple[str, ...]) -> bool:
    """Take away some of the rows of an import that will not be published; whether more are left."""
    for table in tables:
        key = _key(table)
        some = f"SELECT {key} FROM {table} WHERE imported = :run LIMIT {DISCARD_MOST}"
        if tx.rows(f"DELETE FROM {table} WHERE imported = :run AND {key} IN ({some}) RETURNING 1", run=run):
            return True
    tx.rows("DELETE FROM import_run WHERE id = :run AND NOT published", run=run)
    return False


# --- tables by name --------------------------------------------------------------------------------------------------


def _own_id(tx: Tx, table: str) -> dict[str, str]:
    """Rows whose key is an id of ours get one here."""
    return {"id": tx.new_id()} if _key(table) == "id" else {}


@cache
def _models() -> dict[str, type[SQLModel]]:
    return {str(model.__tablename__): model for model in ALL}


@cache
def _columns(table: str) -> tuple[str, ...]:
    return tuple(column.name for column in SQLModel.metadata.tables[table].columns)


@cache
def _key(table: str) -> str:
    return next(iter(SQLModel.metadata.tables[table].primary_key.columns)).name


@cache
def _defaults(table: str) -> Mapping[str, Any]:
    fields = _models()[table].model_fields
    return {name: field.default for name, field in fields.items() if not field.is_required()}


@cache
def _insert(table: str) -> str:
    names = _columns(table)
    return f"INSERT INTO {table} ({', '.join(names)}) VALUES ({', '.join(f':{name}' for name in names)})"
