"""The voice chips' driver against their twins: one announcement after the other, whatever happens to the cable."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

import pytest

from devices import voice_chip
from devices.health import Condition
from devices.ports import tend
from devices.trials.trial import Trial, trial_of
from devices.twins import faults
from devices.twins.bench import TwinBench, twin_bench
from devices.twins.voice import Syn6288Twin, Xfs5152Twin
from devices.voice_chip import Announcement, VoiceChip
from devices.voice_frames import Manner, Part

SECONDS_A_CHARACTER = 0.015
Twin = Syn6288Twin | Xfs5152Twin


def pace(parts: Sequence[Part], speed: int) -> float:
    """As the twins of these tests speak."""
    return SECONDS_A_CHARACTER * sum(len(part.text) for part in parts)


def call(number: str, *, fresh_s: float = 30.0, repeat: int = 1) -> Announcement:
    parts = (Part("请"), Part(number, "digits"), Part("号到"), Part("12", "value"), Part("号窗口办理"))
    return Announcement(number, parts, time.monotonic() + fresh_s, repeat)


@dataclass
class Loudspeaker:
    """The driver on a port that is kept open, with what it told of itself."""

    twin: Twin
    voice: VoiceChip
    told: list[Condition] = field(default_factory=list)

    async def until(self, true: Callable[[], bool], within_s: float = 5.0) -> None:
        async with asyncio.timeout(within_s):
            while not true():
                await self.twin.watch.after(self.twin.watch.version, 0.05)

    async def silence(self, within_s: float = 10.0) -> None:
        async with asyncio.timeout(within_s):
            await self.voice.until_idle()

    @property
    def sounds(self) -> list[str]:
        return [one.sounds for one in self.twin.spoken]


@contextlib.asynccontextmanager
async def speaking(bench: TwinBench) -> AsyncIterator[Loudspeaker]:
    twin = cast(Twin, bench.twin)
    told: list[Condition] = []
    voice = VoiceChip(twin.kind, manner=Manner(), on_change=told.append, clock=time.monotonic, pace=pace)
    task = asyncio.create_task(tend(bench.urls[0], voice.session, on_state=voice.health.port))
    try:
        yield Loudspeaker(twin, voice, told)
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


@pytest.fixture(params=["syn6288-pty", "xfs5152ce-tcp"])
async def speaker(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Loudspeaker]:
    kind, _, wire = request.param.partition("-")
    wires = {"port": None, "pty": tmp_path / "voice"} if wire == "pty" else {"port": 0}
    async with (
        twin_bench(kind, seconds_a_character=SECONDS_A_CHARACTER, **wires) as bench,
        speaking(bench) as loudspeaker,
    ):
        yield loudspeaker


async def test_calls_are_spoken_in_order_and_none_interrupts_another(speaker: Loudspeaker) -> None:
    for number in ("A001", "A112", "B020"):
        speaker.voice.say(call(number))
    await speaker.silence()
    assert speaker.sounds == [f"请{number}号到十二号窗口办理" for number in ("A零零幺", "A幺幺二", "B零二零")]
    assert (speaker.twin.interrupted, speaker.voice.outcomes["said"]) == (0, 3)
    assert speaker.told[-1].state == "fine"


async def test_an_announcement_is_repeated_and_replaced_by_its_recall_while_it_waits(speaker: Loudspeaker) -> None:
    speaker.voice.say(call("A001", repeat=2))
    speaker.voice.say(call("A002"))
    speaker.voice.say(call("A002"))
    await speaker.silence()
    assert [sound[1:5] for sound in speaker.sounds] == ["A零零幺", "A零零幺", "A零零二"]
    assert speaker.twin.interrupted == 0


async def test_what_expired_is_not_spoken(speaker: Loudspeaker) -> None:
    speaker.voice.say(call("A001"))
    speaker.voice.say(call("A002", fresh_s=0.0))
    speaker.voice.say(call("A003"))
    await speaker.silence()
    assert [sound[1:5] for sound in speaker.sounds] == ["A零零幺", "A零零三"]
    assert speaker.voice.outcomes["expired"] == 1


async def test_the_oldest_gives_way_when_too_many_wait(speaker: Loudspeaker, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(voice_chip, "WAITING_MOST", 2)
    for number in ("A001", "A002", "A003"):
        speaker.voice.say(call(number))
    await speaker.silence()
    assert [sound[1:5] for sound in speaker.sounds] == ["A零零二", "A零零三"]


@pytest.mark.parametrize("fault", ["no-end", "garbage", "slow"])
async def test_a_chip_that_does_not_say_when_it_ends_is_asked(
    speaker: Loudspeaker, fault: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(faults, "SLOW_S", 0.2)
    speaker.twin.set_faults(on=[fault])
    for number in ("A001", "A002"):
        speaker.voice.say(call(number))
    await speaker.silence()
    assert len(speaker.sounds) == 2
    assert speaker.twin.interrupted == 0


async def test_a_chip_that_comes_to_no_end_is_told_to_stop_and_nothing_is_sent_into_its_speech(
    speaker: Loudspeaker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(voice_chip, "ASKED_AGAIN_S", 0.05)
    monkeypatch.setattr(voice_chip, "STUCK_AFTER_S", 0.3)
    speaker.twin.set_faults(on=["stuck"])
    for number in ("A001", "A002"):
        speaker.voice.say(call(number))
    await speaker.until(lambda: speaker.twin.said == 2)
    assert speaker.twin.interrupted == 0
    assert ("degraded", "stuck") in [(one.state, one.code) for one in speaker.told]


async def test_a_silent_chip_is_unknown_and_speaks_when_it_is_back(
    speaker: Loudspeaker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(voice_chip, "ASKED_AGAIN_S", 0.1)
    monkeypatch.setattr(voice_chip, "ANSWER_S", 0.3)
    await speaker.until(lambda: speaker.voice.health.now.state == "fine")
    speaker.twin.set_faults(on=["mute"])
    speaker.voice.say(call("A001"))
    await speaker.until(lambda: speaker.voice.health.now.state == "silent")
    spoken_while_mute = len(speaker.sounds)  # it may have heard the text and spoken it without a word to us
    speaker.voice.say(call("A002"))
    speaker.twin.set_faults(off=["mute"])
    await speaker.silence()
    assert speaker.voice.health.now.state == "fine"
    assert len(speaker.sounds) == len(set(speaker.sounds)) == spoken_while_mute + 1
    assert speaker.sounds[-1].startswith("请A零零二")


async def test_a_rejected_text_is_sent_once_more_then_left_out_and_told(speaker: Loudspeaker) -> None:
    await speaker.until(lambda: speaker.voice.health.now.state == "fine")
    speaker.twin.text_most = 10
    speaker.voice.say(call("A001"))
    await speaker.silence()
    assert (speaker.sounds, speaker.voice.outcomes["rejected"], speaker.twin.rejected) == ([], 1, 2)
    assert (speaker.voice.health.now.state, speaker.voice.health.now.code) == ("degraded", "rejected")
    del speaker.twin.text_most
    speaker.voice.say(call("A002"))
    await speaker.silence()
    assert speaker.voice.health.now.state == "fine"


async def test_a_lost_plug_is_back_within_three_seconds_and_no_call_is_spoken_twice(speaker: Loudspeaker) -> None:
    numbers = [f"A{at:03}" for at in range(1, 9)]
    for number in numbers:
        speaker.voice.say(call(number))
    await speaker.until(lambda: speaker.twin.said == 2)
    speaker.twin.set_faults(on=["unplugged"])
    await speaker.until(lambda: speaker.voice.health.now.state == "faulty")
    back_at = time.monotonic()
    speaker.twin.set_faults(off=["unplugged"])
    await speaker.until(lambda: speaker.voice.health.now.state == "fine", 3.0)
    assert time.monotonic() - back_at < 3.0
    await speaker.silence()
    assert len(speaker.sounds) == len(set(speaker.sounds)) == len(numbers)
    assert speaker.twin.interrupted == 0


async def test_a_kick_at_the_chips_own_plug_is_survived(speaker: Loudspeaker) -> None:
    for number in ("A001", "A002"):
        speaker.voice.say(call(number))
    await speaker.until(lambda: speaker.twin.speaking)
    await asyncio.sleep(0)
    speaker.twin.act({"do": "power"})
    await speaker.silence()
    assert len(speaker.sounds) == len(set(speaker.sounds)) == 2
    assert speaker.twin.interrupted == 0


@pytest.mark.parametrize("kind", ["syn6288", "xfs5152ce"])
async def test_hall_devices_test_speaks_a_sentence_to_judge(kind: str) -> None:
    lines: list[str] = []
    async with twin_bench(kind, seconds_a_character=0.001) as bench:
        await trial_of(kind)(Trial(bench.urls[0], "zh", lines.append, seconds=20, settings={"yao": "no"}))
        assert [one.sounds for one in cast(Twin, bench.twin).spoken] == ["请A一一二号到十二号窗口办理"]
    assert lines[-1] == "模块答复播报完毕"


async def test_a_wrong_sum_is_answered_with_an_error() -> None:
    heard = bytearray()
    twin = Syn6288Twin(seconds_a_character=0.0)
    cable = twin.attach(heard.extend)
    cable.receive(bytes.fromhex("fd000221df"))
    cable.receive(bytes.fromhex("fd000221de"))
    assert heard == b"\x45\x4f"
