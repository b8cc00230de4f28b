"""Tablets of both protocols at a counter, with a real hub: asked once, taken once, never lost."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.error import HTTPError

import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

from counter.agent import Agent
from counter.outbox import Outbox
from devices.twins.tablet import TabletTwin
from tests.running import free_port
from tests.unit.counter.halls import Hall, a_hall, station, until

pytestmark = pytest.mark.sqlite


@dataclass
class Seat:
    """Counter 1 with a tablet; its program can be stopped and started."""

    hall: Hall
    agent: Agent
    tablet: TabletTwin

    async def serve(self) -> str:
        """One citizen from ticket to the question on the tablet; the number."""
        asked = self.tablet.questions
        number = await self.hall.take_ticket()
        for verb in ("next", "finish"):
            await self.hall.ask("POST", f"/counters/1/{verb}", "counter-1")
        await until(lambda: self.tablet.questions > asked)
        return number


@contextlib.asynccontextmanager
async def a_seat(folder: Path, protocol: str, key: str = "", **settings: Any) -> AsyncIterator[Seat]:
    port = free_port()
    async with a_hall(folder) as hall:
        await hall.open()
        told = station(hall, "", folder / "outbox", tablet=f"{protocol}://127.0.0.1:{port}", tablet_key=key, **settings)
        outbox = Outbox(folder / "outbox")
        agent, stop = Agent(told, outbox), asyncio.Event()
        tablet = TabletTwin(protocol=protocol, url=f"ws://127.0.0.1:{port}", key=key)
        running = asyncio.create_task(agent.run(stop))
        try:
            await until(lambda: agent.link.connected and agent.evaluations.levels and tablet.logged_in)
            yield Seat(hall, agent, tablet)
        finally:
            stop.set()
            await running
            await tablet.close()
            outbox.close()


@pytest.fixture(params=["rate", "ping"])
async def seat(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Seat]:
    async with a_seat(tmp_path, request.param, key="123456" if request.param == "ping" else "") as seat:
        yield seat


async def test_it_is_asked_and_its_answer_is_stored_once(seat: Seat) -> None:
    await until(lambda: seat.hall.devices().get("tablet") == ("fine", ""))
    number = await seat.serve()
    await seat.tablet.submit(1)
    await until(lambda: seat.hall.evaluations() == [(number, "satisfied")])
    await until(lambda: seat.tablet.answers == [True])
    if seat.tablet.protocol == "ping":
        await seat.tablet.submit(4)  # somebody else's finger
        assert seat.tablet.answers == [True, False]
    assert seat.hall.evaluations() == [(number, "satisfied")]


async def test_a_tablet_that_was_away_is_asked_when_it_is_back(seat: Seat) -> None:
    """And what it answers without a hub waits on the disk."""
    number = await seat.serve()
    seat.tablet.set_faults(on=["unplugged"])
    await until(lambda: seat.hall.devices().get("tablet") == ("silent", "not_there"))
    seat.tablet.set_faults(off=["unplugged"])
    await until(lambda: seat.tablet.questions == 2)
    await seat.hall.down()
    await until(lambda: not seat.agent.link.connected)
    await seat.tablet.submit(0)
    await until(lambda: seat.tablet.answers == [True])
    await seat.hall.up()
    await until(lambda: seat.hall.evaluations() == [(number, "very_satisfied")])


async def test_of_four_parts_the_worst_counts_and_the_bad_ones_are_the_reasons(tmp_path: Path) -> None:
    async with a_seat(tmp_path, "rate") as seat:
        number = await seat.serve()
        await seat.tablet.submit(0, 0, 3, 1)
        await until(lambda: seat.hall.evaluations() == [(number, "dissatisfied")])
        await until(lambda: seat.tablet.said == "评价成功!")


async def test_a_page_is_there_while_it_is_asked_and_closed_afterwards(tmp_path: Path) -> None:
    async with a_seat(tmp_path, "ping") as seat:
        number = await seat.serve()
        page = await seat.tablet.page()
        assert f"{number}，请您对本次服务作出评价" in page
        assert page.index("非常满意") < page.index("基本满意") < page.index("非常不满意")
        await seat.tablet.submit(0)
        with pytest.raises(HTTPError, match="404"):
            await seat.tablet.page()


async def test_a_wrong_key_or_window_is_not_let_in_and_a_strangers_address_gets_no_socket(tmp_path: Path) -> None:
    async with a_seat(tmp_path, "ping", key="123456") as seat:
        for window, key in (("1", "wrong"), ("9", "123456")):
            stranger = TabletTwin(url=seat.tablet.url, window=window, key=key)
            await until(lambda: stranger.said == "通讯密钥错误")  # noqa: B023
            assert not stranger.logged_in
            await stranger.close()


async def test_only_the_networks_that_are_set_may_come(tmp_path: Path) -> None:
    port = free_port()
    async with a_hall(tmp_path) as hall:
        told = station(
            hall, "", tmp_path / "outbox", tablet=f"rate://127.0.0.1:{port}", tablet_addresses=["10.0.0.0/8"]
        )
        outbox = Outbox(tmp_path / "outbox")
        agent, stop = Agent(told, outbox), asyncio.Event()
        running = asyncio.create_task(agent.run(stop))
        await until(lambda: hall.devices().get("tablet") == ("silent", "not_there"))
        with pytest.raises(InvalidStatus, match="403"):
            await connect(f"ws://127.0.0.1:{port}", proxy=None)
        stop.set()
        await running
        outbox.close()
