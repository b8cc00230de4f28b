"""Looks at the devices that a hall has configured, one after another of its settings, without disturbing them.

A device that one of our programs has open is in use, which is as good as it gets from outside. The others are opened
for a moment; those that can be asked are asked how they are.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from devices.drivers import DRIVERS
from devices.errors import DeviceError, DeviceSilent
from devices.health import Condition, Health
from devices.ports import Port, open_port
from devices.transports.claim import held_by
from devices.transports.opening import device_of, scheme_of

HOLDER = "hall check"
ANSWER_S = 4.0
"""Opening a network port that nobody answers takes 3 s."""

Severity = Literal[0, 1, 2]
Line = tuple[str, Severity, str]
"""Name, 0 ok / 1 warning / 2 failure, and what to do."""

WORDS = {
    "zh": {
        "twin": "虚拟设备，仅供试用，正式使用请改为真实设备的端口",
        "in use": "正在使用（{holder}）",
        "fine": "应答正常",
        "opens": "端口可以打开，设备是否正常须试用：hall devices test {url} --as {kind}",
        "one way": "已找到；此连接方式没有应答，请打印测试页：hall devices test {url} --as {kind}",
        "silent": "；设备种类或波特率不对也会这样，可试用核对：hall devices test {url} --as {kind}",
        "near_end": "纸将用完，请备好纸卷",
        "bad_frame": "数据有误，请检查线路、波特率和接地",
        "setting": "{setting} 的写法不对：{text}",
    },
    "en": {
        "twin": "a virtual device, for trying only; name the real device's port before the hall opens",
        "in use": "in use ({holder})",
        "fine": "answers",
        "opens": "the port opens; whether the device works is seen by trying: hall devices test {url} --as {kind}",
        "one way": "found; it cannot answer on this way, print a page: hall devices test {url} --as {kind}",
        "silent": "; a wrong kind or baud rate looks the same, try it: hall devices test {url} --as {kind}",
        "near_end": "paper is nearly out; have a roll ready",
        "bad_frame": "damaged data; check the line, the baud rate and the grounding",
        "setting": "{setting} is written wrongly: {text}",
    },
}


@dataclass(frozen=True)
class Fitted:
    """A device that a setting names: `[kiosk] printer`, of kind `printer`, at this URL."""

    setting: str
    kind: str
    url: str
    baud: int = 0
    """0 = as usual for the protocol."""
    profile: str = "generic"
    """Of a printer."""
    address: int = 1
    """Of an LED card."""


def looked_at(devices: Iterable[Fitted], language: str) -> Iterator[Line]:
    """A line each, all looked at together; a port that several settings name is opened once."""
    fitted = list({device.url: device for device in reversed(list(devices))}.values())[::-1]
    yield from asyncio.run(_all(fitted, language))


async def _all(fitted: list[Fitted], language: str) -> list[Line]:
    return await asyncio.gather(*(_line(device, language) for device in fitted))


async def _line(device: Fitted, language: str) -> Line:
    driver, words = DRIVERS[device.kind], WORDS[language]
    name = f"{device.setting} {driver.en if language == 'en' else driver.zh} {device.url}"
    if scheme_of(device.url) == "twin":
        return name, 1, words["twin"]
    try:
        holder = await asyncio.to_thread(held_by, device_of(device.url))
        if holder:
            return name, 0, words["in use"].format(holder=holder)
        condition = await _condition(device)
    except ValueError as fault:
        if not isinstance(fault, DeviceError):
            return name, 2, words["setting"].format(setting=device.setting, text=fault)
        condition = Condition("faulty", fault=fault)
    return name, *_told(device, condition, language)


async def _condition(device: Fitted) -> Condition:
    try:
        async with asyncio.timeout(ANSWER_S):
            return await ASKING.get(device.kind, _open_only)(device)
    except DeviceError as fault:
        return Condition("silent" if isinstance(fault, DeviceSilent) else "faulty", fault=fault)
    except TimeoutError:
        return Condition("silent", fault=DeviceSilent(url=device.url))


def _told(device: Fitted, condition: Condition, language: str) -> tuple[Severity, str]:
    words = WORDS[language]
    if isinstance(condition.fault, DeviceSilent):
        return 2, condition.fault.message(language) + words["silent"].format(url=device.url, kind=device.kind)
    if condition.fault:
        return 2, condition.fault.message(language)
    if condition.code in ("opens", "one way"):
        return 0, words[condition.code].format(url=device.url, kind=device.kind)
    if condition.state == "fine":
        return 0, words["fine"]
    return 1, words.get(condition.code, condition.detail)


# ---- asking ----


async def _open_only(device: Fitted) -> Condition:
    """For what speaks only when somebody presses or scans, and for what never speaks."""
    async with _opened(device):
        return Condition("silent", "opens")


async def _ask_printer(device: Fitted) -> Condition:
    from devices.printer import Printer
    from devices.printer_talk import blocked_by

    printer = Printer(device.url, profile=device.profile, baud=_baud(device), holder=HOLDER)
    if not printer.profile.answers_status or scheme_of(device.url) in ("file", "queue"):
        async with _opened(device):
            return Condition("silent", "one way")
    try:
        status = await printer.status()
    finally:
        await printer.close()
    if not status.known:
        raise DeviceSilent(url=device.url)
    if reason := blocked_by(status):
        return Condition("faulty", fault=reason(url=device.url))
    return Condition("degraded", "near_end") if status.paper == "near_end" else Condition("fine")


async def _ask_led_card(device: Fitted) -> Condition:
    from devices.led_bx import BxCard

    async with _opened(device) as port:
        card = BxCard(port, card=device.address)
        reading = asyncio.ensure_future(card.run())
        try:
            await card.ping()
        finally:
            reading.cancel()
            await asyncio.wait([reading])
    return Condition("fine")


async def _ask_voice(device: Fitted) -> Condition:
    from devices.voice_chip import VoiceChip
    from devices.voice_frames import Manner

    def session(health: Callable[[Condition], None]) -> Callable[[Port], Awaitable[None]]:
        return VoiceChip(device.kind, manner=Manner(), on_change=health, clock=time.monotonic).session

    return await _first_word(device, session)


async def _ask_id_reader(device: Fitted) -> Condition:
    from devices.idcard_sam import IdCardReader

    def session(health: Callable[[Condition], None]) -> Callable[[Port], Awaitable[None]]:
        return IdCardReader(
            on_card=lambda card: None,  # a card that lies there is nobody's business here
            on_trouble=lambda fault: None,
            health=Health(health),
            clock=time.monotonic,
        ).session

    return await _first_word(device, session)


ASKING: dict[str, Callable[[Fitted], Awaitable[Condition]]] = {
    "printer": _ask_printer,
    "led-bx": _ask_led_card,
    "syn6288": _ask_voice,
    "xfs5152ce": _ask_voice,
    "idcard-sam": _ask_id_reader,
}


async def _first_word(
    device: Fitted, session: Callable[[Callable[[Condition], None]], Callable[[Port], Awaitable[None]]]
) -> Condition:
    """Lets the driver talk until it knows how the device is."""
    known: asyncio.Future[Condition] = asyncio.get_running_loop().create_future()

    def changed(condition: Condition) -> None:
        if not known.done():
            known.set_result(condition)

    async with _opened(device) as port:
        talking = asyncio.ensure_future(session(changed)(port))
        talking.add_done_callback(lambda ended: _pass_on(ended, known))
        try:
            return await known
        finally:
            talking.cancel()
            await asyncio.wait([talking])


def _pass_on(ended: asyncio.Future[None], known: asyncio.Future[Condition]) -> None:
    """A lost port ends the talk before anything is known."""
    fault = None if ended.cancelled() else ended.exception()
    if fault and not known.done():
        known.set_exception(fault)


@contextlib.asynccontextmanager
async def _opened(device: Fitted) -> AsyncIterator[Port]:
    private = DRIVERS[device.kind].private
    async with await open_port(device.url, baud=_baud(device), holder=HOLDER, private=private) as port:
        yield port


def _baud(device: Fitted) -> int:
    return device.baud or DRIVERS[device.kind].baud
