"""What is asked of every device, twin or metal: tests/live runs these on twins, tests/hardware on a real one."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import pytest

from devices.drivers import DRIVERS
from devices.errors import DeviceError, PortBusy
from devices.ports import open_port
from devices.trials.trial import Trial, trial_of


@dataclass(frozen=True)
class DeviceAtHand:
    kind: str
    url: str
    plug: Callable[[bool], Awaitable[None]]
    """Pulls its cable out or puts it back; by a person where the device is real."""
    seconds: float = 60.0
    baud: int = 0

    async def trial(self) -> list[str]:
        """What `hall devices test` says. Raises DeviceError."""
        said: list[str] = []
        await trial_of(self.kind)(
            Trial(self.url, "en", said.append, self.baud or DRIVERS[self.kind].baud, self.seconds)
        )
        return said


async def test_while_one_has_it_another_is_told_who(device: DeviceAtHand) -> None:
    async with await open_port(device.url, holder="the first user"):
        with pytest.raises(PortBusy, match="the first user"):
            await device.trial()


async def test_it_passes_its_trial_says_when_it_is_unplugged_and_passes_again(device: DeviceAtHand) -> None:
    assert await device.trial()
    await device.plug(False)
    with pytest.raises(DeviceError) as caught:
        await device.trial()
    assert device.url in caught.value.message("zh")
    await device.plug(True)
    assert await device.trial()
