"""Signing in. An attempt is counted before its password is tried: a thousand at once get no more tries than one.

Each function is one verb, one transaction; times are real, in µs. Names that do not exist are counted and locked like
those that do; of them nothing is kept but a keyed hash, for they may be passwords typed into the wrong field, and so
that nobody can find another name with the same one and learn from its lock which names exist.
"""

import hmac
from dataclasses import dataclass, field

from hub.people.accounts import Account, account_of, keep_password
from hub.people.rules import Failures, folded_name, one_more
from hub.people.sitting import Leave, SessionFacts, end_sessions, sessions
from hub.people.tables import SessionRow
from hub.problems import Unauthorized, WrongPassword
from hub.store import Tx


@dataclass(frozen=True)
class Lockout:
    """`most` wrong attempts of an account, `address_most` of an address, within `lock` µs lock for `lock` µs.

    `name_key` hashes names that do not exist.
    """

    most: int
    address_most: int
    lock: int
    name_key: bytes = field(repr=False)


@dataclass(frozen=True)
class Attempt:
    """What may be tried: `locked_for` µs nothing; `account` None is tried in vain, with the same work."""

    account: Account | None
    locked_for: int


def attempt(tx: Tx, name: str, address: str | None, lockout: Lockout, *, at: int) -> Attempt:
    """Count an attempt and say whether it may be made."""
    account = account_of(tx.rows, name)
    waits = _known(tx, f"address:{address}").locked_for(at) if address else 0
    if waits:
        return Attempt(None, waits)
    key = _key(account, name, lockout)
    known = _failures(tx, key)
    waits = known.locked_for(at)
    if waits:
        return Attempt(None, waits)
    # one try more than allowed is counted here, so that the last allowed one is still made
    counted = one_more(known, at, most=lockout.most + 1, lock=lockout.lock)
    _keep(tx, key, counted)
    return Attempt(account if account and account.active else None, counted.locked_for(at))


def failed(tx: Tx, name: str, address: str | None, lockout: Lockout, *, at: int) -> None:
    """The password was wrong, or there is no such account."""
    account = account_of(tx.rows, name)
    key = _key(account, name, lockout)
    told = {"name": account.name} if account else {"name_length": len(name)}
    tx.record("sign_in_failed", address=address, **told)
    known = _failures(tx, key)
    if known.count >= lockout.most and not known.locked_for(at):
        _keep(tx, key, Failures(known.count, known.since, at + lockout.lock))
        tx.record("locked_out", address=address, **told)
    if address:
        counted = one_more(_failures(tx, f"address:{address}"), at, most=lockout.address_most, lock=lockout.lock)
        _keep(tx, f"address:{address}", counted)
        if counted.locked_until:
            tx.record("locked_out", address=address)


def signed_in(tx: Tx, tried: Account, key: str, address: str, *, at: int, better_hash: str | None) -> SessionFacts:
    """The password was right: a session begins. Raises WrongPassword when the account changed meanwhile."""
    account = account_of(tx.rows, tried.name, lock=True)
    if account is None or not account.active or account.password_hash != tried.password_hash:
        raise WrongPassword
    if better_hash is not None:
        tx.rows("UPDATE account SET password_hash = :hash WHERE name = :name", hash=better_hash, name=account.name)
    tx.rows("DELETE FROM sign_in_failure WHERE key = :key", key=f"account:{account.name}")
    tx.insert(SessionRow(hash=key, id=tx.new_id(), account=account.name, address=address, started_at=at, seen_at=at))
    tx.record("signed_in", name=account.name, address=address)
    return sessions(tx.rows, key)[0]


def change_password(tx: Tx, leave: Leave, tried: Account, key: str, password_hash: str, *, at: int) -> SessionFacts:
    """One's own; every other session of the account ends. Raises Unauthorized when it changed meanwhile."""
    account = account_of(tx.rows, tried.name, lock=True)
    if account is None or account.password_hash != tried.password_hash:
        raise Unauthorized
    keep_password(tx, account.name, password_hash, at=at, must_change=False)
    end_sessions(tx, leave, account.name, why="password", besides=key)
    tx.rows("DELETE FROM sign_in_failure WHERE key = :key", key=f"account:{account.name}")
    tx.record("password_changed", name=account.name)
    return sessions(tx.rows, key)[0]


def forget_failures(tx: Tx, *, before: int) -> None:
    """Let go of what locks nobody any more."""
    tx.rows("DELETE FROM sign_in_failure WHERE since < :before AND locked_until < :before", before=before)


def _key(account: Account | None, name: str, lockout: Lockout) -> str:
    if account:
        return f"account:{account.name}"
    return "name:" + hmac.digest(lockout.name_key, folded_name(name).encode(), "sha256").hex()[:16]


def _failures(tx: Tx, key: str) -> Failures:
    """What is known of a key, locked for a change: the row is made first, for a row that is not there locks nobody."""
    tx.rows(
        "INSERT INTO sign_in_failure (key, count, since, locked_until) VALUES (:key, 0, 0, 0)"
        " ON CONFLICT (key) DO NOTHING",
        key=key,
    )
    return _known(tx, key, " /* FOR UPDATE */")


def _known(tx: Tx, key: str, lock: str = "") -> Failures:
    rows = tx.rows("SELECT count, since, locked_until FROM sign_in_failure WHERE key = :key" + lock, key=key)
    return Failures(*rows[0]) if rows else Failures()


def _keep(tx: Tx, key: str, failures: Failures) -> None:
    tx.rows(
        "INSERT INTO sign_in_failure (key, count, since, locked_until) VALUES (:key, :count, :since, :until)"
        " ON CONFLICT (key) DO UPDATE"
        " SET count = excluded.count, since = excluded.since, locked_until = excluded.locked_until",
        key=key,
        count=failures.count,
        since=failures.since,
        until=failures.locked_until,
    )
