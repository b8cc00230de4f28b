"""The LED strip over this counter, driven by the counter program."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from devices.health import Condition
from devices.led_strip import NOT_HEARD, Strip, StripPlan
from devices.led_texts import one_window, window_on, without_signal
from hub.station_settings import LedStrip
from hub.wire import DeviceState
from hub.wire.labels import place_of


class CounterStrip:
    """`show` at every change of the board; `on_change` hears that `state` did."""

    def __init__(self, settings: LedStrip, *, holder: str, on_change: Callable[[], None]) -> None:
        plan = settings.model_dump(exclude={"counter", "languages"})
        self.state = DeviceState(name="led", device=settings.kind, state="silent", code="not_heard")
        self.strip = Strip(StripPlan(**plan), holder=holder, on_change=self._is)
        self._languages = settings.languages
        self._on_change = on_change

    def show(self, board: dict[str, Any], counter: str, *, connected: bool, now: datetime | None) -> None:
        if not board:
            return
        language = self._languages[0]
        label = str(board.get("counters", {}).get(counter, {}).get("label") or "")
        window = window_on(board, counter, place=place_of(counter, label, language).text, language=language, now=now)
        sign = one_window(window, self.strip.size, self._languages)
        self.strip.show(sign if connected else without_signal(sign, self._languages))

    def _is(self, condition: Condition) -> None:
        detail = condition.fault.message(self._languages[0]) if condition.fault else condition.detail
        if condition.code == "not_heard":
            detail = NOT_HEARD[self._languages[0]]
        told = {"state": condition.state, "code": condition.code, "detail": detail}
        self.state = self.state.model_copy(update=told)
        self._on_change()
