"""Files for their owner's eyes only: written whole, never half, and not readable by others."""

import contextlib
import os
import secrets
import stat
import sys
from pathlib import Path

_OTHERS_MAY = stat.S_IRWXG | stat.S_IRWXO


def create_once(path: Path, text: str) -> None:
    """Write the file if there is none; when another process was first, its file stays. Raises OSError.

    It is written under another name and then linked: nobody ever reads a half of it.
    """
    draft = _draft(path, text)
    try:
        with contextlib.suppress(FileExistsError):
            os.link(draft, path)
    finally:
        draft.unlink()


def replace(path: Path, text: str) -> None:
    """Write the file in place of the old one, whole or not at all. Raises OSError."""
    draft = _draft(path, text)
    try:
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def others_may_read(path: Path) -> bool:
    """Whether anybody but the owner may read it (on Windows the folder's rules decide). Raises OSError."""
    return sys.platform != "win32" and bool(path.stat().st_mode & _OTHERS_MAY)


def _draft(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
    except OSError:
        draft.unlink()
        raise
    return draft
