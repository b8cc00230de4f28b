"""The phone's page of a ticket, in a real Chromium, served by a real hub with its own policy headers."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.async_api import Browser, Page, Request, Route, ViewportSize, expect

from tests.running import RunningHub, free_port, hub_settings
from tests.web.browser import a_browser

PATIENCE_MS = 15_000
MONDAY_NINE = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
SMALL_PHONE: ViewportSize = {"width": 320, "height": 568}
STATES = ("waiting", "called", "serving", "held", "no_show", "finished", "cancelled", "expired")


class Hall:
    """A hub, a citizen who takes numbers, a clerk at counter 1."""

    def __init__(self, url: str) -> None:
        self.url = url

    async def post(self, path: str, body: dict[str, Any] | None = None, *, token: str = "demo-clerk-1") -> Any:
        async with httpx.AsyncClient(base_url=self.url, trust_env=False) as client:
            answer = await client.post(f"/api/v1{path}", json=body or {}, headers={"Authorization": f"Bearer {token}"})
        assert answer.is_success, answer.text
        return answer.json()

    async def ticket(self) -> str:
        """The address on the slip of a new ticket."""
        return str((await self.post("/tickets", {"service": "A"}, token="demo-kiosk"))["status_url"])

    async def clerk(self, verb: str) -> None:
        await self.post(f"/counters/1/{verb}")


@pytest.fixture
async def hall(tmp_path: Path) -> AsyncIterator[Hall]:
    hub = RunningHub(hub_settings(tmp_path, free_port()), now=lambda: MONDAY_NINE)
    await asyncio.to_thread(hub.__enter__)
    yield Hall(hub.url)
    await asyncio.to_thread(hub.__exit__)


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    async with a_browser() as browser:
        yield browser


@asynccontextmanager
async def phone(browser: Browser, *, locale: str = "zh-CN", quick: bool = True) -> AsyncIterator[Page]:
    """A small phone. What it complains of, and what it asks of other hosts, fails the test."""
    context = await browser.new_context(viewport=SMALL_PHONE, locale=locale, device_scale_factor=2)
    page = await context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda said: complaints.append(said.text) if "Security Policy" in said.text else None)
    page.on("request", lambda request: complaints.extend(_foreign(request)))
    if quick:
        await page.clock.install()
    try:
        yield page
        assert complaints == []
    finally:
        await context.close()


def _foreign(request: Request) -> list[str]:
    return [] if request.url.startswith(("http://127.0.0.1:", "data:")) else [request.url]


async def some_seconds(page: Page, seconds: int = 5) -> None:
    """The page's own clock goes on; the test does not wait."""
    await page.clock.run_for(seconds * 1000)


async def a_ticket_that_is(page: Page, **facts: Any) -> None:
    """Answers that a short test cannot bring about at a hub: the wire's own shape, filled by hand."""
    ticket = {
        "number": "A007",
        "state": "waiting",
        "service_names": {"zh": "企业开办", "en": "Starting a company"},
        "hall_names": {"zh": "临江市政务服务中心", "en": "Linjiang Service Hall"},
        "ahead": 3,
        "wait_minutes": {"low": 8, "high": 15},
        "counters": ["1", "2", "3"],
        "issued_at": "2026-03-02T09:05:00+08:00",
    }

    async def answer(route: Route) -> None:
        await route.fulfill(json={key: value for key, value in (ticket | facts).items() if value is not None})

    await page.route("**/api/v1/public/tickets/*", answer)


async def test_a_ticket_is_followed_from_waiting_to_the_end(hall: Hall, browser: Browser) -> None:
    async with phone(browser) as page:
        await hall.clerk("open")
        await page.goto(await hall.ticket())
        await expect(page.locator("#number")).to_have_text("A001")
        await expect(page.locator("#service")).to_have_text("企业开办")
        await expect(page.locator("#ahead")).to_have_text("您是下一位")
        for verb, state in (("next", "请到 1 号窗口"), ("start", "正在办理"), ("finish", "已办结")):
            await hall.clerk(verb)
            await some_seconds(page)
            await expect(page.locator("#state")).to_have_text(state)
        await expect(page).to_have_title("A001 · 已办结")


async def test_people_ahead_and_the_counters_are_told(hall: Hall, browser: Browser) -> None:
    await hall.clerk("open")
    await hall.ticket()
    await hall.ticket()
    async with phone(browser) as page:
        await page.goto(await hall.ticket())
        await expect(page.locator("#ahead")).to_have_text("2 人")
        await expect(page.locator("#counters")).to_contain_text("号")
        await expect(page.locator("#wait")).to_contain_text("分钟")
        await expect(page.locator("#issued")).to_have_text("2026-03-02 09:00")


@pytest.mark.parametrize(
    ("pause", "locale", "text"),
    [
        ({"reason": "lunch", "next_opening": "2026-03-02T13:30:00+08:00"}, "zh-CN", "现在是午间休息，13:30 恢复办理"),
        ({"reason": "lunch", "next_opening": "2026-03-02T13:30:00+08:00"}, "en", "It is the lunch break, until 13:30"),
        ({"reason": "after_closing", "next_opening": "2026-03-03T09:00:00+08:00"}, "zh-CN",
         "今日取号已结束，已取的号请等候叫号"),
        ({"reason": "a reason of a later hub"}, "zh-CN", ""),
        (None, "zh-CN", ""),
    ],
)  # fmt: skip
async def test_who_waits_while_nobody_works_is_told_until_when(
    hall: Hall, browser: Browser, pause: dict[str, str] | None, locale: str, text: str
) -> None:
    async with phone(browser, locale=locale) as page:
        await a_ticket_that_is(page, pause={"state": "closed", **pause} if pause else None)
        await page.goto(await hall.ticket())
        await expect(page.locator("#number")).to_have_text("A007")
        await expect(page.locator("#pause")).to_be_visible(visible=bool(text))
        await expect(page.locator("#pause")).to_have_text(text)


async def test_an_unknown_ticket_is_told_in_a_sentence_and_not_asked_for_again(hall: Hall, browser: Browser) -> None:
    async with phone(browser) as page:
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url) if "/public/" in request.url else None)
        await page.goto(f"{hall.url}/t/nobody-has-this")
        await expect(page.locator("#message")).to_contain_text("没有找到这张号票")
        await some_seconds(page, 60)
        assert len(asked) == 1


async def test_a_call_is_unmistakable(hall: Hall, browser: Browser) -> None:
    async with phone(browser) as page:
        await a_ticket_that_is(page, state="called", counter="3", ahead=None, wait_minutes=None)
        await page.goto(f"{hall.url}/t/x")
        headline = page.locator("#state")
        await expect(headline).to_have_text("请到 3 号窗口")
        size = await headline.evaluate("element => parseFloat(getComputedStyle(element).fontSize)")
        ground = await page.locator("#banner").evaluate("element => getComputedStyle(element).backgroundColor")
        assert size >= 32
        assert ground.startswith("rgb(1")
        await expect(page.locator("#ahead-row")).to_be_hidden()


@pytest.mark.parametrize(
    ("locale", "word"), [("zh-CN", "您的号码"), ("en-GB", "Your number"), ("de-DE", "Your number")]
)
async def test_the_browsers_language_is_taken_and_can_be_changed_for_good(
    hall: Hall, browser: Browser, locale: str, word: str
) -> None:
    async with phone(browser, locale=locale) as page:
        await a_ticket_that_is(page)
        await page.goto(f"{hall.url}/t/x")
        await expect(page.locator("#number-label")).to_have_text(word)
        await page.click("#language")
        other = "Your number" if word == "您的号码" else "您的号码"
        await expect(page.locator("#number-label")).to_have_text(other)
        await page.reload()
        await expect(page.locator("#number-label")).to_have_text(other)


async def test_a_lost_connection_is_told_and_healed_with_longer_and_longer_pauses(hall: Hall, browser: Browser) -> None:
    async with phone(browser) as page:
        address = await hall.ticket()
        await page.goto(address)
        await expect(page.locator("#number")).to_have_text("A001")
        tries: list[int] = []

        async def fail(route: Route) -> None:
            tries.append(1)
            await route.abort()

        await page.route("**/api/v1/public/tickets/*", fail)
        for count in (1, 2, 3):
            async with page.expect_request("**/api/v1/public/tickets/*"):
                await some_seconds(page, 30)
            await expect(page.locator("#stale")).to_contain_text("暂时连接不上")
            assert len(tries) >= count
        assert len(tries) < 12, "4 s at first, 30 s at most"
        await expect(page.locator("#number")).to_have_text("A001")
        await page.unroute("**/api/v1/public/tickets/*")
        await some_seconds(page, 31)
        await expect(page.locator("#stale")).to_be_hidden()


@pytest.mark.parametrize("locale", ["zh-CN", "en-GB"])
async def test_every_state_has_words_and_fits_a_small_phone(hall: Hall, browser: Browser, locale: str) -> None:
    async with phone(browser, locale=locale) as page:
        said = set()
        for state in STATES:
            counter = "3" if state in ("called", "serving", "finished") else None
            await page.unroute_all()
            await a_ticket_that_is(page, state=state, counter=counter)
            await page.goto(f"{hall.url}/t/x")
            await expect(page.locator("body")).to_have_attribute("data-state", state)
            said.add(await page.locator("#state").inner_text())
            wide = await page.evaluate("document.documentElement.scrollWidth")
            assert wide <= SMALL_PHONE["width"], state
            button = await page.locator("#language").bounding_box()
            assert button is not None
            assert button["height"] >= 44
        assert len(said) == len(STATES)
        assert not said & set(STATES)


async def test_a_ticket_that_is_over_is_not_asked_for_again(hall: Hall, browser: Browser) -> None:
    async with phone(browser) as page:
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url) if "/public/" in request.url else None)
        await a_ticket_that_is(page, state="finished", counter="3", ahead=None)
        await page.goto(f"{hall.url}/t/x")
        await expect(page.locator("#state")).to_have_text("已办结")
        await some_seconds(page, 60)
        assert len(asked) == 1


def test_the_page_carries_nothing_inline_and_nothing_from_elsewhere() -> None:
    web = Path(__file__).parents[2] / "kiosk" / "web"
    html = (web / "index.html").read_text(encoding="utf-8")
    assert "<style" not in html
    assert " style=" not in html
    assert html.count("<script") == 1
    everything = html + "".join((web / name).read_text(encoding="utf-8") for name in ("phone.js", "phone.css"))
    assert "http:" not in everything
    assert "https:" not in everything
    assert "innerHTML" not in everything


async def test_a_citizen_leaves_the_queue_after_being_asked(hall: Hall, browser: Browser) -> None:
    await hall.clerk("open")
    async with phone(browser) as page:
        await page.goto(await hall.ticket())
        await page.click("#cancel")
        await expect(page.locator("#sure")).to_contain_text("确定取消吗")
        await page.click("#cancel-no")
        await expect(page.locator("#state")).to_have_text("快到您了")
        await page.click("#cancel")
        await page.click("#cancel-yes")
        await expect(page.locator("#state")).to_have_text("已取消")
        await expect(page.locator("#actions")).to_be_hidden()
    assert (await hall.post("/counters/1/next")) == {"ticket": None}


async def test_who_was_missed_joins_again_as_often_as_the_hall_allows(hall: Hall, browser: Browser) -> None:
    await hall.clerk("open")
    async with phone(browser) as page:
        await page.goto(await hall.ticket())
        for _ in range(2):
            await hall.clerk("next")
            await hall.clerk("no-show")
            await some_seconds(page)
            await expect(page.locator("#state")).to_have_text("已过号")
            await page.click("#return")
            await expect(page.locator("#state")).to_have_text("快到您了")
        await hall.clerk("next")
        await hall.clerk("no-show")
        await some_seconds(page)
        await expect(page.locator("#advice")).to_have_text("叫号时您不在，请到导办台或窗口重新排队")
        await expect(page.locator("#return")).to_be_hidden()


async def test_a_call_that_came_first_is_told_to_who_wants_to_leave(hall: Hall, browser: Browser) -> None:
    await hall.clerk("open")
    async with phone(browser) as page:
        await page.goto(await hall.ticket())
        await page.click("#cancel")
        await hall.clerk("next")
        await page.click("#cancel-yes")
        await expect(page.locator("#refusal")).to_contain_text("A001 号已叫号，不能取消")
        await some_seconds(page)
        await expect(page.locator("#state")).to_have_text("请到 1 号窗口")


async def test_who_is_held_reads_until_when_and_where_and_what_comes_next(browser: Browser, hall: Hall) -> None:
    async with phone(browser, locale="en") as page:
        after = [{"zh": "不动产登记", "en": "Real estate"}]
        await a_ticket_that_is(
            page,
            state="held",
            counter="4",
            ahead=None,
            wait_minutes=None,
            held_until="2026-03-02T10:20:00+08:00",
            services_left=after,
        )
        await page.goto(f"{hall.url}/t/secret")
        await expect(page.locator("#advice")).to_have_text("Be back at counter 4 by 10:20")
        await expect(page.locator("#next")).to_have_text("Real estate")
        await page.click("#cancel")
        await expect(page.locator("#sure")).to_contain_text("your place is given up")
