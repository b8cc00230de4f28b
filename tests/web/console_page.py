"""The clerk's console of counter 1 in a browser, with a real hub behind it."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from playwright.async_api import Browser, Page, Request, expect

from tests.unit.counter.halls import Hall, a_hall


@dataclass
class Console:
    hall: Hall
    page: Page
    commands: list[str] = field(default_factory=list)
    """Verbs the page sent."""
    faults: list[str] = field(default_factory=list)
    """What the browser complained of, blocked scripts and styles included."""

    def watch(self) -> None:
        self.page.on("request", self._sent)
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))
        self.page.on("console", lambda message: self._said(message.type, message.text))

    def _sent(self, request: Request) -> None:
        if request.method == "POST":
            self.commands.append(request.url.rpartition("/")[2])

    def _said(self, kind: str, text: str) -> None:
        if kind in ("error", "warning") and "Content Security Policy" in text:
            self.faults.append(text)

    async def sign_in(self, *, lang: str = "zh", token: str = "clerk-1") -> None:
        await self.page.goto(f"{self.hall.url}/counter?counter=1&token={token}&lang={lang}")

    async def shows(self, number: str) -> None:
        await expect(self.page.locator("#number")).to_have_text(number)

    async def says(self, text: str | re.Pattern[str]) -> None:
        await expect(self.page.locator("#messages li").first).to_contain_text(text)

    async def is_now(self, state: str) -> None:
        await expect(self.page.locator("body")).to_have_attribute("data-state", state)

    def button(self, command: str) -> str:
        return f'[data-command="{command}"]'

    async def unlocked(self, key: str) -> None:
        """The button with this hotkey may be pressed."""
        cap = self.page.locator("kbd", has_text=re.compile(f"^{key}$"))
        await expect(self.page.locator(".action", has=cap)).to_be_enabled()

    async def has(self, tab: str, *numbers: str) -> None:
        """The list on this tab holds these numbers, in this order."""
        await self.page.click(f"#tab-{tab}")
        await self.has_now(*numbers)

    async def has_now(self, *numbers: str) -> None:
        """The list that is open holds these numbers, in this order."""
        await expect(self.page.locator("#tickets .row-number")).to_have_text(list(numbers))

    async def answer(self, *choices: str) -> None:
        """Choose these labels in the open dialog and confirm."""
        for label in choices:
            await self.page.locator(
                "#dialog .option:visible", has=self.page.get_by_text(label, exact=True)
            ).first.click()
        await self.page.click("#dialog-buttons .primary")


@asynccontextmanager
async def a_console(browser: Browser, folder: Path) -> AsyncIterator[Console]:
    """A recall is possible after a second. Fails when the browser complained of anything."""
    async with a_hall(folder, queue={"recall_interval_seconds": 1}) as hall:
        context = await browser.new_context(viewport={"width": 1366, "height": 768}, locale="zh-CN")
        console = Console(hall, await context.new_page())
        console.watch()
        yield console
        await context.close()
        assert console.faults == []
