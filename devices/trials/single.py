"""Shows which keys are pressed on a key box or a number pad, until the time is over."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from devices.errors import BadFrame
from devices.keypad_box import key_box, read_table
from devices.keypad_ff68_frames import Key
from devices.keypad_hid import hid_pad
from devices.keypad_single import SingleKeypad
from devices.ports import Port, open_port
from devices.transports.opening import scheme_of
from devices.trials.ff68 import WORDS
from devices.trials.trial import HOLDER, Trial


async def try_box(trial: Trial) -> None:
    """`--set key_table=NAME` names the table."""
    table = read_table(trial.settings.get("key_table", "five-keys"))
    await _listen(trial, lambda port, told: key_box(port, table, **told))


async def try_hid(trial: Trial) -> None:
    """`--set as=evaluator` reads 1 to 5 as a citizen's keys. A plain path is an input device's."""
    evaluator = trial.settings.get("as") == "evaluator"
    if scheme_of(trial.url) == "serial":
        trial = replace(trial, url=f"evdev://{trial.url}")
    await _listen(trial, lambda port, told: hid_pad(port, evaluator=evaluator, **told))


async def _listen(trial: Trial, pad_on: Callable[[Port, dict[str, Any]], SingleKeypad]) -> None:
    """Raises DeviceError when the port is lost."""
    words, say = trial.words(WORDS), trial.say
    heard: list[str] = []

    def tell(sentence: str, **facts: object) -> None:
        heard.append(sentence)
        say(words[sentence].format(**facts))

    async def on_key(key: Key) -> None:
        tell("key", address=key.address, name=key.name, codes=" ".join(map(str, key.digits)))

    async def on_evaluation(value: int) -> bool:
        tell("evaluation", address=1, value=value)
        return True

    def on_bad_frame(fault: BadFrame) -> None:
        say(words["bad frame"].format(text=fault.without_frames()))

    port = await open_port(trial.url, baud=trial.baud, holder=HOLDER)
    told = {"on_key": on_key, "on_evaluation": on_evaluation, "on_bad_frame": on_bad_frame, "clock": time.monotonic}
    say(words["listening"])
    try:
        async with asyncio.timeout(trial.seconds):
            await pad_on(port, told).run()
    except TimeoutError:
        if not heard:
            say(words["heard none"])
    finally:
        await port.close()
