"""Putting notices up and withdrawing them: one transaction each, and both stand in the journal."""

from collections.abc import Sequence

from hub.clock import instant, micros
from hub.journal import EntryKind, RunSql
from hub.notices.tables import HallNoticeRow
from hub.problems import NotAllowed, Unknown
from hub.store import Tx
from hub.wire import HallNotice

#: The board's lists stay at this many or fewer.
STANDING_MOST = 20
#: Entries after which the board's notices are drawn again.
KINDS: frozenset[EntryKind] = frozenset({"notices_put_up", "notices_withdrawn"})

_STANDING = """
SELECT id, source, text, made_at, made_by FROM hall_notice WHERE withdrawn_at IS NULL
ORDER BY made_at DESC, source, place
"""
_WITHDRAW = """
UPDATE hall_notice SET withdrawn_at = :at, withdrawn_by = :by
WHERE source = :source AND withdrawn_at IS NULL RETURNING id
"""


def put_up(tx: Tx, source: str, lines: Sequence[str]) -> None:
    """Show the lines; they take the place of what stands of the same source. Raises NotAllowed when too many stand."""
    tx.alone("notices")
    _withdrawn(tx, source)
    standing = len(tx.rows(_STANDING))
    if standing + len(lines) > STANDING_MOST:
        raise NotAllowed(
            state="notices_full",
            zh=f"大屏公告最多 {STANDING_MOST} 条，现有 {standing} 条，请先撤下一些。",
            en=f"at most {STANDING_MOST} notices can stand, {standing} do; withdraw some first.",
        )
    for place, text in enumerate(lines):
        made_at, made_by = micros(tx.now), tx.who.name
        tx.insert(
            HallNoticeRow(id=tx.new_id(), source=source, place=place, text=text, made_at=made_at, made_by=made_by)
        )
    tx.record("notices_put_up", source=source, lines=len(lines))


def withdraw(tx: Tx, source: str) -> None:
    """Take what stands of the source off the screens. Raises Unknown when nothing does."""
    tx.alone("notices")
    if not withdraw_if_standing(tx, source):
        raise Unknown("notice", source)


def withdraw_if_standing(tx: Tx, source: str) -> bool:
    """Whether anything stood."""
    gone = _withdrawn(tx, source)
    if gone:
        tx.record("notices_withdrawn", source=source, lines=gone)
    return bool(gone)


def standing(run: RunSql) -> list[HallNotice]:
    """What is on the screens now, newest first."""
    return [
        HallNotice(id=row[0], source=row[1], text=row[2], put_up_at=instant(row[3]), put_up_by=row[4])
        for row in run(_STANDING)
    ]


def board_lines(run: RunSql) -> list[str]:
    """The board's section."""
    return [row[2] for row in run(_STANDING)][:STANDING_MOST]


def _withdrawn(tx: Tx, source: str) -> int:
    return len(tx.rows(_WITHDRAW, source=source, at=micros(tx.now), by=tx.who.name))
