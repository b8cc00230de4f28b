"""One counter's tablet: asks when the evaluator asks, and hands the answer to the counter's evaluations."""

import logging
from collections.abc import Callable
from datetime import datetime

from counter.evaluations import Answer
from counter.tablet.page import page_for
from devices.errors import DeviceError
from devices.health import code_of
from devices.tablet_frames import Question
from devices.tablets import TabletServer
from hub.wire import LEVELS, DeviceState, Invite, Language, Level

log = logging.getLogger("hall.counter")

#: The four questions of the `rate` protocol, for the reasons of a bad answer.
PARTS = ("服务态度", "完成质量", "处理效率", "廉洁自律")
BAD: frozenset[Level] = frozenset({"dissatisfied", "very_dissatisfied"})

_NOT_THERE: dict[Language, str] = {
    "zh": "没有平板登录到本窗口，状态未知",
    "en": "No tablet is logged in at this counter; its state is unknown",
}


class TabletDesk:
    """`submit` keeps an answer and says whether it did; `is_open`: this visit may still be answered.

    `levels` are what the values mean at this counter.
    """

    def __init__(
        self,
        server: TabletServer,
        *,
        counter: Callable[[], str],
        hall: str,
        language: Language,
        levels: Callable[[], tuple[Level, ...]],
        is_open: Callable[[str], bool],
        submit: Callable[[Answer], bool],
        on_change: Callable[[], None],
        new_id: Callable[[], str],
    ) -> None:
        self.state = DeviceState(name="tablet", device="tablet", state="silent", code="not_there")
        self._server = server
        self._counter = counter
        self._is_open = is_open
        self._hall = hall
        self._language = language
        self._levels = levels
        self._submit = submit
        self._on_change = on_change
        self._new_id = new_id
        self._asked: tuple[str, Invite] | None = None
        server.add(self)

    @property
    def window(self) -> str:
        return self._counter()

    @property
    def name(self) -> str:
        return f"{self.window}号窗口"

    async def ask(self, invite: Invite, now: datetime | None) -> None:
        """`now` is hall time."""
        question = self._new_id()
        self._asked = (question, invite)
        date = now.date().isoformat() if now else ""
        await self._server.ask(self, Question(question, self.name, invite.number, date, url=""))

    def submitted(self, question: str, values: tuple[int, ...]) -> bool:
        """The worst of several parts is the answer: no dissatisfaction hides behind three good ones."""
        if self._asked is None or not self.knows(question):
            log.warning("a tablet answered a question that was not asked", extra={"counter": self.window})
            return False
        answer = answer_of(self._asked[1].visit, values, self._levels())
        return answer is not None and self._submit(answer)

    def knows(self, question: str) -> bool:
        return self._asked is not None and self._asked[0] == question

    def page(self, question: str) -> str:
        if self._asked is None or not self.knows(question) or not self._is_open(self._asked[1].visit):
            return ""
        return page_for(self._asked[1].number, self.window, self._hall, self._levels(), self._language)

    # ---- health ----

    def tablet_is(self, *, there: bool) -> None:
        log.info("tablet logged in" if there else "tablet gone", extra={"counter": self.window})
        if there:
            self._known(DeviceState(name="tablet", device="tablet", state="fine"))
        else:
            self.port_is(None)

    def port_is(self, fault: DeviceError | None) -> None:
        """An open port with nobody on it: unknown."""
        state = DeviceState(
            name="tablet", device="tablet", state="silent", code="not_there", detail=_NOT_THERE[self._language]
        )
        if fault:
            told = {"state": "faulty", "code": code_of(fault), "detail": fault.message(self._language)}
            state = state.model_copy(update=told)
        self._known(state)

    def _known(self, state: DeviceState) -> None:
        if state != self.state:
            self.state = state
            self._on_change()


def answer_of(visit: str, values: tuple[int, ...], levels: tuple[Level, ...]) -> Answer | None:
    """None when a value means nothing at this counter. The bad parts of several are its reasons."""
    if not values or not all(0 <= value < len(levels) for value in values):
        return None
    told = [levels[value] for value in values]
    reasons = tuple(name for name, level in zip(PARTS, told, strict=False) if level in BAD) if len(told) > 1 else ()
    return Answer(visit, max(told, key=LEVELS.index), reasons)
