"""The board of a TV's browser lets itself be paired, in a real Chromium against a real hub."""

import hashlib
import re
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx
import pytest
from playwright.async_api import Browser, Page

from hub.store import Who
from tests.running import RunningHub, free_port, hub_settings
from tests.web.browser import a_browser

PATIENCE_MS = 15000
TOKENS = {"boss": Who("boss", "manager")}


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[RunningHub]:
    with RunningHub(hub_settings(tmp_path, free_port()), tokens=TOKENS, open_board=False) as hub:
        yield hub


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    async with a_browser() as browser:
        yield browser


async def shown_code(page: Page, besides: str = "") -> str:
    await page.wait_for_function(
        "old => { const b = document.querySelector('#pairing b');"
        " return b.offsetParent !== null && b.textContent && b.textContent !== old }",
        arg=besides,
        timeout=PATIENCE_MS,
    )
    return await page.locator("#pairing b").inner_text()


async def board_stands(page: Page) -> None:
    await page.locator("#counters .cell").first.wait_for(timeout=PATIENCE_MS)
    await page.locator("#pairing").wait_for(state="hidden", timeout=PATIENCE_MS)


async def manage(hub: RunningHub, path: str) -> httpx.Response:
    headers = {"Authorization": "Bearer boss"}
    async with httpx.AsyncClient(base_url=f"{hub.url}/api/v1", headers=headers, trust_env=False) as manager:
        return await manager.post(path, json={})


async def test_a_browser_is_paired_by_its_code_and_stays_so(hub: RunningHub, browser: Browser, tmp_path: Path) -> None:
    context = await browser.new_context(viewport={"width": 1920, "height": 1080})
    page = await context.new_page()
    await page.goto(f"{hub.url}/board/east-1")
    code = await shown_code(page)
    assert re.fullmatch(r"[2-9A-HJ-NP-Z]{4}-[2-9A-HJ-NP-Z]{4}", code)
    await page.screenshot(path=str(tmp_path / "pairing.png"))
    assert (await manage(hub, f"/pairing/{code}/confirm")).json() == {"name": "board-east-1", "role": "display"}
    await board_stands(page)
    again = await context.new_page()
    await again.goto(f"{hub.url}/board/east-1")
    await board_stands(again)
    await again.close()
    assert (await manage(hub, "/stations/board-east-1/revoke")).is_success
    assert await shown_code(page, besides=code) != code


async def test_the_page_reckons_sha_256_as_the_standard_says(hub: RunningHub, browser: Browser) -> None:
    page = await browser.new_page()
    await page.goto(f"{hub.url}/board/main")
    texts = ["", "abc", "a" * 55, "a" * 56, "a" * 63, "a" * 64, "a" * 65, "0123456789abcdef" * 13]
    reckoned = await page.evaluate("texts => texts.map(text => HallSha256(text))", texts)
    assert reckoned == [hashlib.sha256(text.encode()).hexdigest() for text in texts]


async def test_an_address_with_a_wrong_token_asks_for_nothing(hub: RunningHub, browser: Browser) -> None:
    page = await browser.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    await page.goto(f"{hub.url}/board/main?token=wrong")
    await page.locator(".sign").filter(has_text="未获授权").wait_for(timeout=PATIENCE_MS)
    assert not [url for url in asked if "/pairing" in url and "/board/-/" not in url]
