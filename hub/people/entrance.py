"""Coming in and going out: passwords, sessions, their time-out. Runs on the event loop, on real time."""

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime

from hub.access import new_token, token_hash
from hub.clock import micros
from hub.journal import EntryKind
from hub.people import passwords, signing, sitting
from hub.people.accounts import account_of
from hub.people.limits import Limiter
from hub.people.present import Present, Session, TimeOut
from hub.people.rules import PasswordRules, limited_as, normal, password_fault
from hub.people.signing import Attempt, Lockout
from hub.people.sitting import Leave, SessionFacts
from hub.problems import LockedOut, NotAllowed, Unauthorized, WeakPassword, WrongPassword
from hub.settings import AccessSettings
from hub.store import SYSTEM, Reader, Store, Who

log = logging.getLogger("hall.people")

ANYONE = Who("anyone", "citizen")
MINUTE = 60_000_000
#: A process tells the database of a session's use this late at most; others wait twice as long before they end it.
TOLD_WITHIN = MINUTE // 2

#: Entries after which sessions may be others.
CHANGES: frozenset[EntryKind] = frozenset(
    {
        "signed_in",
        "signed_out",
        "session_ended",
        "counter_taken",
        "counter_left",
        "account_added",
        "account_changed",
        "account_off",
        "account_on",
        "password_changed",
        "password_reset",
    }
)


class Entrance:
    """`now` is real time, whatever clock the hall runs on; `leave` is what happens at a counter whose clerk goes.

    `name_key` hashes names that nobody has.
    """

    def __init__(
        self, store: Store, settings: AccessSettings, leave: Leave, now: Callable[[], datetime], *, name_key: bytes
    ) -> None:
        self.leave = leave
        self.rules = PasswordRules(settings.password_length, settings.password_classes)
        self.hashing = passwords.Hashing()
        self.limiter = Limiter(settings.public_per_minute)
        self.present = Present(
            TimeOut(
                idle=round(settings.idle_minutes * MINUTE),
                longest=round(settings.session_hours * 60 * MINUTE),
                password=settings.password_days * 24 * 60 * MINUTE,
            )
        )
        lock = round(settings.lock_minutes * MINUTE)
        self._lockout = Lockout(settings.failures, settings.address_failures, lock, name_key)
        self._store = store
        self._now = now
        self._reading = asyncio.Lock()

    def now(self) -> int:
        """Real time in µs."""
        return micros(self._now())

    async def reload(self) -> None:
        """Read the sessions again; one reading at a time, so that an older one never comes last."""
        async with self._reading:
            self.present.reload(await self._store.read(_sessions), self.now())

    async def session_of(self, cookie: str) -> Session | None:
        """The session of a cookie, looked for in the database when this process has not met it."""
        key = token_hash(cookie)
        session = self.present.of(key) or await self._look(key)
        if session and self.present.over(session, self.now()):
            # another process may know of a later use
            session = await self._look(key)
            late = 2 * TOLD_WITHIN
            if session and self.present.over(session, self.now(), grace=late if session.seen == session.kept else 0):
                return None
        return session

    async def _look(self, key: str) -> Session | None:
        found = await self._store.read(_sessions, key)
        if not found:
            self.present.forget(key)
            return None
        return self.present.add(found[0], self.now())

    # -- signing in and out

    async def sign_in(self, name: str, password: str, address: str) -> tuple[str, Session]:
        """The new cookie and its session. Raises LockedOut, WrongPassword, TooManyRequests."""
        client = limited_as(address)
        tried = await self._store.write(signing.attempt, ANYONE, None, name, client, self._lockout, at=self.now())
        if tried.locked_for:
            raise LockedOut(tried.locked_for / 1_000_000)
        account = tried.account
        right = await self.hashing.is_right(account.password_hash if account else passwords.nobody(), password)
        if account is None or not right:
            await self._store.write(signing.failed, ANYONE, None, name, client, self._lockout, at=self.now())
            raise WrongPassword
        return await self._begin(tried, password, address)

    async def _begin(self, tried: Attempt, password: str, address: str) -> tuple[str, Session]:
        account = tried.account
        assert account is not None
        old = passwords.is_outdated(account.password_hash)
        better = await self.hashing.hashed(password) if old else None
        cookie = new_token()
        who = Who(account.name, account.role)
        key, now = token_hash(cookie), self.now()
        facts = await self._store.write(signing.signed_in, who, None, account, key, address, at=now, better_hash=better)
        return cookie, self.present.add(facts, now)

    async def sign_out(self, session: Session) -> None:
        """Raises NotAllowed while a citizen is at the session's counter."""
        await self._store.write(sitting.sign_out, session.who, None, self.leave, session.facts.hash)
        await self.reload()

    async def replace(self, session: Session) -> None:
        """Somebody signs in over an open session: it ends, unless a citizen is at its counter."""
        try:
            await self.sign_out(session)
        except (NotAllowed, Unauthorized) as error:
            log.info("an open session was left behind", extra={"why": error.code})

    # -- passwords

    async def checked(self, name: str, password: str) -> str:
        """The hash of a new password. Raises WeakPassword."""
        fault = password_fault(normal(password), name, self.rules)
        if fault:
            raise WeakPassword(zh=fault.zh, en=fault.en)
        return await self.hashing.hashed(password)

    async def change_password(self, session: Session, old: str, new: str, address: str) -> Session:
        """One's own. Raises LockedOut, WrongPassword (the old one), WeakPassword."""
        name, client = session.who.name, limited_as(address)
        tried = await self._store.write(signing.attempt, session.who, None, name, client, self._lockout, at=self.now())
        if tried.locked_for:
            raise LockedOut(tried.locked_for / 1_000_000)
        if tried.account is None or not await self.hashing.is_right(tried.account.password_hash, old):
            await self._store.write(signing.failed, session.who, None, name, client, self._lockout, at=self.now())
            raise WrongPassword
        if normal(old) == normal(new):
            raise WeakPassword(zh="不能与原密码相同", en="not the old one again")
        hashed = await self.checked(name, new)
        facts = await self._store.write(
            signing.change_password,
            session.who,
            None,
            self.leave,
            tried.account,
            session.facts.hash,
            hashed,
            at=self.now(),
        )
        await self.reload()
        return self.present.add(facts, self.now())

    # -- counters

    async def take_counter(self, session: Session, counter: str) -> Session:
        """Raises Unknown, Forbidden, NotAllowed."""
        return await self._sit(
            session,
            await self._store.write(sitting.take_counter, session.who, None, self.leave, session.facts.hash, counter),
        )

    async def leave_counter(self, session: Session) -> Session:
        """Raises NotAllowed while a citizen is there."""
        return await self._sit(
            session, await self._store.write(sitting.leave_counter, session.who, None, self.leave, session.facts.hash)
        )

    async def _sit(self, session: Session, facts: SessionFacts) -> Session:
        await self.reload()
        return self.present.of(facts.hash) or session

    # -- time-out

    async def look_after(self) -> None:
        """Tell the database who was seen, end what is over, forget old failures."""
        now = self.now()
        seen = self.present.unkept(older_than=TOLD_WITHIN // 2)
        if seen:
            await self._store.write(sitting.keep_seen, SYSTEM, None, seen)
            self.present.are_kept(seen)
        late = 2 * TOLD_WITHIN
        if self.present.any_over(now, grace=late):
            out = self.present.time_out
            await self._store.write(
                sitting.end_over, SYSTEM, None, self.leave, at=now - late, idle=out.idle, longest=out.longest
            )
            await self.reload()

    async def tidy(self) -> None:
        """Wrong attempts that lock nobody any more are forgotten."""
        await self._store.write(signing.forget_failures, SYSTEM, None, before=self.now() - self._lockout.lock)

    async def is_empty(self) -> bool:
        """Whether nobody has an account yet."""
        return await self._store.read(_nobody)

    async def account(self, name: str) -> str | None:
        """The folded name of an account that exists."""
        return await self._store.read(_name_of, name)


def _sessions(reader: Reader, key: str | None = None) -> list[SessionFacts]:
    return sitting.sessions(reader.rows, key)


def _nobody(reader: Reader) -> bool:
    return not reader.rows("SELECT 1 FROM account LIMIT 1")


def _name_of(reader: Reader, name: str) -> str | None:
    account = account_of(reader.rows, name)
    return account.name if account else None
