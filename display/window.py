"""The window that the board hangs in: full screen, a window, or no display at all for tests and demos."""

import os
from dataclasses import dataclass

import pygame

from display.layout import Size

WINDOW: Size = (1280, 720)
HEADLESS: Size = (1920, 1080)


class NoScreen(RuntimeError):
    """There is no display to show the board on; the text says what to do."""


@dataclass(frozen=True)
class Glass:
    """How the board is put on a screen. `size` is for windows and headless screens."""

    windowed: bool = False
    headless: bool = False
    size: Size | None = None


def open_window(glass: Glass) -> pygame.Surface:
    """The window. Raises NoScreen with what to do."""
    os.environ.setdefault("SDL_FRAMEBUFFER_ACCELERATION", "0")
    if glass.headless:
        os.environ["SDL_VIDEODRIVER"] = "dummy"
    try:
        pygame.display.init()
        pygame.font.init()
        if pygame.display.get_driver() in ("offscreen", "dummy") and not glass.headless:
            raise pygame.error("no screen was found")
        surface = _window(glass)
    except pygame.error as error:
        pygame.quit()
        raise NoScreen(str(error)) from error
    pygame.display.set_caption("叫号屏 Board")
    pygame.event.set_blocked(pygame.MOUSEMOTION)
    return surface


def _window(glass: Glass) -> pygame.Surface:
    if glass.headless:
        return pygame.display.set_mode(glass.size or HEADLESS)
    if glass.windowed or glass.size:
        return pygame.display.set_mode(glass.size or WINDOW, pygame.RESIZABLE)
    surface = pygame.display.set_mode((0, 0), pygame.FULLSCREEN)
    pygame.mouse.set_visible(False)
    return surface
