"""The board on LED strips: a strip over a counter, a wall with all counters, a wall with the last calls."""

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime
from typing import Any

from devices.health import Condition
from devices.led_strip import NOT_HEARD, Strip, StripPlan
from devices.led_texts import Called, Sign, Size, Window, all_windows, last_calls, one_window, window_on, without_signal
from display.closing import awake, is_closed
from hub.link import BoardChanged, Event, HubGone, HubThere
from hub.station_settings import LedStrip
from hub.wire import DeviceState
from hub.wire.labels import natural, place_of

log = logging.getLogger("hall.display.led")

LOOK_AGAIN_S = 15.0
"""Texts with a time in them (暂停服务 14:30 恢复) are looked through this often."""


class LedFeed:
    """`take` hears the hub's news, `run` keeps the strips; both on one event loop.

    `hall_now` is hall time, None before the hub's first beat; `on_change` hears how every strip is.
    """

    def __init__(
        self,
        strips: tuple[LedStrip, ...],
        *,
        holder: str,
        hall_now: Callable[[], datetime | None],
        on_change: Callable[[DeviceState], None],
    ) -> None:
        self._hall_now = hall_now
        self._on_change = on_change
        self._board: dict[str, Any] | None = None
        self._away = False
        names = _names(strips)
        self.strips = [
            (
                settings,
                Strip(
                    StripPlan(**settings.model_dump(exclude={"counter", "languages"})),
                    holder=holder,
                    on_change=self._teller(name, settings),
                ),
            )
            for name, settings in zip(names, strips, strict=True)
        ]
        for name, settings in zip(names, strips, strict=True):
            on_change(DeviceState(name=name, device=settings.kind, state="silent", code="not_heard"))

    async def take(self, event: Event) -> None:
        match event:
            case HubThere() | BoardChanged():
                self._board, self._away = event.board, False
            case HubGone():
                self._away = True
            case _:
                return
        self._show()

    async def run(self) -> None:
        """Until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            for _, strip in self.strips:
                tasks.create_task(strip.run())
            tasks.create_task(self._look_again())

    async def _look_again(self) -> None:
        while True:
            await asyncio.sleep(LOOK_AGAIN_S)
            self._show()

    def _show(self) -> None:
        if self._board is None:
            return
        for settings, strip in self.strips:
            sign = sign_for(settings, strip.size, self._board, self._hall_now())
            strip.show(without_signal(sign, settings.languages) if self._away else sign)

    def _teller(self, name: str, settings: LedStrip) -> Callable[[Condition], None]:
        def tell(condition: Condition) -> None:
            log.info("strip %s is %s", name, condition.state, extra={"code": condition.code, "port": settings.url})
            language = settings.languages[0]
            detail = condition.fault.message(language) if condition.fault else condition.detail
            if condition.code == "not_heard":
                detail = NOT_HEARD[language]
            self._on_change(
                DeviceState(name=name, device=settings.kind, state=condition.state, code=condition.code, detail=detail)
            )

        return tell


def _names(strips: tuple[LedStrip, ...]) -> list[str]:
    """`led-3`, `led-summary`; the second strip of the same counter is `led-3-2`."""
    names: list[str] = []
    for strip in strips:
        earlier = sum(1 for other in strips[: len(names)] if other.counter == strip.counter)
        names.append(f"led-{strip.counter}" + (f"-{earlier + 1}" if earlier else ""))
    return names


def sign_for(settings: LedStrip, size: Size, board: dict[str, Any], now: datetime | None) -> Sign:
    """What stands on a strip at this moment."""
    language = settings.languages[0]
    counters = board.get("counters", {})

    def place(code: str) -> str:
        return place_of(code, str(counters.get(code, {}).get("label") or ""), language).text

    def window(code: str) -> Window:
        return window_on(board, code, place=place(code), language=language, now=now)

    if settings.counter == "summary":
        calls = [
            Called(str(call["number"]), str(call["counter"]), place(str(call["counter"])))
            for call in board.get("recent", [])
        ]
        served = any(counter.get("number") for counter in counters.values())
        closed = not served and is_closed(awake(board).get("hall", {}).get("opening"))
        return last_calls([] if closed else calls, size, settings.languages, closed=closed)
    if settings.counter == "windows":
        return all_windows([window(code) for code in sorted(counters, key=natural)], size, settings.languages)
    return one_window(window(settings.counter), size, settings.languages)
