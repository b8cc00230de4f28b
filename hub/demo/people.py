"""The demo's people at work: citizens at the kiosk, clerks at their counters, citizens at the evaluators."""

import asyncio
import contextlib
from random import Random

import httpx

from hub.demo.behaviour import Call, Citizen, call
from hub.demo.floor import Floor, FloorSilent

CALL, RECALL, FINISH = "0C", "0D", "0B"
GIVE_UP = ("06", "0F")

#: The clerk of this counter works with the console on the screen, the others with their keypads.
CONSOLE_COUNTER = "4"
#: A person waits this long for a machine before saying that something is wrong (real seconds).
PATIENCE_S = 20.0
GLANCE_S = 0.05
#: Hall seconds after which a clerk opens a counter again that a visitor of the demo closed.
BREAK_S = 60.0


async def take_ticket(floor: Floor, kiosk: asyncio.Lock, citizen: Citizen) -> str | None:
    """Stand in line at the kiosk, touch the service, read the number. None when the hall is closed."""
    async with kiosk:
        try:
            async with asyncio.timeout(PATIENCE_S):
                return await _touch_through(floor, citizen.service)
        except TimeoutError:
            raise FloorSilent(f"the kiosk gave no number for service {citizen.service}") from None


async def _touch_through(floor: Floor, service: str) -> str | None:
    """What a person does: read the screen, touch what leads on, until the own number stands there."""
    asked = False
    while True:
        screen = await floor.see_kiosk()
        targets = {target["name"]: target for target in screen["targets"]}
        if screen["screen"] == "closed":
            return None
        if asked and screen["screen"] == "ticket":
            number: str = targets["number"]["text"]
            await floor.touch(targets["done"])
            return number
        step = _next_touch(floor, targets, service) if screen["screen"] != "issuing" else None
        if step is not None:
            await floor.touch(targets[step])
            asked = asked or step == f"service:{service}"
        await asyncio.sleep(GLANCE_S)


def _next_touch(floor: Floor, targets: dict[str, dict[str, object]], service: str) -> str | None:
    """Finish what the one before left, then the service or the heading above it."""
    heading = HEADINGS.get(service)
    for name in ("done", f"service:{service}", f"service:{heading}", "back"):
        if name in targets:
            return name
    return None


#: Sub-services stand behind their heading.
HEADINGS = {"B": "SB", "C": "SB", "D": "SB"}


class Clerk:
    """Calls, serves, finishes, as long as the demo goes on."""

    def __init__(self, floor: Floor, counter: str, chance: Random) -> None:
        self._floor = floor
        self._counter = counter
        self._chance = chance
        self._presses: set[asyncio.Task[None]] = set()

    async def work(self) -> None:
        while True:
            if self._state() == "open":
                await self._call()
            if self._state() in ("calling", "serving"):
                await self._serve(call(self._chance))
            elif self._state() == "closed":
                await self._come_back()
            elif self._state() == "away":
                await self._floor.change(1.0)

    async def _come_back(self) -> None:
        """A visitor of the demo closed the counter, or signed out of it: some time later the clerk opens it again."""
        await self._floor.pause(BREAK_S)
        if self._state() == "closed":
            await self._floor.console(self._counter, "open")
            await self._until("open", within_s=2.0)

    async def rest(self) -> None:
        """Let the citizens who are about to press do so."""
        await asyncio.gather(*self._presses)

    def _state(self) -> str:
        return str(self._floor.counter(self._counter)["state"])

    async def _call(self) -> None:
        """Press "next" when somebody waits, and look until the number stands on the board."""
        while self._floor.waiting_for(self._counter) == 0:
            await self._floor.change(1.0)
        await self._do(CALL)
        await self._until("calling", within_s=2.0)

    async def _serve(self, fate: Call) -> None:
        if fate.comes != "at once":
            await self._floor.pause(40)
            await self._do(RECALL)
        if fate.comes == "never":
            await self._floor.pause(30)
            await self._do(*GIVE_UP)
            await self._until("open", within_s=2.0)
            return
        await self._floor.pause(fate.walk_s)
        if self._counter == CONSOLE_COUNTER:
            await self._floor.console(self._counter, "start")
        await self._floor.pause(fate.service_s)
        number = self._floor.counter(self._counter).get("number")
        await self._do(FINISH if fate.asked_by_key or self._floor.waiting_for(self._counter) == 0 else CALL)
        if fate.presses is not None:
            self._press_later(fate.presses, fate.presses_after_s)
        await self._until_other(number)
        await self._floor.pause(self._chance.uniform(3, 12))

    def _press_later(self, value: int, after_s: float) -> None:
        """The citizen presses on the way out; the evaluator's window runs in real seconds."""

        async def press() -> None:
            await asyncio.sleep(after_s)
            with contextlib.suppress(httpx.HTTPError):
                await self._floor.evaluate(self._counter, value)

        task = asyncio.create_task(press())
        self._presses.add(task)
        task.add_done_callback(self._presses.discard)

    async def _do(self, *keys: str) -> None:
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

    async def _until_other(self, number: object) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(2.0):
                while self._floor.counter(self._counter).get("number") == number:
                    await self._floor.change(2.0)


#: The console's buttons for the keypad's keys.
CONSOLE: dict[tuple[str, ...], tuple[str, dict[str, object]]] = {
    (CALL,): ("next", {"finish_current": True}),
    (RECALL,): ("recall", {}),
    (FINISH,): ("finish", {}),
    GIVE_UP: ("no-show", {}),
}
