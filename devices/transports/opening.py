"""Which pipe a URL means, and which device is behind it; the table of URLs stands in `devices.ports`."""

from __future__ import annotations

import os
from collections.abc import Awaitable, Callable
from urllib.parse import parse_qs, unquote, urlsplit

from devices.errors import PortMissing
from devices.transports.pipe import Inbox, LocalPipe, Pipe


def scheme_of(url: str) -> str:
    """`serial` for plain paths and COM names."""
    if url.startswith(("/", "\\\\.\\")) or url.upper().startswith("COM"):
        return "serial"
    return url.partition(":")[0].lower()


def parse_serial(url: str, baud: int) -> tuple[str, int]:
    """The device path and the baud rate; `?baud=` in the URL wins over the argument."""
    if not url.startswith("serial:"):
        return url, baud
    parts = urlsplit(url)
    told = parse_qs(parts.query).get("baud", [str(baud)])[0]
    if not told.isdecimal() or int(told) < 1:
        raise ValueError(f"baud={told!r} in {url!r} is not a number")
    return unquote(parts.netloc + parts.path), int(told)


def parse_address(url: str) -> tuple[str, int]:
    """Host and port number. Raises ValueError."""
    parts = urlsplit(url)
    if not parts.hostname or parts.port is None:
        raise ValueError(f"{url!r} needs a host and a port: {parts.scheme}://192.168.1.50:9100")
    return parts.hostname, parts.port


def recorded(url: str) -> tuple[str, str]:
    """`record:FILE|URL` → the file and the URL; the file is empty for every other URL."""
    if not url.startswith("record:"):
        return "", url
    file, _, inner = url.removeprefix("record:").partition("|")
    return file, inner


def device_of(url: str) -> str:
    """One name for one device, however its URL is written; empty for what several programs may use at once.

    `?shared=yes` on a network address is empty too: for serial servers that take several connections.
    """
    scheme = scheme_of(url)
    if scheme == "serial":
        return f"serial:{os.path.realpath(parse_serial(url, 9600)[0])}"
    if scheme == "evdev":
        return f"evdev:{os.path.realpath(unquote(urlsplit(url).path))}"
    if scheme == "usb":
        return url.lower().rstrip("/")
    if scheme not in ("socket", "rfc2217", "udp") or "yes" in parse_qs(urlsplit(url).query).get("shared", []):
        return ""
    host, number = parse_address(url)
    return f"{'udp' if scheme == 'udp' else 'tcp'}:{host.lower()}:{number}"


async def _open_serial(url: str, baud: int) -> Pipe:
    from devices.transports.tty import open_tty

    path, baud = parse_serial(url, baud)
    return open_tty(path, baud=baud, url=url)


async def _open_socket(url: str, baud: int) -> Pipe:
    from devices.transports.network import open_tcp

    return await open_tcp(*parse_address(url), url=url)


async def _open_udp(url: str, baud: int) -> Pipe:
    from devices.transports.network import open_udp

    return await open_udp(*parse_address(url), url=url)


async def _open_rfc2217(url: str, baud: int) -> Pipe:
    from devices.transports.network import open_rfc2217

    return await open_rfc2217(url.partition("?")[0], baud=baud)


async def _open_usb(url: str, baud: int) -> Pipe:
    from devices.transports.usb import open_usb

    vendor, _, product = url.removeprefix("usb://").strip("/").partition(":")
    try:
        ids = int(vendor, 16), int(product, 16)
    except ValueError:
        raise ValueError(f"{url!r} needs vendor and product in hexadecimal: usb://04b8:0e15") from None
    return await open_usb(*ids, url=url)


async def _open_evdev(url: str, baud: int) -> Pipe:
    from devices.transports.evdev import open_events

    return open_events(unquote(urlsplit(url).path), url=url)


async def _open_file(url: str, baud: int) -> Pipe:
    from devices.transports.onto_file import open_file

    return open_file(unquote(urlsplit(url).path), url=url)


async def _open_queue(url: str, baud: int) -> Pipe:
    from devices.transports.print_queue import open_queue

    return await open_queue(unquote(url.removeprefix("queue://")), url=url)


async def _open_loop(url: str, baud: int) -> Pipe:
    inbox = Inbox()
    return LocalPipe(inbox, inbox.deliver)


async def _open_twin(url: str, baud: int) -> Pipe:
    from devices.twins import local

    name = url.removeprefix("twin:")
    if name not in local.TWINS:
        raise PortMissing(f"There is no twin {name!r}; there are {', '.join(sorted(local.TWINS))}.", url=url)
    return local.TWINS[name]()


async def _open_replay(url: str, baud: int) -> Pipe:
    from devices.recording import player_at

    try:
        return player_at(url.removeprefix("replay:"))
    except OSError as fault:
        raise PortMissing(f"The recording cannot be read: {fault.strerror or fault}", url=url) from fault


OPENERS: dict[str, Callable[[str, int], Awaitable[Pipe]]] = {
    "serial": _open_serial,
    "socket": _open_socket,
    "udp": _open_udp,
    "rfc2217": _open_rfc2217,
    "usb": _open_usb,
    "evdev": _open_evdev,
    "file": _open_file,
    "queue": _open_queue,
    "loop": _open_loop,
    "twin": _open_twin,
    "replay": _open_replay,
}
"""URL and baud rate → an open pipe; ValueError for a URL that makes no sense."""
