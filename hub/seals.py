"""Daily seals of the journal 每日封存: the newest hash of a finished hall day, stored and told outside the database.

Who owns the database can compute the whole hash chain anew; the seals written elsewhere cannot be changed with it,
and without the hall's secret key nobody can make one. A seal covers every entry after the seal before it, up to the
first entry of a later day: seals never leave a gap.
"""

import hashlib
import hmac
import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import BigInteger
from sqlmodel import Field, SQLModel

from hub.clock import day_span, instant, micros
from hub.journal import RunSql
from hub.settings import Settings, data_folder
from hub.store import Rank, Tx, in_turn

_HEAD_LINE = (
    "# Hall: daily seals of the journal · 流水每日封存: day 日期  entries 条目  count 条数  hash 哈希  seal 封印\n"
)
_LINE = re.compile(
    r"(?P<day>\d{4}-\d\d-\d\d)  (?P<first>\d+)-(?P<last>\d+)  (?P<count>\d+)"
    r"  (?P<hash>[0-9a-f]{64})  (?P<mac>[0-9a-f]{64})"
)


class SealRow(SQLModel, table=True):
    """The seal of one hall day; never changed. `mac` is HMAC-SHA-256 with the hall's key over the rest."""

    __tablename__ = "seal"

    first_seq: int = Field(primary_key=True, sa_type=BigInteger)
    last_seq: int = Field(sa_type=BigInteger)
    day: str
    count: int = Field(sa_type=BigInteger)
    hash: str
    mac: str
    sealed_at: int = Field(sa_type=BigInteger)


@dataclass(frozen=True)
class Seal:
    """Entries `first` to `last` belong to `day`; `hash` is that of the last one."""

    day: str
    first: int
    last: int
    hash: str
    mac: str = ""

    @property
    def count(self) -> int:
        return self.last - self.first + 1

    @property
    def fact(self) -> str:
        """What the key vouches for."""
        return f"{self.day}  {self.first}-{self.last}  {self.count}  {self.hash}"

    def line(self) -> str:
        return f"{self.fact}  {self.mac}"

    def signed(self, key: bytes) -> "Seal":
        return Seal(self.day, self.first, self.last, self.hash, _mac(key, self.fact))

    def genuine(self, key: bytes) -> bool:
        """Whether somebody who has the key made it."""
        return hmac.compare_digest(self.mac, _mac(key, self.fact))


def _mac(key: bytes, fact: str) -> str:
    return hmac.new(key, fact.encode(), hashlib.sha256).hexdigest()


_LOCK_HEAD = "SELECT seq, hash FROM journal_head WHERE id = 1 /* FOR UPDATE */"
_LAST_SEALED = "SELECT coalesce(max(last_seq), 0) FROM seal"
_ENTRY_AT = "SELECT at FROM journal WHERE seq = :seq"
_FIRST_IN = "SELECT seq FROM journal WHERE seq > :seq AND at >= :first AND at < :until ORDER BY seq LIMIT 1"
_HASH_AT = "SELECT hash FROM journal WHERE seq = :seq"
_ALL = "SELECT day, first_seq, last_seq, hash, mac FROM seal ORDER BY first_seq"
_NEVER = 2**62


@in_turn(Rank.SLOW)
def seal_next(tx: Tx, zone: ZoneInfo, key: bytes) -> Seal | None:
    """Seal the oldest finished day that has unsealed entries; None when there is none. On any process, once.

    A day is sealed twice only when the clock was set back over its end; entries from the future (a clock that ran
    ahead) are sealed with yesterday.
    """
    head, _ = tx.rows(_LOCK_HEAD)[0]
    before = tx.rows(_LAST_SEALED)[0][0]
    first = tx.rows(_ENTRY_AT, seq=before + 1)
    if not first:
        return None
    today = tx.now.astimezone(zone).date()
    day = instant(first[0][0]).astimezone(zone).date()
    if day == today:
        return None
    ahead = day > today
    if ahead:
        day = today - timedelta(days=1)
    until = day_span(today, today, zone)[1] if ahead else _NEVER
    later = tx.rows(_FIRST_IN, seq=before, first=day_span(day, day, zone)[1], until=until)
    last = later[0][0] - 1 if later else head
    return _store(tx, Seal(day.isoformat(), before + 1, last, tx.rows(_HASH_AT, seq=last)[0][0]).signed(key))


def _store(tx: Tx, seal: Seal) -> Seal:
    tx.insert(
        SealRow(
            day=seal.day,
            first_seq=seal.first,
            last_seq=seal.last,
            count=seal.count,
            hash=seal.hash,
            mac=seal.mac,
            sealed_at=micros(tx.now),
        )
    )
    tx.record("journal_sealed", day=seal.day, first=seal.first, last=seal.last, hash=seal.hash)
    return seal


def stored_seals(run: RunSql) -> list[Seal]:
    """All seals of the database, oldest first."""
    return [Seal(*row) for row in run(_ALL)]


# -- the file outside the database


def seals_path(settings: Settings) -> Path:
    """As configured, else beside the SQLite file, else in the user's data folder."""
    if settings.hub.seals_file:
        return Path(settings.hub.seals_file)
    url = settings.hub.database_url
    if url.startswith("sqlite:///"):
        database = Path(url.removeprefix("sqlite:///"))
        return database.with_name(f"{database.stem}.seals.txt")
    return data_folder() / "hall.seals.txt"


def read_line(line: str) -> Seal | None:
    """The seal of one line of the file; None for what is no seal."""
    found = _LINE.fullmatch(line.strip())
    if found is None:
        return None
    seal = Seal(found["day"], int(found["first"]), int(found["last"]), found["hash"], found["mac"])
    return seal if seal.count == int(found["count"]) else None


def told_seals(path: Path) -> Iterator[tuple[int, str, Seal | None]]:
    """Number, text and seal of every line that is not a comment. Raises OSError."""
    with path.open(encoding="utf-8", errors="replace") as file:
        for number, line in enumerate(file, 1):
            if line.strip() and not line.startswith("#"):
                yield number, line.rstrip("\n"), read_line(line)


def tell_outside(path: Path, seals: Iterable[Seal], key: bytes) -> int:
    """Append to the file what it does not have yet, and have it on the disk; how many lines. Raises OSError.

    Lines are never changed, and a seal that nobody with the key made is not told. Two processes that tell the same
    day at once write the same line twice, which is harmless.
    """
    told = _told_until(path, key) if path.exists() else 0
    lines = [f"{seal.line()}\n" for seal in seals if seal.last > told and seal.genuine(key)]
    if not lines:
        return 0
    path.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
    try:
        fresh = os.fstat(handle).st_size == 0
        text = ("" if fresh else "\n" * _torn(path)) + (_HEAD_LINE if fresh else "") + "".join(lines)
        os.write(handle, text.encode())
        os.fsync(handle)
    finally:
        os.close(handle)
    return len(lines)


def _told_until(path: Path, key: bytes) -> int:
    return max((seal.last for _, _, seal in told_seals(path) if seal and seal.genuine(key)), default=0)


def _torn(path: Path) -> bool:
    """Whether the last line was cut off by a full disk or a power failure; it is told again on a line of its own."""
    with path.open("rb") as file:
        file.seek(-1, os.SEEK_END)
        return file.read(1) != b"\n"
