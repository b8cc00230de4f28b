"""Devices behind a network: TCP (printers on 9100, serial servers), UDP (LED walls), RFC 2217."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import socket
from typing import cast

import serial

from devices.errors import PortDenied, PortMissing
from devices.transports.pipe import Pipe, ThreadedPipe

CONNECT_TIMEOUT_S = 3.0
KEEPALIVE_S = 10
"""A pulled network cable is noticed after three unanswered probes, half a minute, instead of two hours."""
READ_BYTES = 4096
RFC2217_READ_S = 0.2
DATAGRAMS_WAITING = 256


class TcpPipe:
    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    async def receive(self) -> bytes:
        return await self._reader.read(READ_BYTES)

    async def send(self, data: bytes) -> None:
        self._writer.write(data)
        await self._writer.drain()

    async def close(self) -> None:
        self._writer.close()
        with contextlib.suppress(OSError):
            await self._writer.wait_closed()


async def open_tcp(host: str, port: int, *, url: str) -> Pipe:
    """Raises PortMissing when nobody answers within 3 s."""
    try:
        async with asyncio.timeout(CONNECT_TIMEOUT_S):
            reader, writer = await asyncio.open_connection(host, port)
    except TimeoutError as fault:
        raise PortMissing(f"{host}:{port} did not answer within {CONNECT_TIMEOUT_S:g} s", url=url) from fault
    except OSError as fault:
        if fault.errno in (errno.EACCES, errno.EPERM):
            raise PortDenied(url=url) from fault
        raise PortMissing(f"{host}:{port} cannot be reached: {fault.strerror or fault}", url=url) from fault
    _keep_alive(writer.get_extra_info("socket"))
    return TcpPipe(reader, writer)


class UdpPipe(asyncio.DatagramProtocol):
    """Datagrams to and from one address; each read is one datagram. Nobody can tell whether the far end is there."""

    def __init__(self) -> None:
        self._arrived: asyncio.Queue[bytes | OSError] = asyncio.Queue(DATAGRAMS_WAITING)
        self._transport: asyncio.DatagramTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.DatagramTransport, transport)

    def datagram_received(self, data: bytes, addr: object) -> None:
        """What nobody reads in time is lost, as anywhere on its way; empty ones say nothing."""
        if data and not self._arrived.full():
            self._arrived.put_nowait(data)

    def error_received(self, exc: Exception) -> None:
        """Another machine says that nobody listens there."""
        if isinstance(exc, OSError) and not self._arrived.full():
            self._arrived.put_nowait(exc)

    async def receive(self) -> bytes:
        found = await self._arrived.get()
        if isinstance(found, OSError):
            raise found
        return found

    async def send(self, data: bytes) -> None:
        if self._transport is None or self._transport.is_closing():
            raise OSError(errno.EBADF, "the datagram socket is closed")
        self._transport.sendto(data)

    async def close(self) -> None:
        if self._transport:
            self._transport.close()


async def open_udp(host: str, port: int, *, url: str) -> Pipe:
    """Raises PortMissing when the name cannot be resolved or the network is not there."""
    try:
        _, pipe = await asyncio.get_running_loop().create_datagram_endpoint(UdpPipe, remote_addr=(host, port))
    except OSError as fault:
        raise PortMissing(f"{host}:{port} cannot be reached: {fault.strerror or fault}", url=url) from fault
    return pipe


def _keep_alive(sock: socket.socket) -> None:
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    for name, value in (("TCP_KEEPIDLE", KEEPALIVE_S), ("TCP_KEEPINTVL", KEEPALIVE_S), ("TCP_KEEPCNT", 3)):
        if hasattr(socket, name):
            sock.setsockopt(socket.IPPROTO_TCP, getattr(socket, name), value)


async def open_rfc2217(url: str, *, baud: int) -> Pipe:
    """A serial port on another machine, with its baud rate; pyserial speaks the protocol in a thread."""
    try:
        port = await asyncio.to_thread(serial.serial_for_url, url, baud, timeout=RFC2217_READ_S)
    except (OSError, ValueError) as fault:
        raise PortMissing(f"The remote serial port cannot be opened: {fault}", url=url) from fault
    return ThreadedPipe(lambda: bytes(port.read(max(1, port.in_waiting))), port.write, port.close)
