"""A voice chip that speaks announcements one after the other. The bytes are in `voice_*_frames`."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter, deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from types import ModuleType
from typing import Literal

from devices import voice_syn6288_frames, voice_xfs5152_frames
from devices.errors import BadFrame, DeviceSilent
from devices.health import Condition, Health
from devices.ports import Port
from devices.voice_frames import Answer, AnswerParser, Manner, Part, seconds_to_say

log = logging.getLogger("devices.voice_chip")

CHIPS: dict[str, ModuleType] = {"syn6288": voice_syn6288_frames, "xfs5152ce": voice_xfs5152_frames}

Outcome = Literal["said", "expired", "rejected", "crowded_out", "cut_off", "uncertain"]
"""What became of an announcement. `cut_off`: port or power were lost while it was spoken; `uncertain`: it was sent, no
word came, and too much time passed to tell."""

WAITING_MOST = 20
"""More announcements than this are minutes of speech: the oldest is let go of."""
ANSWER_S = 2.0
"""A chip answers within milliseconds, a serial server takes its time; asked again too soon, a late answer to the first
question would be taken for the answer to the second."""
UNANSWERED_MOST = 2
"""After so many questions without an answer the chip counts as silent."""
ASKED_AGAIN_S = 2.0
"""A silent or busy chip is asked how it is this often."""
LOOK_EVERY_S = 10.0
"""A chip with nothing to say is asked this often whether it lives."""
STUCK_AFTER_S = 60.0
"""No announcement takes that long: a chip that is busy for longer is told to stop."""


@dataclass(frozen=True)
class Announcement:
    """Something to be said `repeat` times while it is fresh. One that waits is replaced by a later one of its `key`."""

    key: str
    parts: tuple[Part, ...]
    fresh_until_s: float
    """On the chip's clock; afterwards nobody needs to hear it."""
    repeat: int = 1


@dataclass
class _Saying:
    """An announcement under way: frames still to be sent; `sent_at` while no word came of the first of them."""

    announcement: Announcement
    frames: deque[bytes]
    seconds: float
    begun: bool = False
    sent_at: float | None = None
    refusals: int = 0


class VoiceChip:
    """Keeps announcements in order and lets none interrupt another; survives its port.

    Before a text is sent the chip is asked whether it is idle, since a new text would cut off the one it speaks.
    What was begun when the port or the chip's power was lost is not said again: a citizen may have heard it.
    """

    def __init__(
        self,
        chip: str,
        *,
        manner: Manner,
        on_change: Callable[[Condition], None],
        clock: Callable[[], float],
        pace: Callable[[Sequence[Part], int], float] = seconds_to_say,
    ) -> None:
        """`pace` tells about how many seconds a sentence takes. Raises KeyError for a chip that is not in CHIPS."""
        self.outcomes: Counter[Outcome] = Counter()
        self.health = Health(on_change)
        self._frames = CHIPS[chip]
        self._manner = manner
        self._clock = clock
        self._pace = pace
        self._waiting: deque[Announcement] = deque()
        self._arrived = asyncio.Event()
        self._quiet = asyncio.Event()
        self._saying: _Saying | None = None

    @property
    def idle(self) -> bool:
        """Nothing is being said or waits."""
        return self._saying is None and not self._waiting

    async def until_idle(self) -> None:
        """Until everything that was to be said is over, one way or another."""
        while not self.idle:
            self._quiet.clear()
            await self._quiet.wait()

    def say(self, announcement: Announcement) -> None:
        """Queues it; call it on the event loop."""
        self._arrived.set()
        for at, waiting in enumerate(self._waiting):
            if waiting.key == announcement.key:
                self._waiting[at] = announcement
                return
        if len(self._waiting) >= WAITING_MOST:
            self.outcomes["crowded_out"] += 1
            log.warning("too many announcements wait, the oldest is not spoken: %s", self._waiting.popleft().key)
        self._waiting.append(announcement)

    async def session(self, port: Port) -> None:
        """For `ports.tend`: speaks what waits, for ever. Raises PortLost."""
        if self._saying and self._saying.begun:
            self._over("cut_off" if self._saying.frames else "said")
        talk = _Talk(port, self._frames.BETWEEN_FRAMES_S, self._noise)
        while True:
            await self._until_idle(talk)
            if self._saying is None:
                await talk.listen_until(self._arrived, LOOK_EVERY_S)
                self._take_next()
            if self._saying:
                await self._speak(talk, self._saying)

    # ---- what is said next ----

    def _take_next(self) -> None:
        while self._waiting and self._saying is None:
            announcement = self._waiting.popleft()
            frames = self._frames.utter(announcement.parts, self._manner) * announcement.repeat
            self._saying = _Saying(announcement, deque(frames), self._pace(announcement.parts, self._manner.speed))
            self._let_go_of_stale()
        if not self._waiting:
            self._arrived.clear()

    def _let_go_of_stale(self) -> None:
        saying = self._saying
        if saying and not saying.begun and saying.announcement.fresh_until_s <= self._clock():
            self._over("expired")

    def _over(self, outcome: Outcome) -> None:
        assert self._saying is not None
        self.outcomes[outcome] += 1
        if outcome != "said":
            log.log(
                logging.INFO if outcome == "expired" else logging.WARNING,
                "an announcement was not spoken: %s, %s",
                outcome,
                self._saying.announcement.key,
            )
        self._saying = None
        self._quiet.set()

    # ---- one text ----

    async def _speak(self, talk: _Talk, saying: _Saying) -> None:
        """Sends the next frame and waits until it was spoken; the chip is idle."""
        self._let_go_of_stale()
        if self._saying is None:
            return
        if not saying.frames:
            self._over("said")
            return
        saying.sent_at = self._clock()
        answer = await talk.ask(saying.frames[0], (Answer.ACCEPTED, Answer.REJECTED))
        if answer is Answer.ACCEPTED:
            self._accepted(saying)
            if await talk.wait_for((Answer.IDLE, Answer.STARTED), saying.seconds * 1.5 + 0.5) is Answer.STARTED:
                self._over("cut_off")
        elif answer is Answer.REJECTED:
            self._rejected(saying)

    def _accepted(self, saying: _Saying) -> None:
        saying.frames.popleft()
        saying.begun, saying.sent_at, saying.refusals = True, None, 0
        self.health.heard()

    def _rejected(self, saying: _Saying) -> None:
        """A frame that was damaged on its way is sent once more; what is refused twice is left out."""
        saying.sent_at = None
        saying.refusals += 1
        self.health.degraded("rejected", "the voice chip rejected a text")
        if saying.refusals > 1:
            self._over("rejected")

    # ---- busy or idle ----

    async def _until_idle(self, talk: _Talk) -> None:
        """Until the chip says that it has nothing to say; asks again and again."""
        unanswered, busy_since = 0, self._clock()
        while True:
            answer = await talk.ask(self._frames.STATUS, (Answer.BUSY, Answer.IDLE))
            if answer is None:
                unanswered += 1
                if unanswered >= UNANSWERED_MOST:
                    self.health.silent(talk.silence())
                    await talk.wait_for(tuple(Answer), ASKED_AGAIN_S)
                busy_since = self._clock()
                continue
            unanswered = 0
            if self.health.now.state != "degraded":
                self.health.heard()
            if answer is Answer.IDLE:
                self._unheard_text()
                return
            if self._saying and self._saying.sent_at is not None:
                self._accepted(self._saying)  # its word was lost, but it speaks
            if self._clock() - busy_since > STUCK_AFTER_S:
                self.health.degraded("stuck", "the voice chip does not come to an end")
                await talk.ask(self._frames.STOP, (Answer.ACCEPTED,))
                busy_since = self._clock()
            await talk.wait_for((Answer.IDLE,), ASKED_AGAIN_S)

    def _unheard_text(self) -> None:
        """The chip is idle and never answered the text that was sent.

        Idle again in less time than the text takes, it never began. Later it may have said it, and a call that is
        heard twice is worse than one that only stands on the screen.
        """
        saying = self._saying
        if saying is None or saying.sent_at is None:
            return
        if self._clock() - saying.sent_at >= saying.seconds / 2:
            self._over("uncertain")
        saying.sent_at = None

    def _noise(self, fault: BadFrame) -> None:
        self.health.degraded("damaged", fault.text)


class _Talk:
    """Questions and answers on one open port."""

    def __init__(self, port: Port, between_frames_s: float, on_noise: Callable[[BadFrame], None]) -> None:
        self._port = port
        self._between_frames_s = between_frames_s
        self._on_noise = on_noise
        self._parser = AnswerParser()
        self._heard: deque[Answer] = deque()

    def silence(self) -> DeviceSilent:
        return DeviceSilent(url=self._port.url, frames=self._port.last_frames)

    async def ask(self, frame: bytes, expected: Sequence[Answer]) -> Answer | None:
        """The answer; None when none came in time. Raises PortLost."""
        await asyncio.sleep(self._between_frames_s)
        self._heard.clear()
        await self._port.write(frame)
        return await self.wait_for(expected, ANSWER_S)

    async def wait_for(self, expected: Sequence[Answer], within_s: float) -> Answer | None:
        """The first of `expected` that the chip says; all else it says meanwhile is passed over."""
        try:
            async with asyncio.timeout(within_s):
                while True:
                    while self._heard:
                        if (answer := self._heard.popleft()) in expected:
                            return answer
                    await self._read()
        except TimeoutError:
            return None

    async def listen_until(self, event: asyncio.Event, within_s: float) -> None:
        """Until the event is set or the time is over; a port that is lost is noticed at once."""
        waiting = asyncio.create_task(event.wait())
        reading = asyncio.create_task(self._read_on())
        try:
            await asyncio.wait([waiting, reading], timeout=within_s, return_when=asyncio.FIRST_COMPLETED)
            if reading.done():
                reading.result()
        finally:
            waiting.cancel()
            reading.cancel()
            await asyncio.gather(waiting, reading, return_exceptions=True)

    async def _read_on(self) -> None:
        while True:
            await self._read()

    async def _read(self) -> None:
        for answer in self._parser.feed(await self._port.read()):
            if isinstance(answer, BadFrame):
                self._on_noise(answer)
            else:
                self._heard.append(answer)
