"""A call becomes a spoken sentence: hub, display station and a virtual voice chip on one floor."""

import asyncio
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import cast

import pytest

from devices.twins.bench import twin_bench
from devices.twins.voice import Xfs5152Twin
from display.reporting import Devices
from display.voice.speaker import Speaker
from hub.link import LinkThread
from hub.settings import settings_from
from tests.live.test_display_board import Hall

pytestmark = pytest.mark.sqlite


@pytest.fixture
def hall(tmp_path: Path) -> Iterator[Hall]:
    hall = Hall(tmp_path)
    hall.start()
    for counter in ("1", "2"):
        hall.post(f"c{counter}", f"/counters/{counter}/open")
    try:
        yield hall
    finally:
        hall.stop()


def station(link: LinkThread, devices: Devices, speaker: Speaker, stop: threading.Event) -> None:
    """What `display.app` does, without a window."""
    while not stop.is_set():
        event = link.events.get()
        devices.take(event)
        speaker.take(event)
        speaker.step()


async def test_calls_are_spoken_and_the_hub_knows_how_the_chip_is(hall: Hall) -> None:
    first = await asyncio.to_thread(hall.called, "1")
    async with twin_bench("xfs5152ce", seconds_a_character=0.02) as bench:
        twin = cast(Xfs5152Twin, bench.twin)
        settings = settings_from(
            {
                "station": {"hub_url": hall.url, "token": "d", "name": "display-9"},
                "display": {"voice": bench.urls[0], "voice_chip": "xfs5152ce", "voice_yao": False},
            },
            origin="test",
        )
        link = LinkThread(settings, station="display-9", role="display")
        devices = Devices(link)
        speaker = Speaker(settings, link, devices)
        stop = threading.Event()
        running = threading.Thread(target=station, args=(link, devices, speaker, stop), daemon=True)
        link.start()
        speaker.start()
        running.start()
        try:
            async with asyncio.timeout(10):
                while len(twin.spoken) < 1:
                    await twin.watch.after(twin.watch.version, 1)
                second = await asyncio.to_thread(hall.called, "2")
                while len(twin.spoken) < 2 or twin.speaking:
                    await twin.watch.after(twin.watch.version, 1)
            assert (first, second) == ("A001", "A002")
            assert [one.sounds for one in twin.spoken] == ["请A零零一号到一号窗口办理", "请A零零二号到二号窗口办理"]
            [device] = hall.devices("display-9")
            assert (device.name, device.device, device.state) == ("voice", "XFS5152CE", "fine")
            assert await asyncio.to_thread(hall.noted, "display-9", "voice") == "fine"
            assert (
                'hall_device_state{station="display-9",device="voice",state="fine"} 1' in hall.get("m", "/metrics").text
            )
            [share] = hall.get("m", "/api/v1/devices/uptime").json()["shares"]
            assert share["uptime"] == "100.00"
        finally:
            stop.set()
            await asyncio.to_thread(link.stop)
