"""The ticket machine from its start to its end: window, link, loop, signals."""

import signal
import socket
import threading
from types import FrameType

import pygame

from hub.link import LinkThread
from hub.settings import Settings, data_folder
from kiosk.app import Kiosk
from kiosk.window import Glass, open_window

FRAMES_PER_S = 30


def station_name(settings: Settings) -> str:
    """As set, else by the computer's name."""
    return settings.station.name or f"kiosk-{socket.gethostname()}"[:60]


def run(settings: Settings, glass: Glass, *, remote_touch: bool = False) -> None:
    """Until SIGTERM, SIGINT or the window is closed. Raises NoDisplay or SettingsError."""
    asked_to_stop = threading.Event()

    def ask(signum: int, frame: FrameType | None) -> None:
        asked_to_stop.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, ask)
    surface = open_window(glass)
    thread = LinkThread(settings, station=station_name(settings), role="kiosk")
    try:
        kiosk = Kiosk(settings, surface, thread, remote_touch=remote_touch, data=data_folder() / "stations")
        thread.start()
        kiosk.start()
        clock = pygame.time.Clock()
        while not kiosk.stopped:
            if asked_to_stop.is_set():
                kiosk.stop()
            kiosk.frame()
            clock.tick(FRAMES_PER_S)
        kiosk.close()
    finally:
        thread.stop()
        pygame.quit()
