"""Every twin keeps the promises that tests/hardware asks of real devices, through the same tests."""

import contextlib
from collections.abc import AsyncIterator
from typing import Any

import pytest

from devices.drivers import DRIVERS
from devices.errors import KEPT_FRAMES, DeviceSilent
from devices.twins.bench import ff68_bench, printer_bench, twin_bench
from devices.twins.ff68 import Ff68Line
from devices.twins.printer import PrinterTwin
from devices.twins.twin import Twin
from tests.device_contract import (
    DeviceAtHand,
    test_it_passes_its_trial_says_when_it_is_unplugged_and_passes_again,
    test_while_one_has_it_another_is_told_who,
)

__all__ = [
    "test_it_passes_its_trial_says_when_it_is_unplugged_and_passes_again",
    "test_while_one_has_it_another_is_told_who",
]

NEVER_ANSWERS = ("led-xunpeng", "led-xunpeng-colour")
"""Nobody can see from a board that only takes bytes whether it is still behind its serial server."""
ON_TCP = [
    name
    for name, driver in DRIVERS.items()
    if driver.twin and driver.trial and "tcp" in driver.transports and name not in NEVER_ANSWERS
]
LISTENED_S = 0.3
"""A twin answers at once; one that only speaks when somebody presses, keeps still here."""
ANSWERED_S = 5.0
SILENT_S = 3.5
BY_ITSELF = ("keypad", "scanner", "id-card")
QUICK: dict[str, dict[str, Any]] = {"voice": {"seconds_a_character": 0.01}}


@pytest.fixture(params=["printer", "ff68", *ON_TCP])
async def device(request: pytest.FixtureRequest) -> AsyncIterator[DeviceAtHand]:
    kind: str = request.param
    family = DRIVERS[kind].kind
    async with contextlib.AsyncExitStack() as stack:
        twin: Ff68Line | PrinterTwin | Twin
        if kind == "ff68":
            bus = await stack.enter_async_context(ff68_bench(port=0))
            twin, url = bus.lines[0], bus.urls[0]
        elif kind == "printer":
            paper = await stack.enter_async_context(printer_bench())
            twin, url = paper.twin, paper.urls[0]
        else:
            bench = await stack.enter_async_context(twin_bench(kind, **QUICK.get(family, {})))
            twin, url = bench.twin, bench.urls[0]

        async def plug(plugged: bool) -> None:
            twin.set_faults(**{"off" if plugged else "on": ["unplugged"]})

        yield DeviceAtHand(kind, url, plug, LISTENED_S if family in BY_ITSELF else ANSWERED_S)


@pytest.mark.parametrize("kind", ["led-bx", "idcard-sam"])
async def test_a_device_that_keeps_silent_is_told_with_what_was_asked(
    kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("devices.led_strip.REPLY_TIMEOUT_S", 0.1)
    async with twin_bench(kind, faults=["mute"]) as bench:
        with pytest.raises(DeviceSilent) as caught:
            await DeviceAtHand(kind, bench.urls[0], no_cable, SILENT_S).trial()
    assert 0 < len(caught.value.frames) <= KEPT_FRAMES
    assert caught.value.frames[0].startswith("> ")


async def no_cable(plugged: bool) -> None:
    """Nobody pulls here."""
