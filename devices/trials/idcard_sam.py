"""Asks the reader for its state and waits for a card; of the card only the last four characters are shown."""

from __future__ import annotations

import asyncio
import time
from typing import Any

from devices.errors import CardUnreadable, DeviceError, DeviceSilent
from devices.health import Condition, Health
from devices.idcard_sam import IdCardReader
from devices.idcard_sam_frames import TAIL, IdCard
from devices.ports import open_port
from devices.trials.trial import HOLDER, Trial

WORDS: dict[str, dict[str, str]] = {
    "zh": {
        "fine": "读卡器应答正常，请放身份证",
        "trouble": "读卡器：{text}",
        "card": "已读取身份证 尾号 {tail}",
        "none": "没有读到身份证",
    },
    "en": {
        "fine": "The reader answers; lay an ID card on it",
        "trouble": "reader: {text}",
        "card": "ID card read, ending in {tail}",
        "none": "no card was read",
    },
}


async def try_reader(trial: Trial) -> None:
    """Ends after the first card. Raises DeviceError when the reader never answers or the port breaks."""
    words, say = trial.words(WORDS), trial.say
    read: asyncio.Future[IdCard] = asyncio.get_running_loop().create_future()
    seen: list[Condition] = []

    def on_health(now: Condition) -> None:
        seen.append(now)
        say(words["fine"] if now.state == "fine" else words["trouble"].format(text=_words(now, trial.lang)))

    def on_card(card: IdCard) -> None:
        if not read.done():
            read.set_result(card)

    def on_trouble(fault: CardUnreadable) -> None:
        say(words["trouble"].format(text=fault.message(trial.lang)))

    reader = IdCardReader(on_card=on_card, on_trouble=on_trouble, health=Health(on_health), clock=time.monotonic)
    port = await open_port(trial.url, baud=trial.baud, holder=HOLDER, private=True)
    looking = asyncio.create_task(reader.session(port))
    works: list[asyncio.Future[Any]] = [looking, read]
    try:
        await asyncio.wait(works, timeout=trial.seconds, return_when=asyncio.FIRST_COMPLETED)
        if looking.done():
            looking.result()
        say(words["card"].format(tail=read.result().number[-TAIL:]) if read.done() else words["none"])
        if not any(one.state in ("fine", "degraded") for one in seen):
            raise (seen[-1].fault if seen else None) or DeviceSilent(url=trial.url)
    finally:
        looking.cancel()
        await asyncio.gather(looking, return_exceptions=True)
        await port.close()


def _words(now: Condition, lang: str) -> str:
    return now.fault.message(lang) if isinstance(now.fault, DeviceError) else now.detail
