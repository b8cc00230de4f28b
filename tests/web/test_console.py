"""The clerk's console in a real Chromium, against a real hub."""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, Route, expect

from tests.web.browser import a_browser
from tests.web.console_page import Console, a_console

expect.set_options(timeout=10_000)

#: One browser for all: starting one takes longer than a test.
pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with a_browser() as browser:
        yield browser


@pytest_asyncio.fixture(loop_scope="module")
async def console(browser: Browser, tmp_path: Path) -> AsyncIterator[Console]:
    async with a_console(browser, tmp_path) as console:
        yield console


async def test_a_morning_by_hotkeys(console: Console) -> None:
    first, second = [await console.hall.take_ticket() for _ in range(2)]
    await console.sign_in()
    await console.is_now("closed")
    steps: list[tuple[str, str, str]] = [
        ("F9", "open", "窗口已开启"),
        ("F2", "calling", f"已呼叫 {first}"),
        ("F3", "calling", f"已重呼 {first}"),
        ("F4", "serving", f"{first} 开始办理"),
        ("F2", "calling", f"已呼叫 {second}"),
        ("F6", "open", f"{second} 已过号"),
    ]
    for key, state, sentence in steps:
        await console.unlocked(key)
        await console.page.keyboard.press(key)
        await console.says(sentence)
        await console.is_now(state)
    await expect(console.page.locator("#last")).to_have_text(f"上一位 {second}：已过号")
    third = await console.hall.take_ticket()
    for key, state, sentence in [("F2", "calling", f"已呼叫 {third}"), ("F8", "open", f"{third} 已办结，已邀请评价")]:
        await console.unlocked(key)
        await console.page.keyboard.press(key)
        await console.says(sentence)
        await console.is_now(state)
    await expect(console.page.locator("#last")).to_have_text(f"上一位 {third}：已办结，已邀请评价")


async def test_the_page_shows_number_service_and_who_waits_live(console: Console) -> None:
    await console.hall.open()
    await console.sign_in()
    await console.is_now("open")
    await expect(console.page.locator("#hint")).to_have_text("现在没有人等候")
    first, _, _ = [await console.hall.take_ticket() for _ in range(3)]
    await expect(console.page.locator("#total")).to_have_text("3")
    await console.hall.ask("POST", "/counters/1/next", "counter-1")  # the clerk used the keypad
    await console.shows(first)
    await expect(console.page.locator("#service")).to_have_text("企业开办")
    await expect(console.page.locator("#total")).to_have_text("2")
    await expect(console.page.locator("#since")).to_contain_text("叫号")
    assert console.commands == []


async def test_a_double_click_calls_once(console: Console) -> None:
    first, _ = [await console.hall.take_ticket() for _ in range(2)]
    await console.hall.open()
    await console.sign_in()
    await console.is_now("open")
    await console.page.dblclick(console.button("next"))
    await console.shows(first)
    await expect(console.page.locator(console.button("next"))).to_be_enabled()
    await console.shows(first)
    assert console.commands == ["next"]


#: Presses F2 again the moment the first call is on the page, when nothing is in flight any more.
_PRESS_AGAIN = """() => new MutationObserver((_, observer) => {
  if (document.querySelector('[data-command="next"].busy')) return;
  observer.disconnect();
  document.dispatchEvent(new KeyboardEvent('keydown', { key: 'F2' }));
}).observe(document.getElementById('messages'), { childList: true })"""


async def test_a_second_press_right_after_the_answer_calls_nobody(console: Console) -> None:
    first, _ = [await console.hall.take_ticket() for _ in range(2)]
    await console.hall.open()
    await console.sign_in()
    await console.is_now("open")
    await console.page.evaluate(_PRESS_AGAIN)
    await console.page.keyboard.press("F2")
    await console.shows(first)
    await expect(console.page.locator(console.button("next"))).to_be_enabled()
    assert console.commands == ["next"]


async def test_a_held_key_calls_once(console: Console) -> None:
    first, _ = [await console.hall.take_ticket() for _ in range(2)]
    await console.hall.open()
    await console.sign_in()
    await console.is_now("open")
    for _ in range(20):
        await console.page.keyboard.down("F2")
    await console.page.keyboard.up("F2")
    await console.shows(first)
    await expect(console.page.locator(console.button("next"))).to_be_enabled()
    assert console.commands == ["next"]


async def test_a_409_is_shown_in_the_hubs_words(console: Console) -> None:
    await console.hall.open()
    await console.sign_in()
    await console.is_now("open")

    async def as_recall(route: Route) -> None:
        await route.continue_(url=route.request.url.replace("/next", "/recall"), post_data="")

    await console.page.route("**/next", as_recall)
    await console.page.keyboard.press("F2")
    await console.says(re.compile("“呼叫下一位”没有执行。.*1 号窗口没有正在办理的号，不能重呼"))
    await expect(console.page.locator(console.button("next"))).to_be_enabled()


async def test_a_key_that_makes_no_sense_now_says_why_and_sends_nothing(console: Console) -> None:
    await console.sign_in()
    await console.is_now("closed")
    await console.page.keyboard.press("F2")
    await console.says("窗口未开放，不能“呼叫下一位”；请先按 F9 开启窗口。")
    assert console.commands == []


async def test_a_lost_answer_is_asked_for_again_with_the_same_key(console: Console) -> None:
    first, _ = [await console.hall.take_ticket() for _ in range(2)]
    await console.hall.open()
    await console.sign_in()
    await console.is_now("open")
    keys: list[str] = []

    async def lose_the_first(route: Route) -> None:
        keys.append(route.request.headers["idempotency-key"])
        if len(keys) == 1:
            await route.fetch()  # the hub acts, its answer never arrives
            await route.abort()
        else:
            await route.continue_()

    await console.page.route("**/next", lose_the_first)
    await console.page.keyboard.press("F2")
    await console.says(f"已呼叫 {first}")
    assert len(keys) == 2
    assert keys[0] == keys[1]
    assert (await console.hall.counter())["number"] == first


async def test_without_a_hub_commands_are_refused_and_not_kept(console: Console) -> None:
    await console.hall.take_ticket()
    await console.hall.open()
    await console.sign_in()
    await console.is_now("open")
    await console.hall.down()
    await expect(console.page.locator("#away")).to_be_visible()
    await expect(console.page.locator(console.button("next"))).to_be_disabled()
    await console.page.keyboard.press("F2")
    await console.says("没有连接到大厅服务器，“呼叫下一位”没有执行，也没有保存。")
    await console.hall.up()
    await expect(console.page.locator("#away")).to_be_hidden()
    await expect(console.page.locator(console.button("next"))).to_be_enabled()
    assert console.commands == []
    assert "number" not in await console.hall.counter()


async def test_the_token_leaves_the_address_bar_and_survives_a_reload(console: Console) -> None:
    await console.sign_in()
    await console.is_now("closed")
    assert "clerk-1" not in console.page.url
    await console.page.reload()
    await console.is_now("closed")


@pytest.mark.parametrize(
    ("counter", "token", "why"),
    [("1", "wrong", "访问令牌无效"), ("77", "clerk-1", "没有编号为“77”的窗口")],
)
async def test_a_wrong_sign_in_says_why(console: Console, counter: str, token: str, why: str) -> None:
    await console.page.goto(f"{console.hall.url}/counter?by=token")
    await console.page.fill("#counter", counter)
    await console.page.fill("#token", token)
    await console.page.keyboard.press("Enter")
    await expect(console.page.locator("#why")).to_contain_text(why)
    await expect(console.page.locator("#console")).to_be_hidden()


async def test_a_command_of_another_counter_is_refused_in_words(console: Console) -> None:
    await console.hall.open()
    await console.sign_in(token="counter-2")
    await console.is_now("open")
    await console.page.keyboard.press("F2")
    await console.says("“呼叫下一位”没有执行。")


async def test_both_languages_with_one_switch(console: Console) -> None:
    await console.hall.open()
    await console.sign_in(lang="en")
    await console.is_now("open")
    await expect(console.page.locator("#label")).to_have_text("Counter 1")
    await expect(console.page.locator(console.button("next"))).to_contain_text("Call next")
    await console.page.click("#language")
    await expect(console.page.locator("#label")).to_have_text("1号窗口")
    await expect(console.page.locator(console.button("next"))).to_contain_text("呼叫下一位")


SIZES = [(1366, 768), (1920, 1080), (1024, 700), (420, 860)]

#: Every text that is cut off by its box, and every button outside the window's width.
_CUT_OFF = """() => [...document.querySelectorAll('.action, .head, .top, .body div, #last, #messages li')]
  .filter((box) => box.offsetParent && (box.scrollWidth > box.clientWidth + 1
    || box.getBoundingClientRect().right > innerWidth + 1))
  .map((box) => box.className + ' ' + box.textContent.trim())"""


@pytest.mark.parametrize("lang", ["zh", "en"])
async def test_nothing_is_cut_off_at_any_size(console: Console, lang: str) -> None:
    number = await console.hall.take_ticket()
    await console.hall.open()
    await console.sign_in(lang=lang)
    await console.is_now("open")
    await _nothing_cut(console.page)
    await console.page.keyboard.press("F2")
    await console.shows(number)
    await console.page.keyboard.press("F9")  # not possible now: a long sentence
    await console.says(number)
    await _nothing_cut(console.page)


async def _nothing_cut(page: Page) -> None:
    for width, height in SIZES:
        await page.set_viewport_size({"width": width, "height": height})
        assert await page.evaluate(_CUT_OFF) == [], (width, height)
