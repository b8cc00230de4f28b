"""佐证材料: files beside the database, each under its SHA-256; a picture or a PDF, by its content and not its name."""

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path

from hub.problems import Invalid, Unknown
from hub.settings import Settings
from hub.store import database_folder

MOST_BYTES = 5_000_000
#: How the files begin that are taken.
_BEGINS = {"image/jpeg": b"\xff\xd8\xff", "image/png": b"\x89PNG\r\n\x1a\n", "application/pdf": b"%PDF-"}


@dataclass(frozen=True)
class Attachment:
    """A file that may be kept."""

    body: bytes
    media_type: str

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.body).hexdigest()


def attachment(body: bytes) -> Attachment:
    """Raises Invalid for what is too long or neither JPEG, PNG nor PDF."""
    if len(body) > MOST_BYTES:
        raise Invalid("body", f"最多 {MOST_BYTES // 1_000_000} MB · at most {MOST_BYTES // 1_000_000} MB")
    for media_type, begin in _BEGINS.items():
        if body.startswith(begin):
            return Attachment(body, media_type)
    raise Invalid("body", "JPEG | PNG | PDF")


def evidence_folder(settings: Settings) -> Path:
    """As configured, else `evidence` beside the database."""
    if settings.assessment.evidence_folder:
        return Path(settings.assessment.evidence_folder)
    return database_folder(settings.hub.database_url) / "evidence"


def keep(folder: Path, file: Attachment) -> None:
    """Written whole or not at all; a second time changes nothing. Raises OSError."""
    place = _place(folder, file.sha256)
    if place.exists():
        return
    place.parent.mkdir(parents=True, exist_ok=True)
    written = place.with_suffix(f".{os.getpid()}.new")
    with written.open("wb") as out:
        out.write(file.body)
        out.flush()
        os.fsync(out.fileno())
    written.replace(place)


def kept(folder: Path, sha256: str) -> bytes:
    """The file, checked against its hash. Raises Unknown when it is gone or was changed."""
    try:
        body = _place(folder, sha256).read_bytes()
    except OSError:
        body = b""
    if hashlib.sha256(body).hexdigest() != sha256:
        raise Unknown("evidence", sha256[:12])
    return body


def _place(folder: Path, sha256: str) -> Path:
    return folder / sha256[:2] / sha256
