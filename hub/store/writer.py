"""The one thread that writes: everything that waits in one transaction, a savepoint each, answers after the commit.

A batch that fails is replayed: whole when the line broke before its COMMIT, else verb by verb, so that one verb
cannot spoil the others. After a COMMIT whose answer was lost, the database is asked before anybody is answered.
"""

import asyncio
import logging
import threading
import time
from collections import Counter
from collections.abc import Callable
from datetime import datetime

from hub import journal
from hub.journal import Entry, OwnEntries
from hub.once import done_once
from hub.problems import HallError, OutcomeUnknown, StoreReason, StoreUnavailable
from hub.store.connection import Connection, Database
from hub.store.failures import Collided, CommitBroke, ConnectionLost, ConstraintBroken, DatabaseFailed, NotNow
from hub.store.transaction import ByItself, Hooks, Reader, Tx, Work
from hub.store.turns import Rank
from hub.store.waiting import Waiting

log = logging.getLogger("hall.store")

#: A verb alone in its transaction that collides with another process's is done again this often.
COLLISIONS_MOST = 5
#: A batch whose line broke is done again once; a line that breaks in every batch may be one verb's doing.
LOST_LINES_MOST = 2
#: A database that could not be reached is not tried again sooner, so that all who wait are told at once.
RECONNECT_AFTER_S = 0.5
#: How long the writer looks for the outcome of a broken COMMIT before it says that it does not know.
SETTLE_S = 10.0
SETTLE_PAUSE_S = 0.1

AfterCommit = Callable[[list[Entry], Reader], None]


class Writer:
    """Commits batches until it is closed. `own` learns the numbers of the entries it has written."""

    def __init__(
        self,
        database: Database,
        now: Callable[[], datetime],
        hooks: Hooks,
        own: OwnEntries,
        listeners: list[AfterCommit],
    ) -> None:
        self.commits = 0
        #: Why the last transaction could not be stored; None since one could.
        self.trouble: StoreUnavailable | None = None
        #: How often the database failed since the start, by what it was.
        self.failures: Counter[StoreReason] = Counter()
        self._database = database
        self._now = now
        self._hooks = hooks
        self._own = own
        self._listeners = listeners
        self._waiting = Waiting()
        self._connection: Connection | None = None
        self._next_try = 0.0
        # where other processes write too, a verb that met a constraint lost a race: the second time it sees why
        self._worth_repeating = (ByItself,) if database.dialect == "sqlite" else (ByItself, ConstraintBroken)
        self._thread = threading.Thread(target=self._serve, name="hall-writer", daemon=True)

    @property
    def working(self) -> bool:
        return self._thread.is_alive()

    def start(self, connection: Connection) -> None:
        self._connection = connection
        self._thread.start()

    def submit(self, work: Work) -> None:
        """Raises StoreUnavailable when too many verbs wait already."""
        self._waiting.add(work)

    def close(self) -> None:
        """Finish what waits, then let go of the connection."""
        if self._thread.is_alive():
            self._waiting.close()
            self._thread.join()
        self._hang_up()

    # -- batches

    def _serve(self) -> None:
        while waiting := self._waiting.take(self._database.batch_most):
            for batch in in_order(waiting):
                self._commit(batch)

    def _commit(self, batch: list[Work]) -> None:
        entries = self._done(batch)
        again = [work for work in batch if not work.alone and isinstance(work.error, self._worth_repeating)]
        for work in again:
            work.alone = True
        self._answer([work for work in batch if work not in again] if again else batch)
        if entries:
            self._tell(entries)
        for work in again:
            self._commit([work])

    def _done(self, batch: list[Work]) -> list[Entry]:
        """One transaction for the batch, however often it must be tried; the entries that stand in the end."""
        tries = 0
        while True:
            try:
                return self._attempt(batch)
            except (Collided, ConnectionLost) as error:
                log.warning("a batch is done again", extra={"verbs": len(batch), "error": str(error)})
                tries += 1
                most = LOST_LINES_MOST if isinstance(error, ConnectionLost) else COLLISIONS_MOST
                # verbs that collided are done again each by itself
                if tries == most or (len(batch) > 1 and isinstance(error, Collided)):
                    return self._one_by_one(batch, error)
            except (NotNow, HallError) as error:
                log.warning("a batch cannot be stored", extra={"verbs": len(batch), "error": str(error)})
                return _refuse(batch, error)
            except DatabaseFailed as error:
                log.warning("commit failed", extra={"verbs": len(batch), "reason": error.reason, "error": str(error)})
                return self._one_by_one(batch, error)
            except Exception as error:
                # whatever it was: the writer goes on, and everybody who waits is told
                log.exception("commit failed", extra={"verbs": len(batch)})
                return self._one_by_one(batch, error)

    def _one_by_one(self, batch: list[Work], error: Exception) -> list[Entry]:
        if len(batch) == 1:
            return _refuse(batch, error)
        return [entry for work in batch for entry in self._done([work])]

    def _note(self, error: Exception) -> None:
        """For those who ask how the database is."""
        if isinstance(error, DatabaseFailed):
            self.trouble = _unavailable(error)
            self.failures[error.reason] += 1

    def _attempt(self, batch: list[Work]) -> list[Entry]:
        entries: list[Entry] = []
        try:
            connection = self._line()
            connection.begin()
            for work in batch:
                self._one(connection, work)
            entries = journal.append(connection, [entry for work in batch for entry in work.entries])
            # before the commit: nobody may see an entry of ours and take it for another's
            self._own.add(entries)
            connection.commit(entries[-1].seq if entries else 0)
        except Exception as error:
            self._note(error)
            stands = False
            try:
                stands = self._stands_after(error)
            finally:
                if not stands:
                    self._own.remove(entries)
            if not stands:
                raise
        self.commits += 1
        self.trouble = None
        return entries

    def _one(self, connection: Connection, work: Work) -> None:
        """One verb in its savepoint. Errors of the database leave; what the verb itself raises is its answer."""
        tx = Tx(connection, self._database.dialect, work, self._hooks)
        work.result, work.error, work.entries = None, None, []
        connection.save()
        try:
            work.result = work.verb(tx) if work.once is None else done_once(tx, work.once, work.verb)
            connection.flush()
            work.entries = tx.entries
        except DatabaseFailed as error:
            if not isinstance(error, ConstraintBroken):
                raise
            # a constraint stopped this verb alone; the transaction itself is whole
            connection.undo()
            work.error = error
        except Exception as error:  # noqa: BLE001 - it is handed to the caller, who awaits it
            connection.undo()
            work.error = error
        connection.release()

    # -- the line to the database

    def _line(self) -> Connection:
        """The connection, made again when it was lost. Raises NotNow."""
        if self._connection is None:
            if time.monotonic() < self._next_try:
                raise NotNow("the database cannot be reached", "unreachable")
            try:
                self._connection = self._database.writer()
            except NotNow:
                self._next_try = time.monotonic() + RECONNECT_AFTER_S
                raise
        return self._connection

    def _hang_up(self) -> None:
        if self._connection:
            self._connection.close()
        self._connection = None

    def _roll_back(self) -> None:
        try:
            if self._connection:
                self._connection.roll_back()
        except DatabaseFailed:
            # a line that cannot even do that is of no use; the server rolls back when it closes
            self._hang_up()

    def _stands_after(self, error: Exception) -> bool:
        """Clears up; whether the transaction stands all the same: its COMMIT was done and only the answer was lost.

        Raises OutcomeUnknown when nobody can tell in time.
        """
        if not isinstance(error, CommitBroke):
            self._roll_back()
            return False
        self._hang_up()
        until = time.monotonic() + SETTLE_S
        pause = threading.Event()
        while time.monotonic() < until:
            try:
                stands = self._line().committed(error.mark)
            except DatabaseFailed:
                self._hang_up()
            else:
                if stands is not None:
                    return stands
            pause.wait(SETTLE_PAUSE_S)
        raise OutcomeUnknown

    # -- answers

    def _answer(self, batch: list[Work]) -> None:
        by_loop: dict[asyncio.AbstractEventLoop, list[Work]] = {}
        for work in batch:
            by_loop.setdefault(work.loop, []).append(work)
        for loop, works in by_loop.items():
            loop.call_soon_threadsafe(_resolve, works)

    def _tell(self, entries: list[Entry]) -> None:
        """After the commit: whoever shows the hall draws what changed. A failure there must not stop the writer."""
        if self._connection is None:
            return
        reader = Reader(self._connection, self._database.dialect, self._now())
        for listener in self._listeners:
            try:
                listener(entries, reader)
            except Exception:
                log.exception("a listener failed after the commit")


def in_order(waiting: list[Work]) -> list[list[Work]]:
    """The batches to commit one after the other: everybody's turn, slow verbs by themselves at the end."""
    ordered = sorted(waiting, key=lambda work: work.turn)
    quick = [work for work in ordered if work.turn.rank < Rank.SLOW]
    slow = [[work] for work in ordered if work.turn.rank == Rank.SLOW]
    return [quick, *slow] if quick else slow


def _unavailable(error: Exception) -> StoreUnavailable:
    return StoreUnavailable(why=str(error), reason=error.reason if isinstance(error, DatabaseFailed) else "failed")


def _refuse(batch: list[Work], error: Exception) -> list[Entry]:
    """Nothing of the batch stands, or nobody knows: everybody is told."""
    for work in batch:
        refusal = error if isinstance(error, HallError) else _unavailable(error)
        work.result, work.error, work.entries = None, refusal, []
    return []


def _resolve(works: list[Work]) -> None:
    for work in works:
        if work.future.cancelled():
            continue
        if work.error is not None:
            work.future.set_exception(work.error)
        else:
            work.future.set_result(work.result)
