"""Chance for verbs: the seed of each, from which it draws its ids and secrets."""

import hashlib
import itertools
import secrets


class Seeds:
    """Seeds that nobody can guess, from one secret of the process.

    Asking the system anew for each verb would let go of the interpreter, and wait for it, in every request.
    """

    def __init__(self) -> None:
        self._secret = secrets.token_bytes(32)
        self._serial = itertools.count()

    def next(self) -> bytes:
        return hashlib.blake2b(next(self._serial).to_bytes(8, "big"), key=self._secret, digest_size=32).digest()
