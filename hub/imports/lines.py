"""A CSV file as a stream: UTF-8 with or without BOM, the header on line 1, however many lines."""

import csv
import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from hub.problems import BadLine

if TYPE_CHECKING:
    from hashlib import _Hash

#: One cell of a register is never longer; a file without line ends must not fill the memory.
CELL_MOST = 100_000
_BOM = b"\xef\xbb\xbf"
_NOT_UTF8 = re.compile("[\udc80-\udcff]")


@dataclass
class Lines:
    """Reads a file once. `read_bytes` says how far it has come, `sha256` what was read once it is at the end."""

    path: Path
    size: int = 0
    read_bytes: int = 0
    _digest: "_Hash" = field(default_factory=hashlib.sha256)

    def __post_init__(self) -> None:
        self.size = self.path.stat().st_size

    @property
    def sha256(self) -> str:
        return self._digest.hexdigest()

    def __iter__(self) -> Iterator[tuple[int, list[str] | BadLine]]:
        """Line number and cells of every line that is not blank; the last of them is a BadLine where CSV ends."""
        reader = csv.reader(self._text(), strict=True)
        while True:
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                yield reader.line_num, BadLine(reader.line_num, f"不是有效的 CSV：{error}", f"not valid CSV: {error}")
                return
            if any(cell.strip() for cell in cells):
                yield reader.line_num, cells

    def _text(self) -> Iterator[str]:
        """Bytes that are not UTF-8 become lone surrogates, which `not_utf8` finds: the line can still be named."""
        csv.field_size_limit(CELL_MOST)
        with self.path.open("rb") as file:
            for number, raw in enumerate(file):
                self._digest.update(raw)
                self.read_bytes += len(raw)
                line = raw.removeprefix(_BOM) if number == 0 else raw
                yield line.decode("utf-8", errors="surrogateescape")


def not_utf8(cells: list[str]) -> bool:
    return any(_NOT_UTF8.search(cell) for cell in cells)
