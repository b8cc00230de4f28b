"""The counter program as a process: its log, its signals, its exit status."""

import asyncio
import contextlib
import logging
import signal
import sys
import webbrowser
from pathlib import Path

from counter.agent import Agent, WrongCounter
from counter.outbox import Outbox, OutboxError
from hub.link import find_hub
from hub.logs import log_to_stderr
from hub.settings import Settings, data_folder

log = logging.getLogger("hall.counter")


def serve(settings: Settings, *, windowed: bool) -> int:
    """Runs until SIGTERM or Ctrl-C; the exit status: 0, or 1 after a sentence on stderr."""
    log_to_stderr()
    try:
        left = asyncio.run(_serve(settings, windowed=windowed))
    except (WrongCounter, OutboxError, ValueError) as error:
        print(error, file=sys.stderr)  # noqa: T201
        return 1
    if left:
        log.warning("evaluations stay on the disk for the next start", extra={"waiting": left})
    return 0


async def _serve(settings: Settings, *, windowed: bool) -> int:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        with contextlib.suppress(NotImplementedError):  # Windows: Ctrl-C ends asyncio.run by itself
            loop.add_signal_handler(number, stop.set)
    if windowed:
        await _open_console(settings)
    outbox = Outbox(outbox_path(settings))
    try:
        agent = Agent(settings, outbox)
        if not agent.lines:
            log.warning("no keypad is set: give [counter] keypad (or --keypad) the port it hangs on")
        return await agent.run(stop)
    finally:
        outbox.close()


def outbox_path(settings: Settings) -> Path:
    """The set one, else a file of this counter's own in the user's data folder."""
    if settings.counter.outbox:
        return Path(settings.counter.outbox)
    code = "".join(char if char.isalnum() else "_" for char in settings.counter.counter)
    return data_folder() / f"counter-{code or 'agent'}.outbox"


async def _open_console(settings: Settings) -> None:
    """The clerk's console is a page of the hub; the clerk signs in there, no token is put into the address."""
    base = await find_hub(settings)
    if base is None:
        log.warning("no hub was found, the console cannot be opened; set [station] hub_url")
        return
    address = f"{base}/counter?counter={settings.counter.counter}"
    log.info("the clerk's console", extra={"address": address})
    await asyncio.to_thread(webbrowser.open, address)
