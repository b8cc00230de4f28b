"""Where the hub is: the fixed address wins, else zeroconf, else the last one that was found here."""

import asyncio
import contextlib
import logging

from hub.settings import Settings, data_folder
from hub.wire import SERVICE_TYPE

log = logging.getLogger("hall.link")


async def find_hub(settings: Settings, *, timeout_s: float = 3.0) -> str | None:
    """The hub's base URL: the fixed one wins, else zeroconf, else the last one that worked here."""
    if settings.station.hub_url:
        return settings.station.hub_url.rstrip("/")
    found = await _browse(timeout_s)
    remembered = data_folder() / "last-hub"
    if found:
        with contextlib.suppress(OSError):
            remembered.parent.mkdir(parents=True, exist_ok=True)
            remembered.write_text(found, encoding="utf-8")
        return found
    return remembered.read_text(encoding="utf-8").strip() if remembered.is_file() else None


async def _browse(timeout_s: float) -> str | None:
    from zeroconf import ServiceStateChange, Zeroconf
    from zeroconf.asyncio import AsyncServiceBrowser, AsyncServiceInfo, AsyncZeroconf

    names: asyncio.Queue[str] = asyncio.Queue()

    def heard(zeroconf: Zeroconf, service_type: str, name: str, state_change: ServiceStateChange) -> None:
        if state_change is not ServiceStateChange.Removed:
            names.put_nowait(name)

    try:
        zeroconf = AsyncZeroconf()
    except OSError as error:
        log.warning("no multicast on this machine", extra={"error": str(error)})
        return None
    browser = AsyncServiceBrowser(zeroconf.zeroconf, SERVICE_TYPE, handlers=[heard])
    try:
        async with asyncio.timeout(timeout_s):
            while True:
                info = AsyncServiceInfo(SERVICE_TYPE, await names.get())
                if await info.async_request(zeroconf.zeroconf, 1000) and info.parsed_addresses():
                    scheme = (info.properties.get(b"scheme") or b"http").decode()
                    return f"{scheme}://{info.parsed_addresses()[0]}:{info.port}"
    except TimeoutError:
        return None
    finally:
        await browser.async_cancel()
        await zeroconf.async_close()
