"""Logs: facts, on standard error for whoever looks, and as JSON lines in files that are kept long enough.

网络安全法 第二十三条(三) (2025): network logs are kept for at least six months, which is up to 184 days. A file a day,
`hub-2026-03-02.jsonl`, deleted when its time is over. The journal is no log and never deleted.
No personal data goes in; what looks like an ID or telephone number is taken out, should a library put one in.
"""

import json
import logging
import re
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

#: 18-digit ID numbers (GB 11643, the last may be X), 15-digit old ones, mobile numbers with or without +86.
_PERSONAL = re.compile(r"(?<![0-9A-Za-z])(?:[1-9]\d{16}[0-9Xx]|[1-9]\d{14}|(?:\+?86[- ]?)?1[3-9]\d{9})(?![0-9A-Za-z])")
#: Fields whose value is never written, whatever it looks like.
_SECRET_FIELDS = frozenset({"password", "token", "authorization", "cookie", "phone", "id_number", "comment"})
REDACTED = "[redacted]"


def redacted(text: str) -> str:
    """Without what looks like an ID or telephone number."""
    return _PERSONAL.sub(REDACTED, text)


def _safe(key: str, value: Any) -> Any:
    if key in _SECRET_FIELDS:
        return REDACTED
    return redacted(value) if isinstance(value, str) else value


class _Facts(logging.Formatter):
    """The `extra` fields of a record are facts, so that messages stay constant and searchable."""

    _own: ClassVar[frozenset[str]] = frozenset(vars(logging.makeLogRecord({}))) | {
        "message",
        "asctime",
        "color_message",
    }

    def facts(self, record: logging.LogRecord) -> dict[str, Any]:
        return {key: _safe(key, value) for key, value in vars(record).items() if key not in self._own}

    def at(self, record: logging.LogRecord) -> str:
        return datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")

    def trouble(self, record: logging.LogRecord) -> str:
        return redacted(self.formatException(record.exc_info)) if record.exc_info else ""


class FactFormatter(_Facts):
    """`time level logger message key=value …`, for people."""

    def format(self, record: logging.LogRecord) -> str:
        facts = "".join(f" {key}={value!r}" for key, value in self.facts(record).items())
        message = redacted(record.getMessage())
        line = f"{self.at(record)} {record.levelname.lower()} {record.name} {message}{facts}"
        trouble = self.trouble(record)
        return f"{line}\n{trouble}" if trouble else line


class JsonFormatter(_Facts):
    """One JSON object a line, for programs; facts stand beside `at`, `level`, `logger` and `message`."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "at": self.at(record),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": redacted(record.getMessage()),
            **self.facts(record),
        }
        trouble = self.trouble(record)
        whole = {**line, "exception": trouble} if trouble else line
        return json.dumps(whole, ensure_ascii=False, separators=(",", ":"), default=str)


class DayFiles(logging.Handler):
    """A file a day for one program, in a folder that several programs may share. Days follow `zone`."""

    def __init__(
        self,
        folder: Path,
        program: str,
        *,
        keep_days: int,
        zone: ZoneInfo,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        super().__init__()
        self.folder = folder
        self.keep_days = keep_days
        #: Why the last line could not be written; empty since one could.
        self.trouble = ""
        self._program = program
        self._zone = zone
        self._now = now
        self._day = ""
        self.setFormatter(JsonFormatter())

    def emit(self, record: logging.LogRecord) -> None:
        try:
            today = self._now().astimezone(self._zone).date()
            if today.isoformat() != self._day:
                self.folder.mkdir(parents=True, exist_ok=True)
                self._forget(today - timedelta(days=self.keep_days))
                self._day = today.isoformat()
            # opened for each line: facts are few, and a file that somebody moved away is made again
            with (self.folder / f"{self._program}-{self._day}.jsonl").open("a", encoding="utf-8") as file:
                file.write(self.format(record) + "\n")
        except OSError as error:
            # standard error has the line; the folder's trouble is told by `hall check` and to the managers
            self._day, self.trouble = "", f"{self.folder}: {error.strerror or error}"
        else:
            self.trouble = ""

    def _forget(self, oldest: date) -> None:
        """Files of this program from before that day are deleted."""
        for path in self.folder.glob(f"{self._program}-????-??-??.jsonl"):
            if path.name < f"{self._program}-{oldest.isoformat()}":
                path.unlink()


def log_to_stderr(level: int = logging.INFO) -> None:
    """For a process of ours; called once at its start."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(FactFormatter())
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for noisy in ("httpx", "httpcore", "alembic", "uvicorn.access", "websockets"):
        logging.getLogger(noisy).setLevel(logging.WARNING)


def log_to_folder(folder: Path | str, program: str, *, keep_days: int, zone: ZoneInfo) -> None:
    """Keep the logs too; an empty folder's name means: do not. Called once, after `log_to_stderr`."""
    if folder:
        logging.getLogger().addHandler(DayFiles(Path(folder), program, keep_days=keep_days, zone=zone))


def files_trouble() -> str:
    """Why logs are not being kept in this process; empty when all is well, or nobody asked for files."""
    found = (handler.trouble for handler in logging.getLogger().handlers if isinstance(handler, DayFiles))
    return next((trouble for trouble in found if trouble), "")
