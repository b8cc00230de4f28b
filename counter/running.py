"""The counter program as a process: its log, its signals, its exit status."""

import asyncio
import contextlib
import gc
import logging
import signal
import sys
import webbrowser
from pathlib import Path

from counter.agent import Agent, WrongCounter
from counter.outbox import Outbox, OutboxError
from hub.link import CodeShown, find_hub
from hub.logs import log_to_folder, log_to_stderr
from hub.settings import Settings, data_folder
from hub.wire import Language

log = logging.getLogger("hall.counter")


def serve(settings: Settings, *, windowed: bool) -> int:
    """Runs until SIGTERM or Ctrl-C; the exit status: 0, or 1 after a sentence on stderr."""
    log_to_stderr()
    log_to_folder(settings.logs.folder, "counter", keep_days=settings.logs.keep_days, zone=settings.hall.zone_info)
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
        agent = Agent(settings, outbox, on_code=lambda shown: _say(pairing_words(shown, settings.hall.language)))
        if not agent.lines:
            log.warning("no keypad is set: give [counter] keypad (or --keypad) the port it hangs on")
        gc.freeze()  # else the garbage collector looks through all modules while a citizen presses
        return await agent.run(stop)
    finally:
        outbox.close()


_PAIRING = {
    "zh": "\n    配对码  {code}\n\n请管理员在十分钟内于管理页面“终端”中输入，或在服务端执行：hall pair {code}\n"
    "服务端：{hub}\n",
    "en": "\n    Pairing code  {code}\n\nA manager enters it within ten minutes on the page Stations, or runs on the"
    " hub: hall pair {code}\nHub: {hub}\n",
}
_COMPARE = {
    "zh": "确认前请逐组核对服务端证书指纹，不同则不要确认：{fingerprint}\n",
    "en": "Compare the hub's certificate before confirming; if it differs, do not confirm: {fingerprint}\n",
}


def pairing_words(shown: CodeShown, language: Language) -> str:
    """What a program without a screen writes into its terminal and log."""
    compare = _COMPARE[language].format(fingerprint=shown.fingerprint) if shown.fingerprint else ""
    return _PAIRING[language].format(code=shown.code, hub=shown.hub) + compare


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)  # noqa: T201


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
