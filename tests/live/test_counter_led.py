"""The strip over a counter, driven by the counter's own program."""

import pytest

from devices.twins.bench import twin_bench
from devices.twins.led_bx import BxTwin
from tests.live.counter_desk import CALL, Desk
from tests.unit.counter.halls import station, until

pytestmark = pytest.mark.sqlite


async def test_the_strip_shows_the_called_number_and_its_health_reaches_the_hub(desk: Desk) -> None:
    number = await desk.hall.take_ticket()
    twin = BxTwin()
    async with twin_bench(twin) as bench:
        desk.settings = station(desk.hall, desk.port, desk.outbox_path, led={"url": bench.urls[0]})
        desk.start()
        await desk.connected()
        await until(lambda: twin.texts and twin.texts[0].startswith("1号窗口"))
        desk.press(CALL)
        await until(lambda: twin.texts == [f"1号窗口 {number} 请办理"])
        await until(lambda: desk.hall.devices().get("led") == ("fine", ""))
        await desk.end()
