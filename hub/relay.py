"""What has been committed, ours and other processes', in the order of the journal, on a thread of its own.

For other processes NOTIFY is a hint and the journal is the truth: a lost hint heals at the next look. They are
commands of `hall` beside a hub on SQLite, and further hubs on PostgreSQL.
"""

import logging
import threading
import time
from collections import deque
from collections.abc import Callable

from hub.journal import Entry
from hub.store import DatabaseFailed, Listener, Reader, Store

log = logging.getLogger("hall.relay")

#: It looks for other processes' entries at least this often, hint or not.
LOOK_S = 1.0


class Relay:
    """Hands committed entries to `told`, each once, together with a look at the database."""

    def __init__(self, store: Store, told: Callable[[list[Entry], Reader], None], *, look_s: float = LOOK_S) -> None:
        self._store = store
        self._told = told
        self._look_s = look_s
        self._own: deque[Entry] = deque()
        self._closing = threading.Event()
        self._listener: Listener | None = None
        self._looked_at = 0.0
        self._thread = threading.Thread(target=self._run, name="hall-relay", daemon=True)

    def start(self) -> None:
        self._store.after_commit.append(self._committed)
        self._thread.start()

    def close(self) -> None:
        """Ends at once; what was committed and not handed over yet is dropped."""
        self._closing.set()
        self._wake()
        self._thread.join()

    def _committed(self, entries: list[Entry], _reader: Reader) -> None:
        """On the writer's thread, which must not wait for drawings."""
        self._own.extend(entries)
        self._wake()

    def _wake(self) -> None:
        listener = self._listener
        if listener:
            listener.wake()

    def _run(self) -> None:
        newest: int | None = 0
        while not self._closing.is_set():
            try:
                if self._listener is None:
                    self._listener = self._store.listener()
                self._hand_over(self._listener, newest)
                newest = self._listener.hint(self._look_s)
            except DatabaseFailed as error:
                log.warning("waits for the database", extra={"error": str(error)})
                self._hang_up()
                newest = 0
                self._closing.wait(self._look_s)
            except Exception:
                # whatever a drawing ran into: the next entries are drawn again
                log.exception("committed entries could not be drawn")
        self._hang_up()

    def _hand_over(self, listener: Listener, newest: int | None) -> None:
        reader = Reader(listener, self._store.dialect, self._store.now())
        entries = [self._own.popleft() for _ in range(len(self._own))]
        if newest is not None or time.monotonic() - self._looked_at >= self._look_s:
            self._looked_at = time.monotonic()
            entries += self._store.foreign(reader, newest or 0)
        if entries:
            self._told(sorted(entries, key=lambda entry: entry.seq), reader)

    def _hang_up(self) -> None:
        listener, self._listener = self._listener, None
        if listener:
            listener.close()
