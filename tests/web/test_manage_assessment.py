"""Assessment, findings and registers on the management page, in a real Chromium against one real hub."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from playwright.async_api import Locator, Page, expect

from tests.live.test_people import PASSWORD, STAFF, people
from tests.running import PATIENCE_S, RunningHub, free_port, hub_settings
from tests.web.browser import a_browser

pytestmark = pytest.mark.sqlite

expect.set_options(timeout=PATIENCE_S * 1000)

HEADER = (
    "case_no,service,department,counter,clerk,kind,online,on_site,"
    "received_at,legal_days,promised_days,closed_at,outcome"
)
GOOD = "办2026-1,A,公安局,1,张敏,promised,false,true,2026-02-02 09:00,10,3,2026-02-20 15:00,approved"
BAD = GOOD.replace("办2026-1", "办2026-2").replace("2026-02-02 09:00", "2026-02-30 09:00")


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningHub]:
    settings = hub_settings(tmp_path_factory.mktemp("hall"), free_port())
    people(settings, **STAFF)
    with RunningHub(settings, tokens={}) as running:
        yield running


@asynccontextmanager
async def signed_in(hub: RunningHub, name: str) -> AsyncIterator[Page]:
    async with a_browser() as browser:
        context = await browser.new_context(viewport={"width": 1366, "height": 768}, locale="zh-CN")
        page = await context.new_page()
        faults: list[str] = []
        page.on("pageerror", lambda error: faults.append(str(error)))
        await page.goto(f"{hub.url}/login?next=/manage")
        await page.fill("#name", name)
        await page.fill("#password", PASSWORD)
        await page.keyboard.press("Enter")
        await expect(page.locator("#tabs button").first).to_be_visible()
        yield page
        assert faults == []


async def press(button: Locator) -> None:
    """By keyboard, once it may be pressed."""
    await expect(button).to_be_enabled()
    await button.focus()
    await button.press("Enter")


async def upload(page: Page, folder: Path, *lines: str) -> None:
    file = folder / "cases.csv"
    file.write_text("\n".join((HEADER, *lines)) + "\n", encoding="utf-8")
    await page.select_option("select[name=kind]", "cases")
    await page.set_input_files("input[name=file]", str(file))
    await page.get_by_label("作为历史新增").check()
    await page.get_by_role("button", name="上传并导入").click()


async def test_registers_come_in_by_upload_whole_or_with_every_bad_line_named_and_a_deadline_explains_itself(
    hub: RunningHub, tmp_path: Path
) -> None:
    async with signed_in(hub, "root") as page:  # an administrator imports and sees no register
        await page.get_by_role("tab", name="登记").click()
        await expect(page.locator(".subs a")).to_have_text(["导入"])
        await upload(page, tmp_path, GOOD, BAD)
        await expect(page.locator(".panel .why")).to_have_text("✕ 1 处错误，没有导入任何内容")
        await expect(page.locator(".panel").first.locator("tbody tr")).to_contain_text(["3received_at：“2026-02-30"])
        await upload(page, tmp_path, GOOD)
        await expect(page.locator(".panel .done")).to_have_text("✓ cases：已导入 1 行")
        await expect(page.locator("tr").filter(has_text="cases.csv")).to_contain_text("root")
    async with signed_in(hub, "sun") as page:
        await page.goto(f"{hub.url}/manage#registers/cases")
        row = page.locator("tr").filter(has_text="办2026-1")
        await expect(row).to_contain_text("✕ 超期")
        await row.get_by_role("link").press("Enter")
        await expect(page.locator(".deadline").first).to_contain_text("2026年2月2日：收到申请，当日不计入")


async def test_a_finding_is_entered_confirmed_by_keyboard_counted_closed_with_its_period_and_published(
    hub: RunningHub,
) -> None:
    async with signed_in(hub, "sun") as page:
        await page.goto(f"{hub.url}/manage#findings/star/proposed/2026-02")
        await press(page.get_by_role("button", name="登记认定"))
        dialog = page.locator("dialog")
        await dialog.locator("select[name=item]").select_option("w1b")
        await dialog.locator("select[name=counter]").select_option("1")
        await dialog.locator("input[name=at]").fill("2026-02-10T10:00")
        await dialog.locator("textarea[name=note]").fill("台面杂乱")
        await press(dialog.get_by_role("button", name="保存"))
        row = page.locator("tr").filter(has_text="台面杂乱")
        await press(row.get_by_role("button", name="确认"))
        await press(dialog.get_by_role("button", name="确认"))
        await expect(page.locator(".said")).to_have_text("已确认")
        await expect(row).to_have_count(0)  # the list is of those still to decide

        await page.goto(f"{hub.url}/manage#assessment/star/2026-02/1")
        item = page.locator("tr").filter(has_text="w1b")
        await expect(item).to_contain_text("-1.00")
        await page.get_by_text("扣分、加分事项 1").first.press("Enter")
        await expect(page.locator("tr.behind").filter(has_text="台面杂乱")).to_contain_text("sun")
        await expect(page.locator("figure.chart").first).to_contain_text("2026年2月")

        await page.select_option("select[name=unit]", "")
        await page.get_by_role("button", name="定稿", exact=True).click()
        await press(dialog.get_by_role("button", name="定稿"))
        await press(page.get_by_role("button", name="发布到大屏"))
        await expect(dialog.locator("li").first).to_contain_text("2026年2月 红旗窗口：")
        await press(dialog.get_by_role("button", name="发布到大屏"))
        await expect(page.get_by_role("button", name="撤下")).to_be_visible()
        assert hub.app.state.hub.board.document["notices"][0].startswith("2026年2月 红旗窗口：")
        await page.get_by_role("button", name="English").click()
        await expect(page.get_by_role("button", name="Withdraw")).to_be_visible()
        async with page.expect_download() as saved:
            await page.get_by_role("button", name="CSV").click()
        assert (await saved.value).suggested_filename == "star_2026-02.csv"
