"""Statements are written once; this turns them into what PostgreSQL reads. Pure."""

import re
from dataclasses import dataclass
from functools import lru_cache

_PIECES = re.compile(
    r"""
      (?P<text>   '(?:[^']|'')*' )
    | (?P<name>   "(?:[^"]|"")*" )
    | (?P<lock>   /\*\s*FOR\s+UPDATE(?P<rest>\s+[A-Z][^*]*?)?\s*\*/ )
    | (?P<remark> /\*.*?\*/ | --[^\n]* )
    | (?P<cast>   :: )
    | :(?P<value> [A-Za-z_][A-Za-z0-9_]* )
    """,
    re.VERBOSE | re.DOTALL,
)


_WRITES = re.compile(r"\s*(?:INSERT|UPDATE|DELETE)\b")
_ROWS = re.compile(r"\bRETURNING\b")


@dataclass(frozen=True)
class Statement:
    """`sql` with `$1`, `$2` … and the names of the values in that order; `silent` when it gives no rows."""

    sql: str
    names: tuple[str, ...]
    silent: bool = False


@lru_cache(maxsize=2048)
def for_postgresql(sql: str, *, locking: bool) -> Statement:
    """`:name` becomes `$1`; the comment `/* FOR UPDATE … */` a lock when `locking`, and stays a comment otherwise.

    The lock is FOR NO KEY UPDATE: what a verb changes is never a key, and rows that point here need not wait.
    """
    names: dict[str, int] = {}

    def piece(found: re.Match[str]) -> str:
        if found["value"]:
            return f"${names.setdefault(found['value'], len(names) + 1)}"
        if found["lock"] and locking:
            return f"FOR NO KEY UPDATE{found['rest'] or ''}"
        return found[0]

    translated = _PIECES.sub(piece, sql)
    silent = bool(_WRITES.match(sql)) and not _ROWS.search(sql)
    return Statement(translated, tuple(names), silent)
