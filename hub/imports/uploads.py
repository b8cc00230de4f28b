"""Imports by upload: kept beside the database while they are read, told how far they are, gone afterwards.

An import reads and checks millions of lines: it has a thread of its own with a loop of its own, so that the hall
never waits for it. What is known of it here is forgotten with the process; what was published stands in the database.
"""

import asyncio
import logging
import secrets
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import ClassVar

from hub.imports.loading import Import, Imported
from hub.imports.shelf import BY_COMMAND
from hub.keys import Keys
from hub.problems import BadLine, BadLines, HallError, Invalid, Unknown
from hub.settings import Settings
from hub.store import Store, Who, database_folder
from hub.wire import BadLineTold, ImportState, ImportTold, Language

log = logging.getLogger("hall.imports")

MOST_BYTES = 2_000_000_000
#: Bad lines that are told at once; all of them are in the file to download.
TOLD_MOST = 200
#: Uploads that are remembered.
KEPT = 50
#: A file that a killed process left behind is taken away after so long.
LEFT_S = 86_400.0
_PREFIX = "upload-"


@dataclass
class Upload:
    """One file. Changed by its own thread, read by the edges."""

    id: str
    kind: str
    file: str
    who: Who
    begun_at: datetime
    state: ImportState = "checking"
    done: int = 0
    whole: int = 0
    rows: int = 0
    taken: Imported | None = None
    problem: HallError | None = None

    @property
    def bad(self) -> list[BadLine]:
        return self.problem.lines if isinstance(self.problem, BadLines) else []

    def told(self, language: Language) -> ImportTold:
        bad = self.bad
        return ImportTold(
            id=self.id,
            kind=self.kind,
            file=self.file,
            by=self.who.name,
            begun_at=self.begun_at,
            state=self.state,
            percent=100 if self.state == "done" else 100 * self.done // max(self.whole, 1),
            rows=self.taken.rows if self.taken else self.rows,
            register_name=self.taken.register if self.taken else None,
            created=self.taken.created if self.taken else {},
            reason=self.problem.sentence(language) if self.problem and not bad else None,
            bad=len(bad),
            bad_lines=[BadLineTold(line=one.line, reason=_reason(one, language)) for one in bad[:TOLD_MOST]],
        )


class Stopped(HallError):
    """The hub goes down; nothing of the file was taken."""

    code = "store_unavailable"
    sentences: ClassVar[dict[Language, str]] = {
        "zh": "服务器正在停止，没有导入任何内容，请稍后重新上传。",
        "en": "The server is stopping and nothing was taken; upload the file again in a moment.",
    }


@dataclass
class Uploads:
    """The uploads of this process."""

    settings: Settings
    store: Store
    keys: Keys
    _known: dict[str, Upload] = field(default_factory=dict)
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)
    _stopping: bool = False

    def begin(self, kind: str, file: str, who: Who, path: Path, *, create: bool) -> Upload:
        """Read the file, which is deleted at the end. Raises Unknown (kind)."""
        must_be_known(kind)
        upload = Upload(secrets.token_hex(8), kind, file, who, self.store.now())
        self._known[upload.id] = upload
        for old in list(self._known)[:-KEPT]:
            if self._known[old].state in ("done", "refused"):
                del self._known[old]
        task = asyncio.create_task(asyncio.to_thread(self._read, upload, path, create))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return upload

    def one(self, upload: str) -> Upload:
        """Raises Unknown."""
        if upload not in self._known:
            raise Unknown("import", upload)
        return self._known[upload]

    def newest_first(self) -> list[Upload]:
        return list(reversed(self._known.values()))

    async def close(self) -> None:
        """What is still being read is given up; nothing of it stays."""
        self._stopping = True
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _read(self, upload: Upload, path: Path, create: bool) -> None:
        def progress(step: str, done: int, whole: int, rows: int) -> None:
            if self._stopping:
                raise Stopped
            upload.state = "loading" if step == "load" else "checking"
            upload.done, upload.whole, upload.rows = done, whole, rows

        work = Import(self.store, self.settings, self.keys, upload.who, progress, name=upload.file)
        problem: HallError | None = HallError()
        try:
            upload.taken = asyncio.run(work.take(path, BY_COMMAND[upload.kind], create=create))
            problem = None
        except HallError as error:
            problem = error
        except OSError as error:
            log.error("an upload could not be read", extra={"kind": upload.kind, "error": str(error)})
        finally:
            upload.problem = problem
            upload.state = "refused" if problem else "done"
            path.unlink(missing_ok=True)


def must_be_known(kind: str) -> None:
    """Raises Unknown."""
    if kind not in BY_COMMAND:
        raise Unknown("import", kind)


async def keep(settings: Settings, body: AsyncIterator[bytes]) -> Path:
    """The body as a file beside the database. Raises Invalid for one that is too long, OSError."""
    folder = database_folder(settings.hub.database_url)
    await asyncio.to_thread(_tidy, folder)
    with tempfile.NamedTemporaryFile(prefix=_PREFIX, suffix=".csv", dir=folder, delete=False) as file:
        path = Path(file.name)
        size = 0
        try:
            async for piece in body:
                size += len(piece)
                if size > MOST_BYTES:
                    raise Invalid("body", f"> {MOST_BYTES} bytes")
                await asyncio.to_thread(file.write, piece)
        except BaseException:
            await asyncio.to_thread(path.unlink, missing_ok=True)
            raise
    return path


def _tidy(folder: Path) -> None:
    for left in folder.glob(f"{_PREFIX}*.csv"):
        with suppress(OSError):  # another process may be at it too
            if time.time() - left.stat().st_mtime > LEFT_S:
                left.unlink()


def _reason(bad: BadLine, language: Language) -> str:
    return bad.zh if language == "zh" else bad.en
