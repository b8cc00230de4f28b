"""Requests per client address, counted in a bounded memory."""

import time
from collections import OrderedDict
from collections.abc import Callable

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
