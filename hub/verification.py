"""`hall verify`: walks along the whole journal, compares it with its seals, and names what was done to it."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal
from zoneinfo import ZoneInfo

from hub.chain import COLUMNS, Finding, Walk
from hub.clock import hall_day, instant
from hub.journal import RunSql
from hub.seals import Seal, stored_seals, told_seals

#: Entries read at once: the memory needed does not grow with the journal.
AT_ONCE = 2000
#: Entries behind the head that are looked at.
BEYOND_MOST = 20

_NAMES = ", ".join(f"j.{name}" for name in (*COLUMNS, "hash"))
_HEAD = "SELECT seq, hash FROM journal_head WHERE id = 1"
_PAGE = f"SELECT {_NAMES} FROM journal j WHERE j.seq > :seq AND j.seq <= :until ORDER BY j.seq LIMIT :most"
_FIRST = f"SELECT {_NAMES} FROM journal j ORDER BY j.seq LIMIT 1"
# one statement, so that what a running hub commits meanwhile is not taken for a foreign entry
_BEYOND = (
    f"SELECT {_NAMES} FROM journal j WHERE j.seq > (SELECT seq FROM journal_head WHERE id = 1)"
    " ORDER BY j.seq LIMIT :most"
)
_ZONE = "SELECT time_zone FROM hall WHERE id = 1"

SealFindingKind = Literal[
    "rewritten", "sealed_missing", "seals_differ", "not_told", "not_stored", "gap", "forged", "unreadable", "no_file"
]


@dataclass(frozen=True)
class SealFinding:
    """What is wrong with the seal of a day, as stored or as told in the file.

    rewritten       the entry has another hash than it was sealed with: the chain up to it was made anew
    sealed_missing  entries that were sealed are not in the journal
    seals_differ    database and file tell different seals for the same entries
    not_told        the file lacks a seal that the database has, although it has later ones
    not_stored      the database lacks a seal that the file has
    gap             a seal does not begin where the one before it ends: one was taken away
    forged          nobody with the hall's key made it
    unreadable      a line of the file is no seal
    no_file         there are seals, but no file that tells them
    """

    kind: SealFindingKind
    day: str
    seq: int = 0
    text: str = ""


@dataclass(frozen=True)
class Verified:
    """What `verify` found. `told` are the seals of the file; `key_known` tells whether the seals' key was compared."""

    entries: int
    last: int
    unnamed: int
    findings: tuple[Finding, ...]
    seal_findings: tuple[SealFinding, ...]
    stored: tuple[Seal, ...]
    told: tuple[Seal, ...]
    key_known: bool
    zone: ZoneInfo

    @property
    def sound(self) -> bool:
        return not self.findings and not self.seal_findings

    @property
    def sealed(self) -> Seal | None:
        """The newest seal."""
        return max((*self.stored, *self.told), key=lambda seal: seal.last, default=None)

    @property
    def not_sealed(self) -> int:
        """Entries after the newest seal."""
        return max(0, self.last - (self.sealed.last if self.sealed else 0))

    def day(self, at: Any) -> str:
        """The hall day of a stored instant; "?" for what is none."""
        try:
            return hall_day(instant(at), self.zone)
        except (OverflowError, TypeError):
            return "?"


@dataclass
class _Marks:
    """The hashes that entries must have according to the seals."""

    by_seq: dict[int, list[Seal]] = field(default_factory=dict)
    found: list[SealFinding] = field(default_factory=list)

    def compare(self, row: Sequence[Any]) -> None:
        for seal in self.by_seq.pop(row[0], ()):
            if seal.hash != row[-1]:
                self.found.append(SealFinding("rewritten", seal.day, seal.last))

    def left(self) -> list[SealFinding]:
        """Seals whose last entry never came."""
        return [SealFinding("sealed_missing", seals[0].day, seals[0].last) for seals in self.by_seq.values()]


def verify(
    run: RunSql, seals_file: Path | None, key: bytes | None, *, progress: Callable[[int, int], None] | None = None
) -> Verified:
    """Look at everything; beside a running hub too. `progress` hears of entries seen and entries in all.

    Raises OSError when the file cannot be read, and what `run` raises.
    """
    zone = ZoneInfo((run(_ZONE) or [("Asia/Shanghai",)])[0][0])
    stored = stored_seals(run)
    told, found = _read_file(seals_file, stored)
    marks = _Marks()
    for seal in dict.fromkeys([*stored, *told]):
        marks.by_seq.setdefault(seal.last, []).append(seal)
    walk = _walk(run, marks, progress or (lambda _seen, _all: None))
    found += [*_oldest(marks.found), *_oldest(marks.left()), *_compared(stored, told)]
    for origin in (stored, told):
        found += [*_gaps(origin), *_forged(origin, key)]
    return Verified(
        entries=walk.count,
        last=walk.last,
        unnamed=walk.unnamed,
        findings=tuple(walk.findings),
        seal_findings=tuple(dict.fromkeys(found)),
        stored=tuple(stored),
        told=tuple(told),
        key_known=key is not None,
        zone=zone,
    )


def _oldest(found: list[SealFinding]) -> list[SealFinding]:
    """All later ones follow from it."""
    return sorted(found, key=lambda one: one.seq)[:1]


def _walk(run: RunSql, marks: _Marks, progress: Callable[[int, int], None]) -> Walk:
    walk = Walk()
    rows = run(_HEAD)
    head = (int(rows[0][0]), str(rows[0][1])) if rows else None
    until = head[0] if head else 2**62
    first = run(_FIRST)
    seq = min(first[0][0] - 1, 0) if first else 0
    while page := run(_PAGE, seq=seq, until=until, most=AT_ONCE):
        for row in page:
            walk.feed(row)
            marks.compare(row)
        seq = page[-1][0]
        progress(walk.count, until if head else walk.count)
    walk.end(head, run(_BEYOND, most=BEYOND_MOST))
    return walk


def _read_file(path: Path | None, stored: list[Seal]) -> tuple[list[Seal], list[SealFinding]]:
    if path is None or not path.exists():
        return [], [SealFinding("no_file", stored[-1].day, stored[-1].last, str(path))] if stored else []
    told: dict[Seal, None] = {}
    found = []
    for number, text, seal in told_seals(path):
        if seal is None:
            found.append(SealFinding("unreadable", "", number, text))
        else:
            told[seal] = None
    return list(told), found


def _compared(stored: list[Seal], told: list[Seal]) -> Iterator[SealFinding]:
    """What only one of the two has. The newest stored ones may be on their way to the file, or the file is a copy."""
    if not told:
        return
    by_first = {seal.first: seal for seal in stored}
    for seal in told:
        other = by_first.get(seal.first)
        if other is None:
            yield SealFinding("not_stored", seal.day, seal.last)
        elif other != seal:
            yield SealFinding("seals_differ", seal.day, seal.last)
    firsts = {seal.first for seal in told}
    newest = max(firsts)
    for seal in stored:
        if seal.first not in firsts and seal.first < newest:
            yield SealFinding("not_told", seal.day, seal.last)


def _gaps(seals: list[Seal]) -> Iterator[SealFinding]:
    last = 0
    for seal in seals:
        if seal.first != last + 1:
            yield SealFinding("gap", seal.day, seal.first)
        last = seal.last


def _forged(seals: list[Seal], key: bytes | None) -> Iterator[SealFinding]:
    if key is not None:
        yield from (SealFinding("forged", seal.day, seal.last) for seal in seals if not seal.genuine(key))
