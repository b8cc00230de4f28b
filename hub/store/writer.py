"""The one thread that writes: everything that waits in one transaction, a savepoint each, answers after the commit."""

import asyncio
import logging
import queue
import threading
from collections.abc import Callable
from datetime import datetime

from hub import journal
from hub.journal import Entry, OwnEntries
from hub.once import done_once
from hub.problems import StoreUnavailable
from hub.store.connection import Connection, Database
from hub.store.failures import ConstraintBroken, DatabaseFailed
from hub.store.transaction import ByItself, Hooks, Reader, Tx, Work

log = logging.getLogger("hall.store")

#: More verbs than this in one transaction would make the first of them wait too long for its answer.
BATCH_MOST = 256
#: Verbs waiting for the writer; beyond it the hub says that it is overloaded instead of growing without bound.
WAITING_MOST = 5000

Listener = Callable[[list[Entry], Reader], None]


class Writer:
    """Commits batches until it is closed. `own` learns the numbers of the entries it has written."""

    def __init__(
        self, database: Database, now: Callable[[], datetime], hooks: Hooks, own: OwnEntries, listeners: list[Listener]
    ) -> None:
        self.commits = 0
        self._database = database
        self._now = now
        self._hooks = hooks
        self._own = own
        self._listeners = listeners
        self._waiting: queue.Queue[Work | None] = queue.Queue(WAITING_MOST)
        self._connection: Connection | None = None
        self._thread = threading.Thread(target=self._serve, name="hall-writer", daemon=True)

    @property
    def working(self) -> bool:
        return self._thread.is_alive()

    def start(self, connection: Connection) -> None:
        self._connection = connection
        self._thread.start()

    def submit(self, work: Work) -> None:
        """Raises StoreUnavailable when too many verbs wait already."""
        try:
            self._waiting.put_nowait(work)
        except queue.Full:
            raise StoreUnavailable(why="too many requests are waiting") from None

    def close(self) -> None:
        """Finish what waits, then let go of the connection."""
        if self._thread.is_alive():
            self._waiting.put(None)
            self._thread.join()
        if self._connection:
            self._connection.close()

    def _serve(self) -> None:
        running = True
        while running:
            batch, running = self._next_batch()
            if batch:
                self._commit(batch)

    def _next_batch(self) -> tuple[list[Work], bool]:
        """Everything that waits, at most BATCH_MOST; False when the store closes after it."""
        batch: list[Work] = []
        work = self._waiting.get()
        while work is not None:
            batch.append(work)
            if len(batch) == BATCH_MOST:
                break
            try:
                work = self._waiting.get_nowait()
            except queue.Empty:
                break
        return batch, work is not None

    def _commit(self, batch: list[Work]) -> None:
        """One transaction for the batch; when it fails, verb by verb, so that one cannot spoil the others."""
        entries = self._attempt(batch)
        if entries is None and len(batch) > 1:
            entries = []
            for work in batch:
                entries += self._attempt([work]) or []
        for work in batch:
            if isinstance(work.error, ByItself):
                work.alone = True
                entries = [*(entries or []), *(self._attempt([work]) or [])]
        self._answer(batch)
        if entries:
            self._tell(entries)

    def _attempt(self, batch: list[Work]) -> list[Entry] | None:
        assert self._connection is not None
        entries: list[Entry] = []
        try:
            self._connection.begin()
            for work in batch:
                self._one(self._connection, work)
            entries = journal.append(self._connection.run, [entry for work in batch for entry in work.entries])
            # before the commit: nobody may see an entry of ours and take it for another's
            self._own.add(entries)
            self._connection.commit()
        except Exception as error:
            # whatever it was: the writer goes on, and everybody who waits is told
            log.exception("commit failed", extra={"verbs": len(batch)})
            self._connection.roll_back()
            self._own.remove(entries)
            for work in batch:
                work.result, work.error, work.entries = None, StoreUnavailable(why=str(error)), []
            return None
        self.commits += 1
        return entries

    def _one(self, connection: Connection, work: Work) -> None:
        """One verb in its savepoint. Errors of the database leave; what the verb itself raises is its answer."""
        tx = Tx(connection, self._database.dialect, work, self._hooks)
        work.result = work.error = None
        connection.save()
        try:
            work.result = work.verb(tx) if work.once is None else done_once(tx, work.once, work.verb)
            work.entries = tx.entries
        except DatabaseFailed as error:
            if not isinstance(error, ConstraintBroken):
                raise
            # a constraint stopped this verb alone; the transaction itself is whole
            connection.undo()
            work.error, work.entries = error, []
        except Exception as error:  # noqa: BLE001 - it is handed to the caller, who awaits it
            connection.undo()
            work.error, work.entries = error, []
        connection.release()

    def _answer(self, batch: list[Work]) -> None:
        by_loop: dict[asyncio.AbstractEventLoop, list[Work]] = {}
        for work in batch:
            by_loop.setdefault(work.loop, []).append(work)
        for loop, works in by_loop.items():
            loop.call_soon_threadsafe(_resolve, works)

    def _tell(self, entries: list[Entry]) -> None:
        """After the commit: whoever shows the hall draws what changed. A failure there must not stop the writer."""
        assert self._connection is not None
        reader = Reader(self._connection, self._database.dialect, self._now())
        for listener in self._listeners:
            try:
                listener(entries, reader)
            except Exception:
                log.exception("a listener failed after the commit")


def _resolve(works: list[Work]) -> None:
    for work in works:
        if work.future.cancelled():
            continue
        if work.error is not None:
            work.future.set_exception(work.error)
        else:
            work.future.set_result(work.result)
