"""A ticket machine with a hub that can go away, a citizen before it, and a line that loses answers."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pygame
import pytest

from hub.link import LinkThread
from hub.settings import Settings, settings_from
from hub.store import Who
from kiosk.app import Kiosk
from kiosk.state import Shown
from kiosk.window import Glass, open_window
from tests.running import PATIENCE_S, RunningHub, database_of, free_port, hub_settings, rows_in

MONDAY_NINE = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
TOKENS = {
    "demo-kiosk": Who("kiosk", "kiosk"),
    "demo-manager": Who("manager", "manager"),
    "demo-clerk": Who("clerk", "clerk", "1"),
}


class Floor:
    """A hub that can go away and come back on its port, and a way to look into its tickets."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._hub: RunningHub | None = None

    async def open(self) -> None:
        self._hub = RunningHub(
            hub_settings(self.folder, self.port), now=lambda: MONDAY_NINE, tokens=TOKENS, open_board=False
        )
        await asyncio.to_thread(self._hub.__enter__)

    async def close(self) -> None:
        if self._hub:
            await asyncio.to_thread(self._hub.__exit__)
            self._hub = None

    def paper_records(self) -> list[str]:
        """What the hub wrote down about paper, oldest first."""
        kinds = rows_in(database_of(self.folder), "SELECT kind FROM journal ORDER BY seq")
        return [kind for (kind,) in kinds if "print" in kind]

    async def get(self, path: str) -> Any:
        headers = {"Authorization": "Bearer demo-manager"}
        async with httpx.AsyncClient(base_url=self.url, headers=headers, trust_env=False) as client:
            return (await client.get(f"/api/v1{path}")).json()

    async def at_counter(self, *verbs: str) -> None:
        """The clerk of counter 1 at work."""
        headers = {"Authorization": "Bearer demo-clerk"}
        async with httpx.AsyncClient(base_url=self.url, headers=headers, trust_env=False) as client:
            for verb in verbs:
                (await client.post(f"/api/v1/counters/1/{verb}", json={})).raise_for_status()


def settings_for(floor: Floor, **kiosk: Any) -> Settings:
    station = {"hub_url": floor.url, "token": "demo-kiosk", "name": "kiosk"}
    return settings_from({"station": station, "kiosk": {"idle_seconds": 600, **kiosk}}, origin="test")


class Citizen:
    """Someone before the machine: sees its screen, touches what stands there."""

    def __init__(self, kiosk: Kiosk) -> None:
        self.kiosk = kiosk

    def sees(self) -> dict[str, str]:
        return {item.name: item.text for item in self.kiosk.sheet.items if item.name}

    async def until(self, condition: Callable[[], bool], *, what: str) -> None:
        try:
            async with asyncio.timeout(PATIENCE_S):
                while not condition():
                    self.kiosk.frame()
                    await asyncio.sleep(1 / 60)  # the machine's own pace; the hub runs in between
        except TimeoutError:
            pytest.fail(f"never {what}; the screen says {self.kiosk.sheet.screen}: {self.sees()}")

    async def until_screen(self, name: str) -> None:
        await self.until(lambda: self.kiosk.sheet.screen == name, what=f"on screen {name}")

    async def until_paper(self, paper: str) -> None:
        def there() -> bool:
            errand = self.kiosk.state.errand
            return isinstance(errand, Shown) and errand.paper == paper

        await self.until(there, what=f"paper {paper}")

    def touch(self, name: str) -> None:
        """A finger, through pygame's own event queue."""
        box = next(item.box for item in self.kiosk.sheet.items if item.name == name)
        at = (box.x + box.width // 2, box.y + box.height // 2)
        pygame.event.post(pygame.event.Event(pygame.MOUSEBUTTONDOWN, button=1, pos=at, touch=False))

    async def touch_when_heard(self, name: str) -> None:
        """After the moment in which the machine ignores bouncing fingers."""
        await self.until(lambda: self.kiosk._monotonic() >= self.kiosk.state.deaf_until_s, what="listening")
        self.touch(name)

    async def take(self, service: str = "A") -> None:
        await self.until_screen("services")
        await self.touch_when_heard(f"service:{service}")
        await self.until_screen("ticket")


@asynccontextmanager
async def machine(settings: Settings, **options: Any) -> AsyncIterator[Citizen]:
    surface = open_window(Glass(headless=True, size=(1080, 1920)))
    thread = LinkThread(settings, station="kiosk", role="kiosk")
    # the twin lives in this very loop: on a busy machine it may take longer than a printer ever does
    quick = {"status_every_s": 0.1, "printer_reply_s": 5.0, **options}
    kiosk = Kiosk(settings, surface, thread, **quick)
    thread.start()
    kiosk.start()
    try:
        yield Citizen(kiosk)
    finally:
        await asyncio.to_thread(kiosk.close)
        await asyncio.to_thread(thread.stop)
        pygame.quit()


class LossyLine:
    """A line to the hub that carries a request for a number and loses the answer, as often as `to_lose` says."""

    def __init__(self, port: int, to_lose: int) -> None:
        self._hub_port = port
        self.to_lose = to_lose
        self.lost = 0
        self.url = ""
        self._server: asyncio.Server | None = None
        self._talks: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> "LossyLine":
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.url = f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"
        return self

    async def __aexit__(self, *problem: object) -> None:
        assert self._server is not None
        self._server.close()
        for talk in self._talks:
            talk.cancel()
        await asyncio.gather(*self._talks, return_exceptions=True)
        await self._server.wait_closed()

    async def _serve(self, near: asyncio.StreamReader, back: asyncio.StreamWriter) -> None:
        talk = asyncio.current_task()
        assert talk is not None
        self._talks.add(talk)
        talk.add_done_callback(self._talks.discard)
        far, out = await asyncio.open_connection("127.0.0.1", self._hub_port)
        asked_for_number = asyncio.Event()
        try:
            async with asyncio.TaskGroup() as ways:
                there = ways.create_task(self._there(near, out, asked_for_number))
                await self._back(far, back, asked_for_number)
                there.cancel()
        finally:
            back.transport.abort()
            out.transport.abort()

    async def _there(self, near: asyncio.StreamReader, out: asyncio.StreamWriter, asked: asyncio.Event) -> None:
        while data := await near.read(65536):
            if data.startswith(b"POST /api/v1/tickets "):
                asked.set()
            out.write(data)
        out.close()

    async def _back(self, far: asyncio.StreamReader, back: asyncio.StreamWriter, asked: asyncio.Event) -> None:
        while data := await far.read(65536):
            if asked.is_set() and self.lost < self.to_lose:
                self.lost += 1
                return
            asked.clear()
            back.write(data)
