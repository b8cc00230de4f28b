"""One hub process a SQLite file: the second one is refused and told who holds it."""

import os
import sys
from pathlib import Path
from types import TracebackType
from typing import IO


class AlreadyServed(Exception):
    """Another hub serves this database; the text names it."""


class Hold:
    """A lock beside the database file for as long as the hub runs; the system lets go of it even after a crash."""

    def __init__(self, database: Path, *, served_at: str) -> None:
        self._path = database.with_name(database.name + ".hub")
        self._served_at = served_at
        self._file: IO[str] | None = None

    def __enter__(self) -> "Hold":
        self._path.parent.mkdir(parents=True, exist_ok=True)
        file = self._path.open("a+", encoding="utf-8")
        try:
            _lock(file)
        except OSError:
            file.seek(0)
            holder = file.read().strip() or "another process"
            file.close()
            raise AlreadyServed(
                f"{self._path.with_suffix('')}: already served by {holder}; stop that hub first"
                f" / 数据库已被另一个大厅服务占用（{holder}），请先停止它"
            ) from None
        file.truncate(0)
        file.write(f"hall hub, process {os.getpid()}, {self._served_at}\n")
        file.flush()
        self._file = file
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._file:
            self._file.close()


if sys.platform == "win32":
    import msvcrt

    def _lock(file: IO[str]) -> None:
        # locks a byte far behind the text, so that the holder's name stays readable
        file.seek(4096)
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        file.seek(0)

else:
    import fcntl

    def _lock(file: IO[str]) -> None:
        fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
