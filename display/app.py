"""The board on a TV: one thread owns pygame, the link's thread fills a queue, what changed is drawn."""

import logging
import queue
import signal
import socket
from concurrent.futures import Future
from types import FrameType

import pygame

from display.devices import Attached
from display.led import LedFeed
from display.screen import BoardScreen
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
    attached = Attached(lambda report: link.submit(link.link.send(report)))
    link.listen(attached.heard)
    strips = LedFeed(
        settings.display.led,
        holder=station_name(settings),
        hall_now=link.link.hall_now,
        on_change=attached.tell,
    )
    link.listen(strips.heard)
    link.start()
    link.submit(strips.run()).add_done_callback(_feed_ended)
    try:
        _loop(BoardScreen(settings, link, surface), link.events, stop)
    finally:
        link.stop()
        pygame.quit()


def station_name(settings: Settings) -> str:
    """As set, else by the computer's name."""
    return settings.station.name or f"display-{socket.gethostname()}"[:60]


def _feed_ended(feed: "Future[None]") -> None:
    """A feed runs until the program ends; anything else must not pass in silence."""
    if not feed.cancelled() and feed.exception():
        log.error("nothing is sent to the LED strips any more", exc_info=feed.exception())


class _Stop:
    """Set by SIGTERM, Ctrl-C or a closed window."""

    def __init__(self) -> None:
        self.asked = False
        signal.signal(signal.SIGTERM, self._ask)
        signal.signal(signal.SIGINT, self._ask)

    def _ask(self, number: int, frame: FrameType | None) -> None:
        self.asked = True


def _loop(screen: BoardScreen, events: "queue.SimpleQueue[Event]", stop: _Stop) -> None:
    clock = pygame.time.Clock()
    while not stop.asked:
        for news in _news(events, 1 / FRAMES_PER_S if screen.moving else IDLE_WAIT_S):
            screen.take(news)
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
