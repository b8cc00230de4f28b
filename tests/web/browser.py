"""The Chromium of this machine, for every test of a page."""

import ctypes
import os
import shutil
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from playwright.async_api import Browser, async_playwright


def chromium() -> str:
    """Where it is; without one the test is skipped by name, or fails where nothing may be missing."""
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if path is None or not _driver_can_start():
        missing = "no Chromium (or no libatomic) on this machine: apt-get install chromium libatomic1"
        if os.environ.get("HALL_TEST_ALL") == "1":
            pytest.fail(missing)
        pytest.skip(missing)
    return path


def _driver_can_start() -> bool:
    """Playwright's own node needs a library that a bare Debian lacks."""
    if sys.platform != "linux":
        return True
    try:
        ctypes.CDLL("libatomic.so.1")
    except OSError:
        return False
    return True


@asynccontextmanager
async def a_browser() -> AsyncIterator[Browser]:
    path = chromium()
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=path, args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        )
        try:
            yield browser
        finally:
            await browser.close()
