"""Stations on the management page, in a real Chromium against a real hub with its own certificate."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from hub.certificates import fingerprint, in_groups
from hub.link import CodeShown, HubGone, HubThere, Link
from hub.settings import settings_from
from hub.tls import served_certificate
from hub.wire import DeviceReport, DeviceState
from tests.live.test_link import Heard
from tests.live.test_people import PASSWORD, STAFF, people
from tests.running import PATIENCE_S, RunningHub, free_port, hub_settings
from tests.web.browser import a_browser

#: A busy machine takes its time.
expect.set_options(timeout=PATIENCE_S * 1000)


@pytest.fixture(autouse=True)
def own_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HALL_DATA", str(tmp_path / "station"))


@pytest.fixture
async def hub(tmp_path: Path) -> AsyncIterator[RunningHub]:
    settings = hub_settings(tmp_path, free_port(), hub={"tls": "own"})
    await asyncio.to_thread(lambda: people(settings, **STAFF))
    running = RunningHub(settings, tokens={}, open_board=False)
    await asyncio.to_thread(running.__enter__)
    yield running
    await asyncio.to_thread(running.__exit__)


@asynccontextmanager
async def signed_in(hub: RunningHub, name: str) -> AsyncIterator[Page]:
    async with a_browser() as browser:
        context = await browser.new_context(
            viewport={"width": 1366, "height": 768}, locale="zh-CN", ignore_https_errors=True
        )
        page = await context.new_page()
        faults: list[str] = []
        page.on("pageerror", lambda error: faults.append(str(error)))
        await page.goto(f"{hub.url}/login?next=/manage")
        await page.fill("#name", name)
        await page.fill("#password", PASSWORD)
        await page.keyboard.press("Enter")
        await page.get_by_role("tab", name="终端").click()
        yield page
        assert faults == []


@asynccontextmanager
async def a_station(hub: RunningHub) -> AsyncIterator[tuple[Link, Heard]]:
    heard = Heard()
    settings = settings_from({"station": {"hub_url": hub.url}}, origin="test")
    link = Link(settings, station="取号机-1", role="kiosk", on_event=heard, ask_again_s=0.2)
    task = asyncio.create_task(link.run())
    try:
        yield link, heard
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def code(heard: Heard) -> str:
    shown = await heard.until(lambda event: isinstance(event, CodeShown))
    assert isinstance(shown, CodeShown)
    return shown.code


async def test_a_manager_compares_confirms_and_takes_away(hub: RunningHub, tmp_path: Path) -> None:
    certificate = served_certificate(hub.settings)
    assert certificate
    async with a_station(hub) as (link, heard), signed_in(hub, "sun") as page:
        shown = await code(heard)
        await page.get_by_role("button", name="刷新").click()
        row = page.locator("tr").filter(has_text=shown)
        await expect(row).to_contain_text("取号机-1")
        await row.get_by_role("button", name="确认").click()
        dialog = page.locator("dialog")
        groups = "".join(await dialog.locator(".fingerprint").all_inner_texts()).replace(" ", "")
        assert groups == in_groups(fingerprint(certificate)).replace(" ", "")
        await dialog.locator('input[name="name"]').fill("东门取号机")
        await page.screenshot(path=str(tmp_path / "confirm.png"))
        await dialog.get_by_role("button", name="确认").click()
        await expect(dialog).to_be_visible()  # the fingerprint has not been compared yet
        await dialog.locator('input[name="same"]').check()
        await dialog.get_by_role("button", name="确认").click()
        await expect(page.locator(".done")).to_have_text("已配对：东门取号机")
        await heard.until(lambda event: isinstance(event, HubThere))
        await link.send(DeviceReport(devices=[DeviceState(name="printer", device="x", state="faulty", detail="缺纸")]))
        known = page.locator("tr").filter(has_text="东门取号机")
        await page.get_by_role("button", name="刷新").click()
        await expect(known).to_contain_text("在线")
        await expect(known).to_contain_text("故障")
        await page.screenshot(path=str(tmp_path / "known.png"))
        heard.events.clear()
        await known.get_by_role("button", name="取消授权").click()
        await page.locator("dialog").get_by_role("button", name="取消授权").click()
        await expect(known).to_have_count(0)
        await code(heard)


async def test_a_typed_code_is_read_in_any_spelling_and_a_wrong_one_is_said(hub: RunningHub) -> None:
    async with a_station(hub) as (_, heard), signed_in(hub, "sun") as page:
        shown = await code(heard)
        await page.get_by_role("button", name="配对终端").click()
        dialog = page.locator("dialog")
        await dialog.locator('input[name="same"]').check()
        await dialog.locator('input[name="code"]').fill("AAAA AAAA")
        await dialog.get_by_role("button", name="确认").click()
        await expect(dialog.locator(".why")).to_contain_text("没有找到")
        await dialog.locator('input[name="code"]').fill(shown.replace("-", " ").lower())
        await dialog.get_by_role("button", name="确认").click()
        await expect(page.locator(".done")).to_have_text("已配对：取号机-1")
        await heard.until(lambda event: isinstance(event, HubThere))


async def test_a_refused_station_hears_so(hub: RunningHub) -> None:
    async with a_station(hub) as (_, heard), signed_in(hub, "sun") as page:
        shown = await code(heard)
        await page.get_by_role("button", name="刷新").click()
        await page.locator("tr").filter(has_text=shown).get_by_role("button", name="拒绝").click()
        await heard.until(lambda event: isinstance(event, HubGone) and event.reason == "refused")


async def test_a_duty_leader_sees_the_stations_and_changes_nothing(hub: RunningHub) -> None:
    async with signed_in(hub, "zhao") as page:
        await expect(page.locator("main")).to_contain_text("已授权的终端")
        await expect(page.get_by_role("button", name="配对终端")).to_have_count(0)
        await page.click("#language")
        await expect(page.locator("main")).to_contain_text("Stations with access")
