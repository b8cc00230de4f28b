"""The hall now and figures on the management page, in a real Chromium against one real hub with a past."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Locator, Page, expect

from hub.demo.history import plant
from hub.edges import Hub
from hub.store import SYSTEM
from tests.live.test_people import PASSWORD, STAFF, people
from tests.running import PATIENCE_S, RunningHub, free_port, hub_settings
from tests.web.browser import a_browser

pytestmark = pytest.mark.sqlite

expect.set_options(timeout=PATIENCE_S * 1000)

PAST_DAYS = 10


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningHub]:
    settings = hub_settings(tmp_path_factory.mktemp("figures"), free_port())
    people(settings, **STAFF)
    with RunningHub(settings) as running:
        inner: Hub = running.app.state.hub
        past = inner.store.write(plant, SYSTEM, None, inner.hall, PAST_DAYS)
        asyncio.run_coroutine_threadsafe(_of(past), running.loop).result(PATIENCE_S)
        yield running


async def _of(work: Any) -> Any:
    return await work


@asynccontextmanager
async def a_manager(hub: RunningHub, section: str, language: str = "zh") -> AsyncIterator[Page]:
    async with a_browser() as browser:
        context = await browser.new_context(viewport={"width": 1366, "height": 768}, locale="zh-CN")
        page = await context.new_page()
        faults: list[str] = []
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("console", lambda line: faults.append(line.text) if "Content Security Policy" in line.text else None)
        await page.goto(f"{hub.url}/login?lang={language}&next=/manage")
        await page.fill("#name", "sun")
        await page.fill("#password", PASSWORD)
        await page.keyboard.press("Enter")
        await page.locator("#tabs button").first.wait_for()
        await page.evaluate(f"location.hash = '{section}'")
        yield page
        assert faults == []


def past() -> dict[str, str]:
    """The days that were planted: before the Monday of the tests' clock."""
    last = date(2026, 3, 1)
    return {"from": (last - timedelta(days=PAST_DAYS)).isoformat(), "to": last.isoformat()}


async def choose(page: Page, name: str, value: str) -> None:
    await page.locator(f"select[name={name}]").select_option(value)


async def choose_past(page: Page) -> None:
    for label, day in zip(("从", "到"), past().values(), strict=True):
        await page.get_by_label(label, exact=True).fill(day)


def tile(page: Page, name: str) -> Locator:
    return page.locator(".tile", has=page.locator(".name", has_text=name)).first


async def test_a_manager_watches_the_hall_change_by_itself_and_nothing_flickers(hub: RunningHub) -> None:
    async with a_manager(hub, "now") as page:
        card = page.locator(".counters-now li", has_text="1 号窗口")
        await expect(card).to_contain_text("未开放")
        await card.evaluate("node => { node.seenBefore = true; }")
        with hub.client("demo-clerk-1") as clerk, hub.client("demo-kiosk") as kiosk:
            assert clerk.post("/counters/1/open", json={}).is_success
            await expect(card).to_contain_text("空闲")
            for _ in range(2):
                assert kiosk.post("/tickets", json={"service": "A"}).is_success
            assert clerk.post("/counters/1/next", json={}).is_success
        await expect(card).to_contain_text("呼叫中")
        await expect(card).to_contain_text("A001")
        await expect(card).to_contain_text("demo-clerk-1")
        await expect(page.locator(".lines-now tr", has_text="企业开办").locator("td").nth(1)).to_have_text("1")
        await expect(tile(page, "正在等候").locator("strong")).to_have_text("1")
        await expect(tile(page, "今日取号").locator("strong")).to_have_text("2")
        await expect(tile(page, "等候最久")).to_contain_text("A002")
        await expect(tile(page, "今日满意率")).to_contain_text("0 / 0")
        assert await card.evaluate("node => node.seenBefore")


async def test_figures_on_the_page_are_those_of_the_files_and_are_read_and_sorted_by_keyboard(hub: RunningHub) -> None:
    with hub.client("demo-manager") as manager:
        answer = manager.get("/figures/satisfaction", params=past()).json()
        file = manager.get("/exports/satisfaction.csv", params={**past(), "by": "counter"}).content
    [row] = answer["rows"]
    async with a_manager(hub, "figures") as page:
        await choose_past(page)
        satisfaction = tile(page, "满意率")
        await expect(satisfaction).to_contain_text(f"{row['satisfaction_rate']:.2f} %")
        await expect(satisfaction).to_contain_text(f"{row['satisfied']:,} / {row['evaluated']:,}")

        chart = page.locator("figure.wide")
        marks = chart.locator("svg [tabindex]")
        await marks.first.focus()
        first = await chart.locator("output").inner_text()
        await page.keyboard.press("ArrowDown")
        await expect(chart.locator("output")).not_to_have_text(first)
        assert await chart.locator("svg [tabindex='0']").count() == 1

        head = chart.get_by_role("button", name="办结量")
        await head.focus()
        await page.keyboard.press("Enter")
        await expect(chart.locator("th[aria-sort='descending']")).to_have_text("办结量")
        shown = [int(cell.replace(",", "")) for cell in await chart.locator("tbody td:nth-child(2)").all_inner_texts()]
        assert len(shown) > 1
        assert shown == sorted(shown, reverse=True)

        async with page.expect_download() as coming:
            await page.get_by_role("button", name="导出 本页统计 为 csv").press("Enter")
        saved = await coming.value
        assert await asyncio.to_thread(Path(await saved.path()).read_bytes) == file
        await expect(page.get_by_role("status").last).to_contain_text("已保存 satisfaction_")


async def test_an_export_that_takes_long_can_be_stopped(hub: RunningHub) -> None:
    async with a_manager(hub, "figures") as page:
        held = asyncio.Event()
        await page.route("**/exports/tickets.csv*", lambda route: held.set())
        await page.get_by_role("button", name="导出 明细 为 csv").click()
        await asyncio.wait_for(held.wait(), PATIENCE_S)
        await expect(page.get_by_role("button", name="取消导出")).to_be_focused()
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("status").last).to_have_text("已取消")
        await expect(page.get_by_role("button", name="导出 明细 为 csv")).to_be_focused()


async def test_every_kind_has_its_charts_with_a_table_in_english_too_and_another_time_beside_it(
    hub: RunningHub,
) -> None:
    async with a_manager(hub, "figures", "en") as page:
        await choose(page, "period", "quarter")
        await choose(page, "compare", "before")
        for kind, title in (
            ("waits", "Waits by hour"),
            ("arrivals", "Arrivals by weekday and hour"),
            ("counters", "by counter"),
            ("reasons", "Reasons given"),
            ("summary", "Closed by department"),
            ("satisfaction", "Answers by level"),
            ("foreseen", "Waits: foretold and actual"),
        ):
            await choose(page, "kind", kind)
            await expect(page.locator("figure", has_text=title)).to_be_visible()
            if kind == "waits":
                await expect(tile(page, "Wait P90")).to_contain_text("other time —")
            if kind == "summary":
                await expect(page.locator(".sentence")).to_contain_text("2026, Q1: 0 accepted")


async def test_periods_are_those_of_the_calendar(hub: RunningHub) -> None:
    async with a_manager(hub, "figures") as page:
        found = await page.evaluate(
            """import('/home/-/manage_periods.js').then((periods) => [
              periods.periodOf('week', '2026-03-01'), periods.periodOf('half', '2026-08-09'),
              periods.periodOf('quarter', '2024-02-29'),
              periods.moved('month', {from: '2026-03-01', to: '2026-03-31'}, -1),
              periods.moved('free', {from: '2026-03-01', to: '2026-03-10'}, 1),
              periods.yearBefore({from: '2024-02-29', to: '2024-03-31'}),
            ])"""
        )
    assert [(one["from"], one["to"]) for one in found] == [
        ("2026-02-23", "2026-03-01"),
        ("2026-07-01", "2026-12-31"),
        ("2024-01-01", "2024-03-31"),
        ("2026-02-01", "2026-02-28"),
        ("2026-03-11", "2026-03-20"),
        ("2023-02-28", "2023-03-31"),
    ]
