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
from devices.errors import DeviceError
from devices.tablets import TabletServer
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


async def test_a_page_is_there_while_it_is_asked_and_closed_afterwards(tmp_path: Path) -> None:
    async with a_seat(tmp_path, "ping") as seat:
        number = await seat.serve()
        page = await seat.tablet.page()
        assert f"{number}，请您对本次服务作出评价" in page
        assert page.index("非常满意") < page.index("基本满意") < page.index("非常不满意")
        await seat.tablet.submit(0)
        with pytest.raises(HTTPError, match="404"):
            await seat.tablet.page()


class NoDesk:
    """Window 1, where nobody is asked anything."""

    window = "1"
    name = "1号窗口"

    def __init__(self) -> None:
        self.open = asyncio.Event()

    def tablet_is(self, *, there: bool) -> None: ...

    def port_is(self, fault: DeviceError | None) -> None:
        self.open.set()

    def submitted(self, question: str, values: tuple[int, ...]) -> bool:
        return False

    def knows(self, question: str) -> bool:
        return False

    def page(self, question: str) -> str:
        return ""


@contextlib.asynccontextmanager
async def a_server(**options: Any) -> AsyncIterator[str]:
    port = free_port()
    server, desk = TabletServer(f"ping://127.0.0.1:{port}", **options), NoDesk()
    server.add(desk)
    serving = asyncio.create_task(server.run())
    await desk.open.wait()
    yield f"ws://127.0.0.1:{port}"
    serving.cancel()
    await asyncio.gather(serving, return_exceptions=True)


@pytest.mark.parametrize(("window", "key"), [("1", "wrong"), ("9", "123456")])
async def test_a_wrong_key_or_window_is_not_let_in(window: str, key: str) -> None:
    async with a_server(key="123456") as url:
        stranger = TabletTwin(url=url, window=window, key=key)
        await until(lambda: stranger.said == "通讯密钥错误")
        assert not stranger.logged_in
        await stranger.close()


async def test_only_the_networks_that_are_set_may_come() -> None:
    async with a_server(allowed=("10.0.0.0/8",)) as url:
        with pytest.raises(InvalidStatus, match="403"):
            await connect(url, proxy=None)
