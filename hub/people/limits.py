"""Requests per client address, counted in a bounded memory; and the sockets that a withdrawn right must close."""

import time
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from hub.people.rules import Bucket, limited_as, take
from hub.problems import TooManyRequests

#: Addresses remembered; beyond it the one that was silent longest is forgotten.
ADDRESSES_MOST = 10_000


class Limiter:
    """A token bucket for each address."""

    def __init__(self, per_minute: float, *, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._per_minute = per_minute
        self._monotonic = monotonic
        self._buckets: OrderedDict[str, Bucket] = OrderedDict()

    def admit(self, address: str) -> None:
        """Count a request. Raises TooManyRequests."""
        name = limited_as(address)
        if name is None:
            return
        bucket, wait_s = take(self._buckets.get(name), self._monotonic(), per_minute=self._per_minute)
        self._buckets[name] = bucket
        self._buckets.move_to_end(name)
        if len(self._buckets) > ADDRESSES_MOST:
            self._buckets.popitem(last=False)
        if wait_s:
            raise TooManyRequests(wait_s)


class OpenSockets:
    """Sockets by what let them in: the hash of a cookie or of a token."""

    def __init__(self) -> None:
        self._closers: dict[str, list[Callable[[], None]]] = {}

    @contextmanager
    def held(self, key: str, close: Callable[[], None]) -> Iterator[None]:
        closers = self._closers.setdefault(key, [])
        closers.append(close)
        try:
            yield
        finally:
            closers.remove(close)
            if not closers:
                self._closers.pop(key, None)

    def close_all_but(self, valid: Callable[[str], bool]) -> None:
        """Close those whose right is no longer valid."""
        for key in [key for key in self._closers if not valid(key)]:
            for close in self._closers[key]:
                close()
