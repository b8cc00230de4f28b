"""Devices on the management page, in a real Chromium against a real hub: states, a day's bar, history, alerts."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from hub.clock import micros
from hub.devices import watch
from hub.devices.tables import DeviceSpellRow
from hub.settings import Settings
from hub.store import SYSTEM, Store, Tx
from tests.live.test_people import PASSWORD, STAFF, people
from tests.running import PATIENCE_S, RunningHub, free_port, hub_settings, morning_clock
from tests.web.browser import a_browser

pytestmark = pytest.mark.sqlite

expect.set_options(timeout=PATIENCE_S * 1000)


@dataclass(frozen=True)
class Was:
    """A spell that begins so many hours before now and lasts until the next one of its device."""

    hours: float
    station: str
    device: str
    state: str
    code: str = ""
    detail: str = ""


PAST = [
    Was(20.5, "取号机-1", "printer", "fine"),
    Was(6.5, "取号机-1", "printer", "degraded", "near_end", "纸将用完，约可再打 60 张"),
    Was(5.5, "取号机-1", "printer", "faulty", "paper_out", "打印机缺纸，请装入新纸卷"),
    Was(5.2, "取号机-1", "printer", "fine"),
    Was(0.2, "取号机-1", "printer", "degraded", "near_end", "纸将用完，约可再打 40 张"),
    Was(20, "display-1", "voice", "fine"),
    Was(0.25, "display-1", "voice", "silent", "device_silent", "设备没有应答，状态未知，请检查电源和连接线"),
    Was(20, "display-1", "led-3", "fine"),
    Was(20, "counter-3", "keypad", "fine"),
    Was(0.5, "counter-3", "keypad", "faulty", "port_missing", "找不到设备，请检查连接线、电源和端口设置"),
]


def write_past(tx: Tx) -> None:
    """As if this had been noted when it happened."""
    until: dict[tuple[str, str], int] = {}
    for was in reversed(PAST):
        begun = micros(tx.now - timedelta(hours=was.hours))
        tx.insert(
            DeviceSpellRow(
                id=tx.new_id(),
                station=was.station,
                role="kiosk",
                device=was.device,
                model="",
                state=was.state,
                code=was.code,
                detail=was.detail,
                begun_at=begun,
                ended_at=until.get((was.station, was.device)),
                heard_by="before",
            )
        )
        until[was.station, was.device] = begun


def prepare(settings: Settings) -> None:
    people(settings, **STAFF)

    async def write() -> None:
        store = Store(settings.hub.database_url, now=morning_clock)
        with closing(store):
            store.open()
            await store.write(write_past, SYSTEM, None)

    asyncio.run(write())


@pytest.fixture
async def hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[RunningHub]:
    monkeypatch.setattr(watch, "START_GRACE_S", 600.0)  # nobody brings these stations back
    settings = hub_settings(tmp_path, free_port())
    await asyncio.to_thread(prepare, settings)
    running = RunningHub(settings, tokens={}, open_board=False)
    await asyncio.to_thread(running.__enter__)
    yield running
    await asyncio.to_thread(running.__exit__)


@asynccontextmanager
async def signed_in(hub: RunningHub, name: str, width: int = 1366, height: int = 768) -> AsyncIterator[Page]:
    async with a_browser() as browser:
        context = await browser.new_context(viewport={"width": width, "height": height}, locale="zh-CN")
        page = await context.new_page()
        faults: list[str] = []
        page.on("pageerror", lambda error: faults.append(str(error)))
        await page.goto(f"{hub.url}/login?next=/manage")
        await page.fill("#name", name)
        await page.fill("#password", PASSWORD)
        await page.keyboard.press("Enter")
        await page.get_by_role("tab", name="设备").click()
        yield page
        assert faults == []


async def test_a_manager_sees_what_fails_takes_it_on_by_keyboard_reads_its_history_and_takes_a_station_out_of_use(
    hub: RunningHub,
) -> None:
    async with signed_in(hub, "sun") as page:
        printer = page.locator("tr.first").filter(has_text="取号机-1")
        await expect(printer).to_contain_text("纸将用完，约可再打 40 张")
        bar = printer.get_by_role("img")
        await expect(bar).to_have_attribute("aria-label", "正常 92.7% · 需留意 5.9% · 故障 1.5%")
        alerts = page.locator("#alerts li")
        await expect(alerts).to_have_count(2)
        keypad = alerts.filter(has_text="设备故障：counter-3 叫号评价器")
        await keypad.get_by_role("button", name="我来处理").focus()
        await page.keyboard.press("Enter")
        await expect(keypad).to_contain_text("sun 处理中")
        await page.get_by_role("button", name="历史: counter-3 叫号评价器").focus()
        await page.keyboard.press("Enter")
        await expect(page.locator(".opened h2")).to_be_focused()
        await expect(page.locator(".opened")).to_contain_text("找不到设备")
        row = page.locator("tr.first").filter(has_text="counter-3")
        await row.get_by_role("button", name="停用").click()
        await page.locator("dialog").get_by_role("button", name="停用").click()
        await expect(row).to_have_count(0)
        await page.get_by_role("button", name="English").click()
        await expect(alerts.filter(has_text="Device down: display-1 voice")).to_be_visible()
        await expect(alerts.filter(has_text="counter-3")).to_have_count(0)
