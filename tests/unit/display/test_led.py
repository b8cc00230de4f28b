"""The board on strips: each says its own, what changed arrives, and the hub hears how they are."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import Any

import pytest

from devices.led_texts import Size
from devices.twins.bench import twin_bench
from devices.twins.led_bx import BxTwin
from display.led import LedFeed, sign_for
from hub.link import BoardChanged, HubGone, HubThere
from hub.station_settings import DisplaySettings, LedStrip
from hub.wire import DeviceState
from tests.unit.counter.halls import until
from tests.unit.display.boards import NOON, a_board

WINDOW, SUMMARY, ALL = (LedStrip(url="loop://", counter=counter) for counter in ("1", "summary", "windows"))


@pytest.mark.parametrize(
    ("settings", "size", "texts"),
    [
        (WINDOW, Size(1), ("1号窗口 B007 请办理",)),
        (SUMMARY, Size(2, 24), ("请 A030 号到 1号窗口", "请 B029 号到 2号窗口")),
        (ALL, Size(3, 24), ("1号窗口 B007 请办理", "2号窗口 空闲", "3号窗口 D021 办理中")),
    ],
)
def test_each_strip_says_its_own_of_the_board(settings: LedStrip, size: Size, texts: tuple[str, ...]) -> None:
    assert sign_for(settings, size, a_board(3), NOON).texts == texts


def test_a_closed_hall_calls_nobody_but_those_who_are_still_served_see_their_call() -> None:
    board = a_board(3)
    board["hall"]["opening"] = {"state": "closed"}
    assert sign_for(SUMMARY, Size(1, 24), board, NOON).texts == ("请 A030 号到 1号窗口",)
    assert sign_for(SUMMARY, Size(1), a_board(3, closed=True), NOON).texts == ("暂未开放",)


def test_a_strip_of_the_display_needs_an_address_and_a_counter() -> None:
    with pytest.raises(ValueError, match="needs url and counter"):
        DisplaySettings(led=(LedStrip(url="loop://"),))
    with pytest.raises(ValueError, match="2 rows need a height of 32"):
        LedStrip(rows=2)


@contextlib.asynccontextmanager
async def feeding(*strips: LedStrip) -> AsyncIterator[tuple[LedFeed, dict[str, DeviceState]]]:
    told: dict[str, DeviceState] = {}
    feed = LedFeed(
        strips, holder="test", hall_now=lambda: NOON, on_change=lambda state: told.update({state.name: state})
    )
    work = asyncio.create_task(feed.run())
    try:
        yield feed, told
    finally:
        work.cancel()
        await asyncio.gather(work, return_exceptions=True)


async def test_strips_follow_the_board_and_say_when_the_hub_is_away() -> None:
    window, wall = BxTwin(), BxTwin(width=192, height=32)
    board: dict[str, Any] = a_board(3)
    async with twin_bench(window) as one, twin_bench(wall) as two:
        strips = (
            LedStrip(url=one.urls[0], counter="1"),
            LedStrip(url=two.urls[0], counter="summary", height=32, rows=2),
        )
        async with feeding(*strips) as (feed, told):
            assert told["led-summary"].state == "silent"
            await feed.take(HubThere(board, "display", None))
            await until(lambda: window.texts == ["1号窗口 B007 请办理"])
            await until(lambda: wall.texts == ["请 A030 号到 1号窗口", "请 B029 号到 2号窗口"])
            board["counters"]["1"] |= {"number": "Z008"}
            await feed.take(BoardChanged(board, {}))
            await until(lambda: window.texts == ["1号窗口 Z008 请办理"])
            await feed.take(HubGone("unreachable", ""))
            await until(lambda: wall.texts == ["请 A030 号到 1号窗口", "信号中断 请听窗口叫号"])
            assert window.texts == ["1号窗口 Z008 请办理"]
            assert {name: state.state for name, state in told.items()} == {"led-1": "fine", "led-summary": "fine"}
            window.set_faults(on=["unplugged"])
            await until(lambda: (told["led-1"].state, told["led-1"].code) == ("faulty", "port_lost"))
            assert "连接中断" in told["led-1"].detail
