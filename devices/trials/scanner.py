"""Shows how long each scanned code is and how it begins, until the time is over."""

from __future__ import annotations

import asyncio
import time
from functools import partial
from typing import Any

from devices.errors import DeviceError
from devices.health import Condition, Health
from devices.ports import open_port
from devices.scanner import Scanner
from devices.scanner_frames import Parser
from devices.scanner_hid_frames import HidParser
from devices.trials.trial import HOLDER, Trial

SHOWN = 24
WORDS: dict[str, dict[str, str]] = {
    "zh": {
        "listening": "请扫码",
        "code": "{count} 个字符：{text}",
        "bad frame": "收到错误数据：{text}",
        "none": "没有收到任何码：状态未知，请检查电源、线路和设置",
    },
    "en": {
        "listening": "Scan a code",
        "code": "{count} characters: {text}",
        "bad frame": "damaged data: {text}",
        "none": "No code was heard: state unknown; check power, wiring and settings",
    },
}


async def try_scanner(trial: Trial) -> None:
    """`--set as=hid` for a keyboard's events, `--set ending=cr`, `prefix=…`, `encoding=gb18030` as it is set up."""
    words, say = trial.words(WORDS), trial.say
    heard: list[int] = []

    def on_code(text: str) -> None:
        heard.append(len(text))
        say(words["code"].format(count=len(text), text=text[:SHOWN] + ("…" if len(text) > SHOWN else "")))

    def on_health(now: Condition) -> None:
        if now.state == "degraded":
            say(words["bad frame"].format(text=now.detail))

    settings: dict[str, Any] = dict(trial.settings)
    hid = settings.pop("as", "serial") == "hid"
    if "prefix" in settings:
        settings["prefix"] = settings["prefix"].encode()
    parser = HidParser if hid else partial(Parser, **settings)
    scanner = Scanner(on_code=on_code, health=Health(on_health), clock=time.monotonic, parser=parser)
    port = await open_port(trial.url, baud=trial.baud, holder=HOLDER, private=True)
    say(words["listening"])
    try:
        async with asyncio.timeout(trial.seconds):
            await scanner.session(port)
    except DeviceError:
        raise
    except TimeoutError:
        if not heard:
            say(words["none"])
    finally:
        await port.close()
