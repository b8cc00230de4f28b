"""Registers to look at: departments, counters, who works where, posts with their stand-ins."""

from typing import Any

from hub.journal import RunSql
from hub.problems import Unknown
from hub.staff.tables import SEEN
from hub.wire import RegisterRows

#: More rows than this are not shown; `more` says so.
ROWS_MOST = 2000
_LISTS: dict[str, tuple[tuple[str, ...], str]] = {
    "departments": (("code", "name", "historical"), "FROM department ORDER BY historical, code"),
    "counters": (("code", "label", "department"), "FROM counter ORDER BY code"),
    "staff": (
        (
            "clerk",
            "department",
            "counter",
            "rank",
            "established",
            "chief_representative",
            "valid_from",
            "valid_to",
        ),
        f"FROM staff WHERE {SEEN} ORDER BY department, clerk, valid_from",
    ),
    "posts": (
        ("post", "department", "counter", "clerk", "stand_ins", "valid_from", "valid_to"),
        f"FROM post WHERE {SEEN} ORDER BY department, post, valid_from",
    ),
}


def register_rows(run: RunSql, kind: str) -> RegisterRows:
    """Raises Unknown."""
    if kind not in _LISTS:
        raise Unknown("register", kind)
    columns, source = _LISTS[kind]
    rows = run(f"SELECT {', '.join(columns)} {source} LIMIT :most", most=ROWS_MOST + 1)
    return RegisterRows(kind=kind, rows=[_told(columns, row) for row in rows[:ROWS_MOST]], more=len(rows) > ROWS_MOST)


def _told(columns: tuple[str, ...], row: Any) -> dict[str, str | bool]:
    told = zip(columns, row, strict=True)
    flags = ("historical", "established", "chief_representative")
    return {name: bool(value) if name in flags else str(value) for name, value in told if value not in (None, "")}
