"""Sessions and the counters they sit at. Each public function is (part of) one transaction; times are real, in µs."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from hub.journal import RunSql
from hub.people.rules import session_over
from hub.problems import Forbidden, NotAllowed, Unauthorized, Unknown
from hub.store import Tx, Who
from hub.wire import StaffRole


class Leave(Protocol):
    """What happens at a counter whose clerk goes; the queue's business, hung in by the app.

    With a citizen there it raises NotAllowed, or does nothing when the clerk is gone anyway (`by_force`).
    """

    def __call__(self, tx: Tx, counter: str, *, by_force: bool) -> None: ...


@dataclass(frozen=True)
class SessionFacts:
    """One session with its account, as the database holds them."""

    hash: str
    id: str
    name: str
    display_name: str
    role: StaffRole
    home: str | None
    counter: str | None
    address: str
    started_at: int
    seen_at: int
    must_change: bool
    password_at: int

    @property
    def who(self) -> Who:
        return Who(self.name, self.role, self.counter)


_SESSIONS = """
SELECT s.hash, s.id, a.name, a.display_name, a.role, a.counter, s.counter, s.address, s.started_at, s.seen_at,
       a.must_change, a.password_at
FROM session s JOIN account a ON a.name = s.account
WHERE (CAST(:hash AS TEXT) IS NULL OR s.hash = :hash) AND a.active = true ORDER BY s.started_at
"""


def sessions(run: RunSql, key: str | None = None) -> list[SessionFacts]:
    """All sessions, or the one of this hash."""
    return [_facts(row) for row in run(_SESSIONS, hash=key)]


def _facts(row: Any) -> SessionFacts:
    return SessionFacts(
        hash=row[0],
        id=row[1],
        name=row[2],
        display_name=row[3],
        role=row[4],
        home=row[5],
        counter=row[6],
        address=row[7],
        started_at=row[8],
        seen_at=row[9],
        must_change=bool(row[10]),
        password_at=row[11],
    )


def take_counter(tx: Tx, leave: Leave, key: str, counter: str) -> SessionFacts:
    """Sit down at a counter, leaving the one before. Raises Unauthorized, Unknown, Forbidden, NotAllowed.

    A clerk with a home counter sits there only; one that somebody else sits at is taken.
    """
    if not tx.rows("SELECT code FROM counter WHERE code = :code /* FOR UPDATE */", code=counter):
        raise Unknown("counter", counter, field="counter")
    session = _session(tx, key)
    if session.home is not None and session.home != counter:
        raise Forbidden(role=session.role)
    if session.counter == counter:
        return session
    _nobody_else_is_there(tx, session.name, counter)
    _leave_all(tx, leave, session.name, besides=counter)
    tx.rows("UPDATE session SET counter = NULL WHERE account = :account", account=session.name)
    tx.rows("UPDATE session SET counter = :counter WHERE hash = :hash", counter=counter, hash=key)
    tx.record("counter_taken", counter=counter, name=session.name)
    return _session(tx, key)


#: Who has signed in there, and whose open counter it still is.
_THERE = """
SELECT account FROM session WHERE counter = :counter
UNION SELECT clerk FROM counter WHERE code = :counter AND status <> 'closed' AND clerk IS NOT NULL
"""


def _nobody_else_is_there(tx: Tx, name: str, counter: str) -> None:
    for (holder,) in tx.rows(_THERE, counter=counter):
        if holder != name:
            raise NotAllowed(
                state="taken",
                zh=f"{counter} 号窗口由 {holder} 使用中，请其退出（或请值班长关闭该窗口），或另选窗口。",
                en=f"{holder} sits at counter {counter}; have them (or a duty leader) close it, or choose another.",
            )


def leave_counter(tx: Tx, leave: Leave, key: str) -> SessionFacts:
    """Stand up: an idle counter is closed. Raises Unauthorized; NotAllowed while a citizen is there."""
    session = _session(tx, key)
    if session.counter is not None:
        leave(tx, session.counter, by_force=False)
        tx.rows("UPDATE session SET counter = NULL WHERE hash = :hash", hash=key)
        tx.record("counter_left", counter=session.counter, name=session.name)
    return _session(tx, key)


def _leave_all(tx: Tx, leave: Leave, account: str, *, besides: str) -> None:
    held = tx.rows("SELECT counter FROM session WHERE account = :account AND counter IS NOT NULL", account=account)
    for counter in {row[0] for row in held} - {besides}:
        leave(tx, counter, by_force=False)
        tx.record("counter_left", counter=counter, name=account)


def sign_out(tx: Tx, leave: Leave, key: str) -> None:
    """End one's own session; an idle counter is closed. Raises NotAllowed while a citizen is at the counter."""
    leave_counter(tx, leave, key)
    tx.rows("DELETE FROM session WHERE hash = :hash", hash=key)
    tx.record("signed_out", name=tx.who.name)


def end_sessions(tx: Tx, leave: Leave, account: str, *, why: str, besides: str = "") -> None:
    """All sessions of an account end, whatever they were doing."""
    for row in tx.rows(
        "SELECT hash FROM session WHERE account = :account AND hash <> :besides", account=account, besides=besides
    ):
        _end(tx, leave, row[0], why)


def end_session(tx: Tx, leave: Leave, session: str) -> None:
    """One session, by its public id. Raises Unknown."""
    rows = tx.rows("SELECT hash FROM session WHERE id = :id", id=session)
    if not rows:
        raise Unknown("session", session)
    _end(tx, leave, rows[0][0], "account")


def end_over(tx: Tx, leave: Leave, *, at: int, idle: int, longest: int) -> None:
    """Sessions that are over by time."""
    for key, started, seen in tx.rows("SELECT hash, started_at, seen_at FROM session /* FOR UPDATE */"):
        why = session_over(started, seen, at, idle=idle, longest=longest)
        if why:
            _end(tx, leave, key, why)


def keep_seen(tx: Tx, seen: Sequence[tuple[str, int]]) -> None:
    """When sessions were used last; never earlier than what is known."""
    for key, at in seen:
        tx.rows("UPDATE session SET seen_at = :at WHERE hash = :hash AND seen_at < :at", hash=key, at=at)


def _end(tx: Tx, leave: Leave, key: str, why: str) -> None:
    """The counter of whoever is gone is closed, unless a citizen is there: that visit goes on by the keypad."""
    rows = tx.rows("DELETE FROM session WHERE hash = :hash RETURNING account, counter", hash=key)
    if not rows:
        return
    account, counter = rows[0]
    if counter is not None:
        leave(tx, counter, by_force=True)
    tx.record("session_ended", counter=counter, name=account, why=why)


def _session(tx: Tx, key: str) -> SessionFacts:
    found = sessions(tx.rows, key)
    if not found:
        raise Unauthorized
    return found[0]
