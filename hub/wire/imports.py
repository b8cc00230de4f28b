"""Imports by upload as they cross a process."""

from typing import Literal

from pydantic import AwareDatetime, Field

from hub.wire.message import Message

ImportState = Literal["checking", "loading", "done", "refused"]


class BadLineTold(Message):
    """Line 1 is the header."""

    line: int
    reason: str


class ImportTold(Message):
    """How far an upload has come. `percent` of its state; `bad` counts all bad lines, `bad_lines` are the first."""

    id: str
    kind: str
    file: str
    by: str
    begun_at: AwareDatetime
    state: ImportState
    percent: int = 0
    rows: int = 0
    register_name: str | None = None
    created: dict[str, list[str]] = Field(default_factory=dict)
    reason: str | None = None
    bad: int = 0
    bad_lines: list[BadLineTold] = Field(default_factory=list)


class PastImport(Message):
    """An import that was published, by upload or by command."""

    id: str
    register_name: str
    file: str
    rows: int
    sha256: str
    by: str
    at: AwareDatetime


class Imports(Message):
    """`now`: uploads of this process, newest first; `past`: what was taken, newest first."""

    now: list[ImportTold]
    past: list[PastImport]
