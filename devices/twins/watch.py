"""Tells watchers that something changed, without them asking over and over."""

from __future__ import annotations

import asyncio


class Watch:
    """A number that grows with every change."""

    def __init__(self) -> None:
        self.version = 0
        self._changed = asyncio.Event()

    def touch(self) -> None:
        self.version += 1
        self._changed.set()
        self._changed = asyncio.Event()

    async def after(self, version: int, timeout_s: float) -> int:
        """The version, as soon as it differs from `version` or when the time is over."""
        try:
            async with asyncio.timeout(timeout_s):
                while self.version == version:
                    await self._changed.wait()
        except TimeoutError:
            pass
        return self.version
