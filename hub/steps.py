"""What the hub does by itself, again and again: beats, days that turn, what has passed its time."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime

from hub.calendar.verbs import apply_rota
from hub.calendarwatch import CalendarWatch
from hub.clock import HallClock
from hub.clockwatch import Clockwatch, may_end_day
from hub.devices.spells import forget_devices
from hub.devices.watch import DeviceWatch
from hub.devices.webhook import Webhook
from hub.edges import Hub
from hub.figures.keeping import EVERY_S as KEEP_S
from hub.figures.keeping import Keeping
from hub.once import forget_keys
from hub.painter import Painter
from hub.pairing.verbs import forget_requests
from hub.problems import StoreUnavailable
from hub.queue.foresight import Foresight
from hub.queue.tickets import end_day
from hub.renewal import Renewal
from hub.sealing import Sealing
from hub.store import SYSTEM
from hub.storewatch import Storewatch

log = logging.getLogger("hall.steps")

BEAT_S = 5.0
#: How often the hub looks for what time alone changes.
TICK_S = 1.0
#: How often the hub looks whether a day is over that must be sealed.
SEAL_S = 5.0
CLOCK_S = 2.0
WATCH_S = 1.0
TIDY_S = 3600.0
RENEW_S = 0.05


async def steadily(step: Callable[[], Awaitable[None]], every_s: float) -> None:
    """Take the step again and again. One that fails is logged and taken again: the hall goes on."""
    while True:
        try:
            await step()
        except StoreUnavailable as error:
            log.warning("waits for the database", extra={"step": type(step).__name__, "error": str(error)})
        except Exception:
            log.exception("a step failed", extra={"step": type(step).__name__})
        await asyncio.sleep(every_s)


def steps_of(
    hub: Hub, painter: Painter, foresight: Foresight, now: Callable[[], datetime]
) -> list[tuple[Callable[[], Awaitable[None]], float]]:
    """Every step with the seconds from one to the next; a real clock is watched as well."""
    steps: list[tuple[Callable[[], Awaitable[None]], float]] = [
        (Beat(hub), BEAT_S),
        (Tick(hub, painter), TICK_S),
        (CalendarWatch(hub), TICK_S),
        (foresight, TICK_S),
        (Sealing(hub), SEAL_S),
        (Storewatch(hub), WATCH_S),
        (DeviceWatch(hub), WATCH_S),
        (Webhook(hub), WATCH_S),
        (Tidy(hub), TIDY_S),
        (Keeping(hub), KEEP_S),
        (Renewal(hub), RENEW_S),
    ]
    if isinstance(now, HallClock):
        steps.append((Clockwatch(hub, now), CLOCK_S))
    return steps


@dataclass
class Beat:
    """Tells every reader that the hub is there and what time it is."""

    hub: Hub

    async def __call__(self) -> None:
        self.hub.board.beat(self.hub.hall.local(self.hub.store.now()), self.hub.speed)


@dataclass
class Tidy:
    """What has passed its time is let go of."""

    hub: Hub

    async def __call__(self) -> None:
        await self.hub.store.write(forget_keys, SYSTEM, None)
        await self.hub.store.write(forget_requests, SYSTEM, None)
        await self.hub.store.write(self.hub.persons.forget, SYSTEM, None)
        await self.hub.store.write(self.hub.casework.forget, SYSTEM, None)
        await self.hub.store.write(forget_devices, SYSTEM, None, self.hub.settings.alerts.keep_days)
        await self.hub.entrance.tidy()


@dataclass
class Tick:
    """Days turn, expired announcements leave the board, the hall opens."""

    hub: Hub
    painter: Painter
    day: str = ""

    async def __call__(self) -> None:
        hub = self.hub
        today = hub.hall.day(hub.store.now())
        turned = today != self.day and may_end_day(hub.store.now)
        if turned:
            await hub.store.write(end_day, SYSTEM, None, hub.hall)
            await hub.store.write(apply_rota, SYSTEM, None, hub.hall.plan)
        if turned or self.painter.behind:
            await hub.store.read(self.painter.whole)
        else:
            await hub.store.read(self.painter.timely)
        if turned:
            self.day = today


async def end(task: "asyncio.Task[None]") -> None:
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
