"""The hub's step that notices when nothing can be stored or logged, tells it, and notices when it is over."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from hub.edges import Hub
from hub.logs import files_trouble
from hub.problems import STORE_REASONS, OutcomeUnknown, StoreReason, StoreUnavailable
from hub.store import SYSTEM, DatabaseFailed, Rank, Tx, in_turn
from hub.troubles import Trouble

STORE = "store"
DAMAGED = "database_damaged"
LOGS = "logs"
#: A hub where nobody does anything writes this often.
PROBE_IDLE_S = 60.0
#: The whole database is looked through so long after the start, and then once a day: a large one takes seconds.
LOOK_AFTER_S = 120.0
LOOK_EVERY_S = 86_400.0
#: A database found damaged is looked through again so often.
LOOK_AGAIN_S = 60.0


@in_turn(Rank.SLOW)
def probe(tx: Tx) -> None:
    """Writes a page and changes nothing; by itself, since whoever holds the journal's head lets nobody commit."""
    # there and back: SQLite does not write a row that stays the same
    tx.rows("UPDATE journal_head SET seq = seq + 1 WHERE id = 1")
    tx.rows("UPDATE journal_head SET seq = seq - 1 WHERE id = 1")


@dataclass
class Storewatch:
    """Every second."""

    hub: Hub
    monotonic: Callable[[], float] = time.monotonic
    look_at: float = 0.0
    probe_at: float = 0.0
    commits: int = -1
    damages: int = 0

    def __post_init__(self) -> None:
        self.look_at = self.monotonic() + LOOK_AFTER_S

    async def __call__(self) -> None:
        await self._can_store()
        damages = self.hub.store.failures.get("damaged", 0)
        if damages != self.damages:
            # other statements may succeed meanwhile: only a look at the whole tells
            self.damages, self.look_at = damages, self.monotonic()
        await self._is_whole()
        self._logs_are_kept()

    async def _can_store(self) -> None:
        """Writes while something is wrong, and once a minute when nobody else does: not only the first citizen of the
        morning shall notice.
        """
        store, now = self.hub.store, self.monotonic()
        well = store.trouble is None and store.database.gone() is None
        if well and store.commits != self.commits:
            self.commits, self.probe_at = store.commits, now + PROBE_IDLE_S
            self.hub.troubles.clear(STORE)
        elif not well or now >= self.probe_at:
            await self._probe()

    async def _probe(self) -> None:
        try:
            await self.hub.store.write(probe, SYSTEM, None)
        except (StoreUnavailable, OutcomeUnknown) as error:
            reason = error.reason if isinstance(error, StoreUnavailable) else "failed"
            self._tell(STORE, reason, error.words.get("why", error))

    async def _is_whole(self) -> None:
        if self.monotonic() < self.look_at:
            return
        self.look_at = self.monotonic() + LOOK_EVERY_S
        try:
            damage, _ = await self.hub.store.health()
        except DatabaseFailed as error:
            if error.reason != "damaged":
                return
            damage = str(error)
        if damage:
            self.look_at = self.monotonic() + LOOK_AGAIN_S
            self._tell(DAMAGED, "damaged", damage)
        else:
            self.hub.troubles.clear(DAMAGED)

    def _logs_are_kept(self) -> None:
        why = files_trouble()
        if not why:
            self.hub.troubles.clear(LOGS)
            return
        self.hub.troubles.tell(
            Trouble(
                LOGS,
                zh=f"日志无法写入（{why}），请检查磁盘和权限，或更换 [logs] folder。日志须留存不少于六个月。",
                en=f"Logs cannot be kept ({why}); check disk and permissions, or choose another [logs] folder. They"
                " must be kept for six months.",
                since=self.hub.store.now(),
            )
        )

    def _tell(self, code: str, reason: StoreReason, why: object) -> None:
        words = STORE_REASONS[reason]
        self.hub.troubles.tell(
            Trouble(
                code,
                zh=f"数据无法保存：{words['zh']}（{why}）。",
                en=f"Nothing can be stored: {words['en']} ({why}).",
                since=self.hub.store.now(),
                grave=True,
                reason=reason,
            )
        )
