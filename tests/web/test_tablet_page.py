"""The evaluation page of a tablet, in a real Chromium, served by the counter program's own server."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import pytest
from playwright.async_api import Page, ViewportSize, expect

from counter.tablet.page import page_for
from devices.errors import DeviceError
from devices.tablet_frames import Question
from devices.tablets import TabletServer
from hub.wire import LEVELS
from tests.running import free_port
from tests.web.browser import a_browser

pytestmark = pytest.mark.sqlite

TABLET: ViewportSize = {"width": 1280, "height": 800}
PHONE: ViewportSize = {"width": 320, "height": 640}


@dataclass
class Desk:
    """A counter whose disk takes one answer."""

    window: str = "3"
    name: str = "3号窗口"
    kept: list[tuple[int, ...]] = field(default_factory=list)
    listening: asyncio.Event = field(default_factory=asyncio.Event)

    def tablet_is(self, *, there: bool) -> None: ...

    def port_is(self, fault: DeviceError | None) -> None:
        assert fault is None
        self.listening.set()

    def submitted(self, question: str, values: tuple[int, ...]) -> bool:
        self.kept += [] if self.kept else [values]
        return self.kept == [values]

    def knows(self, question: str) -> bool:
        return question == "q1"

    def page(self, question: str) -> str:
        return page_for("A017", "3", "政务服务中心", LEVELS, "zh") if self.knows(question) else ""


@contextlib.asynccontextmanager
async def a_page(desk: Desk, size: ViewportSize = TABLET) -> AsyncIterator[Page]:
    port = free_port()
    server = TabletServer(f"ping://127.0.0.1:{port}")
    server.add(desk)
    serving = asyncio.create_task(server.run())
    async with a_browser() as browser:
        page = await browser.new_page(viewport=size)
        complaints: list[str] = []
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
        page.on("request", lambda asked: complaints.append(asked.url) if f":{port}/" not in asked.url else None)
        await desk.listening.wait()
        await server.ask(desk, Question("q1", "", "A017", "", ""))
        await page.goto(f"http://127.0.0.1:{port}/e/q1")
        yield page
        assert [one for one in complaints if not one.startswith("data:")] == []
    serving.cancel()
    await asyncio.gather(serving, return_exceptions=True)


async def test_one_touch_is_kept_and_thanked_for() -> None:
    desk = Desk()
    async with a_page(desk) as page:
        await expect(page.get_by_role("heading")).to_contain_text("A017，请您对本次服务作出评价")
        await page.get_by_role("button", name="不满意 Dissatisfied", exact=True).click()
        await expect(page.get_by_role("status")).to_contain_text("感谢您的评价")
        assert await page.get_by_role("button").count() == 0
        await page.reload()
        await page.get_by_role("button", name="非常满意").click()
        await expect(page.get_by_role("status")).to_contain_text("本次评价已经结束")
    assert desk.kept == [(3,)]


async def test_all_five_levels_fit_on_the_smallest_screen_in_both_languages() -> None:
    async with a_page(Desk(), PHONE) as page:
        for text in ("非常满意", "Very satisfied", "基本满意", "非常不满意", "Very dissatisfied"):
            await expect(page.get_by_text(text, exact=True)).to_be_in_viewport()
        assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
