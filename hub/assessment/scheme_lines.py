"""Where something stands in a scheme's file: TOML readers keep no line numbers. Pure."""

import re
from dataclasses import dataclass, field

_HEADER = re.compile(r"^\s*(\[\[?)\s*([\w.]+)\s*\]\]?")
_KEY = re.compile(r'^\s*"?([\w-]+)"?(?:\s*\.|\s*=)')


@dataclass
class Lines:
    """Line numbers, from 1: of each table (`item`, 3) = its fourth [[item]], and of the keys inside it."""

    tables: dict[tuple[str, int], int] = field(default_factory=dict)
    keys: dict[tuple[str, int, str], int] = field(default_factory=dict)

    def of(self, table: str, index: int = 0, key: str = "") -> int:
        """The key's line, else its table's, else 1."""
        return self.keys.get((table, index, key), self.tables.get((table, index), 1))


def lines_of(text: str) -> Lines:
    found, seen = Lines(), dict[str, int]()
    table, index = "", 0
    for number, line in enumerate(text.splitlines(), 1):
        header, key = _HEADER.match(line), _KEY.match(line)
        if header:
            table = header[2]
            index = seen.get(table, 0)
            seen[table] = index + 1
            found.tables[(table, index)] = number
        elif key:
            found.keys.setdefault((table, index, key[1]), number)
    return found
