"""A bar- and QR-code scanner 扫码器, on a serial line or as a keyboard. The bytes are in `scanner_frames` and
`scanner_hid_frames`. Codes go to `on_code` and nowhere else: they may be personal. Open the port as private."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Protocol

from devices.errors import BadFrame
from devices.health import Health
from devices.ports import Port
from devices.scanner_frames import Code, Debounce


class CodeParser(Protocol):
    gap_timeout_s: float

    def feed(self, data: bytes, at: float) -> list[Code | BadFrame]: ...

    def expire(self, at: float) -> list[Code | BadFrame]: ...

    @property
    def unfinished(self) -> bool: ...


class Scanner:
    """`await tend(url, scanner.session, …)`: tells every code once while it stays before the glass.

    A scanner says nothing of itself: until the first code its state is unknown (`silent`).
    """

    def __init__(
        self,
        *,
        on_code: Callable[[str], None],
        health: Health,
        clock: Callable[[], float],
        parser: Callable[[], CodeParser],
        debounce: Debounce | None = None,
    ) -> None:
        self._on_code = on_code
        self._health = health
        self._clock = clock
        self._parser = parser
        self._debounce = debounce or Debounce()

    async def session(self, port: Port) -> None:
        """Until cancelled. Raises PortLost; half a code that the plug cut off is gone."""
        parser = self._parser()
        while True:
            for found in await self._heard(port, parser):
                self._take(found, port)

    async def _heard(self, port: Port, parser: CodeParser) -> list[Code | BadFrame]:
        try:
            async with asyncio.timeout(parser.gap_timeout_s if parser.unfinished else None):
                data = await port.read()
        except TimeoutError:
            return parser.expire(self._clock())
        return parser.feed(data, self._clock())

    def _take(self, found: Code | BadFrame, port: Port) -> None:
        if isinstance(found, BadFrame):
            port.explain(found)
            self._health.degraded("bad_frame", found.without_frames())
            return
        self._health.heard()
        if self._debounce.fresh(found):
            self._on_code(found.text)
