"""Signing in, sitting down, managing accounts and reading the journal, in a real Chromium against a real hub."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, BrowserContext, Page, expect

from tests.live.test_people import PASSWORD, STAFF, RealTime, people
from tests.running import RunningHub, free_port, hub_settings
from tests.web.browser import a_browser

pytestmark = pytest.mark.asyncio(loop_scope="module")


@dataclass
class Room:
    """A hub with people, and somebody's browser."""

    hub: RunningHub
    time: RealTime
    context: BrowserContext
    page: Page
    faults: list[str] = field(default_factory=list)

    def watch(self, page: Page) -> None:
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        page.on("console", lambda said: self.faults.append(said.text) if "Content Security" in said.text else None)

    async def goes_to(self, path: str) -> None:
        await self.page.goto(self.hub.url + path)

    async def signs_in(self, name: str, password: str = PASSWORD) -> None:
        await self.page.fill("#name", name)
        await self.page.fill("#password", password)
        await self.page.keyboard.press("Enter")

    async def sits_down(self, name: str = "wang", counter: str = "1") -> None:
        await self.goes_to("/counter")
        await self.signs_in(name)
        await self.page.click(f'.pick[value="{counter}"]')
        await expect(self.page.locator("body")).to_have_attribute("data-link", "there")

    async def in_thread(self, work: Callable[[], Any]) -> Any:
        return await asyncio.to_thread(work)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with a_browser() as browser:
        yield browser


@asynccontextmanager
async def a_room(browser: Browser, folder: Path, **document: Any) -> AsyncIterator[Room]:
    settings = hub_settings(folder, free_port(), **document)
    await asyncio.to_thread(lambda: people(settings, **STAFF))
    time = RealTime()
    hub = RunningHub(settings, open_board=False, real_now=time)
    await asyncio.to_thread(hub.__enter__)
    context = await browser.new_context(viewport={"width": 1366, "height": 768}, locale="zh-CN")
    room = Room(hub, time, context, await context.new_page())
    room.watch(room.page)
    try:
        yield room
        assert room.faults == []
    finally:
        await context.close()
        await asyncio.to_thread(hub.__exit__)


@pytest_asyncio.fixture(loop_scope="module")
async def room(browser: Browser, tmp_path: Path) -> AsyncIterator[Room]:
    async with a_room(browser, tmp_path) as room:
        yield room


async def test_a_clerk_signs_in_chooses_a_counter_works_and_signs_out(room: Room) -> None:
    page = room.page
    await room.sits_down()
    await expect(page.locator("#label")).to_have_text("1号窗口")
    await expect(page.locator("#person")).to_have_text("wang")
    await page.keyboard.press("F9")
    await expect(page.locator("body")).to_have_attribute("data-state", "open")
    [cookie] = await room.context.cookies()
    assert (cookie["name"], cookie["httpOnly"], cookie["sameSite"]) == ("hall_session", True, "Strict")
    await page.click("#leave")
    await expect(page.locator("#note")).to_have_text("已退出。")
    assert await room.context.cookies() == []
    with room.hub.client("demo-manager") as manager:
        assert (await room.in_thread(lambda: manager.get("/counters/1").json()["state"])) == "closed"


async def test_signing_out_with_a_citizen_at_the_counter_says_what_to_do_first(room: Room) -> None:
    page = room.page
    with room.hub.client("demo-kiosk") as kiosk:
        await room.in_thread(lambda: kiosk.post("/tickets", json={"service": "A"}))
    await room.sits_down()
    await page.keyboard.press("F9")
    await expect(page.locator("body")).to_have_attribute("data-state", "open")
    await page.keyboard.press("F2")
    await expect(page.locator("#number")).to_have_text("A001")
    for button in ("#leave", "#other"):
        await page.click(button)
        await expect(page.locator("#messages li").first).to_contain_text("A001 号还在 1 号窗口")
        await expect(page.locator("#number")).to_have_text("A001")


async def test_a_reload_keeps_the_counter_and_another_one_can_be_chosen(room: Room) -> None:
    page = room.page
    await room.sits_down()
    await page.reload()
    await expect(page.locator("#label")).to_have_text("1号窗口")
    await page.click("#other")
    await page.click('.pick[value="2"]')
    await expect(page.locator("#label")).to_have_text("2号窗口")


async def test_whoever_signs_in_takes_the_place_of_a_token_used_in_this_tab_before(room: Room) -> None:
    await room.goes_to("/counter?counter=2&token=demo-clerk-2")
    await expect(room.page.locator("#label")).to_have_text("2号窗口")
    await room.goes_to("/login")
    await room.signs_in("wang")
    await room.page.click('.pick[value="1"]')
    await expect(room.page.locator("#label")).to_have_text("1号窗口")
    await expect(room.page.locator("#person")).to_have_text("wang")


async def test_a_taken_counter_says_who_sits_there(room: Room, browser: Browser) -> None:
    await room.sits_down()
    context = await browser.new_context(locale="zh-CN")
    page = await context.new_page()
    await page.goto(f"{room.hub.url}/counter")
    await page.fill("#name", "li")
    await page.fill("#password", PASSWORD)
    await page.keyboard.press("Enter")
    await page.click('.pick[value="1"]')
    await expect(page.locator("#choose-why")).to_contain_text("1 号窗口由 wang 使用中")
    await context.close()


async def test_a_wrong_password_keeps_the_name_and_never_tells_which_was_wrong(room: Room) -> None:
    await room.goes_to("/login")
    told = []
    for name in ("wang", "no-such-person"):
        await room.signs_in(name, "Wrong-pass-1")
        await expect(room.page.locator("#why")).to_contain_text("不正确")
        told.append(await room.page.locator("#why").inner_text())
        await expect(room.page.locator("#password")).to_have_value("")
        await expect(room.page.locator("#name")).to_have_value(name)
        await room.page.reload()
    assert told[0] == told[1]


async def test_the_page_warns_before_the_time_out_and_a_press_prolongs(browser: Browser, tmp_path: Path) -> None:
    async with a_room(browser, tmp_path, access={"idle_minutes": 1.9}) as room:
        await room.sits_down()
        await expect(room.page.locator("#idle")).to_contain_text("秒后将自动退出登录")
        room.time.ahead += timedelta(minutes=1.5)
        await room.page.click("#stay")
        with room.hub.client() as watcher:
            [cookie] = await room.context.cookies()
            watcher.cookies.set(cookie["name"], cookie["value"])
            left = await room.in_thread(lambda: watcher.get("/session").json()["seconds_left"])
        assert left > 100


async def test_a_session_that_ended_elsewhere_brings_back_the_sign_in(room: Room) -> None:
    await room.sits_down()
    with room.hub.client() as root:
        answer = await room.in_thread(lambda: root.post("/session", json={"name": "root", "password": PASSWORD}))
        root.headers["X-CSRF-Token"] = answer.json()["csrf_token"]
        await room.in_thread(lambda: root.post("/people/wang/off"))
    await expect(room.page.locator("#note")).to_contain_text("请重新登录")


async def test_an_administrator_adds_somebody_who_chooses_a_password_of_their_own(room: Room) -> None:
    page = room.page
    await room.goes_to("/login")
    await room.signs_in("root")
    await page.click("text=新增人员")
    await page.fill("dialog [name=name]", "zhang")
    await page.fill("dialog [name=display_name]", "张明")
    await page.fill("dialog [name=password]", "short")
    await page.keyboard.press("Enter")
    await expect(page.locator("dialog .why")).to_contain_text("至少 10 个字符")
    await page.fill("dialog [name=password]", "Given-by-1")
    await page.keyboard.press("Enter")
    await expect(page.locator("tr", has_text="张明")).to_contain_text("须改密码")
    await page.click("#leave")
    await expect(page.locator("#note")).to_have_text("已退出。")
    await room.signs_in("zhang", "Given-by-1")
    await page.fill("#new", "My-own-word-2")
    await page.fill("#again", "My-own-word-3")
    await page.keyboard.press("Enter")
    await expect(page.locator("#change-why")).to_contain_text("不一样")
    await page.fill("#again", "My-own-word-2")
    await page.keyboard.press("Enter")
    await expect(page.locator("#person")).to_have_text("张明")
    await expect(page.locator(".pick")).to_have_count(4)


async def test_an_administrator_switches_somebody_off_by_the_keyboard(room: Room) -> None:
    page = room.page
    await room.goes_to("/login?lang=en")
    await room.signs_in("root")
    row = page.locator("tr", has_text="wang")
    await row.get_by_text("Switch off").focus()
    await page.keyboard.press("Enter")
    await expect(page.locator("dialog h2")).to_have_text("Switch off wang?")
    await page.keyboard.press("Escape")
    await expect(page.locator("dialog")).to_have_count(0)
    await expect(row).to_contain_text("active")
    await row.get_by_text("Switch off").focus()
    await page.keyboard.press("Enter")
    await page.locator("dialog .danger").press("Enter")
    await expect(row).to_contain_text("Switch on")


async def test_an_auditor_reads_the_journal_and_finds_nothing_to_change(room: Room) -> None:
    page = room.page
    await room.goes_to("/login")
    await room.signs_in("wang", "Wrong-pass-1")
    await expect(page.locator("#why")).to_contain_text("不正确")
    await room.signs_in("shen")
    await page.get_by_role("tab", name="人员账号").click()
    await expect(page.locator("tbody tr")).to_have_count(len(STAFF))
    await expect(page.locator("tbody button")).to_have_count(0)
    await page.click("text=操作流水")
    await page.select_option("[name=kind]", "sign_in_failed")
    await page.click("text=查看")
    await expect(page.locator("tbody tr")).to_have_count(1)
    await expect(page.locator("tbody tr")).to_contain_text("登录失败")
    await expect(page.locator("tbody tr")).to_contain_text("wang")


#: Ratio of WCAG 2 of every visible text against the nearest ground behind it, where it is below 4.5.
_FAINT = """() => {
  const parse = (text) => text.match(/[\\d.]+/g).map(Number);
  const linear = (v) => (v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
  const light = ([r, g, b]) => [r, g, b].map((v) => linear(v / 255))
    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const ground = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const colour = parse(getComputedStyle(at).backgroundColor);
      if (colour.length < 4 || colour[3] > 0.9) return colour;
    }
    return [255, 255, 255];
  };
  return [...document.querySelectorAll('body *')].filter((element) => element.offsetParent
      && !element.disabled && [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim()))
    .map((element) => {
      const [one, two] = [light(parse(getComputedStyle(element).color)), light(ground(element))];
      return [element.textContent.trim().slice(0, 30), (Math.max(one, two) + 0.05) / (Math.min(one, two) + 0.05)];
    }).filter(([, ratio]) => ratio < 4.5);
}"""


@pytest.mark.parametrize("lang", ["zh", "en"])
async def test_every_text_can_be_read_and_nothing_leaves_the_window(room: Room, lang: str) -> None:
    page = room.page
    await page.emulate_media(reduced_motion="reduce")
    for width in (1366, 420):
        await page.set_viewport_size({"width": width, "height": 860})
        await room.goes_to(f"/login?lang={lang}")
        await page.wait_for_selector("#name:visible")
        await _looks_right(page)
        await room.signs_in("shen")
        await page.wait_for_selector("tbody tr")
        for section in ("people", "sessions", "journal"):
            await page.goto(f"{room.hub.url}/manage?lang={lang}#{section}")
            await page.reload()
            await page.wait_for_selector("tbody tr")
            await _looks_right(page)
        await page.click("#leave")
        await page.wait_for_selector("#name:visible")


async def _looks_right(page: Page) -> None:
    assert await page.evaluate(_FAINT) == []
    assert await page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
