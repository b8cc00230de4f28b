"""Logs: one line a fact on standard error, `time level logger message key=value …`. No personal data goes in."""

import logging
import sys
from datetime import UTC, datetime
from typing import ClassVar


class FactFormatter(logging.Formatter):
    """Appends the `extra` fields of a record, so that messages stay constant and searchable."""

    _own: ClassVar[frozenset[str]] = frozenset(vars(logging.makeLogRecord({}))) | {
        "message",
        "asctime",
        "color_message",
    }

    def format(self, record: logging.LogRecord) -> str:
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        facts = "".join(f" {key}={value!r}" for key, value in vars(record).items() if key not in self._own)
        line = f"{at} {record.levelname.lower()} {record.name} {record.getMessage()}{facts}"
        return f"{line}\n{self.formatException(record.exc_info)}" if record.exc_info else line


def log_to_stderr(level: int = logging.INFO) -> None:
    """For a process of ours; called once at its start."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(FactFormatter())
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for noisy in ("httpx", "httpcore", "alembic", "uvicorn.access", "websockets"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
