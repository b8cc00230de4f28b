"""What `hall devices list` and `test` do and say, in both languages."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator
from typing import Any

from serial.tools import list_ports

from devices.drivers import DRIVERS, TWINS
from devices.errors import BadFrame, DeviceError
from devices.escpos_replies import PrinterStatus
from devices.keypad_ff68 import Ff68Bus
from devices.keypad_ff68_frames import Key
from devices.ports import open_port
from devices.printer import Printer, PrintOutcome
from devices.slip import QrCode, Rule, Slip, SlipItem, Space, TextLine

Say = Callable[[str], Any]

WORDS: dict[str, dict[str, str]] = {
    "zh": {
        "drivers": "驱动",
        "ports": "本机串口",
        "no ports": "没有找到串口",
        "twins": "虚拟设备",
        "unknown": "未知",
        "yes": "是",
        "no": "否",
        "ok": "充足",
        "near_end": "将尽",
        "out": "缺纸",
        "online": "联机",
        "paper": "纸",
        "cover_open": "上盖打开",
        "cutter_jam": "切刀卡住",
        "error": "报错",
        "printed": "已打印，打印机已确认",
        "not_printed": "没有打印",
        "sent": "已发送；此打印机不会应答，请看纸",
        "unconfirmed": "已发送，打印机没有确认，请看纸",
        "listening": "请按叫号器或评价器上的键",
        "key": "地址 {address} 按键 {name}（{codes}）",
        "evaluation": "地址 {address} 评价键 {value}",
        "bad frame": "收到错误数据：{text}",
        "heard none": "没有收到任何按键：状态未知，请检查电源、线路和波特率",
        "title": "打印测试",
        "sample": "政务服务 号票 ABC abc 0123456789",
        "rare": "生僻字：㐂 䶮 𬭊",
    },
    "en": {
        "drivers": "Drivers",
        "ports": "Serial ports of this machine",
        "no ports": "no serial port found",
        "twins": "Twins",
        "unknown": "unknown",
        "yes": "yes",
        "no": "no",
        "ok": "enough",
        "near_end": "nearly out",
        "out": "out",
        "online": "on-line",
        "paper": "paper",
        "cover_open": "cover open",
        "cutter_jam": "cutter jammed",
        "error": "error",
        "printed": "Printed; the printer confirms it",
        "not_printed": "Not printed",
        "sent": "Sent; this printer cannot answer, look at the paper",
        "unconfirmed": "Sent, and the printer did not confirm; look at the paper",
        "listening": "Press keys on the caller keypad or the evaluator",
        "key": "address {address} key {name} ({codes})",
        "evaluation": "address {address} evaluation key {value}",
        "bad frame": "damaged data: {text}",
        "heard none": "No key was heard: state unknown; check power, wiring and baud rate",
        "title": "Printer test",
        "sample": "政务服务 Ticket ABC abc 0123456789",
        "rare": "Rare characters: 㐂 䶮 𬭊",
    },
}


def inventory(lang: str) -> Iterator[str]:
    words = WORDS[lang]
    yield words["drivers"]
    for name, driver in DRIVERS.items():
        yield f"  {name:<8} {driver.protocol:<8} {driver.en if lang == 'en' else driver.zh}"
    yield words["ports"]
    ports = sorted(list_ports.comports())
    yield from (f"  {port.device}  {port.description}" for port in ports)
    if not ports:
        yield f"  {words['no ports']}"
    yield words["twins"]
    yield from (f"  twin:{name}" for name in TWINS)


async def try_printer(url: str, *, lang: str, paper_mm: int, profile: str, baud: int, say: Say) -> None:
    """Says the state, prints a test page, says what became of it. Raises DeviceError when it did not print."""
    words = WORDS[lang]
    printer = Printer(
        url, paper_mm=58 if paper_mm == 58 else 80, profile=profile, baud=baud, holder="hall devices test"
    )
    try:
        for line in describe(await printer.status(), words):
            say(line)
        outcome = await printer.print_slip(test_page(printer, words))
    finally:
        await printer.close()
    say(_result(outcome, words))
    if outcome.reason:
        raise outcome.reason


def describe(status: PrinterStatus, words: dict[str, str]) -> Iterator[str]:
    known = {True: words["yes"], False: words["no"], None: words["unknown"]}
    yield f"{words['online']}: {known[status.online]}"
    yield f"{words['paper']}: {words[status.paper or 'unknown']}"
    yield f"{words['cover_open']}: {known[status.cover_open]}"
    yield f"{words['cutter_jam']}: {known[status.cutter_jam]}"
    yield f"{words['error']}: {known[status.error]}"


def _result(outcome: PrintOutcome, words: dict[str, str]) -> str:
    if outcome.result == "unknown":
        return words["unconfirmed" if outcome.reason else "sent"]
    return words[outcome.result]


def test_page(printer: Printer, words: dict[str, str]) -> Slip:
    sizes = (TextLine(f"{size} × A01", size=size, align="center") for size in (1, 2, 3, 4))
    items: tuple[SlipItem, ...] = (
        TextLine(words["title"], size=2, bold=True, align="center"),
        Rule(),
        TextLine(words["sample"]),
        TextLine(words["rare"]),
        *sizes,
        Rule(),
        QrCode(f"hall printer test {printer.paper_mm} mm"),
        Space(2),
    )
    return Slip(items, printer.paper_mm)


async def try_ff68(url: str, *, lang: str, baud: int, seconds: float, say: Say) -> None:
    """Echoes keys and says which they are; evaluations are shown and acknowledged, for nobody is rated here."""
    words = WORDS[lang]
    heard: list[int] = []

    async def on_key(key: Key) -> None:
        heard.append(key.address)
        codes = " ".join(f"{code:02X}" for code in (*key.digits, key.code))
        say(words["key"].format(address=key.address, name=key.name, codes=codes))

    async def on_evaluation(address: int, value: int) -> None:
        heard.append(address)
        say(words["evaluation"].format(address=address, value=value))

    def on_bad_frame(fault: BadFrame) -> None:
        say(words["bad frame"].format(text=fault))

    port = await open_port(url, baud=baud, holder="hall devices test")
    bus = Ff68Bus(port, on_key=on_key, on_evaluation=on_evaluation, on_bad_frame=on_bad_frame, clock=time.monotonic)
    say(words["listening"])
    try:
        async with asyncio.timeout(seconds):
            await bus.run()
    except DeviceError:
        raise
    except TimeoutError:
        if not heard:
            say(words["heard none"])
    finally:
        await port.close()
