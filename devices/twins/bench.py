"""Sets twins up with their wires and pages, and takes them down again; `hall devices twin` and the tests use it."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import socket
from collections.abc import AsyncIterator, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import uvicorn
from starlette.applications import Starlette

from devices.twins import kinds
from devices.twins.ff68 import RESEND_S, WINDOW_S, Ff68Line
from devices.twins.pages import device_page, ff68_page, printer_page
from devices.twins.printer import PrinterTwin
from devices.twins.twin import Twin
from devices.twins.wires import Attach, PtyWire, TcpWire, UdpWire

LOCALHOST = "127.0.0.1"


@dataclass(frozen=True)
class PrinterBench:
    twin: PrinterTwin
    urls: tuple[str, ...]
    page_url: str


@dataclass(frozen=True)
class Ff68Bench:
    lines: list[Ff68Line]
    urls: tuple[str, ...]
    page_url: str


@contextlib.asynccontextmanager
async def printer_bench(
    *,
    port: int | None = 0,
    pty: Path | None = None,
    page: int | None = None,
    paper_dir: Path | None = None,
    faults: Iterable[str] = (),
    paper_mm: Literal[58, 80] = 80,
) -> AsyncIterator[PrinterBench]:
    """A printer on TCP (`port` 0 = any free one, None = no TCP) and, if asked for, on a pseudo-terminal named `pty`."""
    later = asyncio.get_running_loop().call_later
    twin = PrinterTwin(paper_mm, faults=faults, later=later, paper_dir=paper_dir)
    async with contextlib.AsyncExitStack() as stack:
        wires = await _wires(twin.attach, port, None, pty, stack)

        def plug(plugged: bool) -> None:
            for wire in wires:
                wire.plug(plugged)

        twin.on_plug = plug
        plug("unplugged" not in twin.faults)
        page_url = await stack.enter_async_context(served(printer_page(twin), page))
        yield PrinterBench(twin, tuple(wire.url for wire in wires), page_url)


@contextlib.asynccontextmanager
async def ff68_bench(
    *,
    lines: int = 1,
    link: Path | None = None,
    port: int | None = None,
    addresses: int = 1,
    page: int | None = None,
    window_s: float = WINDOW_S,
    resend_s: float = RESEND_S,
    faults: Iterable[str] = (),
) -> AsyncIterator[Ff68Bench]:
    """Lines on pseudo-terminals named `link`/ff68-1 …, or on TCP from `port` on where it is given or no pty exists."""
    later = asyncio.get_running_loop().call_later
    settings = {"addresses": addresses, "window_s": window_s, "resend_s": resend_s}
    buses = [Ff68Line(f"ff68-{at}", faults=faults, later=later, **settings) for at in range(1, lines + 1)]  # type: ignore[arg-type]
    async with contextlib.AsyncExitStack() as stack:
        urls = []
        for at, bus in enumerate(buses):
            if port is not None or not PtyWire.available:
                urls.append(await _on_tcp(bus, port + at if port else 0, stack))
            else:
                urls.append(_on_pty(bus, link, stack))
        page_url = await stack.enter_async_context(served(ff68_page(buses), page))
        yield Ff68Bench(buses, tuple(urls), page_url)


@dataclass(frozen=True)
class TwinBench:
    twin: Twin
    urls: tuple[str, ...]
    page_url: str


@contextlib.asynccontextmanager
async def twin_bench(
    twin: Twin | str,
    *,
    port: int | None = 0,
    udp: int | None = None,
    pty: Path | None = None,
    page: int | None = None,
    **options: Any,
) -> AsyncIterator[TwinBench]:
    """A twin, or one of the kind so named, on every wire asked for: TCP (`port` 0 = any free one, None = none), UDP
    and a pseudo-terminal named `pty`; `options` (`faults=…`) make it. Raises ValueError, OSError when a port is taken.
    """
    made = kinds.make(twin, **options) if isinstance(twin, str) else twin
    async with contextlib.AsyncExitStack() as stack:
        wires = await _wires(made.attach, port, udp, pty, stack)

        def plug(plugged: bool) -> None:
            for wire in wires:
                wire.plug(plugged)

        made.on_plug = plug
        made.on_plug("unplugged" not in made.faults)
        page_url = await stack.enter_async_context(served(device_page(made), page))
        yield TwinBench(made, tuple(wire.url for wire in wires), page_url)


async def _wires(
    attach: Attach, port: int | None, udp: int | None, pty: Path | None, stack: contextlib.AsyncExitStack
) -> list[TcpWire | UdpWire | PtyWire]:
    wires: list[TcpWire | UdpWire | PtyWire] = []
    for number, kind in ((port, TcpWire), (udp, UdpWire)):
        if number is not None:
            wire = kind(attach)
            await wire.open(number)
            stack.push_async_callback(wire.close)
            wires.append(wire)
    if pty is not None:
        terminal = PtyWire(attach, pty)
        terminal.open()
        stack.callback(terminal.close)
        wires.append(terminal)
    return wires


def _on_pty(bus: Ff68Line, link: Path | None, stack: contextlib.AsyncExitStack) -> str:
    wire = PtyWire(bus.attach, link / bus.name if link else None)
    bus.on_plug = lambda plugged: wire.open() if plugged else wire.close()
    if "unplugged" not in bus.faults:
        wire.open()
    stack.callback(wire.close)
    return wire.url


async def _on_tcp(bus: Ff68Line, port: int, stack: contextlib.AsyncExitStack) -> str:
    wire = TcpWire(bus.attach)
    bus.on_plug = wire.plug
    wire.plug("unplugged" not in bus.faults)
    await wire.open(port)
    stack.push_async_callback(wire.close)
    return wire.url


class _PageServer(uvicorn.Server):
    """Leaves signals to whoever runs the process."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


@contextlib.asynccontextmanager
async def served(app: Starlette, port: int | None) -> AsyncIterator[str]:
    """The page's URL; `port` 0 = any free one, None = no page and an empty URL. Raises OSError when it is taken."""
    if port is None:
        yield ""
        return
    with socket.create_server((LOCALHOST, port)) as listening:
        server = _PageServer(
            uvicorn.Config(app, log_level="critical", lifespan="off", loop="asyncio", timeout_graceful_shutdown=1)
        )
        serving = asyncio.create_task(server.serve(sockets=[listening]))
        try:
            yield f"http://{LOCALHOST}:{listening.getsockname()[1]}/"
        finally:
            server.should_exit = True
            await serving


async def until_stopped() -> None:
    """Until SIGTERM or Ctrl-C."""
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        with contextlib.suppress(NotImplementedError):  # Windows: Ctrl-C ends asyncio.run by itself
            loop.add_signal_handler(number, stopped.set)
    await stopped.wait()
