"""Lets a voice chip say a sentence in which a person can hear what matters."""

from __future__ import annotations

import asyncio
import time

from devices.errors import DeviceBusy, DeviceError, DeviceSilent
from devices.health import Condition
from devices.ports import Port, open_port
from devices.trials.trial import HOLDER, Trial
from devices.voice_chip import Announcement, VoiceChip
from devices.voice_frames import Manner, Part

WORDS: dict[str, dict[str, str]] = {
    "zh": {
        "listening": "正在播报：请A112号到12号窗口办理（应听到“A 幺幺二号”“十二号窗口”）",
        "said": "模块答复播报完毕",
        "not said": "没有播报完毕：{outcomes}",
        "is": "状态 {state} {code}",
    },
    "en": {
        "listening": "Saying: 请A112号到12号窗口办理 (you should hear “A yao yao er hao” and “shi er hao chuang kou”)",
        "said": "The chip says that it has spoken",
        "not said": "It was not spoken to its end: {outcomes}",
        "is": "state {state} {code}",
    },
}
SENTENCE = (Part("请"), Part("A112", "digits"), Part("号到"), Part("12", "value"), Part("号窗口办理"))


async def try_syn6288(trial: Trial) -> None:
    """`--set volume=5` and `speed=5` are 0 to 10; `yao=no` reads a 1 as 一."""
    await _try("syn6288", trial)


async def try_xfs5152ce(trial: Trial) -> None:
    """As `try_syn6288`."""
    await _try("xfs5152ce", trial)


async def _try(chip: str, trial: Trial) -> None:
    words = trial.words(WORDS)
    port = await open_port(trial.url, baud=trial.baud, holder=HOLDER)
    told: list[Condition] = []

    def changed(condition: Condition) -> None:
        told.append(condition)
        trial.say(words["is"].format(state=condition.state, code=condition.code))

    voice = VoiceChip(chip, manner=manner_of(trial), on_change=changed, clock=time.monotonic)
    trial.say(words["listening"])
    voice.say(Announcement("trial", SENTENCE, time.monotonic() + trial.seconds))
    try:
        async with asyncio.timeout(trial.seconds):
            await _until_spoken(voice, port)
    except DeviceError:
        raise
    except TimeoutError:
        raise _unfinished(told, trial) from None
    finally:
        await port.close()
    said = voice.outcomes["said"] > 0
    trial.say(words["said"] if said else words["not said"].format(outcomes=dict(voice.outcomes)))


def _unfinished(told: list[Condition], trial: Trial) -> DeviceError:
    """Why it did not come to the end of the sentence in time."""
    if not told:
        return DeviceSilent(url=trial.url)
    return told[-1].fault or DeviceBusy(f"It answers, but was not done in {trial.seconds:g} s.", url=trial.url)


async def _until_spoken(voice: VoiceChip, port: Port) -> None:
    session = asyncio.create_task(voice.session(port))
    spoken = asyncio.create_task(voice.until_idle())
    try:
        done, _ = await asyncio.wait([session, spoken], return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()
    finally:
        session.cancel()
        spoken.cancel()
        await asyncio.gather(session, spoken, return_exceptions=True)


def manner_of(trial: Trial) -> Manner:
    """Raises ValueError with the name of what is wrong."""
    settings = dict(trial.settings)
    manner = Manner(
        volume=int(settings.pop("volume", "5")),
        speed=int(settings.pop("speed", "5")),
        yao=settings.pop("yao", "") != "no",
    )
    if settings:
        raise ValueError(f"{', '.join(settings)}: a voice chip takes volume=0..10, speed=0..10, yao=yes|no")
    return manner
