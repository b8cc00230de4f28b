"""Tests of a real device: `pytest tests/hardware -s --device-url /dev/ttyUSB0 --device-kind ff68 [--device-baud N]`.

Without `--device-url` nothing here is collected. A person is asked to pull and plug the cable, so `-s` is needed.
"""

import asyncio
from pathlib import Path

import pytest

from tests.device_contract import DeviceAtHand


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    return True if not config.getoption("device_url") and collection_path.suffix == ".py" else None


async def person(plugged: bool) -> None:
    what = "Plug the device in 请接上设备" if plugged else "Pull the device's cable 请拔下设备连线"
    await asyncio.to_thread(input, f"\n{what}, then press Enter 然后按回车: ")


@pytest.fixture
def device(request: pytest.FixtureRequest) -> DeviceAtHand:
    option = request.config.getoption
    return DeviceAtHand(
        option("device_kind"), option("device_url"), person, option("device_seconds"), option("device_baud")
    )
