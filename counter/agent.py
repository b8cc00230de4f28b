"""The keypad agent of one counter: caller keypad and evaluator on one side, the hub on the other.

A key becomes a command at once or is refused with a beep. A press on the evaluator goes to the outbox first, then the
evaluator is answered, then the hub gets it; without a hub it waits on the disk.
"""

import asyncio
import logging
import time
from collections.abc import Callable, Coroutine
from dataclasses import replace
from typing import Any
from urllib.parse import quote
from uuid import uuid4

from pydantic import TypeAdapter, ValidationError

from counter.asking import post_twice
from counter.choosing import found
from counter.evaluations import Evaluations
from counter.keys import SENTENCES, Command, Habits, Lookup, Pad, Press, Refusal, Unanswered, command_for, key_for
from counter.led import CounterStrip
from counter.lines import Line, LinePlan, line_plans
from counter.outbox import Outbox, OutboxError
from counter.sender import Sender
from counter.showing import Shown, pad_with, shown_on
from counter.tablet.desk import TabletDesk
from counter.wires import Wires
from devices.keypad_box import read_table
from devices.keypad_ff68_frames import Key
from hub.link import BoardChanged, CodeShown, Event, HubAway, HubGone, HubThere, Link, Refused
from hub.settings import Settings
from hub.wire import CounterQueue, DeviceReport, DeviceState, Invite, Level

log = logging.getLogger("hall.counter")

LEVELS_PAUSE_S = 1.0
DRAIN_S = 5.0

_LEVELS = TypeAdapter(tuple[Level, ...])


class WrongCounter(Exception):
    """The station's token is for another counter than the settings name, or for none."""


class Agent:
    """`await agent.run(stop)`. `clock` is monotonic seconds; `new_id` makes request ids and idempotency keys.

    `on_code` shows the code of a program that is not paired yet. `wires` are run by whoever gives them, for several
    agents on one line; else the agent runs its own.
    """

    def __init__(
        self,
        settings: Settings,
        outbox: Outbox,
        *,
        clock: Callable[[], float] = time.monotonic,
        new_id: Callable[[], str] = lambda: uuid4().hex,
        on_code: Callable[[CodeShown], None] = lambda shown: None,
        wires: Wires | None = None,
    ) -> None:
        self.counter = settings.counter.counter
        self._settings = settings
        self._outbox = outbox
        self._clock = clock
        self._new_id = new_id
        self._on_code = on_code
        self.link = Link(settings, station=station_name(settings), role="counter", on_event=self._heard)
        self._strip: CounterStrip | None = None
        if settings.counter.led:
            self._strip = CounterStrip(settings.counter.led, holder=station_name(settings), on_change=self._report)
        self._sender = Sender(outbox, self.link, on_change=self._outbox_is)
        self.evaluations = Evaluations(
            outbox,
            self.link,
            window_s=settings.counter.evaluation_seconds,
            clock=clock,
            new_id=new_id,
            on_kept=self._sender.wake,
            on_disk=self._outbox_is,
        )
        self._own_wires = None if wires else wires_of(settings, clock)
        on = wires or self._own_wires
        assert on is not None
        self.lines = [self._line(plan, on) for plan in line_plans(settings.counter)]
        self.tablet = self._tablet_desk(on) if settings.counter.tablet else None
        self._disk: DeviceState | None = None
        self._pad = Pad()
        keys = settings.counter
        self._habits = Habits(keys.debounce_ms, keys.pause_reason, keys.pause_minutes)
        self._shown = Shown()
        self._unanswered: Unanswered | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._failed: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    async def run(self, stop: asyncio.Event) -> int:
        """Until `stop` is set; then what waits is sent for up to 5 s. How many presses stay on the disk.

        Raises WrongCounter, and ValueError for a keypad URL that names no port.
        """
        devices = [asyncio.create_task(self._own_wires.run())] if self._own_wires else []
        if self._strip:
            devices.append(asyncio.create_task(self._strip.strip.run()))
        hub = [asyncio.create_task(self.link.run()), asyncio.create_task(self._sender.run())]
        stopping = asyncio.create_task(stop.wait())
        watched: list[asyncio.Future[Any]] = [*devices, *hub, stopping, self._failed]
        try:
            ended, _ = await asyncio.wait(watched, return_when=asyncio.FIRST_COMPLETED)
            await _cancel(devices)
            for task in ended:
                task.result()
            return await self._sender.drain(DRAIN_S)
        finally:
            await _cancel([*devices, stopping, *self._tasks, *hub])

    def _line(self, plan: LinePlan, wires: Wires) -> Line:
        return wires.line(
            plan,
            language=self._settings.hall.language,
            on_key=self._key,
            on_evaluation=self.evaluations.press,
            on_open=self._opened,
            on_change=self._report,
        )

    def _tablet_desk(self, wires: Wires) -> TabletDesk:
        hall = self._settings.hall
        return TabletDesk(
            wires.tablets(self._settings.counter),
            counter=lambda: self.counter,
            hall=hall.name,
            language=hall.language,
            levels=lambda: self.evaluations.levels,
            is_open=self.evaluations.is_open,
            submit=self.evaluations.submit,
            on_change=self._report,
            new_id=self._new_id,
        )

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        fault = None if task.cancelled() else task.exception()
        if fault and not self._failed.done():
            self._failed.set_exception(fault)

    # ---- the hub ----

    def _heard(self, event: Event) -> None:
        match event:
            case HubThere():
                self._hub_there(event)
            case BoardChanged():
                self._board_is(event.board)
            case HubGone():
                log.warning("hub away: caller keys are refused, evaluations are kept", extra={"reason": event.reason})
                self._pad = replace(self._pad, connected=False)
                self.evaluations.no_question_is_coming()
                self._show()
            case CodeShown():
                self._on_code(event)
            case Invite():
                self._invite(event)

    def _hub_there(self, event: HubThere) -> None:
        another = self.counter not in ("", event.counter)
        if event.counter and another and self.link.paired:
            log.warning("the manager put it at another counter", extra={"set": self.counter, "counter": event.counter})
        elif event.counter is None or another:
            bound = f"counter {event.counter}" if event.counter else "no counter"
            wrong = WrongCounter(
                f"the token of this station is for {bound}, but the settings say counter {self.counter or '(none)'};"
                " give the token of this counter ([station] token) or name the right one (--counter)"
            )
            if not self._failed.done():
                self._failed.set_exception(wrong)
            return
        self.counter = event.counter
        log.info("hub there", extra={"counter": self.counter, "station": event.station})
        self._pad = replace(self._pad, connected=True)
        self._board_is(event.board)
        self._report()
        self._sender.wake()
        self._spawn(self._learn_levels())

    async def _learn_levels(self) -> None:
        """What each key of this counter's evaluator means; asked for until it is known or the hub is gone again."""
        while self.link.connected:
            try:
                answer = await self.link.get(self._path())
                self.evaluations.levels = _LEVELS.validate_python(answer.get("evaluator_levels"))
            except (HubAway, Refused, ValidationError) as error:
                log.warning("the meaning of the evaluator's keys is not known yet", extra={"error": str(error)})
                await asyncio.sleep(LEVELS_PAUSE_S)
            else:
                return

    def _board_is(self, board: dict[str, Any]) -> None:
        self._pad = pad_with(board, self.counter, self._pad)
        self._show()

    def _invite(self, invite: Invite) -> None:
        if invite.counter == self.counter and self.evaluations.invite(invite):
            for line in self.lines:
                self._spawn(line.ask())
            if self.tablet:
                self._spawn(self.tablet.ask(invite, self.link.hall_now()))

    # ---- the pad ----

    def _show(self) -> None:
        if self._strip:
            connected, now = self._pad.connected, self.link.hall_now()
            self._strip.show(self.link.board, self.counter, connected=connected, now=now)
        shown = shown_on(self.link.board, self.counter, self._pad)
        if shown != self._shown:
            self._shown = shown
            for line in self.lines:
                self._spawn(line.show(shown.waiting, shown.number))

    async def _opened(self, line: Line) -> None:
        await line.show(self._shown.waiting, self._shown.number)
        if self._settings.counter.stars:
            await line.stars(self._settings.counter.stars)

    def _beep(self) -> None:
        for line in self.lines:
            self._spawn(line.beep())

    async def _key(self, key: Key) -> None:
        press = Press(key.name, self._clock(), key.digits if key.name in ("call_next", "transfer") else ())
        facts = {"key": key.name, "code": f"{key.code:02X}"}
        match command_for(press, self._pad, self._habits, self.link.hall_now()):
            case None:
                log.info("key pressed twice, taken once", extra=facts)
            case Refusal(reason):
                log.warning("key refused: %s", SENTENCES[reason], extra=facts)
                self._beep()
            case Command() | Lookup() as wish:
                log.info("key", extra=facts)
                self._pad = replace(self._pad, in_flight=True, last=press)
                if wish.verb == "finish":
                    self.evaluations.question_is_coming()
                self._spawn(self._carry_out(wish))

    async def _carry_out(self, wish: Command | Lookup) -> None:
        try:
            command = await self._ticket_for(wish) if isinstance(wish, Lookup) else wish
            if isinstance(command, Refusal):
                log.warning("key refused: %s", SENTENCES[command.reason], extra={"verb": wish.verb})
                self._beep()
            else:
                await self._send(command)
        except (HubAway, Refused, ValidationError) as error:
            log.warning("the counter's lists could not be read", extra={"verb": wish.verb, "error": str(error)})
            self._beep()
        finally:
            self._pad = replace(self._pad, in_flight=False)

    async def _ticket_for(self, lookup: Lookup) -> Command | Refusal:
        """Raises HubAway, Refused, ValidationError."""
        answer = await self.link.get(self._path("queue"))
        return found(lookup, CounterQueue.model_validate(answer), self.counter)

    def _path(self, verb: str = "") -> str:
        return f"/counters/{quote(self.counter, safe='')}{verb and f'/{verb}'}"

    async def _send(self, command: Command) -> None:
        number = self._pad.number
        key = key_for(command, self._pad, self._unanswered, at=self._clock(), fresh=self._new_id())
        facts = {"counter": self.counter, "verb": command.verb}
        try:
            answer = await post_twice(self.link, self._path(command.verb), command.body, key, self._clock)
        except HubAway as away:
            self._unanswered = Unanswered(command, key, number, self._clock())
            self.evaluations.no_question_is_coming()
            log.warning("the hub gave no answer, whether it acted is unknown", extra={**facts, "error": str(away)})
            self._beep()
        except Refused as refused:
            self._unanswered = None
            self.evaluations.no_question_is_coming()
            log.warning("refused by the hub: %s", refused.problem.detail, extra={**facts, "code": refused.problem.code})
            self._beep()
        else:
            self._unanswered = None
            log.info("done", extra={**facts, "number": (answer.get("ticket") or {}).get("number", "")})

    # ---- health ----

    def _outbox_is(self, error: OutboxError | None) -> None:
        fault = None
        if error:
            fault = DeviceState(name="outbox", device="disk", state="faulty", code="outbox_failed", detail=str(error))
        if fault != self._disk:
            self._disk = fault
            log.log(logging.ERROR if error else logging.INFO, "%s", error or "the outbox works again")
            self._report()

    def _report(self) -> None:
        devices = [line.state for line in self.lines]
        devices += [self._strip.state] if self._strip else []
        devices += [self.tablet.state] if self.tablet else []
        devices += [self._disk] if self._disk else []
        self._spawn(self._send_report(DeviceReport(devices=devices)))

    async def _send_report(self, report: DeviceReport) -> None:
        """Without a hub nothing is sent: at connecting all is told anew."""
        await self.link.send(report)


def wires_of(settings: Settings, clock: Callable[[], float] = time.monotonic) -> Wires:
    """The wires of this machine. Raises ValueError, when a key box is set, for a key table that cannot be read."""
    holder = f"the program of counter {settings.counter.counter}".removesuffix(" of counter ")
    return Wires(holder=holder, clock=clock, read_table=lambda: read_table(settings.counter.key_table))


def station_name(settings: Settings) -> str:
    """As set, else by the counter."""
    return settings.station.name or f"counter-{settings.counter.counter or 'agent'}"


async def _cancel(tasks: list[asyncio.Task[Any]]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
