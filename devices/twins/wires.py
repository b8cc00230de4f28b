"""What a twin hangs on: a TCP or UDP port, a pseudo-terminal, or a pipe inside this process."""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from devices.transports.pipe import Inbox, LocalPipe, Pipe

READ_BYTES = 4096
UDP_SENDERS = 16

Send = Callable[[bytes], None]


class Plug(Protocol):
    """A twin's end of one connection."""

    def receive(self, data: bytes) -> None: ...

    def unplug(self) -> None: ...


Attach = Callable[[Send], Plug]
"""Given a way to send, a twin gives its end."""


class TcpWire:
    """Serves a twin on a TCP port; every connection gets a plug of its own."""

    def __init__(self, attach: Attach) -> None:
        self._attach = attach
        self._writers: set[asyncio.StreamWriter] = set()
        self._serving: set[asyncio.Task[None]] = set()
        self._server: asyncio.Server | None = None
        self._plugged = True
        self.url = ""

    def plug(self, plugged: bool) -> None:
        """Unplugged, the port still listens (it is the twin's), but every connection ends at once."""
        self._plugged = plugged
        if not plugged:
            self.hang_up()

    async def open(self, port: int, host: str = "127.0.0.1") -> None:
        """`port` 0 = any free one; see `url` afterwards. Raises OSError when the port is taken."""
        self._server = await asyncio.start_server(self._accept, host, port)
        host, port = self._server.sockets[0].getsockname()[:2]
        self.url = f"socket://{host}:{port}"

    async def close(self) -> None:
        if self._server:
            self._server.close()
        self.hang_up()
        if self._serving:
            await asyncio.wait(self._serving)
        if self._server:
            await self._server.wait_closed()

    def hang_up(self) -> None:
        """Cuts every connection, as a pulled cable or a power failure would."""
        for writer in self._writers:
            writer.transport.abort()

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """A task of our own, so that closing can wait for it."""
        task = asyncio.create_task(self._serve(reader, writer))
        self._serving.add(task)
        task.add_done_callback(self._serving.discard)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if not self._plugged:
            await _hung_up(writer)
            return
        self._writers.add(writer)

        def send(data: bytes) -> None:
            if not writer.is_closing():
                writer.write(data)

        plug = self._attach(send)
        try:
            with contextlib.suppress(ConnectionError):
                while data := await reader.read(READ_BYTES):
                    plug.receive(data)
        finally:
            plug.unplug()
            writer.close()
            await _closed(writer)  # until then `hang_up` may still cut it short
            self._writers.discard(writer)


class UdpWire:
    """Serves a twin on a UDP port; every sender's address gets a plug of its own, the oldest of many goes."""

    def __init__(self, attach: Attach) -> None:
        self._attach = attach
        self._plugs: dict[tuple[str, int], Plug] = {}
        self._transport: asyncio.DatagramTransport | None = None
        self._plugged = True
        self.url = ""

    def plug(self, plugged: bool) -> None:
        """Unplugged, datagrams fall to the floor, as nobody would know either."""
        self._plugged = plugged

    async def open(self, port: int, host: str = "127.0.0.1") -> None:
        """`port` 0 = any free one; see `url` afterwards. Raises OSError when the port is taken."""
        loop = asyncio.get_running_loop()
        self._transport, _ = await loop.create_datagram_endpoint(lambda: _Datagrams(self._take), (host, port))
        host, port = self._transport.get_extra_info("sockname")[:2]
        self.url = f"udp://{host}:{port}"

    async def close(self) -> None:
        if self._transport:
            self._transport.close()
        while self._plugs:
            self._plugs.popitem()[1].unplug()

    def _take(self, data: bytes, sender: tuple[str, int]) -> None:
        if self._plugged:
            self._plug_of(sender).receive(data)

    def _plug_of(self, sender: tuple[str, int]) -> Plug:
        if sender not in self._plugs:
            while len(self._plugs) >= UDP_SENDERS:
                self._plugs.pop(next(iter(self._plugs))).unplug()
            self._plugs[sender] = self._attach(lambda data: self._send(data, sender))
        return self._plugs[sender]

    def _send(self, data: bytes, to: tuple[str, int]) -> None:
        if self._transport and self._plugged:
            self._transport.sendto(data, to)


class _Datagrams(asyncio.DatagramProtocol):
    def __init__(self, take: Callable[[bytes, tuple[str, int]], None]) -> None:
        self._take = take

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        self._take(data, addr)


async def _hung_up(writer: asyncio.StreamWriter) -> None:
    writer.transport.abort()
    await _closed(writer)


async def _closed(writer: asyncio.StreamWriter) -> None:
    """The far end may have torn the line; closed is closed."""
    with contextlib.suppress(OSError):
        await writer.wait_closed()


class PtyWire:
    """Serves a twin on a pseudo-terminal, with a symbolic link whose name stays when the terminal's changes."""

    available = sys.platform != "win32"

    def __init__(self, attach: Attach, link: Path | None = None) -> None:
        self._attach = attach
        self._link = link
        self._fds: tuple[int, int] | None = None
        self._plug: Plug | None = None
        self.url = str(link or "")

    def plug(self, plugged: bool) -> None:
        """Unplugged, the terminal and its name are gone; plugged again, the name leads to a new terminal."""
        if not plugged:
            self.close()
        elif self._fds is None:
            self.open()

    def open(self) -> None:
        import tty

        # The far end stays open here too: otherwise every close by a client would end the terminal.
        near, far = os.openpty()
        tty.setraw(far)
        os.set_blocking(near, False)
        self._fds = near, far
        self._plug = self._attach(self._send)
        asyncio.get_running_loop().add_reader(near, self._read, near)
        self._name(os.ttyname(far))

    def close(self) -> None:
        """Ends the terminal: whoever has it open sees it vanish, as with a pulled USB plug."""
        if self._fds is None:
            return
        near, far = self._fds
        self._fds = None
        asyncio.get_running_loop().remove_reader(near)
        if self._plug:
            self._plug.unplug()
        os.close(near)
        os.close(far)
        if self._link:
            self._link.unlink(missing_ok=True)

    def _name(self, terminal: str) -> None:
        self.url = terminal
        if self._link is None:
            return
        self._link.parent.mkdir(parents=True, exist_ok=True)
        fresh = self._link.with_name(f".{self._link.name}.new")
        fresh.unlink(missing_ok=True)
        fresh.symlink_to(terminal)
        fresh.replace(self._link)
        self.url = str(self._link)

    def _read(self, near: int) -> None:
        with contextlib.suppress(BlockingIOError, OSError):
            data = os.read(near, READ_BYTES)
            if self._plug:
                self._plug.receive(data)

    def _send(self, data: bytes) -> None:
        """What nobody reads is lost once the terminal is full, as on a real line."""
        if self._fds:
            with contextlib.suppress(BlockingIOError):
                os.write(self._fds[0], data)


def local_pipe(attach: Attach) -> Pipe:
    """A twin on a pipe inside this process."""
    inbox = Inbox()
    plug = attach(inbox.deliver)
    return LocalPipe(inbox, plug.receive, plug.unplug)
