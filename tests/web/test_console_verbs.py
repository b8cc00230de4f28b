"""Holding, sending on, choosing, requeueing, pausing: every verb of a clerk by keyboard, in a real Chromium."""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Route, expect

from tests.unit.counter.halls import until_answer
from tests.web.browser import a_browser
from tests.web.console_page import Console, a_console

expect.set_options(timeout=10_000)
pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with a_browser() as browser:
        yield browser


@pytest_asyncio.fixture(loop_scope="module")
async def console(browser: Browser, tmp_path: Path) -> AsyncIterator[Console]:
    async with a_console(browser, tmp_path) as console:
        await console.hall.open()
        await console.sign_in()
        await console.is_now("open")
        yield console


async def _call(console: Console) -> str:
    number = await console.hall.take_ticket()
    await expect(console.page.locator("#tickets")).to_contain_text(number)
    await console.unlocked("F2")
    await console.page.keyboard.press("F2")
    await console.shows(number)
    await console.says(f"已呼叫 {number}")  # the board may be faster than the answer; until then keys are refused
    return number


async def test_hold_and_resume_by_keyboard_alone(console: Console) -> None:
    number = await _call(console)
    await console.page.keyboard.press("F7")
    await console.page.keyboard.press("Enter")
    await console.says(re.compile(f"{number} 已挂起，\\d\\d:\\d\\d 前返回"))
    await console.is_now("open")
    await expect(console.page.locator("#last")).to_have_text(f"上一位 {number}：已挂起")
    await console.has("held", number)
    await expect(console.page.locator(console.button("resume"))).to_contain_text("恢复办理 1")
    await console.page.keyboard.press("Shift+F7")
    await console.page.keyboard.press("Enter")
    await console.says(f"{number} 恢复办理")
    await console.is_now("serving")
    assert console.commands == ["next", "hold", "resume"]


async def test_a_hold_takes_the_chosen_minutes_and_an_own_reason(console: Console) -> None:
    number = await _call(console)
    await console.page.keyboard.press("F7")
    await console.page.locator("#dialog .option", has_text="其他…").click()
    await console.page.click("#dialog-buttons .primary")
    await expect(console.page.locator("#dialog-why")).to_have_text("请填写：请写明原因")
    await console.page.keyboard.type("去银行")
    await console.answer("60 分钟")
    await console.says(f"{number} 已挂起")
    held = (await console.hall.ask("GET", "/counters/1/queue", "clerk-1"))["held"][0]
    place = await console.hall.ask("GET", f"/tickets/{held['id']}/place", "clerk-1")
    assert place["moves"][-1]["reason"] == "去银行"
    assert held["held_until"][11:13] > held["issued_at"][11:13]


async def test_escape_gives_up_and_sends_nothing(console: Console) -> None:
    number = await _call(console)
    for key in ("F7", "F10", "Shift+F6"):
        await console.page.keyboard.press(key)
        await console.page.keyboard.press("Escape")
        await expect(console.page.locator("#dialog")).to_be_hidden()
    await console.page.keyboard.press("F7")
    await console.page.keyboard.press("F2")  # a hotkey under an open question does nothing
    await expect(console.page.locator("#dialog")).to_be_visible()
    await console.shows(number)
    assert console.commands == ["next"]


async def test_send_on_to_another_counter_that_serves_something_else(console: Console) -> None:
    number = await _call(console)
    await console.hall.open("2")
    await console.page.keyboard.press("F10")
    await expect(console.page.locator("#dialog")).to_be_visible()
    await console.answer("窗口", "2号窗口", "不动产登记", "保留原来的排队位置", "还需办理其他业务")
    await console.says(f"{number} 已转到 2号窗口")
    await expect(console.page.locator("#last")).to_have_text(f"上一位 {number}：已转移")
    waiting = (await console.hall.ask("GET", "/counters/2/queue", "counter-1"))["waiting"]
    assert [(one["number"], one["service"], one["directed"]) for one in waiting] == [(number, "E", True)]


async def test_what_another_counter_sends_here_appears_by_itself(console: Console) -> None:
    number = await console.hall.take_ticket("E")
    await console.hall.open("2")
    await console.hall.ask("POST", "/counters/2/next", "counter-2")
    await console.hall.ask("POST", "/counters/2/transfer", "counter-2", {"counter": "1", "service": "A"})
    await console.has("waiting", number)
    await expect(console.page.locator("#tickets .row-tags")).to_have_text("指定到此")
    await console.page.keyboard.press("F2")
    await console.shows(number)
    await expect(console.page.locator("#service")).to_have_text("企业开办")


async def test_a_chosen_call_needs_a_reason_and_is_found_by_its_number(console: Console) -> None:
    _, second, third = [await console.hall.take_ticket() for _ in range(3)]
    await expect(console.page.locator("#total")).to_have_text("3")
    await console.page.keyboard.press("Shift+F2")
    await console.page.keyboard.type(third[-2:])
    await console.page.keyboard.press("Enter")
    await expect(console.page.locator("#dialog-why")).to_have_text("请填写：原因")
    await console.answer("紧急情况")
    await console.says(f"已呼叫 {third}")
    await console.shows(third)
    await console.page.click(f"#tickets .row:has-text('{second}')")
    await expect(console.page.locator("#dialog-title")).to_have_text(f"{second}：为什么排在这里")
    await expect(console.page.locator("#dialog-body")).to_contain_text(f"{third}")
    await expect(console.page.locator("#dialog-body")).to_contain_text("指定叫号 · 紧急情况")


async def test_a_missed_number_is_queued_again_from_its_explanation(console: Console) -> None:
    number = await _call(console)
    await console.page.keyboard.press("F6")
    await console.says(f"{number} 已过号")
    await console.has("missed", number)
    await console.page.click("#tickets .row")
    await console.page.click("#dialog-buttons button:has-text('过号重排')")
    await expect(console.page.locator("#dialog .option")).to_have_count(1)
    await console.page.keyboard.press("Enter")
    await console.says(f"{number} 已重新排队")
    await console.has("waiting", number)
    await expect(console.page.locator("#tickets .row-tags")).to_have_text("过号返回 1 次")


async def test_pausing_says_until_when_and_calls_nobody_meanwhile(console: Console) -> None:
    await console.hall.take_ticket()
    await console.page.keyboard.press("Shift+F9")
    await console.answer("就餐", "60 分钟")
    await console.says(re.compile("窗口已暂停服务，10:\\d\\d 恢复"))
    await console.is_now("away")
    await console.page.keyboard.press("F2")
    await console.says("窗口暂停服务中，不能“呼叫下一位”；请先按 Shift+F9 恢复。")
    board = (await console.hall.ask("GET", "/board", "manager"))["board"]["counters"]["1"]
    assert board["state"] == "away"
    assert "就餐" not in str(board)
    await console.unlocked("⇧F9")
    await console.page.keyboard.press("Shift+F9")
    await console.says("窗口已恢复服务")
    await console.is_now("open")


async def test_opening_for_some_services_only(console: Console) -> None:
    await console.page.keyboard.press("F9")
    await console.is_now("closed")
    await console.unlocked("⇧F9")
    await console.page.keyboard.press("Shift+F9")
    await console.answer("综合咨询")
    await console.is_now("open")
    assert (await console.hall.counter())["services"] == ["A"]


async def test_recalling_tells_how_soon_and_how_often(console: Console) -> None:
    await _call(console)
    recall = console.page.locator(console.button("recall"))
    await expect(recall).to_contain_text(re.compile("重呼（[12] 秒后）"))
    for left in (3, 2, 1):
        await expect(recall).to_contain_text(f"重呼（剩 {left} 次）")
        await expect(recall).to_be_enabled()
        await console.page.keyboard.press("F3")
    await expect(recall).to_contain_text("重呼（剩 0 次）")
    await expect(recall).to_be_disabled()
    assert console.commands == ["next", "recall", "recall", "recall"]


async def test_a_refusal_of_the_hub_is_told_in_its_words(console: Console) -> None:
    await _call(console)
    await console.hall.open("2")
    await console.page.keyboard.press("F10")

    async def close_the_target_first(route: Route) -> None:
        await console.hall.ask("POST", "/counters/2/close", "counter-2")
        await route.continue_()

    await console.page.route("**/transfer", close_the_target_first)
    await console.answer("窗口", "2号窗口", "不动产登记")
    await console.says("“转移”没有执行。当前状态不允许此操作：2 号窗口未开放，不能转移到该窗口。")
    await console.is_now("calling")


async def test_who_may_not_choose_does_not_see_the_button(console: Console) -> None:
    await console.sign_in(token="counter-1")
    await console.is_now("open")
    await expect(console.page.locator(console.button("choose"))).to_be_hidden()


#: Resolves when the page's clock has moved on four times.
_FOUR_TICKS = """() => new Promise((seen) => {
  let ticks = 0;
  new MutationObserver(() => (ticks += 1) > 3 && seen())
    .observe(document.getElementById('clock'), { childList: true, characterData: true, subtree: true });
})"""


async def test_the_lists_are_read_when_something_happened_and_not_by_the_clock(console: Console) -> None:
    reads: list[str] = []
    console.page.on("request", lambda request: reads.append(request.url) if request.url.endswith("/queue") else None)
    number = await console.hall.take_ticket()
    await console.has("waiting", number)
    before = len(reads)
    await console.page.evaluate(_FOUR_TICKS)
    assert len(reads) == before
    await console.hall.ask("POST", "/tickets", "kiosk", {"service": "F"})  # nothing of this counter's

    async def waiting() -> int:
        counted: int = (await console.hall.ask("GET", "/board", "manager"))["board"]["services"]["F"]["waiting"]
        return counted

    await until_answer(waiting, lambda counted: counted == 1)
    assert len(reads) == before


async def test_the_focus_stays_where_it_was_when_a_list_changes(console: Console) -> None:
    first = await console.hall.take_ticket()
    await console.has("waiting", first)
    await console.page.focus("#tickets .row")
    second = await console.hall.take_ticket()
    await console.has_now(first, second)
    focused = await console.page.evaluate("document.activeElement.querySelector('.row-number').textContent")
    assert focused == first


@pytest.mark.parametrize("lang", ["zh", "en"])
async def test_no_dialog_is_cut_off_at_any_size(console: Console, lang: str) -> None:
    await console.sign_in(lang=lang)
    await console.is_now("open")
    await console.hall.take_ticket()
    await expect(console.page.locator("#total")).to_have_text("1")
    for key in ("Shift+F2", "Shift+F9"):
        await _fits(console, key)
    await console.page.keyboard.press("F2")
    await console.is_now("calling")
    for key in ("F7", "F10"):
        await _fits(console, key)


_OUTSIDE = """() => [document.getElementById('dialog'), ...document.querySelectorAll('#dialog button, #dialog .option')]
  .filter((box) => box.getBoundingClientRect().right > innerWidth + 1
    || (box.tagName === 'BUTTON' && box.getBoundingClientRect().bottom > innerHeight + 1))
  .map((box) => box.className + ' ' + box.textContent.trim())"""


async def _fits(console: Console, key: str) -> None:
    for width, height in [(1366, 768), (1920, 1080), (420, 700)]:
        await console.page.set_viewport_size({"width": width, "height": height})
        await console.page.keyboard.press(key)
        await expect(console.page.locator("#dialog")).to_be_visible()
        assert await console.page.evaluate(_OUTSIDE) == [], (key, width, height)
        await console.page.keyboard.press("Escape")
