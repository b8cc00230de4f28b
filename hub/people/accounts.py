"""What administrators do with accounts. Each function is one verb, one transaction; `at` is real time in µs.

Nobody changes their own role or switches themselves off, and an administrator who can still sign in is always left.
"""

from dataclasses import dataclass
from typing import get_args

from hub.access import name_taken
from hub.clock import instant
from hub.journal import RunSql
from hub.people.rules import NAME, folded_name
from hub.people.sitting import Leave, end_sessions
from hub.people.tables import AccountRow
from hub.problems import Invalid, NotAllowed, Unknown
from hub.store import Tx
from hub.wire import ChangePerson, Person, StaffRole

#: Roles that may have a home counter.
AT_COUNTERS: frozenset[StaffRole] = frozenset({"clerk", "duty_leader"})

_ACCOUNT = "SELECT name, display_name, role, counter, active, password_hash FROM account WHERE name = :name"
_PEOPLE = """
SELECT a.name, a.display_name, a.role, a.counter, a.active, a.must_change, a.added_at, a.password_at,
       (SELECT count(*) FROM session s WHERE s.account = a.name),
       (SELECT count(*) FROM sign_in_failure f WHERE f.key = 'account:' || a.name AND f.locked_until > :at)
FROM account a WHERE CAST(:only AS TEXT) IS NULL OR a.name = :only ORDER BY a.name
"""
_ADMINISTRATORS = (
    "SELECT name FROM account WHERE role = 'administrator' AND active = true ORDER BY name /* FOR UPDATE */"
)


@dataclass(frozen=True)
class Account:
    """An account as verbs need it."""

    name: str
    display_name: str
    role: StaffRole
    counter: str | None
    active: bool
    password_hash: str


def account_of(run: RunSql, name: str, *, lock: bool = False) -> Account | None:
    rows = run(_ACCOUNT + (" /* FOR UPDATE */" if lock else ""), name=folded_name(name))
    if not rows:
        return None
    row = rows[0]
    return Account(row[0], row[1], row[2], row[3], bool(row[4]), row[5])


def known_account(tx: Tx, name: str) -> Account:
    """The account, locked for a change. Raises Unknown."""
    account = account_of(tx.rows, name, lock=True)
    if account is None:
        raise Unknown("person", name)
    return account


def people(run: RunSql, at: int, only: str | None = None) -> list[Person]:
    """All accounts, or the one asked for."""
    return [
        Person(
            name=row[0],
            display_name=row[1],
            role=row[2],
            counter=row[3],
            active=bool(row[4]),
            must_change=bool(row[5]),
            added_at=instant(row[6]),
            password_at=instant(row[7]),
            sessions=row[8],
            locked=bool(row[9]),
        )
        for row in run(_PEOPLE, at=at, only=only)
    ]


def add_account(
    tx: Tx,
    name: str,
    role: str,
    *,
    password_hash: str,
    at: int,
    display_name: str = "",
    counter: str | None = None,
    must_change: bool = True,
) -> Person:
    """A new account; the password has been looked at already. Raises Invalid, Unknown (counter)."""
    known = folded_name(name)
    if not NAME.fullmatch(known):
        raise Invalid("name", "2–40 个字母、数字、汉字或 . _ - · 2 to 40 letters, digits or . _ -")
    if name_taken(tx.rows, known):
        raise Invalid("name", f"{known}: 已存在 · already in use")
    account = AccountRow(
        name=known,
        display_name=display_name or name,
        role=_checked_role(role),
        counter=_checked_counter(tx, role, counter),
        password_hash=password_hash,
        password_at=at,
        must_change=must_change,
        added_at=at,
    )
    tx.insert(account)
    tx.record("account_added", name=known, role=role, home_counter=counter)
    return people(tx.rows, at, known)[0]


def change_account(tx: Tx, leave: Leave, name: str, command: ChangePerson, *, at: int) -> Person:
    """Another display name, role or home counter. Raises Unknown, Invalid, NotAllowed."""
    account = known_account(tx, name)
    role = command.role or account.role
    if role != account.role:
        _not_oneself(tx, account)
        if account.role == "administrator":
            _one_is_left(tx, account)
    stays = account.counter if role in AT_COUNTERS and not command.any_counter else None
    counter = _checked_counter(tx, role, command.counter or stays)
    tx.rows(
        "UPDATE account SET display_name = :display_name, role = :role, counter = :counter WHERE name = :name",
        display_name=command.display_name or account.display_name,
        role=role,
        counter=counter,
        name=account.name,
    )
    if (role, counter) != (account.role, account.counter):
        end_sessions(tx, leave, account.name, why="account")
    tx.record("account_changed", name=account.name, role=role, role_before=account.role, home_counter=counter)
    return people(tx.rows, at, account.name)[0]


def switch_off(tx: Tx, leave: Leave, name: str, *, at: int) -> Person:
    """Nobody signs in with it any more, and its sessions end. Raises Unknown, NotAllowed."""
    account = known_account(tx, name)
    _not_oneself(tx, account)
    if account.role == "administrator":
        _one_is_left(tx, account)
    if account.active:
        tx.rows("UPDATE account SET active = false WHERE name = :name", name=account.name)
        end_sessions(tx, leave, account.name, why="account")
        tx.record("account_off", name=account.name)
    return people(tx.rows, at, account.name)[0]


def switch_on(tx: Tx, name: str, *, at: int) -> Person:
    """Raises Unknown."""
    account = known_account(tx, name)
    if not account.active:
        tx.rows("UPDATE account SET active = true WHERE name = :name", name=account.name)
        tx.record("account_on", name=account.name)
    return people(tx.rows, at, account.name)[0]


def reset_password(tx: Tx, leave: Leave, name: str, password_hash: str, *, at: int, must_change: bool = True) -> Person:
    """A password chosen by somebody else: it has to be changed at the next sign-in. Raises Unknown."""
    account = known_account(tx, name)
    keep_password(tx, account.name, password_hash, at=at, must_change=must_change)
    end_sessions(tx, leave, account.name, why="password")
    tx.record("password_reset", name=account.name)
    return people(tx.rows, at, account.name)[0]


def unlock(tx: Tx, name: str, *, at: int) -> Person:
    """Wrong attempts are forgotten. Raises Unknown."""
    account = known_account(tx, name)
    if tx.rows("DELETE FROM sign_in_failure WHERE key = :key RETURNING key", key=f"account:{account.name}"):
        tx.record("unlocked", name=account.name)
    return people(tx.rows, at, account.name)[0]


def keep_password(tx: Tx, name: str, password_hash: str, *, at: int, must_change: bool) -> None:
    tx.rows(
        "UPDATE account SET password_hash = :hash, password_at = :at, must_change = :must_change WHERE name = :name",
        hash=password_hash,
        at=at,
        must_change=must_change,
        name=name,
    )


def _checked_role(role: str) -> str:
    if role not in get_args(StaffRole):
        raise Invalid("role", "、".join(get_args(StaffRole)))
    return role


def _checked_counter(tx: Tx, role: str, counter: str | None) -> str | None:
    if counter is None:
        return None
    if role not in AT_COUNTERS:
        raise Invalid("counter", f"{role}: 此角色没有固定窗口 · this role has no home counter")
    if not tx.rows("SELECT 1 FROM counter WHERE code = :code", code=counter):
        raise Unknown("counter", counter, field="counter")
    return counter


def _not_oneself(tx: Tx, account: Account) -> None:
    if tx.who.name == account.name:
        raise NotAllowed(
            state="oneself",
            zh="不能修改自己的角色或停用自己，请另一位管理员操作。",
            en="nobody changes their own role or switches themselves off; ask another administrator.",
        )


def _one_is_left(tx: Tx, account: Account) -> None:
    """All administrators are locked first, so that two of them cannot switch off each other at once."""
    if {row[0] for row in tx.rows(_ADMINISTRATORS)} <= {account.name}:
        raise NotAllowed(
            state="last_administrator",
            zh=f"{account.name} 是最后一位管理员，请先新增另一位。",
            en=f"{account.name} is the last administrator; make another one first.",
        )
