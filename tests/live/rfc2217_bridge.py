"""A serial port of another machine: pyserial's own RFC 2217 server side, over a pseudo-terminal."""

from __future__ import annotations

import asyncio
import contextlib
import os
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import serial
from serial.rfc2217 import PortManager


class TerminalSerial(serial.Serial):
    """A pseudo-terminal has no modem lines; these stand still."""

    cts = property(lambda self: True)
    dsr = property(lambda self: True)
    ri = property(lambda self: False)
    cd = property(lambda self: True)

    def _update_dtr_state(self) -> None: ...

    def _update_rts_state(self) -> None: ...

    def _update_break_state(self) -> None: ...


@dataclass
class Bridge:
    terminal: str
    url: str = ""
    bauds: list[int] = field(default_factory=list)
    """The baud rate of the real port when each connection began to talk."""
    writers: set[asyncio.StreamWriter] = field(default_factory=set)

    def pull_network(self) -> None:
        for writer in self.writers:
            writer.transport.abort()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        port: Any = TerminalSerial(self.terminal, 1200, timeout=0)
        connection: Any = SimpleNamespace(write=writer.write)
        manager: Any = PortManager(port, connection)
        loop = asyncio.get_running_loop()
        self.writers.add(writer)
        loop.add_reader(port.fileno(), lambda: writer.write(b"".join(manager.escape(os.read(port.fileno(), 4096)))))
        try:
            with contextlib.suppress(ConnectionError):
                while data := await reader.read(4096):
                    if told := b"".join(manager.filter(data)):
                        self.bauds.append(port.baudrate)
                        port.write(told)
        finally:
            loop.remove_reader(port.fileno())
            self.writers.discard(writer)
            port.close()
            writer.close()


@contextlib.asynccontextmanager
async def rfc2217_bridge(terminal: str) -> AsyncIterator[Bridge]:
    bridge = Bridge(terminal)
    async with await asyncio.start_server(bridge.serve, "127.0.0.1", 0) as server:
        bridge.url = f"rfc2217://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        yield bridge
        bridge.pull_network()
