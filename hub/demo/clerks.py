"""The demo's clerks at work: three with their keypads, one with the console; and their citizens at the evaluators."""

import asyncio
import contextlib
from collections.abc import Coroutine
from random import Random
from typing import Any

import httpx

from hub.demo.behaviour import MEAL_FROM_S, MEAL_S, MEAL_TO_S, Call, call
from hub.demo.floor import Floor
from hub.demo.people import return_by_phone

CALL, RECALL, FINISH = ("0C",), ("0D",), ("0B",)
GIVE_UP, HANG, CALL_BACK, PAUSE = ("06", "0F"), ("00", "0F"), ("03", "0F"), ("12",)

#: The clerk of this counter works with the console on the screen, the others with their keypads.
CONSOLE_COUNTER = "4"

#: Hall seconds after which a clerk opens a counter again that a visitor of the demo closed.
VISIT_S = 60.0

#: The console's buttons for the keypad's keys.
CONSOLE: dict[tuple[str, ...], tuple[str, dict[str, object]]] = {
    CALL: ("next", {"finish_current": True}),
    RECALL: ("recall", {}),
    FINISH: ("finish", {}),
    GIVE_UP: ("no-show", {}),
    HANG: ("hold", {"minutes": 10, "reason": "取材料"}),
}

#: Where a counter sends on who is wrong there, by the number's first letter.
ELSEWHERE = {("1", "A"): "2", ("2", "A"): "1", ("1", "G"): "4", ("4", "G"): "1", ("3", "B"): "4", ("4", "B"): "3"}


class Clerk:
    """Calls, serves, holds, sends on, finishes, and takes breaks, as long as the demo goes on."""

    def __init__(self, floor: Floor, counter: str, chance: Random) -> None:
        self._floor = floor
        self._counter = counter
        self._chance = chance
        self._meal_s: float | None = chance.uniform(MEAL_FROM_S, MEAL_TO_S)
        self._held: dict[str, Call] = {}
        self._back: list[str] = []
        self._errands: set[asyncio.Task[None]] = set()
        self._presses: set[asyncio.Task[None]] = set()

    async def work(self) -> None:
        while True:
            if self._state() == "open":
                await self._begin()
            if self._state() in ("calling", "serving"):
                number = self._number()
                await self._serve(self._held.pop(number) if number in self._held else call(self._chance))
            elif self._state() == "closed":
                await self._open_again()
            elif self._state() == "away":
                await self._floor.change(1.0)

    async def _open_again(self) -> None:
        """A visitor of the demo closed the counter, or signed out of it: some time later the clerk opens it again."""
        await self._floor.pause(VISIT_S)
        if self._state() == "closed":
            await self._floor.console(self._counter, "open")
            await self._until("open", within_s=2.0)

    async def rest(self) -> None:
        """Let the citizens who are about to press do so; nobody comes back any more."""
        for errand in self._errands:
            errand.cancel()
        await asyncio.gather(*self._errands, return_exceptions=True)
        await asyncio.gather(*self._presses)

    def _state(self) -> str:
        return str(self._floor.counter(self._counter)["state"])

    def _number(self) -> str:
        return str(self._floor.counter(self._counter).get("number", ""))

    async def _begin(self) -> None:
        """Eat when it is time, serve on whoever is back, else call."""
        if self._meal_s is not None and self._floor.hall_s() > self._meal_s:
            self._meal_s = None
            await self._pause("就餐", MEAL_S)
        elif self._back:
            await self._resume(self._back.pop())
        else:
            await self._call()

    async def _call(self) -> None:
        """Press "next" when somebody waits, and look until the number stands on the board."""
        while self._floor.waiting_for(self._counter) == 0:
            await self._floor.change(1.0)
            if self._back:
                return
        await self._do(CALL)
        await self._until("calling", within_s=2.0)

    async def _resume(self, number: str) -> None:
        """A keypad resumes whom it held last; whoever stands there then is served on."""
        if self._counter == CONSOLE_COUNTER:
            await self._floor.resume(self._counter, number)
        else:
            await self._floor.press(self._counter, *CALL_BACK)
        await self._until("serving", within_s=2.0)

    async def _pause(self, reason: str, seconds: float) -> None:
        """Away and back; a keypad gives the reason that is set for it."""
        if self._counter == CONSOLE_COUNTER:
            await self._floor.go_away(self._counter, reason, seconds)
        else:
            await self._floor.press(self._counter, *PAUSE)
        await self._until("away", within_s=2.0)
        await self._floor.pause(seconds)
        if self._counter == CONSOLE_COUNTER:
            await self._floor.console(self._counter, "back")
        else:
            await self._floor.press(self._counter, *PAUSE)
        await self._until("open", within_s=2.0)

    async def _serve(self, fate: Call) -> None:
        fresh = self._state() == "calling"
        if fresh and not await self._comes(fate):
            return
        if fresh and fate.turn != "served":
            await self._floor.pause(fate.service_s * 0.3)
            if await self._let_go(fate):
                return
        await self._floor.pause(fate.service_s)
        number = self._number()
        last = fate.asked_by_key or fate.break_s or self._floor.waiting_for(self._counter) == 0
        await self._do(FINISH if last else CALL)
        if fate.presses is not None:
            self._press_later(fate.presses, fate.presses_after_s)
        await self._until_other(number)
        await self._floor.pause(self._chance.uniform(3, 12))
        if fate.break_s and self._state() == "open":
            await self._pause("取件", fate.break_s)

    async def _comes(self, fate: Call) -> bool:
        """Wait for the citizen, call again, give up; who was missed may be back on the phone."""
        if fate.comes != "at once":
            await self._floor.pause(40)
            await self._do(RECALL)
        if fate.comes == "never":
            await self._floor.pause(30)
            number = self._number()
            await self._do(GIVE_UP)
            await self._until("open", within_s=2.0)
            if fate.returns_after_s is not None:
                self._errand(return_by_phone(self._floor, number, fate.returns_after_s))
            return False
        await self._floor.pause(fate.walk_s)
        if self._counter == CONSOLE_COUNTER:
            await self._floor.console(self._counter, "start")
        return True

    async def _let_go(self, fate: Call) -> bool:
        """Hold or send on; False where no other counter serves this."""
        number = self._number()
        if fate.turn == "held":
            await self._do(HANG)
            self._held[number] = fate
            self._errand(self._come_back(number, fate.held_s))
        else:
            target = ELSEWHERE.get((self._counter, number[:1]))
            if target is None:
                return False
            await self._send_on(target)
        await self._until_other(number)
        return True

    async def _send_on(self, target: str) -> None:
        if self._counter == CONSOLE_COUNTER:
            await self._floor.console(self._counter, "transfer", {"counter": target, "reason": "事项属其他窗口"})
        else:
            await self._floor.press(self._counter, f"{int(target):02X}", "13")

    async def _come_back(self, number: str, after_s: float) -> None:
        await self._floor.pause(after_s)
        self._back.append(number)

    def _errand(self, work: Coroutine[Any, Any, None]) -> None:
        """Something that a citizen does meanwhile."""

        async def quietly() -> None:
            with contextlib.suppress(httpx.HTTPError):
                await work

        task = asyncio.create_task(quietly())
        self._errands.add(task)
        task.add_done_callback(self._errands.discard)

    def _press_later(self, value: int, after_s: float) -> None:
        """The citizen presses on the way out; the evaluator's window runs in real seconds."""

        async def press() -> None:
            await asyncio.sleep(after_s)
            with contextlib.suppress(httpx.HTTPError):
                await self._floor.evaluate(self._counter, value)

        task = asyncio.create_task(press())
        self._presses.add(task)
        task.add_done_callback(self._presses.discard)

    async def _do(self, keys: tuple[str, ...]) -> None:
        if self._counter == CONSOLE_COUNTER:
            verb, body = CONSOLE[keys]
            await self._floor.console(self._counter, verb, body)
        else:
            await self._floor.press(self._counter, *keys)

    async def _until(self, state: str, *, within_s: float) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(within_s):
                while self._state() != state:
                    await self._floor.change(within_s)

    async def _until_other(self, number: str) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(2.0):
                while self._number() == number:
                    await self._floor.change(2.0)
