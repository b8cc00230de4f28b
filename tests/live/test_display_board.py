"""The display against a real hub: sockets, threads and surfaces as in a hall, only the glass is missing."""

import base64
import contextlib
import io
import os
import queue
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn

os.environ.setdefault("SDL_VIDEODRIVER", "dummy")

import pygame
from fastapi import FastAPI

from display.screen import BoardScreen
from hub.app import create_app
from hub.link import LinkThread
from hub.settings import Settings, settings_from
from hub.store import Who

PATIENCE_S = 20.0
TOKENS = {
    "k": Who("kiosk", "kiosk"),
    "c1": Who("clerk-1", "clerk", "1"),
    "c2": Who("clerk-2", "clerk", "2"),
    "d": Who("display-1", "display"),
    "m": Who("manager", "manager"),
}
ALWAYS_OPEN = {day: ["00:00-24:00"] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}
HALL: dict[str, Any] = {
    "hall": {"name": "西湖区政务服务中心"},
    "service": [{"code": "A", "names": {"zh": "企业开办"}, "prefix": "A"}],
    "counter": [{"code": "1", "services": ["A"]}, {"code": "2", "services": ["A"]}],
    "hours": [{"open": ALWAYS_OPEN}],
}


class RunningHub:
    """uvicorn in a thread on a free port; can be stopped and started again on the same database and port."""

    def __init__(self, folder: Path) -> None:
        database = f"sqlite:///{folder / 'hall.db'}"
        self._settings = settings_from({**HALL, "hub": {"database_url": database, "announce": False}}, origin="test")
        self.port = _free_port()
        self.app: FastAPI | None = None
        self._server: uvicorn.Server | None = None
        self._thread: threading.Thread | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        self.app = create_app(self._settings, fixed_tokens=TOKENS)
        config = uvicorn.Config(
            self.app, port=self.port, log_config=None, ws="websockets-sansio", timeout_graceful_shutdown=1
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, daemon=True)
        self._thread.start()
        until(lambda: bool(self._server and self._server.started), "the hub to start")

    def stop(self) -> None:
        if self._server and self._thread:
            self._server.should_exit = True
            self._thread.join(PATIENCE_S)

    def drawn(self) -> set[str]:
        """Announcements that displays have acknowledged."""
        assert self.app is not None
        return set(self.app.state.hub.stations.drawn)

    def post(self, who: str, path: str, **body: Any) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {who}"}
        answer = httpx.post(f"{self.url}/api/v1{path}", json=body, headers=headers, trust_env=False)
        assert answer.is_success, answer.text
        document: dict[str, Any] = answer.json()
        return document

    def called(self, counter: str) -> str:
        """Issue a ticket and call it to the counter; gives its number."""
        self.post("k", "/tickets", service="A")
        ticket = self.post(f"c{counter}", f"/counters/{counter}/next", finish_current=True)["ticket"]
        return str(ticket["number"])


class Watched:
    """A display whose loop the test turns."""

    def __init__(self, settings: Settings, size: tuple[int, int] = (1280, 720)) -> None:
        self.link = LinkThread(settings, station="display-1")
        self.surface = pygame.Surface(size)
        self.screen = BoardScreen(settings, self.link, self.surface)
        self.link.start()

    def turn(self) -> None:
        with contextlib.suppress(queue.Empty):
            self.screen.take(self.link.events.get(timeout=0.03))
        self.screen.frame()
        self.screen.after_flip()

    def until(self, happened: Callable[[], bool], what: str) -> None:
        until(happened, what, between=self.turn)

    def reads(self, *texts: str) -> bool:
        shown = "\n".join(self.screen.texts)
        return all(text in shown for text in texts)


def until(happened: Callable[[], bool], what: str, *, between: Callable[[], None] = lambda: time.sleep(0.02)) -> None:
    """Wait for it, bounded."""
    end = time.monotonic() + PATIENCE_S
    while not happened():
        assert time.monotonic() < end, f"waited {PATIENCE_S} s for {what}"
        between()


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def settings_for(url: str) -> Settings:
    return settings_from({"station": {"hub_url": url, "token": "d"}}, origin="test")


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[RunningHub]:
    hub = RunningHub(tmp_path)
    hub.start()
    for counter in ("1", "2"):
        hub.post(f"c{counter}", f"/counters/{counter}/open")
    yield hub
    hub.stop()


@pytest.fixture
def display(hub: RunningHub) -> Iterator[Watched]:
    pygame.font.init()
    watched = Watched(settings_for(hub.url))
    watched.until(lambda: watched.reads("西湖区政务服务中心"), "the board")
    yield watched
    watched.link.stop()


def test_a_call_is_on_the_glass_and_the_hub_knows(hub: RunningHub, display: Watched) -> None:
    number = hub.called("1")
    display.until(lambda: display.reads("正在呼叫", number, "号到", "号窗口"), "the call on the glass")
    display.until(lambda: len(hub.drawn()) == 1, "the acknowledgement")


def test_calls_in_a_rush_are_all_acknowledged(hub: RunningHub, display: Watched) -> None:
    for counter in ("1", "2") * 6:
        hub.called(counter)
    display.until(lambda: len(hub.drawn()) == 12, "twelve acknowledgements")


def test_a_recall_gets_attention_again(hub: RunningHub, display: Watched) -> None:
    hub.called("1")
    display.until(lambda: len(hub.drawn()) == 1, "the call")
    hub.post("c1", "/counters/1/recall")
    display.until(lambda: display.reads("第 2 次呼叫"), "the recall")
    display.until(lambda: len(hub.drawn()) == 2, "both acknowledgements")


def test_without_its_hub_the_board_stays_and_is_marked_and_comes_back(hub: RunningHub, display: Watched) -> None:
    number = hub.called("1")
    display.until(lambda: display.reads(number), "the call")
    hub.stop()
    display.until(lambda: display.reads("信号中断，数据可能不是最新", "数据截至"), "the mark")
    assert display.reads(number)
    hub.start()
    display.until(lambda: not display.reads("信号中断"), "the hub")
    display.until(lambda: len(hub.drawn()) == 1, "the acknowledgement, told again to the new process")


def test_a_refused_display_says_so(hub: RunningHub) -> None:
    watched = Watched(settings_from({"station": {"hub_url": hub.url, "token": "wrong"}}, origin="test"))
    try:
        watched.until(lambda: watched.reads("本屏未获授权"), "the refusal")
    finally:
        watched.link.stop()


def test_the_hub_can_ask_what_is_shown(hub: RunningHub, display: Watched) -> None:
    number = hub.called("2")
    display.until(lambda: display.reads(number), "the call")
    answers: list[httpx.Response] = []

    def ask() -> None:
        url = f"{hub.url}/api/v1/stations/display-1/screen"
        answers.append(httpx.get(url, headers={"Authorization": "Bearer m"}, trust_env=False))

    asking = threading.Thread(target=ask)
    asking.start()
    display.until(lambda: bool(answers), "the answer")
    asking.join()
    screen = answers[0].json()
    assert (screen["screen"], screen["width"], screen["height"]) == ("board", 1280, 720)
    (card,) = (target for target in screen["targets"] if target["name"] == "call.1.number")
    assert number in card["text"]
    assert card["height"] >= 0.15 * 720


def test_the_picture_is_the_surface(hub: RunningHub, display: Watched) -> None:
    from hub.wire import ShowScreen

    answer = display.screen.screen(ShowScreen(request="r", picture=True))
    assert answer.png is not None
    picture = pygame.image.load(io.BytesIO(base64.b64decode(answer.png)), "board.png")
    assert pygame.image.tobytes(picture, "RGB") == pygame.image.tobytes(display.surface, "RGB")


def started(*options: str, **environment: str) -> "subprocess.Popen[str]":
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("SDL_", "HALL_", "DISPLAY", "WAYL"))
    }
    return subprocess.Popen(
        [sys.executable, "-m", "hub", "display", *options],
        env={**kept, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )


def test_the_program_ends_cleanly_when_told_to(hub: RunningHub) -> None:
    with started("--headless", "--size", "1366x768", "--hub", hub.url, HALL_STATION__TOKEN="d") as program:
        hub.called("1")
        until(lambda: len(hub.drawn()) == 1, "the program to draw the call")
        program.send_signal(signal.SIGTERM)
        output, errors = program.communicate(timeout=PATIENCE_S)
        assert (program.returncode, output, errors) == (0, "", "")


def test_without_a_display_it_says_what_to_do() -> None:
    if sys.platform != "linux":
        pytest.skip("only a Linux machine can be without a display")
    with started("--hub", "http://127.0.0.1:9", XDG_RUNTIME_DIR="/nowhere") as program:
        _, errors = program.communicate(timeout=PATIENCE_S)
    assert program.returncode == 1
    assert errors.startswith("找不到显示器")
    assert errors.count("\n") == 1


@pytest.mark.parametrize(
    ("options", "environment", "status", "sentence"),
    [
        (["--size", "large"], {"HALL_LANG": "en"}, 2, "--size 'large' is no size: write WIDTHxHEIGHT"),
        ([], {"HALL_DISPLAY__CALL_SECONDS": "0"}, 1, "display.call_seconds"),
    ],
)
def test_wrong_options_and_settings_are_one_sentence(
    options: list[str], environment: dict[str, str], status: int, sentence: str
) -> None:
    with started("--headless", *options, **environment) as program:
        _, errors = program.communicate(timeout=PATIENCE_S)
    assert program.returncode == status
    assert sentence in errors
    assert "Traceback" not in errors
