"""argon2id, in threads of its own: hashing never holds the event loop, and never more than two at once.

Parameters: OWASP Password Storage Cheat Sheet, argon2id with 19 MiB, two passes, one lane; some 25 ms on a small
server. More memory would not fit beside a hub that promises 100 MB.
"""

import asyncio
import base64
import secrets
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from hub.people.rules import normal
from hub.problems import TooManyRequests

R = TypeVar("R")

MEMORY_KIB, PASSES, LANES = 19_456, 2, 1
THREADS = 2
#: Passwords waiting to be hashed; beyond it people are asked to try again.
WAITING_MOST = 200
BUSY_S = 5.0


def hashed(password: str) -> str:
    """The encoded hash to keep."""
    return _hasher().hash(normal(password))


def is_right(encoded: str, password: str) -> bool:
    """Whether the password fits; the same work for a hash of `nobody`."""
    try:
        return _hasher().verify(encoded, normal(password))
    except (VerificationError, InvalidHashError):
        return False


def is_outdated(encoded: str) -> bool:
    """Whether it was made with other parameters than today's."""
    return _hasher().check_needs_rehash(encoded)


def nobody() -> str:
    """A hash that no password fits and that costs as much to try: for names that do not exist."""
    salt, tag = (base64.b64encode(secrets.token_bytes(size)).decode().rstrip("=") for size in (16, 32))
    return f"$argon2id$v=19$m={MEMORY_KIB},t={PASSES},p={LANES}${salt}${tag}"


def _hasher() -> PasswordHasher:
    return PasswordHasher(time_cost=PASSES, memory_cost=MEMORY_KIB, parallelism=LANES)


class Hashing:
    """The threads. Raises TooManyRequests when too many wait for them."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(THREADS, "hall-password")
        self._waiting = 0

    def close(self) -> None:
        self._threads.shutdown(cancel_futures=True)

    async def hashed(self, password: str) -> str:
        return await self._run(lambda: hashed(password))

    async def is_right(self, encoded: str, password: str) -> bool:
        return await self._run(lambda: is_right(encoded, password))

    async def _run(self, work: Callable[[], R]) -> R:
        if self._waiting >= WAITING_MOST:
            raise TooManyRequests(BUSY_S)
        self._waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, work)
        finally:
            self._waiting -= 1
