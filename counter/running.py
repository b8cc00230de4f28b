"""The counter program as a process: its log, its signals, its exit status."""

import asyncio
import contextlib
import gc
import logging
import signal
import sys
import webbrowser
from pathlib import Path

from counter.agent import Agent, WrongCounter, wires_of
from counter.outbox import Outbox, OutboxError
from counter.seats import seats_of
from counter.wires import Wires
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
    wires = wires_of(settings)
    with contextlib.ExitStack() as outboxes:
        agents = [_agent(seat, wires, outboxes) for seat in seats_of(settings)]
        if not any(agent.lines or agent.tablet for agent in agents):
            log.warning("no keypad is set: give [counter] keypad (or --keypad) the port it hangs on")
        gc.freeze()  # else the garbage collector looks through all modules while a citizen presses
        return await run_together(agents, wires, stop)


def _agent(settings: Settings, wires: Wires, outboxes: contextlib.ExitStack) -> Agent:
    outbox = Outbox(outbox_path(settings))
    outboxes.callback(outbox.close)
    language = settings.hall.language
    counter = settings.counter.counter
    return Agent(settings, outbox, wires=wires, on_code=lambda shown: _say(pairing_words(shown, language, counter)))


async def run_together(agents: list[Agent], wires: Wires, stop: asyncio.Event) -> int:
    """Until `stop` is set, or the first trouble, which is raised; how many presses stay on the disks."""
    ended = asyncio.Event()
    line = asyncio.create_task(wires.run())
    works = [asyncio.create_task(agent.run(ended)) for agent in agents]
    stopping = asyncio.create_task(stop.wait())
    try:
        await asyncio.wait([line, stopping, *works], return_when=asyncio.FIRST_COMPLETED)
        if line.done():
            line.result()
        line.cancel()
        ended.set()
        return sum(await asyncio.gather(*works))
    finally:
        for task in (line, stopping, *works):
            task.cancel()
        await asyncio.gather(line, stopping, *works, return_exceptions=True)


_PAIRING = {
    "zh": "\n{who}    配对码  {code}\n\n请管理员在十分钟内于管理页面“终端”中输入，或在服务端执行：hall pair {code}\n"
    "服务端：{hub}\n",
    "en": "\n{who}    Pairing code  {code}\n\nA manager enters it within ten minutes on the page Stations, or runs on"
    " the hub: hall pair {code}\nHub: {hub}\n",
}
_COMPARE = {
    "zh": "确认前请逐组核对服务端证书指纹，不同则不要确认：{fingerprint}\n",
    "en": "Compare the hub's certificate before confirming; if it differs, do not confirm: {fingerprint}\n",
}


_WHO = {"zh": "    {counter} 号窗口\n", "en": "    Counter {counter}\n"}


def pairing_words(shown: CodeShown, language: Language, counter: str = "") -> str:
    """What a program without a screen writes into its terminal and log."""
    who = _WHO[language].format(counter=counter) if counter else ""
    compare = _COMPARE[language].format(fingerprint=shown.fingerprint) if shown.fingerprint else ""
    return _PAIRING[language].format(who=who, code=shown.code, hub=shown.hub) + compare


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
