"""The command's options, the window's fingers, the board's edge."""

import subprocess
import sys

import pygame
import pytest
import typer

from hub.settings import settings_from
from kiosk.asking import board_seen
from kiosk.commands import _size, _with_options
from kiosk.window import finger

SETTINGS = settings_from(
    {"station": {"hub_url": "http://file:1"}, "kiosk": {"printer": "loop://", "idle_seconds": 5}}, origin="test"
)


def test_options_win_over_the_file() -> None:
    changed = _with_options(SETTINGS, hub="http://option:2/", printer="socket://printer:9100", lang="en")
    assert (changed.station.hub_url, changed.kiosk.printer) == ("http://option:2", "socket://printer:9100")
    assert (changed.kiosk.languages, changed.hall.language) == (("en", "zh"), "en")


def test_without_options_the_file_stands() -> None:
    assert _with_options(SETTINGS, hub="", printer="", lang="") == SETTINGS


@pytest.mark.parametrize(("text", "size"), [("", None), ("1080x1920", (1080, 1920)), ("1280×800", (1280, 800))])
def test_a_size_is_read(text: str, size: tuple[int, int] | None) -> None:
    assert _size(text, "zh") == size


@pytest.mark.parametrize("text", ["big", "1080", "0x0", "300x200", "1080x1920x3"])
def test_a_size_that_is_none_or_too_small_is_wrong_usage(text: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(typer.Exit) as stopped:
        _size(text, "en")
    assert stopped.value.exit_code == 2
    assert text in capsys.readouterr().err


def test_the_command_is_cheap_to_import() -> None:
    code = "import sys, kiosk.commands; print({'pygame', 'httpx', 'pydantic'} & set(sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "set()\n"


@pytest.mark.parametrize(
    ("event", "at"),
    [
        (pygame.event.Event(pygame.FINGERDOWN, x=0.5, y=0.25), (540, 480)),
        (pygame.event.Event(pygame.MOUSEBUTTONDOWN, button=1, pos=(7, 8), touch=False), (7, 8)),
        (pygame.event.Event(pygame.MOUSEBUTTONDOWN, button=1, pos=(7, 8), touch=True), None),
        (pygame.event.Event(pygame.MOUSEBUTTONDOWN, button=3, pos=(7, 8), touch=False), None),
        (pygame.event.Event(pygame.FINGERUP, x=0.5, y=0.25), None),
    ],
    ids=["finger", "mouse", "finger told again as mouse", "other button", "finger lifted"],
)
def test_one_finger_is_one_touch(event: pygame.event.Event, at: tuple[int, int] | None) -> None:
    assert finger(event, (1080, 1920)) == at


@pytest.mark.parametrize("board", [{}, {"hall": {}}, {"hall": {"name": 1}, "services": {}}, {"services": {"A": 3}}])
def test_a_board_that_cannot_be_read_is_passed_over(board: dict[str, object]) -> None:
    assert board_seen(board) is None
