"""The citizen's answer at one counter: who is asked, what a press counts for, and that it is on the disk first."""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass

from counter.asking import COMMAND_S
from counter.evaluating import Asking, Evaluation, NoEvaluation, Outcome, Repeat, answered, invited, pressed
from counter.outbox import Outbox, OutboxError
from hub.link import Link
from hub.wire import Evaluate, EvaluationChannel, Invite, Level

log = logging.getLogger("hall.counter")


@dataclass(frozen=True)
class Answer:
    """What came from a tablet: the whole answer of the visit it was asked about."""

    visit: str
    level: Level
    reasons: tuple[str, ...] = ()


class Evaluations:
    """`on_kept` hears of every press on the disk, `on_disk` that the disk failed (its error) or works (None).

    `clock` is monotonic seconds; `new_id` makes request ids.
    """

    def __init__(
        self,
        outbox: Outbox,
        link: Link,
        *,
        window_s: float,
        clock: Callable[[], float],
        new_id: Callable[[], str],
        on_kept: Callable[[], None],
        on_disk: Callable[[OutboxError | None], None],
    ) -> None:
        self.asking = Asking()
        self.levels: tuple[Level, ...] = ()
        self.early = 0
        """How many presses wait for the hub's question."""
        self._outbox = outbox
        self._link = link
        self._window_s = window_s
        self._clock = clock
        self._new_id = new_id
        self._on_kept = on_kept
        self._on_disk = on_disk
        self._no_question_is_coming = asyncio.Event()
        self._no_question_is_coming.set()

    def question_is_coming(self) -> None:
        """The clerk finished the visit; the hub's invitation follows."""
        self._no_question_is_coming.clear()

    def no_question_is_coming(self) -> None:
        self._no_question_is_coming.set()

    def invite(self, invite: Invite) -> bool:
        """Whether the evaluator should ask now: not twice, and not whom it asked by itself and who has pressed."""
        window_s = min(invite.seconds, self._window_s)
        asking = invited(self.asking, invite, at=self._clock(), window_s=window_s)
        if asking == self.asking or self._evaluated_before(invite.visit):
            return False
        self.asking = asking
        self._no_question_is_coming.set()
        log.info("evaluation asked for", extra={"number": invite.number, "visit": invite.visit})
        return not self.early

    def _evaluated_before(self, visit: str) -> bool:
        """Before a restart of this program; a disk that cannot tell keeps nobody from being asked."""
        try:
            return self._outbox.knows(visit)
        except OutboxError as error:
            self._on_disk(error)
            return False

    async def press(self, value: int) -> bool:
        """Whether to answer the evaluator: only what is on the disk is answered.

        The pad's 0B key makes the evaluator ask at once, before the hub has finished the visit: a quick citizen's press
        waits for the hub's invitation.
        """
        self.early += 1
        try:
            async with asyncio.timeout(COMMAND_S):
                await self._no_question_is_coming.wait()
        except TimeoutError:
            self._no_question_is_coming.set()
        finally:
            self.early -= 1
        return self._count(pressed(self.asking, value, self.levels, at=self._clock()), "keypad")

    def is_open(self, visit: str) -> bool:
        """Asked now, in time, and not answered yet."""
        invitation, counted = self.asking.invitation, self.asking.counted
        asked = invitation is not None and invitation.visit == visit and self._clock() < invitation.closes_at
        return asked and (counted is None or counted.visit != visit)

    def submit(self, answer: Answer) -> bool:
        """A tablet's answer; the same one again is true again, another one is not."""
        outcome = answered(self.asking, answer.visit, answer.level, at=self._clock())
        return self._count(outcome, "tablet", answer.reasons)

    def _count(self, judged: tuple[Asking, Outcome], channel: EvaluationChannel, reasons: tuple[str, ...] = ()) -> bool:
        asking, outcome = judged
        match outcome:
            case NoEvaluation(reason):
                log.warning("a press that is no evaluation", extra={"reason": reason})
                return False
            case Repeat(visit):
                log.info("evaluation sent again by the device, answered again", extra={"visit": visit})
            case Evaluation() as evaluation:
                if not self._keep(evaluation, channel, reasons):
                    return False
        self.asking = asking
        return True

    def _keep(self, evaluation: Evaluation, channel: EvaluationChannel, reasons: tuple[str, ...]) -> bool:
        press = Evaluate(
            visit=evaluation.visit,
            level=evaluation.level,
            reasons=list(reasons),
            channel=channel,
            pressed_at=self._link.hall_now(),
            request_id=self._new_id(),
        )
        try:
            fresh = self._outbox.put(press)
        except OutboxError as error:
            self._on_disk(error)
            return False
        self._on_disk(None)
        log.info(
            "evaluation kept" if fresh else "visit evaluated before, press not counted",
            extra={"number": evaluation.number, "request_id": press.request_id},
        )
        self._on_kept()
        return True
