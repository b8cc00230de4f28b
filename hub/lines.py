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
from websockets.frames import Frame
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

    #: Writes to the transport. Whoever is told that the line lags or ends writes no more.
    write: Callable[[bytes], None]
    when_lagging: Callable[[], None] | None = None
    when_drained: Callable[[], None] | None = None
    _cut: asyncio.TimerHandle | None = None

    def say(self, frame: bytes) -> None:
        """Send the frame even when the line lags; a line that is closing takes no more."""
        if not (self.close_sent or self.transport.is_closing()):
            self.write(frame)

    def connection_made(self, transport: BaseTransport) -> None:
        super().connection_made(transport)
        self.write = self.transport.write
        self.transport.set_write_buffer_limits(high=LAGS_AT_BYTES)
        self.transport.get_extra_info("socket").setsockopt(SOL_SOCKET, SO_SNDBUF, SYSTEM_BUFFER_BYTES)

    def handle_connect(self, event: Request) -> None:
        super().handle_connect(event)
        if self.response.status_code == 101:  # else there is no scope and no route
            self.scope["extensions"] = {**(self.scope["extensions"] or {}), _EXTENSION: {"line": self}}

    def pause_writing(self) -> None:
        super().pause_writing()
        # abort, not close: a close waits until the other side has taken what it does not take
        self._cut = self.loop.call_later(CUT_AFTER_S, self.transport.abort)
        self._stop()

    def resume_writing(self) -> None:
        super().resume_writing()
        self._keep()
        if self.when_drained and not self.transport.is_closing():
            self.when_drained()

    def connection_lost(self, exc: Exception | None) -> None:
        self._keep()
        super().connection_lost(exc)

    def handle_close(self, event: Frame) -> None:
        self._stop()
        super().handle_close(event)

    def keepalive_timeout(self) -> None:
        self._stop()
        super().keepalive_timeout()

    def shutdown(self) -> None:
        self._stop()
        super().shutdown()

    def _stop(self) -> None:
        """No frame may follow: too many wait already, or the last one has been said."""
        if self.when_lagging:
            self.when_lagging()

    def _keep(self) -> None:
        if self._cut:
            self._cut.cancel()
            self._cut = None


def line_of(socket: WebSocket) -> Line:
    """The line under a route's socket."""
    line: Line = socket.scope["extensions"][_EXTENSION]["line"]
    return line
