"""Shows which keys are pressed on the bus, until the time is over."""

from __future__ import annotations

import asyncio
import time

from devices.errors import BadFrame, DeviceError
from devices.keypad_ff68 import Ff68Bus
from devices.keypad_ff68_frames import Key
from devices.ports import open_port
from devices.trials.trial import HOLDER, Trial

WORDS: dict[str, dict[str, str]] = {
    "zh": {
        "listening": "请按叫号器或评价器上的键",
        "key": "地址 {address} 按键 {name}（{codes}）",
        "evaluation": "地址 {address} 评价键 {value}",
        "bad frame": "收到错误数据：{text}",
        "heard none": "没有收到任何按键：状态未知，请检查电源、线路和波特率",
    },
    "en": {
        "listening": "Press keys on the caller keypad or the evaluator",
        "key": "address {address} key {name} ({codes})",
        "evaluation": "address {address} evaluation key {value}",
        "bad frame": "damaged data: {text}",
        "heard none": "No key was heard: state unknown; check power, wiring and baud rate",
    },
}


async def try_ff68(trial: Trial) -> None:
    """Echoes keys and says which they are; evaluations are shown and acknowledged, for nobody is rated here."""
    words, say = trial.words(WORDS), trial.say
    heard: list[int] = []

    async def on_key(key: Key) -> None:
        heard.append(key.address)
        codes = " ".join(f"{code:02X}" for code in (*key.digits, key.code))
        say(words["key"].format(address=key.address, name=key.name, codes=codes))

    async def on_evaluation(address: int, value: int) -> None:
        heard.append(address)
        say(words["evaluation"].format(address=address, value=value))

    def on_bad_frame(fault: BadFrame) -> None:
        say(words["bad frame"].format(text=fault.without_frames()))

    port = await open_port(trial.url, baud=trial.baud, holder=HOLDER)
    bus = Ff68Bus(port, on_key=on_key, on_evaluation=on_evaluation, on_bad_frame=on_bad_frame, clock=time.monotonic)
    say(words["listening"])
    try:
        async with asyncio.timeout(trial.seconds):
            await bus.run()
    except DeviceError:
        raise
    except TimeoutError:
        if not heard:
            say(words["heard none"])
    finally:
        await port.close()
