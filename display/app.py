"""The board on a TV: one thread owns pygame, the link's thread fills a queue, what changed is drawn."""

import logging
import queue
import signal
import socket
from concurrent.futures import Future
from types import FrameType

import pygame

from display.led import LedFeed
from display.reporting import Devices
from display.screen import BoardScreen
from display.voice.speaker import Speaker
from display.window import Glass, open_window
from hub.link import Event, LinkThread
from hub.settings import Settings

log = logging.getLogger("hall.display")

FRAMES_PER_S = 30
#: How long the loop waits for news when nothing moves on the glass; news ends the wait at once.
IDLE_WAIT_S = 0.1


def run(settings: Settings, glass: Glass) -> None:
    """Show the board until the window is closed or the process is told to end. Raises NoScreen."""
    stop = _Stop()
    surface = open_window(glass)
    link = LinkThread(settings, station=station_name(settings), role="display")
    link.start()
    devices = Devices(link)
    speaker = Speaker(settings, link, devices) if settings.display.voice else None
    strips = LedFeed(
        settings.display.led, holder=station_name(settings), hall_now=link.link.hall_now, on_change=devices.tell
    )
    link.submit(strips.run()).add_done_callback(_strips_ended)
    try:
        if speaker:
            speaker.start()
        _loop(BoardScreen(settings, link, surface), devices, strips, speaker, link, stop)
    finally:
        link.stop()
        pygame.quit()


def station_name(settings: Settings) -> str:
    """As set, else by the computer's name."""
    return settings.station.name or f"display-{socket.gethostname()}"[:60]


def _strips_ended(run: "Future[None]") -> None:
    """They run until the program ends; anything else must not pass in silence."""
    if not run.cancelled() and run.exception():
        log.error("nothing is sent to the LED strips any more", exc_info=run.exception())


class _Stop:
    """Set by SIGTERM, Ctrl-C or a closed window."""

    def __init__(self) -> None:
        self.asked = False
        signal.signal(signal.SIGTERM, self._ask)
        signal.signal(signal.SIGINT, self._ask)

    def _ask(self, number: int, frame: FrameType | None) -> None:
        self.asked = True


def _loop(
    screen: BoardScreen, devices: Devices, strips: LedFeed, speaker: Speaker | None, link: LinkThread, stop: _Stop
) -> None:
    clock = pygame.time.Clock()
    while not stop.asked:
        for news in _news(link.events, 1 / FRAMES_PER_S if screen.moving else IDLE_WAIT_S):
            screen.take(news)
            devices.take(news)
            link.submit(strips.take(news))
            if speaker:
                speaker.take(news)
        if speaker:
            speaker.step()
        for event in pygame.event.get():
            if event.type == pygame.QUIT or (event.type == pygame.KEYDOWN and event.key == pygame.K_ESCAPE):
                stop.asked = True
            elif event.type == pygame.VIDEORESIZE:
                screen.resized(pygame.display.get_surface() or pygame.display.set_mode(event.size, pygame.RESIZABLE))
        changed = screen.frame()
        if changed:
            pygame.display.update(changed)
        screen.after_flip()
        clock.tick(FRAMES_PER_S)


def _news(events: "queue.SimpleQueue[Event]", wait_s: float) -> list[Event]:
    """Everything the link has; waits for the first one."""
    news: list[Event] = []
    try:
        news.append(events.get(timeout=wait_s))
        while True:
            news.append(events.get_nowait())
    except queue.Empty:
        return news
