"""Who is signed in, as this process knows it: a mirror of the sessions that the event loop may ask without waiting.

The database is the truth. The mirror is read again whenever the journal tells of a change, here or in another process,
and a session it does not know is looked for there.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from hub.people.rules import Over, session_over
from hub.people.sitting import SessionFacts
from hub.store import Who


@dataclass
class Session:
    """One of them. `seen` is when it was used last, in µs of real time; `kept` is what the database knows of it."""

    facts: SessionFacts
    who: Who
    seen: int
    kept: int
    must_change: bool


@dataclass(frozen=True)
class TimeOut:
    """µs after which a session ends: without use, whatever it does; and of a password (0 = never)."""

    idle: int
    longest: int
    password: int


class Present:
    """All sessions by the hash of their cookie."""

    def __init__(self, time_out: TimeOut) -> None:
        self.time_out = time_out
        self._sessions: dict[str, Session] = {}

    def reload(self, known: Sequence[SessionFacts], now: int) -> None:
        """Take over what the database holds; later use that it has not heard of is kept."""
        self._sessions = {facts.hash: self._met(facts, now) for facts in known}

    def add(self, facts: SessionFacts, now: int) -> Session:
        session = self._met(facts, now)
        self._sessions[facts.hash] = session
        return session

    def of(self, key: str) -> Session | None:
        return self._sessions.get(key)

    def keys(self) -> set[str]:
        return set(self._sessions)

    def over(self, session: Session, now: int, *, grace: int = 0) -> Over | None:
        return session_over(
            session.facts.started_at, session.seen, now - grace, idle=self.time_out.idle, longest=self.time_out.longest
        )

    def any_over(self, now: int, *, grace: int) -> bool:
        return any(self.over(session, now, grace=grace) for session in self._sessions.values())

    def forget(self, key: str) -> None:
        self._sessions.pop(key, None)

    def left(self, session: Session, now: int) -> int:
        """µs until it ends by itself, if nothing is done."""
        idle = session.seen + self.time_out.idle
        return max(0, min(idle, session.facts.started_at + self.time_out.longest) - now)

    def busy_at(self, counter: str, now: int) -> None:
        """Somebody works at the counter, if only by its keypad: whoever sits there is there."""
        for session in self._sessions.values():
            if session.who.counter == counter:
                session.seen = max(session.seen, now)

    def unkept(self, *, older_than: int) -> list[tuple[str, int]]:
        """Uses that the database has not heard of for this long."""
        return [
            (key, session.seen) for key, session in self._sessions.items() if session.seen - session.kept > older_than
        ]

    def are_kept(self, seen: Sequence[tuple[str, int]]) -> None:
        for key, at in seen:
            if key in self._sessions:
                self._sessions[key].kept = at

    def _met(self, facts: SessionFacts, now: int) -> Session:
        known = self._sessions.get(facts.hash)
        seen = max(facts.seen_at, known.seen) if known else facts.seen_at
        expired = bool(self.time_out.password) and now - facts.password_at > self.time_out.password
        return Session(facts, facts.who, seen, facts.seen_at, facts.must_change or expired)


def csrf_token(cookie: str) -> str:
    """What changes must carry besides the cookie: made of it, so that nothing has to be kept."""
    return hashlib.sha256(b"csrf:" + cookie.encode()).hexdigest()
