"""The journal's hash chain 哈希链, pure: the hash of an entry, and what a walk along the chain finds wrong.

An entry's hash is SHA-256 over one JSON array: the hash of the entry before it (64 zeros before the first), then
seq, at (UTC microseconds), who, role, kind, ticket, visit, counter, service and data (the stored text, as a string).
The array is written without spaces, in ASCII (`\\uXXXX` for everything else), so that any program can compute it again.
"""

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

#: Stands in the place of a hash before the first entry.
GENESIS = "0" * 64
COLUMNS = ("seq", "at", "who", "role", "kind", "ticket", "visit", "counter", "service", "data")
#: So many broken entries are looked at closely; more of them are counted.
LOOKED_AT_MOST = 20

# what no column should hold (bytes, say) still has a hash, which fits nothing
_encode = json.JSONEncoder(ensure_ascii=True, separators=(",", ":"), default=repr).encode

FindingKind = Literal[
    "missing", "inserted", "changed", "hash_changed", "moved", "tail_missing", "head_changed", "head_missing"
]


def entry_hash(before: str, content: Sequence[Any]) -> str:
    """The hash of an entry whose values are `content`, in the order of COLUMNS."""
    return hashlib.sha256(_encode([before, *content]).encode()).hexdigest()


@dataclass(frozen=True)
class Finding:
    """What is wrong with entry `seq`, or with all from `seq` to `last`; `at` is the time nearest to it, if known.

    missing       entries are not there; the one after them cannot be checked
    inserted      an entry stands where none belongs, or behind the newest one
    changed       content and hash differ: it was changed, or the one before it was replaced together with its hash
    hash_changed  the hash itself was changed; the content is sound
    moved         the entry that belongs at `belongs` stands here
    tail_missing  the newest entries are not there
    head_changed  the head row does not carry the hash of the newest entry
    head_missing  there is no head row
    """

    kind: FindingKind
    seq: int
    last: int
    at: Any = None
    belongs: int = 0


@dataclass(frozen=True)
class _Broken:
    """An entry whose hash does not fit: as it stands, what it should follow, and what its hash should be."""

    content: tuple[Any, ...]
    stored: str
    before: str
    computed: str

    @property
    def seq(self) -> int:
        return int(self.content[0])

    def finding(self, kind: FindingKind, belongs: int = 0) -> Finding:
        return Finding(kind, self.seq, self.seq, self.content[1], belongs)


@dataclass
class Walk:
    """Goes along the chain, one entry after the other; what it finds is in `findings`, the rest is counted.

    Feed it every row up to the head (COLUMNS and then the hash), ordered by seq, then call `end` once.
    """

    findings: list[Finding] = field(default_factory=list)
    unnamed: int = 0
    count: int = 0
    last: int = 0
    before: str = GENESIS
    _doubted: _Broken | None = None
    _broken: list[_Broken] = field(default_factory=list)
    _after_gap: bool = False

    def feed(self, row: Sequence[Any]) -> None:
        """The next entry. The newest hash is in `before` afterwards."""
        content, stored = tuple(row[:-1]), row[-1]
        seq = content[0]
        if not isinstance(seq, int) or seq <= self.last:
            self._find(Finding("inserted", self.last, self.last, content[1]))
            return
        if seq != self.last + 1:
            self._settle()
            self._find(Finding("missing", self.last + 1, seq - 1, content[1]))
            self._after_gap = True
        self._compare(content, stored)
        self.last, self.before = seq, stored
        self.count += 1

    def end(self, head: tuple[int, str] | None, beyond: Sequence[Sequence[Any]] = ()) -> list[Finding]:
        """The findings, once the last row up to the head was fed; `beyond` are rows that stand behind the head."""
        if head is None:
            self._settle()
            self._find(Finding("head_missing", self.last, self.last))
            head = (self.last, self.before)
        if head[0] > self.last:
            self._settle()
            self._find(Finding("tail_missing", self.last + 1, head[0]))
        else:
            self._end_at(head[1])
        for row in beyond:
            seq = row[0] if isinstance(row[0], int) else self.last
            self._find(Finding("inserted", seq, seq, row[1]))
        self.findings += _explained(self._broken)
        self.findings.sort(key=lambda finding: finding.seq)
        return self.findings

    def _compare(self, content: tuple[Any, ...], stored: str) -> None:
        computed = entry_hash(self.before, content)
        if computed == stored or self._after_gap:
            # after a gap nothing can be said: the hash that the entry follows is lost with the missing ones
            self._settle()
        elif self._doubted and entry_hash(self._doubted.computed, content) == stored:
            self._find(self._doubted.finding("hash_changed"))
            self._doubted = None
        else:
            self._settle()
            self._doubted = _Broken(content, stored, self.before, computed)
        self._after_gap = False

    def _end_at(self, hash_at_head: str) -> None:
        doubted = self._doubted
        if doubted and doubted.computed == hash_at_head:
            self._find(doubted.finding("hash_changed"))
            self._doubted = None
            return
        self._settle()
        if doubted is None and hash_at_head != self.before:
            self._find(Finding("head_changed", self.last, self.last))

    def _settle(self) -> None:
        """The entry in doubt is broken: its hash was not the only thing that changed."""
        doubted, self._doubted = self._doubted, None
        if doubted is None:
            return
        if len(self._broken) < LOOKED_AT_MOST:
            self._broken.append(doubted)
        else:
            self.unnamed += 1

    def _find(self, finding: Finding) -> None:
        if len(self.findings) < LOOKED_AT_MOST:
            self.findings.append(finding)
        else:
            self.unnamed += 1


def _explained(broken: list[_Broken]) -> Iterator[Finding]:
    """Entries that were only moved are told as such, and who merely follows one of them is innocent."""
    hashes = [entry.stored for entry in broken]
    for entry in broken:
        if any(entry_hash(before, entry.content) == entry.stored for before in hashes):
            continue
        belongs = _place_of(entry, broken)
        yield entry.finding("moved", belongs) if belongs else entry.finding("changed")


def _place_of(entry: _Broken, broken: list[_Broken]) -> int:
    """Where an entry belongs that stands in another's place; 0 when it was not moved but changed."""
    hashes = [other.stored for other in broken]
    for place in broken:
        content = (place.seq, *entry.content[1:])
        if place is not entry and any(
            entry_hash(before, content) == entry.stored for before in (place.before, *hashes)
        ):
            return place.seq
    return 0
