"""The board as a page, in a real Chromium against a real WebSocket server that serves the page as the hub does."""

import asyncio
import json
import mimetypes
import random
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from http import HTTPStatus
from io import BytesIO
from itertools import groupby, product
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from PIL import Image
from playwright.async_api import Page
from websockets.asyncio.server import Server, ServerConnection, serve
from websockets.datastructures import Headers
from websockets.http11 import Request, Response

from devices.fonts import chinese_font
from display import calls
from display.view import Moment, view
from tests.unit.display.boards import NOON, a_board, a_call
from tests.web.browser import a_browser

WEB = Path(__file__).parents[2] / "display" / "web"
CSP = "default-src 'self'; connect-src 'self' ws: wss:; img-src 'self' data:; object-src 'none'; base-uri 'none'"
PATIENCE_MS = 8000


class Hub:
    """Serves the page and the board's socket; the test says what comes over it."""

    def __init__(self) -> None:
        self.board = a_board(8)
        self.epoch, self.seq = "e1", 5
        self.queries: list[dict[str, list[str]]] = []
        self.sockets: list[ServerConnection] = []
        self.arrived = asyncio.Event()
        self.token: str | None = None
        self.greet = True
        self.port = 0
        self._server: Server | None = None

    async def start(self) -> None:
        self._server = await serve(self._talk, "127.0.0.1", self.port, process_request=self._answer, compression=None)
        self.port = next(iter(self._server.sockets)).getsockname()[1]

    async def stop(self) -> None:
        if self._server:
            self._server.close()
            await self._server.wait_closed()

    async def again(self) -> ServerConnection:
        """The next connection."""
        await asyncio.wait_for(self.arrived.wait(), PATIENCE_MS / 1000)
        self.arrived.clear()
        return self.sockets[-1]

    async def patch(self, patch: dict[str, Any], *, skip: int = 0) -> None:
        self.seq += 1 + skip
        await self.tell({"kind": "patch", "epoch": self.epoch, "seq": self.seq, "patch": patch})

    async def beat(self, at: datetime = NOON) -> None:
        await self.tell({"kind": "beat", "epoch": self.epoch, "seq": self.seq, "at": at.isoformat(), "speed": 1.0})

    async def tell(self, frame: dict[str, Any]) -> None:
        await self.sockets[-1].send(json.dumps(frame))

    async def _talk(self, socket: ServerConnection) -> None:
        self.sockets.append(socket)
        if self.greet:
            await self.tell({"kind": "board", "epoch": self.epoch, "seq": self.seq, "board": self.board})
            await self.beat()
        self.arrived.set()
        await socket.wait_closed()

    def _answer(self, connection: ServerConnection, request: Request) -> Response | None:
        parts = urlsplit(request.path)
        query = parse_qs(parts.query)
        if parts.path.startswith("/api/v1/board"):
            if self.token and query.get("token") != [self.token]:
                return connection.respond(HTTPStatus.FORBIDDEN, "no")
            if parts.path.endswith("/ws"):
                self.queries.append(query)
                return None
            return connection.respond(HTTPStatus.OK, "{}")
        return _file(parts.path)


def _file(path: str) -> Response:
    if path.startswith("/fonts/"):
        file = chinese_font()
    elif path.startswith("/board/-/"):
        file = WEB / path.removeprefix("/board/-/")
    else:
        file = WEB / "index.html"
    body = file.read_bytes()
    kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
    headers = {
        "Content-Type": kind,
        "Content-Length": str(len(body)),
        "Content-Security-Policy": CSP,
        "Connection": "close",
    }
    return Response(200, "OK", Headers(headers), body)


@pytest.fixture
async def hub() -> AsyncIterator[Hub]:
    hub = Hub()
    await hub.start()
    yield hub
    await hub.stop()


@asynccontextmanager
async def a_page(width: int = 1920, height: int = 1080) -> AsyncIterator[Page]:
    """A page of a real browser; anything it complains of fails the test."""
    async with a_browser() as browser:
        page = await browser.new_page(viewport={"width": width, "height": height})
        page.set_default_timeout(PATIENCE_MS)
        complaints: list[str] = []
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda message: complaints.append(message.text) if "Security" in message.text else None)
        yield page
        assert complaints == []


async def reads(page: Page, selector: str, text: str) -> None:
    """Wait until the element carries the text."""
    await page.locator(selector).filter(has_text=re.compile(re.escape(text))).first.wait_for()


async def opened(page: Page, hub: Hub, query: str = "") -> None:
    await page.goto(f"http://127.0.0.1:{hub.port}/board/tv-1{query}")
    await hub.again()
    await reads(page, "#clock", "12:00")


@pytest.fixture
async def page() -> AsyncIterator[Page]:
    async with a_page() as page:
        yield page


async def test_the_page_shows_hall_counters_waiting_and_hall_time(hub: Hub, page: Page) -> None:
    await opened(page, hub)
    assert await page.locator("#hall").inner_text() == "西湖区政务服务中心"
    assert await page.locator("#counters .cell").count() == 8
    await reads(page, "#services", "社会保险")
    await reads(page, "#missed", "B003")


async def test_a_patch_merges_removes_and_replaces(hub: Hub, page: Page) -> None:
    await opened(page, hub)
    await reads(page, "#counters .cell >> nth=0", "B007")
    await hub.patch(
        {
            "counters": {"1": {"number": None, "state": "open"}, "2": {"number": "C222", "state": "serving"}},
            "missed": [],
        }
    )
    await reads(page, "#counters .cell >> nth=1", "C222")
    await reads(page, "#counters .cell >> nth=0", "空闲")
    await reads(page, "#missed", "无")


async def test_a_call_is_announced_over_the_whole_width(hub: Hub, page: Page) -> None:
    await opened(page, hub)
    await hub.patch({"calls": [a_call("x1", "A108", "3", NOON)]})
    await reads(page, ".card.fresh", "A108")
    text = await page.locator(".card.fresh").inner_text()
    assert re.sub(r"\s", "", text) == "正在呼叫请A108号到3号窗口"


@pytest.mark.parametrize(("width", "height"), [(1920, 1080), (1366, 768), (1080, 1920)])
@pytest.mark.parametrize("count", [1, 2])
async def test_the_number_is_fifteen_percent_of_the_screen_high_and_fits(
    hub: Hub, width: int, height: int, count: int
) -> None:
    """The capital's height comes from the browser's own measure of the glyphs, not from the type size."""
    async with a_page(width, height) as page:
        await opened(page, hub)
        await hub.patch({"calls": [a_call(f"x{n}", f"A00{n + 7}", "12", NOON) for n in range(count)]})
        await page.locator(".card.fresh").nth(count - 1).wait_for()
        inks = await page.evaluate(
            """() => [...document.querySelectorAll('.card .number')].map(element => {
                 const style = getComputedStyle(element), context = document.createElement('canvas').getContext('2d');
                 context.font = style.fontWeight + ' ' + style.fontSize + ' ' + style.fontFamily;
                 const size = context.measureText('A007');
                 return size.actualBoundingBoxAscent + size.actualBoundingBoxDescent; })"""
        )
        assert len(inks) == count
        assert min(inks) >= 0.15 * height
        assert await _overflowing(page) == []


@pytest.mark.parametrize(("width", "height"), [(1920, 1080), (1366, 768), (1080, 1920)])
@pytest.mark.parametrize("query", ["", "?lang=en", "?lang=zh,en"])
async def test_the_lines_of_a_call_do_not_touch_each_other(hub: Hub, width: int, height: int, query: str) -> None:
    """Looked at in the picture itself: caption, number and place are ink between rows of bare ground."""
    async with a_page(width, height) as page:
        await opened(page, hub, query)
        await hub.patch({"calls": [a_call(f"x{n}", f"G00{n + 7}", "3", NOON) for n in range(2)]})
        await page.locator(".card.fresh").nth(1).wait_for()
        picture = await page.locator(".card.fresh").first.screenshot()
    lines, gaps = _lines_of_ink(picture)
    assert lines == (4 if "," in query else 3)
    assert min(gaps) >= 0.004 * height


def _lines_of_ink(picture: bytes) -> tuple[int, list[int]]:
    """How many lines of dark ink stand below each other, and the rows of bare ground between them."""
    card = Image.open(BytesIO(picture)).convert("L")
    left, right = round(card.width * 0.04), round(card.width * 0.96)
    dark = [min(card.crop((left, y, right, y + 1)).tobytes()) < 90 for y in range(12, card.height - 12)]
    runs = [(ink, len(list(rows))) for ink, rows in groupby(dark)]
    return sum(ink for ink, _ in runs), [length for ink, length in runs[1:-1] if not ink]


async def _overflowing(page: Page) -> list[str]:
    """Texts that reach beyond their plate (a line of a card is as high as its ink), and parts beyond the glass."""
    found: list[str] = await page.evaluate(
        """() => { const beyond = [];
             const inside = (inner, outer) => inner.left >= outer.left - 1 && inner.right <= outer.right + 1
               && inner.top >= outer.top - 1 && inner.bottom <= outer.bottom + 1;
             for (const plate of document.querySelectorAll('.card, .cell')) {
               const texts = plate.querySelectorAll('.number, .large, .place, .state, b');
               for (const text of texts) {
                 const box = text.getBoundingClientRect(), middle = (box.top + box.bottom) / 2;
                 const high = text.closest('.card') ? parseFloat(getComputedStyle(text).fontSize) * 0.37 : 0;
                 const ink = {left: box.left, right: box.right, top: middle - high, bottom: middle + high};
                 if (!inside(ink, plate.getBoundingClientRect())) beyond.push(text.textContent);
                 if (text.scrollWidth > text.clientWidth + 1 && text.clientWidth) beyond.push(text.textContent);
               }
             }
             const glass = {left: 0, top: 0, right: innerWidth, bottom: innerHeight};
             for (const part of document.querySelectorAll('header, main, section, footer')) {
               if (!part.hidden && !inside(part.getBoundingClientRect(), glass)) beyond.push(part.id);
             }
             return beyond; }"""
    )
    return found


async def test_thirty_counters_come_on_pages_and_none_is_cut(hub: Hub, page: Page) -> None:
    hub.board = a_board(30)
    await opened(page, hub)
    assert await page.locator("#counters .cell").count() >= 15
    assert "/" in await page.locator("#counters h2").inner_text()
    assert await _overflowing(page) == []


async def test_a_gap_asks_for_the_whole_board(hub: Hub, page: Page) -> None:
    await opened(page, hub)
    hub.board = a_board(8, notices=["新的公告"])
    await hub.patch({"notices": ["不应出现"]}, skip=1)
    await hub.again()
    assert hub.queries[-1].get("since") is None
    await reads(page, "#notice", "新的公告")


async def test_a_short_break_resumes_and_the_board_is_marked_meanwhile(hub: Hub, page: Page) -> None:
    await opened(page, hub)
    await hub.stop()
    await reads(page, "#warning", "信号中断，数据可能不是最新")
    await reads(page, "#warning", "数据截至 12:00")
    hub.greet = False
    await hub.start()
    await hub.again()
    assert hub.queries[-1] == {"epoch": ["e1"], "since": ["5"]}
    await hub.patch({"notices": ["继续"]})
    await page.locator("#warning").wait_for(state="hidden")
    await reads(page, "#notice", "继续")


async def test_twelve_silent_seconds_mark_the_board_as_old(hub: Hub, page: Page) -> None:
    await page.clock.install()
    await opened(page, hub)
    await page.clock.run_for(11_000)
    assert await page.locator("#warning").is_hidden()
    hub.greet = False
    await page.clock.run_for(1_600)
    await reads(page, "#warning", "信号中断")


async def test_a_refused_screen_says_so(hub: Hub, page: Page) -> None:
    hub.token = "right"
    await page.goto(f"http://127.0.0.1:{hub.port}/board/tv-1?token=wrong")
    await reads(page, ".sign", "本屏未获授权，请联系管理员")


async def test_the_pages_token_goes_with_the_socket(hub: Hub, page: Page) -> None:
    hub.token = "right"
    await opened(page, hub, "?token=right")
    assert hub.queries[-1]["token"] == ["right"]


async def test_both_languages(hub: Hub, page: Page) -> None:
    await opened(page, hub, "?lang=zh,en")
    assert await _overflowing(page) == []
    await reads(page, "#counters h2", "Counters")
    await reads(page, "#services", "Social insurance")
    await hub.patch({"calls": [a_call("x1", "A108", "3", NOON)]})
    await reads(page, ".card.fresh", "A108, please go to Counter 3")


@pytest.mark.parametrize(("query", "text"), [("", "暂停至 13:30"), ("?lang=zh,en", "暂停 Back 13:30")])
async def test_a_paused_counter_says_when_it_goes_on(hub: Hub, page: Page, query: str, text: str) -> None:
    await opened(page, hub, query)
    away = {"state": "away", "away": {"back_at": "2026-03-02T13:30:00+08:00"}, "number": None}
    await hub.patch({"counters": {"3": away}})
    await reads(page, "#counters", text)
    assert await _overflowing(page) == []


async def test_a_closed_hall_says_when_it_opens(hub: Hub, page: Page) -> None:
    hub.board = a_board(4, closed=True)
    await opened(page, hub)
    await reads(page, ".sign", "大厅暂未开放")
    await reads(page, ".sign", "明天 09:00")


OPENINGS: tuple[dict[str, Any], ...] = (
    {"reason": "holiday", "names": {"zh": "国庆节", "en": "National Day"}},
    {"reason": "holiday"},
    {"reason": "closed_day", "names": {"zh": "大厅搬迁"}},
    {"reason": "closed_day"},
    {"reason": "before_opening"},
    {"reason": "lunch"},
    {"reason": "after_closing"},
    {"reason": "a reason of a later hub"},
    {},
)


async def test_a_closed_hall_says_why_as_the_pygame_board_does(hub: Hub, page: Page) -> None:
    hub.board = a_board(4, closed=True)
    await opened(page, hub, "?lang=zh,en")
    for waiting, opening in product((0, 2), OPENINGS):
        closed = {"state": "closed", **opening}
        service = {**hub.board["services"]["A"], "waiting": waiting, "opening": {"state": "closed", "reason": "quota"}}
        board = {**hub.board, "hall": {**hub.board["hall"], "opening": closed}, "services": {"A": service}}
        seen = await page.evaluate(
            """board => { let link = {board, state: "there", hallNow: () => null, asOf: () => null};
                 let view = HallView.view(link, [], ["zh", "en"], 0);
                 return [view.sign.title, view.opening, view.services[0].wait]; }""",
            board,
        )
        expected = view(board, Moment(None, "there"), (), ("zh", "en"))
        assert expected.sign is not None
        assert seen == [expected.sign.title, expected.opening, expected.services[0].wait]


async def test_expired_calls_are_not_announced_and_missed_fresh_ones_are(hub: Hub, page: Page) -> None:
    old = a_call("old", "A001", "3", NOON - timedelta(minutes=5))
    hub.board = a_board(8, calls=[a_call("new", "A002", "4", NOON), old])
    await opened(page, hub)
    await reads(page, ".card.fresh", "A002")
    assert await page.locator(".card.fresh").count() == 1


async def test_announcements_follow_the_same_rules_as_the_pygame_board(hub: Hub, page: Page) -> None:
    """Fifty random halls: page and program give the same slots at every step."""
    await opened(page, hub)
    chance = random.Random(20260302)
    for _ in range(50):
        slots, script, expected = chance.choice((1, 2, 3)), [], []
        state, now_s, board = calls.Announcements(), 0.0, list[dict[str, Any]]()
        for step in range(20):
            now_s += chance.choice((0.1, 0.4, 1.0, 5.0, 13.0))
            hall_now = NOON + timedelta(seconds=now_s)
            for index in range(chance.choice((0, 0, 1, 3))):
                number = f"A{chance.randrange(6):03d}"
                board.insert(0, a_call(f"{step}-{index}", number, chance.choice("12"), hall_now))
            del board[20:]
            script.append([list(board), hall_now.isoformat(), now_s])
            state = calls.step(calls.heard(state, board, hall_now), now_s, slots=slots, call_seconds=12)
            expected.append([[list(shown.call.ids), shown.call.number] for shown in state.showing])
        seen = await page.evaluate(
            """([script, slots]) => { let state = HallCalls.fresh(); return script.map(([calls, hall, now]) => {
                 state = HallCalls.step(HallCalls.heard(state, calls, Date.parse(hall)), now, slots, 12);
                 return state.showing.map(shown => [shown.call.ids, shown.call.number]); }); }""",
            [script, slots],
        )
        assert seen == expected


def test_the_scripts_run_in_the_browser_of_an_older_television() -> None:
    """ES2017 at most: no optional chaining, no `??`, no object spread, no modules; and nothing from outside."""
    for script in WEB.glob("*.js"):
        text = script.read_text(encoding="utf-8")
        assert not re.search(
            r"\?\.[A-Za-z\[(]|\?\?|[{,]\s*\.\.\.|^\s*(import|export)\b|\bcatch\s*\{", text, re.MULTILINE
        ), script
    for file in WEB.iterdir():
        if file.suffix in {".js", ".css", ".html"}:
            assert not re.search(r"https?://", file.read_text(encoding="utf-8")), file
