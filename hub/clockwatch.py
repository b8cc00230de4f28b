"""The hub's step that tells a clock that was moved: in the log, in the journal, and to the managers."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from hub.clock import HallClock, instant
from hub.edges import Hub
from hub.steady import Jump
from hub.store import SYSTEM, Reader, Tx
from hub.troubles import Trouble

CLOCK = "clock"
#: A jump stands among the troubles for so long, and as long as hall time and the computer's clock differ.
TOLD_FOR = timedelta(hours=12)

_WHAT_TO_DO_ZH = "请检查这台计算机的时间和时间同步服务（NTP）。"
_WHAT_TO_DO_EN = "Check this computer's clock and its time service (NTP)."


@dataclass
class Clockwatch:
    """Every few seconds."""

    hub: Hub
    clock: HallClock
    last: datetime | None = None

    async def __call__(self) -> None:
        for jump in self.clock.noticed():
            self.last = jump.at
            self.hub.troubles.tell(_trouble(jump))
            await self.hub.store.write(record_jump, SYSTEM, None, jump)
        over = self.last is None or self.clock() - self.last > TOLD_FOR
        if over and self.clock.ahead < timedelta(seconds=1):
            self.hub.troubles.clear(CLOCK)


def record_jump(tx: Tx, jump: Jump) -> None:
    tx.record("clock_jumped", by_s=round(jump.by.total_seconds(), 3), held=jump.held, restart=jump.restart)


def _trouble(jump: Jump) -> Trouble:
    span = abs(jump.by)
    span -= timedelta(microseconds=span.microseconds)
    zh, en = ("向前", "forward") if jump.by > timedelta(0) else ("向后", "back")
    held_zh = "大厅时间不倒退，放慢直至与之一致。" if jump.held else ""
    held_en = " Hall time does not go back: it runs slowly until both agree." if jump.held else ""
    return Trouble(
        CLOCK,
        zh=f"计算机时钟{zh}跳动 {span}。{held_zh}{_WHAT_TO_DO_ZH}",
        en=f"The computer's clock jumped {en} by {span}.{held_en} {_WHAT_TO_DO_EN}",
        since=jump.at,
    )


def newest_entry_at(reader: Reader) -> datetime | None:
    """When the newest journal entry was written; None for an empty journal."""
    rows = reader.rows("SELECT at FROM journal ORDER BY seq DESC LIMIT 1")
    return instant(rows[0][0]) if rows else None


def may_end_day(now: object) -> bool:
    """Not within minutes of a jump forward: whoever set the clock wrongly may mend it before anybody expires."""
    return not isinstance(now, HallClock) or now.settled()
