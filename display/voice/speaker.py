"""The voice of the hall: hears the board as the screen does, and has a chip say what is due."""

import logging
import time
from collections.abc import Callable
from datetime import datetime
from typing import Any

from devices.health import Condition
from devices.ports import tend
from devices.voice_chip import CHIPS, Announcement, VoiceChip
from devices.voice_frames import Manner
from display.calls import Announcements
from display.reporting import Devices
from display.voice.due import Due, due
from display.voice.sentence import sentence
from hub.link import BoardChanged, Event, HubThere, LinkThread
from hub.settings import Settings
from hub.station_settings import DisplaySettings
from hub.wire import DeviceState, Language

log = logging.getLogger("hall.display")

NAME = "voice"


class Speaker:
    """One chip. `take` and `step` belong to the station's loop; the port lives on the link's."""

    def __init__(
        self,
        settings: Settings,
        link: LinkThread,
        devices: Devices,
        *,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._settings = settings
        self._link = link
        self._devices = devices
        self._monotonic = monotonic
        self._heard = Announcements()
        self._boards: list[dict[str, Any]] = []
        self.chip = VoiceChip(
            settings.display.voice_chip,
            manner=manner_of(settings.display),
            on_change=self._changed,
            clock=monotonic,
        )

    def start(self) -> None:
        self._devices.tell(_state(self.chip.health.now, self._settings))
        self._link.submit(self._run())

    def take(self, event: Event) -> None:
        """News from the hub."""
        if isinstance(event, HubThere | BoardChanged):
            self._boards.append(event.board)

    def step(self) -> None:
        """Hands over what is due. Before the hub's first beat nobody knows which calls are still fresh."""
        hall_now = self._link.link.hall_now()
        if hall_now is None:
            return
        for board in self._boards:
            self._hear(board, hall_now.astimezone(self._settings.hall.zone_info))
        self._boards.clear()

    def _hear(self, board: dict[str, Any], hall_now: datetime) -> None:
        settings = self._settings.display
        self._heard, calls = due(self._heard, board.get("calls", []), hall_now, settings.voice_quiet)
        for call in calls:
            self._link.submit(self._say(self._announcement(call, board, hall_now)))

    def _announcement(self, call: Due, board: dict[str, Any], hall_now: datetime) -> Announcement:
        settings = self._settings.display
        fresh_s = (call.until - hall_now).total_seconds() / self._link.link.hall_speed
        parts = sentence(call.number, call.counter, board.get("counters", {}), settings.voice_templates)
        return Announcement(call.key, parts, self._monotonic() + fresh_s, settings.voice_repeat)

    async def _say(self, announcement: Announcement) -> None:
        self.chip.say(announcement)

    async def _run(self) -> None:
        url = self._settings.display.voice
        baud = CHIPS[self._settings.display.voice_chip].BAUD
        try:
            await tend(url, self.chip.session, on_state=self.chip.health.port, baud=baud, holder="hall display")
        except ValueError as error:
            log.error("no announcements: %s", error)
            self._devices.tell(DeviceState(name=NAME, device=url, state="faulty", code="setting", detail=str(error)))

    def _changed(self, condition: Condition) -> None:
        state = _state(condition, self._settings)
        log.info("voice chip", extra={"state": state.state, "code": state.code})
        self._devices.tell(state)


def manner_of(settings: DisplaySettings) -> Manner:
    return Manner(settings.voice_volume, settings.voice_speed, yao=settings.voice_yao)


_WORDS: dict[str, dict[Language, str]] = {
    "not_heard": {
        "zh": "语音模块尚未应答，状态未知",
        "en": "The voice chip has not answered yet, its state is unknown",
    },
    "rejected": {"zh": "语音模块拒收了一条播报", "en": "The voice chip rejected a text"},
    "stuck": {"zh": "语音模块一直忙，已令其停止", "en": "The voice chip did not come to an end and was told to stop"},
    "damaged": {"zh": "语音线路上收到错误数据", "en": "Damaged data on the voice chip's line"},
}


def _state(condition: Condition, settings: Settings) -> DeviceState:
    language = settings.hall.language
    if condition.fault:
        detail = condition.fault.message(language)
    else:
        detail = _WORDS.get(condition.code, {}).get(language, condition.detail)
    device = settings.display.voice_chip.upper()
    return DeviceState(name=NAME, device=device, state=condition.state, code=condition.code, detail=detail)
