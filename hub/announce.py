"""Says on the local network where the hub is (zeroconf, `_servicehall._tcp`), in the background of the start."""

import asyncio
import contextlib
import logging
import socket
from collections.abc import AsyncIterator

from hub.wire import SERVICE_TYPE

log = logging.getLogger("hall.announce")


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach what listens there: then there is nothing to announce."""
    return host == "localhost" or host == "::1" or host.startswith("127.")


@contextlib.asynccontextmanager
async def announced(name: str, port: int, *, scheme: str) -> AsyncIterator[None]:
    """Announce the hub while the block runs. A network without multicast is logged, not fatal."""
    task = asyncio.create_task(_announce(name, port, scheme), name="hall-announce")
    try:
        yield
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


async def _announce(name: str, port: int, scheme: str) -> None:
    from zeroconf import Error
    from zeroconf.asyncio import AsyncServiceInfo, AsyncZeroconf

    try:
        zeroconf = AsyncZeroconf()
    except OSError as error:
        log.warning("not announced: no multicast on this machine", extra={"error": str(error)})
        return
    host = socket.gethostname().split(".")[0]
    info = AsyncServiceInfo(
        SERVICE_TYPE,
        f"{name} @ {host}.{SERVICE_TYPE}",
        port=port,
        properties={"scheme": scheme, "version": "1"},
        server=f"{host}.local.",
        parsed_addresses=addresses(),
    )
    try:
        await zeroconf.async_register_service(info, allow_name_change=True)
        await asyncio.Event().wait()
    except (Error, OSError) as error:
        log.warning("not announced", extra={"error": str(error)})
    finally:
        await zeroconf.async_unregister_all_services()
        await zeroconf.async_close()


def addresses() -> list[str]:
    """This machine's IPv4 addresses on the hall's network."""
    from ifaddr import get_adapters

    found = [str(ip.ip) for adapter in get_adapters() for ip in adapter.ips if ip.is_IPv4]
    return [address for address in found if not address.startswith("127.")] or ["127.0.0.1"]
