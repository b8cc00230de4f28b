"""Counter 1 for the tests of its keypad agent: a real hub, a real pseudo-terminal with the FF68 twin on it."""

import asyncio
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from counter.agent import Agent
from counter.outbox import Outbox
from devices.twins.ff68 import Ff68Line
from hub.settings import Settings
from tests.unit.counter.halls import PATIENCE_S, Hall, until

CALL, EVALUATE, RECALL = b"\x0c", b"\x0b", b"\x0d"
GIVE_UP, HANG, CALL_BACK = b"\x06\x0f", b"\x00\x0f", b"\x03\x0f"
PAUSE, TRANSFER, ONE_METRE = b"\x12", b"\x13", b"\x11"


@dataclass
class Desk:
    """Counter 1: its hub, its keypad line, and its program, which can be stopped and started."""

    hall: Hall
    line: Ff68Line
    port: str
    outbox_path: Path
    settings: Settings
    stop: asyncio.Event = field(default_factory=asyncio.Event)
    running: asyncio.Task[int] | None = None

    def start(self, outbox: Outbox | None = None) -> Agent:
        self.outbox = outbox or Outbox(self.outbox_path)
        self.stop = asyncio.Event()
        self.agent = Agent(self.settings, self.outbox)
        self.running = asyncio.create_task(self.agent.run(self.stop))
        return self.agent

    async def connected(self) -> None:
        await until(lambda: self.agent.link.connected and self.agent.evaluations.levels and self.agent.lines[0].open)

    async def end(self) -> int:
        self.stop.set()
        assert self.running is not None
        left = await asyncio.wait_for(self.running, PATIENCE_S)
        self.running = None
        self.outbox.close()
        return left

    def press(self, keys: bytes) -> None:
        self.line.press(1, keys)

    @property
    def pad(self) -> Any:
        return self.line.pads[1]

    @property
    def evaluator(self) -> Any:
        return self.line.evaluators[1]

    async def shows(self, number: str) -> None:
        await until(lambda: self.pad.number == number)

    async def counter_is(self, state: str) -> None:
        await until(lambda: self.agent._pad.counter == state)

    async def rested(self) -> None:
        """The same key pressed now is a press of its own."""
        await until(lambda: not self.agent._pad.in_flight and self.agent._clock() - self.agent._pad.last.at > 0.3)  # type: ignore[union-attr]

    async def serve_until_asked(self) -> str:
        """One citizen is called and finished; their number. The evaluator asks now."""
        number = await self.hall.take_ticket()
        self.press(CALL)
        await self.shows(number[-3:])
        before = self.evaluator.invitations
        self.press(EVALUATE)
        await until(
            lambda: (
                self.agent.evaluations.asking.invitation and self.agent.evaluations.asking.invitation.number == number
            )
        )
        await until(lambda: self.evaluator.invitations >= before + 2)  # by the echo, and by the hub's invitation
        return number
