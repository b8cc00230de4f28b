"""The one window of this process. Only the thread that opened it may touch it."""

import os
from dataclasses import dataclass

import pygame

#: Without any display a 21-inch portrait kiosk is imagined.
HEADLESS_SIZE = (1080, 1920)
WINDOW_SHARE = 0.86
_NO_GLASS = ("dummy", "offscreen")


class NoDisplay(Exception):
    """There is no screen to draw on; the text says why."""


@dataclass(frozen=True)
class Glass:
    """Where to draw. `size` is of the window or of the imagined screen; a full screen has its own."""

    windowed: bool = False
    headless: bool = False
    size: tuple[int, int] | None = None


def open_window(glass: Glass) -> pygame.Surface:
    """Raises NoDisplay. Without a GPU setting the window is drawn by the processor: far cheaper where there is none."""
    os.environ.setdefault("SDL_FRAMEBUFFER_ACCELERATION", "0")
    if glass.headless:
        os.environ["SDL_VIDEODRIVER"] = "dummy"
    try:
        pygame.display.init()
        if pygame.display.get_driver() in _NO_GLASS and "SDL_VIDEODRIVER" not in os.environ:
            raise NoDisplay("SDL: no video device")  # SDL falls back to drawing for nobody
        surface = _surface(glass)
    except pygame.error as error:
        raise NoDisplay(f"SDL: {error}") from error
    pygame.font.init()
    pygame.display.set_caption("Hall 自助取号")
    pygame.mouse.set_visible(glass.windowed)
    return surface


def _surface(glass: Glass) -> pygame.Surface:
    if glass.headless:
        return pygame.display.set_mode(glass.size or HEADLESS_SIZE)
    if glass.windowed:
        return pygame.display.set_mode(glass.size or _portrait_window(pygame.display.get_desktop_sizes()[0]))
    return pygame.display.set_mode(glass.size or (0, 0), pygame.FULLSCREEN)


def _portrait_window(desktop: tuple[int, int]) -> tuple[int, int]:
    height = min(HEADLESS_SIZE[1], int(desktop[1] * WINDOW_SHARE))
    return height * HEADLESS_SIZE[0] // HEADLESS_SIZE[1], height


def finger(event: pygame.event.Event, size: tuple[int, int]) -> tuple[int, int] | None:
    """Where a finger or the mouse's first button came down; touches that SDL also reports as mouse count once."""
    if event.type == pygame.FINGERDOWN:
        return int(event.x * size[0]), int(event.y * size[1])
    if event.type == pygame.MOUSEBUTTONDOWN and event.button == 1 and not event.touch:
        x, y = event.pos
        return x, y
    return None
