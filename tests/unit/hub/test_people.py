"""Accounts and sign-in on a real store: attempts, memory, work, and what two processes see of each other."""

import asyncio
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from hub.people import accounts, passwords
from hub.people.entrance import Entrance
from hub.people.limits import ADDRESSES_MOST, Limiter
from hub.problems import HallError, LockedOut, TooManyRequests, WrongPassword
from hub.queue.seed import seed
from hub.settings import AccessSettings, settings_from
from hub.store import SYSTEM, Store, Tx

PASSWORD = "Nine-lives-7"
_HASH = passwords.hashed(PASSWORD)
HERE = "198.51.100.7"


class Wall:
    """Real time, which stands still until the test moves it."""

    def __init__(self) -> None:
        self.at = datetime(2026, 3, 2, 1, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.at


def leave(tx: Tx, counter: str, *, by_force: bool) -> None:
    """Nobody sits anywhere in these tests."""


async def a_store(database: str) -> Store:
    store = Store(database)
    store.open()
    await store.write(seed, SYSTEM, None, settings_from({}, origin="test"))
    return store


@pytest.fixture
async def doors(tmp_path: Path) -> AsyncIterator[tuple[Entrance, Entrance, Wall]]:
    """Two processes' entrances to one hall, in which Wang has an account."""
    wall = Wall()
    stores = [await a_store(f"sqlite:///{tmp_path / 'hall.db'}") for _ in range(2)]
    await stores[0].write(
        accounts.add_account, SYSTEM, None, "wang", "clerk", password_hash=_HASH, at=1, must_change=False
    )
    one, two = (Entrance(store, AccessSettings(), leave, wall, name_key=b"of the test") for store in stores)
    yield one, two, wall
    for door, store in ((one, stores[0]), (two, stores[1])):
        door.hashing.close()
        store.close()


async def refusal(door: Entrance, name: str, password: str = "Wrong-pass-1") -> type[HallError] | None:
    try:
        await door.sign_in(name, password, HERE)
    except HallError as error:
        return type(error)
    return None


Doors = tuple[Entrance, Entrance, Wall]


async def test_a_hundred_attempts_at_once_on_two_processes_try_five_passwords(doors: Doors) -> None:
    one, two, _ = doors
    answers = await asyncio.gather(*(refusal(door, "wang") for _ in range(50) for door in (one, two)))
    assert answers.count(WrongPassword) == 5
    assert answers.count(LockedOut) == 95


async def test_a_session_of_one_process_is_known_to_the_other_and_its_end_too(doors: Doors) -> None:
    one, two, wall = doors
    cookie, session = await one.sign_in("wang", PASSWORD, HERE)
    there = await two.session_of(cookie)
    assert there is not None
    assert there.who == session.who
    await one.sign_out(session)
    await two.reload()
    assert await two.session_of(cookie) is None
    assert wall


async def test_use_on_one_process_keeps_the_session_alive_on_the_other(doors: Doors) -> None:
    one, two, wall = doors
    cookie, session = await one.sign_in("wang", PASSWORD, HERE)
    assert await two.session_of(cookie)
    for _ in range(4):
        wall.at += timedelta(minutes=20)
        session.seen = one.now()
        await one.look_after()
        await two.look_after()
    assert await two.session_of(cookie)
    wall.at += timedelta(minutes=32)
    assert await one.session_of(cookie) is None
    wall.at += timedelta(minutes=2)
    await two.look_after()
    assert await one.session_of(cookie) is None
    assert two.present.keys() == set()


async def test_an_old_hash_is_replaced_by_a_better_one_at_the_next_sign_in(doors: Doors) -> None:
    one, _, _ = doors
    from argon2 import PasswordHasher

    weak = PasswordHasher(time_cost=1, memory_cost=8192, parallelism=1).hash(PASSWORD)
    await one._store.write(accounts.reset_password, SYSTEM, None, leave, "wang", weak, at=1, must_change=False)
    await one.sign_in("wang", PASSWORD, HERE)
    account = await one._store.read(lambda reader: accounts.account_of(reader.rows, "wang"))
    assert account is not None
    assert not passwords.is_outdated(account.password_hash)
    assert passwords.is_right(account.password_hash, PASSWORD)


def test_a_name_that_does_not_exist_costs_the_same_work() -> None:
    """Medians of the work itself, side by side; a short cut would be a hundred times faster."""
    spent: dict[str, list[float]] = {"known": [], "nobody": []}
    for _ in range(7):
        for name, encoded in (("known", _HASH), ("nobody", passwords.nobody())):
            began = time.perf_counter()
            assert not passwords.is_right(encoded, "Wrong-pass-1")
            spent[name].append(time.perf_counter() - began)
    known, nobody = (sorted(times)[3] for times in spent.values())
    assert 0.4 < nobody / known < 2.5


async def test_a_name_that_does_not_exist_is_hashed_against_and_counted(doors: Doors) -> None:
    one, _, _ = doors
    tried: list[str] = []
    is_right = one.hashing.is_right

    async def watched(encoded: str, password: str) -> bool:
        tried.append(encoded)
        return await is_right(encoded, password)

    one.hashing.is_right = watched  # type: ignore[method-assign]
    for name in ("wang", "nobody-here"):
        assert await refusal(one, name) is WrongPassword
    assert [encoded.rsplit("$", 2)[0] for encoded in tried] == [_HASH.rsplit("$", 2)[0]] * 2
    keys = await one._store.read(lambda reader: [row[0] for row in reader.rows("SELECT key FROM sign_in_failure")])
    assert len(keys) == 3
    assert not any("nobody" in key for key in keys)


def test_the_limiter_remembers_a_bounded_number_of_addresses() -> None:
    limiter = Limiter(2, monotonic=lambda: 0.0)
    for number in range(ADDRESSES_MOST + 500):
        limiter.admit(f"10.{number >> 16}.{number >> 8 & 255}.{number & 255}")
    assert len(limiter._buckets) == ADDRESSES_MOST
    for _ in range(2):
        limiter.admit("192.0.2.1")
    with pytest.raises(TooManyRequests):
        limiter.admit("192.0.2.1")


def test_passwords_never_show_in_a_message() -> None:
    from hub.wire import SignIn

    command = SignIn.model_validate({"name": "wang", "password": PASSWORD})
    assert PASSWORD not in repr(command)
    assert PASSWORD not in command.json_text()
