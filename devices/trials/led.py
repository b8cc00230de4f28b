"""Shows a test text on a strip, and says what the strip says of itself."""

from __future__ import annotations

import asyncio

from devices.health import Condition
from devices.led_strip import Strip, StripPlan
from devices.led_texts import Sign
from devices.trials.trial import HOLDER, Trial

WORDS: dict[str, dict[str, str]] = {
    "zh": {
        "fine": "已应答，请看屏上是否为：{texts}",
        "silent": "已发送，请看屏上是否为：{texts}（此种屏不应答，状态未知）",
        "degraded": "能用，但：{detail}",
    },
    "en": {
        "fine": "It answered; the strip should show: {texts}",
        "silent": "Sent; the strip should show: {texts} (this kind never answers, its state is unknown)",
        "degraded": "It works, but: {detail}",
    },
}
WAIT_S = 4.0
DIGITS = 4
ANSWERING = ("led-bx", "led-f0d0")


async def try_strip(kind: str, trial: Trial) -> None:
    """`--set width=192 height=32 rows=2 address=1 colour=red`."""
    settings = {name: value if name == "colour" else int(value) for name, value in trial.settings.items()}
    try:
        plan = StripPlan(trial.url, kind, **settings)  # type: ignore[arg-type]
    except TypeError as fault:
        raise ValueError("--set width=… height=… rows=… address=… colour=…") from fault
    told: asyncio.Queue[Condition] = asyncio.Queue()
    strip = Strip(plan, holder=HOLDER, on_change=told.put_nowait)
    digits_only = strip.size.half_cells <= DIGITS
    texts = ("5",) if digits_only else ("3号窗口 A005 请办理", "测试 Z168 [OK]", "政务服务中心")[: strip.size.rows]
    strip.show(Sign(texts, number="A005"))
    tasks = [asyncio.create_task(work) for work in (strip.run(), strip.stands.wait(), told.get())]
    try:
        await asyncio.wait(tasks[1:], timeout=WAIT_S, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    condition = strip.health.now
    if condition.fault and (condition.state == "faulty" or kind in ANSWERING):
        raise condition.fault
    said = trial.words(WORDS)[condition.state]
    trial.say(said.format(texts=" / ".join(texts), detail=condition.detail))


async def try_bx(trial: Trial) -> None:
    await try_strip("led-bx", trial)


async def try_f0d0(trial: Trial) -> None:
    await try_strip("led-f0d0", trial)


async def try_xunpeng(trial: Trial) -> None:
    await try_strip("led-xunpeng", trial)


async def try_xunpeng_colour(trial: Trial) -> None:
    await try_strip("led-xunpeng-colour", trial)


async def try_ddp(trial: Trial) -> None:
    await try_strip("led-ddp", trial)
