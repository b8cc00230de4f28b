"""The display against a real hub: sockets, threads and surfaces as in a hall, only the glass is missing."""

import base64
import contextlib
import io
import os
import queue
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

os.environ.setdefault("SDL_VIDEODRIVER", "dummy")

import pygame

from display.screen import BoardScreen
from hub.link import LinkThread
from hub.settings import Settings, settings_from
from hub.store import Who
from hub.wire import DeviceState
from tests.running import PATIENCE_S, RunningHub, free_port, hub_settings

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


class Hall:
    """A hub with people in it; can be stopped and started again on the same database and port."""

    def __init__(self, folder: Path) -> None:
        self._settings = hub_settings(folder, free_port(), queue={"recall_interval_seconds": 0}, **HALL)
        self._hub: RunningHub | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._settings.hub.port}"

    def start(self) -> None:
        self._hub = RunningHub(self._settings, tokens=TOKENS, open_board=False).__enter__()

    def stop(self) -> None:
        if self._hub:
            self._hub.__exit__()
            self._hub = None

    def drawn(self) -> set[str]:
        """Announcements that displays have acknowledged."""
        assert self._hub is not None
        return set(self._hub.app.state.hub.stations.drawn)

    def devices(self, station: str) -> list[DeviceState]:
        """What the station reported last."""
        assert self._hub is not None
        reported: list[DeviceState] = self._hub.app.state.hub.stations.named(station).devices
        return reported

    def get(self, who: str, path: str) -> httpx.Response:
        answer = httpx.get(f"{self.url}{path}", headers={"Authorization": f"Bearer {who}"}, trust_env=False)
        assert answer.is_success, answer.text
        return answer

    def noted(self, station: str, device: str) -> str:
        """What stands in the hub's history of this device, once it is fine or the patience is over."""
        state, until = "", time.monotonic() + PATIENCE_S
        while state != "fine" and time.monotonic() < until:
            time.sleep(0.05)
            found = self.get("m", "/api/v1/devices").json()["devices"]
            state = next((one["state"] for one in found if (one["station"], one["device"]) == (station, device)), "")
        return state

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


def settings_for(url: str) -> Settings:
    return settings_from({"station": {"hub_url": url, "token": "d"}}, origin="test")


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Hall]:
    hub = Hall(tmp_path)
    hub.start()
    for counter in ("1", "2"):
        hub.post(f"c{counter}", f"/counters/{counter}/open")
    yield hub
    hub.stop()


@pytest.fixture
def display(hub: Hall) -> Iterator[Watched]:
    pygame.font.init()
    watched = Watched(settings_for(hub.url))
    watched.until(lambda: watched.reads("西湖区政务服务中心"), "the board")
    yield watched
    watched.link.stop()


def test_a_call_is_on_the_glass_and_the_hub_knows(hub: Hall, display: Watched) -> None:
    number = hub.called("1")
    display.until(lambda: display.reads("正在呼叫", number, "号到", "号窗口"), "the call on the glass")
    display.until(lambda: len(hub.drawn()) == 1, "the acknowledgement")


def test_calls_in_a_rush_are_all_acknowledged(hub: Hall, display: Watched) -> None:
    for counter in ("1", "2") * 6:
        hub.called(counter)
    display.until(lambda: len(hub.drawn()) == 12, "twelve acknowledgements")


def test_a_recall_gets_attention_again(hub: Hall, display: Watched) -> None:
    hub.called("1")
    display.until(lambda: len(hub.drawn()) == 1, "the call")
    hub.post("c1", "/counters/1/recall")
    display.until(lambda: display.reads("第 2 次呼叫"), "the recall")
    display.until(lambda: len(hub.drawn()) == 2, "both acknowledgements")


def test_without_its_hub_the_board_stays_and_is_marked_and_comes_back(hub: Hall, display: Watched) -> None:
    number = hub.called("1")
    display.until(lambda: display.reads(number), "the call")
    hub.stop()
    display.until(lambda: display.reads("信号中断，数据可能不是最新", "数据截至"), "the mark")
    assert display.reads(number)
    hub.start()
    display.until(lambda: not display.reads("信号中断"), "the hub")
    display.until(lambda: len(hub.drawn()) == 1, "the acknowledgement, told again to the new process")


def test_a_refused_display_says_so(hub: Hall) -> None:
    watched = Watched(settings_from({"station": {"hub_url": hub.url, "token": "wrong"}}, origin="test"))
    try:
        watched.until(lambda: watched.reads("本屏未获授权"), "the refusal")
    finally:
        watched.link.stop()


def test_the_hub_can_ask_what_is_shown(hub: Hall, display: Watched) -> None:
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


def test_the_picture_is_the_surface(hub: Hall, display: Watched) -> None:
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


def test_the_program_ends_cleanly_when_told_to(hub: Hall) -> None:
    with started("--headless", "--size", "1366x768", "--hub", hub.url, HALL_STATION__TOKEN="d") as program:
        hub.called("1")
        until(lambda: len(hub.drawn()) == 1, "the program to draw the call")
        program.send_signal(signal.SIGTERM)
        output, errors = program.communicate(timeout=PATIENCE_S)
        assert (program.returncode, output) == (0, "")
        assert not re.search("error|Traceback", errors)


def test_the_program_says_in_its_log_when_there_is_no_hub() -> None:
    with started("--headless", "--hub", "http://127.0.0.1:9", HALL_STATION__TOKEN="d") as program:
        assert program.stderr is not None
        assert re.search(r"warning .*hub away reason='unreachable'", program.stderr.readline())
        program.terminate()
        program.communicate(timeout=PATIENCE_S)


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
