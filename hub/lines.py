"""The line to one screen: uvicorn's WebSocket, onto which a frame that was built once is written as it is.

A task and a queue for each screen cost several times what the system's own send does; at a thousand screens that is
what a citizen waits for. So the board writes to the transports, and a line says when it can take no more.
"""

import asyncio
from asyncio import BaseTransport
from collections.abc import Callable
from socket import SO_SNDBUF, SOL_SOCKET

from fastapi import WebSocket
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.http11 import Request

#: A line lags once more bytes than this wait to be sent, and until a quarter of them are left.
LAGS_AT_BYTES = 64 * 1024
#: The system's own buffer comes before that; left to itself it would take megabytes for a screen that reads nothing.
SYSTEM_BUFFER_BYTES = 128 * 1024
#: A line that has lagged for this long is cut: its screen is gone, or comes back and gets the whole board.
CUT_AFTER_S = 30.0

_EXTENSION = "hall.line"


class Line(WebSocketsSansIOProtocol):
    """A WebSocket that hands itself to its route; the hub's server makes one for each upgrade."""

    lags = False
    when_drained: Callable[[], None] | None = None
    _cut: asyncio.TimerHandle | None = None

    def offer(self, frame: bytes) -> bool:
        """Take the frame, unless the line lags: then it is refused, so that nothing piles up here."""
        if self.lags:
            return False
        if not (self.close_sent or self.transport.is_closing()):
            self.transport.write(frame)
        return True

    def say(self, frame: bytes) -> None:
        """Send the frame even when the line lags; a line that is closing takes no more."""
        if not (self.close_sent or self.transport.is_closing()):
            self.transport.write(frame)

    def connection_made(self, transport: BaseTransport) -> None:
        super().connection_made(transport)
        self.transport.set_write_buffer_limits(high=LAGS_AT_BYTES)
        self.transport.get_extra_info("socket").setsockopt(SOL_SOCKET, SO_SNDBUF, SYSTEM_BUFFER_BYTES)

    def handle_connect(self, event: Request) -> None:
        super().handle_connect(event)
        if self.response.status_code == 101:  # else there is no scope and no route
            self.scope["extensions"] = {**(self.scope["extensions"] or {}), _EXTENSION: {"line": self}}

    def pause_writing(self) -> None:
        super().pause_writing()
        self.lags = True
        # abort, not close: a close waits until the other side has taken what it does not take
        self._cut = self.loop.call_later(CUT_AFTER_S, self.transport.abort)

    def resume_writing(self) -> None:
        super().resume_writing()
        self._caught_up()
        if self.when_drained:
            self.when_drained()

    def connection_lost(self, exc: Exception | None) -> None:
        self._caught_up()
        super().connection_lost(exc)

    def _caught_up(self) -> None:
        self.lags = False
        if self._cut:
            self._cut.cancel()
            self._cut = None


def line_of(socket: WebSocket) -> Line:
    """The line under a route's socket."""
    line: Line = socket.scope["extensions"][_EXTENSION]["line"]
    return line
